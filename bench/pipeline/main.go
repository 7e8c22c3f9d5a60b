// Command pipeline measures the whole way of an event on this machine: it starts bin/wenguo on a folder of its own, sends
// simulated events, and prints how fast they are stored, how fast they become facts, what memory that takes, how fast text
// is cut into words, and how long a start takes. Figures depend on what else the machine does; it says the load.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
	"unicode/utf8"

	"wenguo/ingest"
	"wenguo/ingest/kafka"
	"wenguo/ingest/simulate"
	"wenguo/transform/text"
	"wenguo/warehouse"
)

func main() {
	events := flag.Int("events", 1_000_000, "events to send")
	program := flag.String("wenguo", "bin/wenguo", "the program")
	flag.Parse()
	if err := run(*events, *program); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(events int, program string) error {
	ctx := context.Background()
	load, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return fmt.Errorf("read load: %w", err)
	}
	fmt.Printf("processors %d, load before %s\n", runtime.NumCPU(), strings.Fields(string(load))[0])
	messages, texts, err := simulated(events)
	if err != nil {
		return err
	}
	if err := segmenting(texts); err != nil {
		return err
	}
	data, err := os.MkdirTemp("", "wenguo-bench-*")
	if err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	defer os.RemoveAll(data)
	p, err := start(ctx, program, data)
	if err != nil {
		return err
	}
	fmt.Printf("first start          %8.2f s\n", p.took.Seconds())
	if err := p.loading(ctx, messages); err != nil {
		return errors.Join(err, p.stop())
	}
	if err := p.stop(); err != nil {
		return err
	}
	if p, err = start(ctx, program, data); err != nil {
		return err
	}
	fmt.Printf("start with the data  %8.2f s\n", p.took.Seconds())
	return p.stop()
}

// simulated makes the events and gives the texts among them.
func simulated(n int) ([]ingest.Message, []string, error) {
	from := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	world, err := simulate.New(simulate.Config{
		Seed: 7, Start: from, Zone: time.FixedZone("Asia/Shanghai", 8*60*60),
		PerDay: func(int) float64 { return 2000 }, IsWorkday: func(t time.Time) bool { return t.Weekday()%6 != 0 },
	})
	if err != nil {
		return nil, nil, fmt.Errorf("simulate: %w", err)
	}
	messages := make([]ingest.Message, 0, n)
	var texts []string
	for record := range world.Records(from, from.AddDate(10, 0, 0)) {
		if record.Bad == "" && record.Kind == ingest.KindRegistered && len(texts) < 20_000 {
			if event, err := ingest.Decode(record.Value); err == nil {
				if data, ok := event.Data.(*ingest.Registered); ok {
					texts = append(texts, data.Title+"。"+data.Content)
				}
			}
		}
		messages = append(messages, ingest.Message{Key: record.Key, Value: record.Value, Time: record.Arrives, Backfill: true})
		if len(messages) == n {
			break
		}
	}
	return messages, texts, nil
}

// segmenting measures the text step on one processor.
func segmenting(texts []string) error {
	dir, err := os.MkdirTemp("", "wenguo-dict-*")
	if err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	defer os.RemoveAll(dir)
	segmenter, err := text.Open(dir)
	if err != nil {
		return fmt.Errorf("open dictionaries: %w", err)
	}
	defer segmenter.Close()
	characters, words := 0, 0
	started := time.Now()
	for _, t := range texts {
		characters += utf8.RuneCountInString(t)
		words += len(segmenter.Words(t))
	}
	seconds := time.Since(started).Seconds()
	fmt.Printf("segmenting           %8.2f million characters/s (%d texts, %d words, normalising included, one processor)\n",
		float64(characters)/seconds/1e6, len(texts), words)
	return nil
}

// running is a wenguo under measurement.
type running struct {
	cmd   *exec.Cmd
	data  string
	took  time.Duration
	kafka kafka.Config
	dsn   string
}

