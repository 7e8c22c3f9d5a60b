package warehouse

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"wenguo/transform/kpi"
)

// KPIsOf answers the same figures for several periods, in their order. Periods that don't overlap are asked together: that
// costs little more than one of them.
func (s *Store) KPIsOf(ctx context.Context, q kpi.Query, periods []kpi.Period, ids ...string) ([]kpi.Result, error) {
	if len(ids) == 0 {
		ids = kpi.IDs()
	}
	edges, apart := edgesOf(periods)
	var together, single []string
	for _, id := range ids {
		if apart && askedTogether(id) {
			together = append(together, id)
		} else {
			single = append(single, id)
		}
	}
	results := make([]kpi.Result, len(periods))
	for i, p := range periods {
		results[i] = kpi.Result{From: p.From, To: p.To, AsOf: q.AsOf, Slice: q.Slice, KPIs: map[string]kpi.Value{}}
	}
	group, inner := errgroup.WithContext(ctx)
	rest := make([]kpi.Result, len(periods))
	for i, p := range periods {
		if len(single) > 0 {
			group.Go(func() (err error) { rest[i], err = s.KPIs(inner, q.In(p), single...); return err })
		}
	}
	if len(together) > 0 {
		found, err := s.periodsTogether(inner, q, edges, periods, together)
		for id, values := range found {
			for i, p := range periods {
				results[i].KPIs[id] = values[counted{bucketOf(edges, p), ""}]
			}
		}
		if err != nil {
			group.Go(func() error { return err })
		}
	}
	if err := group.Wait(); err != nil {
		return nil, fmt.Errorf("figures of %d periods: %w", len(periods), err)
	}
	for i := range rest {
		maps.Copy(results[i].KPIs, rest[i].KPIs)
	}
	return results, nil
}

// edgesOf are the ends of all periods in order; it reports false where one lies within another.
func edgesOf(periods []kpi.Period) ([]time.Time, bool) {
	var edges []time.Time
	for _, p := range periods {
		edges = append(edges, p.From, p.To)
	}
	slices.SortFunc(edges, time.Time.Compare)
	edges = slices.CompactFunc(edges, time.Time.Equal)
	for _, p := range periods {
		i := slices.IndexFunc(edges, func(e time.Time) bool { return e.Equal(p.From) })
		if i+1 >= len(edges) || !edges[i+1].Equal(p.To) {
			return nil, false
		}
	}
	return edges, len(edges) > 1
}

// periodsTogether asks figures of the buckets that are periods.
func (s *Store) periodsTogether(
	ctx context.Context, q kpi.Query, edges []time.Time, periods []kpi.Period, ids []string,
) (map[string]map[counted]kpi.Value, error) {
	ask, err := s.ask(q, edges, "")
	if err != nil {
		return nil, err
	}
	for _, p := range periods {
		ask.wanted = append(ask.wanted, bucketOf(edges, p))
	}
	return ask.figures(ctx, ids)
}

// bucketOf is the bucket that is a period.
func bucketOf(edges []time.Time, p kpi.Period) int {
	return 1 + slices.IndexFunc(edges, func(e time.Time) bool { return e.Equal(p.From) })
}

// askedTogether says whether a figure costs about the same for one period as for several: where daily sums answer, what
// lies between two periods is not read, and the backlog of any instant may reach far back.
func askedTogether(id string) bool {
	e, known := kpi.Lookup(id)
	if !known || id == "first_contact" {
		return false
	}
	queries := []string{"strip", "first_response", "handling_time", "longest_silence", "backlog_age", "rectification"}
	return e.Terms() != nil || slices.Contains(queries, e.Query)
}
