package dashboard

import "wenguo/transform/kpi"

var milestoneNames = map[kpi.Milestone]string{ //nolint:gochecknoglobals // a constant table
	kpi.Registered: "登记", kpi.Acknowledged: "受理", kpi.Dispatched: "派单", kpi.Confirmed: "部门确认", kpi.Planned: "方案",
	kpi.Resolved: "办结", kpi.Surveyed: "回访", kpi.Closed: "归档", kpi.PlanRejected: "方案被拒绝",
}

// milestoneHints say what counts as having come there.
var milestoneHints = map[kpi.Milestone]string{ //nolint:gochecknoglobals // a constant table
	kpi.Registered: "投诉登记", kpi.Acknowledged: "第一次人工答复（受理确认、主动联系或办结）", kpi.Dispatched: "第一次派单", kpi.Confirmed: "部门第一次确认接手",
	kpi.Planned: "第一次提出方案", kpi.Resolved: "第一次办结", kpi.Surveyed: "第一次发出回访邀请", kpi.Closed: "第一次归档",
}

// milestoneEvents are the kinds of events that say so.
var milestoneEvents = map[kpi.Milestone]string{ //nolint:gochecknoglobals // a constant table
	kpi.Acknowledged: "acknowledged", kpi.Dispatched: "dispatched", kpi.Confirmed: "confirmed", kpi.Planned: "plan_proposed",
	kpi.Surveyed: "surveyed", kpi.Closed: "closed",
}

var spendingNames = map[kpi.Spending]string{ //nolint:gochecknoglobals // a constant table
	kpi.SpentAcknowledge: "等受理", kpi.SpentDispatch: "等派单", kpi.SpentConfirm: "等部门确认", kpi.SpentPlan: "等方案", kpi.SpentResolve: "处置到办结",
	kpi.SpentRedo: "二次处置", kpi.SpentPaused: "挂起", kpi.SpentSurvey: "等回访", kpi.SpentClosing: "等归档",
}

var spendingHints = map[kpi.Spending]string{ //nolint:gochecknoglobals // a constant table
	kpi.SpentAcknowledge: "到第一次人工答复", kpi.SpentDispatch: "到第一次派单", kpi.SpentConfirm: "到部门第一次确认", kpi.SpentPlan: "到第一次提出方案",
	kpi.SpentResolve: "第一轮中其余的时间，到办结", kpi.SpentRedo: "重开之后各轮", kpi.SpentPaused: "各轮中挂起的时间，不再计入其他阶段",
	kpi.SpentSurvey: "最后一次办结到发出回访", kpi.SpentClosing: "最后一次办结到归档",
}

var factorNames = map[kpi.Factor]string{ //nolint:gochecknoglobals // a constant table
	kpi.FactorReply: "首次响应", kpi.FactorReopened: "评分前重开", kpi.FactorTransfers: "评分前转派", kpi.FactorHandling: "评分前处理时长",
}

var traitNames = map[kpi.Factor]map[string]string{ //nolint:gochecknoglobals // a constant table
	kpi.FactorReply:     {"met": "按时", "late": "超时", "none": "没有判定"},
	kpi.FactorReopened:  {"no": "没有重开过", "yes": "重开过"},
	kpi.FactorTransfers: {"0": "没有转派", "1": "1 次", "2": "2 次及以上"},
	kpi.FactorHandling:  {"1": "1 天内", "3": "1–3 天", "7": "3–7 天", "15": "7–15 天", "more": "超过 15 天", "none": "尚未办结"},
}

// said is a text on a page; Data says that it came with the data and is no wording of the product.
type said struct {
	Text string
	Data bool
}

// saidValue is a dimension's value in words.
func saidValue(d kpi.Dimension, value string) said {
	return said{valueName(d, value), fromData(d, value)}
}
