package warehouse

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"wenguo/transform/kpi"
	"wenguo/transform/quality"
)

// refusedFor is how far back refusals are shown, as long as their letters are kept by default.
const refusedFor = 30 * 24 * time.Hour

// Quality says what is known of the data: of the complaints registered in the period, whatever the slice, and of what came
// over the bus up to about now.
func (s *Store) Quality(ctx context.Context, q kpi.Query) (quality.Report, error) {
	var r quality.Report
	group, inner := errgroup.WithContext(ctx)
	group.Go(func() error { return s.readRegistered(inner, q, &r) })
	group.Go(func() error {
		var complaints, events uint64
		var oldest, newest time.Time
		if err := s.conn.QueryRow(inner, s.query("page_orphans")).Scan(&complaints, &events, &oldest, &newest); err != nil {
			return fmt.Errorf("count orphans: %w", err)
		}
		r.Orphans = quality.Orphans{Complaints: int64(complaints), Events: int64(events), OldestAt: happened(oldest), NewestAt: happened(newest)} //nolint:gosec // counts
		return nil
	})
	group.Go(func() error {
		h, err := s.Happenings(inner, q.AsOf)
		r.Channels = h.Sync
		return err
	})
	group.Go(func() (err error) {
		r.Refused, err = s.refused(inner, q.AsOf.Add(-refusedFor))
		return err
	})
	if err := group.Wait(); err != nil {
		return quality.Report{}, fmt.Errorf("read data quality: %w", err)
	}
	return r, nil
}

func (s *Store) readRegistered(ctx context.Context, q kpi.Query, r *quality.Report) error {
	var registered, anomalous, conflicting, provisional uint64
	missing, anomalies := map[string]uint64{}, map[string]uint64{}
	params := values{"from": instant(q.From), "to": instant(q.To)}
	err := s.conn.QueryRow(with(final(ctx), params), s.query("page_quality")).
		Scan(&registered, &anomalous, &conflicting, &provisional, &missing, &anomalies)
	if err != nil {
		return fmt.Errorf("count complaints: %w", err)
	}
	r.Registered, r.Anomalous, r.Conflicting, r.Provisional = int64(registered), int64(anomalous), int64(conflicting), int64(provisional) //nolint:gosec // counts
	for name, n := range anomalies {
		r.Anomalies = append(r.Anomalies, quality.Count{Name: name, Complaints: int64(n)}) //nolint:gosec // a count
	}
	slices.SortFunc(r.Anomalies, func(a, b quality.Count) int {
		return cmp.Or(cmp.Compare(b.Complaints, a.Complaints), cmp.Compare(a.Name, b.Name))
	})
	for dimension, n := range missing {
		r.Missing = append(r.Missing, quality.Missing{Dimension: kpi.Dimension(dimension), Complaints: int64(n)}) //nolint:gosec // a count
	}
	slices.SortFunc(r.Missing, func(a, b quality.Missing) int {
		return cmp.Or(cmp.Compare(b.Complaints, a.Complaints), cmp.Compare(a.Dimension, b.Dimension))
	})
	return nil
}

func (s *Store) refused(ctx context.Context, since time.Time) ([]quality.Refused, error) {
	rows, err := s.conn.Query(with(ctx, values{"since": instant(since)}), s.query("page_refused"))
	if err != nil {
		return nil, fmt.Errorf("list refusals: %w", err)
	}
	defer rows.Close()
	var found []quality.Refused
	for rows.Next() {
		var r quality.Refused
		var n uint64
		if err := rows.Scan(&r.Class, &r.Field, &r.Reason.Reason, &n, &r.FirstAt, &r.LastAt); err != nil {
			return nil, fmt.Errorf("list refusals: %w", err)
		}
		r.Messages = int64(n) //nolint:gosec // a count
		found = append(found, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("list refusals: %w", err)
	}
	return found, nil
}
