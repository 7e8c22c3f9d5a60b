package main

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/go-viper/mapstructure/v2"
	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/confmap"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/providers/structs"
	"github.com/knadh/koanf/v2"
	"github.com/spf13/pflag"

	"wenguo/dashboard"
	"wenguo/dashboard/account"
	"wenguo/dashboard/account/provider"
	"wenguo/dashboard/notify"
	"wenguo/dashboard/watch"
	"wenguo/ingest/broker"
	"wenguo/ingest/intake"
	"wenguo/ingest/kafka"
	"wenguo/ingest/wire"
	"wenguo/warehouse"
)

// config is everything that can be set: by flags, by WENGUO_… variables and by one YAML file, in that order of precedence.
type config struct {
	// Data is the folder of everything that is kept.
	Data string `yaml:"data"`
	// Listen is host:port of the pages.
	Listen string `yaml:"listen"`
	// MetricsListen is host:port of /metrics, /healthz and /readyz for others than this machine; they hold no complaint.
	// Empty serves them with the pages alone.
	MetricsListen string `yaml:"metrics_listen"`
	// Demo is none or live.
	Demo string `yaml:"demo"`
	// Policy is the file of the SLA policy; empty takes the shipped one.
	Policy string `yaml:"policy"`
	// Kafka; without brokers the embedded one is used.
	Kafka kafka.Config `yaml:"kafka"`
	// Broker is the embedded one.
	Broker brokerConfig `yaml:"broker"`
	// ClickHouse is a server's DSN; empty takes the embedded engine.
	ClickHouse string `yaml:"clickhouse"`
	// ClickHouseAccess is how that server is spoken to.
	ClickHouseAccess warehouse.Access `yaml:"clickhouse_access"`
	// Intake takes events over HTTP.
	Intake intake.Config `yaml:"intake"`
	// Engine is the embedded one.
	Engine engineConfig `yaml:"engine"`
	// Disk is that of the data folder.
	Disk diskConfig `yaml:"disk"`
	// Facts is the worker that folds events.
	Facts factsConfig `yaml:"facts"`
	// Issues is the job that discovers recurring issues.
	Issues issuesConfig `yaml:"issues"`
	// Alerts are Prometheus and Alertmanager; Notify the robots that they tell.
	Alerts watch.Config  `yaml:"alerts"`
	Notify notify.Config `yaml:"notify"`
	// Privacy is how long customers are known.
	Privacy privacyConfig `yaml:"privacy"`
	// Accounts say who may see what; Provider lets people sign in elsewhere; Front is how other machines reach the pages.
	Accounts account.Config  `yaml:"accounts"`
	Provider provider.Config `yaml:"provider"`
	Front    dashboard.Front `yaml:"front"`
}

type privacyConfig struct {
	// Keep is after what time without an event a complaint that has ended loses its personal data; 0 keeps it until the
	// customer asks.
	Keep time.Duration `yaml:"keep"`
}

type brokerConfig struct {
	// Listen is host:port; port 0 takes a free one.
	Listen string `yaml:"listen"`
	// Advertise is the host:port that clients are told to use; empty is where the broker listens.
	Advertise string `yaml:"advertise"`
}

type engineConfig struct {
	// Library is the path of libchdb.so; empty takes the cache that `make deps-run` fills.
	Library string `yaml:"library"`
	// Sessions is how many statements may run at once.
	Sessions int `yaml:"sessions"`
}

type diskConfig struct {
	// Reserve is how many bytes stay free: with less, nothing more is taken in.
	Reserve int64 `yaml:"reserve"`
}

type factsConfig struct {
	// Poll is how often new events are looked for that this process did not store itself.
	Poll time.Duration `yaml:"poll"`
}

type issuesConfig struct {
	// Every is how often issues are discovered again.
	Every time.Duration `yaml:"every"`
	// MinCustomers is how many distinct customers make an issue; what fewer say is left out of the stream.
	MinCustomers int `yaml:"min_customers"`
	// Terms is a file of words the segmenter must know, one a line.
	Terms string `yaml:"terms"`
}

const (
	demoNone = "none"
	demoLive = "live"
)

func defaultConfig() config {
	return config{
		Data: "data", Listen: dashboard.DefaultListen, Demo: demoNone,
		Kafka:  kafka.DefaultConfiguration(),
		Intake: intake.DefaultConfiguration(),
		Broker: brokerConfig{Listen: broker.DefaultConfiguration().Listen},
		Engine: engineConfig{Sessions: 8},
		Disk:   diskConfig{Reserve: defaultReserve},
		Facts:  factsConfig{Poll: 2 * time.Second},
		Issues: issuesConfig{Every: 10 * time.Minute, MinCustomers: 3},
		Alerts: watch.DefaultConfiguration(),

		Accounts: account.DefaultConfiguration(), Provider: provider.DefaultConfiguration(),
	}
}

