package kafka

import (
	"context"
	"fmt"
	"time"

	kafkago "github.com/segmentio/kafka-go"

	"wenguo/ingest"
)

// Producer writes messages and returns when every in-sync replica has them.
type Producer struct {
	writer  *kafkago.Writer
	explain func(error) error
}

// NewProducer writes to topic. Equal keys go to one partition, chosen as Kafka's own client chooses it.
func NewProducer(cfg Config, topic string) *Producer { return newProducer(cfg, topic, maxMessageBytes) }

func newProducer(cfg Config, topic string, most int64) *Producer {
	return &Producer{explain: cfg.explain, writer: &kafkago.Writer{
		Addr: kafkago.TCP(cfg.Brokers...), Transport: cfg.transport(), Topic: topic,
		Balancer:     kafkago.Murmur2Balancer{Consistent: true},
		RequiredAcks: kafkago.RequireAll, Compression: kafkago.Lz4,
		BatchSize: 2000, BatchBytes: most, BatchTimeout: 5 * time.Millisecond,
		MaxAttempts: 20, WriteBackoffMin: 50 * time.Millisecond, WriteBackoffMax: time.Second,
	}}
}

// Produce writes messages in order of each key; it returns when all are acknowledged. After an error some may be.
func (p *Producer) Produce(ctx context.Context, messages []ingest.Message) error {
	out := make([]kafkago.Message, len(messages))
	for i, m := range messages {
		out[i] = kafkago.Message{Key: []byte(m.Key), Value: m.Value, Time: m.Time}
		if m.Backfill {
			out[i].Headers = []kafkago.Header{{Key: ingest.HeaderBackfill, Value: []byte("1")}}
		}
	}
	return p.write(ctx, out)
}

func (p *Producer) write(ctx context.Context, messages []kafkago.Message) error {
	if err := p.writer.WriteMessages(ctx, messages...); err != nil {
		return fmt.Errorf("write %d messages to %s: %w", len(messages), p.writer.Topic, p.explain(err))
	}
	return nil
}

// Close waits for what is under way.
func (p *Producer) Close() error {
	defer release(p.writer.Transport)
	if err := p.writer.Close(); err != nil {
		return fmt.Errorf("close producer: %w", err)
	}
	return nil
}
