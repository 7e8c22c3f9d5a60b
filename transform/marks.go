package transform

import (
	"slices"
	"strconv"
	"time"

	"wenguo/transform/kpi"
	"wenguo/transform/sla"
)

// followUp is how long a resolution must stand before it is judged.
const followUp = 30 * 24 * time.Hour

// Mark is one thing of a complaint that key figures count. It holds for every instant T from the fact's last event on:
// what depends on T is said by Decides, so that a mark needs no now.
type Mark struct {
	// What it counts as (a mark of transform/kpi) when T lies after Decides; until then it counts as Before, which may
	// be nothing. A zero Decides is always past.
	What    string
	Before  string
	Decides time.Time
	// At is the instant whose period counts it.
	At time.Time
	// A complaint that a figure counts once a period, by its first or last such thing there, has the thing before and
	// the thing after: the mark counts when After lies before the period and Until, if any, not in it.
	After, Until time.Time
	// Calendar is set while a pause is open: then At is Left of the calendar's time after T.
	Calendar string
	Left     time.Duration
}

// Marks lists what key figures count of the complaint, in a fixed order.
func (c *Complaint) Marks() []Mark {
	if c.Orphan {
		return nil
	}
	var m marks
	m.cohort(c)
	for _, r := range c.Rounds {
		m.round(r)
	}
	m.contact(c)
	for _, clock := range c.Clocks {
		m.clock(clock)
	}
	m.flow(c)
	m.voice(c)
	return m
}

type marks []Mark

func (m *marks) add(what string, at time.Time) { *m = append(*m, Mark{What: what, At: at}) }

// undecided adds what counts as before up to an instant.
func (m *marks) undecided(before, what string, at, decides time.Time) {
	*m = append(*m, Mark{What: what, Before: before, At: at, Decides: decides})
}

// cohort is what is counted among the complaints registered in a period. A merged complaint is in no such rate.
func (m *marks) cohort(c *Complaint) {
	at := c.RegisteredAt
	m.add(kpi.MarkRegistered, at)
	resolve, promised := c.clock(sla.Resolve)
	if c.State == Open && promised && !resolve.Anomaly && !resolve.Frozen && resolve.Finished.IsZero() && resolve.Cancelled.IsZero() {
		m.undecided("", kpi.MarkOverdue, at, resolve.Due)
	}
	if c.State == Merged {
		return
	}
	m.add(kpi.MarkCounted, at)
	switch {
	case c.State == Resolved:
		m.add(kpi.MarkCompleted, at)
	case c.State == Open && (!promised || resolve.Frozen):
		m.add(kpi.MarkWaiting, at)
	case c.State == Open:
		m.undecided(kpi.MarkWaiting, kpi.MarkLate, at, resolve.Due)
	}
	switch r := c.Response; {
	case r.Anomaly:
	case r.Abandoned || !r.MissedAfter.IsZero() && r.Until.After(r.MissedAfter):
		m.add(kpi.MarkMissed, at)
	case r.Until.IsZero() && !r.MissedAfter.IsZero():
		m.undecided(kpi.MarkUnanswered, kpi.MarkMissed, at, r.MissedAfter)
	}
	if len(c.Escalations) > 0 {
		m.add(kpi.MarkEscalated, at)
	}
	if c.Flow.SelfService {
		m.add(kpi.MarkSelfService, at)
	}
	odd := map[sla.Stage]bool{}
	for _, clock := range c.Clocks {
		if clock.Anomaly && !odd[clock.Stage] {
			odd[clock.Stage] = true
			m.add(string(clock.Stage)+kpi.ClockAnomaly, at)
		}
	}
}

// clock finds the first clock of a stage.
func (c *Complaint) clock(stage sla.Stage) (sla.Clock, bool) {
	i := slices.IndexFunc(c.Clocks, func(clock sla.Clock) bool { return clock.Stage == stage })
	if i < 0 {
		return sla.Clock{}, false
	}
	return c.Clocks[i], true
}

func (m *marks) round(r Round) {
	if r.Number > 1 {
		m.add(kpi.MarkReopened, r.StartedAt)
	}
	switch r.EndedAs {
	case Resolved:
		m.add(kpi.MarkResolved, r.EndedAt)
		what := kpi.MarkStood
		if !r.ReopenedAt.IsZero() && r.ReopenedAt.Sub(r.EndedAt) <= followUp {
			what = kpi.MarkReturned
		}
		m.undecided(kpi.MarkReopenYoung, what, r.EndedAt, grown(r.EndedAt))
	case Withdrawn, Rejected:
		m.add(kpi.MarkWithdrawn, r.EndedAt)
	case Merged:
		m.add(kpi.MarkMerged, r.EndedAt)
	case Open:
	}
}

