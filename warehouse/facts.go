package warehouse

import (
	"context"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"wenguo/transform"
)

// SaveFacts stores facts and orphans. Of the facts of one complaint the highest version counts, whenever it was written;
// equal versions are equal rows.
func (s *Store) SaveFacts(ctx context.Context, complaints []transform.Complaint) error {
	var rows []fact
	var lonely []orphan
	for _, c := range complaints {
		if c.ID == "" {
			continue
		}
		if c.Orphan {
			lonely = append(lonely, orphan{c, false})
			continue
		}
		rows = append(rows, fact{Complaint: c})
		rows = append(rows, tombstones(c)...)
		if c.Trace.WasOrphan {
			lonely = append(lonely, orphan{c, true})
		}
	}
	// A block of facts spans as many months as its complaints do.
	ctx = clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{"max_partitions_per_insert_block": 0}))
	if len(rows) > 0 {
		if err := s.insert(ctx, "insert_facts", factColumns(rows)); err != nil {
			return fmt.Errorf("save %d facts: %w", len(rows), err)
		}
	}
	if len(lonely) > 0 {
		if err := s.insert(ctx, "insert_orphans", orphanColumns(lonely)); err != nil {
			return fmt.Errorf("save %d orphans: %w", len(lonely), err)
		}
	}
	return nil
}

// tombstones are rows that remove earlier facts of the complaint from the days on which it was registered until a better
// registration came.
func tombstones(c transform.Complaint) []fact {
	day := func(t time.Time) string { return t.UTC().Format(time.DateOnly) }
	seen := map[string]bool{day(c.RegisteredAt): true}
	var out []fact
	for _, t := range c.Trace.RegisteredElsewhere {
		if !seen[day(t)] {
			seen[day(t)] = true
			out = append(out, fact{deleted: true, Complaint: transform.Complaint{
				ID: c.ID, Version: c.Version, RegisteredAt: t, FirstEventAt: t, LastEventAt: t,
			}})
		}
	}
	return out
}

type orphan struct {
	transform.Complaint
	deleted bool
}

func orphanColumns(rows []orphan) []any {
	var (
		id             = make([]string, len(rows))
		version        = make([]uint64, len(rows))
		deleted        = make([]uint8, len(rows))
		earliest, last = make([]time.Time, len(rows)), make([]time.Time, len(rows))
		events         = make([]uint32, len(rows))
	)
	for i, r := range rows {
		id[i], version[i], deleted[i] = r.ID, r.Version, flag(r.deleted)
		earliest[i], last[i], events[i] = r.FirstEventAt, r.LastEventAt, uint32(r.Events) //nolint:gosec // a count
	}
	return []any{id, version, deleted, earliest, last, events}
}
