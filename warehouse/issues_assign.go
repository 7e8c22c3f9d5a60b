package warehouse

import (
	"context"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"time"

	"wenguo/ingest"
	"wenguo/transform/issue"
)

// assignOffsets is how many offsets of a partition are looked at in one pass for new texts.
const assignOffsets = 10_000

// assigner puts complaints into the issues of the last discovery as their facts come in. It belongs to one goroutine.
type assigner struct {
	store *Store
	seg   issue.Segmenter
	found issue.Result
	// ids are those of found.Issues, and run is the discovery that it stands for.
	ids []string
	run uint64
	// marks tells how far the facts of each partition were looked at.
	marks map[int]int64
	// known are the texts that were read, by complaint.
	known map[string]placed
}

// placed is a text, by its hash, and the issue it is in, "" for none.
type placed struct {
	text  uint64
	issue string
}

func newAssigner(s *Store, seg issue.Segmenter, found issue.Result, run savedRun, messages []issue.Message, marks map[int]int64) *assigner {
	a := &assigner{store: s, seg: seg, found: found, run: run.run, marks: marks, known: make(map[string]placed, len(messages))}
	for _, is := range run.issues {
		a.ids = append(a.ids, is.ID)
	}
	for _, m := range messages {
		a.known[m.ID] = placed{textHash(m), run.of[m.ID].issue}
	}
	return a
}

// textHash tells whether a text changed.
func textHash(m issue.Message) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(m.Title))
	_, _ = h.Write([]byte{0})
	_, _ = h.Write([]byte(m.Text))
	return h.Sum64()
}

// move is a complaint that comes into an issue, or with an empty one leaves what it was in.
type move struct {
	complaint, issue string
	evidence         float64
	registered       time.Time
}

// assign looks at the complaints whose facts are new since the last look, at most a pass of them, and stores those that
// moved; more says that there are others.
func (a *assigner) assign(ctx context.Context, now time.Time) (moved int, more bool, err error) {
	marks, err := a.store.Watermarks(ctx, FoldWorker, ingest.TopicEvents)
	if err != nil {
		return 0, false, err
	}
	next := maps.Clone(a.marks)
	var ids []string
	for _, partition := range slices.Sorted(maps.Keys(marks)) {
		from, to := a.marks[partition], marks[partition]
		if from >= to {
			continue
		}
		if to > from+assignOffsets {
			to, more = from+assignOffsets, true
		}
		touched, err := a.store.Touched(ctx, ingest.TopicEvents, partition, from, to)
		if err != nil {
			return 0, false, err
		}
		ids, next[partition] = append(ids, touched...), to
	}
	for part := range slices.Chunk(ids, passComplaints) {
		n, err := a.look(ctx, part, now)
		if moved += n; err != nil {
			return moved, false, err
		}
	}
	a.marks = next
	return moved, more, nil
}

// look reads the complaints' texts and stores the moves of those whose text is new.
func (a *assigner) look(ctx context.Context, ids []string, now time.Time) (int, error) {
	texts, err := a.store.texts(with(ctx, values{"ids": list(ids)}), "texts_of")
	if err != nil {
		return 0, err
	}
	seen := map[string]placed{}
	var moves []move
	for _, m := range texts {
		before, known := a.known[m.ID]
		hash := textHash(m)
		if known && before.text == hash {
			continue
		}
		to := move{complaint: m.ID, registered: m.Time}
		if k, evidence := a.found.Assign(m, a.seg); k >= 0 && m.Title+m.Text != "" {
			to.issue, to.evidence = a.store.standsFor(a.run, a.ids[k]), evidence
		}
		seen[m.ID] = placed{hash, to.issue}
		if to.issue != before.issue {
			moves = append(moves, to)
		}
	}
	if err := a.store.saveMoves(ctx, a.run, moves, now); err != nil {
		return 0, err
	}
	maps.Copy(a.known, seen)
	return len(moves), nil
}

// saveMoves adds moves to a run; repeating them changes nothing.
func (s *Store) saveMoves(ctx context.Context, run uint64, moves []move, at time.Time) error {
	if len(moves) == 0 {
		return nil
	}
	var (
		complaints, issues []string
		evidence           []float64
		registered         []time.Time
	)
	for _, m := range moves {
		complaints, issues = append(complaints, m.complaint), append(issues, m.issue)
		evidence, registered = append(evidence, m.evidence), append(registered, m.registered)
	}
	runs, times := slices.Repeat([]uint64{run}, len(moves)), slices.Repeat([]time.Time{at}, len(moves))
	if err := s.insert(ctx, "insert_issue_moves", []any{runs, complaints, issues, evidence, registered, times}); err != nil {
		return fmt.Errorf("save assignments: %w", err)
	}
	return nil
}
