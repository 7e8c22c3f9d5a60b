package warehouse

import (
	"context"
	"fmt"
	"time"
)

// Exported is one stored message. BusTime is zero for a backfilled one, whose message time is not its arrival.
type Exported struct {
	BusTime time.Time
	Raw     string
}

// Export reads every stored message of the topic in the order of its partitions and offsets.
func (s *Store) Export(ctx context.Context, topic string, each func(Exported) error) error {
	rows, err := s.conn.Query(with(ctx, values{"topic": text(topic)}), s.query("export"))
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var (
			e        Exported
			backfill bool
		)
		if err := rows.Scan(&e.BusTime, &backfill, &e.Raw); err != nil {
			return fmt.Errorf("export: scan: %w", err)
		}
		if backfill {
			e.BusTime = time.Time{}
		}
		if err := each(e); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}
