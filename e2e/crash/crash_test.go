package crash_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"wenguo/e2e/program"
	"wenguo/ingest"
	"wenguo/ingest/kafka"
	"wenguo/warehouse"
)

func TestMain(m *testing.M) { os.Exit(program.Main(m)) }

const (
	seed = 20261122
	size = 200_000
)

func TestNothingIsLostOrDoubledWhenEverythingIsKilledWhileItLoads(t *testing.T) {
	t.Logf("seed %d", seed)
	in := makeInput(t, seed, size)
	t.Logf("%d messages, %d of them bad, about %d complaints", len(in.messages), in.bad, len(in.histories))
	started := time.Now()
	f := &feeder{t: t, data: t.TempDir()}
	f.start()
	f.feed(in.messages, plan(rand.New(rand.NewPCG(seed, 1)), size))
	t.Logf("all is acknowledged after %.1f s; %d messages were sent twice at most", time.Since(started).Seconds(), f.doubtful)

	ends, err := kafka.EndOffsets(t.Context(), f.bus(), ingest.TopicEvents)
	if err != nil {
		t.Fatal(err)
	}
	if total := sum(ends); total < size || total > int64(size+f.doubtful) {
		t.Errorf("%d messages are on the bus, want %d and at most %d more", total, size, f.doubtful)
	}
	waitForFacts(t, f.up, ends)
	t.Logf("facts cover everything after %.1f s", time.Since(started).Seconds())

	verify(t, f, ends, in.bad)
	conn := connect(t, f.up.ClickHouse)
	compareEvents(t, conn, in)
	foldInput(t, f.up.ClickHouse, in, rulesOf(t, f.data))
	compareFacts(t, conn)
	t.Logf("done after %.1f s", time.Since(started).Seconds())
	f.closing.Wait()
}

func waitForFacts(t *testing.T, up *program.Up, ends map[int]int64) {
	t.Helper()
	store, err := warehouse.Open(t.Context(), up.ClickHouse, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	if err := store.WaitForFacts(ctx, ends); err != nil {
		t.Fatalf("%v\n%s", err, up.Log())
	}
}

// verify asks the product itself, and holds its answer against what is on the bus.
func verify(t *testing.T, f *feeder, ends map[int]int64, bad int) {
	t.Helper()
	result := program.Run(t, nil, "verify", "--json", "--data", f.data)
	if result.Code != 0 {
		t.Errorf("verify ended with %d: %s", result.Code, result.Stderr)
	}
	var v struct {
		OK         bool `json:"ok"`
		Partitions []warehouse.PartitionCheck
	}
	if err := json.Unmarshal([]byte(result.Stdout), &v); err != nil {
		t.Fatalf("verify printed %q: %v", result.Stdout, err)
	}
	if !v.OK {
		t.Errorf("the store is not exact: %s", result.Stdout)
	}
	refused := int64(0)
	for _, p := range v.Partitions {
		refused += p.Refused
		if p.Duplicates != 0 || p.Stored+p.Refused != ends[p.Partition] || p.From != 0 || p.To != ends[p.Partition] {
			t.Errorf("partition %d holds %d messages: %+v", p.Partition, ends[p.Partition], p)
		}
		delete(ends, p.Partition)
	}
	if len(ends) > 0 {
		t.Errorf("nothing is stored of partitions %v", ends)
	}
	letters, err := kafka.EndOffsets(t.Context(), f.bus(), ingest.TopicDeadLetters)
	if err != nil {
		t.Fatal(err)
	}
	if refused < int64(bad) || sum(letters) < refused {
		t.Errorf("%d bad messages, %d refused, %d dead letters", bad, refused, sum(letters))
	}
}
