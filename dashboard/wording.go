package dashboard

import (
	"html/template"
	"maps"
	"slices"
	"strings"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/issue"
	"wenguo/transform/kpi"
	"wenguo/transform/sla"
)

// The product speaks Chinese; the code does not. These tables hold the pairs. A value that is in none is shown as it came.

var dimensionNames = map[kpi.Dimension]string{ //nolint:gochecknoglobals // a constant table
	kpi.Category: "类别", kpi.Priority: "优先级", kpi.Channel: "渠道", kpi.Department: "部门", kpi.Owner: "负责人",
	kpi.Region: "地区", kpi.Tier: "客户等级", kpi.Product: "产品", kpi.Level: "投诉级别", kpi.CauseGroup: "原因分类", kpi.Issue: "复发问题",
}

var channelNames = map[string]string{ //nolint:gochecknoglobals // a constant table
	"phone": "电话", "email": "邮件", "web": "网站", "wechat": "微信", "app": "App", "im": "在线客服",
	"social": "社交媒体", "counter": "柜台", "fax": "传真", ingest.Other: "其他",
}

var priorityNames = map[string]string{ //nolint:gochecknoglobals // a constant table
	"urgent": "紧急", "high": "高", "normal": "普通", "low": "低",
}

var causeNames = map[string]string{ //nolint:gochecknoglobals // a constant table
	"people": "人员", "commitment": "承诺未兑现", "product": "产品", "process": "流程", "supplier": "供应商",
	"customer_use": "客户使用", "force_majeure": "不可抗力", ingest.Other: "其他",
}

var levelNames = map[string]string{"1": "一级", "2": "二级", "3": "三级"} //nolint:gochecknoglobals // a constant table

var tierNames = map[string]string{ //nolint:gochecknoglobals // a constant table
	"normal": "普通", "silver": "银", "gold": "金", "platinum": "铂金", "diamond": "钻石", "vip": "VIP",
}

var reasonNames = map[string]string{ //nolint:gochecknoglobals // a constant table
	"customer": "等客户", "supplier": "等供应商", "force_majeure": "不可抗力", "bounce": "推诿", "routing": "改派正确部门",
	"low_score": "评价低", "not_fixed": "问题未解决", "regulator": "监管要求", ingest.Other: "其他",
}

var stageNames = map[sla.Stage]string{ //nolint:gochecknoglobals // a constant table
	sla.Acknowledge: "受理", sla.Dispatch: "派单", sla.Confirm: "部门确认", sla.Plan: "方案", sla.Resolve: "办结",
	sla.Survey: "回访", sla.Redo: "二次处置", sla.Assist: "协办", sla.Sync: "归集",
}

var clockStateNames = map[sla.State]string{ //nolint:gochecknoglobals // a constant table
	sla.Running: "计时中", sla.Paused: "挂起", sla.Met: "按时", sla.Breached: "超时", sla.Cancelled: "已取消", sla.NoVerdict: "时间异常",
}

var complaintStateNames = map[transform.State]string{ //nolint:gochecknoglobals // a constant table
	transform.Open: "在办", transform.Resolved: "已办结", transform.Withdrawn: "已撤诉", transform.Rejected: "不成立", transform.Merged: "已并单",
}

var issueStateNames = map[issue.State]string{ //nolint:gochecknoglobals // a constant table
	issue.New: "新增", issue.Ongoing: "持续", issue.Escalating: "激增", issue.Regressed: "复发", issue.Improved: "已改进", issue.Archived: "归档",
}

var issueStateHints = map[issue.State]string{ //nolint:gochecknoglobals // a constant table
	issue.New: "近期第一次出现", issue.Ongoing: "持续有人投诉", issue.Escalating: "远多于它平时的水平",
	issue.Regressed: "改进或归档之后又出现", issue.Improved: "措施已证明有效", issue.Archived: "已经安静下来",
}

