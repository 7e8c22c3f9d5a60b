package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"wenguo/ingest"
	"wenguo/transform/improve"
	"wenguo/transform/kpi"
)

var actionStates = map[improve.State]string{ //nolint:gochecknoglobals // a constant table
	improve.Opened: "登记", improve.Cause: "原因", improve.Measure: "措施", improve.Verifying: "验证", improve.Closed: "关闭",
}

var verdicts = map[improve.Verdict]string{ //nolint:gochecknoglobals // a constant table
	improve.Effective: "有效", improve.NotEffective: "无效", improve.Unclear: "尚不明确",
}

// concerning are the actions that a period's papers tell of: opened before its end, and not closed before its beginning.
func (w work) concerning() ([]improve.Action, error) {
	if w.Actions == nil {
		return nil, nil
	}
	all, err := w.Actions(w.ctx, w.o.AsOf)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(slices.Clone(all), func(a improve.Action) bool {
		gone := a.State == improve.Closed && !a.ClosedAt.IsZero() && a.ClosedAt.Before(w.q.From)
		return gone || !a.OpenedAt.Before(w.q.To) || w.o.Action != "" && a.ID != w.o.Action
	})
	slices.SortFunc(all, func(a, b improve.Action) int {
		return cmp.Or(a.OpenedAt.Compare(b.OpenedAt), cmp.Compare(a.ID, b.ID))
	})
	return all, nil
}

// issueNames are the names of the issues that actions are against.
func (w work) issueNames() (map[string]string, error) {
	list, err := w.Reader.Issues(w.ctx, w.q)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, s := range list.Issues {
		names[s.ID] = s.Name
	}
	return names, nil
}

// standing says where an action is and whether it is late as of the document.
func (w work) standing(a improve.Action) string {
	s := cmp.Or(actionStates[a.State], string(a.State))
	if a.Overdue(w.o.AsOf) {
		s += "，已逾期"
	}
	if a.Reopened > 0 {
		s += "，重开 " + strconv.Itoa(a.Reopened) + " 次"
	}
	return s
}

// improvements: who does what by when, and what worked.
func (w work) improvements(number string) ([]Block, error) {
	actions, err := w.concerning()
	if err != nil {
		return nil, err
	}
	names, err := w.issueNames()
	if err != nil {
		return nil, err
	}
	r, err := w.Reader.KPIs(w.ctx, w.q, "rectification")
	if err != nil {
		return nil, err
	}
	v := r.KPIs["rectification"]
	facts := []Fact{
		{Name: "在案的整改", Value: strconv.Itoa(len(actions)) + " 项"},
		w.fact("整改按期完成率", "rectification", v), w.fact("验证有效率", "rectification", v.More["effective"]),
	}
	var rows [][]any
	for _, a := range actions {
		about := cmp.Or(plain(a.Title), names[a.Issue], a.Issue, "（未关联问题）")
		rows = append(rows, []any{
			about, cmp.Or(plain(a.Measure), "（尚未确定措施）"), w.Words.Value(kpi.Department, a.Department), a.Owner, a.DueAt, a.Done,
			w.standing(a), cmp.Or(verdicts[a.Verdict], dash),
		})
	}
	table := &Table{Rows: rowsOf(rows), Empty: "统计期内没有在案的整改", Whole: len(rows) < 8, Columns: []Column{
		text("针对的问题"), text("措施"), text("部门"), narrow("负责人"), day("期限"), day("完成"), text("状态"), narrow("验证"),
	}}
	return []Block{{Heading: number + "改进情况", Facts: facts, Table: table}}, nil
}

// capa is a page for each action.
func (w work) capa(d *Document) error {
	actions, err := w.concerning()
	if err != nil {
		return err
	}
	names, err := w.issueNames()
	if err != nil {
		return err
	}
	for i, a := range actions {
		blocks, err := w.capaOf(a, names)
		if err != nil {
			return err
		}
		blocks[0].NewPage = i > 0
		d.Blocks = append(d.Blocks, blocks...)
	}
	if len(actions) == 0 {
		d.Blocks = []Block{{Text: []string{"统计期内没有在案的整改。"}}}
	}
	return nil
}

