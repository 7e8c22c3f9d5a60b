package warehouse

import (
	"context"
	"slices"
	"strings"
	"time"

	"wenguo/transform/kpi"
)

// cut gives the edges of a period's steps: days, weeks from Monday and months of the zone, cut at the period's ends. The
// last step is the one that holds the as-of instant.
func cut(q kpi.Query, step kpi.Step, zone *time.Location) []time.Time {
	edges := []time.Time{q.From}
	at := q.From.In(zone)
	y, m, d := at.Date()
	next := func(n int) time.Time { return time.Date(y, m, d+n, 0, 0, 0, 0, zone) }
	width := 1
	switch step {
	case kpi.Day:
	case kpi.Week:
		width = 7
		d -= (int(at.Weekday()) + 6) % 7
	case kpi.Month:
		next = func(n int) time.Time { return time.Date(y, m+time.Month(n), 1, 0, 0, 0, 0, zone) }
	}
	for n := width; ; n += width {
		edge := next(n)
		if !edge.After(edges[len(edges)-1]) {
			continue
		}
		if !edge.Before(q.To) || edge.After(q.AsOf) {
			if edge.After(q.To) {
				edge = q.To
			}
			return append(edges, edge)
		}
		edges = append(edges, edge)
	}
}

// Series answers the named figures for every step of the period, in the order named, up to the as-of instant. Each point
// is the figure's own answer for its step.
func (s *Store) Series(ctx context.Context, q kpi.Query, step kpi.Step, ids ...string) ([]kpi.Series, error) {
	if !q.From.Before(q.To) || q.AsOf.Before(q.From) {
		return nil, nil
	}
	edges := cut(q, step, s.zone())
	ask, err := s.ask(q, edges, "")
	if err != nil {
		return nil, err
	}
	found, err := ask.figures(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []kpi.Series
	for _, id := range ids {
		series := kpi.Series{KPI: id, Step: step}
		for bucket := 1; bucket < len(edges); bucket++ {
			v, known := found[id][counted{bucket, ""}]
			if !known {
				continue
			}
			series.Points = append(series.Points, kpi.Point{
				Start: edges[bucket-1], Value: v.Value, N: v.N, Interval: v.Interval, State: v.State,
			})
		}
		out = append(out, series)
	}
	return out, nil
}

// Flow is the strip of every step of the period, none left out, up to the as-of instant.
func (s *Store) Flow(ctx context.Context, q kpi.Query, step kpi.Step) ([]kpi.FlowPoint, error) {
	if !q.From.Before(q.To) || q.AsOf.Before(q.From) {
		return nil, nil
	}
	edges := cut(q, step, s.zone())
	ask, err := s.ask(q, edges, "")
	if err != nil {
		return nil, err
	}
	rows, err := ask.flows(ctx)
	if err != nil {
		return nil, err
	}
	var out []kpi.FlowPoint
	for bucket := 1; bucket < len(edges); bucket++ {
		out = append(out, kpi.FlowPoint{Start: edges[bucket-1], Strip: strip(rows[counted{bucket, ""}].counts)})
	}
	return out, nil
}

// rankingKPIs are the figures of the ranking of departments.
var rankingKPIs = []string{"response_on_time", "resolve_on_time", "handling_time", "satisfaction"} //nolint:gochecknoglobals // a constant list

// Departments is one row for each department that registered, resolved or held anything in the period, by name.
func (s *Store) Departments(ctx context.Context, q kpi.Query) ([]kpi.DepartmentRow, error) {
	ask, err := s.ask(q, []time.Time{q.From, q.To}, kpi.Department)
	if err != nil {
		return nil, err
	}
	found, err := ask.figures(ctx, rankingKPIs)
	if err != nil {
		return nil, err
	}
	strips, err := ask.flows(ctx)
	if err != nil {
		return nil, err
	}
	overdue, err := ask.overdue(ctx)
	if err != nil {
		return nil, err
	}
	rules, err := s.currentRules()
	if err != nil {
		return nil, err
	}
	var out []kpi.DepartmentRow
	for k, a := range strips {
		row := kpi.DepartmentRow{
			Department: k.key, Registered: a.counts["registered"], Resolved: a.counts["resolved"],
			Backlog: a.counts["closing"], Overdue: overdue[k.key],
		}
		if row.Registered+row.Resolved+row.Backlog == 0 {
			continue
		}
		figure := func(id string) kpi.Value {
			if v, known := found[id][k]; known {
				return v
			}
			entry, _ := kpi.Lookup(id)
			return kpi.Answer(entry, nil, nil, int64(rules.Current().MinimumN), false)
		}
		row.ResponseOnTime, row.ResolveOnTime = figure("response_on_time"), figure("resolve_on_time")
		row.HandlingTime, row.Satisfaction = figure("handling_time"), figure("satisfaction")
		out = append(out, row)
	}
	slices.SortFunc(out, func(a, b kpi.DepartmentRow) int { return strings.Compare(a.Department, b.Department) })
	return out, nil
}

// overdue counts the complaints whose resolve clock is past due at T, by the value asked by: those that are open at T, and
// in a period that ended before, those that were open at its end and are still unresolved.
func (q question) overdue(ctx context.Context) (map[string]int64, error) {
	found := map[string]int64{}
	if q.query.To.Before(q.query.AsOf) {
		rows, err := q.fromFacts(ctx, "overdue", nil, nil)
		for k, a := range rows {
			found[k.key] = a.counts["overdue"]
		}
		return found, err
	}
	rows, err := q.marks(ctx, []string{kpi.MarkOverdue}, true)
	for k, marks := range rows {
		found[k.key] += marks[kpi.MarkOverdue]
	}
	return found, err
}
