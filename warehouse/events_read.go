package warehouse

import (
	"context"
	"fmt"
	"time"

	"wenguo/ingest"
)

// Reach gives, for each partition of the topic, the offset up to which every message is stored or refused.
func (s *Store) Reach(ctx context.Context, topic string) (map[int]int64, error) {
	reach, err := s.offsets(with(ctx, values{"topic": text(topic)}), "reach")
	if err != nil {
		return nil, fmt.Errorf("read how far events are stored: %w", err)
	}
	return reach, nil
}

// Watermarks gives, for each partition of the topic, the offset up to which the worker has done its work.
func (s *Store) Watermarks(ctx context.Context, worker, topic string) (map[int]int64, error) {
	marks, err := s.offsets(with(ctx, values{"worker": text(worker), "topic": text(topic)}), "watermarks")
	if err != nil {
		return nil, fmt.Errorf("read watermarks of %s: %w", worker, err)
	}
	return marks, nil
}

// SetWatermark says that the worker has done everything below next.
func (s *Store) SetWatermark(ctx context.Context, worker, topic string, partition int, next int64) error {
	ctx = with(ctx, values{"worker": text(worker), "topic": text(topic), "partition": number(partition), "next": number(next)})
	if err := s.conn.Exec(ctx, s.query("insert_watermark")); err != nil {
		return fmt.Errorf("set watermark of %s at %s/%d: %w", worker, topic, partition, err)
	}
	return nil
}

func (s *Store) offsets(ctx context.Context, query string) (map[int]int64, error) {
	rows, err := s.conn.Query(ctx, s.query(query))
	if err != nil {
		return nil, fmt.Errorf("query: %w", err)
	}
	defer rows.Close()
	found := map[int]int64{}
	for rows.Next() {
		var partition uint32
		var offset uint64
		if err := rows.Scan(&partition, &offset); err != nil {
			return nil, fmt.Errorf("scan: %w", err)
		}
		found[int(partition)] = int64(offset) //nolint:gosec // Kafka's offsets fit
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("rows: %w", err)
	}
	return found, nil
}

// Touched lists the complaints that have an event with from ≤ offset < to on the partition, in order.
func (s *Store) Touched(ctx context.Context, topic string, partition int, from, to int64) ([]string, error) {
	ctx = with(ctx, values{"topic": text(topic), "partition": number(partition), "from": number(from), "to": number(to)})
	ids, err := s.strings(ctx, "touched")
	if err != nil {
		return nil, fmt.Errorf("list touched complaints: %w", err)
	}
	return ids, nil
}

func (s *Store) strings(ctx context.Context, query string) ([]string, error) {
	rows, err := s.conn.Query(ctx, s.query(query))
	if err != nil {
		return nil, fmt.Errorf("query: %w", err)
	}
	defer rows.Close()
	var found []string
	for rows.Next() {
		var value string
		if err := rows.Scan(&value); err != nil {
			return nil, fmt.Errorf("scan: %w", err)
		}
		found = append(found, value)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("rows: %w", err)
	}
	return found, nil
}

// EventsOf reads all events of the complaints and calls each once a complaint, in the order of their ids. Complaints
// without an event are left out.
func (s *Store) EventsOf(ctx context.Context, ids []string, each func(id string, events []ingest.Stored) error) error {
	if len(ids) == 0 {
		return nil
	}
	return s.eventsBy(with(ctx, values{"ids": list(ids)}), "events_of", each)
}

// eventsBy reads the events that a query gives in the order of their complaints.
func (s *Store) eventsBy(ctx context.Context, query string, each func(id string, events []ingest.Stored) error) error {
	rows, err := s.conn.Query(ctx, s.query(query))
	if err != nil {
		return fmt.Errorf("read events: %w", err)
	}
	defer rows.Close()
	var (
		current string
		events  []ingest.Stored
	)
	for rows.Next() {
		event, err := scanEvent(rows)
		if err != nil {
			return err
		}
		if event.ComplaintID != current && len(events) > 0 {
			if err := each(current, events); err != nil {
				return err
			}
			events = nil
		}
		current = event.ComplaintID
		events = append(events, event)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read events: %w", err)
	}
	if len(events) == 0 {
		return nil
	}
	return each(current, events)
}

// scanner is the part of a result that reads one row.
type scanner interface{ Scan(dest ...any) error }

func scanEvent(row scanner) (ingest.Stored, error) {
	var (
		topic, complaint, raw string
		partition             uint32
		offset                uint64
		busTime               time.Time
		backfill              bool
	)
	if err := row.Scan(&topic, &partition, &offset, &busTime, &backfill, &complaint, &raw); err != nil {
		return ingest.Stored{}, fmt.Errorf("scan event: %w", err)
	}
	event, err := ingest.DecodeOwned([]byte(raw))
	if err != nil {
		return ingest.Stored{}, fmt.Errorf("decode stored event %s/%d/%d of complaint %s: %w", topic, partition, offset, complaint, err)
	}
	return ingest.Stored{Event: event, Position: ingest.Position{
		Topic: topic, Partition: int(partition), Offset: int64(offset), BusTime: busTime.UTC(), Backfill: backfill, //nolint:gosec // Kafka's offsets fit
	}}, nil
}
