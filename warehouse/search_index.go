package warehouse

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"log/slog"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/search"
)

// SearchWorker is the name under which the search's watermarks stand.
const SearchWorker = "search"

// Indexer keeps what is searched behind the facts, at its own pace and quietly: cutting words costs more than folding, so
// facts do not wait for it. It compares before it writes, so that doing its work again changes nothing.
type Indexer struct {
	store     *Store
	segmenter search.Segmenter
	poll      time.Duration
	log       *slog.Logger
	written   atomic.Int64
}

// NewIndexer makes the worker; it looks for new facts every poll.
func NewIndexer(store *Store, segmenter search.Segmenter, poll time.Duration, log *slog.Logger) *Indexer {
	return &Indexer{store: store, segmenter: segmenter, poll: poll, log: log}
}

// Written counts the texts stored since the start.
func (x *Indexer) Written() int64 { return x.written.Load() }

// Run works until ctx ends. While the warehouse does not answer it tries again.
func (x *Indexer) Run(ctx context.Context) error {
	tick := time.NewTicker(x.poll)
	defer tick.Stop()
	for {
		if _, err := x.Pass(quietly(ctx)); err != nil && ctx.Err() == nil {
			x.log.Warn("search worker tries again", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// Pass looks at everything whose facts are new; it returns how many texts it stored.
func (x *Indexer) Pass(ctx context.Context) (int, error) {
	total := 0
	for {
		n, more, err := x.pass(ctx)
		total += n
		if err != nil || !more {
			return total, err
		}
	}
}

func (x *Indexer) pass(ctx context.Context) (stored int, more bool, err error) {
	reach, err := x.store.Watermarks(ctx, FoldWorker, ingest.TopicEvents)
	if err != nil {
		return 0, false, err
	}
	marks, err := x.store.Watermarks(ctx, SearchWorker, ingest.TopicEvents)
	if err != nil {
		return 0, false, err
	}
	for _, partition := range slices.Sorted(maps.Keys(reach)) {
		from, to := marks[partition], min(reach[partition], marks[partition]+passOffsets)
		if from >= to {
			continue
		}
		more = more || to < reach[partition]
		ids, err := x.store.Touched(ctx, ingest.TopicEvents, partition, from, to)
		if err != nil {
			return stored, false, err
		}
		n, err := x.Index(ctx, ids)
		if stored += n; err != nil {
			return stored, false, err
		}
		if err := x.store.SetWatermark(ctx, SearchWorker, ingest.TopicEvents, partition, to); err != nil {
			return stored, false, err
		}
	}
	return stored, more, nil
}

// Rebuild looks at every complaint, in the order of their ids.
func (x *Indexer) Rebuild(ctx context.Context, progress func(done int)) (int, error) {
	stored, done, after := 0, 0, ""
	for {
		ids, err := x.store.strings(with(ctx, values{"after": text(after), "most": number(passComplaints)}), "search_all_ids")
		if err != nil {
			return stored, fmt.Errorf("list complaints: %w", err)
		}
		if len(ids) == 0 {
			return stored, nil
		}
		n, err := x.Index(ctx, ids)
		if stored += n; err != nil {
			return stored, err
		}
		after, done = ids[len(ids)-1], done+len(ids)
		if progress != nil {
			progress(done)
		}
	}
}

// Index makes what is searched of the complaints equal to their facts; it returns how many texts it stored.
func (x *Indexer) Index(ctx context.Context, ids []string) (int, error) {
	total := 0
	for part := range slices.Chunk(ids, passComplaints) {
		n, err := x.index(ctx, part)
		if total += n; err != nil {
			return total, fmt.Errorf("index texts: %w", err)
		}
	}
	return total, nil
}

// searched is a row of search_texts without its document.
type searched struct {
	before    int64
	complaint string
	made      uint64
}

func (x *Indexer) index(ctx context.Context, ids []string) (int, error) {
	held, err := x.store.searchHeld(ctx, ids)
	if err != nil {
		return 0, err
	}
	fresh, documents, err := x.documents(ctx, ids, held)
	if err != nil {
		return 0, err
	}
	if err := x.store.saveSearched(ctx, fresh, documents); err != nil {
		return 0, err
	}
	x.written.Add(int64(len(fresh)))
	if len(held) > 0 { // what is left of them is what no complaint says any more
		old, made := make([]string, 0, len(held)), make([]uint64, 0, len(held))
		for row := range held {
			old, made = append(old, row.complaint), append(made, row.made)
		}
		if err := x.store.conn.Exec(with(ctx, values{"ids": list(old), "made": numbers(made)}), x.store.query("search_replace")); err != nil {
			return 0, fmt.Errorf("replace texts: %w", err)
		}
	}
	return len(fresh), x.store.forgetErased(ctx, fresh)
}

// documents makes the documents that are not held yet, and takes those that are out of held.
func (x *Indexer) documents(ctx context.Context, ids []string, held map[searched]bool) ([]searched, []search.Document, error) {
	var fresh []searched
	var documents []search.Document
	name := "search_documents"
	err := x.store.read(ctx, name, x.store.query(name), values{"ids": list(ids)}, func(row scanner) error {
		var id, title, content string
		var registered time.Time
		if err := row.Scan(&id, &registered, &title, &content); err != nil {
			return fmt.Errorf("scan: %w", err)
		}
		if title == "" && content == "" || content == "" && title == transform.ErasedText {
			return nil
		}
		r := searched{before: -registered.UnixMilli(), complaint: id, made: madeOf(registered, title, content)}
		if held[r] {
			delete(held, r)
			return nil
		}
		d := search.NewDocument(title, content, x.segmenter)
		fresh, documents = append(fresh, r), append(documents, d)
		return nil
	})
	return fresh, documents, err
}

// madeOf tells whether a text, or the way it is searched, changed.
func madeOf(registered time.Time, title, content string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write(binary.BigEndian.AppendUint64(nil, uint64(registered.UnixMilli()))) //nolint:gosec // bits
	_, _ = h.Write([]byte{search.Version})
	_, _ = h.Write([]byte(title + "\x00" + content))
	return h.Sum64()
}

func (s *Store) searchHeld(ctx context.Context, ids []string) (map[searched]bool, error) {
	held := map[searched]bool{}
	name := "search_held"
	err := s.read(ctx, name, s.query(name), values{"ids": list(ids)}, func(row scanner) error {
		var r searched
		err := row.Scan(&r.before, &r.complaint, &r.made)
		held[r] = true
		return err
	})
	return held, err
}

func (s *Store) saveSearched(ctx context.Context, rows []searched, documents []search.Document) error {
	if len(rows) == 0 {
		return nil
	}
	var (
		before []int64
		ids    []string
		made   []uint64
		bodies []string
		words  [][]string
	)
	for i, r := range rows {
		before, ids, made = append(before, r.before), append(ids, r.complaint), append(made, r.made)
		bodies, words = append(bodies, documents[i].Body), append(words, documents[i].Words)
	}
	if err := s.insert(ctx, "insert_search_texts", []any{before, ids, made, bodies, words}); err != nil {
		return fmt.Errorf("save %d texts: %w", len(rows), err)
	}
	return nil
}

// forgetErased takes back texts that were read before their customers asked to be forgotten. The eraser works after it is
// noted whom it is about: either it sees the rows, or they are seen here.
func (s *Store) forgetErased(ctx context.Context, rows []searched) error {
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.complaint
	}
	if len(ids) == 0 {
		return nil
	}
	erased, err := s.strings(with(ctx, values{"ids": list(ids)}), "search_erased")
	if err != nil || len(erased) == 0 {
		return wrapped("look for erased complaints", err)
	}
	return s.mutate(ctx, "search_texts", "erase_search_texts", values{"ids": list(erased)})
}

// saveKeys stores by which phones and orders complaints are found.
func (s *Store) saveKeys(ctx context.Context, complaints []transform.Complaint) error {
	var keys, ids []string
	for _, c := range complaints {
		for _, key := range c.Keys {
			keys, ids = append(keys, key), append(ids, c.ID)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	if err := s.insert(ctx, "insert_search_keys", []any{keys, ids}); err != nil {
		return fmt.Errorf("save keys: %w", err)
	}
	return nil
}

// SearchBehind is how many events the facts know of and the search does not yet.
func (s *Store) SearchBehind(ctx context.Context) (int64, error) {
	facts, err := s.Watermarks(ctx, FoldWorker, ingest.TopicEvents)
	if err != nil {
		return 0, err
	}
	marks, err := s.Watermarks(ctx, SearchWorker, ingest.TopicEvents)
	if err != nil {
		return 0, err
	}
	behind := int64(0)
	for partition, to := range facts {
		behind += max(0, to-marks[partition])
	}
	return behind, nil
}
