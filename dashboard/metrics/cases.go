package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/kpi"
)

// caseSeries are the deadlines of single complaints. Two clocks that look alike from outside are one series with the
// earlier deadline.
func (e *Exporter) caseSeries(cases []transform.CaseClock, all int) []prometheus.Metric {
	type series struct {
		kpi.TimerKey
		id string
	}
	earliest := map[series]time.Time{}
	for _, c := range cases[:min(len(cases), mostCases)] {
		key := series{bounded(c.TimerKey), clean(c.ComplaintID)}
		key.Priority = among(c.Priority, []string{ingest.Priorities[0], ingest.Priorities[1]}, ingest.Priorities[1])
		key.Department = e.departments.label(c.Department)
		if due, known := earliest[key]; !known || c.Due.Before(due) {
			earliest[key] = c.Due
		}
	}
	out := []prometheus.Metric{gauge(casesLeftOut, float64(max(0, all-mostCases)))}
	for key, due := range earliest {
		out = append(out, gauge(caseDeadline, seconds(due), key.Stage, key.Priority, key.Department, key.Rule, key.id))
	}
	return out
}