func start(ctx context.Context, program, data string) (*running, error) {
	r := &running{data: data, cmd: exec.CommandContext(ctx, program, "up", "--data", data, "--listen", "127.0.0.1:0")}
	log, err := os.Create(filepath.Join(data, "bench.log"))
	if err != nil {
		return nil, fmt.Errorf("make log: %w", err)
	}
	r.cmd.Stderr = log
	_ = os.Remove(filepath.Join(data, "instance.json"))
	started := time.Now()
	if err := r.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start: %w", err)
	}
	for time.Since(started) < time.Minute {
		content, err := os.ReadFile(filepath.Join(data, "instance.json"))
		var found struct {
			Kafka      []string `json:"kafka"`
			ClickHouse string   `json:"clickhouse"`
		}
		if err == nil && json.Unmarshal(content, &found) == nil {
			r.took, r.dsn = time.Since(started), found.ClickHouse
			r.kafka = kafka.DefaultConfiguration()
			r.kafka.Brokers = found.Kafka
			return r, nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	return nil, errors.New("wenguo did not start within a minute")
}

// loading sends the messages and waits until they are stored, then until they are facts.
func (r *running) loading(ctx context.Context, messages []ingest.Message) error {
	store, err := warehouse.Open(ctx, r.dsn, slog.New(slog.DiscardHandler))
	if err != nil {
		return fmt.Errorf("open warehouse: %w", err)
	}
	defer store.Close()
	peak, done := r.watchMemory()
	defer done()
	producer := kafka.NewProducer(r.kafka, r.kafka.Topic)
	started := time.Now()
	for i := 0; i < len(messages); i += 20_000 {
		if err := producer.Produce(ctx, messages[i:min(i+20_000, len(messages))]); err != nil {
			return fmt.Errorf("produce: %w", err)
		}
	}
	r.rate("onto the bus", len(messages), started)
	ends, err := kafka.EndOffsets(ctx, r.kafka, r.kafka.Topic)
	if err != nil {
		return fmt.Errorf("end offsets: %w", err)
	}
	for behind := true; behind; time.Sleep(20 * time.Millisecond) {
		reach, err := store.Reach(ctx, r.kafka.Topic)
		if err != nil {
			return fmt.Errorf("reach: %w", err)
		}
		behind = false
		for partition, end := range ends {
			behind = behind || reach[partition] < end
		}
	}
	r.rate("into events", len(messages), started)
	if err := store.WaitForFacts(ctx, ends); err != nil {
		return fmt.Errorf("facts: %w", err)
	}
	r.rate("into facts", len(messages), started)
	fmt.Printf("peak memory          %8d MiB, both processes\n", peak.Load()>>20)
	return errors.Join(producer.Close())
}

func (r *running) rate(what string, n int, since time.Time) {
	seconds := time.Since(since).Seconds()
	fmt.Printf("%-20s %8.0f events/s (%d in %.1f s)\n", what, float64(n)/seconds, n, seconds)
}

// watchMemory samples the resident memory of the program and of its engine.
func (r *running) watchMemory() (*atomic.Int64, func()) {
	var peak atomic.Int64
	stop := make(chan struct{})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-stop:
				return
			case <-time.After(100 * time.Millisecond):
				peak.Store(max(peak.Load(), resident(r.cmd.Process.Pid)))
			}
		}
	}()
	return &peak, func() { close(stop); <-ended }
}

// resident memory of a process and its children, bytes.
func resident(pid int) int64 {
	total := pages(pid)
	processes, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return total
	}
	for _, path := range processes {
		content, err := os.ReadFile(path)
		if err != nil {
			continue // it ended
		}
		var state string
		var parent int
		_, rest, _ := strings.Cut(string(content), ") ") // the name before it may hold blanks
		if _, err := fmt.Sscan(rest, &state, &parent); err != nil || parent != pid {
			continue
		}
		var child int
		if _, err := fmt.Sscan(string(content), &child); err == nil {
			total += pages(child)
		}
	}
	return total
}

func pages(pid int) int64 {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	var size, resident int64
	if _, err := fmt.Sscan(string(content), &size, &resident); err != nil {
		return 0
	}
	return resident * int64(os.Getpagesize())
}

func (r *running) stop() error {
	if err := r.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	if err := r.cmd.Wait(); err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	return nil
}
