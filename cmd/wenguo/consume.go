package main

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"

	"wenguo/ingest"
	"wenguo/ingest/kafka"
	"wenguo/warehouse"
)

// newConsumers gives the consumers of events and of decisions. Their metrics have the same names and tell their topics by
// a label. wake is called after each block of events.
func newConsumers(
	cfg config, store *warehouse.Store, room *space, wake func(), registry prometheus.Registerer, log *slog.Logger,
) (events, decisions *kafka.Consumer, err error) {
	measured := func(topic string) *kafka.Metrics {
		return kafka.NewMetrics(prometheus.WrapRegistererWith(prometheus.Labels{"topic": topic}, registry))
	}
	events, err = kafka.NewConsumer(cfg.Kafka, stored{store, room, store.InsertBlock, wake}, measured(cfg.Kafka.Topic), log)
	if err != nil {
		return nil, nil, fmt.Errorf("consumer: %w", err)
	}
	decisions, err = kafka.NewDecisionConsumer(cfg.Kafka, stored{store, room, store.InsertDecisions, func() {}}, measured(ingest.TopicDecisions), log)
	if err != nil {
		return nil, nil, fmt.Errorf("consumer of decisions: %w", err)
	}
	return events, decisions, nil
}

// stored inserts blocks, as long as the disk has room, and tells of each.
type stored struct {
	kafka.Ledger
	room   *space
	insert func(context.Context, ingest.Block) error
	tell   func()
}

// InsertBlock stores a block.
func (s stored) InsertBlock(ctx context.Context, b ingest.Block) error {
	if err := s.room.wait(ctx); err != nil {
		return err
	}
	if err := s.insert(ctx, b); err != nil {
		return fmt.Errorf("store block: %w", err)
	}
	s.tell()
	return nil
}
