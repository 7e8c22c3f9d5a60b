package watch

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"time"
)

// Config of the two programs. Addresses are host:port; port 0 takes a free one.
type Config struct {
	// Enabled starts them, or asks those named below.
	Enabled bool `yaml:"enabled"`
	// Prometheus and Alertmanager are the programs; empty looks for them on the PATH.
	Prometheus         string `yaml:"prometheus"`
	Alertmanager       string `yaml:"alertmanager"`
	PrometheusListen   string `yaml:"prometheus_listen"`
	AlertmanagerListen string `yaml:"alertmanager_listen"`
	// PrometheusURL and AlertmanagerURL are those of the organisation; with one of them nothing is started.
	PrometheusURL   string `yaml:"prometheus_url"`
	AlertmanagerURL string `yaml:"alertmanager_url"`
	// Interval of scrapes and evaluations. Series of outages are never looked at more rarely than every 5 s.
	Interval time.Duration `yaml:"interval"`
	// Keep is how long Prometheus keeps what it has scraped: the history of the alerts page. Longer windows are counted in
	// the warehouse.
	Keep time.Duration `yaml:"keep"`
	// Outlive is how long an alert of a promise goes on without its series, so that a restart does not read as resolved.
	Outlive time.Duration `yaml:"outlive"`
	// SMTP is Alertmanager's mail server, host:port, and From the sender; without them nobody gets mail.
	SMTP string `yaml:"smtp"`
	From string `yaml:"from"`
}

// DefaultConfiguration starts both on free ports.
func DefaultConfiguration() Config {
	return Config{Enabled: true, PrometheusListen: "127.0.0.1:0", AlertmanagerListen: "127.0.0.1:0", Interval: 15 * time.Second, Keep: 15 * 24 * time.Hour, Outlive: 5 * time.Minute}
}

// Validate names the first setting that cannot work.
func (c Config) Validate() error {
	for name, listen := range map[string]string{"prometheus_listen": c.PrometheusListen, "alertmanager_listen": c.AlertmanagerListen} {
		host, _, err := net.SplitHostPort(listen)
		if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
			return fmt.Errorf("alerts.%s is %q: use 127.0.0.1:PORT, neither program asks who is there", name, listen)
		}
	}
	for name, address := range map[string]string{"prometheus_url": c.PrometheusURL, "alertmanager_url": c.AlertmanagerURL} {
		if address == "" {
			continue
		}
		if u, err := url.Parse(address); err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
			return fmt.Errorf("alerts.%s must be http(s)://host[:port][/path]", name)
		}
	}
	switch {
	case (c.PrometheusURL == "") != (c.AlertmanagerURL == ""):
		return errors.New("alerts.prometheus_url and alerts.alertmanager_url belong together: name both or none")
	case c.Interval < time.Second || c.Interval > time.Minute:
		return errors.New("alerts.interval must be 1s to 1m")
	case c.Outlive < time.Second || c.Outlive > time.Hour:
		return errors.New("alerts.outlive must be 1s to 1h")
	case (c.SMTP == "") != (c.From == ""):
		return errors.New("alerts.smtp and alerts.from belong together: name both or none")
	case c.Keep < time.Hour:
		return errors.New("alerts.keep must be at least 1h")
	}
	return nil
}

// foreign says that the organisation has its own.
func (c Config) foreign() bool { return c.PrometheusURL != "" }
