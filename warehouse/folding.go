package warehouse

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"wenguo/ingest"
	"wenguo/transform"
)

// FoldWorker is the name under which the facts' watermarks stand.
const FoldWorker = "facts"

// Sizes of one pass of the facts' worker: offsets of a partition looked at, and complaints folded and stored at once. A
// worker that is behind looks far ahead: a complaint with many events among them is then read and folded once, and
// neighbours in the store are read together.
const (
	passOffsets    = 50_000
	passComplaints = 1_000
)

// Folder turns stored events into facts and daily sums, behind ingestion and at its own pace. It remembers per partition
// how far it came only after both are stored, so that a crash in between repeats work and never skips it.
type Folder struct {
	store *Store
	rules transform.Rules
	log   *slog.Logger
	poll  time.Duration
	wake  chan struct{}
	folds atomic.Int64
	sums  sumsDue
}

// NewFolder makes a worker that looks for new events every poll.
func NewFolder(store *Store, rules transform.Rules, poll time.Duration, log *slog.Logger) *Folder {
	return &Folder{store: store, rules: rules, poll: poll, wake: make(chan struct{}, 1), log: log}
}

// Wake says that events have come, so that the worker need not wait for its next look.
func (f *Folder) Wake() {
	select {
	case f.wake <- struct{}{}:
	default: // it will look anyway
	}
}

// Folds counts the facts stored since the start.
func (f *Folder) Folds() int64 { return f.folds.Load() }

// Run works until ctx ends. While the warehouse does not answer it tries again.
func (f *Folder) Run(ctx context.Context) error {
	tick := time.NewTicker(f.poll)
	defer tick.Stop()
	for {
		if err := f.work(ctx); err != nil && ctx.Err() == nil {
			f.log.Warn("facts' worker tries again", "error", err)
		}
		select {
		case <-f.wake:
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// work folds what is new; sums follow at once, or, where they take long, in the share of time that is theirs.
func (f *Folder) work(ctx context.Context) error {
	if err := f.store.TallyAll(ctx); err != nil {
		return err
	}
	for {
		_, more, err := f.pass(ctx)
		if err != nil {
			return err
		}
		if f.sums.turn() {
			if err := f.sumUp(ctx); err != nil {
				return err
			}
		}
		if !more {
			return nil
		}
	}
}

// Pass folds everything that is new until nothing is, sums included; it returns how many facts it stored.
func (f *Folder) Pass(ctx context.Context) (int, error) {
	if err := f.store.TallyAll(ctx); err != nil {
		return 0, err
	}
	total := 0
	for {
		n, more, err := f.pass(ctx)
		total += n
		if err != nil {
			return total, err
		}
		if !more {
			return total, f.sumUp(ctx)
		}
	}
}

func (f *Folder) pass(ctx context.Context) (folded int, more bool, err error) {
	reach, err := f.store.Reach(ctx, ingest.TopicEvents)
	if err != nil {
		return 0, false, err
	}
	marks, err := f.store.Watermarks(ctx, FoldWorker, ingest.TopicEvents)
	if err != nil {
		return 0, false, err
	}
	var (
		group, inner = errgroup.WithContext(ctx)
		count        atomic.Int64
	)
	group.SetLimit(2)
	for partition, end := range reach {
		from := max(marks[partition], f.sums.reached(partition))
		if from >= end {
			continue
		}
		to := min(end, from+passOffsets)
		more = more || to < end
		group.Go(func() error {
			n, err := f.partition(inner, partition, from, to)
			count.Add(int64(n))
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return int(count.Load()), false, fmt.Errorf("fold: %w", err)
	}
	return int(count.Load()), more, nil
}

func (f *Folder) partition(ctx context.Context, partition int, from, to int64) (int, error) {
	ids, err := f.store.Touched(ctx, ingest.TopicEvents, partition, from, to)
	if err != nil {
		return 0, err
	}
	if err := f.Fold(ctx, ids); err != nil {
		return 0, err
	}
	f.sums.folded(partition, to)
	return len(ids), nil
}

// sumUp makes the sums of the months that facts were stored for, and only then remembers how far the facts came.
func (f *Folder) sumUp(ctx context.Context) error {
	started := time.Now()
	months, reached := f.sums.take()
	err := f.store.Tally(ctx, months)
	f.log.Debug("sums are made, the place is remembered next", "error", err)
	for partition, to := range reached {
		if err == nil {
			err = f.store.SetWatermark(ctx, FoldWorker, ingest.TopicEvents, partition, to)
		}
	}
	f.sums.took(time.Since(started), months, err)
	return err
}

// Fold makes and stores the facts of the complaints.
func (f *Folder) Fold(ctx context.Context, ids []string) error {
	for part := range slices.Chunk(ids, passComplaints) {
		read := func(each func(string, []ingest.Stored) error) error { return f.store.EventsOf(ctx, part, each) }
		if _, err := f.fold(ctx, read); err != nil {
			return err
		}
	}
	return nil
}

// fold makes and stores facts of what is read, and counts them.
func (f *Folder) fold(ctx context.Context, read func(each func(id string, events []ingest.Stored) error) error) (int, error) {
	facts := make([]transform.Complaint, 0, passComplaints)
	var erased []string
	messages := map[string]uint64{}
	err := read(func(id string, events []ingest.Stored) error {
		fact, _ := transform.Fold(events, f.rules)
		facts = append(facts, fact)
		if fact.Erased {
			erased, messages[id] = append(erased, id), uint64(len(events))
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	f.log.Debug("facts are about to be stored", "facts", len(facts))
	if err := f.store.SaveFacts(ctx, facts); err != nil {
		return 0, err
	}
	f.log.Debug("facts are stored", "facts", len(facts))
	if err := f.store.saveKeys(ctx, facts); err != nil {
		return 0, err
	}
	if err := f.store.noteErasures(ctx, erased, messages, nil); err != nil {
		return 0, err
	}
	f.sums.touch(facts)
	f.folds.Add(int64(len(facts)))
	return len(facts), nil
}

// ErrBehind says that facts did not reach the wanted offsets in time.
var ErrBehind = errors.New("facts are still being made")

// WaitForFacts returns when the facts cover the topic up to the offsets given for its partitions.
func (s *Store) WaitForFacts(ctx context.Context, ends map[int]int64) error {
	for {
		marks, err := s.Watermarks(ctx, FoldWorker, ingest.TopicEvents)
		if err != nil {
			return err
		}
		behind := false
		for partition, end := range ends {
			behind = behind || marks[partition] < end
		}
		if !behind {
			return nil
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return errors.Join(ErrBehind, ctx.Err())
		}
	}
}
