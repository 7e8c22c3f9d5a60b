// Command years measures what pages and key figures cost with years of history: 0.1, 1 and 10 million complaints over five
// years, the same kind of complaints in greater number. It starts the embedded engine on a folder of its own, folds 0.1
// million simulated complaints from their events, and multiplies their facts inside the engine. Figures depend on what
// else the machine does; it says the load.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"strings"
	"time"

	"wenguo/transform"
	"wenguo/transform/sla"
	"wenguo/transform/text"
	"wenguo/warehouse"
	"wenguo/warehouse/engine"
)

// childFolder marks the re-executed program that plays the engine.
const childFolder = "WENGUO_BENCH_ENGINE_DIR"

// The history: five years that end at noon of a working day.
const years = 5

func main() {
	dir := flag.String("data", "", "folder to keep the store in, to measure it again; a passing one without")
	most := flag.Float64("millions", 10, "stop at so many million complaints: 0.1, 1 or 10")
	only := flag.Bool("measure", false, "only measure what the folder holds")
	rounds := flag.Int("rounds", 21, "how often each page is asked warm; figures a quarter as often")
	fill := flag.Bool("fill", false, "only fill the folder")
	flag.Parse()
	if folder := os.Getenv(childFolder); folder != "" {
		os.Exit(child(folder))
	}
	if err := run(*dir, *most, *rounds, *only, *fill); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func child(folder string) int {
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	library, err := engine.LibraryPath()
	if err != nil {
		log.Error("engine", "error", err)
		return 1
	}
	cfg := engine.DefaultConfiguration()
	cfg.Dir, cfg.Library = folder, library
	if err := engine.Child(cfg, log); err != nil {
		return 1
	}
	return 0
}

// end is the now of all measurements.
func end() time.Time { return time.Date(2026, 11, 20, 4, 0, 0, 0, time.UTC) }

func run(dir string, most float64, rounds int, only, fill bool) (err error) {
	load, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return fmt.Errorf("read load: %w", err)
	}
	fmt.Printf("processors %d, load before %s\n", runtime.NumCPU(), strings.Fields(string(load))[0])
	if dir == "" {
		if dir, err = os.MkdirTemp("", "wenguo-years-*"); err != nil {
			return fmt.Errorf("make folder: %w", err)
		}
		defer os.RemoveAll(dir)
	}
	ctx, stop := context.WithCancel(context.Background())
	dsn, ended, err := startEngine(ctx, dir)
	defer func() {
		stop()
		if ended != nil {
			err = errors.Join(err, <-ended)
		}
	}()
	if err != nil {
		return err
	}
	policy, err := sla.ParsePolicy(sla.DefaultPolicy())
	if err != nil {
		return fmt.Errorf("policy: %w", err)
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	store, err := warehouse.Open(ctx, dsn, log)
	if err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	defer store.Close()
	b := bench{dsn: dsn, store: store, log: log, quiet: fill, rounds: rounds, rules: transform.Rules{
		Revision: 1, History: []transform.Applied{{Revision: 1, Policy: policy}}, Mask: text.Mask,
		CustomerKey: func(identity string) string { return identity },
	}}
	store.UseRules(b.rules)
	if only {
		return b.measure(ctx)
	}
	return b.grow(ctx, most)
}

func startEngine(ctx context.Context, dir string) (string, chan error, error) {
	if err := os.Setenv(childFolder, dir); err != nil {
		return "", nil, fmt.Errorf("start engine: %w", err)
	}
	process, err := engine.NewProcess([]string{os.Args[0]}, slog.New(slog.DiscardHandler))
	if err != nil {
		return "", nil, fmt.Errorf("start engine: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- process.Run(ctx) }()
	select {
	case <-process.Ready():
		return "http://" + process.Address() + "/years", ended, nil
	case err := <-ended:
		return "", nil, fmt.Errorf("start engine: %w", err)
	}
}

// grow makes one size after the other and measures each.
func (b bench) grow(ctx context.Context, most float64) error {
	copies, err := b.copies(ctx)
	if err != nil {
		return err
	}
	if copies == 0 {
		if err := b.seed(ctx); err != nil {
			return err
		}
		if err := b.measure(ctx); err != nil {
			return err
		}
		copies = 1
	}
	for _, size := range []struct {
		millions float64
		copies   int
	}{{1, 10}, {10, 100}} {
		if most < size.millions {
			return nil
		}
		if copies >= size.copies {
			continue // a folder that is filled further
		}
		if err := b.multiply(ctx, copies, size.copies-copies); err != nil {
			return err
		}
		copies = size.copies
		if err := b.measure(ctx); err != nil {
			return err
		}
		if size.millions == 1 {
			if err := b.raw(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}
