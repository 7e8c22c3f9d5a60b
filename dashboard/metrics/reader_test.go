package metrics

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"wenguo/transform"
	"wenguo/transform/kpi"
)

// answers is a reader that says what it was told to say.
type answers struct {
	scope  kpi.TimerScope
	timers []kpi.Timers
	happen kpi.Happenings
	err    error
	asked  []kpi.TimersQuery
	slow   int

	cases    []transform.CaseClock
	more     int
	breaches []transform.BreachSeries
	lasted   []transform.Lasted
}

func (a *answers) CaseClocks(_ context.Context, q transform.CaseClocksQuery) ([]transform.CaseClock, int, error) {
	return a.cases[:min(q.Limit, len(a.cases))], len(a.cases) + a.more, a.err
}

func (a *answers) Breaches(context.Context, time.Time, time.Time, []string) ([]transform.BreachSeries, error) {
	return a.breaches, a.err
}

func (a *answers) Lasted(context.Context, time.Time, time.Time) ([]transform.Lasted, error) {
	return a.lasted, a.err
}

func (a *answers) TimerScope(context.Context, time.Time) (kpi.TimerScope, error) {
	return a.scope, a.err
}

func (a *answers) Timers(_ context.Context, q kpi.TimersQuery) ([]kpi.Timers, error) {
	a.asked = append(a.asked, q)
	return a.timers, a.err
}

func (a *answers) Happenings(context.Context, time.Time) (kpi.Happenings, error) {
	a.slow++
	return a.happen, a.err
}

func sample() *answers {
	key := kpi.TimerKey{Stage: "acknowledge", Priority: "high", Rule: "default"}
	held := key
	held.Department = "网络部"
	a := &answers{
		scope: kpi.TimerScope{
			Keys: []kpi.TimerKey{
				key, {Stage: "acknowledge", Priority: "high", Rule: "outage"}, {Stage: "resolve", Priority: "low", Rule: "default"},
			},
			Targets: []kpi.TimerTarget{
				{Stage: "acknowledge", Priority: "high", Rule: "default", Target: time.Hour, Warning: 15 * time.Minute},
				{Stage: "acknowledge", Priority: "high", Rule: "outage", Target: 5 * time.Minute, Warning: 75 * time.Second},
				{Stage: "sync", Priority: "high", Rule: "default", Target: 5 * time.Minute, Warning: 75 * time.Second},
			},
			Detection:   kpi.Detection{Healthy: 0.01, Unhealthy: 0.06, FalseAlarms: 0.15, Hold: 24 * time.Hour},
			Departments: []string{"网络部", "客服中心"},
			Calendars:   map[string]time.Time{"working-hours": noon.AddDate(0, 9, 0)},
		},
		timers: []kpi.Timers{{TimerKey: held, OK: 3, AtRisk: 2, Overdue: 1, NextDue: noon.Add(time.Hour)}},
		happen: kpi.Happenings{
			Issues: map[string]int64{"regressed": 2},
			Sync:   []kpi.ChannelSync{{Channel: "phone", LastAt: noon, Arrived: 9, P50: time.Second, P95: time.Minute}, {Channel: "web", LastAt: noon}},
		},
	}
	a.cases = []transform.CaseClock{{TimerKey: held, ComplaintID: "C-1", Due: noon.Add(time.Minute)}}
	series := transform.BreachSeries{BreachSeriesKey: transform.BreachSeriesKey{Stage: "acknowledge", Department: "网络部"}}
	for i := range 140 {
		series.Add(noon.Add(time.Duration(i-140)*time.Minute), i < 137)
	}
	a.breaches = []transform.BreachSeries{series}
	a.lasted = []transform.Lasted{{Stage: "acknowledge", Priority: "high", Took: 50 * time.Minute}, {Stage: "acknowledge", Priority: "high", Took: 70 * time.Minute}}
	a.timers[0].Windows[len(kpi.Windows)-1] = kpi.Verdicts{Met: 40, Breached: 2}
	a.happen.Windows[0] = kpi.Cases{Received: 6, Completed: 5, Escalated: 4, Missed: 3, Reopened: 2, Repeated: 1}
	return a
}

func newExporter(reader Reader, now func() time.Time) *Exporter {
	return New(Config{Version: "v1.2.3"}, reader, now, slog.New(slog.DiscardHandler))
}

func fixed(t time.Time) func() time.Time { return func() time.Time { return t } }

func refreshed(t *testing.T, a *answers) *Exporter {
	t.Helper()
	e := newExporter(a, fixed(noon))
	if err := e.refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	return e
}