func (w work) capaOf(a improve.Action, names map[string]string) ([]Block, error) {
	said := func(s string) string { return cmp.Or(plain(s), "（未填写）") }
	date := func(t time.Time) string {
		if t.IsZero() {
			return dash
		}
		return t.In(w.Zone).Format(time.DateOnly)
	}
	verified := dash
	if a.Verdict != "" {
		verified = verdicts[a.Verdict] + "（" + date(a.VerifiedAt) + "，" + cmp.Or(plain(a.VerifiedBy), "未署名") + "）"
		if a.VerifiedWhy != "" {
			verified += "\n" + plain(a.VerifiedWhy)
		}
	}
	whys := strings.Split(said(a.RootCause), "\n")
	if len(whys) > 1 {
		for i := range whys {
			whys[i] = strconv.Itoa(i+1) + ". " + whys[i]
		}
	}
	about := cmp.Or(plain(a.Title), names[a.Issue], a.Issue, "（未关联问题）")
	facts := []Fact{
		{Name: "编号", Value: a.ID},
		{Name: "状态", Value: w.standing(a)},
		{Name: "登记日期", Value: date(a.OpenedAt)},
		{Name: "期限", Value: date(a.DueAt)},
		{Name: "责任部门", Value: w.Words.Value(kpi.Department, a.Department)},
		{Name: "负责人", Value: said(a.Owner)},
		{Name: "原因分类", Value: w.Words.Value(kpi.CauseGroup, a.CauseGroup)},
		{Name: "完成日期", Value: date(a.Done)},
		{Name: "针对的问题", Value: about, Long: true},
		{Name: "根本原因（逐层追问）", Value: strings.Join(whys, "\n"), Long: true},
		{Name: "临时遏制措施", Value: said(a.Containment), Long: true},
		{Name: "纠正措施", Value: said(a.Measure), Long: true},
		{Name: "预防措施", Value: said(a.Prevention), Long: true},
		{Name: "预期效果", Value: said(a.ExpectedEffect), Long: true},
		{Name: "完成证据", Value: said(a.Evidence), Long: true},
		{Name: "效果验证", Value: verified, Long: true},
	}
	if a.Reopened > 0 {
		facts = append(facts, Fact{Name: "重开原因", Value: said(a.ReopenedWhy), Long: true})
	}
	blocks := []Block{{Minor: about, Facts: facts}}
	if a.Issue != "" {
		chart, err := w.issueChart(a)
		if err != nil {
			return nil, err
		}
		blocks = append(blocks, Block{Chart: chart})
	}
	var rows [][]any
	for _, s := range a.Steps {
		undone := ""
		if s.UndoneBy != "" {
			undone = "（已撤销）"
		}
		rows = append(rows, []any{s.At, cmp.Or(stepNames[s.Kind], string(s.Kind)) + undone, s.By, s.Department})
	}
	return append(blocks, Block{Minor: "经过", Table: &Table{Rows: rowsOf(rows), Empty: "没有记录", Columns: []Column{
		instant("时间"), text("步骤"), text("经办人"), text("部门"),
	}}}, Block{Facts: []Fact{{Name: "批准", Value: "　"}, {Name: "日期", Value: "　"}, {Name: "验证人", Value: "　"}, {Name: "日期", Value: "　"}}}), nil
}

var stepNames = map[ingest.Kind]string{ //nolint:gochecknoglobals // a constant table
	ingest.KindActionOpened: "登记", ingest.KindActionUpdated: "补充", ingest.KindActionDone: "完成", ingest.KindActionVerified: "验证",
	ingest.KindActionClosed: "关闭", ingest.KindActionReopened: "重开",
}

// issueChart is how many complaints of the action's issue were registered each week of the year before the end of the period.
func (w work) issueChart(a improve.Action) (*Chart, error) {
	q := w.q
	q.From, q.Slice = dayOf(w.q.To.AddDate(0, -6, 0), w.Zone), kpi.Slice{kpi.Issue: {a.Issue}}
	points, err := w.Reader.Flow(w.ctx, q, kpi.Week)
	if err != nil {
		return nil, err
	}
	c := &Chart{Title: "这个问题的投诉", Unit: "件，按周，近 6 个月", Lines: []Line{{Name: "登记"}}}
	for _, p := range points {
		label := p.Start.In(w.Zone).Format("01-02")
		c.Labels = append(c.Labels, label)
		c.Lines[0].Values = append(c.Lines[0].Values, new(float64(p.Registered)))
		if !a.Done.IsZero() && !a.Done.Before(p.Start) && a.Done.Before(p.Start.AddDate(0, 0, 7)) {
			c.Mark, c.MarkName = len(c.Labels)-1, "完成整改"
			c.Marked = true
		}
	}
	return c, nil
}
