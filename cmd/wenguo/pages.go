package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"wenguo/dashboard"
	"wenguo/transform"
	"wenguo/warehouse"
)

// newPages wires the warehouse into the dashboard.
func newPages(cfg config, store *warehouse.Store, registry *prometheus.Registry, rules transform.Rules, events http.Handler, verifier *warehouse.Verifier, box letters, decide curation, listening func(address string), log *slog.Logger) (*dashboard.Server, error) {
	settings := dashboard.DefaultConfig()
	settings.Listen, settings.Zone, settings.Version = cfg.Listen, rules.Current().Zone, version
	settings.Drain = 2 * time.Second
	pages, err := dashboard.New(settings, dashboard.Deps{
		Reader: store, Now: time.Now, Log: log, Ready: store.Ping, Metrics: metricsHandler(registry),
		Events: events, Mailbox: box, Verifier: verifier, Listening: listening,
		Bus: decide.bus, NewID: newID, Secret: decide.secret,
		Settle: func(ctx context.Context) error { return store.Settle(ctx, time.Now()) },
	})
	if err != nil {
		return nil, fmt.Errorf("pages: %w", err)
	}
	return pages, nil
}

func metricsHandler(registry *prometheus.Registry) http.Handler {
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
}
