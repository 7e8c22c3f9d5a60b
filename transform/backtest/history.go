package backtest

import (
	"time"

	"wenguo/transform"
	"wenguo/transform/kpi"
	"wenguo/transform/sla"
)

// clock is one clock with a verdict or on its way to one. All instants are UTC; a zero one has not happened.
type clock struct {
	group kpi.TimerKey
	id    string
	// warned is when it became at risk, margin how long before the deadline its group warns.
	warned time.Time
	margin time.Duration
	due    time.Time
	// done is when it was finished, or its complaint ended without it.
	done   time.Time
	breach bool
}

// event of a complaint that a rate counts: registered, and when it was found missed or escalated.
type event struct{ registered, missed, escalated time.Time }

// History is what alerts are replayed on. Add every complaint that lived in the stretch or the four weeks before it.
type History struct {
	policy *sla.Policy
	from   time.Time
	to     time.Time
	clocks []clock
	cases  []event
}

// New makes an empty history for [from, to).
func New(p *sla.Policy, from, to time.Time) *History {
	return &History{policy: p, from: from.UTC(), to: to.UTC()}
}

// Since is the earliest registration, deadline or breach that the alerts of the stretch look back on.
func (h *History) Since() time.Time { return h.from.Add(-window) }

// To is the end of the stretch, which it does not contain.
func (h *History) To() time.Time { return h.to }

// Add takes the fact of a complaint. calendar finds those that its clocks carry.
func (h *History) Add(c transform.Complaint, calendar func(id string) *sla.Calendar) {
	if c.ID == "" || c.Orphan {
		return
	}
	if c.State != transform.Merged && c.RegisteredAt.Before(h.to) && !c.RegisteredAt.Before(h.Since()) {
		e := event{registered: c.RegisteredAt}
		if len(c.Escalations) > 0 {
			e.escalated = c.Escalations[0]
		}
		e.missed = missedAt(c, h.to)
		h.cases = append(h.cases, e)
	}
	for _, k := range c.Clocks {
		h.add(c, k, calendar(k.Calendar))
	}
}

func (h *History) add(c transform.Complaint, k sla.Clock, cal *sla.Calendar) {
	if k.Anomaly || !k.Cancelled.IsZero() || k.Frozen || k.Due.Before(h.Since()) || !k.Due.Before(h.to) {
		return
	}
	one := clock{
		group: kpi.TimerKey{Stage: string(k.Stage), Priority: c.Priority, Department: c.Department, Rule: k.Rule},
		id:    c.ID, due: k.Due, done: k.Finished, breach: k.Finished.IsZero() || k.Finished.After(k.Due), warned: k.Due,
	}
	if one.done.IsZero() {
		one.done = endOf(c, k.Round)
	}
	if t, ok := h.policy.Promise(k.Stage, c.Priority, k.Rule); ok {
		one.margin = t.Duration - t.WarnAfter
	}
	if cal != nil && k.Target > 0 && high(c.Priority) {
		one.warned = atRisk(cal, k)
	}
	h.clocks = append(h.clocks, one)
}

// missedAt is when nobody had answered for too long, or the customer gave up; zero when it did not come to that.
func missedAt(c transform.Complaint, until time.Time) time.Time {
	r := c.Response
	switch {
	case r.Anomaly:
		return time.Time{}
	case r.Abandoned:
		return r.Until
	case r.MissedAfter.IsZero() || !r.MissedAfter.Before(until) || !r.Until.IsZero() && !r.Until.After(r.MissedAfter):
		return time.Time{}
	}
	return r.MissedAfter
}

// endOf is when a round ended; zero while it has not.
func endOf(c transform.Complaint, round int) time.Time {
	if round < 1 || round > len(c.Rounds) {
		return time.Time{}
	}
	return c.Rounds[round-1].EndedAt
}

// high says whether cases of a priority have alerts of their own.
func high(priority string) bool { return priority == "urgent" || priority == "high" }

// atRisk is the first instant at which no more than the warning margin is left, to the second.
func atRisk(cal *sla.Calendar, k sla.Clock) time.Time {
	margin := k.Target - k.WarnAfter
	early, late := k.Started, k.Due
	if cal.Between(early, late) <= margin {
		return early
	}
	for late.Sub(early) > time.Second {
		middle := early.Add(late.Sub(early) / 2)
		if cal.Between(middle, k.Due) <= margin {
			late = middle
		} else {
			early = middle
		}
	}
	return late
}
