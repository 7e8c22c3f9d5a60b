package kafka_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"

	"wenguo/ingest"
	"wenguo/ingest/kafka"
	"wenguo/ingest/wire"
	"wenguo/ingest/wire/wiretest"
)

const (
	brokerUser     = "wenguo-writer"
	brokerPassword = "渡口-pa55, with = signs"
)

// secureBroker runs a broker whose only listener wants TLS, and a login unless the mechanism is empty.
func secureBroker(t *testing.T, settings *tls.Config, mechanism string) kafka.Config {
	t.Helper()
	options := []kfake.Opt{kfake.NumBrokers(1)}
	if settings != nil {
		options = append(options, kfake.TLS(settings))
	}
	if mechanism != "" {
		options = append(options, kfake.EnableSASL(), kfake.Superuser(strings.ToUpper(mechanism), brokerUser, brokerPassword))
	}
	cluster, err := kfake.NewCluster(options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	cfg := kafka.DefaultConfiguration()
	cfg.Brokers = cluster.ListenAddrs()
	cfg.BlockEvents = 100
	return cfg
}

func TestAllClientsSpeakTLSAndLogIn(t *testing.T) {
	authority := wiretest.NewAuthority(t, "good authority")
	server := authority.Issue(t, time.Hour, "127.0.0.1")
	for _, mechanism := range []string{"", "plain", "scram-sha-256", "scram-sha-512"} {
		t.Run("with "+mechanism, func(t *testing.T) {
			settings := &tls.Config{Certificates: []tls.Certificate{server}}
			cfg := secureBroker(t, settings, mechanism)
			cfg.TLS = wire.TLS{Enabled: true, CAFile: authority.File}
			if mechanism != "" {
				cfg.SASL = kafka.SASL{Mechanism: mechanism, User: brokerUser, PasswordFile: wiretest.SecretFile(t, brokerPassword)}
			} else { // instead of a login the certificate of the client
				settings.ClientAuth, settings.ClientCAs = tls.RequireAndVerifyClientCert, authority.Pool
				cfg.TLS.CertFile, cfg.TLS.KeyFile = wiretest.Files(t, authority.Issue(t, time.Hour))
			}
			throughEverything(t, cfg)
		})
	}
}

// throughEverything uses the admin client, the producer, the consumer group and the dead letters.
func throughEverything(t *testing.T, cfg kafka.Config) {
	t.Helper()
	if err := kafka.EnsureTopics(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	produce(t, cfg, 0, 300)
	bad := kafka.NewProducer(cfg, cfg.Topic)
	if err := bad.Produce(t.Context(), []ingest.Message{{Key: "C", Value: []byte("{"), Time: time.Now()}}); err != nil {
		t.Fatal(err)
	}
	if err := bad.Close(); err != nil {
		t.Fatal(err)
	}
	sink := newMemory()
	stop := consume(t, cfg, sink)
	waitFor(t, "300 events and a refusal", func() bool {
		distinct, _ := sink.stored()
		return distinct == 300 && len(sink.rejects) == 1
	})
	stop()
	ends, err := kafka.EndOffsets(t.Context(), cfg, cfg.DeadLetters)
	if err != nil {
		t.Fatal(err)
	}
	letters := int64(0)
	for _, end := range ends {
		letters += end
	}
	if letters != 1 {
		t.Errorf("%d dead letters", letters)
	}
}

func TestABrokerThatIsNotBelievedIsRefusedWithTheRemedy(t *testing.T) {
	authority, other := wiretest.NewAuthority(t, "good authority"), wiretest.NewAuthority(t, "another authority")
	good := authority.Issue(t, time.Hour, "127.0.0.1")
	right := func(*kafka.Config) {}
	for sentence, c := range map[string]struct {
		server tls.Certificate
		demand *wiretest.Authority // of the client's certificate
		sasl   string
		change func(*kafka.Config)
		want   string
	}{
		"an authority that is not ours": {
			server: good, change: func(c *kafka.Config) { c.TLS.CAFile = other.File },
			want: "signed by an authority (CN=good authority) that is not trusted here; set kafka.tls.ca_file",
		},
		"only the system's authorities": {
			server: good, change: func(c *kafka.Config) { c.TLS.CAFile = "" }, want: "set kafka.tls.ca_file",
		},
		"an expired certificate":         {server: authority.Issue(t, -time.Hour, "127.0.0.1"), change: right, want: "only; renew it there"},
		"a certificate of another host":  {server: authority.Issue(t, time.Hour, "kafka.example"), change: right, want: "is for kafka.example and not for 127.0.0.1; dial it by a name"},
		"a server name it does not have": {server: good, change: func(c *kafka.Config) { c.TLS.ServerName = "kafka-1.example" }, want: "set kafka.tls.server_name to one"},
		"no certificate of ours":         {server: good, demand: authority, change: right, want: "set kafka.tls.cert_file and kafka.tls.key_file"},
		"a certificate of ours that it does not trust": {
			server: good, demand: authority, change: func(c *kafka.Config) { c.TLS.CertFile, c.TLS.KeyFile = wiretest.Files(t, other.Issue(t, time.Hour)) },
			want: "refuses this client's certificate",
		},
		"a file of authorities that is gone": {server: good, change: func(c *kafka.Config) { c.TLS.CAFile += ".gone" }, want: "cannot read kafka.tls.ca_file"},
		"a wrong password with plain": {
			server: good, sasl: "plain", change: wrongPassword(t), want: `refuses the login of user "wenguo-writer"; check kafka.sasl.user and its password`,
		},
		"a wrong password with scram": {
			server: good, sasl: "scram-sha-512", change: wrongPassword(t), want: `refuses the login of user "wenguo-writer"`,
		},
		"a mechanism that is not offered": {
			server: good, sasl: "scram-sha-512", change: func(c *kafka.Config) { c.SASL.Mechanism = "plain" }, want: "kafka refuses the login of user",
		},
		"a password file that is gone": {
			server: good, sasl: "plain", change: func(c *kafka.Config) { c.SASL.PasswordFile += ".gone" }, want: "cannot log in to kafka: kafka.sasl.password_file",
		},
	} {
		t.Run(sentence, func(t *testing.T) {
			t.Parallel()
			settings := &tls.Config{Certificates: []tls.Certificate{c.server}}
			if c.demand != nil {
				settings.ClientAuth, settings.ClientCAs = tls.RequireAndVerifyClientCert, c.demand.Pool
			}
			cfg := secureBroker(t, settings, c.sasl)
			cfg.TLS = wire.TLS{Enabled: true, CAFile: authority.File}
			if c.sasl != "" {
				cfg.SASL = kafka.SASL{Mechanism: c.sasl, User: brokerUser, PasswordFile: wiretest.SecretFile(t, brokerPassword)}
			}
			c.change(&cfg)
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			started := time.Now()
			err := kafka.EnsureTopics(ctx, cfg)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v\nwant %s", err, c.want)
			}
			if took := time.Since(started); took > 10*time.Second {
				t.Errorf("tried for %s although only a person can help", took)
			}
			if strings.Contains(err.Error(), "wrong-pa55") || strings.Contains(err.Error(), brokerPassword) {
				t.Errorf("the error shows the password: %v", err)
			}
			p := kafka.NewProducer(cfg, cfg.Topic)
			defer p.Close()
			// This broker hangs up on a wrong login where Kafka says why; the answer at the start is the same for both.
			if err := p.Produce(ctx, []ingest.Message{message(1)}); err == nil || c.sasl == "" && !strings.Contains(err.Error(), c.want) {
				t.Errorf("the producer says %v", err)
			}
		})
	}
}

func wrongPassword(t *testing.T) func(*kafka.Config) {
	t.Helper()
	return func(c *kafka.Config) { c.SASL.PasswordFile, c.SASL.Password = "", "wrong-pa55" }
}

func TestAPortWithoutTLSIsNamed(t *testing.T) {
	plain, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	go func() { // a broker takes a handshake for a message of absurd length, and hangs up
		for {
			conn, err := plain.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 4))
			_ = conn.Close()
		}
	}()
	cfg := kafka.DefaultConfiguration()
	cfg.Brokers, cfg.TLS.Enabled = []string{plain.Addr().String()}, true
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	if err := kafka.EnsureTopics(ctx, cfg); err == nil || !strings.Contains(err.Error(), "gives no answer in TLS; use the port of its TLS listener") {
		t.Fatalf("got %v", err)
	}
}

