package kafka_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"wenguo/ingest"
	"wenguo/ingest/broker"
	"wenguo/ingest/kafka"
)

// memory is a sink that keeps what the store would: one copy of each token.
type memory struct {
	mu      sync.Mutex
	tokens  map[string]bool
	offsets map[string]int // partition/offset → copies
	repeats int
	fail    func(call int) error // after storing, so that the answer is lost
	calls   int
	rejects []ingest.Refused
	all     map[string]bool
	last    map[int][2]int64
}

func newMemory() *memory {
	return &memory{tokens: map[string]bool{}, offsets: map[string]int{}, all: map[string]bool{}, last: map[int][2]int64{}}
}

func (m *memory) InsertBlock(_ context.Context, b ingest.Block) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls++
	if m.tokens[b.Token()] {
		m.repeats++
	} else {
		m.tokens[b.Token()] = true
		for _, e := range b.Events {
			m.offsets[fmt.Sprintf("%d/%d", b.Partition, e.Offset)]++
			m.all[fmt.Sprintf("%d/%d", b.Partition, e.Offset)] = true
		}
		for _, r := range b.Rejects {
			m.all[fmt.Sprintf("%d/%d", b.Partition, r.Offset)] = true
		}
		m.last[b.Partition] = [2]int64{b.Start, b.End}
		m.rejects = append(m.rejects, b.Rejects...)
	}
	if m.fail != nil {
		return m.fail(m.calls)
	}
	return nil
}

// LastBlock gives the last block, as the store does.
func (m *memory) LastBlock(_ context.Context, _ string, partition int) (start, end int64, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	last := m.last[partition]
	return last[0], last[1], nil
}

// Offsets lists what is kept, refusals too.
func (m *memory) Offsets(_ context.Context, _ string, partition int, start, end int64) (kept []int64, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for offset := start; offset < end; offset++ {
		if m.all[fmt.Sprintf("%d/%d", partition, offset)] {
			kept = append(kept, offset)
		}
	}
	return kept, nil
}

func (m *memory) stored() (distinct, copies int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, n := range m.offsets {
		distinct, copies = distinct+1, copies+n
	}
	return distinct, copies
}

func message(i int) ingest.Message {
	at := time.Date(2026, 1, 1, 0, 0, i, 0, time.UTC)
	return ingest.Message{
		Key: fmt.Sprintf("C-%d", i%97), Time: at,
		Value: fmt.Appendf(nil, `{"event_id":"e-%d","complaint_id":"C-%d","kind":"escalated","occurred_at":%q}`, i, i%97, at.Format(time.RFC3339)),
	}
}

func startBroker(t *testing.T) kafka.Config {
	t.Helper()
	bcfg := broker.DefaultConfiguration()
	bcfg.Dir = t.TempDir()
	b, err := broker.Start(t.Context(), bcfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("broker: %v", err)
		}
	})
	cfg := kafka.DefaultConfiguration()
	cfg.Brokers = []string{b.Address()}
	cfg.SessionTimeout, cfg.DrainTimeout = 2*time.Second, time.Second
	cfg.BlockEvents = 100
	if err := kafka.EnsureTopics(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	return cfg
}

func consume(t *testing.T, cfg kafka.Config, sink kafka.Sink) (stop func()) {
	t.Helper()
	return run(t, kafka.NewConsumer, cfg, sink)
}

func run(
	t *testing.T, consumer func(kafka.Config, kafka.Sink, *kafka.Metrics, *slog.Logger) (*kafka.Consumer, error), cfg kafka.Config, sink kafka.Sink,
) (stop func()) {
	t.Helper()
	c, err := consumer(cfg, sink, kafka.NewMetrics(prometheus.NewRegistry()), slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx) }()
	return sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("consumer: %v", err)
		}
	})
}

func waitFor(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(3 * time.Minute); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if done() {
			return
		}
	}
	t.Fatalf("never happened: %s", what)
}

func produce(t *testing.T, cfg kafka.Config, from, to int) {
	t.Helper()
	p := kafka.NewProducer(cfg, cfg.Topic)
	var all []ingest.Message
	for i := from; i < to; i++ {
		all = append(all, message(i))
	}
	if err := p.Produce(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestEveryMessageIsStoredOnceThroughRebalances(t *testing.T) {
	cfg := startBroker(t)
	sink := newMemory()
	sink.fail = func(call int) error {
		if call%7 == 0 {
			return errors.New("the answer was lost")
		}
		return nil
	}
	stopFirst := consume(t, cfg, sink)
	defer stopFirst()
	produce(t, cfg, 0, 2000)
	stopSecond := consume(t, cfg, sink)
	defer stopSecond()
	produce(t, cfg, 2000, 4000)
	stopFirst()
	produce(t, cfg, 4000, 5000)
	waitFor(t, "5000 messages stored", func() bool { distinct, _ := sink.stored(); return distinct == 5000 })
	stopSecond()
	if distinct, copies := sink.stored(); copies != distinct {
		t.Errorf("%d copies of %d messages", copies, distinct)
	}
	if sink.repeats == 0 {
		t.Error("no block was ever repeated, so the test proves nothing")
	}
}

func TestRefusedMessagesGoToTheDeadLetters(t *testing.T) {
	cfg := startBroker(t)
	sink := newMemory()
	p := kafka.NewProducer(cfg, cfg.Topic)
	bad := message(1)
	bad.Value = []byte(`{"event_id":"x","complaint_id":"C-1","kind":"no_such_kind","occurred_at":"2026-01-01T00:00:00Z"}`)
	if err := p.Produce(t.Context(), []ingest.Message{message(0), bad, message(2)}); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	stop := consume(t, cfg, sink)
	waitFor(t, "two stored and one refused", func() bool {
		distinct, _ := sink.stored()
		return distinct == 2 && len(sink.rejects) == 1
	})
	stop()
	if got := sink.rejects[0].Err; got.Class != ingest.ClassUnknownKind || got.Field != "kind" {
		t.Errorf("refused for %s in %s, want unknown_kind in kind", got.Class, got.Field)
	}
	ends, err := kafka.EndOffsets(t.Context(), cfg, cfg.DeadLetters)
	if err != nil {
		t.Fatal(err)
	}
	total := int64(0)
	for _, end := range ends {
		total += end
	}
	if total != 1 {
		t.Errorf("%d dead letters, want 1", total)
	}
}
