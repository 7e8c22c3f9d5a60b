package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/spf13/cobra"

	"wenguo/warehouse"
)

// role is one part of `up`, alone: it works on a Kafka and a ClickHouse that others share.
type role struct {
	cfg      config
	store    *warehouse.Store
	registry *prometheus.Registry
	stages   *stages
	log      *slog.Logger
}

// newRole makes the command of a role. begin starts its stages.
func newRole(use, short string, begin func(ctx context.Context, r role) error) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short, Args: cobra.NoArgs}
	load := configFlags(cmd.Flags(), "listen", "kafka", "clickhouse")
	cmd.Flags().Lookup("listen").Usage = "host:port of /metrics and /readyz, on this machine"
	verbose := cmd.Flags().Bool("verbose", false, "log more")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		if len(cfg.Kafka.Brokers) == 0 || cfg.ClickHouse == "" {
			return usageError{fmt.Errorf("%s shares a Kafka and a ClickHouse with others: name them with --kafka and --clickhouse; `wenguo up` brings its own", use)}
		}
		level := slog.LevelInfo
		if *verbose {
			level = slog.LevelDebug
		}
		log := slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), &slog.HandlerOptions{Level: level}))
		return runRole(cmd.Context(), cfg, os.Getpid(), begin, log)
	}
	return cmd
}

// runRole works until ctx ends or a stage fails.
func runRole(ctx context.Context, cfg config, pid int, begin func(context.Context, role) error, log *slog.Logger) (err error) {
	all := newStages(log)
	defer func() { err = errors.Join(err, all.stop()) }()
	if err := startBroker(ctx, &cfg, all, nil, log); err != nil {
		return err
	}
	store, err := warehouse.OpenWith(ctx, cfg.ClickHouse, cfg.ClickHouseAccess, log)
	if err != nil {
		return fmt.Errorf("open warehouse: %w", err)
	}
	defer store.Close()
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	address, err := startMetrics(ctx, cmp.Or(cfg.MetricsListen, cfg.Listen), all, registry, store.Ping, nil)
	if err != nil {
		return err
	}
	if err := begin(ctx, role{cfg, store, registry, all, log}); err != nil {
		return err
	}
	log.Info("works", "pid", pid, "metrics", "http://"+address+"/metrics")
	select {
	case <-ctx.Done():
		return nil
	case <-all.failed():
		return all.err()
	}
}

// startMetrics serves /metrics, /healthz and /readyz on an address of their own and gives the one in use.
func startMetrics(ctx context.Context, address string, all *stages, registry *prometheus.Registry, ready func(context.Context) error, robots http.Handler) (string, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return "", fmt.Errorf("listen for /metrics (choose another address with --metrics-listen): %w", err)
	}
	all.start(ctx, "metrics address", func(ctx context.Context) error { return serveMetrics(ctx, listener, registry, ready, robots) })
	return listener.Addr().String(), nil
}

// serveMetrics answers what a scraper and a probe ask, until ctx ends; with robots also Alertmanager's messages.
func serveMetrics(ctx context.Context, listener net.Listener, registry *prometheus.Registry, ready func(context.Context) error, robots http.Handler) error {
	mux := http.NewServeMux()
	if robots != nil {
		mux.Handle("POST /api/v1/notify/{robot}", robots)
	}
	mux.Handle("GET /metrics", metricsHandler(registry))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if err := ready(r.Context()); err != nil {
			http.Error(w, "the warehouse does not answer", http.StatusServiceUnavailable)
			return
		}
		_, _ = fmt.Fprintln(w, "ready")
	})
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, WriteTimeout: time.Minute}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve /metrics: %w", err)
	}
	return nil
}
