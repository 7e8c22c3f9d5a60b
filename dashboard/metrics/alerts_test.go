package metrics

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	dto "github.com/prometheus/client_model/go"

	"wenguo/transform"
	"wenguo/transform/breach"
	"wenguo/transform/kpi"
)

func TestASnapshotIsNotServedAsFreshForLong(t *testing.T) {
	at := noon
	a := sample()
	e := newExporter(a, func() time.Time { return at })
	if err := e.refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	a.err = errors.New("no route to the warehouse")
	for _, c := range []struct {
		after    time.Duration
		measured bool
	}{{Outdated, true}, {Outdated + time.Second, false}, {100 * time.Hour, false}} {
		at = noon.Add(c.after)
		_ = e.refresh(t.Context())
		for _, name := range []string{
			"complaint_sla_window_timers", "complaint_window_cases", "complaint_sla_breach_cusum", "complaint_issue_open", "complaint_source_sync_lag_seconds",
		} {
			if shown := testutil.CollectAndCount(e, name) > 0; shown != c.measured {
				t.Errorf("after %s %s is shown: %t", c.after, name, shown)
			}
		}
		for _, name := range []string{
			"complaint_sla_case_deadline_timestamp_seconds", "complaint_sla_next_deadline_timestamp_seconds", "complaint_sla_open_timers",
			"complaint_sla_timers_total", "complaint_stage_duration_seconds", "complaint_sla_last_evaluation_timestamp_seconds",
		} {
			if testutil.CollectAndCount(e, name) == 0 {
				t.Errorf("after %s %s is gone: an alert would read as resolved", c.after, name)
			}
		}
	}
	a.err = nil
	if err := e.refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if testutil.CollectAndCount(e, "complaint_sla_window_timers") == 0 {
		t.Error("measurements do not come back")
	}
}

func TestOnlyTheNearestCasesHaveASeries(t *testing.T) {
	a := sample()
	a.cases = nil
	for i := range 230 {
		a.cases = append(a.cases, transform.CaseClock{
			TimerKey: kpi.TimerKey{Stage: "resolve", Priority: "high", Rule: "default"}, ComplaintID: fmt.Sprint(i), Due: noon,
		})
	}
	a.more = 12
	e := refreshed(t, a)
	if n := testutil.CollectAndCount(e, "complaint_sla_case_deadline_timestamp_seconds"); n != mostCases {
		t.Errorf("%d series, want %d", n, mostCases)
	}
	if got, _ := value(t, e, "complaint_sla_case_series_truncated", nil); got != 42 {
		t.Errorf("%v are left out, want 42", got)
	}
}

func TestAnAlarmIsHeldAndALateCorrectionTakesItBack(t *testing.T) {
	at := noon
	a := sample()
	series := func(outcome ...bool) []transform.BreachSeries {
		s := transform.BreachSeries{BreachSeriesKey: transform.BreachSeriesKey{Stage: "acknowledge", Department: "网络部"}}
		for i, met := range outcome {
			s.Add(noon.Add(time.Duration(i-len(outcome))*time.Minute), met)
		}
		return []transform.BreachSeries{s}
	}
	e := newExporter(a, func() time.Time { return at })
	fires := func() bool {
		e.refreshes = 0 // every refresh asks everything
		if err := e.refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		labels := map[string]string{"stage": "acknowledge", "department": "网络部"}
		s, _ := value(t, e, "complaint_sla_breach_cusum", labels)
		h, ok := value(t, e, "complaint_sla_breach_cusum_threshold", labels)
		if !ok || h <= 1.79 {
			t.Fatalf("threshold %v", h)
		}
		return s >= h
	}
	for _, c := range []struct {
		name     string
		verdicts []transform.BreachSeries
		at       time.Duration
		want     bool
	}{
		{"two breaches at once", series(true, false, false), 0, true},
		{"one of them was none", series(true, false, true), time.Minute, false},
		{"it was one after all", series(true, false, false), 2 * time.Minute, true},
		{"a second before the hold ends", series(true, false, false), 24*time.Hour - time.Minute - time.Second, true},
		{"when the hold ends", series(true, false, false), 24*time.Hour - time.Minute, false},
	} {
		a.breaches, at = c.verdicts, noon.Add(c.at)
		if got := fires(); got != c.want {
			t.Errorf("%s: fires %t", c.name, got)
		}
	}
}

func TestTheStagesOfADepartmentShareItsFalseAlarms(t *testing.T) {
	a := sample()
	a.scope.Keys = append(a.scope.Keys, kpi.TimerKey{Stage: "dispatch", Priority: "high", Rule: "default"})
	h := func() float64 {
		got, _ := value(t, refreshed(t, a), "complaint_sla_breach_cusum_threshold", map[string]string{"stage": "acknowledge", "department": "网络部"})
		return got
	}
	alone := h()
	second := transform.BreachSeries{BreachSeriesKey: transform.BreachSeriesKey{Stage: "dispatch", Department: "网络部"}, Sequence: breach.Sequence{Met: 3}}
	a.breaches = append(a.breaches, second)
	if shared := h(); shared <= alone {
		t.Errorf("threshold %v, and %v when another stage is watched too", alone, shared)
	}
}

func TestDurationsAreCountedByThePromises(t *testing.T) {
	a := sample()
	e := refreshed(t, a)
	if err := e.refresh(t.Context()); err != nil { // each refresh brings its own
		t.Fatal(err)
	}
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(e)
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var found *dto.Histogram
	empty := 0
	for _, f := range families {
		if f.GetName() != "complaint_stage_duration_seconds" {
			continue
		}
		for _, m := range f.GetMetric() {
			if m.GetHistogram().GetSampleCount() == 0 {
				empty++
				continue
			}
			found = m.GetHistogram()
		}
	}
	if found == nil || empty == 0 {
		t.Fatalf("histogram %v, %d explicit zeros", found, empty)
	}
	within := map[float64]uint64{}
	for _, b := range found.GetBucket() {
		within[b.GetUpperBound()] = b.GetCumulativeCount()
	}
	if found.GetSampleCount() != 4 || found.GetSampleSum() != 2*(3000+4200) || within[3600] != 2 || within[86400] != 4 || within[300] != 0 {
		t.Errorf("%v", found)
	}
	if _, edge := within[300]; !edge {
		t.Error("the promise of an outage is no edge")
	}
}
