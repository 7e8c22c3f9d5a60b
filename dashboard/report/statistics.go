package report

import (
	"cmp"
	"slices"
	"strings"

	"wenguo/dashboard/sheet"
	"wenguo/transform/kpi"
)

// statistics is the monthly table: the account, the key figures, and what the complaints were about.
func (w work) statistics(d *Document) error {
	strip, err := w.strip()
	if err != nil {
		return err
	}
	figures, err := w.figures(kpi.IDs(), true)
	if err != nil {
		return err
	}
	breakdown, err := w.breakdown(kpi.Category, kpi.Channel, kpi.Priority, kpi.CauseGroup, kpi.Product, kpi.Region)
	if err != nil {
		return err
	}
	d.Blocks = append(d.Blocks, Block{Heading: "一、件数", Facts: strip, Notes: []string{stripNote}})
	d.Blocks = append(d.Blocks, Block{Heading: "二、指标", Table: figures, Notes: []string{figuresNote}})
	d.Blocks = append(d.Blocks, breakdown...)
	restated, err := w.restated("四、")
	if err != nil {
		return err
	}
	d.Blocks = append(d.Blocks, restated...)
	return nil
}

const (
	stripNote   = "期初 + 登记 + 重开 − 办结 − 撤诉/不成立 − 并单 = 期末。办结与重开按次计，其余按件计。"
	figuresNote = "“待定”是期限或观察期未到、尚未计入的件数。口径见产品内“指标”页与 docs/kpis.md。"
)

// strip is the reconciliation as figures with signs; "#" is none.
func (w work) strip() ([]Fact, error) {
	s, err := w.Reader.Strip(w.ctx, w.q)
	if err != nil {
		return nil, err
	}
	return []Fact{
		{Sign: "#", Name: "期初", Value: grouped(s.Opening)},
		{Sign: "+", Name: "登记", Value: grouped(s.Registered)},
		{Sign: "+", Name: "重开", Value: grouped(s.Reopened)},
		{Sign: "−", Name: "办结", Value: grouped(s.Resolved)},
		{Sign: "−", Name: "撤诉/不成立", Value: grouped(s.Withdrawn)},
		{Sign: "−", Name: "并单", Value: grouped(s.Merged)},
		{Sign: "=", Name: "期末", Value: grouped(s.Closing)},
	}, nil
}

// figures are key figures beside those of the period before and of the same period last year.
func (w work) figures(ids []string, all bool) (*Table, error) {
	now, err := w.Reader.KPIs(w.ctx, w.q, ids...)
	if err != nil {
		return nil, err
	}
	periods := []kpi.Period{w.q.Period().Previous(w.Zone), w.q.Period().LastYear(w.Zone)}
	fresh, err := w.Reader.Freshness(w.ctx)
	if err != nil {
		return nil, err
	}
	then := make([]map[string]kpi.Value, len(periods))
	for i, p := range periods {
		if fresh.FirstRegisteredAt.IsZero() || p.From.Before(dayOf(fresh.FirstRegisteredAt, w.Zone)) {
			continue // the store does not hold the whole of it
		}
		r, err := w.Reader.KPIs(w.ctx, w.q.In(p), ids...)
		if err != nil {
			return nil, err
		}
		then[i] = r.KPIs
	}
	number := func(header string) Column {
		return Column{Column: sheet.Column{Header: header, Kind: sheet.Number}}.in(InSheet)
	}
	shown := func(header string) Column {
		return Column{Column: sheet.Column{Header: header}, Narrow: true}.in(OnPaper)
	}
	t := &Table{Columns: []Column{
		narrow("指标"), shown("本期"), shown("n"), shown("95% 区间"), number("本期"), narrow("单位").in(InSheet), count("n（件）").in(InSheet),
		number("95% 区间下限"), number("95% 区间上限"), count("分子（件）").in(InSheet), count("分母（件）").in(InSheet), count("待定（件）"),
		text("目标"), text("判断"), shown("上期"), shown("去年同期"), number("上期"), count("上期 n（件）").in(InSheet), number("去年同期"), count("去年同期 n（件）").in(InSheet),
	}}
	for i, header := range []string{"上期", "去年同期"} {
		at := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Header == header && c.Place == OnPaper })
		if then[i] == nil && at >= 0 {
			t.Columns[at].Place = InSheet // the store does not hold it
		}
	}
	var rows [][]any
	for _, id := range ids {
		v, known := now.KPIs[id]
		if !known || !all && v.State == kpi.NoData {
			continue
		}
		rows = append(rows, w.figureRow(id, v, then))
	}
	t.Rows = rowsOf(rows)
	return t, nil
}

