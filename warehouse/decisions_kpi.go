package warehouse

import (
	"context"
	"fmt"
	"slices"
	"time"

	"wenguo/transform/improve"
	"wenguo/transform/kpi"
)

// actionDimensions are what people say of an action. In every other dimension an action's value is absent, so it
// stands in the empty slice there and slices add up to the total.
var actionDimensions = []kpi.Dimension{kpi.Department, kpi.Owner, kpi.Issue, kpi.CauseGroup} //nolint:gochecknoglobals // a constant list

// rectification counts improvement actions for each bucket i, counted from 1, of [edges[i-1], edges[i]): numerator done on
// time, denominator due before the as-of instant, pending due later, verified, and effective of them. Where there is no
// action at all a bucket may be absent. The period is that of the edges, at least two and rising; of q the as-of instant and the slice are read.
func (s *Store) rectification(ctx context.Context, q kpi.Query, edges []time.Time) (map[int]kpi.Counts, error) {
	at := q.AsOf.Truncate(time.Millisecond)
	p := values{"at": instant(at), "t": number(at.UnixMilli()), "edges": instants(edges)}
	for dimension, wanted := range q.Slice {
		if len(wanted) > 0 && !slices.Contains(actionDimensions, dimension) && !slices.Contains(wanted, "") {
			return map[int]kpi.Counts{}, nil
		}
	}
	for _, dimension := range actionDimensions {
		p[string(dimension)] = list(q.Slice[dimension])
	}
	decisions, err := s.actionDecisions(ctx)
	if err != nil {
		return nil, err
	}
	p["undone"] = list(improve.Undone(decisions, at))
	rows, err := s.conn.Query(with(ctx, p), s.query("rectification"))
	if err != nil {
		return nil, fmt.Errorf("count improvement actions: %w", err)
	}
	defer rows.Close()
	found := map[int]kpi.Counts{}
	for rows.Next() {
		var bucket uint64
		var counts map[string]int64
		if err := rows.Scan(&bucket, &counts); err != nil {
			return nil, fmt.Errorf("count improvement actions: %w", err)
		}
		found[int(bucket)] = counts //nolint:gosec // as many as there are edges
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("count improvement actions: %w", err)
	}
	return found, nil
}
