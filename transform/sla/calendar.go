package sla

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"
)

// The years a working calendar knows. Nothing counts outside them; no stored instant lies there.
const (
	firstYear = 1999
	lastYear  = 2100
)

// Calendar says which seconds count. It is made once and then only read, so it may be shared.
//
// Working time is kept as one sorted list of intervals with the time before each, so that both questions are a binary
// search, however far apart the instants lie.
type Calendar struct {
	id      string
	zone    *time.Location
	natural bool
	pack    *Pack
	day     time.Duration
	// starts, ends and before are unix milliseconds and counted milliseconds.
	starts, ends, before []int64
}

// Hours is an interval of a working day, in minutes from local midnight; To may be 24:00.
type Hours struct{ From, To int }

// Week is what a working calendar is made of.
type Week struct {
	// Name of the calendar, as the policy calls it.
	Name string
	Zone *time.Location
	// Days are the weekdays that are worked, Hours their intervals in order.
	Days  []time.Weekday
	Hours []Hours
	// ByWeekday replaces Hours on a weekday.
	ByWeekday map[time.Weekday][]Hours
	// Holidays may be nil: then every week is like the next.
	Holidays *Pack
	// Exceptions replace whatever the date would have been; an empty list is a day of rest.
	Exceptions map[Day][]Hours
}

// Natural is the calendar in which every second counts: 24×7 and natural days.
func Natural(name string) *Calendar {
	return &Calendar{id: name, natural: true, day: 24 * time.Hour, zone: time.UTC}
}

// Working makes the calendar of a week. A second counts when the wall clock of its instant shows a time within the
// hours: an hour the clocks skip has no seconds, one they repeat has them twice.
func Working(w Week) *Calendar {
	c := &Calendar{id: w.Name + "@" + w.fingerprint(), zone: w.Zone, pack: w.Holidays}
	for _, h := range w.Hours {
		c.day += time.Duration(h.To-h.From) * time.Minute
	}
	end := time.Date(lastYear, 1, 1, 0, 0, 0, 0, w.Zone)
	for at := time.Date(firstYear, 1, 1, 0, 0, 0, 0, w.Zone); at.Before(end); {
		_, until := at.ZoneBounds()
		switch {
		case until.IsZero() || until.After(end):
			until = end
		case !until.After(at): // the library's year has 365 days: on the last day of a leap year it knows no end
			until = at.Add(time.Hour)
		}
		_, offset := at.Zone()
		c.stretch(w, at.UnixMilli(), until.UnixMilli(), int64(offset)*1000)
		at = until
	}
	return c
}

// stretch adds the working time of [from, to), in which local time is UTC + offset; all in milliseconds.
func (c *Calendar) stretch(w Week, from, to, offset int64) {
	const day, minute = 86_400_000, 60_000
	for d := (from + offset) / day; d*day-offset < to; d++ {
		midnight := d*day - offset
		for _, h := range w.on(time.UnixMilli(d * day).UTC()) {
			c.add(max(from, midnight+int64(h.From)*minute), min(to, midnight+int64(h.To)*minute))
		}
	}
}

// add appends working time; an interval that goes on where the last one ended lengthens it.
func (c *Calendar) add(from, to int64) {
	n := len(c.starts)
	if to <= from {
		return
	}
	if n > 0 && c.ends[n-1] == from {
		c.ends[n-1] = to
		return
	}
	total := int64(0)
	if n > 0 {
		total = c.before[n-1] + c.ends[n-1] - c.starts[n-1]
	}
	c.starts, c.ends, c.before = append(c.starts, from), append(c.ends, to), append(c.before, total)
}

// on are the hours of a date, given as its midnight in UTC.
func (w Week) on(d time.Time) []Hours {
	day := DayOf(d)
	if hours, ok := w.Exceptions[day]; ok {
		return hours
	}
	return w.Holidays.partly(day, w.plain(day, d.Weekday()))
}

// plain are the hours of a date without exceptions and without closures of a part of the day.
func (w Week) plain(day Day, weekday time.Weekday) []Hours {
	if w.Holidays != nil {
		if w.Holidays.rest[day] {
			return nil
		}
		if w.Holidays.work[day] {
			return w.Hours
		}
	}
	if !slices.Contains(w.Days, weekday) {
		return nil
	}
	if hours, ok := w.ByWeekday[weekday]; ok {
		return hours
	}
	return w.Hours
}

