package sla_test

import (
	"encoding/csv"
	"os"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"wenguo/transform/sla"
)

// office is a calendar described for the oracle: a minute counts when the wall clock shows a worked date and a time
// within its hours. It knows nothing of intervals, so it cannot share a mistake with the calendar.
type office struct {
	zone       *time.Location
	days       []time.Weekday
	hours      []sla.Hours
	byWeekday  map[time.Weekday][]sla.Hours
	rest, work map[string]bool
	exceptions map[string][]sla.Hours
}

func (o office) counts(at time.Time) bool {
	local := at.In(o.zone)
	date, minute := local.Format(time.DateOnly), local.Hour()*60+local.Minute()
	hours, special := o.exceptions[date]
	switch {
	case special:
	case o.rest[date]:
		return false
	case o.work[date]:
		hours = o.hours
	case !slices.Contains(o.days, local.Weekday()):
		return false
	default:
		hours = o.hours
		if own, ok := o.byWeekday[local.Weekday()]; ok {
			hours = own
		}
	}
	return slices.ContainsFunc(hours, func(h sla.Hours) bool { return h.From <= minute && minute < h.To })
}

// walk goes from x minute by minute and calls each with every stretch that counts, until it says stop.
func (o office) walk(x time.Time, each func(from, to time.Time) (stop bool)) {
	for m := x.Truncate(time.Minute); ; m = m.Add(time.Minute) {
		from, to := m, m.Add(time.Minute)
		if from.Before(x) {
			from = x
		}
		counting := o.counts(m)
		if !counting {
			from = to
		}
		if each(from, to) {
			return
		}
	}
}

func (o office) between(x, y time.Time) (sum time.Duration) {
	o.walk(x, func(from, to time.Time) bool {
		if to.After(y) {
			to = y
		}
		if from.Before(to) {
			sum += to.Sub(from)
		}
		return !to.Before(y)
	})
	return sum
}

func (o office) due(x time.Time, d time.Duration) (due time.Time) {
	o.walk(x, func(from, to time.Time) bool {
		if left := to.Sub(from); left < d {
			d -= left
			return false
		}
		due = from.Add(d)
		return true
	})
	return due
}

func (o office) calendar(t *testing.T) *sla.Calendar {
	t.Helper()
	w := sla.Week{Name: "office", Zone: o.zone, Days: o.days, Hours: o.hours, ByWeekday: o.byWeekday, Exceptions: map[sla.Day][]sla.Hours{}}
	for date, hours := range o.exceptions {
		at, err := time.Parse(time.DateOnly, date)
		if err != nil {
			t.Fatal(err)
		}
		w.Exceptions[sla.DayOf(at)] = hours
	}
	if o.rest != nil {
		pack, err := sla.OpenPack("cn")
		if err != nil {
			t.Fatal(err)
		}
		w.Holidays = pack
	}
	return sla.Working(w)
}

