package metrics

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/prometheus/common/expfmt"
	"go.uber.org/goleak"

	"wenguo/transform"
	"wenguo/transform/kpi"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)

// value is that of the series which has all of the labels; it must be the only one.
func value(t *testing.T, e *Exporter, name string, labels map[string]string) (float64, bool) {
	t.Helper()
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(e)
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var found []float64
	for _, f := range families {
		for _, m := range f.GetMetric() {
			has := map[string]string{}
			for _, l := range m.GetLabel() {
				has[l.GetName()] = l.GetValue()
			}
			fits := f.GetName() == name
			for k, v := range labels {
				fits = fits && has[k] == v
			}
			if fits {
				found = append(found, m.GetGauge().GetValue()+m.GetCounter().GetValue())
			}
		}
	}
	if len(found) > 1 {
		t.Fatalf("%d series of %s have %v", len(found), name, labels)
	}
	return slices.Concat(found, []float64{0})[0], len(found) == 1
}

func TestNamesAndTextsPassTheLinter(t *testing.T) {
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(refreshed(t, sample()))
	problems, err := testutil.GatherAndLint(registry)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if p.Metric == "complaint_source_sync_lag_seconds" && strings.Contains(p.Text, `"quantile"`) {
			continue // quantiles of the last hour: a summary's count and sum would have to rise for ever
		}
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
	if n, err := testutil.GatherAndCount(registry); err != nil || n < 100 {
		t.Errorf("%d series, %v", n, err)
	}
}

func TestWhatIsShown(t *testing.T) {
	e := refreshed(t, sample())
	held := map[string]string{"stage": "acknowledge", "priority": "high", "department": "网络部", "rule": "default"}
	with := func(labels ...string) map[string]string {
		all := map[string]string{}
		maps.Copy(all, held)
		for i := 0; i < len(labels); i += 2 {
			all[labels[i]] = labels[i+1]
		}
		return all
	}
	for name, c := range map[string]struct {
		metric string
		labels map[string]string
		want   float64
	}{
		"clocks in time":                        {"complaint_sla_open_timers", with("state", "ok"), 3},
		"clocks at risk":                        {"complaint_sla_open_timers", with("state", "at_risk"), 2},
		"clocks past their deadline":            {"complaint_sla_open_timers", with("state", "overdue"), 1},
		"nothing open is an explicit zero":      {"complaint_sla_open_timers", with("state", "overdue", "rule", "outage"), 0},
		"zeros for complaints nobody holds yet": {"complaint_sla_open_timers", with("state", "overdue", "department", ""), 0},
		"zeros for all other departments":       {"complaint_sla_open_timers", with("state", "ok", "department", "other"), 0},
		"zeros for a department without clocks": {"complaint_sla_open_timers", map[string]string{"stage": "resolve", "priority": "low", "department": "客服中心", "rule": "default", "state": "ok"}, 0},
		"a deadline is an instant":              {"complaint_sla_next_deadline_timestamp_seconds", held, float64(noon.Add(time.Hour).Unix())},
		"verdicts of four weeks":                {"complaint_sla_window_timers", with("window", "28d", "outcome", "breached"), 2},
		"a window without verdicts":             {"complaint_sla_window_timers", with("window", "1h", "outcome", "met"), 0},
		"a counter begins at zero":              {"complaint_sla_timers_total", with("outcome", "met"), 0},
		"the promise":                           {"complaint_sla_target_seconds", map[string]string{"stage": "acknowledge", "priority": "high", "rule": "default"}, 3600},
		"its last quarter":                      {"complaint_sla_warning_seconds", map[string]string{"stage": "acknowledge", "priority": "high", "rule": "default"}, 900},
		"the promise of an outage":              {"complaint_sla_target_seconds", map[string]string{"stage": "acknowledge", "priority": "high", "rule": "outage"}, 300},
		"the deadline of one complaint":         {"complaint_sla_case_deadline_timestamp_seconds", with("case_id", "C-1"), float64(noon.Add(time.Minute).Unix())},
		"no complaint is left out":              {"complaint_sla_case_series_truncated", nil, 0},
		"evidence of three breaches in a row":   {"complaint_sla_breach_cusum", map[string]string{"stage": "acknowledge", "department": "网络部"}, 2 * math.Log(6)},
		"no evidence is an explicit zero":       {"complaint_sla_breach_cusum", map[string]string{"stage": "resolve", "department": "other"}, 0},
		"the budget is exact":                   {"complaint_sla_budget_ratio", map[string]string{"stage": "acknowledge", "priority": "high"}, 0.02},
		"complaints of an hour":                 {"complaint_window_cases", map[string]string{"window": "1h", "result": "missed"}, 3},
		"issues that came back":                 {"complaint_issue_open", map[string]string{"state": "regressed"}, 2},
		"no issue is an explicit zero":          {"complaint_issue_open", map[string]string{"state": "new"}, 0},
		"the last arrival":                      {"complaint_source_last_sync_timestamp_seconds", map[string]string{"channel": "web"}, float64(noon.Unix())},
		"the delay of the slow ones":            {"complaint_source_sync_lag_seconds", map[string]string{"channel": "phone", "quantile": "0.95"}, 60},
		"the end of known holidays":             {"wenguo_calendar_valid_until_timestamp_seconds", map[string]string{"calendar": "working-hours"}, float64(noon.AddDate(0, 9, 0).Unix())},
		"the heartbeat":                         {"complaint_sla_last_evaluation_timestamp_seconds", nil, float64(noon.Unix())},
		"the program":                           {"wenguo_build_info", map[string]string{"version": "v1.2.3"}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			if got, ok := value(t, e, c.metric, c.labels); !ok || got != c.want {
				t.Errorf("%s%v = %v (%t), want %v", c.metric, c.labels, got, ok, c.want)
			}
		})
	}
	for name, c := range map[string]struct {
		metric string
		labels map[string]string
	}{
		"a deadline while nothing is open":  {"complaint_sla_next_deadline_timestamp_seconds", with("rule", "outage")},
		"the delay of a silent channel":     {"complaint_source_sync_lag_seconds", map[string]string{"channel": "web", "quantile": "0.95"}},
		"the budget of what is no clock":    {"complaint_sla_budget_ratio", map[string]string{"stage": "sync"}},
		"clocks of what the policy ignores": {"complaint_sla_open_timers", map[string]string{"stage": "plan", "state": "ok"}},
	} {
		t.Run("absent is "+name, func(t *testing.T) {
			if got, ok := value(t, e, c.metric, c.labels); ok {
				t.Errorf("%s%v = %v", c.metric, c.labels, got)
			}
		})
	}
}

