package sla_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"wenguo/transform/sla"
)

func target(t testing.TB, s sla.Stage, v sla.Values) sla.Target {
	t.Helper()
	got, ok := policy(t).Target(s, v)
	if !ok {
		t.Fatalf("no target for %s", s)
	}
	return got
}

func TestDefaultTargets(t *testing.T) {
	const wd = 7*time.Hour + 30*time.Minute
	for name, tt := range map[string]struct {
		stage    sla.Stage
		values   sla.Values
		want     time.Duration
		calendar string
		rule     string
	}{
		"an urgent complaint is acknowledged within an hour": {sla.Acknowledge, sla.Values{Priority: "urgent"}, time.Hour, "24x7", "default"},
		"a high one too":                                         {sla.Acknowledge, sla.Values{Priority: "high"}, time.Hour, "24x7", "default"},
		"a normal one within two working hours":                  {sla.Acknowledge, sla.Values{Priority: "normal"}, 2 * time.Hour, "working-hours", "default"},
		"a low one within a working day":                         {sla.Acknowledge, sla.Values{Priority: "low"}, wd, "working-hours", "default"},
		"no priority is normal":                                  {sla.Acknowledge, sla.Values{}, 2 * time.Hour, "working-hours", "default"},
		"an unknown priority is normal":                          {sla.Acknowledge, sla.Values{Priority: "P0"}, 2 * time.Hour, "working-hours", "default"},
		"an outage within five minutes whatever its priority":    {sla.Acknowledge, sla.Values{Priority: "low", Category: "服务中断"}, 5 * time.Minute, "24x7", "outage"},
		"the outage's branch is an outage":                       {sla.Acknowledge, sla.Values{Category: "服务中断/登录"}, 5 * time.Minute, "24x7", "outage"},
		"a category that only begins with the same words is not": {sla.Acknowledge, sla.Values{Category: "服务中断补偿"}, 2 * time.Hour, "working-hours", "default"},
		"dispatch has ten minutes at any hour":                   {sla.Dispatch, sla.Values{Category: "服务中断"}, 10 * time.Minute, "24x7", "default"},
		"a department confirms within one working hour":          {sla.Confirm, sla.Values{}, time.Hour, "working-hours", "default"},
		"a plan within a working day":                            {sla.Plan, sla.Values{}, wd, "working-hours", "default"},
		"an outage's plan within four hours":                     {sla.Plan, sla.Values{Category: "服务中断"}, 4 * time.Hour, "24x7", "outage"},
		"a resolution within 72 hours":                           {sla.Resolve, sla.Values{}, 72 * time.Hour, "natural-days", "default"},
		"a survey within a working day":                          {sla.Survey, sla.Values{}, wd, "working-hours", "default"},
		"a second treatment within 48 hours":                     {sla.Redo, sla.Values{}, 48 * time.Hour, "natural-days", "default"},
		"an assist without a date within a working day":          {sla.Assist, sla.Values{}, wd, "working-hours", "default"},
		"an event is on the bus within five minutes":             {sla.Sync, sla.Values{}, 5 * time.Minute, "24x7", "default"},
	} {
		t.Run(name, func(t *testing.T) {
			got := target(t, tt.stage, tt.values)
			if got.Duration != tt.want || got.Calendar.Name() != tt.calendar || got.Rule != tt.rule {
				t.Errorf("got %s in %s by %s", got.Duration, got.Calendar.Name(), got.Rule)
			}
			if got.Pauses == (tt.stage == sla.Acknowledge || tt.stage == sla.Sync) {
				t.Errorf("pauses: %t", got.Pauses)
			}
			if got.WarnAfter != tt.want*3/4 {
				t.Errorf("warns after %s", got.WarnAfter)
			}
		})
	}
}