var kindNames = map[ingest.Kind]string{ //nolint:gochecknoglobals // a constant table
	ingest.KindRegistered: "登记", ingest.KindClassified: "分类分级", ingest.KindAcknowledged: "受理确认", ingest.KindDispatched: "派单",
	ingest.KindConfirmed: "部门确认", ingest.KindTransferred: "转派", ingest.KindInvestigated: "调查核实", ingest.KindPlanProposed: "提出方案",
	ingest.KindPlanAccepted: "方案被接受", ingest.KindPlanRejected: "方案被拒绝", ingest.KindContacted: "进展沟通", ingest.KindPaused: "挂起",
	ingest.KindResumed: "恢复", ingest.KindEscalated: "升级", ingest.KindResolved: "办结", ingest.KindVerified: "客户验证",
	ingest.KindSurveyed: "满意度回访", ingest.KindReopened: "重开（二次处置）", ingest.KindClosed: "归档", ingest.KindWithdrawn: "撤诉",
	ingest.KindRejected: "不成立", ingest.KindMerged: "并单", ingest.KindCorrected: "更正", ingest.KindAssistRequested: "请求协办",
	ingest.KindAssistDone: "协办完成", ingest.KindErased: "删除个人信息",
}

var roleNames = map[ingest.Role]string{ //nolint:gochecknoglobals // a constant table
	ingest.RoleAgent: "客服", ingest.RoleDepartment: "部门", ingest.RoleCustomer: "客户", ingest.RoleBot: "机器人", ingest.RoleSystem: "系统",
}

var calendarNames = map[string]string{ //nolint:gochecknoglobals // a constant table
	"working": "工作时间", "working-hours": "工作时间", "24x7": "全天候", "natural-days": "自然日",
}

// calendarName is a calendar in words; a clock's calendar id may carry a fingerprint of its content.
func calendarName(id string) string {
	short, _, _ := strings.Cut(id, "@")
	return name(calendarNames, short)
}

var stateWords = map[kpi.State]string{ //nolint:gochecknoglobals // a constant table
	kpi.NoData: "没有数据", kpi.Insufficient: "样本不足", kpi.Immature: "尚未成熟", kpi.NotReached: "未达到", kpi.OK: "",
}

var stateHints = map[kpi.State]string{ //nolint:gochecknoglobals // a constant table
	kpi.NoData:       "这段时间没有可计入的投诉",
	kpi.Insufficient: "样本太少，数值仅供参考，不作判断",
	kpi.Immature:     "时间还短，结果仍会变化",
	kpi.NotReached:   "过半投诉还在等待，中位数尚不存在",
}

// name looks a value up and falls back to the value itself; the absent value has a word of its own.
func name[K ~string](table map[K]string, key K) string {
	if s, ok := table[key]; ok {
		return s
	}
	return string(key)
}

// absentNames are the words for a value that is missing, where "未填写" would say too little.
var absentNames = map[kpi.Dimension]string{ //nolint:gochecknoglobals // a constant table
	kpi.Department: "未派单", kpi.Issue: "未归入问题",
}

// noValue is the word for a value that is missing.
const noValue = "未填写"

// valueTables are the dimensions whose values have names of their own.
var valueTables = map[kpi.Dimension]map[string]string{ //nolint:gochecknoglobals // a constant table
	kpi.Channel: channelNames, kpi.Priority: priorityNames, kpi.CauseGroup: causeNames, kpi.Level: levelNames, kpi.Tier: tierNames,
}

// valueName is a filter value in words.
func valueName(d kpi.Dimension, value string) string {
	if value != "" {
		return name(valueTables[d], value)
	}
	if s, ok := absentNames[d]; ok {
		return s
	}
	return noValue
}

// fromData says whether what valueName gives is a value of the data, which is not translated.
func fromData(d kpi.Dimension, value string) bool {
	_, named := valueTables[d][value]
	return value != "" && !named
}

// untranslated marks what an element holds as a value of the data.
const untranslated template.HTMLAttr = `translate="no"`

// keep marks a value of the data, unless it is the word for a missing one.
func keep(value string) template.HTMLAttr {
	if value == noValue || slices.Contains(slices.Collect(maps.Values(absentNames)), value) {
		return ""
	}
	return untranslated
}

// dataLabels are the labels of a complaint's particulars whose values come from the data.
var dataLabels = []string{ //nolint:gochecknoglobals // a constant list
	"类别", "产品", "部门", "负责人", "客户", "地区", "由", "转到", "接手人", "资源", "补偿", "并入", "协办部门", "标题", "结果", "升级原因", "更正原因",
}

// keepIn marks a value under a label of dataLabels, and a tier that has no name of ours.
func keepIn(label, value string) template.HTMLAttr {
	ours := slices.Contains(slices.Collect(maps.Values(tierNames)), value)
	if slices.Contains(dataLabels, label) || label == dimensionNames[kpi.Tier] && !ours {
		return untranslated
	}
	return ""
}
