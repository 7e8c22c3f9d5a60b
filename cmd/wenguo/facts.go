package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/cobra"

	"wenguo/transform"
	"wenguo/warehouse"
)

// newFacts is the facts' worker alone. Its data folder holds the policies and the key that hides customers: give it a copy
// of the key that the others have, or the same customer has two names.
func newFacts() *cobra.Command {
	return newRole("facts", "Run only the facts' worker, on a shared ClickHouse", func(ctx context.Context, r role) error {
		rules, err := settleRules(ctx, r.cfg, r.store, time.Now(), r.log)
		if err != nil {
			return err
		}
		r.store.UseRules(rules)
		words := newDictionary(r.cfg, r.store)
		r.stages.start(ctx, "dictionary", words.Run)
		r.stages.start(ctx, "search", func(ctx context.Context) error {
			return indexTexts(ctx, r.cfg, r.store, words, r.registry, r.log)
		})
		r.stages.start(ctx, "facts", newFolder(r.cfg, r.store, rules, r.registry, r.log).Run)
		return nil
	})
}

// newFolder gives the facts' worker and its metric.
func newFolder(cfg config, store *warehouse.Store, rules transform.Rules, registry *prometheus.Registry, log *slog.Logger) *warehouse.Folder {
	folder := warehouse.NewFolder(store, rules, cfg.Facts.Poll, log)
	registry.MustRegister(prometheus.NewCounterFunc(
		prometheus.CounterOpts{Name: "wenguo_facts_folded_total", Help: "Facts made from events and stored since the start."},
		func() float64 { return float64(folder.Folds()) }))
	return folder
}
