package dashboard_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/issue"
	"wenguo/transform/kpi"
	"wenguo/transform/restate"
	"wenguo/transform/search"
	"wenguo/transform/sla"
)

var zone = time.FixedZone("Asia/Shanghai", 8*3600)

// sampleNow is the instant of every test: a Sunday morning.
func sampleNow() time.Time { return time.Date(2026, 11, 22, 10, 32, 8, 0, zone) }

// sample is a small store in memory; err, where set, is what the named question answers.
type sample struct {
	mu           sync.Mutex
	err          map[string]error
	asked        transform.ComplaintFilter
	queries      []kpi.Query
	title        string
	noData       bool
	unfolded     int64
	searchBehind int64
	// atLeast, and marks in rows, are what a search answers.
	atLeast bool
	// baseline is declared where it is not zero; calendarUntil ends the known holidays.
	baseline      [2]time.Time
	calendarUntil time.Time
	askedDue      transform.DueFilter
	// noRepeat leaves the repeat rate out, so that the overview shows the handling time.
	noRepeat bool
	// line, where set, are the values of every series, of 400 each.
	line []float64
	// detail, where set, is every complaint.
	detail *transform.ComplaintDetail
	// decided is what people decided, acted what of it is about improvement actions.
	decided []issue.Decision
	// published are the periods that were published.
	published []restate.Publication
	acted     []ingest.Stored
}

func (s *sample) fail(what string) error { return s.err[what] }

func rate(num, den, pending int64) kpi.Value {
	v := kpi.Value{Numerator: num, Denominator: den, N: den, Pending: pending, State: kpi.OK}
	if den == 0 {
		v.State = kpi.NoData
		return v
	}
	p := float64(num) / float64(den)
	half := 1.96 * math.Sqrt(p*(1-p)/float64(den))
	v.Value, v.Interval = &p, &[2]float64{max(p-half, 0), min(p+half, 1)}
	if den < 30 {
		v.State = kpi.Insufficient
	}
	return v
}

func (s *sample) Freshness(context.Context) (kpi.Freshness, error) {
	if s.noData {
		return kpi.Freshness{}, s.fail("freshness")
	}
	now := sampleNow()
	return kpi.Freshness{
		LastEventAt: now.Add(-7 * time.Second), LastArrivedAt: now.Add(-6 * time.Second), LastFactAt: now.Add(-6 * time.Second),
		FirstRegisteredAt: now.AddDate(-1, -1, 0), LastRegisteredAt: now, Events: 187342, Complaints: 21034, Rejects: 12, Unfolded: s.unfolded,
		CalendarValidUntil: s.calendarUntil,
	}, s.fail("freshness")
}

func (s *sample) IssuesNamed(_ context.Context, text string, _ int) ([]issue.Titled, error) {
	return []issue.Titled{{ID: "I-0001", Name: "验证码 收不到 <" + text + ">", Complaints: 42}}, s.fail("named")
}

func (s *sample) KnowsKey(_ context.Context, key string) (bool, error) {
	return key == sampleKey("order:DD20260001") || key == sampleKey("phone:8888888"), s.fail("keys")
}

func (s *sample) SearchBehind(context.Context) (int64, error) {
	return s.searchBehind, s.fail("behind")
}

// sampleKey hides a number as the rules of a folder do.
func sampleKey(identity string) string {
	sum := sha256.Sum256([]byte(identity))
	return hex.EncodeToString(sum[:12])
}

