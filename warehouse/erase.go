package warehouse

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"wenguo/ingest"
	"wenguo/transform"
)

// Sizes of the eraser's work: complaints forgotten together, and bytes of new messages in one statement. A statement rewrites
// whole parts, so that few large ones are cheaper than many small ones.
const (
	eraseComplaints = 500
	eraseBytes      = 256 << 10
	// eraseStatement is the longest statement: one message of the largest size, every byte of it escaped twice.
	eraseStatement = 8 << 20
)

// eraseShare is how much longer than its last work the eraser rests: a rewrite of a few rows rewrites whole parts, so a few
// rewrites of many rows are worth waiting for.
const eraseShare = 4

// mutationLook is how often a rewrite under way is looked at.
const mutationLook = 50 * time.Millisecond

// Eraser removes what identifies a customer from every table, for the complaints that an erased event was folded of. What is
// due stands in the store, and a complaint leaves it last, so that work that was broken off is done again from its start;
// nothing in it hurts twice.
//
// Rows stay: each keeps its place on the bus, its ids and what figures are made from (transform.Erase). What a rewrite
// replaces is deleted from the disk when the engine removes replaced parts, a few minutes later (docs/privacy.md).
type Eraser struct {
	store *Store
	// list is told the erased events, as JSON without personal data, before they are carried out.
	list func(events [][]byte) error
	poll time.Duration
	log  *slog.Logger
}

// NewEraser makes a worker that looks every poll. list keeps the erased events where a restore of an older backup finds them;
// it may be told the same ones again.
func NewEraser(store *Store, list func(events [][]byte) error, poll time.Duration, log *slog.Logger) *Eraser {
	return &Eraser{store: store, list: list, poll: poll, log: log}
}

// Run works until ctx ends. While the warehouse does not answer it tries again.
func (e *Eraser) Run(ctx context.Context) error {
	rest := time.NewTimer(0)
	defer rest.Stop()
	for {
		select {
		case <-rest.C:
		case <-ctx.Done():
			return nil
		}
		started := time.Now()
		n, err := e.Pass(ctx)
		if err != nil && ctx.Err() == nil {
			e.log.Warn("eraser tries again", "error", err)
		}
		took := time.Since(started)
		if n > 0 {
			e.log.Info("personal data erased", "complaints", n, "seconds", took.Seconds())
			took *= eraseShare
		}
		rest.Reset(max(e.poll, took))
	}
}

// Pass erases everything that is due and gives the number of complaints.
func (e *Eraser) Pass(ctx context.Context) (int, error) {
	total := 0
	for {
		ids, err := e.store.strings(with(ctx, values{"most": number(eraseComplaints)}), "erasures_due")
		if err != nil {
			return total, fmt.Errorf("list erasures: %w", err)
		}
		if len(ids) == 0 {
			return total, nil
		}
		if err := e.erase(ctx, ids); err != nil {
			return total, fmt.Errorf("erase: %w", err)
		}
		total += len(ids)
	}
}

// erase blanks derived words first: they are found by the texts in the facts, and these are made from events, which are
// blanked last.
func (e *Eraser) erase(ctx context.Context, ids []string) error {
	due, err := e.store.readForErasure(ctx, ids)
	if err != nil {
		return err
	}
	if err := e.list(due.erased); err != nil {
		return fmt.Errorf("keep list of erasures: %w", err)
	}
	if err := e.store.eraseWords(ctx, ids); err != nil {
		return err
	}
	if err := e.store.eraseDerived(ctx, ids); err != nil {
		return err
	}
	for _, block := range due.blocks {
		if err := e.store.mutate(ctx, "events", "erase_events", block.values(ids)); err != nil {
			return err
		}
	}
	return e.store.noteErasures(ctx, ids, nil, due.rows)
}

// blanked are new contents of messages of one partition.
type blanked struct {
	topic     string
	partition uint32
	offsets   []string
	raws      []string
	bytes     int
}

func (b blanked) values(ids []string) values {
	return values{
		"topic": text(b.topic), "partition": number(b.partition), "ids": list(ids), "raws": list(b.raws),
		"offsets": "[" + strings.Join(b.offsets, ",") + "]",
	}
}

// erasure is what has to be done about some complaints: the messages to rewrite, the number of messages of each, and the
// erased events among them.
type erasure struct {
	blocks []blanked
	rows   map[string]uint64
	erased [][]byte
}

