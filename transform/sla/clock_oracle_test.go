package sla_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"wenguo/transform/sla"
)

// life is what happened to a clock, on whole minutes; a zero instant has not happened.
type life struct {
	start, finish, end time.Time
	pauses             []sla.Interval
	asOf               time.Time
}

// slowDue goes through the clock's life minute by minute: a minute that counts and lies in no pause uses up the target. A
// pause counts up to the clock's finish or cancellation, an open one up to the instant of the question.
func (l life) slowDue(o *office, target time.Duration) time.Time {
	stop := l.end
	if l.finishes() {
		stop = l.finish
	}
	for m := l.start; ; m = m.Add(time.Minute) {
		if target <= 0 {
			return m
		}
		paused := false
		for _, p := range l.pauses {
			to := p.To
			if to.IsZero() {
				to = l.asOf
			}
			if !stop.IsZero() && to.After(stop) {
				to = stop
			}
			paused = paused || !m.Before(p.From) && m.Before(to)
		}
		if !paused && (o == nil || o.counts(m)) {
			target -= time.Minute
		}
	}
}

func (l life) finishes() bool {
	return !l.finish.IsZero() && !l.finish.Before(l.start) && (l.end.IsZero() || !l.finish.After(l.end))
}

func (l life) slowState(due time.Time) sla.State {
	switch {
	case l.finishes() && l.finish.After(due):
		return sla.Breached
	case l.finishes():
		return sla.Met
	case !l.end.IsZero() && !l.end.After(due):
		return sla.Cancelled
	case l.asOf.After(due):
		return sla.Breached
	}
	for _, p := range l.pauses {
		if p.To.IsZero() && p.From.Before(due) {
			return sla.Paused
		}
	}
	return sla.Running
}

func drawLife(rt *rapid.T, first time.Time) life {
	minutes := func(name string, least, most int) time.Duration {
		return time.Duration(rapid.IntRange(least, most).Draw(rt, name)) * time.Minute
	}
	// Short steps make instants meet.
	step := rapid.SampledFrom([]int{3, 60, 900}).Draw(rt, "step")
	l := life{start: first.Add(minutes("start", 0, 10*24*60))}
	last := l.start
	cur := l.start.Add(-minutes("before", 0, step))
	for range rapid.IntRange(0, 3).Draw(rt, "pauses") {
		from := cur.Add(minutes("gap", 0, step))
		cur = from.Add(minutes("pause", 1, step))
		l.pauses = append(l.pauses, sla.Interval{From: from, To: cur})
	}
	if rapid.Bool().Draw(rt, "finished") {
		l.finish = l.start.Add(minutes("finish", 0, 4*step))
		last = l.finish
	}
	if rapid.Bool().Draw(rt, "ended") {
		l.end = l.start.Add(minutes("end", 0, 4*step))
		if l.end.After(last) {
			last = l.end
		}
	}
	// The end of a complaint ends its pauses, so an open one is of a complaint that goes on.
	if n := len(l.pauses); n > 0 && l.end.IsZero() && rapid.Bool().Draw(rt, "open") {
		l.pauses[n-1].To = time.Time{}
		cur = l.pauses[n-1].From
	}
	if cur.After(last) {
		last = cur
	}
	l.asOf = last.Add(minutes("asOf", 0, 2*step))
	return l
}

func TestClocksAgreeWithAMinuteLoop(t *testing.T) {
	rest, work := chinese(t)
	shanghai := office{
		zone: zone(t, "Asia/Shanghai"), days: []time.Weekday{1, 2, 3, 4, 5}, hours: []sla.Hours{{From: 540, To: 720}, {From: 810, To: 1080}},
		rest: rest, work: work,
	}
	offices := map[string]*office{"24x7": nil, "natural-days": nil, "working-hours": &shanghai}
	first := instant(t, "2025-09-26T00:00:00+08:00")
	rapid.Check(t, func(rt *rapid.T) {
		stage := rapid.SampledFrom([]sla.Stage{sla.Acknowledge, sla.Dispatch, sla.Confirm, sla.Plan, sla.Redo}).Draw(rt, "stage")
		promise := target(t, stage, sla.Values{})
		l := drawLife(rt, first)
		run := sla.Run{Target: promise, Started: l.start, Finish: l.finish, End: l.end, Pauses: l.pauses}
		clock := run.Clock()
		if !promise.Pauses {
			l.pauses = nil
		}
		due := l.slowDue(offices[promise.Calendar.Name()], promise.Duration)
		if got := clock.DueAt(l.asOf, promise.Calendar); !got.Equal(due) {
			rt.Fatalf("%s of %+v: due %s, want %s", stage, l, got, due)
		}
		if got, want := clock.StateAt(l.asOf, promise.Calendar), l.slowState(due); got != want {
			rt.Fatalf("%s of %+v, due %s: %s, want %s", stage, l, due, got, want)
		}
		at, counting := l.start, time.Duration(0)
		for _, s := range clock.Segments(l.asOf, promise.Calendar, run.Pauses) {
			if !s.From.Equal(at) || !s.From.Before(s.To) {
				rt.Fatalf("segment %v does not follow %s", s, at)
			}
			at = s.To
			if s.State == sla.Counting {
				counting += s.To.Sub(s.From)
			}
		}
		if !at.Equal(due) || counting != promise.Duration {
			rt.Fatalf("segments count %s of %s up to %s, due %s", counting, promise.Duration, at, due)
		}
	})
}
