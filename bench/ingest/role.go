package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	_ "net/http/pprof" //nolint:gosec // on a loopback port that the caller names
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/prometheus/client_golang/prometheus"

	"wenguo/ingest/kafka"
	"wenguo/warehouse"
	"wenguo/warehouse/engine"
)

//go:embed *.sql
var statements embed.FS

func statement(name string) string {
	content, err := statements.ReadFile(name + ".sql")
	if err != nil {
		panic(err) // it is embedded
	}
	return string(content)
}

// Roles that this program plays in processes of their own, so that each can be measured and killed.
const (
	roleEngine = "engine" // the engine itself
	roleTen    = "ten"    // wenguo's consumer into ten columns
	roleAll    = "all"    // wenguo's consumer into all that it stores
	rolePeer   = "peer"   // the engine's own consumer into ten columns
)

// readyFile tells the address of a role's engine, written when it is about to consume.
const readyFile = "engine.address"

// play runs a role until it is killed or asked to end.
func play(o options) error {
	library, err := engine.LibraryPath()
	if err != nil {
		return fmt.Errorf("find engine: %w", err)
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	if o.role == roleEngine {
		cfg := engine.DefaultConfiguration()
		cfg.Library, cfg.Dir = library, o.data
		return engine.Child(cfg, log)
	}
	if o.pprof != "" {
		go func() { _ = http.ListenAndServe(o.pprof, nil) }() //nolint:gosec // for a profile alone
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	process, err := engine.NewProcess([]string{os.Args[0], "-role", roleEngine, "-data", filepath.Join(o.data, "engine")}, log)
	if err != nil {
		return fmt.Errorf("engine: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- process.Run(context.WithoutCancel(ctx)) }()
	select {
	case <-process.Ready():
	case err := <-ended:
		return fmt.Errorf("engine: %w", err)
	}
	tell := func() error {
		return os.WriteFile(filepath.Join(o.data, readyFile), []byte(process.Address()), 0o600)
	}
	switch o.role {
	case roleTen:
		return intoTen(ctx, o, process.Address(), tell, log)
	case roleAll:
		return intoAll(ctx, o, process.Address(), tell, log)
	case rolePeer:
		return engineConsumes(ctx, o, process.Address(), tell)
	}
	return fmt.Errorf("no role %q", o.role)
}

func (o options) config() kafka.Config {
	cfg := kafka.DefaultConfiguration()
	cfg.Brokers, cfg.Group = []string{o.kafka}, o.group
	return cfg
}

func intoAll(ctx context.Context, o options, address string, tell func() error, log *slog.Logger) error {
	store, err := warehouse.Open(ctx, "http://"+address+"/wenguo", log)
	if err != nil {
		return fmt.Errorf("open warehouse: %w", err)
	}
	defer store.Close()
	if err := tell(); err != nil {
		return err
	}
	c, err := kafka.NewConsumer(o.config(), store, kafka.NewMetrics(prometheus.NewRegistry()), log)
	if err != nil {
		return fmt.Errorf("consumer: %w", err)
	}
	return c.Run(ctx)
}

func intoTen(ctx context.Context, o options, address string, tell func() error, log *slog.Logger) error {
	sink, err := openTen(ctx, address, o.config())
	if err != nil {
		return err
	}
	defer sink.conn.Close()
	if err := tell(); err != nil {
		return err
	}
	c, err := kafka.NewConsumerOf(o.config(), addTen, sink, kafka.NewMetrics(prometheus.NewRegistry()), log)
	if err != nil {
		return fmt.Errorf("consumer: %w", err)
	}
	return c.Run(ctx)
}

func engineConsumes(ctx context.Context, o options, address string, tell func() error) error {
	conn, err := clickhouse.Open(&clickhouse.Options{Protocol: clickhouse.HTTP, Addr: []string{address}})
	if err != nil {
		return fmt.Errorf("open engine: %w", err)
	}
	defer conn.Close()
	if err := tell(); err != nil {
		return err
	}
	for _, name := range []string{"ten", "queue", "queue_view"} {
		text := strings.NewReplacer("{broker}", o.kafka, "{group}", o.group).Replace(statement(name))
		if err := conn.Exec(ctx, text); err != nil && !exists(err) {
			return fmt.Errorf("make %s: %w", name, err)
		}
	}
	<-ctx.Done()
	return nil
}

// exists says that a table was there, as after a kill.
func exists(err error) bool {
	exception, ok := errors.AsType[*clickhouse.Exception](err)
	return ok && exception.Code == 57
}