func (s *Store) readForErasure(ctx context.Context, ids []string) (erasure, error) {
	out := erasure{rows: map[string]uint64{}}
	query := "raws_of"
	err := s.read(ctx, query, s.query(query), values{"ids": list(ids)}, func(row scanner) error {
		var (
			topic, complaint, raw string
			partition             uint32
			offset                uint64
		)
		if err := row.Scan(&topic, &partition, &offset, &complaint, &raw); err != nil {
			return fmt.Errorf("scan: %w", err)
		}
		out.rows[complaint]++
		event, err := ingest.Decode([]byte(raw))
		if err != nil {
			return fmt.Errorf("decode stored event %s/%d/%d: %w", topic, partition, offset, err)
		}
		kept, err := ingest.Encode(transform.Erase(event))
		if err != nil {
			return fmt.Errorf("erase event %s/%d/%d: %w", topic, partition, offset, err)
		}
		if event.Kind == ingest.KindErased {
			out.erased = append(out.erased, kept)
		}
		if string(kept) != raw {
			out.add(topic, partition, offset, string(kept))
		}
		return nil
	})
	if err != nil {
		return erasure{}, fmt.Errorf("read messages: %w", err)
	}
	return out, nil
}

func (e *erasure) add(topic string, partition uint32, offset uint64, raw string) {
	n := len(e.blocks) - 1
	if n < 0 || e.blocks[n].topic != topic || e.blocks[n].partition != partition || e.blocks[n].bytes+len(raw) > eraseBytes {
		e.blocks = append(e.blocks, blanked{topic: topic, partition: partition})
		n++
	}
	b := &e.blocks[n]
	b.offsets, b.raws, b.bytes = append(b.offsets, number(offset)), append(b.raws, raw), b.bytes+len(raw)
}

// eraseDerived blanks facts, also those that newer ones have replaced, facts as of earlier instants, the pairs of texts
// that are nearly the same (the other text says what the erased one said), and what is searched, replaced texts included.
func (s *Store) eraseDerived(ctx context.Context, ids []string) error {
	p := values{"ids": list(ids)}
	for _, of := range []struct{ table, count, change string }{
		{"complaints", "erase_facts_count", "erase_facts"},
		{"complaints_asof", "erase_asof_count", "erase_asof"},
		{"duplicates", "erase_duplicates_count", "erase_duplicates"},
		{"search_keys", "erase_search_keys_count", "erase_search_keys"},
		{"search_texts", "erase_search_texts_count", "erase_search_texts"},
		{"search_texts", "erase_search_hidden_count", "erase_search_hidden"},
	} {
		var n uint64
		if err := s.conn.QueryRow(with(ctx, p), s.query(of.count)).Scan(&n); err != nil {
			return fmt.Errorf("look for personal data in %s: %w", of.table, err)
		}
		if n == 0 {
			continue
		}
		if err := s.mutate(ctx, of.table, of.change, p); err != nil {
			return err
		}
	}
	return nil
}

// mutate rewrites rows of a table and returns when no rewrite of it is left, one that was broken off earlier included. The
// engine goes on with a rewrite after a crash by itself.
func (s *Store) mutate(ctx context.Context, table, query string, p values) error {
	if err := s.settled(ctx, table); err != nil {
		return err
	}
	long := clickhouse.Context(with(ctx, p), clickhouse.WithSettings(clickhouse.Settings{"max_query_size": eraseStatement}))
	if err := s.conn.Exec(long, s.query(query)); err != nil {
		return fmt.Errorf("rewrite %s: %w", table, err)
	}
	return s.settled(ctx, table)
}

func (s *Store) settled(ctx context.Context, table string) error {
	for {
		var undone uint64
		var reason string
		if err := s.conn.QueryRow(with(ctx, values{"table": text(table)}), s.query("mutations_undone")).Scan(&undone, &reason); err != nil {
			return fmt.Errorf("look at rewrites of %s: %w", table, err)
		}
		if undone == 0 {
			return nil
		}
		if reason != "" {
			return fmt.Errorf("a rewrite of %s fails, the engine tries it again: %.200s", table, reason)
		}
		select {
		case <-time.After(mutationLook):
		case <-ctx.Done():
			return fmt.Errorf("wait for a rewrite of %s: %w", table, ctx.Err())
		}
	}
}

// noteErasures says of complaints how many messages the facts have seen, or how many the eraser has done.
func (s *Store) noteErasures(ctx context.Context, ids []string, seen, done map[string]uint64) error {
	if len(ids) == 0 {
		return nil
	}
	saw, did := make([]uint64, len(ids)), make([]uint64, len(ids))
	for i, id := range ids {
		saw[i], did[i] = max(seen[id], done[id]), done[id]
	}
	if err := s.insert(ctx, "insert_erasures", []any{slices.Clone(ids), saw, did}); err != nil {
		return fmt.Errorf("note erasures: %w", err)
	}
	return nil
}

// ErasuresDue counts the complaints that are to be erased and are not yet.
func (s *Store) ErasuresDue(ctx context.Context) (int, error) {
	var n uint64
	if err := s.conn.QueryRow(ctx, s.query("erasures_count")).Scan(&n); err != nil {
		return 0, fmt.Errorf("count erasures: %w", err)
	}
	return int(n), nil //nolint:gosec // a count
}
