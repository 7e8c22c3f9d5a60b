package warehouse

import (
	"context"
	"fmt"
	"path/filepath"
)

// BackupTables are what cannot be made again from the others: events and what people decided, the refusals that make their
// offsets complete, and issues, whose ids live on from run to run. They are frozen in this order: a discovery is published by
// its row in issue_runs, and a block stores its events before its refusals.
var BackupTables = []string{ //nolint:gochecknoglobals // a constant list
	"issue_runs", "issues", "issue_members", "issue_moves", "issue_lineage", "issue_history", "issue_held",
	"events", "decisions", "rejects",
}

// frozenName is the folder of frozen parts below the engine's.
const frozenName = "wenguo_backup"

// Shadow is the folder, below the engine's own, that frozen parts stand in. Whoever froze them removes it.
func Shadow() string { return filepath.Join("shadow", frozenName) }

// Freeze holds the backup's tables as they are, each at one instant, until Shadow is removed; it costs no room by itself. It
// gives each table's folder, which is the same below Shadow and below the engine's folder.
func (s *Store) Freeze(ctx context.Context) (map[string]string, error) {
	for _, table := range BackupTables {
		if err := s.conn.Exec(with(ctx, values{"table": text(table)}), s.query("backup_freeze")); err != nil {
			return nil, fmt.Errorf("freeze %s: %w", table, err)
		}
	}
	return s.Places(ctx)
}

// Places gives the folder of each of the backup's tables, below that of the embedded engine.
func (s *Store) Places(ctx context.Context) (map[string]string, error) {
	found := map[string]string{}
	err := s.pairs(with(ctx, values{"tables": list(BackupTables)}), "backup_places", func(table, id string) {
		found[table] = filepath.Join("store", id[:3], id)
	})
	if err != nil {
		return nil, fmt.Errorf("find tables: %w", err)
	}
	return found, nil
}

// Schema is the number of the schema that this program works with.
func Schema() (uint32, error) {
	names, err := schemaFiles()
	if err != nil {
		return 0, err
	}
	return schemaNumber(names[len(names)-1])
}

// Trim takes back what a restored store holds of blocks that were not finished when its offsets were read: from the offset of
// each partition on, the topic is read again.
func (s *Store) Trim(ctx context.Context, topic string, offsets map[int]int64) error {
	for partition, from := range offsets {
		p := values{"topic": text(topic), "partition": number(partition), "from": number(max(from, 0))}
		for _, table := range []string{"events", "decisions", "rejects"} {
			var n uint64
			if err := s.conn.QueryRow(with(ctx, p), s.query("restore_count_"+table)).Scan(&n); err != nil {
				return fmt.Errorf("look for unfinished blocks: %w", err)
			}
			if n == 0 {
				continue
			}
			if err := s.mutate(ctx, table, "restore_trim_"+table, p); err != nil {
				return fmt.Errorf("take back unfinished blocks: %w", err)
			}
		}
	}
	return nil
}