func TestWhileTheWarehouseIsAwayTheHeartbeatStopsAndDeadlinesStay(t *testing.T) {
	at := noon
	a := sample()
	e := newExporter(a, func() time.Time { return at })
	if _, ok := value(t, e, "complaint_sla_last_evaluation_timestamp_seconds", nil); ok {
		t.Error("the heart beats before the first evaluation")
	}
	if err := e.refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	a.err, at = errors.New("no route to the warehouse"), at.Add(time.Hour)
	if err := e.refresh(t.Context()); err == nil {
		t.Error("a failed refresh says nothing")
	}
	if got, _ := value(t, e, "complaint_sla_last_evaluation_timestamp_seconds", nil); got != float64(noon.Unix()) {
		t.Errorf("heartbeat %v, want %v", got, noon.Unix())
	}
	if got, ok := value(t, e, "complaint_sla_next_deadline_timestamp_seconds", nil); !ok || got != float64(noon.Add(time.Hour).Unix()) {
		t.Errorf("the deadline is %v (%t)", got, ok)
	}
}

func TestACounterCountsEachVerdictOnceAndNeverFalls(t *testing.T) {
	at := noon
	a := sample()
	e := newExporter(a, func() time.Time { return at })
	total := func() float64 {
		got, ok := value(t, e, "complaint_sla_timers_total", map[string]string{"department": "网络部", "rule": "default", "stage": "acknowledge", "outcome": "breached"})
		if !ok {
			t.Fatal("the counter is gone")
		}
		return got
	}
	step := func(breached int64, later time.Duration, err error) {
		at = at.Add(later)
		a.err = err
		if len(a.timers) > 0 {
			a.timers[0].Decided.Breached = breached
		}
		if got := e.refresh(t.Context()); !errors.Is(got, err) {
			t.Fatal(got)
		}
	}
	step(0, 0, nil)
	step(2, 15*time.Second, nil)
	step(7, 15*time.Second, errors.New("away"))
	step(3, time.Hour, nil)
	if got := total(); got != 5 {
		t.Errorf("counted %v, want 2 and 3", got)
	}
	a.timers, a.scope.Keys = nil, nil // everything was corrected away, and the policy asks for nothing
	step(0, 15*time.Second, nil)
	step(0, -2*time.Hour, nil)
	if got := total(); got != 5 {
		t.Errorf("the counter fell to %v", got)
	}
	var reached time.Time
	for i, q := range a.asked {
		switch {
		case i > 0 && !q.DecidedFrom.Equal(reached):
			t.Errorf("question %d starts at %s, want %s", i, q.DecidedFrom, reached)
		case q.DecidedTo.Before(q.DecidedFrom) || q.DecidedTo.After(q.At.Add(-settle)) && q.DecidedTo.After(reached):
			t.Errorf("question %d asks for [%s, %s) at %s", i, q.DecidedFrom, q.DecidedTo, q.At)
		}
		reached = q.DecidedTo
	}
	if first := a.asked[0]; !first.DecidedFrom.Equal(first.DecidedTo) {
		t.Errorf("the first question asks for the past: %+v", first)
	}
}

