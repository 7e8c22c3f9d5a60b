package kpi

var promises = []Entry{ //nolint:gochecknoglobals // a constant list
	{
		ID: "promise_kept", Name: "承诺兑现率", English: "Promises kept", Unit: UnitRate, Direction: Higher,
		Target: Target{Value: 0.98}, MinimumN: minimumN,
		Formula:        "在承诺日期之前（含）办结的 ÷ 承诺日期落在期内且已到的",
		FormulaEnglish: "promised dates kept ÷ promised dates due in the period",
		Edges: []string{
			"每轮以最后一次提出的方案所承诺的时间为准，但须在前一承诺到期之前（含到期那一刻）提出；到期后再改期，不改变已失的约",
			"没写时间的方案、本轮结束后的方案不算承诺；挂起不顺延",
			"与时钟一样，承诺时间未到的待定，提前兑现的也是",
			"在承诺时间或之前撤诉、不成立或并单的取消，不进分子、分母",
		},
		EdgesEnglish: []string{
			"The due_at of the round's last plan_proposed made before the earlier promise ran out, or at that very instant; a new date after that does not mend a broken one",
			"A plan without due_at or after the end of the round promises nothing; pauses do not move it",
			"Pending like a clock, even when already kept",
			"Withdrawal, rejection or merge at or before due_at cancels it",
		},
	},
	assistOnTime(),
	{
		ID: "longest_silence", Name: "最长静默", English: "Longest silence", Unit: UnitDuration, Direction: Lower,
		Target: Target{Value: 86400}, MinimumN: minimumN, Query: "longest_silence",
		Formula:        "期内登记的投诉，客户最长多久没有任何音讯（自然时间）的 P90",
		FormulaEnglish: "P90 of the longest natural time without an outward sign, of the complaints registered in the period",
		Edges: []string{
			"音讯指人工答复、主动联系、提出方案和办结；主动联系和提出方案不论由谁作出",
			"从登记到最后一次结束，仍在办的到截至时刻；结束到重开之间也算静默",
			"并单的和时间异常的也计入；没有待定",
		},
		EdgesEnglish: []string{
			"An outward sign is a human reply, contacted out, plan_proposed or resolved; contacted out and plan_proposed by whomever",
			"Between registered and the last end, or the as-of instant; the time between an end and its reopening is silent too",
			"Merged and anomalous complaints are included; nothing is pending",
		},
		Beside: []Figure{
			{"p50", "P50", "P50"},
			{"p90", "P90，即指标值", "P90, which is the value"},
			{"p95", "P95", "P95"},
			{"mean", "平均", "Mean"},
		},
	},
	{
		ID: "verified_ok", Name: "客户验证通过率", English: "Verified", Unit: UnitRate, Direction: Higher,
		Target: Target{None: true}, MinimumN: minimumN,
		Formula:        "验证通过的 ÷ 期内有客户验证的投诉",
		FormulaEnglish: "complaints whose last verification in the period was accepted ÷ complaints with a verification in the period",
		Edges: []string{
			"以期内、截至时刻之前的最后一次验证为准，一件投诉计一次",
			"验证不通过不会自动重开投诉",
		},
		EdgesEnglish: []string{
			"The last verification in the period by the as-of instant decides; a complaint counts once",
			"A verification that is not accepted reopens nothing",
		},
	},
	{
		ID: "handover_unnamed", Name: "无人接手率", English: "Unnamed handovers", Unit: UnitRate, Direction: Lower,
		Target: Target{None: true}, MinimumN: minimumN,
		Formula:        "没有写明接手人的转派 ÷ 期内的转派，按次计",
		FormulaEnglish: "transfers in the period without to_owner ÷ transfers in the period",
		Edges: []string{
			"每次转派都计，一件投诉可有多次；只写部门、不写人的算无人接手",
		},
		EdgesEnglish: []string{
			"Every transfer counts, several of one complaint too; a department without a person is nobody",
		},
	},
}

// assistOnTime is the on-time rate of second departments: its target is about the time that they take.
func assistOnTime() Entry {
	e := onTime(Entry{ID: "assist_on_time", Name: "协办按时率", English: "Assists on time", Stage: "assist"}, "协办时钟", []string{
		"每次协办请求一个时钟；期限是请求所写的时间，没写的为请求后 1 个工作日",
		"由该部门在请求之后的第一次协办完成结束，一次完成结束该部门所有未完的请求",
		"写明的期限不因挂起顺延，默认的 1 个工作日顺延；投诉结束时取消，结束后的请求不起时钟",
		"目标针对协办用时：较基准期缩短 60%；按时率本身只求上升",
	}, []string{
		"One clock per assist_requested; due is its due_at, or 1 working day after it",
		"Finished by that department's first assist_done after it, which finishes every open request of that department",
		"A named due_at never moves, the default of 1 working day pauses; the end of the complaint cancels it, a request after the end starts none",
		"The target is about the time that assists take, 60 % less than in the baseline period; of the rate only the direction is wanted",
	})
	e.Target = Target{Value: -0.6, OnBaseline: true, Figure: "time", FigureName: "协办用时"}
	return e
}
