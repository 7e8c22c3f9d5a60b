package warehouse

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"testing"
	"time"

	"wenguo/transform"
	"wenguo/transform/kpi"
	"wenguo/transform/sla"
)

// openClocks lists the open clocks of folded facts by plain Go, by due instant.
func (h *history) openClocks(f transform.DueFilter) []transform.OpenClock {
	var all []transform.OpenClock
	for _, c := range h.facts(f.At) {
		if !sliced(c, f.Slice) {
			continue
		}
		for i, clock := range c.Clocks {
			cal := h.rules.Calendar(clock.Calendar)
			state, due := clock.StateAt(f.At, cal), clock.DueAt(f.At, cal)
			if state == sla.Cancelled || state == sla.NoVerdict || !clock.Finished.IsZero() || clock.Round != len(c.Rounds) ||
				!waits(c, clock.Stage, due, f.At) || len(f.Stages) > 0 && !slices.Contains(f.Stages, clock.Stage) {
				continue
			}
			open := transform.OpenClock{
				ComplaintID: c.ID, Stage: clock.Stage, Round: clock.Round, Rule: clock.Rule, Started: clock.Started.UTC(), Due: due.UTC(),
				Standing: transform.StandingOK, Provisional: clock.Provisional, Asked: clock.Department, Title: c.Title, Category: c.Category,
				Priority: dimension(c, kpi.Priority, nil), Department: c.Department, Owner: c.Owner, Place: i + 1,
			}
			switch {
			case state == sla.Breached:
				open.Standing = transform.StandingOverdue
			case state == sla.Paused:
				open.Standing = transform.StandingPaused
			case clock.Target > 0 && cal.Between(f.At, due) <= clock.Target-clock.WarnAfter:
				open.Standing = transform.StandingAtRisk
			}
			all = append(all, open)
		}
	}
	slices.SortFunc(all, func(a, b transform.OpenClock) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ComplaintID, b.ComplaintID), cmp.Compare(a.Place, b.Place))
	})
	return all
}

