package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/cobra"

	"wenguo/ingest"
	"wenguo/ingest/kafka"
	"wenguo/warehouse"
	"wenguo/warehouse/engine"
)

func newRestore() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "restore --from DIR --data NEW",
		Short: "Fill an empty data folder from a backup, up to proven and erased",
		Long: `Fills the folder --data, which must be empty, from what wenguo backup wrote: tables and topics are put back, the consumers go on
where the tables end, facts are made again, and customers who were forgotten after the backup are forgotten again, when
--erasures names the list of them (erasures.ndjson of the lost folder, or the copy that is kept of it). Then everything is
verified. Start wenguo up on the folder afterwards.`,
		Args: cobra.NoArgs,
	}
	load := configFlags(cmd.Flags(), "kafka")
	from := cmd.Flags().String("from", "", "folder of the backup")
	erasures := cmd.Flags().StringSlice("erasures", nil, "list of erased events since the backup (repeatable)")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		if *from == "" {
			return usageError{errors.New("--from is missing: name the backup's folder")}
		}
		if err := restore(cmd.Context(), cfg, *from, *erasures, cmd.OutOrStdout()); err != nil {
			return fmt.Errorf("restore: %w", err)
		}
		return nil
	}
	return cmd
}

func restore(ctx context.Context, cfg config, from string, lists []string, out io.Writer) (err error) {
	about, again, err := readBackup(from, lists)
	if err != nil {
		return err
	}
	if left, err := os.ReadDir(cfg.Data); err == nil && len(left) > 0 {
		return fmt.Errorf("%s is not empty: name a new folder with --data", cfg.Data)
	}
	if !about.Embedded && len(cfg.Kafka.Brokers) == 0 {
		return errors.New("the backup's topics are on a Kafka cluster: name it with --kafka")
	}
	lock, err := engine.Lock(ctx, cfg.Data, 0)
	if err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	defer lock.Close() // freed at exit in any case
	if err := putBack(ctx, cfg, from); err != nil {
		return err
	}
	log := slog.New(slog.DiscardHandler)
	all := newStages(log)
	var store *warehouse.Store
	defer func() {
		err = errors.Join(err, all.stop())
		if store != nil {
			err = errors.Join(err, store.Close())
		}
	}()
	if store, err = catchUp(ctx, cfg, about, again, all, log); err != nil {
		return err
	}
	if len(lists) == 0 {
		_, _ = fmt.Fprintf(out, "未给出 --erasures：%s 之后删除的个人信息可能仍在，请用原文件夹的 %s 重新执行 wenguo erase\n",
			about.At.Local().Format(time.DateTime), erasuresFile)
	}
	_, _ = fmt.Fprintf(out, "已恢复 %s 的备份到 %s，重新删除 %d 件投诉的个人信息，核对无误\n", about.At.Local().Format(time.DateTime), cfg.Data, len(again))
	return nil
}

// readBackup gives what the backup says of itself, and the erased events that it does not hold itself.
func readBackup(from string, lists []string) (about manifest, again []ingest.Message, err error) {
	content, err := os.ReadFile(filepath.Join(from, manifestFile))
	if err != nil {
		return about, nil, fmt.Errorf("%s is no whole backup: %w", from, err)
	}
	if err := json.Unmarshal(content, &about); err != nil {
		return about, nil, fmt.Errorf("read %s: %w", manifestFile, err)
	}
	schema, err := warehouse.Schema()
	if err != nil {
		return about, nil, fmt.Errorf("schema: %w", err)
	}
	if about.Schema != schema {
		return about, nil, fmt.Errorf("the backup has schema %d, this program %d: restore with wenguo %s, then start the newer one", about.Schema, schema, about.Version)
	}
	known, err := readErasures(filepath.Join(from, backupFolder, erasuresFile))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return about, nil, err
	}
	for _, list := range lists {
		listed, err := readErasures(list)
		if err != nil {
			return about, nil, err
		}
		for _, m := range listed {
			same := func(k ingest.Message) bool { return k.Key == m.Key && bytes.Equal(k.Value, m.Value) }
			if !slices.ContainsFunc(known, same) {
				known, again = append(known, m), append(again, m)
			}
		}
	}
	return about, again, nil
}

// readErasures reads a list of erased events; its last line may be one that was being written.
func readErasures(path string) ([]ingest.Message, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("list of erasures: %w", err)
	}
	var messages []ingest.Message
	lines := bufio.NewScanner(bytes.NewReader(content[:bytes.LastIndexByte(content, '\n')+1]))
	lines.Buffer(nil, ingest.MaxEventBytes+1)
	for n := 1; lines.Scan(); n++ {
		event, err := ingest.Decode(lines.Bytes())
		if err != nil || event.Kind != ingest.KindErased {
			return nil, fmt.Errorf("list of erasures %s: line %d is no erased event", path, n)
		}
		message, err := event.Message(event.OccurredAt, true)
		if err != nil {
			return nil, fmt.Errorf("list of erasures %s: line %d: %w", path, n, err)
		}
		messages = append(messages, message)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("list of erasures %s: %w", path, err)
	}
	return messages, nil
}

