package metrics

import (
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"wenguo/ingest"
	"wenguo/transform/issue"
	"wenguo/transform/kpi"
)

var slaLabels = []string{"stage", "priority", "department", "rule"} //nolint:gochecknoglobals // a constant list

func described(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(name, help, labels, nil)
}

func perClock(name, help string, labels ...string) *prometheus.Desc {
	return described(name, help, slices.Concat(slaLabels, labels)...)
}

//nolint:gochecknoglobals // constant descriptions
var (
	openTimers = perClock("complaint_sla_open_timers",
		"Clocks that somebody can still finish: at_risk has at most the last part of its target left, overdue has passed its deadline.", "state")
	nextDeadline = perClock("complaint_sla_next_deadline_timestamp_seconds",
		"Earliest deadline of a running clock that had not passed at the last evaluation; absent without one.")
	windowTimers = perClock("complaint_sla_window_timers",
		"Clocks whose deadline lies in the window that ended at the last evaluation; late events correct it.", "window", "outcome")
	timersTotal = perClock("complaint_sla_timers_total",
		"Clocks whose deadline passed since the start, each counted once, five minutes after its deadline, and never corrected.", "outcome")
	caseDeadline = perClock("complaint_sla_case_deadline_timestamp_seconds",
		"Deadline of a running clock of an urgent or high complaint that was at risk or overdue at the last evaluation.", "case_id")
	casesLeftOut = described("complaint_sla_case_series_truncated",
		"Clocks of urgent or high complaints, at risk or overdue, that have no series of their own: 200 have.")
	cusum = described("complaint_sla_breach_cusum",
		"Evidence that clocks are breached at the unhealthy rate, in nats, from the verdicts of 28 days; an alarm is held.", "stage", "department")
	cusumThreshold = described("complaint_sla_breach_cusum_threshold",
		"The evidence at which the breach rate is too high to be chance, by the number of verdicts.", "stage", "department")
	stageDuration = described("complaint_stage_duration_seconds",
		"Time that clocks took in the calendar of their stage, of those finished since the start, each counted once.", "stage", "priority")
	target = described("complaint_sla_target_seconds",
		"Promised time in the calendar of the stage.", "stage", "priority", "rule")
	warning = described("complaint_sla_warning_seconds",
		"What is left of the promised time when a clock becomes at risk, in the calendar of the stage.", "stage", "priority", "rule")
	budget = described("complaint_sla_budget_ratio",
		"Share of clocks that may miss their deadline.", "stage", "priority")
	windowCases = described("complaint_window_cases",
		"Complaints registered in the window, those merged into another left out, and of them the escalated, missed and repeated; "+
			"completed and reopened are all resolutions and reopenings in the window.", "window", "result")
	issueOpen = described("complaint_issue_open",
		"Recurring issues by state, of the last discovery.", "state")
	lastSync = described("complaint_source_last_sync_timestamp_seconds",
		"Arrival of the last event on the bus, of complaints that moved in the last 28 days.", "channel")
	syncLag = described("complaint_source_sync_lag_seconds",
		"Time from an event to its arrival on the bus, of the events that arrived in the last hour; absent without one.", "channel", "quantile")
	calendarValid = described("wenguo_calendar_valid_until_timestamp_seconds",
		"End of the public holidays that the calendar knows; after it working hours are a guess.", "calendar")
	lastEvaluation = described("complaint_sla_last_evaluation_timestamp_seconds",
		"Instant for which clocks were last counted; it stands still while the warehouse does not answer.")
	build = described("wenguo_build_info", "The program, always 1.", "version")

	all = []*prometheus.Desc{
		openTimers, nextDeadline, caseDeadline, casesLeftOut, windowTimers, timersTotal, cusum, cusumThreshold, stageDuration,
		target, warning, budget, windowCases, issueOpen, lastSync, syncLag, calendarValid, lastEvaluation, build,
	}
)

// gauge makes a series. Labels are bounded and valid before they come here.
func gauge(d *prometheus.Desc, value float64, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
}

// seconds is an instant as Prometheus has them.
func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

func buildInfo(version string) prometheus.Metric { return gauge(build, 1, clean(version)) }

