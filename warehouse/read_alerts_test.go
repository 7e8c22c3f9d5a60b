package warehouse

import (
	"cmp"
	"maps"
	"slices"
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/kpi"
	"wenguo/transform/sla"
)

// shown is the department a clock is told under.
func shown(department string, departments []string) string {
	if department == "" || slices.Contains(departments, department) {
		return department
	}
	return kpi.Other
}

// plainCases lists at-risk and overdue clocks slowly and plainly, the nearest deadline first.
func plainCases(facts []transform.Complaint, h *history, q transform.CaseClocksQuery) []transform.CaseClock {
	earliest := map[transform.CaseClock]time.Time{}
	for _, c := range facts {
		if c.Priority != "urgent" && c.Priority != "high" {
			continue
		}
		for _, clock := range c.Clocks {
			var n kpi.Timers
			countClock(&n, c, clock, h.rules.Calendar(clock.Calendar), kpi.TimersQuery{At: q.At})
			if n.AtRisk+n.Overdue == 0 || clock.Frozen {
				continue
			}
			key := transform.CaseClock{ComplaintID: c.ID, TimerKey: kpi.TimerKey{
				Stage: string(clock.Stage), Priority: c.Priority, Department: shown(c.Department, q.Departments), Rule: clock.Rule,
			}}
			if due := earliest[key]; due.IsZero() || clock.Due.Before(due) {
				earliest[key] = clock.Due.UTC()
			}
		}
	}
	var all []transform.CaseClock
	for key, due := range earliest {
		key.Due = due
		all = append(all, key)
	}
	slices.SortFunc(all, func(a, b transform.CaseClock) int {
		return cmp.Or(cmp.Compare(a.Due.Sub(q.At).Abs(), b.Due.Sub(q.At).Abs()), cmp.Compare(a.ComplaintID, b.ComplaintID),
			cmp.Compare(a.Stage, b.Stage), cmp.Compare(a.Rule, b.Rule))
	})
	return all
}

func TestCasesWithTheNearestDeadlines(t *testing.T) {
	h := openHistory(t, 800)
	at := h.end.AddDate(0, 0, -9)
	past := until(t, h, at)
	for name, limit := range map[string]int{"all of them": 10_000, "the nearest": 7} {
		t.Run(name, func(t *testing.T) {
			q := transform.CaseClocksQuery{At: at, Departments: []string{"客服中心", "物流部"}, Limit: limit}
			want := plainCases(h.facts(at), h, q)
			got, found, err := past.CaseClocks(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			if found != len(want) || len(want) < 20 {
				t.Errorf("%d clocks, want %d", found, len(want))
			}
			want = want[:min(limit, len(want))]
			if !slices.Equal(got, want) {
				t.Errorf("got  %d %+v\nwant %d %+v", len(got), got[:min(5, len(got))], len(want), want[:min(5, len(want))])
			}
		})
	}
}

func TestBreachesInTheOrderOfTheirDeadlines(t *testing.T) {
	h := openHistory(t, 800)
	at := h.end.AddDate(0, 0, -2)
	past := until(t, h, at)
	from, departments := at.AddDate(0, 0, -28), []string{"客服中心"}
	type verdict struct {
		due time.Time
		met bool
	}
	lists := map[transform.BreachSeriesKey][]verdict{}
	for _, c := range h.facts(at) {
		for _, clock := range c.Clocks {
			state := clock.StateAt(at, h.rules.Calendar(clock.Calendar))
			if clock.Frozen || state == sla.Cancelled || state == sla.NoVerdict || clock.Due.Before(from) || !clock.Due.Before(at) {
				continue
			}
			key := transform.BreachSeriesKey{Stage: string(clock.Stage), Department: shown(c.Department, departments)}
			lists[key] = append(lists[key], verdict{clock.Due.UTC(), state == sla.Met})
		}
	}
	found, err := past.Breaches(t.Context(), from, at, departments)
	if err != nil {
		t.Fatal(err)
	}
	breaches := 0
	for _, got := range found {
		list := lists[got.BreachSeriesKey]
		slices.SortFunc(list, func(a, b verdict) int {
			if a.due.Equal(b.due) && a.met != b.met {
				if a.met {
					return -1
				}
				return 1
			}
			return a.due.Compare(b.due)
		})
		want := transform.BreachSeries{BreachSeriesKey: got.BreachSeriesKey}
		for _, v := range list {
			want.Add(v.due, v.met)
		}
		if !slices.Equal(got.Breaches, want.Breaches) || got.Met != want.Met {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		breaches += len(want.Breaches)
		delete(lists, got.BreachSeriesKey)
	}
	if len(lists) > 0 || breaches < 50 {
		t.Errorf("%d breaches, missing %v", breaches, slices.Collect(maps.Keys(lists)))
	}
}

func TestFinishedClocksTookWhatTheirCalendarCounted(t *testing.T) {
	h := openHistory(t, 300)
	at := h.end.AddDate(0, 0, -2)
	past := until(t, h, at)
	from := at.AddDate(0, 0, -10)
	want, wantSum := 0, map[string]time.Duration{}
	for _, c := range h.facts(at) {
		for _, clock := range c.Clocks {
			cal := h.rules.Calendar(clock.Calendar)
			if clock.Anomaly || !clock.Cancelled.IsZero() || clock.Target == 0 || clock.Finished.Before(from) || !clock.Finished.Before(at) || cal == nil {
				continue
			}
			want++
			if len(c.Pauses) == 0 {
				wantSum[string(clock.Stage)] += cal.Between(clock.Started, clock.Finished)
			} else {
				wantSum[string(clock.Stage)] += c.ReadClock(clock, cal, at).Counted
			}
		}
	}
	got, err := past.Lasted(t.Context(), from, at)
	if err != nil {
		t.Fatal(err)
	}
	sum := map[string]time.Duration{}
	for _, l := range got {
		sum[l.Stage] += l.Took
		if !slices.Contains(append(ingest.Priorities, ""), l.Priority) && l.Took < 0 {
			t.Errorf("%+v", l)
		}
	}
	if len(got) != want || want < 50 {
		t.Errorf("%d clocks, want %d", len(got), want)
	}
	for stage, s := range wantSum {
		if sum[stage] < s || sum[stage] > s+s/20 { // pauses after a deadline count here
			t.Errorf("%s took %s together, want %s", stage, sum[stage], s)
		}
	}
}
