package kpi

import "slices"

// fine is the usual target of an on-time rate.
var fine = Target{Value: 0.98} //nolint:gochecknoglobals // a constant

var anomalies = Figure{ //nolint:gochecknoglobals // a constant
	"anomalies", "时间异常：期内登记、该环节有异常时钟的投诉 ÷ 期内登记（不含并单），按件计",
	"Anomalies: complaints registered in the period with a clock of the stage that has no verdict ÷ registered, merged ones left out",
}

// onTime is the entry of a stage's clock; matter is what the clock is called, edges are its own rules.
func onTime(e Entry, matter string, edges, english []string) Entry {
	e.Unit, e.Direction, e.Query, e.MinimumN, e.Target = UnitRate, Higher, "on_time", minimumN, fine
	e.Formula = "期限落在期内且已到的" + matter + "中，按时完成的 ÷ 全部"
	e.FormulaEnglish = e.Stage + " clocks met ÷ " + e.Stage + " clocks due in the period"
	e.Edges = slices.Concat([]string{
		"时钟归入其期限所在的时段；期限早于截至时刻才计入，逾期未完成的算超时，留在分母",
		"期限未到的一律待定，提前完成的也是，以免未过完的时段显得好看",
		"已取消的和时间异常的不进分子、分母；在期限那一刻完成算按时，是否超时在期限当时就已定",
		"时限取时钟启动时的策略和取值，事后更正不改；当时缺的值取后来最先给出的，优先级缺失或不识别按普通",
		"投诉结束时尚未到期、也未完成的时钟取消；已超时的仍算超时",
	}, edges)
	e.EdgesEnglish = slices.Concat([]string{
		"A clock belongs to the period that holds its due instant and counts once that lies before the as-of instant; open breached ones stay in the denominator",
		"With a due instant still to come it is pending, even when already met, so that early successes do not flatter an unfinished period",
		"Cancelled clocks and anomalies are in neither; finished at the very due instant is met, and a breach is decided at the deadline",
		"The target is that of the policy and the values when the clock started, later corrections do not move it; a value absent then is the first one given later, an absent or unknown priority is normal",
		"The end of a complaint cancels a clock that is neither finished nor past due; a breached one stays breached",
	}, english)
	e.Beside = append(e.Beside, anomalies)
	return e
}

// Rules that several stages share.
const (
	pauses        = "挂起时停表（策略可改），从挂起到第一次恢复或投诉结束；期限之后的挂起不改变判定"
	pausesEnglish = "Pauses stop it unless the policy says otherwise, from paused to the first resumed or the end; a pause after the due instant changes nothing"
	rounds        = "每次重开另起一轮，各轮分别计；转派、再次派单和本轮结束后的事件不起新时钟"
	roundsEnglish = "Each reopening begins a round with a clock of its own; transfers, repeated dispatches and anything after the end of the round start none"
)

