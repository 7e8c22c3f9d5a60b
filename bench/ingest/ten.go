package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	kafkago "github.com/segmentio/kafka-go"

	"wenguo/ingest"
	"wenguo/ingest/kafka"
)

// ten stores the ten plain columns of each event under the block's token. The columns say nothing of a message's place, so
// its ledger is the group's own offset: a plan that was left is carried out again, and the token makes that harmless.
type ten struct {
	conn  driver.Conn
	kafka *kafkago.Client
	group string
}

func openTen(ctx context.Context, address string, cfg kafka.Config) (*ten, error) {
	conn, err := clickhouse.Open(&clickhouse.Options{Protocol: clickhouse.HTTP, Addr: []string{address}})
	if err != nil {
		return nil, fmt.Errorf("open engine: %w", err)
	}
	if err := conn.Exec(ctx, statement("ten_once")); err != nil && !exists(err) {
		return nil, errors.Join(fmt.Errorf("make table: %w", err), conn.Close())
	}
	return &ten{conn: conn, kafka: &kafkago.Client{Addr: kafkago.TCP(cfg.Brokers...), Timeout: 5 * time.Second}, group: cfg.Group}, nil
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
	if n == 0 {
		return nil
	}
	event, complaint, kind, source := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	department, title, content := make([]string, n), make([]string, n), make([]string, n)
	category, priority, occurred := make([]string, n), make([]string, n), make([]time.Time, n)
	for i, e := range b.Events {
		event[i], complaint[i], kind[i], source[i] = e.Event.EventID, e.Event.ComplaintID, string(e.Event.Kind), e.Event.Source
		occurred[i], department[i] = e.Event.OccurredAt, e.Event.Actor.Department
		f := e.Event.Data.(*form) //nolint:forcetypeassert // addTen puts it there
		title[i], content[i], category[i], priority[i] = f.Title, f.Content, f.Category, f.Priority
	}
	ctx = clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{
		"insert_deduplication_token": b.Token(), "insert_deduplicate": 1, "async_insert": 0,
	}))
	batch, err := t.conn.PrepareBatch(ctx, strings.TrimSpace(statement("ten_insert")))
	if err != nil {
		return fmt.Errorf("prepare: %w", err)
	}
	for i, column := range []any{event, complaint, kind, occurred, source, department, title, content, category, priority} {
		if err := batch.Column(i).Append(column); err != nil {
			return errors.Join(fmt.Errorf("column %d: %w", i, err), batch.Abort())
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("send: %w", err)
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

// Offsets are never asked for: no block is stored in part.
func (t *ten) Offsets(context.Context, string, int, int64, int64) ([]int64, error) {
	return nil, errors.New("ten columns hold no offsets")
}
