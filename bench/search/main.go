// Command search measures what a search costs over many complaints: it folds simulated complaints, multiplies their facts
// and texts inside the engine over five years, and asks a mix of queries about all of them. Wall time depends on what else
// the machine does, so it also prints the processor time that program and engine took for each query.
package main

import (
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"wenguo/transform"
	"wenguo/transform/kpi"
	"wenguo/transform/sla"
	"wenguo/transform/text"
	"wenguo/warehouse"
	"wenguo/warehouse/engine"
)

// childFolder marks the re-executed program that plays the engine.
const childFolder = "WENGUO_BENCH_ENGINE_DIR"

// originals are simulated; years is what copies are spread over.
const (
	originals = 5_000
	years     = 5
)

func main() {
	thousands := flag.Int("thousands", 1000, "how many thousand complaints")
	queries := flag.Int("queries", 200, "how many queries")
	dir := flag.String("data", "", "folder to keep the store in; a passing one without")
	flag.Parse()
	if folder := os.Getenv(childFolder); folder != "" {
		os.Exit(child(folder))
	}
	if err := run(*dir, *thousands*1000/originals, *queries); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func child(folder string) int {
	library, err := engine.LibraryPath()
	cfg := engine.DefaultConfiguration()
	cfg.Dir, cfg.Library = folder, library
	if err == nil {
		err = engine.Child(cfg, slog.New(slog.NewTextHandler(os.Stderr, nil)))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "engine:", err)
		return 1
	}
	return 0
}

// end is the now of all measurements.
func end() time.Time { return time.Date(2026, 11, 20, 4, 0, 0, 0, time.UTC) }

func run(dir string, copies, queries int) (err error) {
	if dir == "" {
		if dir, err = os.MkdirTemp("", "wenguo-search-*"); err != nil {
			return fmt.Errorf("make folder: %w", err)
		}
		defer os.RemoveAll(dir)
	}
	load, _ := os.ReadFile("/proc/loadavg")
	fmt.Printf("processors %d, load before %s\n", runtime.NumCPU(), strings.Fields(string(load) + " ?")[0])
	if err := os.Setenv(childFolder, dir); err != nil {
		return fmt.Errorf("start engine: %w", err)
	}
	process, err := engine.NewProcess([]string{os.Args[0]}, slog.New(slog.DiscardHandler))
	if err != nil {
		return fmt.Errorf("start engine: %w", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- process.Run(ctx) }()
	defer func() {
		stop()
		err = errors.Join(err, <-ended)
	}()
	select {
	case <-process.Ready():
	case err := <-ended:
		ended <- nil
		return fmt.Errorf("start engine: %w", err)
	}
	return measure(ctx, "http://"+process.Address()+"/search", filepath.Join(dir, "dict"), copies, queries)
}

// bench is the store under measurement.
type bench struct {
	store *warehouse.Store
	conn  driver.Conn
	rules transform.Rules
	log   *slog.Logger
}

func measure(ctx context.Context, dsn, dict string, copies, queries int) error {
	policy, err := sla.ParsePolicy(sla.DefaultPolicy())
	if err != nil {
		return fmt.Errorf("policy: %w", err)
	}
	b := bench{log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})), rules: transform.Rules{
		Revision: 1, History: []transform.Applied{{Revision: 1, Policy: policy}}, Mask: text.Mask,
		CustomerKey: func(identity string) string { return identity },
	}}
	if b.store, err = warehouse.Open(ctx, dsn, b.log); err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	defer b.store.Close()
	b.store.UseRules(b.rules)
	options, err := clickhouse.ParseDSN(dsn)
	if err != nil {
		return fmt.Errorf("address: %w", err)
	}
	options.ReadTimeout = time.Hour
	if b.conn, err = clickhouse.Open(options); err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer b.conn.Close()
	segmenter, err := text.Open(dict)
	if err != nil {
		return fmt.Errorf("load dictionaries: %w", err)
	}
	defer segmenter.Close()
	b.store.UseSegmenter(segmenter)
	if err := b.fill(ctx, segmenter, copies); err != nil {
		return err
	}
	return b.ask(ctx, queries, copies)
}

// kinds of queries, each as many as the others.
var kinds = []string{"common word", "rare word", "two words", "phrase", "word, by relevance", "word in a category", "number", "phone"} //nolint:gochecknoglobals // a constant list

func (b bench) ask(ctx context.Context, queries, copies int) error {
	words, samples, phones, err := b.material(ctx)
	if err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(3, 4))
	all := kpi.Query{From: end().AddDate(-years-1, 0, 0), To: end().AddDate(0, 0, 1), AsOf: end().AddDate(0, 1, 0)}
	took := map[string][][2]time.Duration{}
	for i := range queries + len(kinds) {
		kind := kinds[i%len(kinds)]
		common, rare := words[r.IntN(min(30, len(words)))], words[len(words)-1-r.IntN(len(words)/2)]
		f := transform.ComplaintFilter{Query: all, Limit: 50}
		switch kind {
		case "common word":
			f.Text = common
		case "rare word":
			f.Text = rare
		case "two words":
			f.Text = common + " " + words[r.IntN(len(words)/4)]
		case "phrase":
			body := []rune(samples[r.IntN(len(samples))][1])
			at := r.IntN(max(1, len(body)-8))
			f.Text = `"` + strings.TrimSpace(string(body[at:min(len(body), at+4+r.IntN(4))])) + `"`
		case "word, by relevance":
			f.Text, f.ByRelevance = common, true
		case "word in a category":
			f.Text, f.Slice = common, kpi.Slice{kpi.Category: {"物流"}}
		case "number":
			f.Text = samples[r.IntN(len(samples))][0]
		case "phone":
			f.Key = phones[r.IntN(len(phones))] + fmt.Sprint(1+r.IntN(copies))
		}
		cpu, started := processorTime(), time.Now()
		if _, err := b.store.Complaints(ctx, f); err != nil {
			return fmt.Errorf("%s: %w", kind, err)
		}
		if i >= len(kinds) { // the first of each is warm-up
			took[kind] = append(took[kind], [2]time.Duration{time.Since(started), processorTime() - cpu})
			took["all"] = append(took["all"], took[kind][len(took[kind])-1])
		}
	}
	fmt.Printf("%-20s %8s %8s %8s %12s %12s\n", "query", "asked", "p50 ms", "p95 ms", "p50 cpu ms", "p95 cpu ms")
	for _, kind := range append(slices.Clone(kinds), "all") {
		fmt.Printf("%-20s %8d %8d %8d %12d %12d\n", kind, len(took[kind]),
			quantile(took[kind], 0, .5), quantile(took[kind], 0, .95), quantile(took[kind], 1, .5), quantile(took[kind], 1, .95))
	}
	return nil
}

func quantile(all [][2]time.Duration, which int, p float64) int64 {
	sorted := make([]time.Duration, len(all))
	for i, one := range all {
		sorted[i] = one[which]
	}
	slices.Sort(sorted)
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(p*float64(len(sorted))))].Milliseconds()
}
