package dashboard

import (
	"fmt"
	"math"

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
	// Basis is n and the interval; Side is a second figure such as the participation.
	Basis, Side string
	Delta       delta
	Spark       spark
	Facts       []fact
	Formula     string
	// Edges are the rules of counting that a reader may wonder about.
	Edges []string
	// Behind is the address of the complaints that the number counted.
	Behind string
}

// fact is one line of a figure's explanation.
type fact struct{ Name, Value string }

// delta compares with the period before.
type delta struct {
	// Arrow is ▲, ▼ or ＝; Text the change; Tone good or bad only when the intervals do not overlap.
	Arrow, Text, Tone, Hint string
}

// noBefore stands where the period before is not wholly in the store.
var noBefore = delta{Text: dash, Hint: "库中没有完整的上期数据，不作比较"} //nolint:gochecknoglobals // a constant

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

// newCard writes a value as a card; before is the value of the period before.
func newCard(id string, v, before kpi.Value) card {
	d := define(id)
	c := card{ID: id, Name: d.Name, Formula: d.Formula, Edges: d.Edges, Number: dash}
	if v.Value != nil {
		c.Number, c.Unit = d.write(*v.Value)
	}
	c.State, c.StateHint = stateWords[v.State], stateHints[v.State]
	c.Tone, c.Verdict = d.judge(v)
	c.Basis = basis(d, v)
	c.Delta = d.compare(v, before)
	c.Facts = facts(d, v)
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
		out = append(out, fact{"时间异常", grouped(v.Anomalies.Numerator) + " / " + grouped(v.Anomalies.Denominator) + "，未计入"})
	}
	out = append(out, fact{"目标", d.targetText()})
	if w := stateHints[v.State]; w != "" {
		out = append(out, fact{"状态", stateWords[v.State] + "：" + w})
	}
	return out
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

// compare writes the change since the period before; colour only where both may be believed and their intervals part.
func (d definition) compare(v, before kpi.Value) delta {
	if v.Value == nil || before.Value == nil {
		return delta{Text: "上期无可比数据"}
	}
	change := *v.Value - *before.Value
	number, unit := d.write(*before.Value)
	out := delta{Hint: "上期 " + number + " " + unit}
	switch d.Unit {
	case kpi.UnitRate:
		out.Text = fmt.Sprintf("%.1f 个百分点", math.Abs(change)*100)
	case kpi.UnitDuration:
		out.Text = spanText(math.Abs(change))
	default:
		out.Text = grouped(int64(math.Abs(change)))
		if *before.Value > 0 {
			out.Text += fmt.Sprintf("（%.0f%%）", math.Abs(change) / *before.Value * 100)
		}
	}
	switch {
	case math.Abs(change) < 0.0005 && d.Unit == kpi.UnitRate, change == 0:
		return delta{Arrow: "＝", Text: "与上期持平", Hint: out.Hint}
	case change > 0:
		out.Arrow = "▲"
	default:
		out.Arrow = "▼"
	}
	believable := v.State == kpi.OK && before.State == kpi.OK && v.Interval != nil && before.Interval != nil
	if believable && (v.Interval[0] > before.Interval[1] || v.Interval[1] < before.Interval[0]) {
		out.Tone = "good"
		if (change > 0) == d.LowerBetter {
			out.Tone = "bad"
		}
	} else if d.Unit != kpi.UnitCount {
		out.Hint += "，差异在波动范围内"
	}
	return out
}
