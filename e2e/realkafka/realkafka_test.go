// Package realkafka_test runs the consumer against Apache Kafka itself, into the real engine: the embedded broker's idea
// of a consumer group is not the one that a cluster has.
package realkafka_test

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	kafkabroker "wenguo/e2e/kafka"
	"wenguo/ingest"
	"wenguo/ingest/kafka"
	"wenguo/ingest/simulate"
	"wenguo/transform"
	"wenguo/transform/sla"
	"wenguo/transform/text"
	"wenguo/warehouse"
	"wenguo/warehouse/enginetest"
)

var engines *enginetest.Engine

func TestMain(m *testing.M) {
	os.Exit(enginetest.Main(m, func(e *enginetest.Engine) { engines = e }))
}

// messages simulates a company's first size messages, bad ones among them.
func messages(t *testing.T, seed uint64, size int) (all []ingest.Message, bad int) {
	t.Helper()
	start := time.Date(2026, 3, 2, 0, 0, 0, 0, time.FixedZone("UTC+8", 8*60*60))
	world, err := simulate.New(simulate.Config{Seed: seed, Start: start, PerDay: func(int) float64 { return 2000 }})
	if err != nil {
		t.Fatal(err)
	}
	for r := range world.Records(start, start.AddDate(1, 0, 0)) {
		if len(all) == size {
			return all, bad
		}
		all = append(all, ingest.Message{Key: r.Key, Value: r.Value, Time: r.Arrives, Backfill: true})
		if r.Bad != "" {
			bad++
		}
	}
	t.Fatalf("the simulated company gave %d messages, want %d", len(all), size)
	return nil, 0
}

