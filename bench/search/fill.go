package main

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"wenguo/ingest"
	"wenguo/ingest/simulate"
	"wenguo/transform/text"
	"wenguo/warehouse"
)

//go:embed copy_facts.sql
var copyFacts string

//go:embed copy_texts.sql
var copyTexts string

//go:embed copy_keys.sql
var copyKeys string

//go:embed vocabulary.sql
var vocabulary string

//go:embed samples.sql
var samplesSQL string

//go:embed sizes.sql
var sizes string

//go:embed count_texts.sql
var countTexts string

//go:embed some_keys.sql
var someKeys string

// atOnce is how many copies one statement makes.
const atOnce = 20

// fill folds the originals, indexes them, and copies both inside the engine. A folder that is filled stays as it is.
func (b bench) fill(ctx context.Context, segmenter *text.Segmenter, copies int) error {
	var have uint64
	if err := b.conn.QueryRow(ctx, countTexts).Scan(&have); err != nil {
		return fmt.Errorf("count texts: %w", err)
	}
	if have > 0 {
		return b.print(ctx)
	}
	if err := b.seed(ctx, segmenter); err != nil {
		return err
	}
	step := uint64(years*365*24*3600) / uint64(max(1, copies)) //nolint:gosec // a small number
	for _, copying := range []struct{ what, statement string }{{"facts", copyFacts}, {"texts", copyTexts}, {"keys", copyKeys}} {
		cpu, started := processorTime(), time.Now()
		for first := 1; first < copies; first += atOnce {
			p := clickhouse.Parameters{"step": fmt.Sprint(step), "first": fmt.Sprint(first), "last": fmt.Sprint(min(copies, first+atOnce))}
			if err := b.conn.Exec(clickhouse.Context(ctx, clickhouse.WithParameters(p)), copying.statement); err != nil {
				return fmt.Errorf("copy %s: %w", copying.what, err)
			}
		}
		fmt.Printf("%d copies of %s in %.0f s, %.0f s of processors\n", copies-1, copying.what, time.Since(started).Seconds(), (processorTime() - cpu).Seconds())
	}
	return b.print(ctx)
}

// seed stores simulated events, folds them, and indexes their texts, to tell what the search adds to folding.
func (b bench) seed(ctx context.Context, segmenter *text.Segmenter) error {
	const days = 40
	from := end().AddDate(0, 0, -days)
	world, err := simulate.New(simulate.Config{
		Seed: 7, Start: from, Zone: b.rules.Current().Zone, PerDay: func(int) float64 { return originals / days },
	})
	if err != nil {
		return fmt.Errorf("simulate: %w", err)
	}
	block := ingest.Block{Topic: ingest.TopicEvents, Decoder: ingest.DecoderVersion}
	for record := range world.Records(from, end()) {
		event, err := ingest.Decode(record.Value)
		if record.Bad != "" || err != nil {
			continue
		}
		block.Events = append(block.Events, ingest.Accepted{
			Record: ingest.Record{Offset: block.End, BusTime: record.Arrives, Value: record.Value}, Event: event,
		})
		block.End++
	}
	if err := b.store.InsertBlock(ctx, block); err != nil {
		return fmt.Errorf("store events: %w", err)
	}
	cpu, started := processorTime(), time.Now()
	n, err := warehouse.NewFolder(b.store, b.rules, time.Second, b.log).Pass(ctx)
	if err != nil {
		return fmt.Errorf("fold: %w", err)
	}
	fmt.Printf("%d complaints folded in %.1f s, %.1f s of processors\n", n, time.Since(started).Seconds(), (processorTime() - cpu).Seconds())
	cpu, started = processorTime(), time.Now()
	if n, err = warehouse.NewIndexer(b.store, segmenter, time.Second, b.log).Pass(ctx); err != nil {
		return fmt.Errorf("index: %w", err)
	}
	fmt.Printf("%d texts indexed in %.1f s, %.1f s of processors\n", n, time.Since(started).Seconds(), (processorTime() - cpu).Seconds())
	return nil
}

// print says how large the tables are.
func (b bench) print(ctx context.Context) error {
	rows, err := b.conn.Query(ctx, sizes)
	if err != nil {
		return fmt.Errorf("read sizes: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var table, size, index string
		var n, parts uint64
		if err := rows.Scan(&table, &n, &size, &index, &parts); err != nil {
			return fmt.Errorf("read sizes: %w", err)
		}
		fmt.Printf("%-14s %10d rows %12s, of which index %12s, %d parts\n", table, n, size, index, parts)
	}
	return rows.Err()
}

// material is what queries are made of: words, the commonest first; numbers and texts; keys of phones.
func (b bench) material(ctx context.Context) (words []string, samples [][2]string, phones []string, err error) {
	read := func(statement string, each func(scan func(...any) error) error) error {
		rows, err := b.conn.Query(ctx, statement)
		if err != nil {
			return fmt.Errorf("read %.40s: %w", statement, err)
		}
		defer rows.Close()
		for rows.Next() {
			if err := each(rows.Scan); err != nil {
				return err
			}
		}
		return rows.Err()
	}
	err = read(vocabulary, func(scan func(...any) error) error {
		var word string
		var n uint64
		err := scan(&word, &n)
		words = append(words, word)
		return err
	})
	if err == nil {
		err = read(samplesSQL, func(scan func(...any) error) error {
			var s [2]string
			err := scan(&s[0], &s[1])
			samples = append(samples, s)
			return err
		})
	}
	if err == nil {
		err = read(someKeys, func(scan func(...any) error) error {
			var key string
			err := scan(&key)
			phones = append(phones, key)
			return err
		})
	}
	return words, samples, phones, err
}

// processorTime is what this program and its children that still run, the engine, have used.
func processorTime() time.Duration {
	total := ticks("/proc/self/stat")
	lists, _ := filepath.Glob("/proc/self/task/*/children") // a child belongs to the thread that started it
	for _, list := range lists {
		children, _ := os.ReadFile(list)
		for child := range strings.FieldsSeq(string(children)) {
			total += ticks("/proc/" + child + "/stat")
		}
	}
	return total
}

// ticks reads a process's processor time, in hundredths of a second.
func ticks(path string) time.Duration {
	raw, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(raw), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}