// envPrefix starts the names of variables that set something: kafka.block_events is WENGUO_KAFKA_BLOCK_EVENTS.
const envPrefix = "WENGUO_"

// loadConfig reads defaults, the file, the environment and the flags that were given, each over the one before.
// Flags are named like their keys; the flag kafka stands for kafka.brokers, alerts and accounts for what enables them.
func loadConfig(path string, environ []string, flags *pflag.FlagSet) (config, error) {
	k := koanf.New(".")
	if err := k.Load(structs.Provider(defaultConfig(), "yaml"), nil); err != nil {
		return config{}, fmt.Errorf("default configuration: %w", err)
	}
	known := k.Keys()
	if path != "" {
		written := koanf.New(".")
		if err := written.Load(file.Provider(path), yaml.Parser()); err != nil {
			return config{}, fmt.Errorf("configuration file %s: %w", path, err)
		}
		if key := unknown(written.Keys(), known); key != "" {
			return config{}, fmt.Errorf("configuration file %s: %s sets nothing; `wenguo config` lists the keys", path, key)
		}
		if err := k.Merge(written); err != nil {
			return config{}, fmt.Errorf("configuration file %s: %w", path, err)
		}
	}
	env, err := fromEnvironment(environ, known)
	if err != nil {
		return config{}, err
	}
	if err := k.Load(confmap.Provider(env, "."), nil); err != nil {
		return config{}, fmt.Errorf("environment: %w", err)
	}
	given := map[string]any{}
	flags.Visit(func(f *pflag.Flag) {
		key := f.Name
		switch key {
		case "kafka":
			key = "kafka.brokers"
		case "alerts":
			key = "alerts.enabled"
		case "accounts":
			key = "accounts.enabled"
		}
		if slices.Contains(known, key) {
			given[key] = f.Value.String()
		}
	})
	if err := k.Load(confmap.Provider(given, "."), nil); err != nil {
		return config{}, fmt.Errorf("flags: %w", err)
	}
	var cfg config
	err = k.UnmarshalWithConf("", &cfg, koanf.UnmarshalConf{Tag: "yaml", DecoderConfig: &mapstructure.DecoderConfig{
		TagName: "yaml", ErrorUnused: true, WeaklyTypedInput: true,
		DecodeHook: mapstructure.ComposeDecodeHookFunc(mapstructure.StringToTimeDurationHookFunc(), splitList, plainSecret),
	}})
	if err != nil {
		_, detail, _ := strings.Cut(err.Error(), "\n\n") // below a headline of the library
		return config{}, fmt.Errorf("configuration: %s", strings.ReplaceAll(strings.TrimSpace(detail), "\n", ", "))
	}
	return cfg, cfg.validate()
}

// unknown finds the first written key that is none of the known ones nor a section of them.
func unknown(written, known []string) string {
	for _, key := range written {
		if !slices.ContainsFunc(known, func(k string) bool { return k == key || strings.HasPrefix(k, key+".") }) {
			return key
		}
	}
	return ""
}

// splitList reads "a:1, b:2" where a list is wanted.
func splitList(from, to reflect.Type, value any) (any, error) {
	if from.Kind() != reflect.String || to.Kind() != reflect.Slice {
		return value, nil
	}
	items := []string{}
	for item := range strings.SplitSeq(strings.Trim(value.(string), "[]"), ",") { //nolint:forcetypeassert // its kind was just seen
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items, nil
}

// plainSecret refuses a secret that YAML took for something else: 0123 without quotes would become 83.
func plainSecret(from, to reflect.Type, value any) (any, error) {
	if to == reflect.TypeFor[wire.Secret]() && from.Kind() != reflect.String {
		return nil, errors.New("a password or token must stand in quotes")
	}
	return value, nil
}

// fromEnvironment picks the WENGUO_… variables; one that sets nothing is an error, because a misspelt name would be
// silently without effect. WENGUO_CONFIG names the file, WENGUO_TEST_… belong to the tests.
func fromEnvironment(environ, known []string) (map[string]any, error) {
	names := map[string]string{}
	for _, key := range known {
		names[envPrefix+strings.ToUpper(strings.ReplaceAll(key, ".", "_"))] = key
	}
	found := map[string]any{}
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, envPrefix) || name == "WENGUO_CONFIG" || strings.HasPrefix(name, "WENGUO_TEST_") {
			continue
		}
		key, ok := names[name]
		if !ok {
			return nil, fmt.Errorf("environment: %s sets nothing; `wenguo config` lists the keys (kafka.group is WENGUO_KAFKA_GROUP)", name)
		}
		found[key] = value
	}
	return found, nil
}

