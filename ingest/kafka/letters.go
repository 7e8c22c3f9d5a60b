package kafka

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	kafkago "github.com/segmentio/kafka-go"

	"wenguo/ingest"
)

// Headers of a dead letter: where it was read and why it was refused. Its value is the original bytes; the size says how
// many there were, when it is cut.
const (
	headerTopic     = "wenguo-topic"
	headerPartition = "wenguo-partition"
	headerOffset    = "wenguo-offset"
	headerClass     = "wenguo-class"
	headerField     = "wenguo-field"
	headerReason    = "wenguo-reason"
	headerSize      = "wenguo-size"
	headerTime      = "wenguo-time"
)

// A dead letter is its message and some headers, so its topic takes more than the message's own. Where a topic takes
// less, the letter keeps the message's beginning, its size and its place, where all of it stands until retention.
const (
	maxLetterBytes = maxMessageBytes + 64<<10
	cutLetterBytes = 256 << 10
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
		if r.Backfill {
			out[i].Headers = append(out[i].Headers, kafkago.Header{Key: ingest.HeaderBackfill, Value: []byte("1")})
		}
	}
	err := p.write(ctx, out)
	if !tooLarge(err) {
		return err
	}
	for _, m := range out {
		if err := p.write(ctx, []kafkago.Message{m}); tooLarge(err) {
			m.Headers = append(m.Headers, kafkago.Header{Key: headerSize, Value: []byte(strconv.Itoa(len(m.Value)))})
			m.Value = m.Value[:min(len(m.Value), cutLetterBytes)]
			err = p.write(ctx, []kafkago.Message{m})
			if err != nil {
				return err
			}
		} else if err != nil {
			return err
		}
	}
	return nil
}

// tooLarge says whether Kafka, or its client, refuses a message for its size.
func tooLarge(err error) bool {
	if _, ok := errors.AsType[kafkago.MessageTooLargeError](err); ok {
		return true
	}
	all, _ := errors.AsType[kafkago.WriteErrors](err)
	return errors.Is(err, kafkago.MessageSizeTooLarge) ||
		slices.ContainsFunc(all, func(err error) bool { return errors.Is(err, kafkago.MessageSizeTooLarge) })
}