func (s *sample) Choices(context.Context, kpi.Query) (map[kpi.Dimension][]kpi.Choice, error) {
	return map[kpi.Dimension][]kpi.Choice{
		kpi.Category:   {{Value: "物流/延误", Count: 420}, {Value: "物流/丢件", Count: 120}, {Value: "支付/退款", Count: 388}, {Value: "技术支持/登录", Count: 210}, {Value: "", Count: 12}},
		kpi.Priority:   {{Value: "normal", Count: 1230}, {Value: "high", Count: 220}, {Value: "urgent", Count: 40}, {Value: "low", Count: 180}},
		kpi.Channel:    {{Value: "app", Count: 800}, {Value: "phone", Count: 420}, {Value: "wechat", Count: 260}, {Value: "pigeon", Count: 2}},
		kpi.Department: {{Value: "物流部", Count: 540}, {Value: "支付部", Count: 400}, {Value: "", Count: 21}},
		kpi.Product:    {{Value: "会员中心", Count: 300}, {Value: "商城", Count: 800}},
		kpi.Region:     {{Value: "长沙", Count: 200}, {Value: "上海", Count: 340}},
		kpi.Tier:       {{Value: "gold", Count: 100}, {Value: "normal", Count: 900}},
	}, s.fail("choices")
}

func (s *sample) KPIsOf(ctx context.Context, q kpi.Query, periods []kpi.Period, ids ...string) ([]kpi.Result, error) {
	results := make([]kpi.Result, len(periods))
	for i, p := range periods {
		var err error
		if results[i], err = s.KPIs(ctx, q.In(p), ids...); err != nil {
			return nil, err
		}
	}
	return results, nil
}

func (s *sample) KPIs(_ context.Context, q kpi.Query, _ ...string) (kpi.Result, error) {
	s.mu.Lock()
	s.queries = append(s.queries, q)
	s.mu.Unlock()
	f := int64(0)
	if q.To.Before(sampleNow()) {
		f = 9
	}
	handling := kpi.Value{
		Value: new(1.9 * 86400), N: 1422, State: kpi.OK, P50: new(1.9 * 86400), P90: new(6.3 * 86400), P95: new(9.1 * 86400), Mean: new(2.8 * 86400),
		Distribution: map[string]float64{"3": .684, "7": .921, "15": .978, "30": .996},
	}
	satisfaction := rate(401+2*f, 498, 822)
	part := rate(498, 1320, 0)
	satisfaction.More = map[string]kpi.Value{"participation": part}
	r := kpi.Result{KPIs: map[string]kpi.Value{
		"response_on_time": rate(1602-8*f, 1630, 4), "resolve_on_time": rate(1341+5*f, 1408, 188), "satisfaction": satisfaction,
		"handling_time": handling, "first_response": {Value: new(23.0 * 60), N: 1630, State: kpi.OK},
		"completion": func() kpi.Value { v := rate(1290, 1500, 160); v.State = kpi.Immature; return v }(),
		"backlog":    {Value: new(float64(264 + 3*f)), N: 264, State: kpi.OK},
	}}
	s.stages(r.KPIs, f)
	if s.noRepeat {
		delete(r.KPIs, "repeat")
	}
	return r, s.fail("kpis")
}

func (s *sample) Strip(context.Context, kpi.Query) (kpi.Strip, error) {
	if s.noData {
		return kpi.Strip{}, s.fail("strip")
	}
	return kpi.Strip{Opening: 231, Registered: 1682, Reopened: 38, Resolved: 1641, Withdrawn: 27, Merged: 19, Closing: 264}, s.fail("strip")
}

func steps(q kpi.Query) []time.Time {
	var out []time.Time
	for t := q.From; t.Before(q.To) && t.Before(q.AsOf); t = t.AddDate(0, 0, 1) {
		out = append(out, t)
	}
	return out
}

func (s *sample) Flow(_ context.Context, q kpi.Query, _ kpi.Step) ([]kpi.FlowPoint, error) {
	var out []kpi.FlowPoint
	open := int64(231)
	for i, t := range steps(q) {
		in := int64(58 + 16*math.Sin(float64(i)/2.3) + float64(i%5)*3)
		done := int64(55 + 14*math.Sin(float64(i)/2.3-.7) + float64(i%4)*3)
		if wd := t.Weekday(); wd == 0 || wd == 6 {
			in, done = in*6/10, done/3
		}
		out = append(out, kpi.FlowPoint{Start: t, Strip: kpi.Strip{Opening: open, Registered: in, Resolved: done, Closing: open + in - done}})
		open += in - done
	}
	return out, s.fail("flow")
}