func TestLabelsAreBoundedWhateverComplaintsSay(t *testing.T) {
	a := sample()
	a.scope.Departments = nil
	for i := range 5000 {
		name := fmt.Sprintf("部门%d", i)
		a.scope.Departments = append(a.scope.Departments, name)
		a.timers = append(a.timers, kpi.Timers{
			TimerKey: kpi.TimerKey{Stage: "acknowledge", Priority: "high", Department: name, Rule: "default"}, Overdue: 1,
		})
	}
	e := refreshed(t, a)
	n := testutil.CollectAndCount(e, "complaint_sla_open_timers")
	if want := 3 * 3 * 22; n != want {
		t.Errorf("%d series, want %d: 3 combinations × 3 states × (20 departments, other, none)", n, want)
	}
	if all := testutil.CollectAndCount(e); all > 13_000 {
		t.Errorf("%d series", all)
	}
	others, _ := value(t, e, "complaint_sla_open_timers", map[string]string{"department": "other", "state": "overdue", "stage": "acknowledge", "rule": "default"})
	if others != 5000-20+1 {
		t.Errorf("%v clocks of other departments, want 4981", others)
	}
	a.scope.Departments = []string{"后来的部门"}
	if err := e.refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if m := testutil.CollectAndCount(e, "complaint_sla_open_timers"); m != n {
		t.Errorf("%d series became %d", n, m)
	}
}

func TestTheDepartmentsOfThePolicyAreShownAlone(t *testing.T) {
	a := sample()
	a.scope.Owners = []string{"客服中心"}
	e := refreshed(t, a)
	if got, _ := value(t, e, "complaint_sla_open_timers", map[string]string{"department": "other", "state": "ok", "rule": "default", "stage": "acknowledge"}); got != 3 {
		t.Errorf("%v clocks of a department without owner, want 3", got)
	}
}

func TestHostileValuesCannotBreakTheExposition(t *testing.T) {
	hostile := []string{"a\xffb", "引号\"\n# TYPE x counter\nx 1", strings.Repeat("长", 500), `\`, "\x00", "other", "", "a\xfeb"}
	a := sample()
	a.scope.Departments = hostile
	for _, name := range hostile {
		for _, other := range hostile {
			key := kpi.TimerKey{Stage: other, Priority: other, Department: name, Rule: other}
			a.timers = append(a.timers, kpi.Timers{TimerKey: key, OK: 1})
			a.cases = append(a.cases, transform.CaseClock{TimerKey: key, ComplaintID: name, Due: noon}, transform.CaseClock{TimerKey: key, ComplaintID: other, Due: noon})
			a.breaches = append(a.breaches, transform.BreachSeries{BreachSeriesKey: transform.BreachSeriesKey{Stage: other, Department: name}})
			a.lasted = append(a.lasted, transform.Lasted{Stage: other, Priority: name, Took: -time.Hour})
		}
		a.happen.Sync = append(a.happen.Sync, kpi.ChannelSync{Channel: name, LastAt: noon, Arrived: 1})
		a.happen.Issues[name] = 1
		a.scope.Calendars[name] = noon
		a.scope.Targets = append(a.scope.Targets, kpi.TimerTarget{Stage: name, Priority: name})
	}
	registry := prometheus.NewPedanticRegistry()
	e := New(Config{Version: "v\xff"}, a, fixed(noon), slog.New(slog.DiscardHandler))
	if err := e.refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	registry.MustRegister(e)
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	open := 0.0
	var text strings.Builder
	for _, f := range families {
		if _, err := expfmt.MetricFamilyToText(&text, f); err != nil {
			t.Fatal(err)
		}
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				if n := len([]rune(l.GetValue())); n > longestLabel {
					t.Errorf("label of %d characters", n)
				}
			}
			if f.GetName() == "complaint_sla_open_timers" {
				open += m.GetGauge().GetValue()
			}
		}
	}
	if n := testutil.CollectAndCount(e, "complaint_sla_case_deadline_timestamp_seconds"); n == 0 || n > len(hostile)*len(hostile) {
		t.Errorf("%d series of cases", n)
	}
	if want := float64(3 + 2 + 1 + len(hostile)*len(hostile)); open != want {
		t.Errorf("%v open clocks are shown, want %v", open, want)
	}
	if regexp.MustCompile(`(?m)^x 1`).MatchString(text.String()) {
		t.Error("a name became a series")
	}
}

func TestScrapesAskNobodyAndRefreshesKeepTheirBeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := sample()
		e := newExporter(a, time.Now)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- e.Run(ctx) }()
		time.Sleep(2*time.Minute + time.Second)
		synctest.Wait()
		for range 50 {
			testutil.CollectAndCount(e)
		}
		if len(a.asked) != 9 || a.slow != 3 {
			t.Errorf("asked %d and %d times in two minutes, want 9 and 3", len(a.asked), a.slow)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestARefreshThatHangsIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newExporter(hanging{}, time.Now)
		began := time.Now()
		if err := e.refresh(t.Context()); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Minute {
			t.Errorf("%v after %s", err, time.Since(began))
		}
	})
}

type hanging struct{ Reader }

func (hanging) TimerScope(ctx context.Context, _ time.Time) (kpi.TimerScope, error) {
	<-ctx.Done()
	return kpi.TimerScope{}, ctx.Err()
}
