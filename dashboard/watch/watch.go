package watch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

// Files are the configuration that the policy in force asks for, by file name. Those of Prometheus and Alertmanager are
// prometheus.yml and alertmanager.yml; what they name stands in the same folder.
type Files map[string][]byte

// Addresses are what the configuration needs to know, host:port.
type Addresses struct{ Prometheus, Alertmanager string }

// Deps are what a Watch works with; all are required.
type Deps struct {
	// Dir keeps configuration and data of both.
	Dir string
	// Generate gives the configuration for the policy in force; it is asked again and again.
	Generate func(Addresses) (Files, error)
	Log      *slog.Logger
}

// look is how often the configuration is generated again, to see whether the policy has changed; twice the interval where
// that is shorter.
const look = 10 * time.Second

// Watch runs both programs, or asks those of the organisation.
type Watch struct {
	*Client

	cfg       Config
	deps      Deps
	addresses Addresses
	children  []*child
	missing   []string
	written   Files
	reloads   atomic.Int64
}

// New looks for the programs and chooses their ports; nothing is started before Run.
func New(ctx context.Context, cfg Config, deps Deps) (*Watch, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	w := &Watch{cfg: cfg, deps: deps}
	if !cfg.Enabled {
		w.Client = away("off")
		return w, nil
	}
	if cfg.foreign() {
		var err error
		w.Client, err = newClient(cfg.PrometheusURL, cfg.AlertmanagerURL)
		return w, err
	}
	prometheus, err := find(cfg.Prometheus, "prometheus")
	if err != nil {
		w.missing = append(w.missing, "prometheus")
	}
	alertmanager, err := find(cfg.Alertmanager, "prometheus-alertmanager", "alertmanager")
	if err != nil {
		w.missing = append(w.missing, "alertmanager")
	}
	if len(w.missing) > 0 {
		w.Client = away("missing")
		return w, nil
	}
	if w.addresses.Prometheus, err = settled(ctx, cfg.PrometheusListen); err != nil {
		return nil, fmt.Errorf("alerts.prometheus_listen: %w", err)
	}
	if w.addresses.Alertmanager, err = settled(ctx, cfg.AlertmanagerListen); err != nil {
		return nil, fmt.Errorf("alerts.alertmanager_listen: %w", err)
	}
	w.children = []*child{w.prometheus(prometheus), w.alertmanager(alertmanager)}
	w.Client, err = newClient("http://"+w.addresses.Prometheus, "http://"+w.addresses.Alertmanager)
	return w, err
}

func find(configured string, names ...string) (string, error) {
	if configured != "" {
		names = []string{configured}
	}
	var all error
	for _, name := range names {
		path, err := exec.LookPath(name)
		if err == nil {
			if path, err = filepath.Abs(path); err == nil {
				return path, nil
			}
		}
		all = errors.Join(all, err)
	}
	return "", all
}

// settled gives port 0 a number that is free now and keeps it over restarts.
func settled(ctx context.Context, listen string) (string, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", listen)
	if err != nil {
		return "", fmt.Errorf("listen: %w", err)
	}
	return listener.Addr().String(), listener.Close()
}

func (w *Watch) prometheus(program string) *child {
	return w.child("prometheus", program,
		"--config.file="+w.path("prometheus.yml"), "--storage.tsdb.path="+w.path("prometheus"),
		"--storage.tsdb.retention.time="+fmt.Sprintf("%dh", int(w.cfg.Keep.Hours())), "--web.listen-address="+w.addresses.Prometheus, "--log.level=warn")
}

func (w *Watch) alertmanager(program string) *child {
	return w.child("alertmanager", program,
		"--config.file="+w.path("alertmanager.yml"), "--storage.path="+w.path("alertmanager"), "--data.retention=360h",
		"--web.listen-address="+w.addresses.Alertmanager, "--cluster.listen-address=", "--log.level=warn")
}

func (w *Watch) child(name string, command ...string) *child {
	return &child{name: name, command: command, dir: w.deps.Dir, log: w.deps.Log}
}

func (w *Watch) path(name string) string {
	path, err := filepath.Abs(filepath.Join(w.deps.Dir, name))
	if err != nil {
		return filepath.Join(w.deps.Dir, name)
	}
	return path
}

// Run works until ctx ends. A program that is missing, a configuration that cannot be written: it says so once and waits,
// because everything else works without alerts.
func (w *Watch) Run(ctx context.Context) error {
	log := w.deps.Log
	switch {
	case !w.cfg.Enabled:
		log.Info("alerts are switched off (alerts.enabled)")
	case len(w.missing) > 0:
		log.Warn("no alerts: install the missing programs (Debian: apt-get install prometheus prometheus-alertmanager) and start again", "missing", w.missing)
	case !w.cfg.foreign():
		w.runBoth(ctx)
		return nil
	}
	<-ctx.Done()
	return nil
}

func (w *Watch) runBoth(ctx context.Context) {
	for { // without a first configuration there is nothing to start
		if _, err := w.refresh(); err == nil {
			break
		} else if ctx.Err() == nil {
			w.deps.Log.Error("no alerts: their configuration cannot be made", "error", err)
		}
		if !pause(ctx, min(look, 2*w.cfg.Interval)) {
			return
		}
	}
	w.deps.Log.Info("alerts run", "prometheus", "http://"+w.addresses.Prometheus, "alertmanager", "http://"+w.addresses.Alertmanager)
	var all sync.WaitGroup
	defer all.Wait()
	for _, c := range w.children {
		all.Go(func() { c.run(ctx) })
	}
	for pause(ctx, min(look, 2*w.cfg.Interval)) {
		changed, err := w.refresh()
		if err != nil {
			w.deps.Log.Error("alerts keep their configuration: the new one cannot be made", "error", err)
			continue
		}
		if changed {
			w.reloads.Add(1)
			w.deps.Log.Info("the policy changed the alerts, both programs read them again")
			for _, c := range w.children {
				c.reload()
			}
		}
	}
}

func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}

// refresh writes the configuration where it differs from what was written.
func (w *Watch) refresh() (changed bool, err error) {
	files, err := w.deps.Generate(w.addresses)
	if err != nil {
		return false, fmt.Errorf("generate: %w", err)
	}
	if err := os.MkdirAll(w.deps.Dir, 0o700); err != nil {
		return false, fmt.Errorf("write configuration: %w", err)
	}
	for name, content := range files {
		if bytes.Equal(w.written[name], content) && w.written[name] != nil {
			continue
		}
		path := w.path(name)
		if err := errors.Join(os.WriteFile(path+".new", content, 0o600), os.Rename(path+".new", path)); err != nil {
			return false, fmt.Errorf("write configuration: %w", err)
		}
		changed = true
	}
	w.written = files
	return changed, nil
}