// chinese reads the pack's file on its own.
func chinese(t *testing.T) (rest, work map[string]bool) {
	t.Helper()
	f, err := os.Open("holidays/cn.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	rest, work = map[string]bool{}, map[string]bool{}
	for _, row := range rows[1:] {
		if row[1] == "rest" {
			rest[row[0]] = true
		} else {
			work[row[0]] = true
		}
	}
	return rest, work
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestCalendarsAgreeWithAMinuteLoop(t *testing.T) {
	everyDay := []time.Weekday{0, 1, 2, 3, 4, 5, 6}
	weekdays := []time.Weekday{1, 2, 3, 4, 5}
	nights := []sla.Hours{{From: 0, To: 150}, {From: 22 * 60, To: 24 * 60}}
	rest, work := chinese(t)
	for name, tt := range map[string]struct {
		office office
		// around are local instants near which the draws lie; without them they lie anywhere from 2015 to 2027.
		around []string
	}{
		"Chinese working hours from 2015 to 2026 and into 2027": {
			office: office{
				zone: zone(t, "Asia/Shanghai"), days: weekdays, hours: []sla.Hours{{From: 540, To: 720}, {From: 810, To: 1080}},
				rest: rest, work: work,
			},
		},
		"with the hours of some weekdays and dates of their own": {
			office: office{
				zone: zone(t, "Asia/Shanghai"), days: []time.Weekday{1, 2, 3, 4, 5, 6}, hours: []sla.Hours{{From: 510, To: 720}, {From: 810, To: 1050}},
				byWeekday: map[time.Weekday][]sla.Hours{5: {{From: 510, To: 900}}, 6: {{From: 600, To: 660}}},
				rest:      rest, work: work,
				exceptions: map[string][]sla.Hours{"2026-10-02": {{From: 600, To: 720}}, "2026-10-08": {}, "2026-10-10": {{From: 0, To: 1440}}},
			},
			around: []string{"2026-10-05T12:00"},
		},
		"nights in New York across both changes": {
			office: office{zone: zone(t, "America/New_York"), days: everyDay, hours: nights},
			around: []string{"2026-03-08T02:00", "2026-11-01T01:30", "2028-12-31T12:00"},
		},
		"hours within the one that New York skips and repeats": {
			office: office{zone: zone(t, "America/New_York"), days: everyDay, hours: []sla.Hours{{From: 75, To: 105}, {From: 130, To: 170}}},
			around: []string{"2026-03-08T02:00", "2026-11-01T01:30"},
		},
		"a shift in New York around its changes on weekdays and Sundays": {
			office: office{zone: zone(t, "America/New_York"), days: []time.Weekday{0, 1, 2, 3, 4}, hours: []sla.Hours{{From: 60, To: 600}}},
			around: []string{"2025-03-09T02:00", "2025-11-02T01:30"},
		},
		"Lord Howe moves its clocks by half an hour": {
			office: office{zone: zone(t, "Australia/Lord_Howe"), days: everyDay, hours: []sla.Hours{{From: 100, To: 135}, {From: 1320, To: 1440}}},
			around: []string{"2026-04-05T02:00", "2026-10-04T02:00"},
		},
		"São Paulo skipped midnight": {
			office: office{zone: zone(t, "America/Sao_Paulo"), days: everyDay, hours: nights},
			around: []string{"2018-11-04T00:00", "2019-02-17T00:00"},
		},
		"Apia skipped a whole Friday": {
			office: office{zone: zone(t, "Pacific/Apia"), days: weekdays, hours: []sla.Hours{{From: 0, To: 1440}}},
			around: []string{"2011-12-30T12:00"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			cal := tt.office.calendar(t)
			rapid.Check(t, func(rt *rapid.T) { agrees(rt, tt.office, cal, tt.around) })
		})
	}
}

func agrees(rt *rapid.T, o office, cal *sla.Calendar, around []string) {
	first, length := time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC), int64(4460*86400_000)
	if len(around) > 0 {
		middle, err := time.ParseInLocation("2006-01-02T15:04", rapid.SampledFrom(around).Draw(rt, "around"), o.zone)
		if err != nil {
			rt.Fatal(err)
		}
		first, length = middle.Add(-2*24*time.Hour), 4*86400_000
	}
	x := first.Add(time.Duration(rapid.Int64Range(0, length).Draw(rt, "x")) * time.Millisecond).UTC()
	y := x.Add(time.Duration(rapid.Int64Range(0, 3*86400_000).Draw(rt, "length")) * time.Millisecond)
	if got, want := cal.Between(x, y), o.between(x, y); got != want {
		rt.Fatalf("between %s and %s: %s, want %s", x.In(o.zone), y.In(o.zone), got, want)
	}
	d := time.Duration(rapid.Int64Range(1, 20*3600_000).Draw(rt, "target")) * time.Millisecond
	due := cal.Due(x, d)
	if want := o.due(x, d); !due.Equal(want) {
		rt.Fatalf("due %s after %s: %s, want %s", d, x.In(o.zone), due.In(o.zone), want.In(o.zone))
	}
	if got := cal.Between(x, due); got != d {
		rt.Fatalf("between %s and its due instant lie %s of %s", x, got, d)
	}
}

func TestEverySecondOfNaturalTimeCounts(t *testing.T) {
	cal := sla.Natural("24x7")
	rapid.Check(t, func(rt *rapid.T) {
		x := time.UnixMilli(rapid.Int64Range(1.4e12, 1.9e12).Draw(rt, "x")).UTC()
		d := time.Duration(rapid.Int64Range(0, 1e10).Draw(rt, "length")) * time.Millisecond
		if cal.Between(x, x.Add(d)) != d || !cal.Due(x, d).Equal(x.Add(d)) {
			rt.Fatal("natural time is wall time")
		}
	})
}

// BenchmarkDue takes as long for ten years ahead as for an hour: both are one binary search.
func BenchmarkDue(b *testing.B) {
	p, err := shipped()
	if err != nil {
		b.Fatal(err)
	}
	target, _ := p.Target(sla.Confirm, sla.Values{})
	x := time.Date(2015, 3, 2, 2, 0, 0, 0, time.UTC)
	for name, d := range map[string]time.Duration{"an hour": time.Hour, "a year": 1875 * time.Hour, "ten years": 18750 * time.Hour} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if due := target.Calendar.Due(x, d); target.Calendar.Between(x, due) != d {
					b.Fatal("wrong")
				}
			}
		})
	}
}