func (w work) figureRow(id string, v kpi.Value, then []map[string]kpi.Value) []any {
	e, _ := kpi.Lookup(id)
	interval, low, high := dash, any(nil), any(nil)
	if v.Interval != nil && v.N > 0 {
		interval = percent(v.Interval[0]) + "–" + percent(v.Interval[1]) + "%"
		low, high = scaled(e.Unit, &v.Interval[0]), scaled(e.Unit, &v.Interval[1])
	}
	n := grouped(v.N)
	if e.Unit == kpi.UnitCount {
		n = dash
	}
	judged := cmp.Or(w.Words.Standing(v.State), w.Words.Judge(id, v))
	numerator, denominator := any(nil), any(nil)
	if e.Unit == kpi.UnitRate {
		numerator, denominator = v.Numerator, v.Denominator
	}
	earlier := func(i int) (string, any, any) {
		was, known := then[i][id]
		if !known || was.Value == nil {
			return dash, nil, nil
		}
		return w.value(id, was), scaled(e.Unit, was.Value), was.N
	}
	before, beforeValue, beforeN := earlier(0)
	year, yearValue, yearN := earlier(1)
	return []any{
		e.Name, w.value(id, v), n, interval, scaled(e.Unit, v.Value), unitName(e.Unit), v.N, low, high, numerator, denominator, v.Pending,
		w.Words.Target(id), cmp.Or(judged, dash), before, year, beforeValue, beforeN, yearValue, yearN,
	}
}

// scaled is a value as a sheet holds it: percent, hours, or as it is.
func scaled(u kpi.Unit, v *float64) any {
	switch {
	case v == nil:
		return nil
	case u == kpi.UnitRate:
		return *v * 100
	case u == kpi.UnitDuration:
		return *v / 3600
	}
	return *v
}

func unitName(u kpi.Unit) string {
	return map[kpi.Unit]string{kpi.UnitRate: "%", kpi.UnitDuration: "小时", kpi.UnitCount: "件"}[u]
}

// breakdown is what the complaints registered in the period were about, by each dimension, with the period before.
func (w work) breakdown(by ...kpi.Dimension) ([]Block, error) {
	now, err := w.Reader.Choices(w.ctx, w.q)
	if err != nil {
		return nil, err
	}
	before, err := w.Reader.Choices(w.ctx, w.q.In(w.q.Period().Previous(w.Zone)))
	if err != nil {
		return nil, err
	}
	strip, err := w.Reader.Strip(w.ctx, w.q)
	if err != nil {
		return nil, err
	}
	names := map[kpi.Dimension]string{
		kpi.Category: "按类别（一级）", kpi.Channel: "按渠道", kpi.Priority: "按优先级", kpi.CauseGroup: "按原因分类", kpi.Product: "按产品", kpi.Region: "按地区",
	}
	var out []Block
	for i, d := range by {
		b := Block{Minor: names[d], Table: w.broken(d, now[d], before[d], strip.Registered)}
		if i == 0 {
			b.Heading = "三、登记件数的构成"
		}
		out = append(out, b)
	}
	return out, nil
}

// mostBroken is how many values a breakdown lists; the rest is one line.
const mostBroken = 15

func (w work) broken(d kpi.Dimension, now, before []kpi.Choice, total int64) *Table {
	counts, earlier := roots(d, now), roots(d, before)
	names := make([]string, 0, len(counts))
	for v := range counts {
		names = append(names, v)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b)) })
	rest := int64(0)
	restBefore := int64(0)
	for _, n := range before {
		restBefore += n.Count
	}
	allBefore := restBefore
	var rows [][]any
	row := func(name string, n, was int64) {
		var part any
		if total > 0 {
			part = float64(n) / float64(total)
		}
		rows = append(rows, []any{name, n, part, was, n - was})
	}
	for i, v := range names {
		if i >= mostBroken {
			rest += counts[v]
			continue
		}
		row(w.Words.Value(d, v), counts[v], earlier[v])
		restBefore -= earlier[v]
	}
	if rest > 0 || restBefore > 0 {
		row("其余", rest, restBefore)
	}
	t := &Table{Rows: rowsOf(rows), Empty: "统计期内没有登记的投诉", Whole: true, Columns: []Column{
		text("名称"), count("登记（件）"), {Column: sheet.Column{Header: "占比（%）", Kind: sheet.Share}}, count("上期（件）"), count("增减（件）"),
	}}
	if len(rows) > 0 {
		var whole any
		if total > 0 {
			whole = 1.0
		}
		t.Total = []any{"合计", total, whole, allBefore, total - allBefore}
	}
	return t
}

// roots sums categories by their first level; other dimensions are as they are.
func roots(d kpi.Dimension, choices []kpi.Choice) map[string]int64 {
	out := map[string]int64{}
	for _, c := range choices {
		v := c.Value
		if d == kpi.Category {
			v, _, _ = strings.Cut(v, "/")
		}
		out[v] += c.Count
	}
	return out
}
