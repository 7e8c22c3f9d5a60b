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
	"wenguo/dashboard/report"
	"wenguo/ingest/kafka"
	"wenguo/transform"
	"wenguo/warehouse"
)

// pageParts are what pages show or reach beside the warehouse.
type pageParts struct {
	intake   http.Handler
	verifier *warehouse.Verifier
	box      letters
	desk     *desk
	decide   curation
	people   people
	words    *dictionary
}

// newPages wires the warehouse into the dashboard.
func newPages(cfg config, store *warehouse.Store, registry *prometheus.Registry, rules transform.Rules, with pageParts, listening func(address string), log *slog.Logger) (*dashboard.Server, error) {
	settings := dashboard.DefaultConfig()
	settings.Listen, settings.Zone, settings.Version = cfg.Listen, rules.Current().Zone, version
	settings.Drain = 2 * time.Second
	settings.Accounts, settings.Front = cfg.Accounts.Enabled, cfg.Front
	pages, err := dashboard.New(settings, dashboard.Deps{
		Reader: store, Now: time.Now, Log: log, Ready: store.Ping, Metrics: metricsHandler(registry),
		Robots: with.desk.robots, Alerts: with.desk.watch, Timers: store, Backtest: with.desk.replay.Last,
		CustomerKey: rules.CustomerKey, Events: with.intake, Mailbox: with.box, Verifier: with.verifier, Listening: listening,
		Browser: report.FindBrowser(),
		Bus:     with.decide.bus, NewID: newID, Secret: with.decide.secret,
		Policies: func() []transform.Applied { return rules.History }, Words: with.words,
		Accounts: with.people.accounts, Views: with.people.book, Provider: with.people.provider,
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

// startBeside makes what pages show or reach beside the warehouse, and starts what of it has to be closed.
func startBeside(
	ctx context.Context, cfg config, all *stages, room *space, store *warehouse.Store, rules transform.Rules, registry *prometheus.Registry, log *slog.Logger,
) (pageParts, error) {
	var b pageParts
	var err error
	if b.intake, err = startIntake(ctx, cfg, all, room, registry, log); err != nil {
		return b, err
	}
	if b.decide, err = startCuration(ctx, cfg, all); err != nil {
		return b, err
	}
	if b.people, err = startPeople(ctx, cfg, all); err != nil {
		return b, err
	}
	if b.desk, err = newDesk(ctx, cfg, store, rules, registry, log); err != nil {
		return b, err
	}
	b.verifier = warehouse.NewVerifier(store, time.Now, log)
	registerVerifier(registry, b.verifier)
	box := kafka.NewMailbox(cfg.Kafka)
	b.box = letters{box}
	all.start(ctx, "letters", func(ctx context.Context) error { <-ctx.Done(); return box.Close() })
	return b, nil
}