// fingerprint tells calendars of one name and different content apart, since facts outlive policies.
func (w Week) fingerprint() string {
	var b strings.Builder
	fmt.Fprintln(&b, w.Zone, w.Days, w.Hours)
	for d := time.Sunday; d <= time.Saturday; d++ {
		fmt.Fprintln(&b, w.ByWeekday[d])
	}
	for _, m := range []map[Day]bool{w.Holidays.days(false), w.Holidays.days(true)} {
		fmt.Fprintln(&b, sortedDays(m))
	}
	for _, d := range sortedDays(w.Exceptions) {
		fmt.Fprintln(&b, d, w.Exceptions[d])
	}
	if w.Holidays != nil {
		for _, m := range []map[Day][]Hours{w.Holidays.closed, w.Holidays.opened} {
			for _, d := range sortedDays(m) {
				fmt.Fprintln(&b, "partly", d, m[d])
			}
		}
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:4])
}

func (p *Pack) days(work bool) map[Day]bool {
	switch {
	case p == nil:
		return nil
	case work:
		return p.work
	default:
		return p.rest
	}
}

func sortedDays[V any](m map[Day]V) []Day {
	days := make([]Day, 0, len(m))
	for d := range m {
		days = append(days, d)
	}
	slices.SortFunc(days, func(a, b Day) int {
		return (a.Year-b.Year)*10000 + int(a.Month-b.Month)*100 + a.Day - b.Day
	})
	return days
}

// ID is the calendar's name and, for a working calendar, a fingerprint of its content.
func (c *Calendar) ID() string { return c.id }

// Name is the calendar's name as the policy calls it.
func (c *Calendar) Name() string {
	name, _, _ := strings.Cut(c.id, "@")
	return name
}

// DayLength is one day of the calendar: 24 h, or the hours of an ordinary working day.
func (c *Calendar) DayLength() time.Duration { return c.day }

// Counted is the counted time from a fixed origin up to t, in milliseconds: Between(x, y) = Counted(y) − Counted(x).
func (c *Calendar) Counted(t time.Time) int64 {
	ms := t.UnixMilli()
	if c.natural {
		return ms
	}
	k := sort.Search(len(c.starts), func(i int) bool { return c.starts[i] > ms }) - 1
	if k < 0 {
		return 0
	}
	return c.before[k] + min(ms, c.ends[k]) - c.starts[k]
}

// Between is the counted time between two instants; negative when y lies before x.
func (c *Calendar) Between(x, y time.Time) time.Duration {
	return time.Duration(c.Counted(y)-c.Counted(x)) * time.Millisecond
}

// Due is the earliest instant y ≥ x with Between(x, y) ≥ d.
func (c *Calendar) Due(x time.Time, d time.Duration) time.Time {
	if d <= 0 {
		return x
	}
	if c.natural {
		return x.Add(d)
	}
	goal := c.Counted(x) + d.Milliseconds()
	k := sort.Search(len(c.starts), func(i int) bool { return c.before[i]+c.ends[i]-c.starts[i] >= goal })
	if k == len(c.starts) {
		return time.UnixMilli(c.ends[k-1]).UTC()
	}
	return time.UnixMilli(c.starts[k] + goal - c.before[k]).UTC()
}

// Provisional says whether any year from x to y has no published holidays although the calendar follows them: then
// its weekday rule is a guess.
func (c *Calendar) Provisional(x, y time.Time) bool {
	if c.natural || c.pack == nil {
		return false
	}
	for year := x.In(c.zone).Year(); year <= y.In(c.zone).Year(); year++ {
		if !c.pack.Knows(year) {
			return true
		}
	}
	return false
}

// ValidUntil is the end of the last year whose holidays are known; zero for a calendar that follows none,
// or only holidays that return every year.
func (c *Calendar) ValidUntil() time.Time {
	if c.natural || c.pack == nil || c.pack.always {
		return time.Time{}
	}
	return time.Date(c.pack.LastYear()+1, 1, 1, 0, 0, 0, 0, c.zone).UTC()
}

// LastKnownDay is the last date whose holidays are known, in the calendar's zone; it needs a ValidUntil.
func (c *Calendar) LastKnownDay() time.Time { return c.ValidUntil().In(c.zone).AddDate(0, 0, -1) }

// span is a counted or an uncounted stretch of time.
type span struct {
	from, to time.Time
	counting bool
}

// spans cuts [x, y) into stretches that count and stretches that don't, in order.
func (c *Calendar) spans(x, y time.Time) []span {
	if !x.Before(y) {
		return nil
	}
	if c.natural {
		return []span{{x, y, true}}
	}
	var out []span
	cur := x.UnixMilli()
	end := y.UnixMilli()
	put := func(to int64, counting bool) {
		to = min(to, end)
		if to > cur {
			out = append(out, span{time.UnixMilli(cur).UTC(), time.UnixMilli(to).UTC(), counting})
			cur = to
		}
	}
	k := sort.Search(len(c.ends), func(i int) bool { return c.ends[i] > cur })
	for ; k < len(c.starts) && c.starts[k] < end; k++ {
		put(c.starts[k], false)
		put(c.ends[k], true)
	}
	put(end, false)
	return out
}
