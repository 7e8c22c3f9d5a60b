package warehouse

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"wenguo/ingest"
	"wenguo/warehouse/native"
)

// InsertBlock stores a block. Repeating it, after an error or a crash at any point, changes nothing. Events come before
// refusals: the facts' worker takes the end of either for the whole. A failure is an *ingest.StoreError; one that blames
// the rows has stored nothing.
func (s *Store) InsertBlock(ctx context.Context, b ingest.Block) error {
	ctx = once(ctx, b)
	if err := s.insertEvents(ctx, b); err != nil {
		return err
	}
	return s.insertRejects(ctx, b)
}

// once makes a table drop the inserts of a block that it has.
func once(ctx context.Context, b ingest.Block) context.Context {
	settings := clickhouse.Settings{}
	for name, value := range onceSettings(b) {
		settings[name] = value
	}
	return clickhouse.Context(ctx, clickhouse.WithSettings(settings))
}

func onceSettings(b ingest.Block) map[string]string {
	return map[string]string{"insert_deduplication_token": b.Token(), "insert_deduplicate": "1", "async_insert": "0"}
}

func (s *Store) insertEvents(ctx context.Context, b ingest.Block) error {
	n := len(b.Events)
	if n == 0 {
		return nil
	}
	if s.blocks != nil {
		if err := s.blocks.Insert(ctx, s.query("insert_events"), onceSettings(b), eventsBlock(b)); err != nil {
			return fmt.Errorf("insert events %s: %w", b.Token(), insertError(err))
		}
		return nil
	}
	topic, partition, offset, start, end := place(b, n)
	var (
		busTime, occurred           = make([]time.Time, n), make([]time.Time, n)
		backfill                    = make([]bool, n)
		event, complaint, kind, src = make([]string, n), make([]string, n), make([]string, n), make([]string, n)
		raw                         = make([]string, n)
	)
	for i, row := range b.Events {
		offset[i], busTime[i], backfill[i], raw[i] = uint64(row.Offset), row.BusTime, row.Backfill, string(row.Value) //nolint:gosec // offsets are not negative
		event[i], complaint[i], kind[i] = row.Event.EventID, row.Event.ComplaintID, string(row.Event.Kind)
		occurred[i], src[i] = row.Event.OccurredAt, row.Event.Source
	}
	columns := []any{topic, partition, offset, start, end, busTime, backfill, event, complaint, kind, occurred, src, raw}
	if err := s.insert(ctx, "insert_events", columns); err != nil {
		return fmt.Errorf("insert events %s: %w", b.Token(), insertError(err))
	}
	return nil
}

// eventColumns is how many columns insert_events lists.
const eventColumns = 13

// eventsBlock writes the block's events as insert_events lists them.
func eventsBlock(b ingest.Block) *native.Block {
	size := 0
	for _, e := range b.Events {
		size += len(e.Value) + len(e.Event.EventID) + len(e.Event.ComplaintID) + 64
	}
	events, out := b.Events, native.NewBlock(eventColumns, len(b.Events), size)
	out.Words("k_topic", func(int) string { return b.Topic })
	out.Smalls("k_partition", func(int) uint32 { return uint32(b.Partition) })      //nolint:gosec // Kafka's partitions are not negative
	out.Numbers("k_offset", func(i int) uint64 { return uint64(events[i].Offset) }) //nolint:gosec // nor are its offsets
	out.Numbers("block_start", func(int) uint64 { return uint64(b.Start) })         //nolint:gosec // nor are its offsets
	out.Numbers("block_end", func(int) uint64 { return uint64(b.End) })             //nolint:gosec // nor are its offsets
	out.Instants("bus_time", func(i int) time.Time { return events[i].BusTime })
	out.Bools("backfill", func(i int) bool { return events[i].Backfill })
	out.Strings("event_id", func(i int) string { return events[i].Event.EventID })
	out.Strings("complaint_id", func(i int) string { return events[i].Event.ComplaintID })
	out.Words("kind", func(i int) string { return string(events[i].Event.Kind) })
	out.Instants("occurred_at", func(i int) time.Time { return events[i].Event.OccurredAt })
	out.Words("source", func(i int) string { return events[i].Event.Source })
	out.Bytes("raw", func(i int) []byte { return events[i].Value })
	return out
}

func (s *Store) insertRejects(ctx context.Context, b ingest.Block) error {
	n := len(b.Rejects)
	if n == 0 {
		return nil
	}
	topic, partition, offset, start, end := place(b, n)
	busTime, size := make([]time.Time, n), make([]uint32, n)
	class, field, reason := make([]string, n), make([]string, n), make([]string, n)
	for i, row := range b.Rejects {
		offset[i], busTime[i], size[i] = uint64(row.Offset), row.BusTime, uint32(len(row.Value)) //nolint:gosec // Kafka limits a message to int32
		class[i], field[i], reason[i] = string(row.Err.Class), row.Err.Field, row.Err.Reason
	}
	if err := s.insert(ctx, "insert_rejects", []any{topic, partition, offset, start, end, busTime, class, field, reason, size}); err != nil {
		return fmt.Errorf("insert rejects %s: %w", b.Token(), momentary(err))
	}
	return nil
}

// place gives the columns that say where n rows of the block stand; offsets are left to fill.
func place(b ingest.Block, n int) (topic []string, partition []uint32, offset, start, end []uint64) {
	topic, partition = make([]string, n), make([]uint32, n)
	offset, start, end = make([]uint64, n), make([]uint64, n), make([]uint64, n)
	for i := range n {
		topic[i], partition[i] = b.Topic, uint32(b.Partition) //nolint:gosec // Kafka's partitions are not negative
		start[i], end[i] = uint64(b.Start), uint64(b.End)     //nolint:gosec // nor are its offsets
	}
	return topic, partition, offset, start, end
}

// insert sends columns as one native block, one slice a column in the statement's order.
func (s *Store) insert(ctx context.Context, query string, columns []any) error {
	batch, err := s.conn.PrepareBatch(ctx, s.query(query))
	if err != nil {
		return fmt.Errorf("prepare: %w", err)
	}
	for i, column := range columns {
		if err := batch.Column(i).Append(column); err != nil {
			return errors.Join(fmt.Errorf("column %d: %w", i, err), batch.Abort())
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("send: %w", err)
	}
	return nil
}
