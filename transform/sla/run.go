package sla

import "time"

// Interval is a stretch of wall time; To is zero while it is open.
type Interval struct{ From, To time.Time }

// Run is one run of a promise: what happened, from which its clock follows.
type Run struct {
	Target  Target
	Round   int
	Started time.Time
	// Finish is the earliest finish of the round, zero without one. Before Started it makes the clock an anomaly.
	Finish time.Time
	// End is the instant that cancels an unfinished clock which is not past due; zero while nothing did.
	End time.Time
	// Pauses of the complaint, in order and disjoint.
	Pauses []Interval
}

// Clock evaluates the run. Instants alone are compared: a finish in the millisecond of the end is a finish.
func (r Run) Clock() Clock {
	c := Clock{
		Stage: r.Target.Stage, Round: r.Round, Rule: r.Target.Rule, Calendar: r.Target.Calendar.ID(),
		Started: r.Started, Target: r.Target.Duration, WarnAfter: r.Target.WarnAfter,
		Pausable: r.Target.Pauses,
	}
	c.Anomaly = !r.Finish.IsZero() && r.Finish.Before(r.Started)
	if !r.Finish.IsZero() && !c.Anomaly && (r.End.IsZero() || !r.Finish.After(r.End)) {
		c.Finished = r.Finish
	}
	stop := r.End
	if !c.Finished.IsZero() {
		stop = c.Finished
	}
	var pauses []Interval
	if r.Target.Pauses {
		pauses = r.Pauses
	}
	c.deadline(r.Target.Calendar, pauses, stop)
	c.cancelAt(r.End)
	c.Provisional = r.Target.Calendar.Provisional(c.Started, c.Due)
	return c
}

// Named is the clock of a deadline that a person named: it moves for nothing.
func Named(s Stage, round int, started, due, finish, end time.Time) Clock {
	c := Clock{Stage: s, Round: round, Rule: RuleDefault, Started: started, Due: due}
	if !finish.IsZero() && (end.IsZero() || !finish.After(end)) {
		c.Finished = finish
	}
	c.cancelAt(end)
	return c
}

// cancelAt ends a clock that is neither finished nor past due.
func (c *Clock) cancelAt(end time.Time) {
	if !end.IsZero() && c.Finished.IsZero() && !end.After(c.Due) {
		c.Cancelled = end
	}
}

// deadline walks over the pauses: each that begins before the deadline moves it, up to the instant at which the clock
// stopped to matter.
func (c *Clock) deadline(cal *Calendar, pauses []Interval, stop time.Time) {
	cur, left := c.Started, c.Target
	for _, p := range pauses {
		from, to := p.From, p.To
		if !stop.IsZero() && (to.IsZero() || to.After(stop)) {
			to = stop
		}
		if !to.IsZero() && !to.After(cur) {
			continue
		}
		if from.Before(cur) {
			from = cur
		}
		if !to.IsZero() && !from.Before(to) {
			continue
		}
		ran := cal.Between(cur, from)
		if ran >= left {
			break
		}
		left -= ran
		if to.IsZero() {
			c.Frozen, c.Remaining = true, left
			cur = from
			break
		}
		c.PausedFor += to.Sub(from)
		cur = to
	}
	c.Due = cal.Due(cur, left)
}

// SegmentState says what a stretch of a clock's life was.
type SegmentState string

// States of a segment.
const (
	Counting SegmentState = "counting"
	InPause  SegmentState = "paused"
	OffHours SegmentState = "off_hours"
)

// Segment is one stretch of the deadline's arithmetic.
type Segment struct {
	From  time.Time    `json:"from"`
	To    time.Time    `json:"to"`
	State SegmentState `json:"state"`
}

// Segments explains a deadline: what each stretch from one instant to another was. Pauses are in order and disjoint; an
// open one lasts to the end. The counting stretches add up to the calendar's time between the instants without pauses.
func Segments(cal *Calendar, from, to time.Time, pauses []Interval) []Segment {
	var out []Segment
	put := func(s Segment) {
		if n := len(out); n > 0 && out[n-1].State == s.State && out[n-1].To.Equal(s.From) {
			out[n-1].To = s.To
			return
		}
		out = append(out, s)
	}
	work := func(x, y time.Time) {
		for _, s := range cal.spans(x, y) {
			state := OffHours
			if s.counting {
				state = Counting
			}
			put(Segment{s.from, s.to, state})
		}
	}
	cur := from
	for _, p := range pauses {
		begin, end := p.From, p.To
		if end.IsZero() || end.After(to) {
			end = to
		}
		if begin.Before(cur) {
			begin = cur
		}
		if !begin.Before(end) {
			continue
		}
		work(cur, begin)
		put(Segment{begin, end, InPause})
		cur = end
	}
	work(cur, to)
	return out
}

// Segments explains the clock's deadline as seen at t; nil for a deadline that a person named.
func (c Clock) Segments(t time.Time, cal *Calendar, pauses []Interval) []Segment {
	if cal == nil || c.Target == 0 {
		return nil
	}
	if !c.Pausable {
		return Segments(cal, c.Started, c.DueAt(t, cal), nil)
	}
	stop := t
	for _, s := range []time.Time{c.Finished, c.Cancelled} {
		if !s.IsZero() {
			stop = s
		}
	}
	var cut []Interval
	for _, p := range pauses {
		if !p.From.Before(stop) {
			break
		}
		if p.To.IsZero() || p.To.After(stop) {
			p.To = stop
		}
		cut = append(cut, p)
	}
	return Segments(cal, c.Started, c.DueAt(t, cal), cut)
}
