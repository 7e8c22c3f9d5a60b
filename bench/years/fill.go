package main

import (
	"context"
	_ "embed"
	"fmt"
	"log/slog"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"wenguo/ingest"
	"wenguo/ingest/simulate"
	"wenguo/transform"
	"wenguo/warehouse"
)

//go:embed multiply.sql
var multiplySQL string

//go:embed copies.sql
var copiesSQL string

//go:embed stop_merges.sql
var stopMergesSQL string

//go:embed start_merges.sql
var startMergesSQL string

//go:embed merge.sql
var mergeSQL string

//go:embed originals.sql
var originalsSQL string

//go:embed members.sql
var membersSQL string

//go:embed issues.sql
var issuesSQL string

//go:embed runs.sql
var runsSQL string

// bench is the store under measurement.
type bench struct {
	dsn   string
	store *warehouse.Store
	rules transform.Rules
	log   *slog.Logger
	// quiet fills without measuring.
	quiet bool
	// rounds is how often each page is asked warm.
	rounds int
}

// perDay makes 0.1 million complaints in five years.
const perDay = 55

// blockEvents is the size of a block, as ingestion cuts them.
const blockEvents = 20_000

func begin() time.Time { return end().AddDate(-years, 0, 0) }

// seed stores simulated events and folds them, and folds them again to measure that.
func (b bench) seed(ctx context.Context) error {
	from := begin()
	world, err := simulate.New(simulate.Config{
		Seed: 7, Start: from, Zone: b.rules.Current().Zone, PerDay: func(int) float64 { return perDay },
	})
	if err != nil {
		return fmt.Errorf("simulate: %w", err)
	}
	block := ingest.Block{Topic: ingest.TopicEvents, Decoder: ingest.DecoderVersion}
	flush := func() error {
		if err := b.store.InsertBlock(ctx, block); err != nil {
			return fmt.Errorf("store events: %w", err)
		}
		block = ingest.Block{Topic: block.Topic, Decoder: block.Decoder, Start: block.End, End: block.End}
		return nil
	}
	for record := range world.Records(from, end()) {
		event, err := ingest.Decode(record.Value)
		if record.Bad != "" || err != nil || record.Arrives.After(end()) {
			continue
		}
		block.Events = append(block.Events, ingest.Accepted{
			Record: ingest.Record{Offset: block.End, BusTime: record.Arrives, Value: record.Value}, Event: event,
		})
		block.End++
		if len(block.Events) == blockEvents {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	events := block.End
	folder := warehouse.NewFolder(b.store, b.rules, time.Second, b.log)
	if _, err := folder.Pass(ctx); err != nil {
		return fmt.Errorf("fold: %w", err)
	}
	started := time.Now()
	n, err := folder.Rebuild(ctx, nil)
	if err != nil {
		return fmt.Errorf("rebuild: %w", err)
	}
	took := time.Since(started).Seconds()
	fmt.Printf("\nrebuild              %d complaints of %d events in %.1f s: %.0f complaints/s, %.0f events/s\n",
		n, events, took, float64(n)/took, float64(events)/took)
	return b.exec(ctx, runsSQL, clickhouse.Parameters{"first": "0", "at": end().UTC().Format("2006-01-02 15:04:05.000")}, issuesSQL, membersSQL, originalsSQL)
}

// exec runs statements one after the other with the same parameters.
func (b bench) exec(ctx context.Context, first string, p clickhouse.Parameters, more ...string) error {
	conn, err := b.connect()
	if err != nil {
		return err
	}
	defer conn.Close()
	if p == nil {
		p = clickhouse.Parameters{"first": "0"}
	}
	for _, statement := range append([]string{first}, more...) {
		if err := conn.Exec(clickhouse.Context(ctx, clickhouse.WithParameters(p)), statement); err != nil {
			return fmt.Errorf("run %.60s: %w", statement, err)
		}
	}
	return nil
}

func (b bench) connect() (driver.Conn, error) {
	options, err := clickhouse.ParseDSN(b.dsn)
	if err != nil {
		return nil, fmt.Errorf("address: %w", err)
	}
	options.ReadTimeout = 30 * time.Minute
	conn, err := clickhouse.Open(options)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	return conn, nil
}

// copies is how often each simulated complaint is in the store.
func (b bench) copies(ctx context.Context) (int, error) {
	conn, err := b.connect()
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	var n uint64
	if err := conn.QueryRow(ctx, copiesSQL).Scan(&n); err != nil {
		return 0, fmt.Errorf("count copies: %w", err)
	}
	return int(n), nil //nolint:gosec // a small number
}

// multiply adds copies of all facts inside the engine, then makes the daily sums.
func (b bench) multiply(ctx context.Context, first, copies int) error {
	started := time.Now()
	p := clickhouse.Parameters{"first": fmt.Sprint(first), "copies": fmt.Sprint(copies)}
	// Merging every part as it comes would write everything several times.
	if err := b.exec(ctx, stopMergesSQL, p, multiplySQL, startMergesSQL); err != nil {
		return err
	}
	fmt.Printf("\nmade inside the engine: %d copies of each in %.0f s\n", copies, time.Since(started).Seconds())
	if err := b.exec(ctx, membersSQL, clickhouse.Parameters{"first": fmt.Sprint(first)}); err != nil {
		return err
	}
	started = time.Now()
	if err := b.exec(ctx, mergeSQL, nil); err != nil {
		return err
	}
	fmt.Printf("merged in %.0f s\n", time.Since(started).Seconds())
	months := warehouse.NewMonths()
	for day := begin().AddDate(0, 0, -1); day.Before(end().AddDate(0, 0, 1)); day = day.AddDate(0, 0, 1) {
		months.Add(day)
	}
	started = time.Now()
	if err := b.store.Tally(ctx, months); err != nil {
		return fmt.Errorf("sum up: %w", err)
	}
	fmt.Printf("daily sums of all months in %.0f s\n", time.Since(started).Seconds())
	return b.settle(ctx)
}
