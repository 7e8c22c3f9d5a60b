package warehouse

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/kpi"
)

// Freshness says how far the store is behind the bus, as it was at most a second ago. It reads no event unless facts are
// behind.
func (s *Store) Freshness(ctx context.Context) (kpi.Freshness, error) {
	return s.fresh.get(func(kpi.Freshness) (kpi.Freshness, error) { return s.readFreshness(ctx) })
}

func (s *Store) readFreshness(ctx context.Context) (kpi.Freshness, error) {
	var f kpi.Freshness
	var events, complaints, rejects, orphans uint64
	var stored []any // the pair that the first columns come from
	var reach, marks map[int]int64
	group, inner := errgroup.WithContext(ctx)
	group.Go(func() error {
		return s.conn.QueryRow(inner, s.query("page_freshness")).Scan(
			&stored, &f.LastEventAt, &f.LastArrivedAt, &events, &complaints, &f.FirstRegisteredAt, &f.LastRegisteredAt, &rejects, &orphans, &f.LastDiscoveryAt,
		)
	})
	group.Go(func() (err error) { reach, err = s.Reach(inner, ingest.TopicEvents); return err })
	group.Go(func() (err error) { marks, err = s.Watermarks(inner, FoldWorker, ingest.TopicEvents); return err })
	if err := group.Wait(); err != nil {
		return f, fmt.Errorf("read freshness: %w", err)
	}
	f.Events, f.Complaints, f.Rejects, f.Orphans = int64(events), int64(complaints), int64(rejects), int64(orphans) //nolint:gosec // counts
	for _, t := range []*time.Time{&f.LastEventAt, &f.LastArrivedAt, &f.FirstRegisteredAt, &f.LastRegisteredAt, &f.LastDiscoveryAt} {
		*t = happened(*t)
	}
	var err error
	if f.Unfolded, f.LastFactAt, err = s.unfolded(ctx, reach, marks, f.LastArrivedAt); err != nil {
		return f, err
	}
	if rules := s.rules.Load(); rules != nil {
		f.CalendarValidUntil = rules.Current().ValidUntil()
	}
	return f, nil
}

// unfolded counts the events that no fact contains yet and says up to which bus time they all do.
func (s *Store) unfolded(ctx context.Context, reach, marks map[int]int64, arrived time.Time) (int64, time.Time, error) {
	var total int64
	folded := arrived
	for partition, end := range reach {
		if marks[partition] >= end {
			continue
		}
		var n uint64
		var since time.Time
		at := with(ctx, values{"topic": text(ingest.TopicEvents), "partition": number(partition), "from": number(marks[partition])})
		if err := s.conn.QueryRow(at, s.query("page_unfolded")).Scan(&n, &since); err != nil {
			return 0, arrived, fmt.Errorf("count events without facts: %w", err)
		}
		if n > 0 && since.Before(folded) {
			folded = since.UTC()
		}
		total += int64(n) //nolint:gosec // a count
	}
	return total, folded, nil
}

// happened is an instant from the store; the epoch stands for one that has not happened.
func happened(t time.Time) time.Time {
	if t.UnixMilli() == 0 {
		return time.Time{}
	}
	return t.UTC()
}

// errNoRules says that a question was asked before UseRules.
var errNoRules = errors.New("the store has no rules")

// currentRules are the rules given to UseRules.
func (s *Store) currentRules() (transform.Rules, error) {
	rules := s.rules.Load()
	if rules == nil || len(rules.History) == 0 {
		return transform.Rules{}, errNoRules
	}
	return *rules, nil
}

// zone is the organisation's time zone; UTC before the rules are known.
func (s *Store) zone() *time.Location {
	if rules, err := s.currentRules(); err == nil && rules.Current().Zone != nil {
		return rules.Current().Zone
	}
	return time.UTC
}
