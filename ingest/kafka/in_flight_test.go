package kafka_test

import (
	"sync"
	"testing"
	"time"

	"wenguo/ingest/kafka"
)

// busiest counts how many partitions are between two steps at once.
type busiest struct {
	from, to kafka.Step
	mu       sync.Mutex
	inside   map[int]bool
	most     int
}

func (b *busiest) at(partition int, s kafka.Step) error {
	b.mu.Lock()
	switch s {
	case b.from:
		b.inside[partition] = true
		b.most = max(b.most, len(b.inside))
	case b.to:
		delete(b.inside, partition)
	}
	b.mu.Unlock()
	if s == b.from {
		time.Sleep(20 * time.Millisecond) // others would come in
	}
	return nil
}

func TestWhatIsHeldAndInsertedAtOnceIsBounded(t *testing.T) {
	t.Parallel()
	for name, bound := range map[string]struct {
		change   func(*kafka.Config)
		from, to kafka.Step
		most     int
	}{
		"room for one block":      {func(c *kafka.Config) { c.InFlightBytes = int64(c.BlockBytes) }, "dead letters are about to be written", "a block is inserted", 1},
		"one insert":              {func(c *kafka.Config) { c.InsertsInFlight = 1 }, "a block is about to be inserted", "a block is inserted", 1},
		"room for all partitions": {func(c *kafka.Config) { c.InFlightBytes, c.InsertsInFlight = 8*int64(c.BlockBytes), 8 }, "a block is about to be inserted", "a block is inserted", 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.cfg.Topic += "-wide"
			r.cfg.Partitions = 4
			r.cfg.SessionTimeout, r.cfg.DrainTimeout = time.Minute, 50*time.Second // an attempt that is given up never ends its step
			bound.change(&r.cfg)
			if err := kafka.EnsureTopics(t.Context(), r.cfg); err != nil {
				t.Fatal(err)
			}
			r.produce(800, every(10))
			b := &busiest{from: bound.from, to: bound.to, inside: map[int]bool{}}
			m := r.join(r.store, b.at)
			r.settle()
			m.stop()
			r.verify()
			b.mu.Lock()
			defer b.mu.Unlock()
			if b.most != bound.most {
				t.Errorf("%d partitions were at work at once, want %d", b.most, bound.most)
			}
		})
	}
}
