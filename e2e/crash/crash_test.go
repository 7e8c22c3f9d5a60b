package crash_test

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"wenguo/e2e/program"
	"wenguo/e2e/truth"
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
	in := truth.MakeInput(t, seed, size, 0)
	t.Logf("%d messages, %d of them bad, about %d complaints", len(in.Messages), in.Bad, len(in.Histories))
	started := time.Now()
	f := &feeder{t: t, data: t.TempDir()}
	f.start()
	f.feed(in.Messages, plan(rand.New(rand.NewPCG(seed, 1)), size))
	t.Logf("all is acknowledged after %.1f s; %d messages were sent twice at most", time.Since(started).Seconds(), f.doubtful)

	ends, err := kafka.EndOffsets(t.Context(), f.bus(), ingest.TopicEvents)
	if err != nil {
		t.Fatal(err)
	}
	if total := truth.Sum(ends); total < size || total > int64(size+f.doubtful) {
		t.Errorf("%d messages are on the bus, want %d and at most %d more", total, size, f.doubtful)
	}
	truth.WaitForFacts(t, f.up.ClickHouse, ends, f.up.Log)
	t.Logf("facts cover everything after %.1f s", time.Since(started).Seconds())

	verify(t, f, ends, in.Bad)
	conn := truth.Connect(t, f.up.ClickHouse)
	truth.CompareEvents(t, conn, in)
	truth.FoldInput(t, f.up.ClickHouse, in, truth.Rules(t, f.data))
	truth.CompareFacts(t, conn)
	t.Logf("done after %.1f s", time.Since(started).Seconds())
	f.closing.Wait()
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
	if refused < int64(bad) || truth.Sum(letters) < refused {
		t.Errorf("%d bad messages, %d refused, %d dead letters", bad, refused, truth.Sum(letters))
	}
}
