package warehouse

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"time"

	"wenguo/ingest"
	"wenguo/transform"
)

// asofKey names the facts as of an instant that stand beside those of the table, 0 when there are none: complaints that
// went on after the instant are folded again from their events until then, once, and are kept for a day. All others are
// read as they are.
func (s *Store) asofKey(ctx context.Context, at time.Time) (uint64, error) {
	past, err := s.tallyState(ctx)
	if err != nil {
		return 0, err
	}
	if past.ready && at.UnixMilli() >= past.made && !at.Before(past.clock) && len(past.ahead) == 0 {
		return 0, nil // nothing stored is later
	}
	var ids []string
	var state uint64
	row := s.conn.QueryRow(with(final(ctx), values{"at": instant(at)}), s.query("asof_wanted"))
	if err := row.Scan(&ids, &state); err != nil {
		return 0, fmt.Errorf("list complaints that went on after %s: %w", at, err)
	}
	if len(ids) == 0 {
		return 0, nil
	}
	rules, err := s.currentRules()
	if err != nil {
		return 0, err
	}
	key := asofHash(at, state, rules.Revision)
	s.asof.Lock()
	defer s.asof.Unlock()
	var known uint64
	if err := s.conn.QueryRow(with(ctx, values{"asof_key": number(key)}), s.query("asof_known")).Scan(&known); err != nil {
		return 0, fmt.Errorf("look for facts as of %s: %w", at, err)
	}
	if known > 0 {
		return key, nil
	}
	return key, s.foldAt(ctx, ids, rules, at, key)
}

func asofHash(at time.Time, state uint64, revision uint32) uint64 {
	h := fnv.New64a()
	b := binary.BigEndian.AppendUint64(nil, uint64(at.UnixMilli())) //nolint:gosec // only a hash
	b = binary.BigEndian.AppendUint64(b, state)
	_, _ = h.Write(binary.BigEndian.AppendUint32(b, revision))
	return h.Sum64()>>1 | 1 // not 0, and within Int64
}

// foldAt makes the facts as of an instant; the key counts as known only when all are stored.
func (s *Store) foldAt(ctx context.Context, ids []string, rules transform.Rules, at time.Time, key uint64) error {
	for start := 0; start < len(ids); start += passComplaints {
		var rows []fact
		err := s.EventsOf(ctx, ids[start:min(start+passComplaints, len(ids))], func(_ string, events []ingest.Stored) error {
			if c, known := transform.FoldAt(events, rules, at); known {
				rows = append(rows, fact{Complaint: c})
			}
			return nil
		})
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			continue
		}
		keys := make([]uint64, len(rows))
		for i := range keys {
			keys[i] = key
		}
		if err := s.insert(ctx, "insert_facts_asof", append(factColumns(rows), keys)); err != nil {
			return fmt.Errorf("save facts as of %s: %w", at, err)
		}
	}
	if err := s.conn.Exec(with(ctx, values{"asof_key": number(key)}), s.query("asof_done")); err != nil {
		return fmt.Errorf("save facts as of %s: %w", at, err)
	}
	return nil
}
