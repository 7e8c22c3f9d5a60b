package kafka

import (
	"context"
	"fmt"
	"strconv"
	"time"

	kafkago "github.com/segmentio/kafka-go"

	"wenguo/ingest"
)

// Producer writes messages and returns when every in-sync replica has them.
type Producer struct {
	writer *kafkago.Writer
}

// NewProducer writes to topic. Equal keys go to one partition, chosen as Kafka's own client chooses it.
func NewProducer(cfg Config, topic string) *Producer {
	return &Producer{writer: &kafkago.Writer{
		Addr: kafkago.TCP(cfg.Brokers...), Topic: topic,
		Balancer:     kafkago.Murmur2Balancer{Consistent: true},
		RequiredAcks: kafkago.RequireAll, Compression: kafkago.Lz4,
		BatchSize: 2000, BatchBytes: maxMessageBytes, BatchTimeout: 5 * time.Millisecond,
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
		return fmt.Errorf("write %d messages to %s: %w", len(messages), p.writer.Topic, err)
	}
	return nil
}

// Close waits for what is under way.
func (p *Producer) Close() error {
	if err := p.writer.Close(); err != nil {
		return fmt.Errorf("close producer: %w", err)
	}
	return nil
}

// Headers of a dead letter: where it was read and why it was refused. Its value is the original bytes.
const (
	headerTopic     = "wenguo-topic"
	headerPartition = "wenguo-partition"
	headerOffset    = "wenguo-offset"
	headerClass     = "wenguo-class"
	headerField     = "wenguo-field"
	headerReason    = "wenguo-reason"
	headerTime      = "wenguo-time"
)

// deadLetters writes the refused messages of a block to the dead-letter topic. Their own time, which may be that of an imported
// history, goes into a header: the topic's retention counts from when they were refused.
func (p *Producer) deadLetters(ctx context.Context, b ingest.Block) error {
	out := make([]kafkago.Message, len(b.Rejects))
	for i, r := range b.Rejects {
		out[i] = kafkago.Message{Value: r.Value, Headers: []kafkago.Header{
			{Key: headerTopic, Value: []byte(b.Topic)},
			{Key: headerPartition, Value: []byte(strconv.Itoa(b.Partition))},
			{Key: headerOffset, Value: []byte(strconv.FormatInt(r.Offset, 10))},
			{Key: headerClass, Value: []byte(r.Err.Class)},
			{Key: headerField, Value: []byte(r.Err.Field)},
			{Key: headerReason, Value: []byte(r.Err.Reason)},
			{Key: headerTime, Value: []byte(r.BusTime.UTC().Format(time.RFC3339Nano))},
		}}
	}
	return p.write(ctx, out)
}
