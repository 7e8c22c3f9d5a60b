package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	kafkago "github.com/segmentio/kafka-go"

	"wenguo/ingest"
	"wenguo/ingest/kafka"
	"wenguo/warehouse/native"
)

// ten stores the ten plain columns of each event under the block's token. The columns say nothing of a message's place, so
// its ledger is the group's own offset: a plan that was left is carried out again, and the token makes that harmless.
type ten struct {
	conn   driver.Conn
	blocks *native.Client
	kafka  *kafkago.Client
	group  string

	mu sync.Mutex
	// sent is each partition's last block.
	sent map[int]ingest.Block
}

func openTen(ctx context.Context, address string, cfg kafka.Config) (*ten, error) {
	options := &clickhouse.Options{Protocol: clickhouse.HTTP, Addr: []string{address}}
	conn, err := clickhouse.Open(options)
	if err != nil {
		return nil, fmt.Errorf("open engine: %w", err)
	}
	if err := conn.Exec(ctx, statement("ten_once")); err != nil && !exists(err) {
		return nil, errors.Join(fmt.Errorf("make table: %w", err), conn.Close())
	}
	return &ten{conn: conn, blocks: native.NewClient(options), kafka: &kafkago.Client{Addr: kafkago.TCP(cfg.Brokers...), Timeout: 5 * time.Second}, group: cfg.Group, sent: map[int]ingest.Block{}}, nil
}

// addTen decodes a message by the rules of every event, and of its data the four fields of a form.
func addTen(b *ingest.Block, r ingest.Record) {
	event, err := ingest.DecodeAs(r.Value, func(k ingest.Kind) any {
		if k.NewData() == nil { // an unknown kind
			return nil
		}
		return &form{}
	})
	if err == nil {
		err = event.Validate(r.BusTime)
	}
	if err != nil {
		b.Rejects = append(b.Rejects, ingest.Refused{Record: r, Err: ingest.AsError(err)})
		return
	}
	b.Events = append(b.Events, ingest.Accepted{Record: r, Event: event})
}

// InsertBlock stores the block, once.
func (t *ten) InsertBlock(ctx context.Context, b ingest.Block) error {
	n := len(b.Events)
	t.mu.Lock()
	t.sent[b.Partition] = b
	t.mu.Unlock()
	if n == 0 {
		return nil
	}
	data := make([]*form, n)
	size := 0
	for i, e := range b.Events {
		data[i] = e.Event.Data.(*form) //nolint:forcetypeassert // addTen puts it there
		size += len(e.Value)
	}
	events, out := b.Events, native.NewBlock(10, n, size)
	out.Strings("event_id", func(i int) string { return events[i].Event.EventID })
	out.Strings("complaint_id", func(i int) string { return events[i].Event.ComplaintID })
	out.Words("kind", func(i int) string { return string(events[i].Event.Kind) })
	out.Instants("occurred_at", func(i int) time.Time { return events[i].Event.OccurredAt })
	out.Words("source", func(i int) string { return events[i].Event.Source })
	out.Words("department", func(i int) string { return events[i].Event.Actor.Department })
	out.Strings("title", func(i int) string { return data[i].Title })
	out.Strings("content", func(i int) string { return data[i].Content })
	out.Words("category", func(i int) string { return data[i].Category })
	out.Words("priority", func(i int) string { return data[i].Priority })
	settings := map[string]string{"insert_deduplication_token": b.Token(), "insert_deduplicate": "1", "async_insert": "0"}
	if err := t.blocks.Insert(ctx, statement("ten_insert"), settings, out); err != nil {
		return fmt.Errorf("insert %s: %w", b.Token(), err)
	}
	return nil
}

// LastBlock is where the group's offset stands.
func (t *ten) LastBlock(ctx context.Context, topic string, partition int) (start, end int64, err error) {
	answer, err := t.kafka.OffsetFetch(ctx, &kafkago.OffsetFetchRequest{GroupID: t.group, Topics: map[string][]int{topic: {partition}}})
	if err == nil {
		err = answer.Error
	}
	if err != nil {
		return 0, 0, fmt.Errorf("read the group's offset: %w", err)
	}
	for _, p := range answer.Topics[topic] {
		if p.Partition == partition && p.CommittedOffset > 0 {
			return 0, p.CommittedOffset, nil
		}
	}
	return 0, 0, nil
}

// Offsets says which of the partition's last block is stored, by the names of its events, of which it reads all
// there are: no other block is asked for, and only after a kill.
func (t *ten) Offsets(ctx context.Context, _ string, partition int, start, end int64) ([]int64, error) {
	t.mu.Lock()
	b := t.sent[partition]
	t.mu.Unlock()
	if b.Start != start || b.End != end {
		return nil, fmt.Errorf("ten columns hold no offsets: the last block is %s", b.Token())
	}
	rows, err := t.conn.Query(ctx, statement("kept_ten"))
	if err != nil {
		return nil, fmt.Errorf("look block up: %w", err)
	}
	defer rows.Close()
	kept := map[string]bool{}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("look block up: %w", err)
		}
		kept[id] = true
	}
	var offsets []int64
	for _, e := range b.Events {
		if kept[e.Event.EventID] {
			offsets = append(offsets, e.Offset)
		}
	}
	for _, r := range b.Rejects { // have no row of their own here
		offsets = append(offsets, r.Offset)
	}
	slices.Sort(offsets)
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("look block up: %w", err)
	}
	return offsets, nil
}
