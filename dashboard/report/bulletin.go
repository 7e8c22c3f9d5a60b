package report

import (
	"cmp"
	"slices"
	"strconv"

	"wenguo/dashboard/sheet"
	"wenguo/transform/issue"
	"wenguo/transform/kpi"
)

// headline are the figures that a bulletin begins with.
var headline = []string{"response_on_time", "resolve_on_time", "completion", "handling_time", "reopen", "repeat", "escalation", "bounce"} //nolint:gochecknoglobals // a constant list

// bulletin tells the departments how the period went.
func (w work) bulletin(d *Document) error {
	if err := w.told(d); err != nil {
		return err
	}
	restated, err := w.restated("五、")
	if err != nil {
		return err
	}
	d.Blocks = append(d.Blocks, restated...)
	return nil
}

// told are the four parts of a bulletin.
func (w work) told(d *Document) error {
	for _, part := range []func(string) ([]Block, error){w.basics, w.calls, w.topics, w.improvements} {
		blocks, err := part([]string{"一、", "二、", "三、", "四、"}[len(d.parts())])
		if err != nil {
			return err
		}
		d.Blocks = append(d.Blocks, blocks...)
	}
	return nil
}

// parts are the headings so far.
func (d *Document) parts() []string {
	var out []string
	for _, b := range d.Blocks {
		if b.Heading != "" {
			out = append(out, b.Heading)
		}
	}
	return out
}

// basics: how many came, went and stay, and whether the promises were kept.
func (w work) basics(number string) ([]Block, error) {
	strip, err := w.Reader.Strip(w.ctx, w.q)
	if err != nil {
		return nil, err
	}
	facts, err := w.strip()
	if err != nil {
		return nil, err
	}
	before, err := w.Reader.Strip(w.ctx, w.q.In(w.q.Period().Previous(w.Zone)))
	if err != nil {
		return nil, err
	}
	chart, err := w.flowChart()
	if err != nil {
		return nil, err
	}
	table, err := w.figures(headline, false)
	if err != nil {
		return nil, err
	}
	said := w.o.Period.Label() + "共登记投诉 " + grouped(strip.Registered) + " 件" + changed(strip.Registered, before.Registered) +
		"，办结 " + grouped(strip.Resolved) + " 次，期末在办 " + grouped(strip.Closing) + " 件。"
	breakdown, err := w.breakdown(kpi.Category)
	if err != nil {
		return nil, err
	}
	breakdown[0].Heading = ""
	return append([]Block{
		{Heading: number + "基本情况", Text: []string{said}, Facts: facts, Chart: chart, Notes: []string{stripNote}},
		{Minor: "承诺与质量", Table: table, Notes: []string{figuresNote}},
	}, breakdown...), nil
}

// changed compares two counts in words; without an earlier one it says nothing.
func changed(now, before int64) string {
	switch {
	case before == 0:
		return ""
	case now == before:
		return "，与上期持平"
	case now > before:
		return "，比上期增加 " + grouped(now-before) + " 件（" + percent(float64(now-before)/float64(before)) + "%）"
	}
	return "，比上期减少 " + grouped(before-now) + " 件（" + percent(float64(before-now)/float64(before)) + "%）"
}

// flowChart is what came, went and stayed, by day or by week.
func (w work) flowChart() (*Chart, error) {
	step, unit := kpi.Day, "件，按日"
	if w.o.Period.Quarter() {
		step, unit = kpi.Week, "件，按周"
	}
	points, err := w.Reader.Flow(w.ctx, w.q, step)
	if err != nil {
		return nil, err
	}
	c := &Chart{Title: "登记、办结与在办", Unit: unit, Lines: []Line{{Name: "登记"}, {Name: "办结"}, {Name: "在办"}}}
	for _, p := range points {
		c.Labels = append(c.Labels, p.Start.In(w.Zone).Format("01-02"))
		for i, n := range []int64{p.Registered, p.Resolved, p.Closing} {
			c.Lines[i].Values = append(c.Lines[i].Values, new(float64(n)))
		}
	}
	return c, nil
}

// mostLow is how many low scores a paper lists.
const mostLow = 15

