package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"wenguo/dashboard/account"
	"wenguo/ingest"
	"wenguo/ingest/kafka"
	"wenguo/warehouse"
	"wenguo/warehouse/engine"
)

// manifest is what a backup says of itself; it is written last.
type manifest struct {
	Version string    `json:"version"`
	Schema  uint32    `json:"schema"`
	At      time.Time `json:"at"`
	// Offsets say, by topic and partition, below what everything is in the backup's tables; from there on the topic is read
	// again.
	Offsets map[string]map[int]int64 `json:"offsets"`
	// Embedded says that the topics are in the backup too.
	Embedded bool `json:"embedded"`
}

// Folders of a backup, and what of the data folder is no part of one: it belongs to a running program, or is made again.
const (
	manifestFile = "manifest.json"
	backupTables = "tables"
	backupBroker = "broker"
	backupFolder = "folder"
)

var notBackedUp = map[string]bool{ //nolint:gochecknoglobals // a constant set
	account.File: true, account.File + "-wal": true, account.File + "-shm": true, // copied as a whole: see accounts
	"engine": true, "broker": true, "dict": true, "backup": true, instanceFile: true, "lock": true,
}

func newBackup() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "backup --out DIR",
		Short: "Write a consistent copy of everything that is kept, while wenguo runs",
		Long: `Writes the events, what people decided, recurring issues, policies, keys and the embedded broker's topics of the wenguo that
runs on --data into a new folder. Nothing stops meanwhile. The backup holds unmasked personal data. docs/backup.md tells how to
keep and restore it, and what to do for a ClickHouse server and a Kafka cluster.`,
		Args: cobra.NoArgs,
	}
	load := configFlags(cmd.Flags())
	out := cmd.Flags().String("out", "", "folder to make")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		if *out == "" {
			return usageError{errors.New("--out is missing: name the folder to make")}
		}
		started := time.Now()
		size, err := backup(cmd.Context(), cfg, *out, started)
		if err != nil {
			return fmt.Errorf("backup: %w", err)
		}
		_, _ = fmt.Fprintf(cmd.OutOrStdout(), "备份已写入 %s：%.1f MB，用时 %.1f 秒；内含未脱敏的个人信息\n", *out, float64(size)/(1<<20), time.Since(started).Seconds())
		return nil
	}
	return cmd
}

// backup writes everything beside out and gives it its name at the end, so that a broken one is never taken for a whole one.
func backup(ctx context.Context, cfg config, out string, now time.Time) (size int64, err error) {
	running, err := findInstance(ctx, cfg.Data)
	if errors.Is(err, errNotRunning) {
		return 0, fmt.Errorf("no wenguo runs on %s: the folder as it is now is its own backup, copy it", cfg.Data)
	}
	if err != nil {
		return 0, err
	}
	if idle, err := engine.Lock(ctx, filepath.Join(cfg.Data, "engine"), 0); !errors.Is(err, engine.ErrLocked) {
		if err == nil {
			err = idle.Close()
		}
		return 0, errors.Join(errors.New("the store is a ClickHouse server's: docs/backup.md says how to back that up"), err)
	}
	if _, err := os.Stat(out); err == nil {
		return 0, fmt.Errorf("%s is there already: name a new folder", out)
	}
	alone, err := engine.Lock(ctx, filepath.Join(cfg.Data, "backup"), 0)
	if err != nil {
		return 0, fmt.Errorf("another backup is being written: %w", err)
	}
	defer alone.Close() // freed at exit in any case
	part := out + ".part"
	if err := os.RemoveAll(part); err != nil {
		return 0, fmt.Errorf("clear %s: %w", part, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(part))
		}
	}()
	cfg.Kafka.Brokers = running.Kafka
	to := &copier{}
	if err := to.files(cfg.Data, filepath.Join(part, backupFolder)); err != nil { // the list of erasures is older than the events
		return 0, err
	}
	if err := to.accounts(ctx, cfg, part); err != nil {
		return 0, err
	}
	about, err := to.store(ctx, cfg, running.ClickHouse, part)
	if err != nil {
		return 0, err
	}
	broker := filepath.Join(cfg.Data, "broker")
	if _, err := os.Stat(broker); err == nil { // after the store: it has all that the store has not
		about.Embedded = true
		if err := to.tree(broker, filepath.Join(part, backupBroker)); err != nil {
			return 0, err
		}
	}
	about.Version, about.At = version, now.UTC()
	content, err := json.MarshalIndent(about, "", "  ")
	if err != nil {
		return 0, fmt.Errorf("describe backup: %w", err)
	}
	if err := to.write(filepath.Join(part, manifestFile), content); err != nil {
		return 0, err
	}
	if err := os.Rename(part, out); err != nil {
		return 0, fmt.Errorf("name backup: %w", err)
	}
	return to.bytes, nil
}

// accounts copies the book of accounts, which a running program writes.
func (c *copier) accounts(ctx context.Context, cfg config, part string) error {
	if _, err := os.Stat(filepath.Join(cfg.Data, account.File)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	book, err := openBook(ctx, cfg)
	if err != nil {
		return err
	}
	to := filepath.Join(part, backupFolder, account.File)
	if err := errors.Join(book.Copy(ctx, to), book.Close()); err != nil {
		return fmt.Errorf("copy accounts: %w", err)
	}
	info, err := os.Stat(to)
	if err != nil {
		return fmt.Errorf("copy accounts: %w", err)
	}
	c.bytes += info.Size()
	return nil
}

// store freezes the tables and copies what is frozen. Offsets are read first: everything below them is in the tables.
func (c *copier) store(ctx context.Context, cfg config, dsn, part string) (about manifest, err error) {
	store, err := warehouse.Open(ctx, dsn, slog.New(slog.DiscardHandler))
	if err != nil {
		return about, fmt.Errorf("open warehouse: %w", err)
	}
	defer store.Close()
	if about.Schema, err = warehouse.Schema(); err != nil {
		return about, fmt.Errorf("schema: %w", err)
	}
	about.Offsets = map[string]map[int]int64{}
	for _, topic := range []string{ingest.TopicEvents, ingest.TopicDecisions} {
		if about.Offsets[topic], err = kafka.Committed(ctx, cfg.Kafka, topic); err != nil {
			return about, fmt.Errorf("offsets: %w", err)
		}
	}
	shadow := shadowFolder(cfg.Data)
	if err := os.RemoveAll(shadow); err != nil {
		return about, fmt.Errorf("clear frozen tables: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(shadow)) }()
	places, err := store.Freeze(ctx)
	if err != nil {
		return about, fmt.Errorf("tables: %w", err)
	}
	for _, table := range warehouse.BackupTables {
		from, to := filepath.Join(shadow, places[table]), filepath.Join(part, backupTables, table)
		if err := os.MkdirAll(to, 0o750); err != nil {
			return about, fmt.Errorf("make folder: %w", err)
		}
		if _, err := os.Stat(from); errors.Is(err, fs.ErrNotExist) {
			continue // an empty table has no parts
		}
		if err := c.tree(from, to); err != nil {
			return about, err
		}
	}
	return about, nil
}

// shadowFolder is where the embedded engine keeps frozen parts. They hold personal data and must not outlive their backup: a
// start removes what a killed one left.
func shadowFolder(data string) string {
	return filepath.Join(data, "engine", "store", warehouse.Shadow())
}
