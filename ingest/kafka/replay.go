package kafka

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"strconv"
	"time"

	kafkago "github.com/segmentio/kafka-go"

	"wenguo/ingest"
)

// Letter is a dead letter: a refused message with why it was refused.
type Letter struct {
	Class, Field, Reason string
	// Value is the original message; Cut says that only its beginning was kept.
	Value    []byte
	Cut      bool
	Backfill bool
	// Time is the bus time of the original message.
	Time time.Time

	offset int64
}

// replayBatch is how many letters are sent, and remembered as sent, at once.
const replayBatch = 500

// Mailbox reads the dead letters and sends them again.
type Mailbox struct {
	cfg    Config
	client *kafkago.Client
	events *Producer
}

// NewMailbox makes a mailbox; Close ends it.
func NewMailbox(cfg Config) *Mailbox {
	return &Mailbox{cfg: cfg, client: newClient(cfg), events: NewProducer(cfg, cfg.Topic)}
}

// Close waits for what is under way.
func (m *Mailbox) Close() error { return m.events.Close() }

// Latest gives up to n of the newest letters of each partition, oldest first.
func (m *Mailbox) Latest(ctx context.Context, n int64) ([]Letter, error) {
	ends, err := EndOffsets(ctx, m.cfg, m.cfg.DeadLetters)
	if err != nil {
		return nil, err
	}
	var letters []Letter
	for partition, end := range ends {
		_, err := m.read(ctx, partition, end-n, end, func(l Letter) error {
			letters = append(letters, l)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return letters, nil
}

// Replay puts the letters of one reason on the bus again, in their order, each once: how far it came is kept with the broker,
// for each reason, so that asking again sends what was refused since. A message that is refused again becomes another letter.
// A crash in between may send some twice; the facts count an event once.
func (m *Mailbox) Replay(ctx context.Context, class, field, reason string) (sent, cut int64, err error) {
	group := m.replayGroup(class, field, reason)
	ends, err := EndOffsets(ctx, m.cfg, m.cfg.DeadLetters)
	if err != nil {
		return 0, 0, err
	}
	done, err := m.done(ctx, group, ends)
	if err != nil {
		return 0, 0, err
	}
	for partition, end := range ends {
		var batch []ingest.Message
		flush := func(next int64) error {
			if err := m.events.Produce(ctx, batch); err != nil {
				return err
			}
			sent, batch = sent+int64(len(batch)), batch[:0]
			return m.remember(ctx, group, partition, next)
		}
		next, err := m.read(ctx, partition, done[partition], end, func(l Letter) error {
			switch {
			case l.Class != class || l.Field != field || l.Reason != reason:
				return nil
			case l.Cut:
				cut++
				return nil
			}
			if batch = append(batch, l.again()); len(batch) < replayBatch {
				return nil
			}
			return flush(l.offset + 1)
		})
		if err == nil {
			err = flush(next)
		}
		if err != nil {
			return sent, cut, err
		}
	}
	return sent, cut, nil
}

// again is the message as its producer would send it now: with its complaint's key once it can be read.
func (l Letter) again() ingest.Message {
	m := ingest.Message{Value: l.Value, Time: l.Time, Backfill: l.Backfill}
	if event, err := ingest.Decode(l.Value); err == nil {
		m.Key = event.Key()
	}
	return m
}

// replayGroup names the place where a reason's progress is kept; a reason may hold anything, so it is hashed.
func (m *Mailbox) replayGroup(class, field, reason string) string {
	h := fnv.New64a()
	for _, s := range []string{class, field, reason} {
		_, _ = h.Write([]byte(s + "\x00"))
	}
	return m.cfg.Group + "-replay-" + strconv.FormatUint(h.Sum64(), 36)
}

func (m *Mailbox) done(ctx context.Context, group string, ends map[int]int64) (map[int]int64, error) {
	partitions := make([]int, 0, len(ends))
	for partition := range ends {
		partitions = append(partitions, partition)
	}
	answer, err := m.client.OffsetFetch(ctx, &kafkago.OffsetFetchRequest{
		GroupID: group, Topics: map[string][]int{m.cfg.DeadLetters: partitions},
	})
	if err == nil {
		err = answer.Error
	}
	done := map[int]int64{}
	if errors.Is(err, kafkago.GroupIdNotFound) { // nothing was
		return done, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read how far letters were replayed: %w", err)
	}
	for _, p := range answer.Topics[m.cfg.DeadLetters] {
		if p.Error != nil {
			return nil, fmt.Errorf("read how far letters were replayed: %w", p.Error)
		}
		done[p.Partition] = max(p.CommittedOffset, 0)
	}
	return done, nil
}

func (m *Mailbox) remember(ctx context.Context, group string, partition int, next int64) error {
	answer, err := m.client.OffsetCommit(ctx, &kafkago.OffsetCommitRequest{
		GroupID: group, GenerationID: -1,
		Topics: map[string][]kafkago.OffsetCommit{m.cfg.DeadLetters: {{Partition: partition, Offset: next}}},
	})
	if err != nil {
		return fmt.Errorf("remember how far letters were replayed: %w", err)
	}
	for _, p := range answer.Topics[m.cfg.DeadLetters] {
		if p.Error != nil {
			return fmt.Errorf("remember how far letters were replayed: %w", p.Error)
		}
	}
	return nil
}

// read visits the letters of [from, end) that the log still has, and gives the offset behind the last.
func (m *Mailbox) read(ctx context.Context, partition int, from, end int64, visit func(Letter) error) (int64, error) {
	answer, err := m.client.ListOffsets(ctx, &kafkago.ListOffsetsRequest{
		Topics: map[string][]kafkago.OffsetRequest{m.cfg.DeadLetters: {kafkago.FirstOffsetOf(partition)}},
	})
	if err != nil {
		return from, fmt.Errorf("find the oldest dead letter: %w", err)
	}
	next := from
	for _, p := range answer.Topics[m.cfg.DeadLetters] {
		if p.Error != nil {
			return from, fmt.Errorf("find the oldest dead letter: %w", p.Error)
		}
		next = max(next, p.FirstOffset)
	}
	for next < end {
		answer, err := m.client.Fetch(ctx, &kafkago.FetchRequest{
			Topic: m.cfg.DeadLetters, Partition: partition, Offset: next, MinBytes: 1, MaxBytes: 8 << 20, MaxWait: fetchWait,
		})
		if err == nil {
			err = answer.Error
		}
		if err != nil {
			return next, fmt.Errorf("read dead letters from %d/%d: %w", partition, next, err)
		}
		before := next
		for next < end {
			record, err := answer.Records.ReadRecord()
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) { // an answer may end inside a batch
				break
			}
			if err != nil {
				return next, fmt.Errorf("read dead letter: %w", err)
			}
			if record.Offset < next {
				continue
			}
			letter, err := openLetter(record)
			if err != nil {
				return next, err
			}
			if err := visit(letter); err != nil {
				return next, err
			}
			next = record.Offset + 1
		}
		if next == before {
			break // what is left are gaps
		}
	}
	return max(next, from), nil
}

func openLetter(record *kafkago.Record) (Letter, error) {
	l := Letter{Time: record.Time, offset: record.Offset}
	if record.Value != nil {
		value, err := kafkago.ReadAll(record.Value)
		if err != nil {
			return l, fmt.Errorf("read dead letter %d: %w", record.Offset, err)
		}
		l.Value = value
	}
	for _, h := range record.Headers {
		switch h.Key {
		case headerClass:
			l.Class = string(h.Value)
		case headerField:
			l.Field = string(h.Value)
		case headerReason:
			l.Reason = string(h.Value)
		case ingest.HeaderBackfill:
			l.Backfill = string(h.Value) == "1"
		case headerSize:
			l.Cut = true
		case headerTime:
			if at, err := time.Parse(time.RFC3339Nano, string(h.Value)); err == nil {
				l.Time = at
			}
		}
	}
	return l, nil
}
