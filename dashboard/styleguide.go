package dashboard

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"wenguo/transform/issue"
	"wenguo/transform/kpi"
	"wenguo/transform/sla"
)

// styleguidePage shows every component in every state. The values are made up, the templates and the functions that write
// the values are those of the pages.
type styleguidePage struct {
	frame

	Cards       []card
	Strips      []strip
	Issues      []issueRow
	Departments []departmentRow
	Flow        flowChart
	Heat        heatMap
	Clocks      []clockCard
	Timeline    []timelineDay
	// Headers are the states of the line that says how fresh the figures are.
	Headers  []frame
	Warnings []warning
	// Swatches are the names of the colours.
	Swatches []string
	// Empty is a page without complaints, and one whose filter leaves none.
	Empty []emptyExample
}

// emptyExample is what the empty state asks of a page.
type emptyExample struct {
	frame

	DataFrom, DataTo string
}

func (s *Server) styleguide(c *gin.Context) {
	f, err := s.begin(c, "设计样式", "/styleguide", anything...)
	if err != nil {
		s.fail(c, err)
		return
	}
	f.View.Slice = kpi.Slice{kpi.Channel: {"app", "phone"}, kpi.Department: {"物流部"}}
	f.Chips = chips(f.View)
	f.Menus = menus(f.View, map[kpi.Dimension][]kpi.Choice{
		kpi.Priority:   {{Value: "urgent", Count: 12}, {Value: "high", Count: 48}, {Value: "normal", Count: 312}, {Value: "low", Count: 60}},
		kpi.Channel:    {{Value: "app", Count: 210}, {Value: "phone", Count: 130}, {Value: "wechat", Count: 92}},
		kpi.Department: {{Value: "物流部", Count: 140}, {Value: "支付部", Count: 121}, {Value: "", Count: 9}},
	})
	v := f.View
	p := styleguidePage{
		frame: f, Cards: exampleCards(v), Issues: exampleIssues(v), Departments: departmentRows(v, exampleDepartments()),
		Strips: []strip{
			newStrip(v, kpi.Strip{Opening: 120, Registered: 432, Reopened: 9, Resolved: 401, Withdrawn: 11, Merged: 6, Closing: 143}),
			newStrip(v, kpi.Strip{Opening: 120, Registered: 432, Reopened: 9, Resolved: 401, Withdrawn: 11, Merged: 6, Closing: 140}),
		},
		Flow: exampleFlow(v), Heat: newHeatMap([]kpi.HeatCell{{Weekday: 1, Hour: 9, Count: 22}, {Weekday: 3, Hour: 14, Count: 9}, {Weekday: 6, Hour: 20, Count: 2}}),
		Clocks: exampleClocks(), Timeline: exampleTimeline(), Headers: exampleHeaders(f),
		Warnings: []warning{
			{Tone: "warn", Title: "样本不足", Text: "样本太少，数值仅供参考，不作判断。"},
			{Tone: "bad", Title: "节假日数据已过期", Text: "按工作时间计的时钟是推算的。"},
		},
		Swatches: []string{"accent", "accent-2", "slate", "good", "warn", "bad", "text", "muted", "line-strong", "sunken"},
	}
	none, filtered, outside := emptyExample{frame: f}, emptyExample{frame: f}, emptyExample{frame: f, DataFrom: "2026-01-01", DataTo: "2026-06-30"}
	none.Fresh.Complaints, filtered.Fresh.Complaints, outside.Fresh.Complaints = 0, 1, 1
	outside.View.Slice = nil
	p.Empty = []emptyExample{none, filtered, outside}
	s.render(c, http.StatusOK, "styleguide", p)
}

// exampleCards are a figure in each of its states.
func exampleCards(v view) []card {
	start := v.AsOf.AddDate(0, 0, -28)
	line := func(id string, values ...float64) kpi.Series {
		s := kpi.Series{KPI: id, Step: kpi.Day}
		for i := range 28 {
			value := values[i*len(values)/28] + float64(i*7%5-2)*.004
			s.Points = append(s.Points, kpi.Point{Start: start.AddDate(0, 0, i), Value: &value, N: 400, State: kpi.OK})
		}
		return s
	}
	past := func(value kpi.Value, id string) *before {
		return &before{list: []*earlier{
			{Name: namePrevious, Asked: true, Result: part[kpi.Result]{V: kpi.Result{KPIs: map[string]kpi.Value{id: value}}}},
			{Name: nameYear, Asked: true, Result: part[kpi.Result]{V: kpi.Result{KPIs: map[string]kpi.Value{id: {State: kpi.NoData}}}}},
		}}
	}
	var out []card
	for _, e := range []struct {
		id, side  string
		now, then kpi.Value
		line      kpi.Series
	}{
		{kpiResponse, "达标，比上期好", kpi.Rate(1602, 1630, 4, 30, false), kpi.Rate(1500, 1630, 0, 30, false), line(kpiResponse, .97)},
		{kpiResolve, "低于目标，比上期差", kpi.Rate(1241, 1408, 8, 30, false), kpi.Rate(1370, 1408, 0, 30, false), line(kpiResolve, .97, .97, .86)},
		{"survey_on_time", "略低于目标，在误差之内", kpi.Rate(484, 498, 0, 30, false), kpi.Rate(480, 498, 0, 30, false), line("survey_on_time", .96)},
		{kpiRepeat, "样本不足，不作判断", kpi.Rate(1, 12, 0, 30, false), kpi.Rate(2, 60, 0, 30, false), line(kpiRepeat, .06, .03)},
		{"reopen", "没有数据", kpi.Value{State: kpi.NoData}, kpi.Value{State: kpi.NoData}, kpi.Series{}},
	} {
		c, d := newCard(v, e.id, e.now, past(e.then, e.id)), define(e.id)
		if len(e.line.Points) > 0 {
			c.Spark, c.Signal = withSignals(d, newSpark(seriesValues(e.line.Points), c.goal, false), e.line, v.AsOf)
		}
		c.Side = e.side
		out = append(out, c)
	}
	return out
}