// grown is the last millisecond in which a resolution is too young to be judged.
func grown(resolved time.Time) time.Time { return resolved.Add(followUp - time.Millisecond) }

// contact judges the first resolution; a repeat by another complaint, which spoils it, is not known here.
func (m *marks) contact(c *Complaint) {
	i := slices.IndexFunc(c.Rounds, func(r Round) bool { return r.EndedAs == Resolved })
	if i < 0 {
		return
	}
	r, what := c.Rounds[i], kpi.MarkContactMore
	touches := c.Response.TouchesToResolution
	returned := !r.ReopenedAt.IsZero() && r.ReopenedAt.Sub(r.EndedAt) <= followUp
	if (touches == 1 || touches == 0 && c.Response.ResolvedByHuman) && !returned {
		what = kpi.MarkContactOne
	}
	m.undecided(kpi.MarkContactYoung, what, r.EndedAt, grown(r.EndedAt))
}

func (m *marks) clock(c sla.Clock) {
	if c.Anomaly || !c.Cancelled.IsZero() {
		return
	}
	stage := string(c.Stage)
	if c.Frozen {
		*m = append(*m, Mark{What: stage + kpi.ClockPending, At: c.Due, Calendar: c.Calendar, Left: c.Remaining})
		return
	}
	what := stage + kpi.ClockLate
	if !c.Finished.IsZero() && !c.Finished.After(c.Due) {
		what = stage + kpi.ClockMet
	}
	m.undecided(stage+kpi.ClockPending, what, c.Due, c.Due)
}

func (m *marks) flow(c *Complaint) {
	if at := c.Flow.FirstDispatchedAt; !at.IsZero() {
		m.add(kpi.MarkDispatched, at)
		if c.Flow.Deviated {
			m.add(kpi.MarkDeviated, at)
		}
		if c.Flow.Bounced {
			m.add(kpi.MarkBounced, at)
		}
	}
	for _, t := range c.Transfers {
		what := kpi.MarkNamed
		if t.ToOwner == "" {
			what = kpi.MarkUnnamed
		}
		m.add(what, t.At)
	}
	if at := c.FirstClosedAt; !at.IsZero() && !c.Flow.SelfService {
		what := kpi.MarkUncovered
		if c.Flow.AllSteps {
			what = kpi.MarkCovered
		}
		m.add(what, at)
	}
	for _, p := range c.Promises {
		if p.Cancelled {
			continue
		}
		what := kpi.MarkBroken
		if !p.KeptAt.IsZero() && !p.KeptAt.After(p.Due) {
			what = kpi.MarkKept
		}
		m.undecided(kpi.MarkPromised, what, p.Due, p.Due)
	}
}

func (m *marks) voice(c *Complaint) {
	if n := len(c.Ratings); n > 0 {
		m.add(kpi.MarkRated+strconv.Itoa(c.Ratings[n-1].Score), c.Ratings[n-1].At)
		m.add(kpi.MarkRatedFirst+strconv.Itoa(c.Ratings[0].Score), c.Ratings[0].At)
	}
	var low time.Time
	for _, r := range c.Ratings {
		if r.Score > 3 {
			continue
		}
		what := kpi.MarkLeft
		if r.ReopenedAfter {
			what = kpi.MarkRedone
		}
		*m = append(*m, Mark{What: what, At: r.At, After: low})
		low = r.At
	}
	for _, s := range c.Surveys {
		what := kpi.MarkSilent
		switch {
		case s.Score >= 4:
			what = kpi.MarkSatisfied
		case !s.AnsweredAt.IsZero():
			what = kpi.MarkAnswered
		}
		m.undecided("", what, s.OfferedAt, s.OfferedAt.Add(-time.Millisecond))
	}
	for i, v := range c.Verifications {
		what := kpi.MarkNotAccepted
		if v.Accepted {
			what = kpi.MarkAccepted
		}
		mark := Mark{What: what, At: v.At}
		if i+1 < len(c.Verifications) {
			mark.Until = c.Verifications[i+1].At
		}
		*m = append(*m, mark)
	}
}
