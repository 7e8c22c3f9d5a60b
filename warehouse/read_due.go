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
	limit := min(f.Limit, mostRows)
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
	board, found, err := ask.openClocks(ctx, f, dueValues(rules, at, f, limit+1))
	if err != nil {
		return board, err
	}
	board.Overdue, board.MoreOverdue = firstDue(board.Overdue, limit)
	board.Upcoming, board.MoreUpcoming = firstDue(board.Upcoming, limit)
	return board, ask.nameClocks(ctx, board, found)
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

// openClocks counts the clocks and finds the first of both lists, in no order; registered says when the complaints of
// these were registered.
func (q question) openClocks(ctx context.Context, f transform.DueFilter, extra values) (board transform.DueBoard, registered map[string]time.Time, err error) {
	registered = map[string]time.Time{}
	needs := map[string]bool{"stages": len(f.Stages) > 0}
	err = q.read(ctx, "page_due", needs, extra, func(row scanner) error {
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
			c, at := openClock(n, tuple, true)
			board.Overdue, registered[c.ComplaintID] = append(board.Overdue, c), at
		}
		for _, tuple := range upcoming {
			c, at := openClock(n, tuple, false)
			board.Upcoming, registered[c.ComplaintID] = append(board.Upcoming, c), at
		}
		return nil
	})
	slices.SortFunc(board.Counts, func(a, b transform.DueCount) int {
		return cmp.Or(cmp.Compare(a.Stage, b.Stage), cmp.Compare(a.Department, b.Department))
	})
	return board, registered, err
}

// openClock reads a tuple of page_due.sql, and when its complaint was registered.
//
//nolint:forcetypeassert // the query's own types
func openClock(n transform.DueCount, tuple []any, late bool) (transform.OpenClock, time.Time) {
	c := transform.OpenClock{
		Stage: n.Stage, Department: n.Department, Due: time.UnixMilli(tuple[0].(int64)).UTC(), ComplaintID: tuple[1].(string),
		Place: int(tuple[2].(uint32)), Round: int(tuple[4].(uint16)), Rule: tuple[5].(string),
		Started: time.UnixMilli(tuple[6].(int64)).UTC(), Asked: tuple[7].(string), Provisional: truth(tuple[10]),
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
	return c, time.UnixMilli(tuple[3].(int64)).UTC()
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

// nameClocks adds what the lists say of their complaints.
func (q question) nameClocks(ctx context.Context, board transform.DueBoard, registered map[string]time.Time) error {
	at := map[string][]*transform.OpenClock{}
	var ids []string
	var oldest, newest time.Time
	for _, clocks := range [][]transform.OpenClock{board.Overdue, board.Upcoming} {
		for i := range clocks {
			id := clocks[i].ComplaintID
			if at[id] == nil {
				ids = append(ids, id)
			}
			at[id] = append(at[id], &clocks[i])
			r := registered[id]
			if oldest.IsZero() || r.Before(oldest) {
				oldest = r
			}
			if r.After(newest) {
				newest = r
			}
		}
	}
	if len(ids) == 0 {
		return nil
	}
	extra := values{"ids": list(ids), "oldest": instant(oldest), "newest": instant(newest)}
	return q.read(ctx, "page_due_rows", nil, extra, func(row scanner) error {
		var c transform.OpenClock
		if err := row.Scan(&c.ComplaintID, &c.Title, &c.Category, &c.Priority, &c.Department, &c.Owner); err != nil {
			return err
		}
		for _, clock := range at[c.ComplaintID] {
			clock.Title, clock.Category, clock.Priority, clock.Owner = c.Title, c.Category, c.Priority, c.Owner
		}
		return nil
	})
}
