package warehouse

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"wenguo/transform"
	"wenguo/transform/kpi"
)

// rank is the nearest rank of instants' distances in seconds.
func rank(times []time.Duration, percent int) float64 {
	slices.Sort(times)
	return times[(percent*len(times)+99)/100-1].Seconds()
}

// passedBy answers a cohort's milestones by plain Go.
func passedBy(cohort []transform.Complaint) []kpi.Passage {
	var out []kpi.Passage
	for _, m := range kpi.Milestones {
		var n, backwards int64
		var times []time.Duration
		for _, c := range cohort {
			i := slices.IndexFunc(c.Milestones, func(r transform.Reached) bool { return r.Milestone == m })
			if i < 0 {
				continue
			}
			n++
			if took := c.Milestones[i].At.Sub(c.RegisteredAt); took >= 0 {
				times = append(times, took)
			} else {
				backwards++
			}
		}
		p := kpi.Passage{Milestone: m, Reached: kpi.Rate(n, int64(len(cohort)), 0, 30, false), Backwards: backwards}
		if len(times) > 0 {
			p.Median, p.P90 = new(rank(times, 50)), new(rank(times, 90))
		}
		out = append(out, p)
	}
	return out
}

// staysBy answers what complaints spent their time on by plain Go.
func staysBy(cohort []transform.Complaint) []kpi.Stay {
	wall, office := map[kpi.Spending][]time.Duration{}, map[kpi.Spending][]time.Duration{}
	for _, c := range cohort {
		for _, s := range c.Spent {
			wall[s.On], office[s.On] = append(wall[s.On], s.Took), append(office[s.On], s.Worked)
		}
	}
	sum := func(list []time.Duration) (total time.Duration) {
		for _, d := range list {
			total += d
		}
		return total
	}
	whole := 0.0
	for _, on := range kpi.Spendings {
		if on != kpi.SpentSurvey && on != kpi.SpentClosing {
			whole += sum(wall[on]).Seconds()
		}
	}
	var out []kpi.Stay
	for _, on := range kpi.Spendings {
		if len(wall[on]) == 0 {
			continue
		}
		s := kpi.Stay{
			On: on, N: int64(len(wall[on])), Median: rank(wall[on], 50), P90: rank(wall[on], 90), Total: sum(wall[on]).Seconds(),
			WorkedMedian: rank(office[on], 50), WorkedP90: rank(office[on], 90), WorkedTotal: sum(office[on]).Seconds(),
		}
		if on != kpi.SpentSurvey && on != kpi.SpentClosing && whole > 0 {
			s.Share = new(s.Total / whole)
		}
		out = append(out, s)
	}
	return out
}

// cohorts are the complaints of the slice that were registered in the period, and those resolved in it.
func (h *history) cohorts(q kpi.Query) (registered, resolved []transform.Complaint) {
	for _, c := range h.facts(q.AsOf) {
		if !sliced(c, q.Slice) {
			continue
		}
		if within(c.RegisteredAt, q) && c.State != transform.Merged {
			registered = append(registered, c)
		}
		if c.Handling.Known && within(c.EndedAt, q) {
			resolved = append(resolved, c)
		}
	}
	return registered, resolved
}

func TestJourneysAreThoseOfTheComplaints(t *testing.T) {
	h := openHistory(t, 500)
	for sentence, q := range voiceQuestions(h) {
		t.Run(sentence, func(t *testing.T) {
			before := kpi.Period{From: q.From.AddDate(0, 0, -5), To: q.From}
			got, err := h.Journey(t.Context(), q, before)
			if err != nil {
				t.Fatal(err)
			}
			registered, resolved := h.cohorts(q)
			_, earlier := h.cohorts(q.In(before))
			if len(registered) < 20 || len(resolved) < 10 {
				t.Fatalf("%d registered and %d resolved prove little", len(registered), len(resolved))
			}
			for what, pair := range map[string][2]any{
				"funnel": {got.Funnel, passedBy(registered)}, "coverage": {got.Coverage, passedBy(resolved)},
				"coverage before": {got.CoverageBefore, passedBy(earlier)}, "stays": {got.Stays, staysBy(resolved)},
			} {
				if !reflect.DeepEqual(pair[0], pair[1]) {
					t.Errorf("%s:\n got %+v\nwant %+v", what, pair[0], pair[1])
				}
			}
			of := map[string][]transform.Complaint{}
			for _, c := range resolved {
				of[c.Department] = append(of[c.Department], c)
			}
			for name, cohort := range of {
				if want := staysBy(cohort); !reflect.DeepEqual(got.Departments[name], want) {
					t.Errorf("stays of %q:\n got %+v\nwant %+v", name, got.Departments[name], want)
				}
			}
			if sentence == "in the past" {
				h.listedByJourney(t, q, got)
			}
		})
	}
}

