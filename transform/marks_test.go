package transform_test

import (
	"slices"
	"testing"
	"time"

	"wenguo/transform"
	"wenguo/transform/kpi"
	"wenguo/transform/sla"
)

// counted are the marks of a complaint as they count at an instant.
func counted(c transform.Complaint, at time.Time) []string {
	var out []string
	for _, m := range c.Marks() {
		what := m.What
		if !m.Decides.IsZero() && !at.After(m.Decides) {
			what = m.Before
		}
		if what != "" {
			out = append(out, what)
		}
	}
	slices.Sort(out)
	return out
}

func TestMarksAreDecidedToTheMillisecond(t *testing.T) {
	start := time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)
	after := start.Add
	const ms, day = time.Millisecond, 24 * time.Hour
	clock := sla.Clock{Stage: sla.Resolve, Round: 1, Started: start, Due: after(72 * time.Hour)}
	open := transform.Complaint{
		ID: "c", RegisteredAt: start, State: transform.Open, Rounds: []transform.Round{{Number: 1, StartedAt: start}},
		Clocks: []sla.Clock{clock}, Response: transform.Response{MissedAfter: after(4 * time.Hour)},
	}
	frozen := open
	frozen.Clocks = []sla.Clock{clock}
	frozen.Clocks[0].Frozen, frozen.Clocks[0].Remaining, frozen.Clocks[0].Calendar = true, time.Hour, "24x7"
	resolved := open
	resolved.State, resolved.Response = transform.Resolved, transform.Response{Until: after(time.Hour), Replied: true, FirstAt: after(time.Hour)}
	resolved.Rounds = []transform.Round{{Number: 1, StartedAt: start, EndedAt: after(day), EndedAs: transform.Resolved}}
	resolved.Clocks = []sla.Clock{clock}
	resolved.Clocks[0].Finished = after(day)
	merged := open
	merged.State = transform.Merged
	merged.Rounds = []transform.Round{{Number: 1, StartedAt: start, EndedAt: after(day), EndedAs: transform.Merged}}
	merged.Clocks = []sla.Clock{clock}
	merged.Clocks[0].Cancelled = after(day)
	for name, tt := range map[string]struct {
		c    transform.Complaint
		at   time.Time
		want []string
	}{
		"an unanswered complaint waits up to four times its target": {
			open, after(4 * time.Hour), []string{kpi.MarkWaiting, kpi.MarkCounted, kpi.MarkUnanswered, kpi.MarkRegistered, "resolve.pending"},
		},
		"a millisecond later it is missed": {
			open, after(4*time.Hour + ms), []string{kpi.MarkWaiting, kpi.MarkCounted, kpi.MarkMissed, kpi.MarkRegistered, "resolve.pending"},
		},
		"at its due instant a clock is pending": {
			open, after(72 * time.Hour), []string{kpi.MarkWaiting, kpi.MarkCounted, kpi.MarkMissed, kpi.MarkRegistered, "resolve.pending"},
		},
		"past it the complaint is overdue and late": {
			open, after(72*time.Hour + ms),
			[]string{kpi.MarkLate, kpi.MarkCounted, kpi.MarkMissed, kpi.MarkOverdue, kpi.MarkRegistered, "resolve.late"},
		},
		"while a pause is open it is neither": {
			frozen, after(90 * day), []string{kpi.MarkWaiting, kpi.MarkCounted, kpi.MarkMissed, kpi.MarkRegistered, "resolve.pending"},
		},
		"a resolution is young for thirty days less a millisecond": {
			resolved, after(31*day - ms),
			[]string{kpi.MarkCompleted, kpi.MarkContactYoung, kpi.MarkCounted, kpi.MarkResolved, kpi.MarkRegistered, kpi.MarkReopenYoung, "resolve.met"},
		},
		"then it is judged": {
			resolved, after(31 * day),
			[]string{kpi.MarkCompleted, kpi.MarkContactMore, kpi.MarkCounted, kpi.MarkResolved, kpi.MarkRegistered, kpi.MarkStood, "resolve.met"},
		},
		"a merged complaint is in no rate of registrations, but in the strip": {
			merged, after(90 * day), []string{kpi.MarkMerged, kpi.MarkRegistered},
		},
	} {
		t.Run(name, func(t *testing.T) {
			slices.Sort(tt.want)
			if got := counted(tt.c, tt.at); !slices.Equal(got, tt.want) {
				t.Errorf("got  %v\nwant %v", got, tt.want)
			}
		})
	}
}
