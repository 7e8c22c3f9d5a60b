package dashboard

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"wenguo/transform"
	"wenguo/transform/kpi"
)

// card is one key figure with everything a reader needs to believe it.
type card struct {
	ID, Name string
	// Number and Unit are the value; Number is a dash where there is none.
	Number, Unit string
	// Tone colours the value: good, warn, bad or empty. It is empty below the minimum n.
	Tone string
	// Verdict compares with the target in words; State says in words why a value is not to be believed.
	Verdict, State, StateHint string
	// Basis is n and the interval, which Sample and Range hold apart; Side is a second figure such as the participation.
	Basis, Sample, Range, Side string
	// Deltas compare with the period before, the same period last year and the baseline, in this order.
	Deltas []delta
	Spark  spark
	Signal signalNote
	Facts  []fact
	// Formula, Edges and Target come from the catalogue.
	Formula, Target string
	// Edges are the rules of counting that a reader may wonder about.
	Edges []string
	// Beside are the figures that the catalogue puts beside the value, the quantiles and the mean left out.
	Beside []fact
	// Rules leads to them on the page of all figures.
	Rules string
	// Behind is the address of the complaints that the number counted, Parts those of its terms; empty where a figure does
	// not count complaints.
	Behind string
	Parts  []partLink

	// goal is the target as a value, nil without one.
	goal *float64
}

// Compared are the comparisons that there is something to compare with.
func (c card) Compared() []delta {
	return slices.DeleteFunc(slices.Clone(c.Deltas), func(d delta) bool { return d.None })
}

// fact is one line of a figure's explanation.
type fact struct{ Name, Value string }

// IDs of the figures that the overview asks for.
const (
	kpiResponse      = "response_on_time"
	kpiResolve       = "resolve_on_time"
	kpiSatisfaction  = "satisfaction"
	kpiRepeat        = "repeat"
	kpiFirstResponse = "first_response"
	kpiHandling      = "handling_time"
	kpiBacklog       = "backlog"
	kpiCompletion    = "completion"
)

// newCard writes a value as a card of the view, compared with what was before.
func newCard(v view, id string, value kpi.Value, b *before) card {
	d := define(id).against(b.baseline(id))
	c := card{ID: id, Name: d.Name, Formula: d.Formula, Edges: d.Edges, Target: d.targetText(), Number: dash, goal: d.Target}
	if value.Value != nil {
		c.Number, c.Unit = d.write(*value.Value)
	}
	c.Rules = v.To("/kpis") + "#kpi-" + id
	c.State, c.StateHint = stateWords[value.State], stateHints[value.State]
	c.Tone, c.Verdict = d.judge(value)
	c.Basis = basis(d, value)
	c.Sample, c.Range, _ = strings.Cut(c.Basis, " · 95% 区间 ")
	c.Deltas = b.deltas(d, value)
	c.Facts = facts(d, value)
	for _, x := range c.Deltas {
		if !x.None {
			c.Facts = append(c.Facts, fact{"较" + x.Name, strings.TrimSpace(x.Arrow + " " + x.Text)})
		}
	}
	c.Beside = besides(d, value)
	c.Behind, c.Parts = behind(v, id, transform.PartDenominator), parts(v, d, value)
	return c
}

// basis is n and the interval in one line.
func basis(d definition, v kpi.Value) string {
	if d.Unit == kpi.UnitCount {
		return ""
	}
	s := "n=" + grouped(v.N)
	if v.Interval != nil && v.N > 0 {
		s += " · 95% 区间 " + d.span(*v.Interval)
	}
	return s
}

// facts explain a value line by line.
func facts(d definition, v kpi.Value) []fact {
	var out []fact
	if d.Unit == kpi.UnitRate {
		out = append(out, fact{"分子 / 分母", grouped(v.Numerator) + " / " + grouped(v.Denominator)})
	}
	if d.Unit != kpi.UnitCount {
		out = append(out, fact{"样本 n", grouped(v.N) + "（少于 " + grouped(d.MinimumN) + " 不作判断）"})
	}
	if v.Interval != nil {
		out = append(out, fact{"95% 区间", d.span(*v.Interval)})
	}
	for _, q := range []struct {
		name  string
		value *float64
	}{{"P50", v.P50}, {"P90", v.P90}, {"P95", v.P95}, {"平均", v.Mean}} {
		if q.value != nil {
			number, unit := d.writeSide(*q.value)
			out = append(out, fact{q.name, number + " " + unit})
		}
	}
	if d.Unit != kpi.UnitCount {
		out = append(out, fact{"待定", pendingText(v.Pending)})
	}
	if v.Anomalies != nil {
		out = append(out, fact{"时间异常", grouped(v.Anomalies.Numerator) + " / " + grouped(v.Anomalies.Denominator) + "，不计入"})
	}
	out = append(out, fact{"目标", d.targetText()})
	if w := stateHints[v.State]; w != "" {
		out = append(out, fact{"状态", stateWords[v.State] + "：" + w})
	}
	return out
}

// besides are the figures beside a value under their names in the catalogue, without those that facts has.
func besides(d definition, v kpi.Value) []fact {
	var out []fact
	for _, f := range d.Entry.Beside {
		if more, ok := strings.CutPrefix(f.Key, "more."); ok {
			if text := besideText(d, more, v.More[more]); text != "" {
				out = append(out, fact{f.Name, text})
			}
		}
		if f.Key == "distribution" && len(v.Distribution) > 0 {
			days := slices.SortedFunc(maps.Keys(v.Distribution), func(a, b string) int {
				return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
			})
			for i, n := range days {
				days[i] = n + " 天 " + percent(v.Distribution[n]) + "%"
			}
			out = append(out, fact{f.Name, strings.Join(days, "，")})
		}
	}
	return out
}

// besideText writes a figure beside a value: the bounds by their ends, a duration by its quantiles, anything else as a
// share of its n.
func besideText(d definition, key string, v kpi.Value) string {
	switch {
	case v.Value == nil:
		return ""
	case key == "non_response" && v.Interval != nil:
		return percent(v.Interval[0]) + "–" + percent(v.Interval[1]) + "%，n=" + grouped(v.N)
	case v.P50 != nil && d.Unit == kpi.UnitDuration, key == "time":
		text := "中位 " + spanText(*v.Value)
		if v.P90 != nil {
			text += "，P90 " + spanText(*v.P90)
		}
		return text + "，n=" + grouped(v.N)
	}
	text := percent(*v.Value) + "%，n=" + grouped(v.N)
	if v.Mean != nil {
		text += "，平均 " + strconv.FormatFloat(*v.Mean, 'f', 2, 64) + " 分"
	}
	return text
}

func pendingText(n int64) string {
	if n == 0 {
		return "0"
	}
	return grouped(n) + "（还没有结果，未计入）"
}

// judge compares a value with its target. A difference within the interval is not called a miss.
func (d definition) judge(v kpi.Value) (tone, words string) {
	if v.State != kpi.OK || v.Value == nil || d.Target == nil {
		return "", ""
	}
	low, high := *v.Value, *v.Value
	if v.Interval != nil {
		low, high = v.Interval[0], v.Interval[1]
	}
	if d.LowerBetter {
		switch {
		case *v.Value <= *d.Target:
			return "good", "达标"
		case low <= *d.Target:
			return "warn", "略高于目标，尚在误差内"
		}
		return "bad", "高于目标"
	}
	switch {
	case *v.Value >= *d.Target:
		return "good", "达标"
	case high >= *d.Target:
		return "warn", "略低于目标，尚在误差内"
	}
	return "bad", "低于目标"
}