// TestShippedTargets holds the shipped policy against the table of the handbooks, every rule in the order it is tried.
func TestShippedTargets(t *testing.T) {
	const wd = 7*time.Hour + 30*time.Minute
	type promise struct {
		rule     string
		target   time.Duration
		calendar string
		pauses   bool
	}
	for stage, want := range map[sla.Stage][]promise{
		sla.Acknowledge: {
			{"outage", 5 * time.Minute, "24x7", false},
			{"default", time.Hour, "24x7", false},
			{"default", wd, "working-hours", false},
			{"default", 2 * time.Hour, "working-hours", false},
		},
		sla.Dispatch: {{"default", 10 * time.Minute, "24x7", true}},
		sla.Confirm:  {{"default", time.Hour, "working-hours", true}},
		sla.Plan:     {{"outage", 4 * time.Hour, "24x7", true}, {"default", wd, "working-hours", true}},
		sla.Resolve:  {{"default", 72 * time.Hour, "natural-days", true}},
		sla.Survey:   {{"default", wd, "working-hours", true}},
		sla.Redo:     {{"default", 48 * time.Hour, "natural-days", true}},
		sla.Assist:   {{"default", wd, "working-hours", true}},
		sla.Sync:     {{"default", 5 * time.Minute, "24x7", false}},
	} {
		var got []promise
		for _, p := range policy(t).Targets(stage) {
			got = append(got, promise{p.Rule, p.Duration, p.Calendar.Name(), p.Pauses})
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", stage, got, want)
		}
	}
	p := policy(t)
	if p.Zone.String() != "Asia/Shanghai" || p.MinimumN != 30 || !p.BaselineFrom.IsZero() ||
		p.Alerts.Healthy != 0.01 || p.Alerts.Unhealthy != 0.06 || p.Alerts.Hold != 24*time.Hour || p.Alerts.FalseAlarms != 0.15 ||
		p.Alerts.Quiet.Name() != "working-hours" {
		t.Errorf("zone %s, minimum %d, alerts %+v", p.Zone, p.MinimumN, p.Alerts)
	}
}

