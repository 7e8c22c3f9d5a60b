package kafka

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	kafkago "github.com/segmentio/kafka-go"
	"golang.org/x/sync/semaphore"

	"wenguo/ingest"
)

// Sink stores blocks and knows what it stored.
type Sink interface {
	// InsertBlock stores a block; one that it has, by its token, must change nothing. Only a failure that is a permanent
	// *ingest.StoreError has surely stored nothing.
	InsertBlock(ctx context.Context, b ingest.Block) error
	Ledger
}

// Ledger says what is stored, whole blocks and half ones.
type Ledger interface {
	// LastBlock gives the bounds [start, end) of the block that reaches furthest; end is 0 when nothing is stored.
	LastBlock(ctx context.Context, topic string, partition int) (start, end int64, err error)
	// Offsets lists what is stored of [start, end), in order.
	Offsets(ctx context.Context, topic string, partition int, start, end int64) ([]int64, error)
}

// Into is a Sink of a ledger and a function.
type Into struct {
	Ledger
	Insert func(ctx context.Context, b ingest.Block) error
}

// InsertBlock calls the function.
func (i Into) InsertBlock(ctx context.Context, b ingest.Block) error { return i.Insert(ctx, b) }

// Consumer reads the topic as a member of its group.
type Consumer struct {
	cfg Config
	// add decodes a message of the topic into its block.
	add     func(*ingest.Block, ingest.Record)
	client  *kafkago.Client
	sink    Sink
	dead    *Producer
	log     *slog.Logger
	metrics *Metrics
	room    *semaphore.Weighted
	inserts *semaphore.Weighted
	// steps is told of each moment between two effects; nil outside of tests.
	steps func(partition int, s step) error
}

// NewConsumer gives the consumer of events. It checks the configuration; nothing runs until Run.
func NewConsumer(cfg Config, sink Sink, metrics *Metrics, log *slog.Logger) (*Consumer, error) {
	return NewConsumerOf(cfg, (*ingest.Block).Add, sink, metrics, log)
}

// NewDecisionConsumer gives the consumer of complaints.decisions: the same protocol in a group of its own, so that neither
// topic waits for the other's rebalances. What it refuses goes to the same dead letters, whose headers name the topic.
func NewDecisionConsumer(cfg Config, sink Sink, metrics *Metrics, log *slog.Logger) (*Consumer, error) {
	cfg.Topic, cfg.Group = ingest.TopicDecisions, cfg.Group+"-decisions"
	return NewConsumerOf(cfg, (*ingest.Block).AddDecision, sink, metrics, log)
}

// NewConsumerOf gives a consumer that puts messages into blocks by the caller's own decoder, which must be a function of
// the message alone.
func NewConsumerOf(cfg Config, add func(*ingest.Block, ingest.Record), sink Sink, metrics *Metrics, log *slog.Logger) (*Consumer, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	return &Consumer{
		cfg: cfg, add: add, client: newClient(cfg), sink: sink, dead: newProducer(cfg, cfg.DeadLetters, maxLetterBytes), log: log, metrics: metrics,
		room: semaphore.NewWeighted(cfg.InFlightBytes), inserts: semaphore.NewWeighted(int64(cfg.InsertsInFlight)),
	}, nil
}

// Run consumes until ctx ends, then finishes the planned blocks and leaves the group.
func (c *Consumer) Run(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, c.dead.Close()) }()
	defer release(c.client.Transport)
	group, err := kafkago.NewConsumerGroup(kafkago.ConsumerGroupConfig{
		ID: c.cfg.Group, Brokers: c.cfg.Brokers, Dialer: c.cfg.dialer(), Topics: []string{c.cfg.Topic},
		SessionTimeout: c.cfg.SessionTimeout, RebalanceTimeout: c.cfg.SessionTimeout,
		HeartbeatInterval: c.cfg.SessionTimeout / 5, JoinGroupBackoff: time.Second,
		StartOffset: kafkago.FirstOffset, WatchPartitionChanges: true,
	})
	if err != nil {
		return fmt.Errorf("join group %s: %w", c.cfg.Group, err)
	}
	defer func() {
		if closing := group.Close(); closing != nil {
			err = errors.Join(err, fmt.Errorf("leave group: %w", closing))
		}
	}()
	for {
		generation, err := group.Next(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil { // a new cluster answers so while it makes the coordinator's topic
			c.log.Warn("no generation yet, trying again", "error", c.cfg.explain(err))
			if !pause(ctx, 500*time.Millisecond) {
				return nil
			}
			continue
		}
		c.metrics.rebalances.Inc()
		for topic, assignments := range generation.Assignments {
			for _, a := range assignments {
				w := newWorker(c, generation, topic, a.ID)
				generation.Start(w.run)
			}
		}
	}
}
