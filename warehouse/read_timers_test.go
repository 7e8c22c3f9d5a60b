package warehouse

import (
	"slices"
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/kpi"
	"wenguo/transform/sla"
)

// lastly is an instant after every event, at which facts are what folding everything gives.
func (h *history) lastly() time.Time {
	var last time.Time
	for _, events := range h.events {
		for _, e := range events {
			last = later(last, e.OccurredAt)
		}
	}
	return last.Add(90 * time.Minute)
}

// countTimers counts clocks slowly and plainly.
func countTimers(facts []transform.Complaint, rules transform.Rules, q kpi.TimersQuery) map[kpi.TimerKey]kpi.Timers {
	all := map[kpi.TimerKey]kpi.Timers{}
	for _, c := range facts {
		if c.RegisteredAt.After(q.At) {
			continue
		}
		for _, clock := range c.Clocks {
			key := kpi.TimerKey{
				Stage: string(clock.Stage), Priority: ingest.Normal(c.Priority, ingest.Priorities), Department: c.Department, Rule: clock.Rule,
			}
			if key.Department != "" && !slices.Contains(q.Departments, key.Department) {
				key.Department = kpi.Other
			}
			n := all[key]
			n.TimerKey = key
			countClock(&n, c, clock, rules.Calendar(clock.Calendar), q)
			all[key] = n
		}
	}
	for key, n := range all {
		if n == (kpi.Timers{TimerKey: key}) {
			delete(all, key)
		}
	}
	return all
}

func countClock(n *kpi.Timers, c transform.Complaint, clock sla.Clock, cal *sla.Calendar, q kpi.TimersQuery) {
	state, due := clock.StateAt(q.At, cal), clock.DueAt(q.At, cal)
	if state == sla.Cancelled || state == sla.NoVerdict {
		return
	}
	if due.Before(q.At) {
		verdict := func(v *kpi.Verdicts) {
			if state == sla.Met {
				v.Met++
			} else {
				v.Breached++
			}
		}
		for i, w := range kpi.Windows {
			if !due.Before(q.At.Add(-w.Length)) {
				verdict(&n.Windows[i])
			}
		}
		if !due.Before(q.DecidedFrom) && due.Before(q.DecidedTo) {
			verdict(&n.Decided)
		}
	}
	if !clock.Finished.IsZero() || clock.Round != len(c.Rounds) || !waits(c, clock.Stage, due, q.At) {
		return
	}
	var left time.Duration
	if cal != nil {
		left = cal.Between(q.At, due)
	}
	switch {
	case state == sla.Breached:
		n.Overdue++
	case clock.Target > 0 && left <= clock.Target-clock.WarnAfter:
		n.AtRisk++
	default:
		n.OK++
	}
	if state == sla.Running && (n.NextDue.IsZero() || due.Before(n.NextDue)) {
		n.NextDue = due.UTC()
	}
}

// waits says whether somebody can still finish a clock of the last round.
func waits(c transform.Complaint, stage sla.Stage, due, at time.Time) bool {
	if stage != sla.Survey {
		return c.State == transform.Open
	}
	return c.State == transform.Resolved &&
		(!due.Before(at) || c.FirstClosedAt.IsZero() && !due.Before(at.Add(-28*24*time.Hour)))
}

