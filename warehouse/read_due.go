package warehouse

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"wenguo/transform"
	"wenguo/transform/kpi"
	"wenguo/transform/sla"
)

// Due is the board of open clocks at an instant.
func (s *Store) Due(ctx context.Context, f transform.DueFilter) (transform.DueBoard, error) {
	limit := min(f.Limit, mostRead)
	if limit < 1 {
		limit = usualRows
	}
	rules, err := s.currentRules()
	if err != nil {
		return transform.DueBoard{}, err
	}
	at := f.At.Truncate(time.Millisecond)
	ask, err := s.ask(kpi.Query{From: at, To: at, AsOf: at, Slice: f.Slice}, []time.Time{at, at}, "")
	if err != nil {
		return transform.DueBoard{}, err
	}
	board, err := ask.openClocks(ctx, f, dueValues(rules, at, f, limit+1))
	if err != nil {
		return board, err
	}
	board.Overdue, board.MoreOverdue = firstDue(board.Overdue, limit)
	board.Upcoming, board.MoreUpcoming = firstDue(board.Upcoming, limit)
	return board, nil
}

// dueValues are the parameters of page_due.sql.
func dueValues(rules transform.Rules, at time.Time, f transform.DueFilter, limit int) values {
	edges := windowEdges(at)
	stages := make([]string, len(f.Stages))
	for i, stage := range f.Stages {
		stages[i] = string(stage)
	}
	over, next := f.OverdueAfter, f.UpcomingAfter
	key := func(c transform.DueCursor) string {
		if c.IsZero() {
			return number(int64(-1) << 62) // before any instant that a person may name
		}
		return number(c.Due.UnixMilli())
	}
	opens, done := stretches(rules, at)
	return values{
		"since": instant(timersSince(rules, edges)), "oldest": number(edges[len(edges)-1].UnixMilli()), "risk": atRisk(rules, at),
		"opens": opens, "done": done, "stages": list(stages), "limit": number(limit),
		"over_due": key(over), "over_id": text(over.ComplaintID), "over_place": number(over.Place),
		"next_due": key(next), "next_id": text(next.ComplaintID), "next_place": number(next.Place),
	}
}

// stretches tells for each calendar where its counted stretches from an instant on begin, and how much it has counted
// from the instant to each. They reach as far as the longest promise, so what is left of any lies within.
func stretches(rules transform.Rules, at time.Time) (opens, done string) {
	longest := map[*sla.Calendar]time.Duration{}
	for _, a := range rules.History {
		for _, t := range policyTargets(a.Policy) {
			longest[t.Calendar] = max(longest[t.Calendar], t.Duration)
		}
	}
	lengths := map[string]time.Duration{}
	calendars := map[string]*sla.Calendar{}
	for c, length := range longest {
		lengths[c.ID()], calendars[c.ID()] = max(lengths[c.ID()], length), c
	}
	var allOpens, allDone []string
	for id, c := range calendars {
		var begins, counted []string
		var sum time.Duration
		for _, s := range sla.Segments(c, at, c.Due(at, lengths[id]), nil) {
			if s.State == sla.Counting {
				begins, counted = append(begins, number(s.From.UnixMilli())), append(counted, number(sum.Milliseconds()))
				sum += s.To.Sub(s.From)
			}
		}
		name := "'" + text(strings.ReplaceAll(id, "'", `\'`)) + "'"
		allOpens = append(allOpens, name+":["+strings.Join(begins, ",")+"]")
		allDone = append(allDone, name+":["+strings.Join(counted, ",")+"]")
	}
	slices.Sort(allOpens)
	slices.Sort(allDone)
	return "{" + strings.Join(allOpens, ",") + "}", "{" + strings.Join(allDone, ",") + "}"
}

// openClocks counts the clocks and finds the first of both lists, in no order.
func (q question) openClocks(ctx context.Context, f transform.DueFilter, extra values) (transform.DueBoard, error) {
	var board transform.DueBoard
	err := q.read(ctx, "page_due", map[string]bool{"stages": len(f.Stages) > 0}, extra, func(row scanner) error {
		var n transform.DueCount
		var stage string
		var overdue, upcoming [][]any
		err := row.Scan(&stage, &n.Department, &n.Overdue, &n.AtRisk, &n.OK, &n.Paused, &n.Provisional, &overdue, &upcoming)
		if err != nil {
			return err
		}
		n.Stage = sla.Stage(stage)
		board.Counts = append(board.Counts, n)
		for _, tuple := range overdue {
			board.Overdue = append(board.Overdue, openClock(n, tuple, true))
		}
		for _, tuple := range upcoming {
			board.Upcoming = append(board.Upcoming, openClock(n, tuple, false))
		}
		return nil
	})
	slices.SortFunc(board.Counts, func(a, b transform.DueCount) int {
		return cmp.Or(cmp.Compare(a.Stage, b.Stage), cmp.Compare(a.Department, b.Department))
	})
	return board, err
}

// openClock reads a tuple of page_due.sql.
//
//nolint:forcetypeassert // the query's own types
func openClock(n transform.DueCount, tuple []any, late bool) transform.OpenClock {
	c := transform.OpenClock{
		Stage: n.Stage, Department: n.Department, Due: time.UnixMilli(tuple[0].(int64)).UTC(), ComplaintID: tuple[1].(string),
		Place: int(tuple[2].(uint32)), Owner: tuple[3].(string), Round: int(tuple[4].(uint16)), Rule: tuple[5].(string),
		Started: time.UnixMilli(tuple[6].(int64)).UTC(), Asked: tuple[7].(string), Provisional: truth(tuple[10]),
		Title: tuple[11].(string), Category: tuple[12].(string), Priority: tuple[13].(string),
	}
	switch frozen, warned := truth(tuple[8]), truth(tuple[9]); {
	case late:
		c.Standing = transform.StandingOverdue
	case frozen:
		c.Standing = transform.StandingPaused
	case warned:
		c.Standing = transform.StandingAtRisk
	default:
		c.Standing = transform.StandingOK
	}
	return c
}

// truth reads a Bool or a UInt8.
func truth(v any) bool {
	switch v := v.(type) {
	case bool:
		return v
	case uint8:
		return v != 0
	}
	return false
}

// firstDue sorts a list and cuts it; more says that something was cut off.
func firstDue(clocks []transform.OpenClock, limit int) (first []transform.OpenClock, more bool) {
	slices.SortFunc(clocks, func(a, b transform.OpenClock) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ComplaintID, b.ComplaintID), cmp.Compare(a.Place, b.Place))
	})
	return clocks[:min(len(clocks), limit)], len(clocks) > limit
}