func (s *sample) Series(_ context.Context, q kpi.Query, step kpi.Step, ids ...string) ([]kpi.Series, error) {
	var out []kpi.Series
	for k, id := range ids {
		one := kpi.Series{KPI: id, Step: step}
		for i, t := range steps(q) {
			v := .955 + .02*math.Sin(float64(i+3*k)/2)
			if id == "handling_time" {
				v = (1.6 + .7*math.Sin(float64(i)/3)) * 86400
			}
			p := kpi.Point{Start: t, Value: &v, N: 40, State: kpi.OK}
			if i%11 == 7 {
				p = kpi.Point{Start: t, State: kpi.NoData}
			}
			if s.line != nil {
				if i >= len(s.line) {
					break
				}
				p = kpi.Point{Start: t, Value: &s.line[i], N: 400, State: kpi.OK}
			}
			one.Points = append(one.Points, p)
		}
		out = append(out, one)
	}
	return out, s.fail("series")
}

func (s *sample) Departments(context.Context, kpi.Query) ([]kpi.DepartmentRow, error) {
	row := func(name string, n int64, good float64, over int64) kpi.DepartmentRow {
		return kpi.DepartmentRow{
			Department: name, Registered: n, Resolved: n - 12, Backlog: n / 6, Overdue: over, ResponseOnTime: rate(int64(float64(n)*.985), n, 1),
			ResolveOnTime: rate(int64(float64(n)*good), n, 4), Satisfaction: rate(n/5, n/4, 3), HandlingTime: kpi.Value{Value: new(2.1 * 86400 / good), N: n, State: kpi.OK},
		}
	}
	return []kpi.DepartmentRow{
		row("物流部", 540, .91, 14), row("支付部", 400, .985, 2), row("客服中心", 310, .962, 5), row("平台技术部", 240, .88, 21), row("法务部", 18, .83, 0), row("", 21, 1, 0),
	}, s.fail("departments")
}

func (s *sample) Heat(context.Context, kpi.Query) ([]kpi.HeatCell, error) {
	var out []kpi.HeatCell
	for d := 1; d <= 7; d++ {
		for h := range 24 {
			n := 22*math.Exp(-math.Pow(float64(h-10)/3, 2)) + 18*math.Exp(-math.Pow(float64(h-15)/2.6, 2)) + 8*math.Exp(-math.Pow(float64(h-21)/2, 2))
			if d > 5 {
				n *= .55
			}
			out = append(out, kpi.HeatCell{Weekday: d, Hour: h, Count: int64(n)})
		}
	}
	return out, s.fail("heat")
}

func (s *sample) Issues(_ context.Context, q kpi.Query) (issue.List, error) {
	names := []string{"会员中心验证码收不到", "退款到账超过承诺时间", "快递柜超时收费", "App 更新后闪退", "发票抬头无法修改", "优惠券下单后消失", "客服电话排队太久", "地址修改不生效", "预售不发货"}
	states := []issue.State{issue.Escalating, issue.Regressed, issue.New, issue.Ongoing, issue.Improved, issue.Ongoing, issue.Ongoing, issue.New, issue.Archived}
	if s.title != "" {
		names[0] = s.title
	}
	l := issue.List{Registered: 1682, Inside: 611, TrendStart: q.From, TrendDays: 1, DiscoveredAt: sampleNow().Add(-20 * time.Minute)}
	for i, n := range names {
		sum := issue.Summary{
			ID: fmt.Sprintf("I-%04d", i+1), Name: n, State: states[i], Keywords: []string{"验证码", "收不到", "短信", "登录", "会员"}, Complaints: int64(132 / (i + 1)), Customers: int64(120 / (i + 1)),
			Previous: int64(50 / (i + 1)), Open: 9, Share: .078 / float64(i+1), Total: int64(320 / (i + 1)), FirstSeen: sampleNow().AddDate(0, -4, -i), LastSeen: sampleNow().Add(-time.Hour),
			Rated: 60, Satisfaction: new(.62), SatisfactionGap: new(-.18 + .05*float64(i)), Department: "平台技术部",
		}
		for d := range 30 {
			sum.Trend = append(sum.Trend, int64(max(0, 3+5*math.Sin(float64(d*(i+2))/9)+float64(d)/float64(6+i))))
		}
		l.Issues = append(l.Issues, sum)
	}
	return l, s.fail("issues")
}