// exampleIssues are an issue in each state.
func exampleIssues(v view) []issueRow {
	names := []string{"快递柜超时收费", "会员中心验证码收不到", "App 更新后闪退", "客服电话排队太久", "发票抬头无法修改", "预售不发货"}
	var out []issueRow
	for i, state := range issueStates {
		trend := make([]int64, 14)
		for k := range trend {
			trend[k] = int64((k*(i+2) + i*3) % 9)
		}
		out = append(out, newIssueRow(v, issue.List{TrendDays: 2}, i, issue.Summary{
			ID: "example", Name: names[i], State: state, Keywords: []string{"超时", "收费", "快递柜"}, Complaints: int64(96 / (i + 1)),
			Customers: int64(90 / (i + 1)), Previous: int64(40 / (6 - i)), Trend: trend, FirstSeen: v.AsOf.AddDate(0, -2, 0), LastSeen: v.AsOf,
		}))
	}
	return out
}

func exampleDepartments() []kpi.DepartmentRow {
	row := func(name string, n, good, overdue int64) kpi.DepartmentRow {
		took := float64(n) * 400
		return kpi.DepartmentRow{
			Department: name, Registered: n, Resolved: good, Backlog: n / 9, Overdue: overdue, ResponseOnTime: kpi.Rate(n, n, 0, 30, false),
			ResolveOnTime: kpi.Rate(good, n, 0, 30, false), Satisfaction: kpi.Rate(n/5, n/4, 0, 30, false), HandlingTime: kpi.Value{Value: &took, N: n, State: kpi.OK},
		}
	}
	return []kpi.DepartmentRow{row("支付部", 400, 396, 0), row("物流部", 540, 480, 14), row("法务部", 12, 11, 0), row("", 9, 9, 0)}
}

func exampleFlow(v view) flowChart {
	var points []kpi.FlowPoint
	open := int64(40)
	for i := range 14 {
		in, done := int64(30+i*5%17), int64(28+i*7%15)
		points = append(points, kpi.FlowPoint{Start: v.AsOf.AddDate(0, 0, i-14), Strip: kpi.Strip{Opening: open, Registered: in, Resolved: done, Closing: open + in - done}})
		open += in - done
	}
	return newFlowChart(points, kpi.Day)
}

// exampleClocks are a promise in each state.
func exampleClocks() []clockCard {
	ribbon := func(parts ...ribbonPart) []ribbonPart { return parts }
	clock := func(name, tone, headline string, state sla.State, due, end string, parts []ribbonPart) clockCard {
		return clockCard{
			Name: name, State: state, StateName: clockStateNames[state], Tone: tone, Headline: headline, Started: "11-19 17:12", Due: "11-20 10:00",
			Target: "1 小时", Calendar: "工作时间", Ribbon: parts, DueAt: due, EndAt: end, Label: name + "，" + headline,
		}
	}
	return []clockCard{
		clock("受理", "good", "用时 42 分钟", sla.Met, "100", "70", ribbon(ribbonPart{"counting", "0", "70", "计时"}, ribbonPart{"counting-left", "70", "30", "还没用到"})),
		clock("派单", "bad", "超时 20 分钟后完成", sla.Breached, "60", "100", ribbon(ribbonPart{"counting", "0", "60", "计时"}, ribbonPart{"over", "60", "40", "超时"})),
		clock("方案", "wait", "挂起", sla.Paused, "90", "50", ribbon(ribbonPart{"counting", "0", "20", "计时"}, ribbonPart{"off_hours", "20", "15", "非工作时间"}, ribbonPart{"paused", "35", "15", "挂起"}, ribbonPart{"counting-left", "50", "40", "还没用到"})),
		clock("办结", "warn", "剩 2.7 小时", sla.Running, "100", "90", ribbon(ribbonPart{"counting", "0", "90", "计时"}, ribbonPart{"counting-left", "90", "10", "还没用到"})),
	}
}

func exampleTimeline() []timelineDay {
	return []timelineDay{{Day: "2026 年 11 月 19 日 周四", Entries: []timelineEntry{
		{Time: "17:12", Name: "登记", Who: "客服中心", Tone: "start", Details: []fact{{"渠道", "电话"}, {"类别", "技术支持/登录"}}},
		{Time: "17:40", Name: "挂起", Who: "平台技术部", Tone: "wait", Details: []fact{{"原因", "等供应商"}}},
		{Time: "18:02", Name: "升级", Who: "客服中心", Tone: "bad", Text: "客户要求当天答复。"},
		{Time: "18:30", Name: "办结", Who: "平台技术部", Tone: "good"},
		{Time: "18:31", Name: "恢复", Who: "平台技术部", Ignored: true},
	}}}
}

// exampleHeaders are the freshness of figures in each of its states.
func exampleHeaders(f frame) []frame {
	now := f.View.AsOf
	fresh := kpi.Freshness{Events: 9000, Complaints: 1200, LastEventAt: now.Add(-7 * time.Second), LastArrivedAt: now, LastFactAt: now}
	late := fresh
	late.Unfolded, late.LastFactAt = 5400, now.Add(-5*time.Minute)
	out := make([]frame, 4)
	for i, k := range []kpi.Freshness{fresh, late, {}, fresh} {
		out[i] = f
		out[i].Fresh = freshnessOf(k, nil, f.View, now)
	}
	out[3].Fresh.Fixed = true
	return out
}
