package report

import (
	"cmp"
	"slices"
	"time"

	"wenguo/transform/kpi"
)

// tallied are the figures of the tables of departments and agents.
var tallied = []string{"throughput", "backlog", "response_on_time", "resolve_on_time", "satisfaction", "handling_time", "reopen", "bounce"} //nolint:gochecknoglobals // a constant list

// departments is a row for each department.
func (w work) departments(d *Document) error {
	table, err := w.departmentTable()
	if err != nil {
		return err
	}
	d.Landscape = true
	d.Blocks = []Block{{Table: table, Notes: []string{
		"部门按截至时刻的最后归属。件数各行相加等于合计；比率的合计由全部投诉算出，不是各行的平均。",
		"超期：期末在办、办结期限已过的件数。",
	}}}
	return nil
}

func tallyColumns(who string, overdue bool) []Column {
	columns := []Column{text(who), count("登记（件）"), count("办结（次）"), count("期末在办（件）")}
	if overdue {
		columns = append(columns, count("其中超期（件）"))
	}
	for _, name := range []string{"按时响应率", "按时办结率", "满意率"} {
		columns = append(columns, share(name)...)
	}
	n := count("处理时长 n（件）")
	n.Under = N
	return append(columns, hours("处理时长中位（小时）"), n)
}

func (w work) departmentTable() (*Table, error) {
	rows, err := w.Reader.Departments(w.ctx, w.q)
	if err != nil {
		return nil, err
	}
	whole, err := w.Reader.KPIs(w.ctx, w.q, tallied...)
	if err != nil {
		return nil, err
	}
	strip, err := w.Reader.Strip(w.ctx, w.q)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(rows, func(a, b kpi.DepartmentRow) int {
		return cmp.Or(cmp.Compare(b.Registered, a.Registered), cmp.Compare(a.Department, b.Department))
	})
	var out [][]any
	var overdue int64
	for _, r := range rows {
		overdue += r.Overdue
		out = append(out, append([]any{w.Words.Value(kpi.Department, r.Department), r.Registered, r.Resolved, r.Backlog, r.Overdue},
			rateCells(r.ResponseOnTime, r.ResolveOnTime, r.Satisfaction, r.HandlingTime)...))
	}
	k := whole.KPIs
	return &Table{
		Whole: true, Columns: tallyColumns("部门", true), Rows: rowsOf(out), Empty: "统计期内没有投诉",
		Total: append([]any{"合计", strip.Registered, strip.Resolved, strip.Closing, overdue},
			rateCells(k["response_on_time"], k["resolve_on_time"], k["satisfaction"], k["handling_time"])...),
	}, nil
}

// rateCells are rates with interval and n, and a duration at last.
func rateCells(values ...kpi.Value) []any {
	var out []any
	for _, v := range values[:len(values)-1] {
		var low, high any
		if v.Interval != nil && v.N > 0 {
			low, high = v.Interval[0], v.Interval[1]
		}
		out = append(out, v.Value, low, high, v.N)
	}
	last := values[len(values)-1]
	return append(out, scaled(kpi.UnitDuration, last.Value), last.N)
}

// agents is a row for each person who holds complaints.
func (w work) agents(d *Document) error {
	by, err := w.Reader.KPIsBy(w.ctx, w.q, kpi.Owner, tallied...)
	if err != nil {
		return err
	}
	choices, err := w.Reader.Choices(w.ctx, w.q)
	if err != nil {
		return err
	}
	whole, err := w.Reader.KPIs(w.ctx, w.q, tallied...)
	if err != nil {
		return err
	}
	strip, err := w.Reader.Strip(w.ctx, w.q)
	if err != nil {
		return err
	}
	registered := map[string]int64{}
	for _, c := range choices[kpi.Owner] {
		registered[c.Value] = c.Count
		if by[c.Value] == nil {
			by[c.Value] = map[string]kpi.Value{}
		}
	}
	var names []string
	for owner, v := range by {
		if registered[owner] > 0 || v["throughput"].N > 0 || v["backlog"].N > 0 {
			names = append(names, owner)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(registered[b], registered[a]), cmp.Compare(a, b)) })
	var out [][]any
	for _, owner := range names {
		v := by[owner]
		out = append(out, append([]any{w.Words.Value(kpi.Owner, owner), registered[owner], v["throughput"].N, v["backlog"].N},
			rateCells(v["response_on_time"], v["resolve_on_time"], v["satisfaction"], v["handling_time"])...))
	}
	k := whole.KPIs
	d.Landscape = true
	d.Blocks = []Block{{Table: &Table{
		Columns: tallyColumns("经办人", false), Rows: rowsOf(out), Empty: "统计期内没有投诉",
		Total: append([]any{"合计", strip.Registered, strip.Resolved, strip.Closing},
			rateCells(k["response_on_time"], k["resolve_on_time"], k["satisfaction"], k["handling_time"])...),
	}, Notes: []string{
		"经办人按截至时刻的最后归属，转派之后由接手人承担全部结果；同名者无法区分。",
		"n 少于 30 的比率受偶然影响大，请不要用来排名或考核。",
	}}}
	return nil
}

// dayOf is the midnight of an instant's day.
func dayOf(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, zone)
}