var clocks = []Entry{ //nolint:gochecknoglobals // a constant list
	{
		ID: "first_response", Name: "首次响应时长", English: "First response time", Unit: UnitDuration, Direction: Lower,
		Target: Target{Value: -0.5, OnBaseline: true, Stage: "acknowledge"}, MinimumN: minimumN, Query: "first_response",
		Formula:        "期内登记的投诉，从登记到第一次人工答复的中位时长，按各自受理时限的日历计；还没答复的按删失计入（Kaplan–Meier）",
		FormulaEnglish: "median of B(registered, first human reply) of the complaints registered in the period, by Kaplan–Meier: open ones are censored, not dropped",
		Edges: []string{
			"人工答复指客服或部门作出的受理确认（非内部）、主动联系或办结，取最早；登记本身、机器人和系统不算，没有角色的不算人工",
			"仍在等的在截至时刻删失，没有人工答复就结束的在首轮结束时删失；首轮之后才有的答复不算",
			"分位数是仍在等的比例首次降到不高于 1−p 的时长（容差 1e-9），同一时刻先计答复、再计删失；没有删失时与最近秩相同",
			"还没有那么多投诉得到答复时为“未达到”，这是正当的回答，不以 0 或当前时长代替",
			"待定是截至时刻仍在等的件数；时间异常的不计",
			"受理时限因优先级而不同，所以没有单一的绝对目标；设有基准期时，目标是较基准期缩短 50%",
		},
		EdgesEnglish: []string{
			"A human reply is the earliest of acknowledged (not internal), contacted with direction out, and resolved, by role agent or department; registered never is one, no role is no human",
			"Those that wait are censored at the as-of instant, those that ended without a human reply at the end of their first round; a reply after that is none",
			"A percentile is the smallest time at which the share still waiting is at most 1 − p (tolerance 1e-9), replies before censorings of one instant; without censoring it equals nearest rank",
			"Not reached is a legal answer: so many have not been answered yet",
			"Pending are those that wait at the as-of instant; anomalies are left out",
			"The acknowledge target differs by priority, so that there is no single number; with a baseline the target is 50 % less than then",
		},
		Beside: []Figure{
			{"p50", "P50：中位数，即指标值", "P50: the median, which is the value"},
			{"p90", "P90：九成在此之内得到答复", "P90: nine in ten were answered within it"},
			{"p95", "P95", "P95"},
		},
	},
	onTime(Entry{ID: "response_on_time", Name: "按时响应率", English: "Responses on time", Stage: "acknowledge"}, "受理时钟", []string{
		"从登记到第一次客户看得到的人工答复（受理确认、主动联系或办结）；内部备注、机器人和系统的答复不停表",
		"不因挂起停表；一件投诉只有一个受理时钟，重开后不再计",
		"服务中断及其下级类别的时限优先于按优先级的时限",
	}, []string{
		"From registered to the first human reply that the customer sees (acknowledged, contacted out or resolved); internal notes, bots and systems do not stop it",
		"It never pauses; a complaint has one, reopenings start none",
		"The target of an outage, with its branch, goes before those by priority",
	}),
	onTime(Entry{ID: "dispatch_on_time", Name: "按时派单率", English: "Dispatched on time", Stage: "dispatch"}, "派单时钟", []string{
		"从登记到首次派单；一件投诉只有一个派单时钟，重开后不再计", pauses,
	}, []string{
		"From registered to the first dispatched; a complaint has one, reopenings start none", pausesEnglish,
	}),
	onTime(Entry{ID: "confirm_on_time", Name: "按时确认率", English: "Confirmed on time", Stage: "confirm"}, "部门确认时钟", []string{
		"从本轮首次派单到部门确认", rounds, pauses,
	}, []string{
		"From the round's first dispatched to the first confirmed", roundsEnglish, pausesEnglish,
	}),
	onTime(Entry{ID: "plan_on_time", Name: "按时出方案率", English: "Plans on time", Stage: "plan"}, "方案时钟", []string{
		"从本轮部门确认到提出方案；服务中断另有时限", rounds, pauses,
	}, []string{
		"From the round's first confirmed to the first plan proposed; outages have a target of their own", roundsEnglish, pausesEnglish,
	}),
	onTime(Entry{ID: "resolve_on_time", Name: "按时办结率", English: "Resolved on time", Stage: "resolve"}, "办结时钟", []string{
		"从登记到首轮办结；重开之后由二次处置时钟计", "自然日从登记起每天 24 小时，含节假日", pauses,
	}, []string{
		"From registered to the resolution of the first round; after a reopening the redo clock counts", "Natural days are 24 h each from the start, holidays included", pausesEnglish,
	}),
	onTime(Entry{ID: "survey_on_time", Name: "按时回访率", English: "Surveyed on time", Stage: "survey"}, "回访时钟", []string{
		"从办结到发出回访邀请，以发出为准，不以客户作答为准", "重开、撤诉、不成立或并单取消回访时钟，办结之后发生的也取消", rounds, pauses,
	}, []string{
		"From resolved to the survey offered, whether or not the customer answers", "Reopening, withdrawal, rejection or merge cancel it, also after the resolution", roundsEnglish, pausesEnglish,
	}),
	onTime(Entry{ID: "redo_on_time", Name: "二次处置按时率", English: "Redone on time", Stage: "redo"}, "二次处置时钟", []string{
		"从重开到再次办结；每次重开各有一个时钟", "自然日从重开起每天 24 小时，含节假日", pauses,
	}, []string{
		"From reopened to resolved again; each reopening has a clock of its own", "Natural days are 24 h each from the start, holidays included", pausesEnglish,
	}),
}