// calls: what customers said when they were asked.
func (w work) calls(number string) ([]Block, error) {
	r, err := w.Reader.KPIs(w.ctx, w.q, "satisfaction", "dissatisfied_redo", "survey_on_time", "verified_ok")
	if err != nil {
		return nil, err
	}
	low, err := w.Reader.LowScores(w.ctx, w.q, mostLow)
	if err != nil {
		return nil, err
	}
	by, err := w.Reader.KPIsBy(w.ctx, w.q, kpi.Channel, "satisfaction")
	if err != nil {
		return nil, err
	}
	s := r.KPIs["satisfaction"]
	mean := dash
	if s.Mean != nil {
		mean = strconv.FormatFloat(*s.Mean, 'f', 2, 64) + " 分"
	}
	bounds := Fact{Name: "没有答复的人可能改变的范围", Value: dash}
	if b := s.More["non_response"]; b.Interval != nil {
		bounds.Value = percent(b.Interval[0]) + "–" + percent(b.Interval[1]) + "%"
		bounds.Basis = "n=" + grouped(b.N) + "（发出的回访）"
	}
	facts := []Fact{
		w.fact("满意率（4–5 分）", "satisfaction", s),
		{Name: "平均分", Value: mean, Basis: "n=" + grouped(s.N)},
		w.fact("参评率", "satisfaction", s.More["participation"]), bounds,
		w.fact(name("dissatisfied_redo"), "dissatisfied_redo", r.KPIs["dissatisfied_redo"]),
		w.fact(name("survey_on_time"), "survey_on_time", r.KPIs["survey_on_time"]),
		w.fact(name("verified_ok"), "verified_ok", r.KPIs["verified_ok"]),
	}
	blocks := []Block{{Heading: number + "回访情况", Facts: facts, Notes: []string{"每件投诉只计最后一次有效评分，按评分时间归入统计期。"}}}
	blocks = append(blocks, Block{Minor: "按渠道", Table: w.voiceTable(by, s)})
	var rows [][]any
	for _, l := range low {
		what := plain(l.Title)
		if what == "" {
			what = plain(l.Excerpt)
		}
		rows = append(rows, []any{l.ComplaintID + "\n" + what, l.RatedAt, l.Score, w.Words.Value(kpi.Department, l.Department)})
	}
	redo := r.KPIs["dissatisfied_redo"]
	waiting := redo.Denominator - redo.Numerator
	notes := []string{"给过 1–3 分、其后没有重开的投诉共 " + grouped(waiting) + " 件。"}
	if waiting > int64(len(rows)) {
		notes = []string{"给过 1–3 分、其后没有重开的投诉共 " + grouped(waiting) + " 件，列出等得最久的 " + strconv.Itoa(len(rows)) + " 件。"}
	}
	return append(blocks, Block{Minor: "低分之后还没有再处置", Notes: notes, Table: &Table{
		Columns: []Column{text("投诉"), instant("评分时间"), count("评分（分）"), text("部门")}, Rows: rowsOf(rows), Empty: "没有",
	}}), nil
}

// voiceTable is satisfaction by channel.
func (w work) voiceTable(by map[string]map[string]kpi.Value, whole kpi.Value) *Table {
	columns := append([]Column{narrow("渠道"), count("发出回访（件）")}, share("参评率")...)
	t := &Table{Columns: append(columns, share("满意率")...), Whole: true, Empty: "统计期内没有回访"}
	row := func(name string, v kpi.Value) []any {
		cells := rateCells(v.More["participation"], v, kpi.Value{})
		return append([]any{name, v.More["participation"].Denominator}, cells[:8]...)
	}
	var rows [][]any
	for _, channel := range sortedBy(by, func(v map[string]kpi.Value) int64 { return v["satisfaction"].More["participation"].Denominator }) {
		if v := by[channel]["satisfaction"]; v.N > 0 || v.More["participation"].N > 0 {
			rows = append(rows, row(w.Words.Value(kpi.Channel, channel), v))
		}
	}
	t.Rows = rowsOf(rows)
	if len(rows) > 0 {
		t.Total = row("合计", whole)
	}
	return t
}

// mostTopics is how many issues a paper lists.
const mostTopics = 10

// topics: what keeps coming back.
func (w work) topics(number string) ([]Block, error) {
	list, err := w.Reader.Issues(w.ctx, w.q)
	if err != nil {
		return nil, err
	}
	var stands []issue.Summary
	for _, s := range list.Issues {
		if !s.Marks.Muted && s.Complaints > 0 {
			stands = append(stands, s)
		}
	}
	said := "统计期内没有发现反复出现的问题。"
	chart := &Chart{Title: "热点问题", Unit: "件"}
	var rows [][]any
	for i, s := range stands[:min(len(stands), mostTopics)] {
		chart.Bars = append(chart.Bars, Bar{Name: s.Name, Value: float64(s.Complaints), Text: grouped(s.Complaints)})
		var gap any
		if s.SatisfactionGap != nil {
			gap = *s.SatisfactionGap * 100
		}
		rows = append(rows, []any{
			i + 1, s.Name, w.Words.Issue(s.State), s.Complaints, s.Customers, s.Previous, s.Share, s.Satisfaction, s.Rated, gap,
			s.Open, w.Words.Value(kpi.Department, s.Department),
		})
	}
	if len(stands) == 0 {
		chart = nil
	} else if list.Registered > 0 {
		said = "统计期内登记的 " + grouped(list.Registered) + " 件投诉中，" + grouped(list.Inside) + " 件（" +
			percent(float64(list.Inside)/float64(list.Registered)) + "%）属于反复出现的问题，共 " + strconv.Itoa(len(stands)) + " 个；其余没有归入问题。下面按客户数列出前 " +
			strconv.Itoa(len(rows)) + " 个。"
	}
	n := count("评分 n（件）")
	n.Under = N
	table := &Table{Rows: rowsOf(rows), Empty: "没有", Whole: true, Columns: []Column{
		count("序"), text("问题"), narrow("状态"), count("件数（件）"), count("客户（人）"), count("上期（件）"),
		{Column: sheet.Column{Header: "占登记（%）", Kind: sheet.Share}},
		{Column: sheet.Column{Header: "满意率（%）", Kind: sheet.Share}},
		n,
		hours("与其余之差（百分点）"), count("未结（件）"), text("主要部门"),
	}}
	return []Block{{Heading: number + "热点问题", Text: []string{said}, Chart: chart, Table: table, Notes: []string{
		"问题由投诉正文自动归并，并经人工整理；名称是归并后的关键词或人工命名。满意率的 n 是有评分的件数。",
	}}}, nil
}

// sortedBy are the keys of a map, those with more first, then by name.
func sortedBy[V any](m map[string]V, size func(V) int64) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(size(m[b]), size(m[a])), cmp.Compare(a, b)) })
	return keys
}
