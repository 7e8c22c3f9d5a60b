package kpi

// Metric is a series that is exported for alerts, with the key figures whose numbers it continues.
type Metric struct {
	Name string
	// Meaning is Chinese, English the same.
	Meaning string
	English string
	// Of are the ids of the key figures by the value of Label; without a label they stand under "". A series that belongs
	// to none, such as a heartbeat, has no Of.
	Label string
	Of    map[string]string
}

// byStage are the on-time rates by the stage label of the SLA series; of the way to the bus only the promise is exported.
func byStage() map[string]string {
	of := map[string]string{"sync": "sync_lag"}
	for _, e := range Catalogue {
		if e.Query == "on_time" {
			of[e.Stage] = e.ID
		}
	}
	return of
}

// Metrics lists what an alert may build on. A rule that names anything else speaks of a number that nobody has defined.
var Metrics = []Metric{ //nolint:gochecknoglobals // a constant list
	{
		Name: "complaint_sla_open_timers", Meaning: "仍可完成的时钟数：正常、临期、超期", English: "Clocks that somebody can still finish: ok, at risk, overdue",
		Label: "stage", Of: byStage(),
	},
	{
		Name: "complaint_sla_next_deadline_timestamp_seconds", Meaning: "尚未到期的时钟中最早的期限", English: "Earliest deadline still to come",
		Label: "stage", Of: byStage(),
	},
	{
		Name: "complaint_sla_case_deadline_timestamp_seconds", Meaning: "单件投诉的期限：临期与超期的紧急、高优先级投诉，最多 200 件",
		English: "Deadline of one case: urgent and high ones at risk or overdue, at most 200", Label: "stage", Of: byStage(),
	},
	{Name: "complaint_sla_case_series_truncated", Meaning: "没有单独列出的投诉数", English: "Cases beyond those 200"},
	{
		Name: "complaint_sla_breach_cusum", Meaning: "超时是否多于偶然：累积证据", English: "Evidence that clocks are missed more often than healthy",
		Label: "stage", Of: byStage(),
	},
	{
		Name: "complaint_sla_breach_cusum_threshold", Meaning: "累积证据到多少告警，随件数而定", English: "Evidence at which an alert fires, by volume",
		Label: "stage", Of: byStage(),
	},
	{
		Name: "complaint_stage_duration_seconds", Meaning: "环节用时的分布，目标是分界", English: "How long stages took, with the targets as edges",
		Label: "stage", Of: byStage(),
	},
	{
		Name: "complaint_sla_window_timers", Meaning: "期限落在窗口内的时钟数：按时、超时", English: "Clocks whose deadline lies in the window: met, breached",
		Label: "stage", Of: byStage(),
	},
	{
		Name: "complaint_sla_timers_total", Meaning: "启动以来判定的时钟数：按时、超时", English: "Clocks decided since the start: met, breached",
		Label: "stage", Of: byStage(),
	},
	{
		Name: "complaint_sla_target_seconds", Meaning: "承诺时长", English: "Promised time",
		Label: "stage", Of: byStage(),
	},
	{
		Name: "complaint_sla_warning_seconds", Meaning: "转为临期时剩余的时长", English: "What is left of the promised time when a clock becomes at risk",
		Label: "stage", Of: byStage(),
	},
	{
		Name: "complaint_sla_budget_ratio", Meaning: "允许超时的比例，即 1 − 目标", English: "Share that may miss its deadline, 1 − target",
		Label: "stage", Of: byStage(),
	},
	{
		Name: "complaint_window_cases", Meaning: "窗口内的投诉数：登记、升级、漏接、重复（不含并单），以及办结和重开的次数",
		English: "Complaints of the window: received, escalated, missed and repeated, merged ones left out; all resolutions and reopenings",
		Label:   "result",
		Of: map[string]string{
			"received": "", "completed": "throughput", "escalated": "escalation", "missed": "missed", "reopened": "reopen", "repeated": "repeat",
		},
	},
	{
		Name: "complaint_issue_open", Meaning: "各状态的复发问题数", English: "Recurring issues by state",
		Of: map[string]string{"": "issue_share"},
	},
	{
		Name: "complaint_source_last_sync_timestamp_seconds", Meaning: "各渠道最近一次事件到达总线的时刻", English: "Arrival of a channel's last event on the bus",
		Of: map[string]string{"": "sync_lag"},
	},
	{
		Name: "complaint_source_sync_lag_seconds", Meaning: "最近一小时到达的事件的归集延迟", English: "Sync lag of the events that arrived in the last hour",
		Of: map[string]string{"": "sync_lag"},
	},
	{
		Name: "wenguo_calendar_valid_until_timestamp_seconds", Meaning: "已知节假日的截止时刻，此后的工作时间只是推测", English: "End of the known public holidays",
	},
	{
		Name: "complaint_sla_last_evaluation_timestamp_seconds", Meaning: "时效引擎最近一次计算的时刻", English: "Instant for which clocks were last counted",
	},
	{
		Name: "wenguo_build_info", Meaning: "程序版本", English: "The program's version",
	},
}

// LookupMetric finds an exported series.
func LookupMetric(name string) (Metric, bool) {
	for _, m := range Metrics {
		if m.Name == name {
			return m, true
		}
	}
	return Metric{}, false
}
