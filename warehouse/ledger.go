package warehouse

import (
	"context"
	"fmt"
)

// LastBlock gives the bounds [start, end) of the block that reaches furthest on the partition, whole or half stored; end
// is 0 when nothing of the partition is stored.
func (s *Store) LastBlock(ctx context.Context, topic string, partition int) (start, end int64, err error) {
	ctx = with(ctx, values{"topic": text(topic), "partition": number(partition)})
	var from, to uint64
	if err := s.conn.QueryRow(ctx, s.query("last_block")).Scan(&from, &to); err != nil {
		return 0, 0, fmt.Errorf("find the last block of %s/%d: %w", topic, partition, err)
	}
	return int64(from), int64(to), nil //nolint:gosec // Kafka's offsets fit
}

// Offsets lists the offsets of [start, end) that are stored, as events, decisions or refusals, each once and in order.
func (s *Store) Offsets(ctx context.Context, topic string, partition int, start, end int64) ([]int64, error) {
	rows, err := s.conn.Query(with(ctx, values{
		"topic": text(topic), "partition": number(partition), "start": number(start), "end": number(end),
	}), s.query("stored_offsets"))
	if err != nil {
		return nil, fmt.Errorf("list stored offsets of %s/%d: %w", topic, partition, err)
	}
	defer rows.Close()
	var offsets []int64
	for rows.Next() {
		var offset uint64
		if err := rows.Scan(&offset); err != nil {
			return nil, fmt.Errorf("list stored offsets of %s/%d: %w", topic, partition, err)
		}
		offsets = append(offsets, int64(offset)) //nolint:gosec // Kafka's offsets fit
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("list stored offsets of %s/%d: %w", topic, partition, err)
	}
	return offsets, nil
}