func TestClock(t *testing.T) {
	const at = "2026-11-16T10:00:00+08:00" // a Monday
	type pause [2]string
	for name, tt := range map[string]struct {
		stage   sla.Stage
		values  sla.Values
		start   string
		finish  string
		end     string
		pauses  []pause
		asOf    string
		wantDue string
		want    sla.State
	}{
		"finished in the millisecond of the deadline is met":   {stage: sla.Resolve, start: at, finish: "2026-11-19T10:00:00+08:00", asOf: "2026-11-20T00:00:00Z", wantDue: "2026-11-19T10:00:00+08:00", want: sla.Met},
		"finished a millisecond later is breached":             {stage: sla.Resolve, start: at, finish: "2026-11-19T10:00:00.001+08:00", asOf: "2026-11-20T00:00:00Z", wantDue: "2026-11-19T10:00:00+08:00", want: sla.Breached},
		"unfinished at the deadline still runs":                {stage: sla.Resolve, start: at, asOf: "2026-11-19T10:00:00+08:00", wantDue: "2026-11-19T10:00:00+08:00", want: sla.Running},
		"unfinished a millisecond after it is breached":        {stage: sla.Resolve, start: at, asOf: "2026-11-19T10:00:00.001+08:00", wantDue: "2026-11-19T10:00:00+08:00", want: sla.Breached},
		"natural days run through National Day":                {stage: sla.Resolve, start: "2026-09-30T16:00:00+08:00", asOf: "2026-10-01T00:00:00Z", wantDue: "2026-10-03T16:00:00+08:00", want: sla.Running},
		"an outage at night is due five minutes later":         {stage: sla.Acknowledge, values: sla.Values{Category: "服务中断"}, start: "2026-11-16T02:00:00+08:00", asOf: "2026-11-16T02:05:01+08:00", wantDue: "2026-11-16T02:05:00+08:00", want: sla.Breached},
		"a pause moves the deadline by its wall time":          {stage: sla.Resolve, start: at, pauses: []pause{{"2026-11-17T10:00:00+08:00", "2026-11-18T10:00:00+08:00"}}, asOf: "2026-11-19T00:00:00Z", wantDue: "2026-11-20T10:00:00+08:00", want: sla.Running},
		"a pause over a holiday costs no working time":         {stage: sla.Plan, start: "2026-09-30T15:00:00+08:00", pauses: []pause{{"2026-09-30T18:00:00+08:00", "2026-10-08T09:00:00+08:00"}}, asOf: "2026-10-08T02:00:00Z", wantDue: "2026-10-08T15:00:00+08:00", want: sla.Running},
		"acknowledge never pauses":                             {stage: sla.Acknowledge, start: at, pauses: []pause{{"2026-11-16T10:30:00+08:00", "2026-11-17T10:00:00+08:00"}}, asOf: "2026-11-16T11:00:00+08:00", wantDue: "2026-11-16T12:00:00+08:00", want: sla.Running},
		"an open pause pushes the deadline before it":          {stage: sla.Dispatch, start: at, pauses: []pause{{"2026-11-16T10:04:00+08:00", ""}}, asOf: "2026-11-20T10:00:00+08:00", wantDue: "2026-11-20T10:06:00+08:00", want: sla.Paused},
		"an open pause after the deadline changes nothing":     {stage: sla.Dispatch, start: at, pauses: []pause{{"2026-11-16T10:11:00+08:00", ""}}, asOf: "2026-11-20T10:00:00+08:00", wantDue: "2026-11-16T10:10:00+08:00", want: sla.Breached},
		"a pause at the deadline itself changes nothing":       {stage: sla.Dispatch, start: at, pauses: []pause{{"2026-11-16T10:10:00+08:00", ""}}, asOf: "2026-11-20T10:00:00+08:00", wantDue: "2026-11-16T10:10:00+08:00", want: sla.Breached},
		"a finish within a pause counts it up to the finish":   {stage: sla.Dispatch, start: at, finish: "2026-11-16T10:08:00+08:00", pauses: []pause{{"2026-11-16T10:04:00+08:00", "2026-11-16T11:00:00+08:00"}}, asOf: "2026-11-20T10:00:00+08:00", wantDue: "2026-11-16T10:14:00+08:00", want: sla.Met},
		"a clock that starts within a pause waits for its end": {stage: sla.Dispatch, start: at, pauses: []pause{{"2026-11-16T09:00:00+08:00", "2026-11-16T11:00:00+08:00"}}, asOf: "2026-11-16T11:00:00+08:00", wantDue: "2026-11-16T11:10:00+08:00", want: sla.Running},
		"a finish within an open pause ends its counting":      {stage: sla.Dispatch, start: at, finish: "2026-11-16T10:08:00+08:00", pauses: []pause{{"2026-11-16T10:04:00+08:00", ""}}, asOf: "2026-11-20T10:00:00+08:00", wantDue: "2026-11-16T10:14:00+08:00", want: sla.Met},
		"a pause after the finish counts no more":              {stage: sla.Dispatch, start: at, finish: "2026-11-16T10:05:00+08:00", pauses: []pause{{"2026-11-16T10:02:00+08:00", "2026-11-16T10:03:00+08:00"}, {"2026-11-16T10:06:00+08:00", "2026-11-16T12:00:00+08:00"}}, asOf: "2026-11-20T10:00:00+08:00", wantDue: "2026-11-16T10:11:00+08:00", want: sla.Met},
		"a pause after the due instant changes nothing":        {stage: sla.Dispatch, start: at, finish: "2026-11-16T10:15:00+08:00", pauses: []pause{{"2026-11-16T10:11:00+08:00", "2026-11-16T10:14:00+08:00"}}, asOf: "2026-11-20T10:00:00+08:00", wantDue: "2026-11-16T10:10:00+08:00", want: sla.Breached},
		"a pause off hours after the closing it is due at":     {stage: sla.Confirm, start: "2026-11-16T17:00:00+08:00", pauses: []pause{{"2026-11-16T18:00:00+08:00", "2026-11-17T12:00:00+08:00"}}, asOf: "2026-11-17T09:00:00+08:00", wantDue: "2026-11-16T18:00:00+08:00", want: sla.Breached},
		"a pause that ended before the start counts nothing":   {stage: sla.Dispatch, start: at, pauses: []pause{{"2026-11-16T09:00:00+08:00", at}}, asOf: at, wantDue: "2026-11-16T10:10:00+08:00", want: sla.Running},
		"the complaint's end cancels a clock in time":          {stage: sla.Resolve, start: at, end: "2026-11-19T10:00:00+08:00", asOf: "2026-12-01T00:00:00Z", wantDue: "2026-11-19T10:00:00+08:00", want: sla.Cancelled},
		"a clock past due stays breached at the end":           {stage: sla.Resolve, start: at, end: "2026-11-19T10:00:00.001+08:00", asOf: "2026-12-01T00:00:00Z", wantDue: "2026-11-19T10:00:00+08:00", want: sla.Breached},
		"the end counts pauses up to it":                       {stage: sla.Dispatch, start: at, end: "2026-11-16T10:30:00+08:00", pauses: []pause{{"2026-11-16T10:04:00+08:00", "2026-11-16T10:30:00+08:00"}}, asOf: "2026-11-20T10:00:00+08:00", wantDue: "2026-11-16T10:36:00+08:00", want: sla.Cancelled},
		"a finish at the end is a finish":                      {stage: sla.Confirm, start: at, finish: "2026-11-16T10:30:00+08:00", end: "2026-11-16T10:30:00+08:00", asOf: "2026-11-20T10:00:00+08:00", wantDue: "2026-11-16T11:00:00+08:00", want: sla.Met},
		"a finish after the end is none":                       {stage: sla.Confirm, start: at, finish: "2026-11-16T10:31:00+08:00", end: "2026-11-16T10:30:00+08:00", asOf: "2026-11-20T10:00:00+08:00", wantDue: "2026-11-16T11:00:00+08:00", want: sla.Cancelled},
		"a finish before the start has no verdict":             {stage: sla.Confirm, start: at, finish: "2026-11-16T09:59:59.999+08:00", asOf: "2026-11-20T10:00:00+08:00", wantDue: "2026-11-16T11:00:00+08:00", want: sla.NoVerdict},
		"a finish in the millisecond of the start is in time":  {stage: sla.Confirm, start: at, finish: at, asOf: "2026-11-20T10:00:00+08:00", wantDue: "2026-11-16T11:00:00+08:00", want: sla.Met},
	} {
		t.Run(name, func(t *testing.T) {
			optional := func(s string) time.Time {
				if s == "" {
					return time.Time{}
				}
				return instant(t, s)
			}
			run := sla.Run{Target: target(t, tt.stage, tt.values), Round: 1, Started: instant(t, tt.start), Finish: optional(tt.finish), End: optional(tt.end)}
			for _, p := range tt.pauses {
				run.Pauses = append(run.Pauses, sla.Interval{From: instant(t, p[0]), To: optional(p[1])})
			}
			clock, asOf := run.Clock(), instant(t, tt.asOf)
			cal := run.Target.Calendar
			if got := clock.DueAt(asOf, cal); !got.Equal(instant(t, tt.wantDue)) {
				t.Errorf("due %s, want %s", got, tt.wantDue)
			}
			if got := clock.StateAt(asOf, cal); got != tt.want {
				t.Errorf("state %s, want %s", got, tt.want)
			}
		})
	}
}

