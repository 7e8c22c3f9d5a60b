package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/spf13/cobra"

	"wenguo/dashboard/metrics"
	"wenguo/ingest"
	"wenguo/ingest/broker"
	"wenguo/ingest/kafka"
	"wenguo/transform"
	"wenguo/transform/issue"
	"wenguo/warehouse"
	"wenguo/warehouse/engine"
)

func newUp() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "up",
		Short: "Run everything: ingest, facts, issues, pages",
		Args:  cobra.NoArgs,
	}
	load := configFlags(cmd.Flags(), "listen", "demo", "kafka", "clickhouse", "alerts", "accounts")
	verbose := cmd.Flags().Bool("verbose", false, "log more")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		level := slog.LevelInfo
		if *verbose {
			level = slog.LevelDebug
		}
		log := slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), &slog.HandlerOptions{Level: level}))
		return up(cmd.Context(), cfg, cmd.OutOrStdout(), log)
	}
	return cmd
}

// up runs until ctx ends or a part fails, then stops in order: what feeds before what is fed.
func up(ctx context.Context, cfg config, out io.Writer, log *slog.Logger) (err error) {
	lock, err := engine.Lock(ctx, cfg.Data, 2*time.Second)
	if errors.Is(err, engine.ErrLocked) {
		return fmt.Errorf("another wenguo runs on %s; stop it, or use another folder with --data", cfg.Data)
	}
	if err != nil {
		return sayFull(fmt.Errorf("data folder: %w", err), cfg.Data)
	}
	defer lock.Close() // freed at exit in any case
	all := newStages(log)
	defer func() {
		started := time.Now()
		gone := os.Remove(filepath.Join(cfg.Data, instanceFile))
		if errors.Is(gone, os.ErrNotExist) {
			gone = nil
		}
		err = sayFull(errors.Join(err, all.stop(), gone), cfg.Data)
		log.Info("stopped", "seconds", time.Since(started).Seconds())
	}()
	if err := start(ctx, cfg, all, out, log); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	select {
	case <-ctx.Done():
		return nil
	case <-all.failed():
		return all.err()
	}
}

// start brings everything up in order.
func start(ctx context.Context, cfg config, all *stages, out io.Writer, log *slog.Logger) error {
	room, err := newSpace(cfg.Data, cfg.Disk.Reserve, log)
	if err != nil {
		return err
	}
	if err := usable(cfg); err != nil { // before anything is started for it
		return err
	}
	if err := os.RemoveAll(shadowFolder(cfg.Data)); err != nil { // what a killed backup left
		return fmt.Errorf("clear frozen tables: %w", err)
	}
	dsn, err := startEngine(ctx, cfg, all, log)
	if err != nil {
		return err
	}
	if err := startBroker(ctx, &cfg, all, room, log); err != nil {
		return err
	}
	all.start(ctx, "space", room.Run)
	store, err := warehouse.OpenWith(ctx, dsn, cfg.ClickHouseAccess, log)
	if err != nil {
		return fmt.Errorf("open warehouse: %w", err)
	}
	rules, err := settleRules(ctx, cfg, store, time.Now(), log)
	if err != nil {
		return err
	}
	store.UseRules(rules)
	store.UseVolumes(statedVolumes(cfg.Data))
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	beside, err := startBeside(ctx, cfg, all, room, store, rules, registry, log)
	if err != nil {
		return err
	}
	beside.words = newDictionary(cfg, store)
	all.start(ctx, "dictionary", beside.words.Run)
	listening := make(chan string, 1)
	pages, err := newPages(cfg, store, registry, rules, beside, func(address string) { listening <- address }, log) //nolint:contextcheck // each request brings its own
	if err != nil {
		return err
	}
	exporter := metrics.New(metrics.Config{Version: version, Every: min(15*time.Second, cfg.Alerts.Interval)}, store, time.Now, log)
	registry.MustRegister(exporter)
	folder := newFolder(cfg, store, rules, registry, log)
	events, decisions, err := newConsumers(cfg, store, room, folder.Wake, registry, log)
	if err != nil {
		return err
	}
	all.start(ctx, "pages", pages.Run)
	address, err := told(ctx, listening, all)
	if err != nil {
		return err
	}
	if err := beside.tell(ctx, cfg, all, address, registry, store.Ping); err != nil {
		return err
	}
	all.start(ctx, "alerts", beside.desk.watch.Run)
	all.start(ctx, "replay", beside.desk.replay.Run)
	all.start(ctx, "metrics", exporter.Run)
	all.start(ctx, "verifier", beside.verifier.Run)
	all.start(ctx, "facts", folder.Run)
	all.start(ctx, "eraser", warehouse.NewEraser(store, listErasures(cfg.Data), cfg.Facts.Poll, log).Run)
	all.start(ctx, "issues", func(ctx context.Context) error { return discover(ctx, cfg, store, beside.words, log) })
	all.start(ctx, "returns", newReturns(store, beside.decide.bus, log).run)
	all.start(ctx, "search", func(ctx context.Context) error { return indexTexts(ctx, cfg, store, beside.words, registry, log) })
	all.start(ctx, "decisions", decisions.Run)
	all.start(ctx, "consumer", events.Run)
	if err := errors.Join(startWished(ctx, cfg, all, store, beside.desk.robots, registry, log), startDemo(ctx, cfg, all, store, rules, log)); err != nil {
		return err
	}
	return beside.greet(ctx, cfg, out, dsn, address)
}