// slaSeries are the series of clocks. What is overdue and when the next one is due are promises, the rest was measured.
func slaSeries(timers map[kpi.TimerKey]kpi.Timers, total map[kpi.TimerKey]kpi.Verdicts) (promises, measured []prometheus.Metric) {
	promises = make([]prometheus.Metric, 0, 4*len(timers))
	measured = make([]prometheus.Metric, 0, len(timers)*(2+2*len(kpi.Windows)))
	for key, t := range timers {
		series := func(out *[]prometheus.Metric, d *prometheus.Desc, kind prometheus.ValueType, value float64, labels ...string) {
			labels = append([]string{key.Stage, key.Priority, key.Department, key.Rule}, labels...)
			*out = append(*out, prometheus.MustNewConstMetric(d, kind, value, labels...))
		}
		series(&measured, openTimers, prometheus.GaugeValue, float64(t.OK), "ok")
		series(&measured, openTimers, prometheus.GaugeValue, float64(t.AtRisk), "at_risk")
		series(&promises, openTimers, prometheus.GaugeValue, float64(t.Overdue), "overdue")
		if !t.NextDue.IsZero() {
			series(&promises, nextDeadline, prometheus.GaugeValue, seconds(t.NextDue))
		}
		for i, w := range kpi.Windows {
			series(&measured, windowTimers, prometheus.GaugeValue, float64(t.Windows[i].Met), w.Name, "met")
			series(&measured, windowTimers, prometheus.GaugeValue, float64(t.Windows[i].Breached), w.Name, "breached")
		}
		series(&promises, timersTotal, prometheus.CounterValue, float64(total[key].Met), "met")
		series(&promises, timersTotal, prometheus.CounterValue, float64(total[key].Breached), "breached")
	}
	return promises, measured
}

func scopeSeries(scope kpi.TimerScope) []prometheus.Metric {
	var out []prometheus.Metric
	seen := map[kpi.TimerKey]bool{}
	for _, t := range scope.Targets {
		key := bounded(kpi.TimerKey{Stage: t.Stage, Priority: t.Priority, Rule: t.Rule})
		if seen[key] {
			continue
		}
		seen[key] = true
		out = append(out, gauge(target, t.Target.Seconds(), key.Stage, key.Priority, key.Rule),
			gauge(warning, t.Warning.Seconds(), key.Stage, key.Priority, key.Rule))
		key.Rule = ""
		if share, ok := kpi.Budget(key.Stage); ok && !seen[key] {
			seen[key] = true
			out = append(out, gauge(budget, share, key.Stage, key.Priority))
		}
	}
	until := map[string]time.Time{}
	for name, at := range scope.Calendars {
		if known, ok := until[clean(name)]; !ok || at.Before(known) {
			until[clean(name)] = at
		}
	}
	for name, at := range until {
		out = append(out, gauge(calendarValid, seconds(at), name))
	}
	return out
}

func happeningSeries(h kpi.Happenings) []prometheus.Metric {
	var out []prometheus.Metric
	for i, w := range kpi.Windows {
		c := h.Windows[i]
		out = append(out,
			gauge(windowCases, float64(c.Received), w.Name, "received"),
			gauge(windowCases, float64(c.Completed), w.Name, "completed"),
			gauge(windowCases, float64(c.Escalated), w.Name, "escalated"),
			gauge(windowCases, float64(c.Missed), w.Name, "missed"),
			gauge(windowCases, float64(c.Reopened), w.Name, "reopened"),
			gauge(windowCases, float64(c.Repeated), w.Name, "repeated"))
	}
	for _, state := range []issue.State{issue.New, issue.Ongoing, issue.Escalating, issue.Regressed} {
		out = append(out, gauge(issueOpen, float64(h.Issues[string(state)]), string(state)))
	}
	return append(out, syncSeries(h.Sync)...)
}

func syncSeries(sync []kpi.ChannelSync) []prometheus.Metric {
	channels := map[string]kpi.ChannelSync{}
	for _, c := range sync {
		name := among(c.Channel, ingest.Channels, ingest.Other)
		known := channels[name]
		channels[name] = kpi.ChannelSync{
			LastAt: latest(known.LastAt, c.LastAt), Arrived: known.Arrived + c.Arrived, P50: max(known.P50, c.P50), P95: max(known.P95, c.P95),
		}
	}
	var out []prometheus.Metric
	for name, c := range channels {
		if !c.LastAt.IsZero() {
			out = append(out, gauge(lastSync, seconds(c.LastAt), name))
		}
		if c.Arrived > 0 {
			out = append(out, gauge(syncLag, float64(c.P50.Milliseconds())/1000, name, "0.5"), gauge(syncLag, float64(c.P95.Milliseconds())/1000, name, "0.95"))
		}
	}
	return out
}