// TestAFrozenClockToTheMillisecond holds the boundary at which a pause still stops a clock.
func TestAFrozenClockToTheMillisecond(t *testing.T) {
	const monday = "2026-11-16T"
	dispatch, confirm := target(t, sla.Dispatch, sla.Values{}), target(t, sla.Confirm, sla.Values{})
	for name, tt := range map[string]struct {
		target       sla.Target
		start, pause string
		asOf, due    string
		want         sla.State
	}{
		"with a millisecond left the clock stops":              {dispatch, "10:00:00", "10:09:59.999", "10:09:59.999", "10:10:00", sla.Paused},
		"a millisecond later it is due a millisecond later":    {dispatch, "10:00:00", "10:09:59.999", "10:10:00", "10:10:00.001", sla.Paused},
		"it stays so for as long as it lasts":                  {dispatch, "10:00:00", "10:09:59.999", "22:00:00", "22:00:00.001", sla.Paused},
		"a pause when it is due comes too late":                {dispatch, "10:00:00", "10:10:00", "10:10:00", "10:10:00", sla.Running},
		"and the clock breaks its promise":                     {dispatch, "10:00:00", "10:10:00", "10:10:00.001", "10:10:00", sla.Breached},
		"a pause after it is due comes too late":               {dispatch, "10:00:00", "10:10:00.001", "12:00:00", "10:10:00", sla.Breached},
		"before its pause a clock is due as if there was none": {dispatch, "10:00:00", "10:05:00", "10:01:00", "10:10:00", sla.Paused},
		"at closing time a millisecond is left for tomorrow":   {confirm, "17:00:00", "17:59:59.999", "18:00:00", "33:00:00.001", sla.Paused},
		"just before it, as it was":                            {confirm, "17:00:00", "17:59:59.999", "17:59:59.999", "18:00:00", sla.Paused},
	} {
		t.Run(name, func(t *testing.T) {
			at := func(clock string) time.Time {
				if next, ok := strings.CutPrefix(clock, "33"); ok {
					return instant(t, "2026-11-17T09"+next+"+08:00")
				}
				return instant(t, monday+clock+"+08:00")
			}
			clock := sla.Run{Target: tt.target, Started: at(tt.start), Pauses: []sla.Interval{{From: at(tt.pause)}}}.Clock()
			if got := clock.DueAt(at(tt.asOf), tt.target.Calendar); !got.Equal(at(tt.due)) {
				t.Errorf("due %s, want %s", got, at(tt.due))
			}
			if got := clock.StateAt(at(tt.asOf), tt.target.Calendar); got != tt.want {
				t.Errorf("state %s, want %s", got, tt.want)
			}
		})
	}
}