// listedByJourney follows each number to its list.
func (h *history) listedByJourney(t *testing.T, q kpi.Query, j kpi.Journey) {
	t.Helper()
	total := func(what string, want int64, f transform.ComplaintFilter) {
		t.Helper()
		f.Query = q
		page, err := h.Complaints(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		if page.Total != want {
			t.Errorf("%s: %d complaints listed, %d counted", what, page.Total, want)
		}
	}
	for scope, passages := range map[transform.Scope][]kpi.Passage{transform.ScopeCohort: j.Funnel, transform.ScopeResolved: j.Coverage} {
		for _, p := range passages {
			total(string(p.Milestone), p.Reached.Numerator, transform.ComplaintFilter{Scope: scope, Milestone: p.Milestone})
			total("not "+string(p.Milestone), p.Reached.N-p.Reached.Numerator, transform.ComplaintFilter{Scope: scope, Milestone: p.Milestone, Missed: true})
		}
	}
	for _, s := range j.Stays {
		total(string(s.On), s.N, transform.ComplaintFilter{Scope: transform.ScopeResolved, Spent: s.On})
	}
	total("planned", j.Plans.All.Denominator, transform.ComplaintFilter{Scope: transform.ScopePlanned})
	total("plans rejected", j.Plans.All.Numerator, transform.ComplaintFilter{Scope: transform.ScopePlanned, Milestone: kpi.PlanRejected})
}

func TestRejectedPlansAreCountedByDepartmentAndCategory(t *testing.T) {
	h := openHistory(t, 500)
	q := voiceQuestions(h)["all"]
	got, err := h.Journey(t.Context(), q, kpi.Period{})
	if err != nil {
		t.Fatal(err)
	}
	want := kpi.Rejections{ByDepartment: map[string]kpi.Ratio{}, ByCategory: map[string]kpi.Ratio{}}
	add := func(r kpi.Ratio, rejected bool) kpi.Ratio {
		r.Denominator++
		if rejected {
			r.Numerator++
		}
		return r
	}
	for _, c := range h.facts(q.AsOf) {
		reached := func(m kpi.Milestone) (time.Time, bool) {
			i := slices.IndexFunc(c.Milestones, func(r transform.Reached) bool { return r.Milestone == m })
			if i < 0 {
				return time.Time{}, false
			}
			return c.Milestones[i].At, true
		}
		at, planned := reached(kpi.Planned)
		if !planned || !within(at, q) {
			continue
		}
		_, rejected := reached(kpi.PlanRejected)
		want.All = add(want.All, rejected)
		want.ByDepartment[c.Department] = add(want.ByDepartment[c.Department], rejected)
		want.ByCategory[c.Category] = add(want.ByCategory[c.Category], rejected)
	}
	if want.All.Numerator == 0 || !reflect.DeepEqual(got.Plans, want) {
		t.Errorf("plans %+v, want %+v", got.Plans, want)
	}
}

// Transfers of dispatched complaints are rare in these histories, so there are more of them.
func TestMovesAreTheTransfersOfDispatchedComplaints(t *testing.T) {
	h := openHistory(t, 800)
	for sentence, q := range voiceQuestions(h) {
		t.Run(sentence, func(t *testing.T) {
			got, err := h.Moves(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			type way struct{ from, to string }
			want := map[way]kpi.Move{}
			for _, c := range h.facts(q.AsOf) {
				if !sliced(c, q.Slice) || !within(c.Flow.FirstDispatchedAt, q) {
					continue
				}
				seen, bounced := map[way]bool{}, map[way]bool{}
				for _, tr := range c.Transfers {
					w := way{tr.From, tr.To}
					m := want[w]
					m.From, m.To = tr.From, tr.To
					m.Transfers++
					if !seen[w] {
						seen[w] = true
						m.Complaints++
					}
					if tr.Bounce {
						m.Bounces++
						if !bounced[w] {
							bounced[w] = true
							m.Bounced++
						}
					}
					want[w] = m
				}
			}
			if len(got) != len(want) || len(want) == 0 && sentence == "all" {
				t.Fatalf("%d ways, want %d", len(got), len(want))
			}
			for i, m := range got {
				if m != want[way{m.From, m.To}] {
					t.Errorf("%+v, want %+v", m, want[way{m.From, m.To}])
				}
				if i > 3 { // the lists of a few ways tell enough
					continue
				}
				for bounced, n := range map[bool]int64{false: m.Complaints, true: m.Bounced} {
					page, err := h.Complaints(t.Context(), transform.ComplaintFilter{Query: q, Scope: transform.ScopeMoved, Moved: transform.Moved{
						Senders: []string{m.From}, Receivers: []string{m.To}, Bounced: bounced,
					}})
					if err != nil || page.Total != n {
						t.Errorf("%s → %s: %d complaints listed, %d counted, %v", m.From, m.To, page.Total, n, err)
					}
				}
			}
		})
	}
}