// setup gives a topic on the broker and a database of its own.
func setup(t *testing.T, address string) (kafka.Config, *warehouse.Store) {
	t.Helper()
	cfg := kafka.DefaultConfiguration()
	cfg.Brokers = []string{address}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := kafka.EnsureTopics(ctx, cfg); err != nil {
		t.Fatal(err)
	}
	store, err := warehouse.Open(t.Context(), engines.DSN(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return cfg, store
}

// consume runs a member of the group until stop is called, which is a clean leave.
func consume(t *testing.T, cfg kafka.Config, sink kafka.Sink, registry *prometheus.Registry) (stop func()) {
	t.Helper()
	c, err := kafka.NewConsumer(cfg, sink, kafka.NewMetrics(registry), slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("consumer: %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

func produce(t *testing.T, p *kafka.Producer, all []ingest.Message) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	for part := range slices.Chunk(all, 10_000) {
		if err := p.Produce(ctx, part); err != nil {
			t.Fatal(err)
		}
	}
}

// untilStored waits until the store holds everything below the topic's ends, and returns them.
func untilStored(t *testing.T, cfg kafka.Config, store *warehouse.Store) map[int]int64 {
	t.Helper()
	deadline := time.Now().Add(3 * time.Minute)
	ends, err := kafka.EndOffsets(t.Context(), cfg, cfg.Topic)
	for ; err != nil; ends, err = kafka.EndOffsets(t.Context(), cfg, cfg.Topic) { // a broker that came back elects leaders first
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
		time.Sleep(100 * time.Millisecond)
	}
	for ; ; time.Sleep(100 * time.Millisecond) {
		reach, err := store.Reach(t.Context(), cfg.Topic)
		if err != nil {
			t.Fatal(err)
		}
		if maps.Equal(reach, ends) {
			return ends
		}
		if time.Now().After(deadline) {
			t.Fatalf("the store reaches %v of %v", reach, ends)
		}
	}
}

// exact proves that each message is stored once and that the counts are those of the input.
func exact(t *testing.T, store *warehouse.Store, cfg kafka.Config, ends map[int]int64, size, bad int) {
	t.Helper()
	checks, err := store.Verify(t.Context(), cfg.Topic)
	if err != nil {
		t.Fatal(err)
	}
	stored, refused := int64(0), int64(0)
	for _, c := range checks {
		stored, refused = stored+c.Stored, refused+c.Refused
		if !c.OK() || c.From != 0 || c.To != ends[c.Partition] {
			t.Errorf("partition %d ends at %d: %+v", c.Partition, ends[c.Partition], c)
		}
	}
	if stored+refused != int64(size) || refused != int64(bad) {
		t.Errorf("%d messages are stored and %d refused, want %d and %d", stored, refused, size-bad, bad)
	}
	letters, err := kafka.EndOffsets(t.Context(), cfg, cfg.DeadLetters)
	if err != nil {
		t.Fatal(err)
	}
	total := int64(0)
	for _, end := range letters {
		total += end
	}
	if total < int64(bad) {
		t.Errorf("%d dead letters of %d bad messages", total, bad)
	}
	t.Logf("%d stored, %d refused, %d dead letters", stored, refused, total)
}

func TestMessagesOnApacheKafkaBecomeFacts(t *testing.T) {
	cfg, store := setup(t, kafkabroker.Start(t))
	all, bad := messages(t, 3, 5000)
	consume(t, cfg, store, prometheus.NewRegistry())
	producer := kafka.NewProducer(cfg, cfg.Topic)
	defer producer.Close()
	produce(t, producer, all)
	ends := untilStored(t, cfg, store)
	exact(t, store, cfg, ends, len(all), bad)

	policy, err := sla.ParsePolicy(sla.DefaultPolicy())
	if err != nil {
		t.Fatal(err)
	}
	rules := transform.Rules{
		Revision: 1, History: []transform.Applied{{Revision: 1, Policy: policy}}, Mask: text.Mask,
		CustomerKey: func(identity string) string { return identity },
	}
	folded, err := warehouse.NewFolder(store, rules, time.Second, slog.New(slog.DiscardHandler)).Pass(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	facts, err := store.VerifyFacts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !facts.OK() || facts.Complaints == 0 {
		t.Errorf("facts are incomplete: %+v", facts)
	}
	t.Logf("%d facts folded of %d complaints", folded, facts.Complaints)
}

// slow is a store that takes its time and sometimes loses the answer, so that rebalances meet blocks under way.
type slow struct {
	*warehouse.Store
	mu    sync.Mutex
	calls int
}

func (s *slow) InsertBlock(ctx context.Context, b ingest.Block) error {
	s.mu.Lock()
	s.calls++
	lost := s.calls%5 == 0
	s.mu.Unlock()
	time.Sleep(30 * time.Millisecond)
	if err := s.Store.InsertBlock(ctx, b); err != nil {
		return err
	}
	if lost {
		return errors.New("the answer was lost")
	}
	return nil
}

func TestMembersThatComeAndGoWhileItLoadsLoseAndDoubleNothing(t *testing.T) {
	cfg, store := setup(t, kafkabroker.Start(t))
	cfg.BlockEvents = 200
	cfg.SessionTimeout, cfg.DrainTimeout = 6*time.Second, 3*time.Second // the least that Kafka allows
	all, bad := messages(t, 4, 20_000)
	producer := kafka.NewProducer(cfg, cfg.Topic)
	defer producer.Close()
	sink := &slow{Store: store}
	registries := []*prometheus.Registry{prometheus.NewRegistry(), prometheus.NewRegistry(), prometheus.NewRegistry()}

	// join starts a member under load and returns when it has stored something.
	at := 0
	join := func(member, until int) (leave func()) {
		leave = consume(t, cfg, sink, registries[member])
		for ; total(t, registries[member], "wenguo_ingest_events_total") == 0; at += 10 {
			if at >= until {
				t.Fatalf("member %d stored nothing of the first %d messages", member, at)
			}
			produce(t, producer, all[at:at+10])
			time.Sleep(20 * time.Millisecond)
		}
		return leave
	}
	firstLeaves := join(0, 5_000)
	produce(t, producer, all[at:5_000])
	at = 5_000
	secondLeaves := join(1, 10_000)
	secondLeaves()
	produce(t, producer, all[at:12_000])
	at = 12_000
	join(2, 17_000)
	firstLeaves()
	produce(t, producer, all[at:])

	ends := untilStored(t, cfg, store)
	exact(t, store, cfg, ends, len(all), bad)
	generations := total(t, registries[0], "wenguo_ingest_rebalances_total")
	if generations < 3 {
		t.Errorf("the first member saw %v generations, so the test proves little", generations)
	}
	t.Logf("%d inserts, %v generations of the first member", sink.calls, generations)
}

// total sums a metric over its labels.
func total(t *testing.T, registry *prometheus.Registry, name string) (sum float64) {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if family.GetName() != name {
			continue
		}
		for _, metric := range family.GetMetric() {
			sum += metric.GetCounter().GetValue()
		}
	}
	return sum
}
