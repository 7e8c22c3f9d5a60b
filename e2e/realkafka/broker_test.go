package realkafka_test

import (
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	kafkabroker "wenguo/e2e/kafka"
	"wenguo/ingest/kafka"
)

func TestABrokerThatDiesAndComesBackWhileItLoadsLosesAndDoublesNothing(t *testing.T) {
	broker := kafkabroker.StartBroker(t)
	cfg, store := setup(t, broker.Address())
	cfg.BlockEvents = 100
	cfg.SessionTimeout, cfg.DrainTimeout = 6*time.Second, 3*time.Second // the least that Kafka allows
	all, bad := messages(t, 5, 8000)
	producer := kafka.NewProducer(cfg, cfg.Topic)
	defer producer.Close()
	produce(t, producer, all) // before, so that a producer's own repetition does not blur what the consumer does
	registry := prometheus.NewRegistry()
	consume(t, cfg, &slow{Store: store}, registry)
	for total(t, registry, "wenguo_ingest_events_total") == 0 {
		time.Sleep(5 * time.Millisecond)
	}
	broker.Kill()
	before := total(t, registry, "wenguo_ingest_events_total")
	if before >= float64(len(all)-bad) {
		t.Fatalf("all %v events were stored before the broker died, so the test proves nothing", before)
	}
	if err := broker.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	ends := untilStored(t, cfg, store)
	exact(t, store, cfg, ends, len(all), bad)
	t.Logf("%v events were stored when the broker died", before)
}

func TestAConsumerFarBehindCatchesUpInFullBlocks(t *testing.T) {
	const behind = 100_000
	cfg, store := setup(t, kafkabroker.Start(t))
	all, bad := messages(t, 6, behind)
	producer := kafka.NewProducer(cfg, cfg.Topic)
	defer producer.Close()
	produce(t, producer, all)
	registry := prometheus.NewRegistry()
	consume(t, cfg, store, registry)
	ends := untilStored(t, cfg, store)
	exact(t, store, cfg, ends, behind, bad)
	checks, err := store.Verify(t.Context(), cfg.Topic)
	if err != nil {
		t.Fatal(err)
	}
	blocks := 0
	for _, c := range checks {
		blocks += c.Blocks
	}
	// Only the last block of each partition may be short.
	if most := behind/cfg.BlockEvents + 2*cfg.Partitions; blocks > most {
		t.Errorf("%d events came in %d blocks, want at most %d: it does not read ahead", behind, blocks, most)
	}
}
