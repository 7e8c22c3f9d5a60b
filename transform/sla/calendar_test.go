package sla_test

import (
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"wenguo/transform/sla"
)

func policy(t testing.TB) *sla.Policy {
	t.Helper()
	p, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var shipped = sync.OnceValues(func() (*sla.Policy, error) { return sla.ParsePolicy(sla.DefaultPolicy()) })

func working(t testing.TB) *sla.Calendar {
	t.Helper()
	target, ok := policy(t).Target(sla.Confirm, sla.Values{})
	if !ok {
		t.Fatal("the default policy has no confirm rule")
	}
	return target.Calendar
}

func instant(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at.UTC()
}

func TestDueInWorkingHours(t *testing.T) {
	cal := working(t)
	for name, tt := range map[string]struct {
		from string
		d    time.Duration
		want string
	}{
		"one working day from Monday 10:00 is Tuesday 10:00":                  {"2026-11-16T10:00:00+08:00", 7*time.Hour + 30*time.Minute, "2026-11-17T10:00:00+08:00"},
		"an hour from 11:30 goes over the lunch break":                        {"2026-11-16T11:30:00+08:00", time.Hour, "2026-11-16T14:00:00+08:00"},
		"a due instant on an opening falls on the closing before it":          {"2026-11-16T11:00:00+08:00", time.Hour, "2026-11-16T12:00:00+08:00"},
		"a start before opening waits for the opening":                        {"2026-11-16T03:00:00+08:00", time.Hour, "2026-11-16T10:00:00+08:00"},
		"Friday evening before a make-up Saturday goes on on Saturday":        {"2026-05-08T17:30:00+08:00", time.Hour, "2026-05-09T09:30:00+08:00"},
		"the last hour before National Day 2025 ends on the 9th":              {"2025-09-30T17:30:00+08:00", time.Hour, "2025-10-09T09:30:00+08:00"},
		"the last hour before National Day 2026 ends on the 8th":              {"2026-09-30T17:30:00+08:00", time.Hour, "2026-10-08T09:30:00+08:00"},
		"a make-up Sunday works":                                              {"2025-09-28T09:00:00+08:00", time.Hour, "2025-09-28T10:00:00+08:00"},
		"a year without data keeps the weekday rule":                          {"2027-10-01T09:00:00+08:00", time.Hour, "2027-10-01T10:00:00+08:00"},
		"into 2027 over New Year's weekday":                                   {"2026-12-31T17:30:00+08:00", time.Hour, "2027-01-01T09:30:00+08:00"},
		"a millisecond is kept":                                               {"2026-11-16T10:00:00.001+08:00", time.Second, "2026-11-16T10:00:01.001+08:00"},
		"nothing to wait for is due at once, even off hours":                  {"2026-11-16T03:00:00+08:00", 0, "2026-11-16T03:00:00+08:00"},
		"five weeks of working time skip the holidays of the Spring Festival": {"2026-02-13T09:00:00+08:00", 75 * time.Hour, "2026-03-04T18:00:00+08:00"},
	} {
		t.Run(name, func(t *testing.T) {
			if got, want := cal.Due(instant(t, tt.from), tt.d), instant(t, tt.want); !got.Equal(want) {
				t.Errorf("due %s, want %s", got, want)
			}
		})
	}
}

func TestProvisional(t *testing.T) {
	cal := working(t)
	if cal.Provisional(instant(t, "2026-12-31T10:00:00+08:00"), instant(t, "2026-12-31T18:00:00+08:00")) {
		t.Error("a deadline within 2026 is certain")
	}
	if !cal.Provisional(instant(t, "2026-12-31T17:30:00+08:00"), instant(t, "2027-01-04T09:30:00+08:00")) {
		t.Error("a deadline in 2027 is provisional")
	}
	if want := instant(t, "2027-01-01T00:00:00+08:00"); !policy(t).ValidUntil().Equal(want) {
		t.Errorf("valid until %s, want %s", policy(t).ValidUntil(), want)
	}
}

// berlin works 01:00–04:00 every day, across the hour that the clocks skip or repeat.
func berlin(t testing.TB) *sla.Calendar {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return sla.Working(sla.Week{
		Name: "night", Zone: zone, Days: []time.Weekday{0, 1, 2, 3, 4, 5, 6}, Hours: []sla.Hours{{From: 60, To: 240}},
	})
}

func TestDaylightSaving(t *testing.T) {
	cal := berlin(t)
	for name, tt := range map[string]struct {
		day  string
		want time.Duration
	}{
		"the night that loses an hour has two of three": {"2026-03-29", 2 * time.Hour},
		"the night that gains an hour has four":         {"2026-10-25", 4 * time.Hour},
		"any other night has three":                     {"2026-06-01", 3 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			from := instant(t, tt.day+"T00:00:00Z").Add(-2 * time.Hour)
			if got := cal.Between(from, from.Add(20*time.Hour)); got != tt.want {
				t.Errorf("counted %s, want %s", got, tt.want)
			}
		})
	}
}

func TestCalendarLaws(t *testing.T) {
	calendars := []*sla.Calendar{working(t), berlin(t), sla.Natural("natural")}
	first := instant(t, "2015-01-01T00:00:00Z").UnixMilli()
	last := instant(t, "2030-01-01T00:00:00Z").UnixMilli()
	rapid.Check(t, func(rt *rapid.T) {
		cal := rapid.SampledFrom(calendars).Draw(rt, "calendar")
		draw := func(name string) time.Time { return time.UnixMilli(rapid.Int64Range(first, last).Draw(rt, name)).UTC() }
		x, y, z := draw("x"), draw("y"), draw("z")
		if cal.Between(x, y)+cal.Between(y, z) != cal.Between(x, z) {
			rt.Fatal("not additive")
		}
		if x.Before(y) && cal.Between(x, y) < 0 {
			rt.Fatal("not monotone")
		}
		d := time.Duration(rapid.Int64Range(1, 400*3600_000).Draw(rt, "target")) * time.Millisecond
		due := cal.Due(x, d)
		if got := cal.Between(x, due); got != d {
			rt.Fatalf("between x and due(x, %s) lie %s", d, got)
		}
		if cal.Between(x, due.Add(-time.Millisecond)) >= d {
			rt.Fatal("due is not the earliest instant")
		}
		var sum time.Duration
		for _, s := range sla.Segments(cal, x, due, nil) {
			if s.State == sla.Counting {
				sum += s.To.Sub(s.From)
			}
		}
		if sum != d {
			rt.Fatalf("the segments explain %s of %s", sum, d)
		}
	})
}
