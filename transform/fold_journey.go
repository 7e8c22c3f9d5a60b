package transform

import (
	"slices"
	"time"

	"wenguo/ingest"
	"wenguo/transform/kpi"
)

// Reached is the first time that a complaint came to a milestone, at or after its registration by the order of events.
// At may lie before the registration where an event names another instant than its own, as a survey's offer can.
type Reached struct {
	Milestone kpi.Milestone
	At        time.Time
}

// Spent is the time that a complaint spent on the way to a milestone: since the milestone before, whichever that was, and
// in any number of pieces. Took is wall time, Worked the time of the working calendar in force at the registration; a
// pause counts for kpi.SpentPaused and for nothing else.
type Spent struct {
	On     kpi.Spending
	Took   time.Duration
	Worked time.Duration
}

// journey notes the milestones, and of a resolved complaint where its time went.
func (f *folder) journey() {
	f.milestones()
	if f.c.Handling.Known {
		f.spent()
	}
}

// milestones are in the order of kpi.Milestones.
func (f *folder) milestones() {
	at := map[kpi.Milestone]time.Time{kpi.Registered: f.c.RegisteredAt, kpi.Acknowledged: f.c.Response.FirstAt, kpi.Closed: f.c.FirstClosedAt}
	for i := f.reg + 1; i < len(f.events); i++ {
		if m, ok := milestoneKinds[f.events[i].Kind]; ok && at[m].IsZero() {
			at[m] = f.events[i].OccurredAt
		}
	}
	for _, r := range f.c.Rounds {
		if r.EndedAs == Resolved && at[kpi.Resolved].IsZero() {
			at[kpi.Resolved] = r.EndedAt
		}
	}
	for _, s := range f.c.Surveys {
		if at[kpi.Surveyed].IsZero() || s.OfferedAt.Before(at[kpi.Surveyed]) {
			at[kpi.Surveyed] = s.OfferedAt
		}
	}
	for _, m := range append(slices.Clone(kpi.Milestones), kpi.PlanRejected) {
		if !at[m].IsZero() {
			f.c.Milestones = append(f.c.Milestones, Reached{m, at[m]})
		}
	}
}

// milestoneKinds are the milestones that are events of one kind.
var milestoneKinds = map[ingest.Kind]kpi.Milestone{ //nolint:gochecknoglobals // a constant table
	ingest.KindDispatched: kpi.Dispatched, ingest.KindConfirmed: kpi.Confirmed, ingest.KindPlanProposed: kpi.Planned,
	ingest.KindPlanRejected: kpi.PlanRejected,
}

// spent divides the time from the registration to the last resolution, without the gaps between an end and the reopening
// after it: each stretch belongs to the milestone it led to, the rest of the first round to its end, a later round to
// redoing, a pause to pausing. What follows the last resolution is listed beside it.
func (f *folder) spent() {
	calendar := f.rules.At(f.c.RegisteredAt).Policy.WorkingCalendar()
	sums := map[kpi.Spending]Spent{}
	add := func(on kpi.Spending, from, to time.Time) {
		s := sums[on]
		s.On, s.Took, s.Worked = on, s.Took+to.Sub(from), s.Worked+calendar.Between(from, to)
		sums[on] = s
	}
	for n, r := range f.c.Rounds {
		cuts := []stretch{{kpi.SpentRedo, r.EndedAt}}
		if n == 0 {
			cuts = f.firstRound(r.EndedAt)
		}
		from := r.StartedAt
		for _, cut := range cuts {
			f.unpaused(from, cut.until, add, cut.on)
			from = cut.until
		}
	}
	last := f.c.EndedAt
	if at := f.offer(len(f.rounds) - 1); at.After(last) {
		add(kpi.SpentSurvey, last, at)
	}
	if at := f.c.FirstClosedAt; at.After(last) {
		add(kpi.SpentClosing, last, at)
	}
	for _, on := range kpi.Spendings {
		if s, ok := sums[on]; ok {
			f.c.Spent = append(f.c.Spent, s)
		}
	}
}

// stretch ends at an instant; the one before it in a list ends where it begins.
type stretch struct {
	on    kpi.Spending
	until time.Time
}

// firstRound are the stretches of the first round: up to its first reply, dispatch, confirmation and plan in the order in
// which they came, and up to its end.
func (f *folder) firstRound(end time.Time) []stretch {
	var cuts []stretch
	seen := map[kpi.Spending]bool{}
	for i := f.reg + 1; i < f.rounds[0].next && f.rounds[0].openAt(i); i++ {
		on, ok := spendingKinds[f.events[i].Kind]
		if f.humanReply(i) && !seen[kpi.SpentAcknowledge] && !f.ends(i) {
			on, ok = kpi.SpentAcknowledge, true
		}
		if ok && !seen[on] {
			seen[on] = true
			cuts = append(cuts, stretch{on, f.events[i].OccurredAt})
		}
	}
	return append(cuts, stretch{kpi.SpentResolve, end})
}

// spendingKinds are the kinds of events that end a stretch.
var spendingKinds = map[ingest.Kind]kpi.Spending{ //nolint:gochecknoglobals // a constant table
	ingest.KindDispatched: kpi.SpentDispatch, ingest.KindConfirmed: kpi.SpentConfirm, ingest.KindPlanProposed: kpi.SpentPlan,
}

// unpaused adds a stretch, its pauses to pausing.
func (f *folder) unpaused(from, to time.Time, add func(kpi.Spending, time.Time, time.Time), on kpi.Spending) {
	for _, p := range f.pauses {
		if !p.From.Before(to) || !p.To.After(from) {
			continue
		}
		if p.From.After(from) {
			add(on, from, p.From)
			from = p.From
		}
		until := p.To
		if to.Before(until) {
			until = to
		}
		add(kpi.SpentPaused, from, until)
		from = until
	}
	if to.After(from) {
		add(on, from, to)
	} else {
		add(on, to, to) // it was passed, in no time
	}
}
