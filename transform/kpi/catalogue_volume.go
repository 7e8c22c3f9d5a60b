package kpi

var volumes = []Entry{ //nolint:gochecknoglobals // a constant list
	{
		ID: "handling_time", Name: "处理时长", English: "Handling time", Unit: UnitDuration, Direction: Lower,
		Target: Target{Value: 259200}, MinimumN: minimumN, Query: "handling_time",
		Formula:        "从登记到最后一次办结的自然时间的中位数（毛时长）",
		FormulaEnglish: "median natural time from registered to the last resolved (gross)",
		Edges: []string{
			"只计截至时刻为已办结、最后一次办结在期内的投诉；在办、撤诉、不成立和并单的不计",
			"毛时长按自然时间计，不扣夜间和节假日，也不扣挂起",
			"净时长再扣除挂起的时间和各次结束到重开之间的间隔",
			"办结时钟时间异常的不计",
		},
		EdgesEnglish: []string{
			"Complaints that are resolved at the as-of instant and whose last resolution is in the period; open, withdrawn, rejected and merged ones are left out",
			"Gross is natural time: nights, holidays and pauses count",
			"Net leaves out pauses and the gaps between an end and the reopening after it",
			"Those whose resolve clock is an anomaly are left out",
		},
		Beside: []Figure{
			{"p50", "P50：中位数，即指标值", "P50: the median, which is the value"},
			{"p90", "P90：九成在此之内办结", "P90: nine in ten were resolved within it"},
			{"p95", "P95", "P95"},
			{"mean", "平均毛时长", "Mean gross time"},
			{"distribution", "3、7、15、30 天内办结的比例（毛时长，含等于）", "Shares resolved within 3, 7, 15 and 30 days (gross, inclusive)"},
			{"more.net", "净时长的中位数、P90、P95 和平均", "Median, P90, P95 and mean of the net time"},
		},
	},
	{
		ID: "completion", Name: "办结率", English: "Completion", Unit: UnitRate, Direction: Higher,
		Target: Target{Value: 0.98}, MinimumN: minimumN,
		Formula:        "期内登记且截至时刻为已办结的 ÷ 期内登记的（不含撤诉、不成立和并单）",
		FormulaEnglish: "resolved at the as-of instant ÷ registered in the period, withdrawn, rejected and merged ones left out",
		Edges: []string{
			"按登记归期（同一批投诉的结果），不是期内办结量除以期内登记量",
			"办结后又重开、尚未再次办结的不算已办结",
			"期末之后未满 72 小时为“尚未成熟”：这一批还没有走完办结时限",
			"待定是在办且未过办结时限的，留在分母；重开过的按首轮的办结时限看",
		},
		EdgesEnglish: []string{
			"By cohort: what became of the complaints registered in the period, not resolutions by registrations",
			"Resolved and reopened is not resolved",
			"Immature until 72 h after the end of the period: the cohort's resolve target has not run out",
			"Pending are open ones not yet past their resolve due, and stay in the denominator; of a reopened one it is the due of the first round",
		},
	},
	{
		ID: "throughput", Name: "办结量", English: "Throughput", Unit: UnitCount, Direction: Higher,
		Target: Target{None: true}, Query: "strip",
		Formula:        "期内办结的次数。勾稽：期初 + 登记 + 重开 − 办结 − 撤诉/不成立 − 并单 = 期末",
		FormulaEnglish: "resolutions in the period; opening + registered + reopened − resolved − withdrawn (with rejected) − merged = closing",
		Edges: []string{
			"每次办结都计，一件投诉重开后再办结计两次；已结束的投诉再来的办结不计",
			"勾稽条含全部投诉，并单、撤诉和不成立也在内；不平即为数据有错，以红色标出",
		},
		EdgesEnglish: []string{
			"Every resolution counts, several of one complaint too; a resolved on an ended complaint counts nothing",
			"The strip counts all complaints; where it does not balance the store is wrong, and it is shown in red",
		},
	},
	{
		ID: "backlog", Name: "在办积压", English: "Backlog", Unit: UnitCount, Direction: Lower,
		Target: Target{None: true}, Query: "strip",
		Formula:        "期末仍未结束的投诉；期末晚于截至时刻的，取截至时刻",
		FormulaEnglish: "complaints open at the end of the period or at the as-of instant, whichever is first",
		Edges: []string{
			"含挂起中的和重开后在办的",
			"等于勾稽条的期末数",
		},
		EdgesEnglish: []string{
			"Paused and reopened ones are open",
			"It is the closing figure of the strip",
		},
	},
	{
		ID: "backlog_age", Name: "积压时长", English: "Age of the backlog", Unit: UnitDuration, Direction: Lower,
		Target: Target{None: true}, MinimumN: minimumN, Query: "backlog_age",
		Formula:        "在办积压自登记起已过的自然时间的中位数",
		FormulaEnglish: "median natural time since registered of the complaints in the backlog",
		Edges: []string{
			"时刻与在办积压相同：期末与截至时刻取较早者",
			"从登记起算，不扣挂起，重开的也从最初登记起算",
		},
		EdgesEnglish: []string{
			"At the same instant as the backlog: the end of the period or the as-of instant, whichever is first",
			"Age runs from registered, whatever pauses and reopenings",
		},
		Beside: []Figure{
			{"p50", "P50：中位数，即指标值", "P50: the median, which is the value"},
			{"p90", "P90", "P90"},
			{"p95", "P95", "P95"},
			{"mean", "平均", "Mean"},
			{"distribution", "各档占比：不满 1、1–3、3–7、7–15、15–30、30–60、60 天及以上，含下限不含上限，以下限为名", "Shares by age: from 0, 1, 3, 7, 15, 30 and 60 days, lower bound included and upper not, named by the lower bound"},
		},
	},
}