// putBack fills the folder: the engine makes its tables, and while it is down their parts are put into their folders.
func putBack(ctx context.Context, cfg config, from string) error {
	to := &copier{}
	if err := to.tree(filepath.Join(from, backupFolder), cfg.Data); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(from, backupBroker)); err == nil {
		if err := to.tree(filepath.Join(from, backupBroker), filepath.Join(cfg.Data, "broker")); err != nil {
			return err
		}
	}
	log := slog.New(slog.DiscardHandler)
	engineAlone := newStages(log)
	dsn, err := startEngine(ctx, cfg, engineAlone, log)
	if err != nil {
		return errors.Join(err, engineAlone.stop())
	}
	store, err := warehouse.Open(ctx, dsn, log)
	if err != nil {
		return errors.Join(fmt.Errorf("open warehouse: %w", err), engineAlone.stop())
	}
	places, err := store.Places(ctx)
	if err := errors.Join(err, store.Close(), engineAlone.stop()); err != nil {
		return err
	}
	for table, place := range places {
		if err := to.tree(filepath.Join(from, backupTables, table), filepath.Join(cfg.Data, "engine", "store", place)); err != nil {
			return err
		}
	}
	return nil
}

// catchUp brings the restored folder to where a running one would be, and proves it.
func catchUp(ctx context.Context, cfg config, about manifest, again []ingest.Message, all *stages, log *slog.Logger) (*warehouse.Store, error) {
	dsn, err := startEngine(ctx, cfg, all, log)
	if err != nil {
		return nil, err
	}
	room, err := newSpace(cfg.Data, cfg.Disk.Reserve, log)
	if err != nil {
		return nil, err
	}
	if err := startBroker(ctx, &cfg, all, room, log); err != nil {
		return nil, err
	}
	store, err := warehouse.Open(ctx, dsn, log)
	if err != nil {
		return nil, fmt.Errorf("open warehouse: %w", err)
	}
	for topic, offsets := range about.Offsets {
		if err := errors.Join(store.Trim(ctx, topic, offsets), kafka.SetCommitted(ctx, cfg.Kafka, topic, offsets)); err != nil {
			return store, err
		}
	}
	if len(again) > 0 {
		producer := kafka.NewProducer(cfg.Kafka, cfg.Kafka.Topic)
		if err := errors.Join(producer.Produce(ctx, again), producer.Close()); err != nil {
			return store, fmt.Errorf("repeat erasures: %w", err)
		}
	}
	_, rules, err := restoreRules(ctx, cfg, store, time.Now(), log)
	if err != nil {
		return store, err
	}
	store.UseRules(rules)
	folder := warehouse.NewFolder(store, rules, cfg.Facts.Poll, log)
	events, decisions, err := newConsumers(cfg, store, room, folder.Wake, prometheus.NewRegistry(), log)
	if err != nil {
		return store, err
	}
	all.start(ctx, "facts", folder.Run)
	all.start(ctx, "eraser", warehouse.NewEraser(store, listErasures(cfg.Data), time.Second, log).Run)
	all.start(ctx, "decisions", decisions.Run)
	all.start(ctx, "consumer", events.Run)
	if err := errors.Join(caughtUp(ctx, cfg, store), erased(ctx, store)); err != nil {
		return store, err
	}
	return store, proven(ctx, store)
}

// proven is an error unless every message is stored once and every complaint has its fact.
func proven(ctx context.Context, store *warehouse.Store) error {
	for _, topic := range []string{ingest.TopicEvents, ingest.TopicDecisions} {
		checks, err := store.Verify(ctx, topic)
		if err != nil {
			return fmt.Errorf("verify: %w", err)
		}
		for _, p := range checks {
			if !p.OK() {
				return fmt.Errorf("verify: %s/%d: %d duplicates, %d unaccounted, %v", topic, p.Partition, p.Duplicates, p.Unaccounted, p.Faults)
			}
		}
	}
	facts, err := store.VerifyFacts(ctx)
	if err != nil {
		return fmt.Errorf("verify: %w", err)
	}
	if !facts.OK() {
		return fmt.Errorf("verify: %d complaints, %d facts, %d of them behind", facts.Complaints, facts.Facts, facts.Behind)
	}
	return nil
}
