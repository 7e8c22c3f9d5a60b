package dashboard

import (
	"net/http"

	"wenguo/dashboard/openapi"
	"wenguo/transform"
	"wenguo/transform/issue"
	"wenguo/transform/kpi"
)

// tags of the document, in its order.
var tags = []openapi.Tag{ //nolint:gochecknoglobals // a constant list
	{Name: "指标", Description: "关键指标、走势、账目"},
	{Name: "时效", Description: "在办时钟与首次答复"},
	{Name: "复发问题", Description: "反复出现的问题与它的投诉"},
	{Name: "投诉", Description: "投诉清单与单件投诉"},
	{Name: "满意度与流转", Description: "客户怎么评价，投诉怎么走"},
	{Name: "告警", Description: "在告什么、接下来到期什么"},
	{Name: "报告", Description: "材料、发布与重述、值得再看一眼"},
	{Name: "数据", Description: "数据的新鲜度与质量、事件接入、本文档"},
}

func figureOperations() []operation {
	return []operation{
		read("指标", "kpis", "/kpis", "关键指标", kpisAnswer{},
			about(figureParameter("id", "指标编号，可写多次；不写是全部", true), openapi.Parameter{Name: "compare", Values: []string{"1"}, Description: "1：附上与上期、去年同期、基准期的比较"})...).
			described("口径见 docs/kpis.md；比率是 0–1，时长是秒。").with(kpiTable()),
		read("指标", "strip", "/strip", "账目：期初到期末", stripAnswer{}, about()...).with(stripTable()),
		read("指标", "series", "/series", "指标走势", listOf[kpi.Series]{},
			about(figureParameter("id", "指标编号，可写多次；不写是总览卡片上的几个", true), stepParameter())...).with(seriesTable()),
		read("指标", "flow", "/flow", "来件、办结与在办", listOf[kpi.FlowPoint]{}, about(stepParameter())...).with(flowTable()),
		read("指标", "departments", "/departments", "部门", listOf[kpi.DepartmentRow]{}, about()...).with(departmentTable()),
		read("指标", "heat", "/heat", "来件时段：星期与小时", listOf[kpi.HeatCell]{}, about()...).with(heatTable()),
	}
}

func timelinessOperations() []operation {
	return []operation{
		read("时效", "due", "/due", "在办时钟：已超期与未到期", dueAnswer{},
			about(stageParameter(true), afterParameter("late_after"), afterParameter("next_after"), limitParameter("15"))...).with(dueTable()),
		read("时效", "waiting", "/waiting", "登记后仍未答复的比例", waitingAnswer{}, about()...).with(waitingTable()),
	}
}

func issueOperations() []operation {
	id := pathID("问题编号；已并入别的问题的编号回答后者")
	return []operation{
		read("复发问题", "issues", "/issues", "复发问题清单", issuesAnswer{},
			about(openapi.Parameter{Name: "state", Many: true, Values: texts(issueStates), Description: "问题的状态"})...).with(issueTable()),
		read("复发问题", "issue", "/issues/:id", "一个复发问题", issue.Detail{}, about(id)...),
		read("复发问题", "issueLineage", "/issues/:id/lineage", "来龙去脉：合并与拆分", issue.Lineage{}, about(id)...),
		read("复发问题", "issueMembers", "/issues/:id/members", "一个问题的投诉，以及为什么", listOf[issue.Member]{},
			about(id, afterParameter("after"), limitParameter("50"))...).with(memberTable()),
	}
}

func complaintOperations() []operation {
	id := pathID("投诉编号")
	return []operation{
		read("投诉", "search", "/search", "搜索：投诉与同名的复发问题", searchAnswer{}, about(complaintParameters()...)...).
			described("title_marks 与 excerpt_marks 是命中处，按字符（Unicode 码位）从 0 数。at_least 为真时 total 是下限。behind 是还没编入搜索的事件数。"),
		resolveOperation(),
		read("投诉", "complaints", "/complaints", "投诉清单，新登记的在前", listOf[transform.ComplaintRow]{}, about(complaintParameters()...)...).
			described("标题与摘要已遮蔽个人信息。导出是整张清单，不分页。").with(complaintTable()),
		read("投诉", "complaint", "/complaints/:id", "一件投诉", complaintAnswer{}, about(id)...),
		read("投诉", "complaintIssue", "/complaints/:id/issue", "这件投诉为什么在它的问题里", issue.Reason{}, about(id)...),
	}
}

// complaintParameters are those of the list alone.
func complaintParameters() []openapi.Parameter {
	return append(journeyParameters(), []openapi.Parameter{
		{Name: "q", Description: "要找的词，每个都要有；“引号”里的要连在一起，减号后面的不要；或投诉编号的开头。电话与订单号见 POST /search", Example: "验证码"},
		{Name: customerParameter, Description: "电话的标记，由 POST /search 得到"},
		{Name: orderParameter, Description: "订单号的标记，由 POST /search 得到"},
		{Name: "sort", Values: []string{"newest", "relevance"}, Description: "有 q 时：最新在前（默认），或最相关在前（在最新的 1,000 件里）"},
		{Name: "scope", Values: []string{"registered", "open", "resolved", "due", "rated", "kpi", "cohort", "planned", "moved", "look"}, Description: "范围：本期登记（默认）、在办、已办结、期限在本期、已评价、指标背后、本期登记且未并单、本期首次提出方案、本期首次派单且转派过、值得再看一眼的案例"},
		{Name: "state", Many: true, Values: texts(sortedKeys(complaintStateNames)), Description: "截至时刻的状态"},
		stageParameter(false),
		{Name: "verdict", Values: []string{"met", "breached", "pending"}, Description: "scope=due 时：按时、超时、未到期"},
		{Name: "score", Many: true, Kind: openapi.Whole, Min: 1, Max: 5, Description: "评分"},
		{Name: "overdue", Values: []string{"1"}, Description: "1：只要有环节已超期的"},
		figureParameter("kpi", "scope=kpi 时：指标编号", false),
		{Name: "part", Values: []string{transform.PartNumerator, transform.PartDenominator, transform.PartMissed, transform.PartPending, transform.PartAnomalies, transform.PartOffered}, Description: "scope=kpi 时：指标的哪一部分"},
		{Name: "look", Values: texts(kpi.LookIDs), Description: "scope=look 时：哪个问题"},
		afterParameter("after"), limitParameter("50"),
	}...)
}

func texts[K ~string](keys []K) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = string(k)
	}
	return out
}

func dataOperations() []operation {
	quality := read("数据", "quality", "/quality", "数据质量", qualityAnswer{}, about()...).with(qualityTable())
	document := read("数据", "openapi", "/openapi.json", "本文档（OpenAPI 3.1）", map[string]any{})
	events := operation{Operation: openapi.Operation{
		Method: http.MethodPost, Path: apiRoot + "/events", ID: "sendEvents", Tag: "数据", Summary: "接入事件",
		Description: "一个事件、一个数组，或一行一个事件；可用 gzip。事件的格式见 docs/event.schema.json，说明见 docs/intake.md。",
		Body:        []map[string]any{}, Bodies: map[string]string{"application/x-ndjson": "一行一个事件"},
		Status: http.StatusAccepted, Answer: acceptedAnswer{}, Token: true,
		Errors: []int{http.StatusUnauthorized, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType},
	}}
	return []operation{read("数据", "freshness", "/freshness", "数据新鲜度", kpi.Freshness{}), quality, document, events}
}

// acceptedAnswer is what POST /api/v1/events says.
type acceptedAnswer struct {
	Accepted int `json:"accepted"`
}
