package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"wenguo/transform"
	"wenguo/transform/breach"
	"wenguo/transform/kpi"
)

// breachSeries watch the breach rate of every stage in every department. The stages of a department share its false
// alarms, those without a verdict in four weeks take none.
func (e *Exporter) breachSeries(scope kpi.TimerScope, at time.Time) []prometheus.Metric {
	d := scope.Detection
	rates := breach.Rates{Healthy: d.Healthy, Unhealthy: d.Unhealthy}
	if d.Healthy <= 0 || d.Unhealthy <= d.Healthy || d.Unhealthy >= 1 || d.FalseAlarms <= 0 {
		return nil
	}
	known := map[transform.BreachSeriesKey]breach.Sequence{}
	for _, key := range scope.Keys {
		for _, department := range e.departments.labels() {
			known[transform.BreachSeriesKey{Stage: bounded(key).Stage, Department: department}] = breach.Sequence{}
		}
	}
	stages := map[string]int{}
	for _, s := range e.breaches {
		key := transform.BreachSeriesKey{Stage: among(s.Stage, stagesWithClocks(), kpi.Other), Department: e.departments.label(s.Department)}
		if known[key].Verdicts() == 0 {
			known[key] = s.Sequence
			stages[key.Department]++
		}
	}
	if e.thresholds.Rates != rates || e.thresholds.FalseAlarms != d.FalseAlarms {
		e.thresholds = breach.Table{Rates: rates, FalseAlarms: d.FalseAlarms}
	}
	var out []prometheus.Metric
	for key, s := range known {
		h := e.thresholds.At(s.Verdicts(), stages[key.Department])
		out = append(out, gauge(cusum, breach.Standing(s, rates, h, d.Hold, at), key.Stage, key.Department),
			gauge(cusumThreshold, h, key.Stage, key.Department))
	}
	return out
}

// stagesWithClocks are all but the sync stage, whose delays are measured.
func stagesWithClocks() []string { return stages[:len(stages)-1] }