func (s *sample) Issue(ctx context.Context, id string, q kpi.Query) (issue.Detail, error) {
	l, _ := s.Issues(ctx, q)
	for _, sum := range l.Issues {
		if sum.ID != id {
			continue
		}
		return issue.Detail{
			Summary: sum, TrendStart: q.From, TrendDays: 1,
			Words: []issue.Keyword{{Word: "验证码", Weight: .31, Complaints: 120}, {Word: "收不到", Weight: .22, Complaints: 98}, {Word: "短信", Weight: .12, Complaints: 70}, {Word: "登录", Weight: .08, Complaints: 61}, {Word: "会员", Weight: .05, Complaints: 40}},
			Representatives: []issue.Representative{
				{ComplaintID: "C-2026-000123", RegisteredAt: sampleNow().AddDate(0, 0, -2), Title: "验证码一直收不到", Text: "从昨天晚上开始登录会员中心，点了十几次获取验证码都没有短信，换了手机 <手机号> 也不行，活动今天就截止了，麻烦尽快处理。"},
				{ComplaintID: "C-2026-000140", RegisteredAt: sampleNow().AddDate(0, 0, -1), Title: "登不进去", Text: s.title + "等了半小时验证码还是没来，客服说是运营商的问题，可是别的App都正常收到。"},
				{ComplaintID: "C-2026-000151", RegisteredAt: sampleNow().AddDate(0, 0, -1), Title: "会员登录验证码延迟", Text: "验证码到了已经过期了，反复几次都这样。"},
			},
			MergedFrom: []string{"I-0090"}, SplitInto: []string{"I-0002"},
			Changes: []issue.Change{
				{At: sampleNow().AddDate(0, 0, -9), Kind: issue.Taken, From: "I-0090", Into: id, Name: "短信收不到", Complaints: 12},
				{At: sampleNow().AddDate(0, 0, -8), Kind: issue.Parted, From: id, Into: "I-0002", IntoName: "退款到账超过承诺时间", Name: sum.Name, Complaints: 7},
			},
			Where: []issue.Where{
				{Dimension: "department", Counts: []issue.Count{{Value: "平台技术部", Complaints: 90}, {Value: "客服中心", Complaints: 30}, {Value: "", Complaints: 12}}},
				{Dimension: "product", Counts: []issue.Count{{Value: "会员中心", Complaints: 110}, {Value: "商城", Complaints: 22}}},
				{Dimension: "region", Counts: []issue.Count{{Value: "上海", Complaints: 60}, {Value: "长沙", Complaints: 40}, {Value: "成都", Complaints: 20}}},
			},
		}, s.fail("issue")
	}
	return issue.Detail{}, transform.ErrNotFound
}

func (s *sample) IssueLineage(ctx context.Context, id string) (issue.Lineage, error) {
	d, err := s.Issue(ctx, id, kpi.Query{})
	return issue.Lineage{ID: id, Standing: true, MergedFrom: d.MergedFrom, SplitFrom: []string{}, SplitInto: d.SplitInto, Changes: d.Changes}, err
}

func (s *sample) IssueMembers(ctx context.Context, id string, q kpi.Query, after transform.Cursor, limit int) ([]issue.Member, bool, error) {
	d, err := s.Issue(ctx, id, q)
	members := []issue.Member{}
	for _, r := range slices.Backward(d.Representatives) {
		members = append(members, issue.Member{Representative: r, Words: []issue.SharedWord{{Word: "验证码", Weight: .31}}, Shared: .68})
		if r.ComplaintID == after.ComplaintID {
			members = nil
		}
	}
	return members[:min(limit, len(members))], limit < len(members), err
}

