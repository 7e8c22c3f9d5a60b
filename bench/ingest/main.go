// Command ingest measures ingestion beside others: the same events, produced once into an Apache Kafka of its own, are
// consumed by wenguo into ten plain columns, into everything it stores, and through to facts, and by the engine's own Kafka
// table into the same ten columns. It prints one table in Markdown.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	kafkabroker "wenguo/e2e/kafka"
	"wenguo/ingest/kafka"
)

// options of the program and of the roles it plays.
type options struct {
	events  int
	only    string
	program string
	kills   bool
	role    string
	data    string
	kafka   string
	group   string
	pprof   string
	visible time.Duration
}

func main() {
	var o options
	flag.IntVar(&o.events, "events", 1_000_000, "events on the topic")
	flag.StringVar(&o.only, "only", "", "lines to measure: ten, peer, all, up, separated by commas; empty is all")
	flag.StringVar(&o.program, "wenguo", "bin/wenguo", "the program")
	flag.BoolVar(&o.kills, "kills", true, "measure again with three kills")
	flag.DurationVar(&o.visible, "visible", 30*time.Second, "how long to produce at a steady rate, for produced → visible")
	flag.StringVar(&o.role, "role", "", "the part that this process plays; empty measures")
	flag.StringVar(&o.data, "data", "", "folder; empty is a temporary one")
	flag.StringVar(&o.kafka, "kafka", "", "a broker that holds the topic already; empty starts one")
	flag.StringVar(&o.group, "group", "", "group of a role")
	flag.StringVar(&o.pprof, "pprof", "", "host:port on which a role gives profiles")
	flag.Parse()
	do := measure
	if o.role != "" {
		do = play
	}
	if err := do(o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func measure(o options) (err error) {
	ctx := context.Background()
	if o.data == "" {
		if o.data, err = os.MkdirTemp("", "wenguo-bench-*"); err != nil {
			return fmt.Errorf("make folder: %w", err)
		}
		defer os.RemoveAll(o.data)
	}
	if o.kafka != "" {
		return o.lines(ctx)
	}
	broker, err := kafkabroker.Launch(ctx, o.data)
	if err != nil {
		return fmt.Errorf("start kafka: %w", err)
	}
	defer broker.Kill()
	o.kafka = broker.Address()
	cfg := kafka.DefaultConfiguration()
	cfg.Brokers = []string{o.kafka}
	if err := kafka.EnsureTopics(ctx, cfg); err != nil {
		return fmt.Errorf("make topics: %w", err)
	}
	started := time.Now()
	mean, err := produce(ctx, cfg, o.events)
	if err != nil {
		return err
	}
	fmt.Printf("%d events of %.0f bytes on Apache Kafka after %.0f s, %d processors, load %s\n\n", o.events, mean, time.Since(started).Seconds(), runtime.NumCPU(), load())
	return o.lines(ctx)
}

func (o options) lines(ctx context.Context) error {
	fmt.Println("| from the topic to | events/s | processor seconds per million events (of which engine) | peak memory, MiB | duplicates / losses after three kills | load |")
	fmt.Println("|---|---|---|---|---|---|")
	for _, l := range lines() {
		if !o.wants(l.id()) {
			continue
		}
		r, err := l.measure(ctx, o, o.events)
		if err != nil {
			return err
		}
		fmt.Println(r.row())
	}
	return nil
}

func (o options) wants(what string) bool {
	return o.only == "" || slices.Contains(strings.Split(o.only, ","), what)
}

func lines() []line {
	return []line{
		{name: "wenguo, ten plain columns", role: roleTen, table: "ten"},
		{name: "the engine's Kafka table, the same columns", role: rolePeer, table: "ten", limit: 30 * time.Second},
		{name: "wenguo, everything it stores", role: roleAll, table: "events"},
		{name: "wenguo, through to facts (`wenguo up`)", table: "events", facts: true},
	}
}