func TestSegmentsExplainTheDeadline(t *testing.T) {
	stages := []sla.Stage{sla.Dispatch, sla.Confirm, sla.Plan, sla.Resolve, sla.Redo}
	first := instant(t, "2025-09-20T00:00:00Z")
	rapid.Check(t, func(rt *rapid.T) {
		start := first.Add(time.Duration(rapid.Int64Range(0, 30*86400).Draw(rt, "start")) * time.Second)
		run := sla.Run{Target: target(t, rapid.SampledFrom(stages).Draw(rt, "stage"), sla.Values{}), Started: start}
		cur := start.Add(-time.Hour)
		for range rapid.IntRange(0, 4).Draw(rt, "pauses") {
			from := cur.Add(time.Duration(rapid.Int64Range(1, 100_000).Draw(rt, "gap")) * time.Second)
			cur = from.Add(time.Duration(rapid.Int64Range(1, 200_000).Draw(rt, "length")) * time.Second)
			run.Pauses = append(run.Pauses, sla.Interval{From: from, To: cur})
		}
		clock := run.Clock()
		var counting, paused time.Duration
		at := start
		for _, s := range clock.Segments(clock.Due, run.Target.Calendar, run.Pauses) {
			if !s.From.Equal(at) || !s.From.Before(s.To) {
				rt.Fatalf("segment %v does not follow %s", s, at)
			}
			at = s.To
			switch s.State {
			case sla.Counting:
				counting += s.To.Sub(s.From)
			case sla.InPause:
				paused += s.To.Sub(s.From)
			case sla.OffHours:
			}
		}
		if !at.Equal(clock.Due) || counting != clock.Target || paused != clock.PausedFor {
			rt.Fatalf("segments end %s, count %s, pause %s; clock: due %s, target %s, paused %s",
				at, counting, paused, clock.Due, clock.Target, clock.PausedFor)
		}
	})
}

func TestExceptionsReplaceTheDay(t *testing.T) {
	p, err := sla.ParsePolicy([]byte(`
calendars:
  office:
    kind: working
    days: [mon, tue, wed, thu, fri]
    hours: ["09:00-17:00"]
    by_weekday: {fri: ["09:00-12:00"]}
    exceptions: {"2026-11-16": [], "2026-11-21": ["10:00-11:00"]}
rules:
  - {stage: resolve, target: 1wd, calendar: office}
`))
	if err != nil {
		t.Fatal(err)
	}
	got, _ := p.Target(sla.Resolve, sla.Values{})
	week := got.Calendar.Between(instant(t, "2026-11-16T00:00:00+08:00"), instant(t, "2026-11-23T00:00:00+08:00"))
	if want := (3*8 + 3 + 1) * time.Hour; week != want {
		t.Errorf("the week has %s, want %s", week, want)
	}
	if got.Duration != 8*time.Hour {
		t.Errorf("a working day is %s", got.Duration)
	}
}
