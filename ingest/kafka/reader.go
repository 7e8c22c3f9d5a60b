package kafka

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	kafkago "github.com/segmentio/kafka-go"

	"wenguo/ingest"
)

// fetchBytes is how much Kafka may send at once, as it is compressed: texts become five to ten times as much.
const fetchBytes = 1 << 20

// fetchWait is how long Kafka may hold a fetch when there is nothing to send.
const fetchWait = 250 * time.Millisecond

// reader fetches the messages of one partition in order. What it fetched beyond a block's end it keeps for the next.
type reader struct {
	client    *kafkago.Client
	topic     string
	partition int

	// patiently asks until there is an answer; it gives up on errors that asking again cannot help.
	patiently func(ctx context.Context, what string, ask func(context.Context) error) error

	ahead     []ingest.Record
	highWater int64
	// quietFor is how long nothing has come.
	quietFor time.Duration
}

// gather reads from offset until the block is full or BlockWait has passed since its first message. It may give nothing.
func (r *reader) gather(ctx context.Context, offset int64, cfg Config) ([]ingest.Record, error) {
	var (
		taken []ingest.Record
		bytes int
		first time.Time
	)
	for {
		n := 0
		for n < len(r.ahead) && len(taken)+n < cfg.BlockEvents && (bytes < cfg.BlockBytes) {
			bytes += len(r.ahead[n].Value)
			n++
		}
		taken = append(taken, r.ahead[:n]...)
		r.ahead = r.ahead[n:]
		if len(r.ahead) > 0 { // full
			return taken, nil
		}
		wait := fetchWait
		if len(taken) > 0 {
			if first.IsZero() {
				first = time.Now()
			}
			if wait = min(wait, cfg.BlockWait-time.Since(first)); wait <= 0 || len(taken) >= cfg.BlockEvents || bytes >= cfg.BlockBytes {
				return taken, nil
			}
			offset = taken[len(taken)-1].Offset + 1
		}
		started := time.Now()
		if err := r.fetch(ctx, offset, wait); err != nil || ctx.Err() != nil {
			return nil, err
		}
		if len(r.ahead) > 0 {
			r.quietFor = 0
		} else if r.quietFor += time.Since(started); len(taken) == 0 {
			return nil, nil
		}
	}
}

// exactly reads the messages of [start, end), as the worker did that planned them.
func (r *reader) exactly(ctx context.Context, start, end int64) ([]ingest.Record, error) {
	var taken []ingest.Record
	r.ahead = nil
	for next := start; next < end; {
		if err := r.fetch(ctx, next, fetchWait); err != nil {
			return nil, err
		}
		if ctx.Err() != nil {
			return nil, fmt.Errorf("read the plan [%d, %d): %w", start, end, ctx.Err())
		}
		if len(r.ahead) == 0 {
			if r.highWater < end {
				return nil, fmt.Errorf("the plan [%d, %d) reaches beyond the log's end %d: %w", start, end, r.highWater, errCutLog)
			}
			continue
		}
		for len(r.ahead) > 0 && r.ahead[0].Offset < end {
			taken = append(taken, r.ahead[0])
			r.ahead = r.ahead[1:]
		}
		if len(r.ahead) > 0 {
			break
		}
		next = taken[len(taken)-1].Offset + 1
	}
	return taken, nil
}

// fetch fills ahead with the messages from offset on, as many as one answer holds.
func (r *reader) fetch(ctx context.Context, offset int64, wait time.Duration) error {
	err := r.patiently(ctx, "fetch", func(ctx context.Context) error {
		answer, err := r.client.Fetch(ctx, &kafkago.FetchRequest{
			Topic: r.topic, Partition: r.partition, Offset: offset, MinBytes: 1, MaxBytes: fetchBytes, MaxWait: wait,
		})
		if err == nil {
			err = answer.Error
		}
		if err != nil {
			return fmt.Errorf("fetch %s/%d from %d: %w", r.topic, r.partition, offset, err)
		}
		records, err := readRecords(answer.Records, offset)
		if err != nil {
			return fmt.Errorf("fetch %s/%d from %d: %w", r.topic, r.partition, offset, err)
		}
		r.ahead, r.highWater = append(r.ahead, records...), answer.HighWatermark
		return nil
	})
	if ctx.Err() != nil {
		return nil //nolint:nilerr // the caller looks at ctx
	}
	return err
}

// arenaBytes is how much memory the values of an answer share at least.
const arenaBytes = 256 << 10

// readRecords reads an answer's records from offset on.
func readRecords(records kafkago.RecordReader, offset int64) (read []ingest.Record, err error) {
	var arena []byte
	for {
		record, err := records.ReadRecord()
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) { // an answer may end inside a batch
			return read, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read record: %w", err)
		}
		if record.Offset < offset { // a batch may begin before what was asked
			continue
		}
		out := ingest.Record{Offset: record.Offset, BusTime: record.Time.UTC().Truncate(time.Millisecond)}
		if out.Value, arena, err = copyValue(record.Value, arena); err != nil {
			return nil, fmt.Errorf("read record %d: value: %w", record.Offset, err)
		}
		for _, h := range record.Headers {
			if h.Key == ingest.HeaderBackfill && string(h.Value) == "1" {
				out.Backfill = true
			}
		}
		read = append(read, out)
	}
}

// copyValue copies a value out of the client's buffer, which is used again, to the arena's end; a full arena is left to its
// values and another begun.
func copyValue(value kafkago.Bytes, arena []byte) (copied, rest []byte, err error) {
	if value == nil {
		return nil, arena, nil
	}
	n := value.Len()
	if cap(arena)-len(arena) < n {
		arena = make([]byte, 0, max(arenaBytes, n))
	}
	at := len(arena)
	arena = arena[:at+n]
	if _, err := io.ReadFull(value, arena[at:]); err != nil {
		return nil, arena, fmt.Errorf("copy: %w", err)
	}
	return arena[at : at+n : at+n], arena, nil
}
