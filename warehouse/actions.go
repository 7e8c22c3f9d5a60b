package warehouse

import (
	"context"
	"fmt"
	"sync"
	"time"

	"wenguo/ingest"
	"wenguo/transform/improve"
)

// acted is what people decided about improvement actions, read once for each new decision. The slice is never written to.
type acted struct {
	lock      sync.Mutex
	rows      uint64
	decisions []ingest.Stored
}

// Actions are the improvement actions as of an instant, by the instant they were opened.
func (s *Store) Actions(ctx context.Context, asOf time.Time) ([]improve.Action, error) {
	decisions, err := s.actionDecisions(ctx)
	if err != nil {
		return nil, err
	}
	return improve.Actions(decisions, asOf), nil
}

// actionDecisions are all decisions that Actions folds, with their copies.
func (s *Store) actionDecisions(ctx context.Context) ([]ingest.Stored, error) {
	s.acted.lock.Lock()
	defer s.acted.lock.Unlock()
	var n uint64
	if err := s.conn.QueryRow(ctx, s.query("decisions_of_actions_count")).Scan(&n); err != nil {
		return nil, fmt.Errorf("count decisions about actions: %w", err)
	}
	if n == s.acted.rows {
		return s.acted.decisions, nil
	}
	rows, err := s.conn.Query(ctx, s.query("decisions_of_actions"))
	if err != nil {
		return nil, fmt.Errorf("read decisions about actions: %w", err)
	}
	defer rows.Close()
	var decisions []ingest.Stored
	for rows.Next() {
		var raw string
		var partition uint32
		var offset uint64
		if err := rows.Scan(&raw, &partition, &offset); err != nil {
			return nil, fmt.Errorf("scan decision about actions: %w", err)
		}
		event, err := ingest.DecodeDecision([]byte(raw))
		if err != nil {
			return nil, fmt.Errorf("decode decision about actions: %w", err)
		}
		decisions = append(decisions, ingest.Stored{
			Event: event, Position: ingest.Position{Topic: ingest.TopicDecisions, Partition: int(partition), Offset: int64(offset)}, //nolint:gosec // offsets are not negative
		})
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read decisions about actions: %w", err)
	}
	s.acted.rows, s.acted.decisions = uint64(len(decisions)), decisions
	return decisions, nil
}