func TestTimersAreThoseOfPlainFolding(t *testing.T) {
	h := openHistory(t, 800)
	lastly := h.lastly()
	var total kpi.Timers
	instants := map[string]time.Time{
		"after everything":          lastly,
		"when the last ones wait":   lastly.Add(-80 * time.Minute),
		"when only the open remain": lastly.AddDate(0, 2, 0),
	}
	// The busiest days lie in the past of the last event; what happened later is taken away there.
	middle := h.end.AddDate(0, 0, 1)
	instants["in the middle"], instants["in a night"] = middle, middle.Add(13*time.Hour)
	for name, at := range instants {
		t.Run(name, func(t *testing.T) {
			store, facts := h, h.facts(at)
			if at.Before(lastly.Add(-time.Hour * 2)) {
				store = until(t, h, at)
			}
			q := kpi.TimersQuery{
				At: at, Departments: []string{"客服中心", "物流部"},
				DecidedFrom: at.Add(-50 * time.Hour), DecidedTo: at.Add(-5 * time.Minute),
			}
			want := countTimers(facts, h.rules, q)
			found, err := store.Timers(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, got := range found {
				if got != want[got.TimerKey] {
					t.Errorf("got  %+v\nwant %+v", got, want[got.TimerKey])
				}
				delete(want, got.TimerKey)
				add(&total, got)
			}
			for _, missing := range want {
				t.Errorf("missing %+v", missing)
			}
		})
	}
	longest := total.Windows[len(kpi.Windows)-1]
	if total.OK < 5 || total.AtRisk < 2 || total.Overdue < 50 || longest.Met < 20 || longest.Breached < 50 || total.Decided.Met == 0 {
		t.Errorf("little to compare: %+v", total)
	}
}

func add(total *kpi.Timers, n kpi.Timers) {
	total.OK, total.AtRisk, total.Overdue = total.OK+n.OK, total.AtRisk+n.AtRisk, total.Overdue+n.Overdue
	total.Decided.Met += n.Decided.Met
	last := len(kpi.Windows) - 1
	total.Windows[last].Met += n.Windows[last].Met
	total.Windows[last].Breached += n.Windows[last].Breached
}

// until is a store whose facts are those of an instant.
func until(t *testing.T, h *history, at time.Time) *history {
	t.Helper()
	past := &history{Store: openStore(t), rules: h.rules, events: map[string][]ingest.Stored{}, end: h.end}
	past.UseRules(h.rules)
	facts := h.facts(at)
	if err := past.SaveFacts(t.Context(), facts); err != nil {
		t.Fatal(err)
	}
	for id, events := range h.events {
		for _, e := range events {
			if !e.OccurredAt.After(at) {
				past.events[id] = append(past.events[id], e)
			}
		}
	}
	return past
}

// aComplaint is one whose 72 hours to resolve began with the history, until last.
func aComplaint(id string, version uint64, state transform.State, last time.Time) transform.Complaint {
	c := transform.Complaint{
		ID: id, Version: version, RegisteredAt: historyStart, FirstEventAt: historyStart, LastEventAt: last, State: state, Priority: "high",
		Rounds: []transform.Round{{Number: 1, StartedAt: historyStart}},
		Clocks: []sla.Clock{{
			Stage: sla.Resolve, Round: 1, Rule: sla.RuleDefault, Calendar: "natural-days", Started: historyStart,
			Target: 72 * time.Hour, WarnAfter: 54 * time.Hour, Due: historyStart.Add(72 * time.Hour),
		}},
	}
	if state != transform.Open {
		c.Rounds[0].EndedAt, c.Rounds[0].EndedAs = last, state
		c.Clocks[0].Finished = last
	}
	return c
}

func TestTimersSeeThroughOlderVersions(t *testing.T) {
	s := openStore(t)
	s.UseRules(testRules(t))
	at := historyStart.AddDate(0, 0, 100)
	early := historyStart.Add(time.Hour)
	moved := aComplaint("moved", 2, transform.Open, at.Add(-time.Hour))
	moved.RegisteredAt = historyStart.AddDate(0, -2, 0)
	moved.Trace.RegisteredElsewhere = []time.Time{historyStart}
	open := transform.Open
	for _, facts := range [][]transform.Complaint{
		{
			aComplaint("ended", 1, open, historyStart), aComplaint("waits", 1, open, historyStart),
			aComplaint("woke", 1, open, historyStart), aComplaint("moved", 1, open, at.Add(-2*time.Hour)),
		},
		{
			aComplaint("ended", 2, transform.Resolved, early), aComplaint("waits", 2, open, early),
			aComplaint("woke", 2, open, at.Add(-time.Hour)), moved,
		},
	} {
		if err := s.SaveFacts(t.Context(), facts); err != nil {
			t.Fatal(err)
		}
	}
	found, err := s.Timers(t.Context(), kpi.TimersQuery{At: at, DecidedFrom: at, DecidedTo: at})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 1 || found[0].Overdue != 3 {
		t.Errorf("three complaints are overdue, got %+v", found)
	}
}

func TestTimersTurnAtTheirMillisecond(t *testing.T) {
	due := historyStart.Add(72 * time.Hour)
	frozen := func(left time.Duration) func(*sla.Clock) {
		return func(c *sla.Clock) { c.Frozen, c.Remaining = true, left }
	}
	for name, c := range map[string]struct {
		at   time.Time
		with func(*sla.Clock)
		want kpi.Timers
	}{
		"all is well until a quarter is left":      {at: due.Add(-18*time.Hour - time.Millisecond), want: kpi.Timers{OK: 1, NextDue: due.UTC()}},
		"at risk when a quarter is left":           {at: due.Add(-18 * time.Hour), want: kpi.Timers{AtRisk: 1, NextDue: due.UTC()}},
		"still in time in its last millisecond":    {at: due, want: kpi.Timers{AtRisk: 1, NextDue: due.UTC()}},
		"overdue the millisecond after":            {at: due.Add(time.Millisecond), want: kpi.Timers{Overdue: 1}},
		"paused with more than a quarter left":     {at: due.AddDate(0, 0, 9), with: frozen(18*time.Hour + time.Millisecond), want: kpi.Timers{OK: 1}},
		"paused with a quarter left is at risk":    {at: due.AddDate(0, 0, 9), with: frozen(18 * time.Hour), want: kpi.Timers{AtRisk: 1}},
		"a date that a person named has no margin": {at: due, with: func(c *sla.Clock) { c.Target, c.WarnAfter, c.Calendar = 0, 0, "" }, want: kpi.Timers{OK: 1, NextDue: due.UTC()}},
	} {
		t.Run(name, func(t *testing.T) {
			s := openStore(t)
			s.UseRules(testRules(t))
			fact := aComplaint("one", 1, transform.Open, historyStart)
			if c.with != nil {
				c.with(&fact.Clocks[0])
			}
			if err := s.SaveFacts(t.Context(), []transform.Complaint{fact}); err != nil {
				t.Fatal(err)
			}
			found, err := s.Timers(t.Context(), kpi.TimersQuery{At: c.at, DecidedFrom: c.at, DecidedTo: c.at})
			if err != nil || len(found) != 1 {
				t.Fatalf("got %+v, %v", found, err)
			}
			got := found[0]
			c.want.TimerKey, c.want.Windows = got.TimerKey, got.Windows
			if got != c.want {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
			}
		})
	}
}

func TestTimerScope(t *testing.T) {
	h := openHistory(t, 300)
	at := h.lastly()
	scope, err := h.TimerScope(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, c := range h.facts(at) {
		if c.State == transform.Open || !c.LastEventAt.Before(timersSince(h.rules, windowEdges(at))) {
			count[c.Department]++
		}
	}
	delete(count, "")
	for i, name := range scope.Departments[1:] {
		if before := scope.Departments[i]; count[before] < count[name] || count[name] == 0 {
			t.Errorf("%s (%d) comes before %s (%d)", before, count[before], name, count[name])
		}
	}
	if len(scope.Departments) != len(count) || len(count) < 3 {
		t.Errorf("departments %q of %v", scope.Departments, count)
	}
	if len(scope.Keys) != 4*(7+1+2) {
		t.Errorf("%d combinations, want 4 priorities × (7 stages besides sync with a default, assist, 2 with an outage rule)", len(scope.Keys))
	}
	want := kpi.TimerTarget{Stage: "acknowledge", Priority: "high", Rule: "default", Target: time.Hour, Warning: 15 * time.Minute}
	if !slices.Contains(scope.Targets, want) {
		t.Errorf("no %+v in %+v", want, scope.Targets)
	}
	if until := scope.Calendars["working-hours"]; len(scope.Calendars) != 1 || !until.Equal(h.rules.Current().ValidUntil()) {
		t.Errorf("calendars %v", scope.Calendars)
	}
}
