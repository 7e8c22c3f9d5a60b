package kpi

var flows = []Entry{ //nolint:gochecknoglobals // a constant list
	{
		ID: "missed", Name: "漏接率", English: "Missed", Unit: UnitRate, Direction: Lower,
		Target: Target{Value: 0.01}, MinimumN: minimumN,
		Formula:        "4 倍受理时限内没有人工答复，或答复前就撤诉的 ÷ 期内登记的",
		FormulaEnglish: "no human reply within 4 × the acknowledge target, or withdrawn before one ÷ registered in the period",
		Edges: []string{
			"看首次人工答复、首轮结束与截至时刻中最早的一个是否晚于登记后 4 倍受理时限（按该时限的日历计）",
			"任何一轮中在人工答复之前撤诉的也算漏接（客户放弃）",
			"仍在等且未超 4 倍时限的留在分母，并列为待定",
			"受理时钟时间异常的不算漏接",
		},
		EdgesEnglish: []string{
			"Missed when the first human reply, the end of the first round or the as-of instant, whichever is first, lies after due(registered, 4 × target)",
			"Withdrawn before any human reply, in whatever round, is missed too (abandoned)",
			"Those still waiting within 4 × target stay in the denominator and are pending",
			"An acknowledge anomaly is not missed",
		},
	},
	{
		ID: "deviation", Name: "处理偏差率", English: "Deviation", Unit: UnitRate, Direction: Lower,
		Target: Target{Value: 0.03}, MinimumN: minimumN,
		Formula:        "派单后更正类别、优先级或部门的 ÷ 首次派单在期内的",
		FormulaEnglish: "category, priority or department corrected after dispatch ÷ complaints first dispatched in the period",
		Edges: []string{
			"首次派单之后，把非空的类别或优先级更正为另一个值，或以“改派正确部门”为由转到转出部门以外的部门",
			"原来为空、后来补填的不算；分子看到截至时刻，一件投诉计一次",
		},
		EdgesEnglish: []string{
			"After the first dispatch a corrected changes a non-empty category or priority to another value, or a transferred with reason routing goes to another department than the sender",
			"Filling in what was empty is none; numerators look until the as-of instant and count complaints",
		},
	},
	{
		ID: "escalation", Name: "升级率", English: "Escalated", Unit: UnitRate, Direction: Lower,
		Target: Target{Value: 0.02}, MinimumN: minimumN,
		Formula:        "截至时刻至少升级过一次的 ÷ 期内登记的",
		FormulaEnglish: "complaints escalated at least once by the as-of instant ÷ registered in the period",
		Edges: []string{
			"一件投诉计一次，不论升级几次、升到哪一级；升级事件的级别不改变投诉级别",
		},
		EdgesEnglish: []string{
			"A complaint counts once, however often and far it was escalated; the level of an escalation is not the complaint's level",
		},
	},
	{
		ID: "bounce", Name: "推诿率", English: "Bounced", Unit: UnitRate, Direction: Lower,
		Target: Target{Value: 0.03}, MinimumN: minimumN,
		Formula:        "有推诿转派，或转回曾经手部门的 ÷ 首次派单在期内的",
		FormulaEnglish: "transfers marked bounce, or returning to an earlier department ÷ complaints first dispatched in the period",
		Edges: []string{
			"转派原因为推诿；或转到本轮此前经手过的部门，转出部门自己除外",
			"转出部门以事件所写为准，没写的取当时所在的部门；部门从本轮第一次提到它（含作为转出方）起算经手",
			"分子看到截至时刻，一件投诉计一次；部门矩阵按同一批投诉的这些转派计次",
		},
		EdgesEnglish: []string{
			"A transfer with reason bounce, or to a department other than the sender that held the complaint earlier in the same round",
			"The sender is its from, else the last department; a department holds from the round's first event that names it, as a sender too",
			"Numerators look until the as-of instant and count complaints; the department matrix counts these transfers of the same complaints",
		},
	},
	{
		ID: "step_coverage", Name: "环节覆盖率", English: "Step coverage", Unit: UnitRate, Direction: Higher,
		Target: Target{Value: 0.98}, MinimumN: minimumN,
		Formula:        "归集、派单、处置、回访都走到的 ÷ 首次归档在期内的（不含自助解决）",
		FormulaEnglish: "complaints that were registered, dispatched, resolved and offered a survey ÷ complaints first closed in the period, self-service ones left out",
		Edges: []string{
			"截至时刻有登记、派单、办结和回访邀请四种事件即为走全，只看有没有，不看先后和时限",
			"处置须有办结事件：直接归档而视同办结的，不算处置",
		},
		EdgesEnglish: []string{
			"All of registered, dispatched, resolved and a survey offer occurred by the as-of instant, in whatever order and time",
			"It looks at the kinds of the events: a closed that acts as resolved is no resolution here",
		},
	},
	{
		ID: "sync_lag", Name: "归集延迟", English: "Sync lag", Unit: UnitDuration, Direction: Lower,
		Target: Target{Value: 300}, MinimumN: minimumN, Query: "sync_lag",
		Formula:        "期内发生的事件从发生到进入总线的时长的 P95",
		FormulaEnglish: "P95 of the time from occurred to the bus, of the events that occurred in the period",
		Edges: []string{
			"每个事件计一次，以最早一次进入总线为准；补录的事件没有总线时间，不计",
			"负延迟（事件时间晚于到达）列为异常，不作时长，也不当作 0",
			"无登记投诉的事件和被忽略的重复登记不计；登记之前的事件计入",
		},
		EdgesEnglish: []string{
			"Every distinct event with a bus time, its earliest one; a backfilled event has none",
			"A negative lag is an anomaly and no duration",
			"Orphans and ignored registrations are left out; events before the registration count",
		},
		Beside: []Figure{
			{"p50", "P50", "P50"},
			{"p90", "P90", "P90"},
			{"p95", "P95，即指标值", "P95, which is the value"},
			{"mean", "平均", "Mean"},
			{"anomalies", "时间异常：负延迟的事件 ÷ 全部事件", "Anomalies: events of negative lag ÷ all"},
			{"more.within_300s", "5 分钟内（含）到达的比例", "Share within 300 s, inclusive"},
		},
	},
}