func TestARenewedPasswordNeedsNoRestart(t *testing.T) {
	authority := wiretest.NewAuthority(t, "good authority")
	cfg := secureBroker(t, &tls.Config{Certificates: []tls.Certificate{authority.Issue(t, time.Hour, "127.0.0.1")}}, "scram-sha-256")
	cfg.TLS = wire.TLS{Enabled: true, CAFile: authority.File}
	cfg.SASL = kafka.SASL{Mechanism: "scram-sha-256", User: brokerUser, PasswordFile: wiretest.SecretFile(t, "old")}
	p := kafka.NewProducer(cfg, cfg.Topic)
	defer p.Close()
	if err := p.Produce(t.Context(), []ingest.Message{message(1)}); err == nil {
		t.Fatal("the old password was accepted")
	}
	if err := os.WriteFile(cfg.SASL.PasswordFile, []byte(brokerPassword), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := kafka.EnsureTopics(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the same producer logs in with the new password", func() bool {
		return p.Produce(t.Context(), []ingest.Message{message(1)}) == nil
	})
}

func TestSettingsThatWouldLetOthersReadAreRefused(t *testing.T) {
	for sentence, c := range map[string]struct {
		change func(*kafka.Config)
		want   string
	}{
		"TLS settings without TLS":      {func(c *kafka.Config) { c.TLS.CAFile = "ca.pem" }, "kafka.tls.enabled is false although"},
		"a certificate without its key": {func(c *kafka.Config) { c.TLS = wire.TLS{Enabled: true, CertFile: "a"} }, "belong together"},
		"a login without mechanism":     {func(c *kafka.Config) { c.SASL.User = "u" }, "kafka.sasl.mechanism is missing"},
		"an unknown mechanism":          {func(c *kafka.Config) { c.SASL.Mechanism = "gssapi" }, `kafka.sasl.mechanism is "gssapi"`},
		"a login without user":          {func(c *kafka.Config) { c.SASL = kafka.SASL{Mechanism: "plain", Password: "p"} }, "kafka.sasl.user is missing"},
		"a login without password":      {func(c *kafka.Config) { c.SASL = kafka.SASL{Mechanism: "plain", User: "u"} }, "kafka.sasl.password_file is missing"},
		"a password twice": {func(c *kafka.Config) {
			c.SASL = kafka.SASL{Mechanism: "plain", User: "u", Password: "p", PasswordFile: "f"}
		}, "both set"},
		"a readable password abroad": {func(c *kafka.Config) { c.SASL = kafka.SASL{Mechanism: "plain", User: "u", Password: "p"} }, "readable over the network"},
		"a readable password by one name": {func(c *kafka.Config) {
			c.Brokers = []string{"127.0.0.1:9", "kafka:9"}
			c.SASL = kafka.SASL{Mechanism: "plain", User: "u", Password: "p"}
		}, "readable over the network"},
	} {
		t.Run(sentence, func(t *testing.T) {
			cfg := kafka.DefaultConfiguration()
			cfg.Brokers = []string{"10.0.0.1:9092"}
			c.change(&cfg)
			if err := cfg.Validate(); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %s", err, c.want)
			}
		})
	}
	cfg := kafka.DefaultConfiguration()
	cfg.Brokers = []string{"10.0.0.1:9092"}
	cfg.SASL = kafka.SASL{Mechanism: "scram-sha-256", User: "u", Password: "geheim"}
	if err := cfg.Validate(); err != nil {
		t.Fatal(err)
	}
	cfg.TLS.Enabled, cfg.SASL.Mechanism = true, "plain"
	if err := cfg.Validate(); err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("settings", "kafka", cfg, "password", cfg.SASL.Password)
	slog.New(slog.NewTextHandler(&log, nil)).Info("settings", "kafka", cfg, "password", cfg.SASL.Password)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&log, verb, cfg)
	}
	if strings.Contains(log.String(), "geheim") || strings.Contains(log.String(), "67656865696d") || !strings.Contains(log.String(), "xxxxx") {
		t.Errorf("printed settings show the password: %s", log.String())
	}
}
