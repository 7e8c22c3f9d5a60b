package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"wenguo/warehouse"
	"wenguo/warehouse/engine"
)

// instance is what a running `up` tells the other commands through its data folder.
type instance struct {
	PID        int       `json:"pid"`
	Kafka      []string  `json:"kafka"`
	ClickHouse string    `json:"clickhouse"`
	Listen     string    `json:"listen"`
	StartedAt  time.Time `json:"started_at"`
}

const instanceFile = "instance.json"

func (i instance) write(data string) error {
	content, err := json.MarshalIndent(i, "", "  ")
	if err != nil {
		return fmt.Errorf("describe instance: %w", err)
	}
	path := filepath.Join(data, instanceFile)
	if err := os.WriteFile(path+".new", content, 0o600); err != nil {
		return fmt.Errorf("describe instance: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("describe instance: %w", err)
	}
	return nil
}

// errNotRunning says that no `up` runs on the folder.
var errNotRunning = errors.New("nothing runs on this data folder")

// findInstance reads what the `up` on the folder wrote; errNotRunning when none runs.
func findInstance(ctx context.Context, data string) (instance, error) {
	if _, err := os.Stat(data); err != nil {
		return instance{}, fmt.Errorf("data folder: %w", err)
	}
	lock, err := engine.Lock(ctx, data, 0)
	if err == nil {
		return instance{}, errors.Join(errNotRunning, lock.Close())
	}
	if !errors.Is(err, engine.ErrLocked) {
		return instance{}, fmt.Errorf("data folder: %w", err)
	}
	content, err := os.ReadFile(filepath.Join(data, instanceFile))
	if errors.Is(err, os.ErrNotExist) {
		return instance{}, fmt.Errorf("the wenguo on %s is still starting; try again in a moment", data)
	}
	if err != nil {
		return instance{}, fmt.Errorf("data folder: %w", err)
	}
	var found instance
	if err := json.Unmarshal(content, &found); err != nil {
		return instance{}, fmt.Errorf("read %s: %w", instanceFile, err)
	}
	return found, nil
}

// open connects to the warehouse of the running `up`. Its file holds no password: those of a server come from this
// command's own configuration.
func (i instance) open(ctx context.Context, cfg config, log *slog.Logger) (*warehouse.Store, error) {
	address := i.ClickHouse
	if cfg.ClickHouse != "" {
		address = cfg.ClickHouse
	}
	store, err := warehouse.OpenWith(ctx, address, cfg.ClickHouseAccess, log)
	if err != nil {
		return nil, fmt.Errorf("warehouse of the running wenguo (give this command the configuration that it has): %w", err)
	}
	return store, nil
}

// withoutPassword is an address that can be written down.
func withoutPassword(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	if u.User != nil {
		u.User = url.User(u.User.Username())
	}
	query := u.Query()
	if query.Has("password") {
		query.Del("password")
		u.RawQuery = query.Encode()
	}
	return u.String()
}

// openStore gives a command the warehouse: that of the running `up`, or the folder's own, started for as long as the
// command works.
func openStore(ctx context.Context, cfg config, log *slog.Logger) (*warehouse.Store, func(), error) {
	running, err := findInstance(ctx, cfg.Data)
	if err == nil {
		store, err := running.open(ctx, cfg, log)
		if err != nil {
			return nil, nil, fmt.Errorf("open warehouse: %w", err)
		}
		return store, func() { _ = store.Close() }, nil
	}
	if !errors.Is(err, errNotRunning) {
		return nil, nil, err
	}
	lock, err := engine.Lock(ctx, cfg.Data, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("data folder: %w", err)
	}
	stages := newStages(log)
	dsn, err := startEngine(ctx, cfg, stages, log)
	if err == nil {
		var store *warehouse.Store
		if store, err = warehouse.OpenWith(ctx, dsn, cfg.ClickHouseAccess, log); err == nil {
			return store, func() { _ = store.Close(); _ = stages.stop(); _ = lock.Close() }, nil
		}
	}
	return nil, nil, errors.Join(err, stages.stop(), lock.Close())
}

// startEngine starts the embedded engine as a stage and waits until it answers; with cfg.ClickHouse there is nothing to
// start.
func startEngine(ctx context.Context, cfg config, stages *stages, log *slog.Logger) (dsn string, err error) {
	if cfg.ClickHouse != "" {
		return cfg.ClickHouse, nil
	}
	library := cfg.Engine.Library
	if library == "" {
		if library, err = engine.LibraryPath(); err != nil {
			return "", fmt.Errorf("embedded engine: %w", err)
		}
		if err := engine.CheckLibrary(library); err != nil {
			return "", fmt.Errorf("embedded engine: %w", err)
		}
	}
	program, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("find own program: %w", err)
	}
	process, err := engine.NewProcess([]string{
		program, "engine", "--dir", filepath.Join(cfg.Data, "engine"), "--library", library,
		"--sessions", fmt.Sprint(cfg.Engine.Sessions),
	}, log)
	if err != nil {
		return "", fmt.Errorf("embedded engine: %w", err)
	}
	stages.start(ctx, "engine", process.Run)
	select {
	case <-process.Ready():
		return "http://" + process.Address() + "/" + warehouse.DefaultDatabase, nil
	case <-stages.failed():
		return "", fmt.Errorf("embedded engine: %w", stages.err())
	case <-ctx.Done():
		return "", fmt.Errorf("embedded engine: %w", ctx.Err())
	}
}