func (s *sample) Why(_ context.Context, complaint string, _ time.Time) (issue.Reason, error) {
	if complaint != "C-2026-000123" {
		return issue.Reason{}, transform.ErrNotFound
	}
	return issue.Reason{
		ComplaintID: complaint, IssueID: "I-0001", IssueName: "会员中心验证码收不到",
		Words: []issue.SharedWord{{Word: "验证码", Weight: .31}, {Word: "收不到", Weight: .22}}, Shared: .68,
	}, s.fail("why")
}

func (s *sample) Complaints(_ context.Context, f transform.ComplaintFilter) (transform.ComplaintPage, error) {
	s.asked = f
	page := transform.ComplaintPage{Total: 1682, AtLeast: s.atLeast}
	states := []transform.State{transform.Open, transform.Resolved, transform.Open, transform.Withdrawn, transform.Merged}
	for i := range 14 {
		r := transform.ComplaintRow{
			ComplaintID: fmt.Sprintf("C-2026-%06d", 123+i), RegisteredAt: sampleNow().Add(-time.Duration(i*7) * time.Hour), Title: "验证码一直收不到，会员中心登录不了",
			Excerpt: "从昨天晚上开始登录会员中心，点了十几次获取验证码都没有短信，换了手机也不行，活动今天就截止了", Channel: "app", Category: "技术支持/登录", Priority: []string{"urgent", "normal", "high"}[i%3],
			Department: "平台技术部", State: states[i%5], Score: i % 6, Breached: i % 2, Reopened: i % 7 / 5,
		}
		if s.title != "" {
			r.Title = s.title
		}
		if f.Text != "" {
			r.TitleMarks, r.ExcerptMarks = []search.Span{{Start: 0, End: 3}}, []search.Span{{Start: 17, End: 20}}
		}
		if r.State == transform.Open {
			r.NextStage, r.NextDue = sla.Resolve, sampleNow().Add(time.Duration(5-i)*time.Hour)
			r.Paused = i%4 == 2
		}
		if i%3 == 0 {
			r.IssueID, r.IssueName = "I-0001", "会员中心验证码收不到"
		}
		page.Rows = append(page.Rows, r)
	}
	page.Next = transform.Cursor{RegisteredAt: sampleNow().AddDate(0, 0, -4), ComplaintID: "C-2026-000136"}
	if s.noData {
		page = transform.ComplaintPage{}
	}
	return page, s.fail("complaints")
}

