package warehouse

import (
	"context"
	"fmt"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"wenguo/ingest"
)

// Sizes of a rebuild: complaints of one stretch, and stretches in work at once. They bound its memory.
const (
	rebuildComplaints = 4_000
	rebuildStretches  = 3
)

// Rebuild folds every complaint again, in stretches of their ids. It gives the same facts, byte for byte, under the same
// rules, and may run beside the worker: equal versions are equal rows, a higher one wins.
func (f *Folder) Rebuild(ctx context.Context, progress func(done, total int)) (int, error) {
	if progress == nil {
		progress = func(int, int) {}
	}
	var total uint64
	if err := f.store.conn.QueryRow(ctx, f.store.query("complaints_known")).Scan(&total); err != nil {
		return 0, fmt.Errorf("count complaints: %w", err)
	}
	var (
		group, inner = errgroup.WithContext(ctx)
		done         atomic.Int64
		after        string
	)
	group.SetLimit(rebuildStretches)
	for inner.Err() == nil {
		upTo, n, err := f.store.stretch(ctx, after)
		if err != nil {
			return int(done.Load()), fmt.Errorf("rebuild: %w", err)
		}
		if n == 0 {
			break
		}
		from := after
		after = upTo
		group.Go(func() error {
			read := func(each func(string, []ingest.Stored) error) error {
				return f.store.eventsBetween(inner, from, upTo, each)
			}
			folded, err := f.fold(inner, read)
			progress(int(done.Add(int64(folded))), int(total)) //nolint:gosec // a count
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return int(done.Load()), fmt.Errorf("rebuild: %w", err)
	}
	if err := f.sumUp(ctx); err != nil {
		return int(done.Load()), fmt.Errorf("rebuild: %w", err)
	}
	return int(done.Load()), nil
}

// stretch finds the last of the next complaints behind an id, and how many they are.
func (s *Store) stretch(ctx context.Context, after string) (upTo string, n uint64, err error) {
	p := values{"after": text(after), "most": number(rebuildComplaints)}
	err = s.conn.QueryRow(with(ctx, p), s.query("complaints_stretch")).Scan(&upTo, &n)
	if err != nil {
		return "", 0, fmt.Errorf("find complaints behind the last: %w", err)
	}
	return upTo, n, nil
}

// eventsBetween reads the events of all complaints behind one id and up to another, as EventsOf does.
func (s *Store) eventsBetween(ctx context.Context, after, upTo string, each func(string, []ingest.Stored) error) error {
	return s.eventsBy(with(ctx, values{"after": text(after), "up_to": text(upTo)}), "events_between", each)
}
