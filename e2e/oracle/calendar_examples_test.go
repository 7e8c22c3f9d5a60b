package oracle

import "testing"

// Dues that can be checked with a wall calendar: holidays and make-up days of autumn 2026, the end of the known years.
func TestDuesThatAWallCalendarConfirms(t *testing.T) {
	hours, always := calendar{exceptions: readHolidays(t)}, calendar{natural: true}
	noon := func(text string) instant { return local("2026-" + text) }
	for name, c := range map[string]struct {
		calendar calendar
		from     instant
		target   instant
		pauses   []span
		want     instant
	}{
		"a working day from Monday ten is Tuesday ten": {calendar: hours, from: noon("11-16T10:00:00"), target: workday, want: noon("11-17T10:00:00")},
		"a due on an opening is the closing before":    {calendar: hours, from: noon("11-16T09:00:00"), target: 3 * hour, want: noon("11-16T12:00:00")},
		"Friday evening counts from a make-up Saturday": {
			calendar: hours, from: noon("10-09T19:00:00"), target: hour, want: noon("10-10T10:00:00"),
		},
		"the day before National Day goes on after it": {
			calendar: hours, from: noon("09-30T17:00:00"), target: 2 * hour, want: noon("10-08T10:00:00"),
		},
		"a pause over a holiday takes its working time alone": {
			calendar: hours, from: noon("09-30T16:00:00"), target: 2*hour + 30*minute, pauses: []span{{noon("09-30T17:00:00"), noon("10-08T09:30:00")}},
			want: noon("10-08T11:00:00"),
		},
		"natural days count holidays": {calendar: always, from: noon("09-30T16:00:00"), target: 3 * day, want: noon("10-03T16:00:00")},
		"a paused natural day stands still": {
			calendar: always, from: noon("09-30T16:00:00"), target: day, pauses: []span{{noon("09-30T20:00:00"), noon("10-02T20:00:00")}},
			want: noon("10-03T16:00:00"),
		},
		"a pause that begins at the due changes nothing": {
			calendar: always, from: noon("11-16T10:00:00"), target: hour, pauses: []span{{noon("11-16T11:00:00"), noon("11-16T12:00:00")}},
			want: noon("11-16T11:00:00"),
		},
		"an unknown year has weekdays alone": {
			calendar: hours, from: noon("12-31T17:30:00"), target: hour, want: local("2027-01-01T09:30:00"),
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.calendar.due(c.from, c.target, c.pauses); got != c.want {
				t.Errorf("due at %s, want %s", clockTime(got), clockTime(c.want))
			}
			if counted := c.calendar.between(c.from, c.want); len(c.pauses) == 0 && counted != c.target {
				t.Errorf("%d ms count between, want %d", counted, c.target)
			}
		})
	}
}