func (s *sample) Complaint(_ context.Context, id string, asOf time.Time) (transform.ComplaintDetail, error) {
	if s.detail != nil {
		return *s.detail, nil
	}
	if id != "C-2026-000123" {
		return transform.ComplaintDetail{}, transform.ErrNotFound
	}
	start := time.Date(2026, 11, 19, 17, 12, 0, 0, zone)
	at := func(h float64) time.Time { return start.Add(time.Duration(h * float64(time.Hour))) }
	title := "验证码一直收不到，会员中心登录不了"
	if s.title != "" {
		title = s.title
	}
	fact := transform.Complaint{
		ID: id, RegisteredAt: start, Channel: "phone", Category: "技术支持/登录", Priority: "high", Product: "会员中心", Region: "长沙", Tier: "gold", Department: "平台技术部", Owner: "t07",
		Level: 2, CustomerName: "李**", Title: title, Content: "从昨天晚上开始登录会员中心，点了十几次获取验证码都没有短信。\n换了手机 <手机号> 也不行，活动今天就截止了。", Expectation: "尽快恢复，并延长活动时间",
		State: transform.Open, Rounds: []transform.Round{{Number: 1}}, Response: transform.Response{Replied: true, Took: 42 * time.Minute},
		Pauses:   []transform.Pause{{StartedAt: at(20), EndedAt: at(26)}},
		Timeline: []transform.Step{{EventID: "e9", Ignored: true}},
	}
	pauses := []sla.Interval{{From: at(20), To: at(26)}}
	working := sla.Working(sla.Week{Name: "working-hours", Zone: zone, Days: []time.Weekday{1, 2, 3, 4, 5}, Hours: []sla.Hours{{From: 540, To: 720}, {From: 810, To: 1080}}})
	natural := sla.Natural("natural-days")
	run := func(stage sla.Stage, cal *sla.Calendar, target time.Duration, from, finish float64) transform.ClockReading {
		r := sla.Run{Target: sla.Target{Stage: stage, Calendar: cal, Duration: target, WarnAfter: target * 3 / 4, Pauses: stage != sla.Acknowledge, Rule: sla.RuleDefault}, Round: 1, Started: at(from), Pauses: pauses}
		if finish > 0 {
			r.Finish = at(finish)
		}
		return fact.ReadClock(r.Clock(), cal, asOf)
	}
	clocks := []transform.ClockReading{
		run(sla.Acknowledge, natural, time.Hour, 0, .7), run(sla.Dispatch, natural, 10*time.Minute, 0, .5), run(sla.Confirm, working, time.Hour, .5, 17.2),
		run(sla.Plan, working, 7*time.Hour+30*time.Minute, 17.2, 0), run(sla.Resolve, natural, 72*time.Hour, 0, 0),
	}
	yes := true
	due := at(60)
	ev := func(n string, h float64, kind ingest.Kind, dept string, role ingest.Role, data any) ingest.Stored {
		return ingest.Stored{Event: ingest.Event{EventID: n, ComplaintID: id, Kind: kind, OccurredAt: at(h).UTC(), Actor: ingest.Actor{ID: "a1", Department: dept, Role: role}, Data: data}}
	}
	return transform.ComplaintDetail{
		Fact: fact, AsOf: asOf, Clocks: clocks, IssueID: "I-0001", IssueName: "会员中心验证码收不到",
		Events: []ingest.Stored{
			ev("e1", 0, ingest.KindRegistered, "客服中心", ingest.RoleAgent, &ingest.Registered{Channel: "phone", Category: "技术支持/登录", Priority: "high"}),
			ev("e2", .5, ingest.KindDispatched, "客服中心", ingest.RoleAgent, &ingest.Assigned{Department: "平台技术部"}),
			ev("e3", .7, ingest.KindAcknowledged, "客服中心", ingest.RoleAgent, &ingest.Acknowledged{Channel: "phone"}),
			ev("e4", 17.2, ingest.KindConfirmed, "平台技术部", ingest.RoleDepartment, &ingest.Assigned{Department: "平台技术部", Owner: "t07"}),
			ev("e5", 18, ingest.KindInvestigated, "平台技术部", ingest.RoleDepartment, &ingest.Investigated{Valid: &yes, CauseGroup: "supplier", Cause: "短信通道供应商限流，夜间切换失败。", Level: 2}),
			ev("e6", 20, ingest.KindPaused, "平台技术部", ingest.RoleDepartment, &ingest.Reasoned{Reason: "supplier"}),
			ev("e7", 26, ingest.KindResumed, "平台技术部", ingest.RoleDepartment, &ingest.Reasoned{Reason: "supplier"}),
			ev("e8", 27, ingest.KindPlanProposed, "平台技术部", ingest.RoleDepartment, &ingest.Plan{Measures: "切换备用通道，补发活动资格。", DueAt: &due, Compensation: "20 元券"}),
			ev("e9", 27.5, ingest.KindResumed, "平台技术部", ingest.RoleDepartment, &ingest.Reasoned{Reason: "supplier"}),
			ev("e10", 30, ingest.KindEscalated, "客服中心", ingest.RoleAgent, &ingest.Escalated{Level: 2, Reason: title}),
		},
		Duplicates: []transform.Duplicate{{ComplaintID: "C-2026-000140", RegisteredAt: at(3), Channel: "app", Title: "登不进去会员中心", Similarity: .86}},
	}, s.fail("complaint")
}