func (c config) validate() error {
	if c.Data == "" {
		return errors.New("data is empty: name a folder")
	}
	if c.Privacy.Keep < 0 {
		return errors.New("privacy.keep must not be negative; 0 keeps personal data until the customer asks")
	}
	if c.Demo != demoNone && c.Demo != demoLive {
		return fmt.Errorf("demo is %q: use none or live", c.Demo)
	}
	if c.Facts.Poll <= 0 || c.Issues.Every <= 0 || c.Engine.Sessions < 2 {
		return errors.New("facts.poll and issues.every must be positive, engine.sessions at least 2")
	}
	checked := c.Kafka
	if len(checked.Brokers) == 0 {
		checked.Brokers = []string{"embedded"}
	}
	if err := checked.Validate(); err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	if len(c.Kafka.Brokers) == 0 && (c.Kafka.TLS.Enabled || c.Kafka.SASL.Mechanism != "") {
		return errors.New("kafka.tls and kafka.sasl are for brokers that kafka.brokers names; the embedded one can be reached from this machine alone")
	}
	for _, part := range []interface{ Validate() error }{c.ClickHouseAccess, c.Intake, c.Alerts, c.Notify, c.Accounts, c.Provider} {
		if err := part.Validate(); err != nil {
			return fmt.Errorf("configuration: %w", err)
		}
	}
	pages := dashboard.DefaultConfig()
	pages.Listen, pages.Accounts, pages.Front = c.Listen, c.Accounts.Enabled, c.Front
	if c.Provider.Issuer != "" && (c.Front.PublicURL == "" || !c.Accounts.Enabled) {
		return errors.New("configuration: provider leads people back to front.public_url, and works with accounts.enabled: set both")
	}
	if err := pages.Validate(); err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	return nil
}

// masked hides what nobody should read over a shoulder; secrets of their own type hide themselves.
func (c config) masked() config {
	c.ClickHouse = maskedAddress(c.ClickHouse)
	return c
}

// maskedAddress hides the password of a server's address, wherever it stands in it.
func maskedAddress(address string) string {
	const hidden = "xxxxx"
	u, err := url.Parse(address)
	if err != nil {
		return hidden
	}
	if u.User != nil {
		if _, secret := u.User.Password(); secret {
			u.User = url.UserPassword(u.User.Username(), hidden)
		}
	}
	query := u.Query()
	for name := range query {
		if strings.Contains(name, "password") || name == "http_proxy" {
			query.Set(name, hidden)
			u.RawQuery = query.Encode()
		}
	}
	if u.User == nil && u.RawQuery == "" {
		return address
	}
	return u.String()
}

// configFlags adds the flags every command shares, and gives the loader to call once they are parsed. A flag's wrong value
// is a usage error, everything else that is wrong with the configuration is not.
func configFlags(flags *pflag.FlagSet, more ...string) (load func() (config, error)) {
	defaults := defaultConfig()
	path := flags.String("config", os.Getenv("WENGUO_CONFIG"), "configuration file (YAML)")
	flags.String("data", defaults.Data, "folder of everything that is kept")
	for _, name := range more {
		switch name {
		case "listen":
			flags.String(name, defaults.Listen, "host:port of the pages")
			flags.String("metrics-listen", "", "host:port of /metrics, /healthz and /readyz, which may be reached from other machines")
		case "demo":
			flags.String(name, defaults.Demo, "none or live: a simulated company")
		case "kafka":
			flags.StringSlice(name, nil, "Kafka brokers (host:port,…) instead of the embedded broker")
		case "alerts":
			flags.Bool(name, true, "run Prometheus and Alertmanager beside, where they are installed")
		case "accounts":
			flags.Bool(name, false, "everybody signs in")
		case "clickhouse":
			flags.String(name, "", "ClickHouse DSN instead of the embedded engine")
		}
	}
	return func() (config, error) {
		cfg, err := loadConfig(*path, os.Environ(), flags)
		if err == nil {
			return cfg, nil
		}
		if _, without := loadConfig(*path, os.Environ(), pflag.NewFlagSet("", pflag.ContinueOnError)); without == nil {
			return config{}, usageError{err} // the flags alone are to blame
		}
		return config{}, err
	}
}
