package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"wenguo/dashboard/alerts"
	"wenguo/dashboard/notify"
	"wenguo/dashboard/watch"
	"wenguo/transform"
	"wenguo/transform/text"
	"wenguo/warehouse"
)

// notifyTokenFile is the robots' token in the data folder, where no other is configured.
const notifyTokenFile = "notify.token"

// desk is all that alerts need beside their rules: the robots, and Prometheus and Alertmanager.
type desk struct {
	robots *notify.Server
	watch  *watch.Watch
	replay *replay
	// site is host:port of the pages, known once they listen.
	site atomic.Pointer[string]
	// inner is host:port that Prometheus scrapes and Alertmanager posts to: the pages, or an address of their own where people
	// sign in.
	inner atomic.Pointer[string]
}

func newDesk(ctx context.Context, cfg config, store *warehouse.Store, rules transform.Rules, registry prometheus.Registerer, log *slog.Logger) (*desk, error) {
	d := &desk{replay: &replay{store: store, rules: rules, log: log}}
	d.site.Store(&cfg.Listen)
	d.inner.Store(&cfg.Listen)
	site := func() string { return *d.site.Load() }
	var err error
	if d.robots, err = newRobots(cfg, rules, site, registry, log); err != nil {
		return nil, err
	}
	if d.watch, err = newWatch(ctx, cfg, func() string { return *d.inner.Load() }, log); err != nil {
		return nil, err
	}
	return d, nil
}

// newRobots gives the handler that Alertmanager posts to.
func newRobots(cfg config, rules transform.Rules, site func() string, registry prometheus.Registerer, log *slog.Logger) (*notify.Server, error) {
	settings := cfg.Notify
	if settings.Token == "" && settings.TokenFile == "" {
		settings.TokenFile = filepath.Join(cfg.Data, notifyTokenFile)
		if err := makeToken(settings.TokenFile); err != nil {
			return nil, fmt.Errorf("make the robots' token: %w", err)
		}
	}
	robots, err := notify.New(settings, notify.Deps{
		Now: time.Now, Log: log, Registry: registry, Zone: rules.Current().Zone, Site: func() string { return "http://" + site() }, Mask: text.Mask, Env: os.Getenv,
	})
	if err != nil {
		return nil, fmt.Errorf("robots: %w", err)
	}
	for _, name := range unconfigured(cfg.Notify, rules) {
		log.Warn("the policy names a robot that notify.robots does not have; its alerts reach nobody", "robot", name)
	}
	return robots, nil
}

// makeToken writes a new secret unless the file exists.
func makeToken(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("write token: %w", err)
	}
	_, err = file.WriteString(rand.Text() + rand.Text() + "\n")
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return errors.Join(fmt.Errorf("write token: %w", err), os.Remove(path))
	}
	return nil
}

// newWatch prepares Prometheus and Alertmanager. They are told the address of the pages once it is known.
func newWatch(ctx context.Context, cfg config, site func() string, log *slog.Logger) (*watch.Watch, error) {
	token, err := tokenFile(cfg)
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(cfg.Data, "alerts")
	w, err := watch.New(ctx, cfg.Alerts, watch.Deps{Dir: dir, Log: log, Generate: func(at watch.Addresses) (watch.Files, error) {
		_, history, err := readHistory(policyFolder(cfg))
		if err != nil {
			return nil, err
		}
		if len(history) == 0 {
			return nil, errors.New("there is no policy yet")
		}
		files, err := alerts.Files(history[len(history)-1].Policy, alerts.Options{
			Site: site(), Alertmanager: at.Alertmanager, TokenFile: token, SMTP: cfg.Alerts.SMTP, From: cfg.Alerts.From, Robots: robotNames(cfg.Notify),
			Every: cfg.Alerts.Interval, Outlive: cfg.Alerts.Outlive,
		})
		if err != nil {
			return nil, fmt.Errorf("alerts of the policy: %w", err)
		}
		return files, nil
	}})
	if err != nil {
		return nil, fmt.Errorf("alerts: %w", err)
	}
	return w, nil
}

// tokenFile is what Alertmanager reads. A token that stands in the configuration is written into the data folder for it.
func tokenFile(cfg config) (string, error) {
	path := cfg.Notify.TokenFile
	if path == "" {
		path = filepath.Join(cfg.Data, notifyTokenFile)
	}
	if cfg.Notify.Token != "" {
		if err := os.WriteFile(path, []byte(cfg.Notify.Token.Reveal()+"\n"), 0o600); err != nil {
			return "", fmt.Errorf("keep the robots' token: %w", err)
		}
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("the robots' token: %w", err)
	}
	return path, nil
}

// robotNames are told what has neither owner nor somebody on call.
func robotNames(c notify.Config) []string {
	var names []string
	for _, r := range c.Robots {
		names = append(names, r.Name)
	}
	return names
}

// unconfigured are the robots that the policy names and the configuration has not.
func unconfigured(c notify.Config, rules transform.Rules) []string {
	known, missing := map[string]bool{}, []string{}
	for _, r := range c.Robots {
		known[r.Name] = true
	}
	policy := rules.Current()
	named := policy.Alerts.OnCall.Robots
	for _, o := range policy.Owners {
		named = append(slices.Clip(named), o.Robots...)
	}
	for _, name := range named {
		if !known[name] {
			known[name] = true
			missing = append(missing, name)
		}
	}
	return missing
}
