package transform

import (
	"time"

	"wenguo/transform/sla"
)

// ReadClock reads one clock of the fact at an instant. cal is the clock's calendar and may be nil for a deadline that a
// person named.
func (c Complaint) ReadClock(clock sla.Clock, cal *sla.Calendar, at time.Time) ClockReading {
	var pauses []sla.Interval
	for _, p := range c.Pauses {
		pauses = append(pauses, sla.Interval{From: p.StartedAt, To: p.EndedAt})
	}
	r := ClockReading{
		Clock: clock, State: clock.StateAt(at, cal), Due: clock.DueAt(at, cal), Segments: clock.Segments(at, cal, pauses),
	}
	if cal == nil {
		cal = sla.Natural("")
	}
	if !clock.Pausable {
		pauses = nil
	}
	for _, s := range sla.Segments(cal, clock.Started, clockEnd(clock, at), pauses) {
		if s.State == sla.Counting {
			r.Counted += s.To.Sub(s.From)
		}
	}
	return r
}

// clockEnd is where a clock stopped, or the instant while it has not.
func clockEnd(c sla.Clock, at time.Time) time.Time {
	switch {
	case !c.Finished.IsZero():
		return c.Finished
	case !c.Cancelled.IsZero():
		return c.Cancelled
	}
	return at
}