// greet says where the pages are, and leaves the same for the commands that run beside.
func (b pageParts) greet(ctx context.Context, cfg config, out io.Writer, dsn, address string) error {
	_, _ = fmt.Fprintf(out, "\n  闻过 wenguo  →  %s\n\n", siteURL(cfg, address))
	if err := b.people.welcome(ctx, out, siteURL(cfg, address)); err != nil {
		return err
	}
	return instance{PID: os.Getpid(), Kafka: cfg.Kafka.Brokers, ClickHouse: withoutPassword(dsn), Listen: address, StartedAt: time.Now()}.write(cfg.Data)
}

// usable says what is wrong with settings that only a start makes use of.
func usable(cfg config) error {
	if cfg.ClickHouse == "" && cfg.ClickHouseAccess != (warehouse.Access{}) {
		return errors.New("clickhouse_access is for a server that clickhouse names; the embedded engine can be reached from this machine alone")
	}
	_, _, err := policyText(cfg.Policy)
	return err
}

// startWished starts what only some installations want.
func startWished(ctx context.Context, cfg config, all *stages, store *warehouse.Store, robots http.Handler, registry *prometheus.Registry, log *slog.Logger) error {
	if cfg.Privacy.Keep > 0 {
		all.start(ctx, "retention", func(ctx context.Context) error { return forgetOld(ctx, cfg, store, time.Now, log) })
	}
	if cfg.MetricsListen == "" {
		return nil
	}
	if !cfg.Accounts.Enabled { // Alertmanager then posts to the pages
		robots = nil
	}
	_, err := startMetrics(ctx, cfg.MetricsListen, all, registry, store.Ping, robots)
	return err
}

// startDemo feeds the living demo where it is wanted.
func startDemo(ctx context.Context, cfg config, all *stages, store *warehouse.Store, rules transform.Rules, log *slog.Logger) error {
	if cfg.Demo != demoLive {
		return nil
	}
	producer := kafka.NewProducer(cfg.Kafka, cfg.Kafka.Topic)
	feeder, err := loadDemo(cfg.Data, producer, rules.Current(), time.Now, log)
	if err != nil {
		return err
	}
	decisions := kafka.NewProducer(cfg.Kafka, ingest.TopicDecisions)
	all.start(ctx, "demo decisions", func(ctx context.Context) error {
		return errors.Join(feeder.committee(ctx, store, decisions), decisions.Close())
	})
	all.start(ctx, "demo", func(ctx context.Context) error { return errors.Join(feeder.Run(ctx), producer.Close()) })
	return nil
}

// told waits for the address of the pages; it is known only once they listen, because port 0 takes a free one.
func told(ctx context.Context, listening <-chan string, all *stages) (string, error) {
	select {
	case address := <-listening:
		return address, nil
	case <-all.failed():
		return "", all.err()
	case <-ctx.Done():
		return "", fmt.Errorf("start pages: %w", ctx.Err())
	}
}

// startBroker starts the embedded broker unless others are named, and creates the topics.
func startBroker(ctx context.Context, cfg *config, all *stages, room *space, log *slog.Logger) error {
	if len(cfg.Kafka.Brokers) == 0 {
		b, err := broker.Start(ctx, broker.Config{Dir: filepath.Join(cfg.Data, "broker"), Listen: cfg.Broker.Listen, Advertise: cfg.Broker.Advertise}, log)
		if err != nil {
			return fmt.Errorf("broker: %w", err)
		}
		cfg.Kafka.Brokers, room.refuse = []string{b.Address()}, b.Refuse
		all.start(ctx, "broker", b.Run)
	}
	bounded, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if err := kafka.EnsureTopics(bounded, cfg.Kafka); err != nil {
		return fmt.Errorf("kafka: %w", err)
	}
	return nil
}

// discover finds recurring issues on a schedule.
func discover(ctx context.Context, cfg config, store *warehouse.Store, words *dictionary, log *slog.Logger) error {
	segmenter := words.wait(ctx)
	if segmenter == nil {
		return nil
	}
	return warehouse.NewDiscovery(store, segmenter, issue.Options{MinCustomers: cfg.Issues.MinCustomers}, cfg.Issues.Every, time.Now, log).Run(ctx)
}

// version is set by the build.
var version = "unversioned"

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, _ = fmt.Fprintln(cmd.OutOrStdout(), "wenguo", version)
			return nil
		},
	}
}
