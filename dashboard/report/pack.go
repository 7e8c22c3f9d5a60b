package report

import (
	"slices"

	"wenguo/transform/kpi"
)

// lineKPIs have a chart of the last months in the pack.
var lineKPIs = []string{"response_on_time", "resolve_on_time", "satisfaction", "repeat"} //nolint:gochecknoglobals // a constant list

// packMonths is how many months the charts of the pack show, the period's last one included.
const packMonths = 12

// pack is what a meeting needs: what to decide first, then what it rests on.
func (w work) pack(d *Document) error {
	d.Title = "投诉改进委员会月度会议材料"
	if w.o.Period.Quarter() {
		d.Title = "投诉改进委员会季度会议材料"
	}
	d.Blocks = append(d.Blocks, Block{Minor: "议程", Text: []string{
		"1. 上期整改是否有效（第四部分）；2. 什么问题又回来了（第三部分）；3. 哪些承诺没有做到、在哪个部门（第一、五部分）；4. 本期由谁、在何时之前、改进什么。",
	}})
	if err := w.told(d); err != nil {
		return err
	}
	table, err := w.departmentTable()
	if err != nil {
		return err
	}
	d.Blocks = append(d.Blocks, Block{Heading: "五、各部门", Table: table, Notes: []string{"比率的合计由全部投诉算出，不是各行的平均。"}})
	trends, err := w.trends()
	if err != nil {
		return err
	}
	d.Blocks = append(d.Blocks, trends...)
	looks, err := w.looks()
	if err != nil {
		return err
	}
	d.Blocks = append(d.Blocks, looks...)
	restated, err := w.restated("八、")
	if err != nil {
		return err
	}
	d.Blocks = append(d.Blocks, restated...)
	for i := range d.Blocks {
		if h := d.Blocks[i].Heading; slices.ContainsFunc([]string{"三、", "六、"}, func(s string) bool { return len(h) >= len(s) && h[:len(s)] == s }) {
			d.Blocks[i].NewPage = true
		}
	}
	return nil
}

// trends are the figures month by month.
func (w work) trends() ([]Block, error) {
	q := w.q
	q.From = w.q.To.AddDate(0, -packMonths, 0)
	series, err := w.Reader.Series(w.ctx, q, kpi.Month, lineKPIs...)
	if err != nil {
		return nil, err
	}
	var out []Block
	for i, s := range series {
		c := &Chart{Title: name(s.KPI), Unit: "%，按月", Cut: true, Lines: []Line{{Name: name(s.KPI)}}}
		for _, p := range s.Points {
			c.Labels = append(c.Labels, p.Start.In(w.Zone).Format("06-01"))
			var v *float64
			if p.Value != nil {
				v = new(*p.Value * 100)
			}
			c.Lines[0].Values = append(c.Lines[0].Values, v)
		}
		b := Block{Chart: c}
		if i == 0 {
			b.Heading = "六、近 12 个月的走势"
		}
		out = append(out, b)
	}
	if len(out) > 0 {
		out = append(out, Block{Table: w.trendTable(series), Notes: []string{"每月按截至时刻计；最近一两个月的复诉与重开观察期未满，会继续变化。"}})
	}
	return out, nil
}

// trendTable holds the numbers of the charts, with n.
func (w work) trendTable(series []kpi.Series) *Table {
	t := &Table{Name: "走势数据", Columns: []Column{narrow("月份")}}
	for _, s := range series {
		t.Columns = append(t.Columns, share(name(s.KPI))...)
	}
	var rows [][]any
	for i := range series[0].Points {
		row := []any{series[0].Points[i].Start.In(w.Zone).Format("2006-01")}
		for _, s := range series {
			p := s.Points[i]
			var low, high any
			if p.Interval != nil && p.N > 0 {
				low, high = p.Interval[0], p.Interval[1]
			}
			row = append(row, p.Value, low, high, p.N)
		}
		rows = append(rows, row)
	}
	t.Rows = rowsOf(rows)
	return t
}

// looks are what is worth a second glance, as questions.
func (w work) looks() ([]Block, error) {
	if w.Looks == nil {
		return nil, nil
	}
	lines, err := w.Looks(w.ctx, w.q)
	if err != nil {
		return nil, err
	}
	var rows [][]any
	for _, l := range lines {
		rows = append(rows, []any{l.Title, l.Question, l.Found, l.Expected})
	}
	return []Block{{
		Heading: "七、值得再看一眼", Text: []string{"下面是值得问一句的地方，不是结论：数字高于通常并不说明有人做错了什么，请先看案例再下判断。"},
		Table: &Table{Rows: rowsOf(rows), Empty: "没有", Columns: []Column{text("看什么"), text("问题"), text("看到的"), text("通常会有的")}},
	}}, nil
}