// everyRow pages through both lists.
func (h *history) everyRow(t *testing.T, f transform.DueFilter) (overdue, upcoming []transform.OpenClock, counts []transform.DueCount) {
	t.Helper()
	for more := true; more; {
		board, err := h.Due(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		counts = board.Counts
		overdue, upcoming = append(overdue, board.Overdue...), append(upcoming, board.Upcoming...)
		if n := len(board.Overdue); n > 0 {
			f.OverdueAfter = board.Overdue[n-1].Cursor()
		}
		if n := len(board.Upcoming); n > 0 {
			f.UpcomingAfter = board.Upcoming[n-1].Cursor()
		}
		more = board.MoreOverdue || board.MoreUpcoming
	}
	return overdue, upcoming, counts
}

func TestDueListsEveryOpenClockOnce(t *testing.T) {
	h := openHistory(t, 700)
	last := h.lastly()
	total := map[transform.Standing]int{}
	for sentence, f := range map[string]transform.DueFilter{
		"after everything":                 {At: last},
		"in the middle, a past instant":    {At: h.end.AddDate(0, 0, 1)},
		"at night":                         {At: h.end.AddDate(0, 0, 1).Add(13 * time.Hour)},
		"early, with pauses open":          {At: historyStart.AddDate(0, 0, 12).Add(7 * time.Hour)},
		"on a Saturday":                    {At: historyStart.AddDate(0, 0, 12).Add(26 * time.Hour)},
		"when only the forgotten are left": {At: last.AddDate(0, 2, 0)},
		"of a slice":                       {At: historyStart.AddDate(0, 0, 15), Slice: kpi.Slice{kpi.Priority: {"normal", ""}}},
		"of some stages":                   {At: h.end, Stages: []sla.Stage{sla.Resolve, sla.Assist}},
	} {
		t.Run(sentence, func(t *testing.T) {
			f.Limit = 37
			want := h.openClocks(f)
			overdue, upcoming, counts := h.everyRow(t, f)
			got := slices.Concat(overdue, upcoming)
			for _, c := range overdue {
				if c.Standing != transform.StandingOverdue {
					t.Errorf("%s stands among the overdue as %s", c.ComplaintID, c.Standing)
				}
			}
			slices.SortStableFunc(want, func(a, b transform.OpenClock) int { // the overdue first
				late := func(c transform.OpenClock) int {
					return map[bool]int{true: 0, false: 1}[c.Standing == transform.StandingOverdue]
				}
				return cmp.Compare(late(a), late(b))
			})
			if len(got) != len(want) {
				t.Fatalf("%d clocks, want %d", len(got), len(want))
			}
			for i := range want {
				if got[i] != want[i] {
					t.Fatalf("clock %d:\n got %+v\nwant %+v", i, got[i], want[i])
				}
				total[want[i].Standing]++
			}
			compareCounts(t, counts, want)
		})
	}
	for _, s := range []transform.Standing{transform.StandingOverdue, transform.StandingAtRisk, transform.StandingOK, transform.StandingPaused} {
		if total[s] < 10 {
			t.Errorf("only %d clocks are %s: the comparison proves little", total[s], s)
		}
	}
}

func compareCounts(t *testing.T, got []transform.DueCount, clocks []transform.OpenClock) {
	t.Helper()
	want := map[[2]string]transform.DueCount{}
	for _, c := range clocks {
		n := want[[2]string{string(c.Stage), c.Department}]
		n.Stage, n.Department = c.Stage, c.Department
		switch c.Standing {
		case transform.StandingOverdue:
			n.Overdue++
		case transform.StandingAtRisk:
			n.AtRisk++
		case transform.StandingOK:
			n.OK++
		case transform.StandingPaused:
			n.Paused++
		}
		if c.Provisional {
			n.Provisional++
		}
		want[[2]string{string(c.Stage), c.Department}] = n
	}
	found := map[[2]string]transform.DueCount{}
	for _, n := range got {
		found[[2]string{string(n.Stage), n.Department}] = n
	}
	if !maps.Equal(found, want) {
		t.Errorf("counts %+v, want %+v", found, want)
	}
}

func TestSurvivalIsKaplanMeierToTheMinute(t *testing.T) {
	h := openHistory(t, 500)
	for sentence, q := range map[string]kpi.Query{
		"long after":           {From: historyStart, To: h.end, AsOf: h.end.AddDate(1, 0, 0)},
		"while many wait":      {From: historyStart, To: h.end, AsOf: historyStart.AddDate(0, 0, 9).Add(5 * time.Hour)},
		"of one priority":      {From: historyStart, To: h.end, AsOf: h.end, Slice: kpi.Slice{kpi.Priority: {"high"}}},
		"before anything":      {From: historyStart.AddDate(-1, 0, 0), To: historyStart.AddDate(-1, 0, 9), AsOf: h.end},
		"of an odd department": {From: historyStart, To: h.end, AsOf: h.end, Slice: kpi.Slice{kpi.Department: {"技术部"}}},
	} {
		t.Run(sentence, func(t *testing.T) {
			var replied, censored []int64
			waiting := int64(0)
			for _, c := range h.facts(q.AsOf) {
				if !registeredIn(c, q) || !sliced(c, q.Slice) || c.Response.Anomaly {
					continue
				}
				took := c.Response.Took.Milliseconds()
				if c.Response.Until.IsZero() {
					waiting++
					took = q.AsOf.UnixMilli() - c.Response.Base
					if cal := h.rules.Calendar(c.Response.Calendar); cal != nil {
						took = cal.Counted(q.AsOf) - c.Response.Base
					}
				}
				step := int64(1000)
				if took > 3600_000 {
					step = 60_000
				}
				took = (took + step - 1) / step * step
				if c.Response.Replied {
					replied = append(replied, took)
				} else {
					censored = append(censored, took)
				}
			}
			curves, err := h.Survival(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			got := curves.All
			if len(q.Slice[kpi.Priority]) == 1 { // then its curve is that of all
				got = curves.ByPriority[0]
				if got.Priority != q.Slice[kpi.Priority][0] || got.Target != time.Hour {
					t.Errorf("the curve of %s has the target %s", got.Priority, got.Target)
				}
			}
			if got.Replied != int64(len(replied)) || got.N != int64(len(replied)+len(censored)) || got.Waiting != waiting {
				t.Errorf("n %d, replied %d, waiting %d; want %d, %d, %d", got.N, got.Replied, got.Waiting, len(replied)+len(censored), len(replied), waiting)
			}
			want := kpi.KaplanMeier(replied, censored)
			if len(got.Steps) != len(want) {
				t.Fatalf("%d steps, want %d", len(got.Steps), len(want))
			}
			for i := range want {
				if got.Steps[i].Time != want[i].Time || math.Abs(got.Steps[i].Share-want[i].Share) > 1e-9 {
					t.Fatalf("step %d is %v, want %v", i, got.Steps[i], want[i])
				}
			}
		})
	}
}

func TestKPIsByValueAreThoseOfItsSlice(t *testing.T) {
	h := openHistory(t, 400)
	q := kpi.Query{From: historyStart, To: h.end, AsOf: h.end}
	by, err := h.KPIsBy(t.Context(), q, kpi.Priority, "response_on_time", "redo_on_time")
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for priority, figures := range by {
		q.Slice = kpi.Slice{kpi.Priority: {priority}}
		want, err := h.KPIs(t.Context(), q, "response_on_time", "redo_on_time")
		if err != nil {
			t.Fatal(err)
		}
		for id, v := range figures {
			w := want.KPIs[id]
			if v.Numerator != w.Numerator || v.Denominator != w.Denominator || v.Pending != w.Pending || v.State != w.State {
				t.Errorf("%s of %q: %+v, want %+v", id, priority, v, w)
			}
			compared++
		}
	}
	if compared < 6 {
		t.Errorf("only %d figures compared", compared)
	}
}
