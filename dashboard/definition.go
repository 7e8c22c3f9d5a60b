package dashboard

import (
	"math"
	"strconv"
)

// Units of figures.
const (
	unitRate     = "rate"
	unitDuration = "duration"
	unitCount    = "count"
)

// definition is a catalogue entry as pages need it.
type definition struct {
	ID, Name, Formula, Unit string
	// Target is nil without one; LowerBetter says which side of it is good.
	Target      *float64
	LowerBetter bool
	MinimumN    int64
}

// define looks a figure up in the catalogue.
func define(id string) definition {
	t := func(f float64) *float64 { return &f }
	d := definition{ID: id, MinimumN: 30}
	switch id {
	case kpiResponse:
		d.Name, d.Formula, d.Unit, d.Target = "按时响应率", "期内到期的受理时钟中，按时的 ÷ 全部到期的", unitRate, t(0.98)
	case kpiResolve:
		d.Name, d.Formula, d.Unit, d.Target = "按时办结率", "期内到期的办结时钟中，按时的 ÷ 全部到期的；超时未办结的留在分母", unitRate, t(0.98)
	case kpiSatisfaction:
		d.Name, d.Formula, d.Unit = "满意率", "4–5 分 ÷ 有效评分，按评分时间计，每件投诉只计最后一次评分", unitRate
	case kpiRepeat:
		d.Name, d.Formula, d.Unit, d.LowerBetter = "重复投诉率", "结案后 30 天内同一客户同类别同产品再次投诉 ÷ 登记", unitRate, true
	case kpiFirstResponse:
		d.Name, d.Formula, d.Unit, d.LowerBetter = "首次响应时长", "登记到第一次人工答复的工作时间，未答复者按删失处理（Kaplan–Meier）", unitDuration, true
	case kpiHandling:
		d.Name, d.Formula, d.Unit, d.LowerBetter, d.Target = "处理时长", "登记到最后一次办结的自然时间", unitDuration, true, t(3*86400)
	case kpiCompletion:
		d.Name, d.Formula, d.Unit, d.Target = "办结率", "期内登记且已办结 ÷ 期内登记", unitRate, t(0.98)
	case kpiBacklog:
		d.Name, d.Formula, d.Unit, d.LowerBetter = "在办积压", "期末仍未结束的投诉", unitCount, true
	}
	return d
}

// write is a value in the definition's unit: number and unit apart.
func (d definition) write(v float64) (number, unit string) {
	switch d.Unit {
	case unitRate:
		return percent(v), "%"
	case unitDuration:
		return span(v)
	}
	return grouped(int64(math.Round(v))), "件"
}

// writeSide writes a percentile or a mean: of a satisfaction rate the mean is a score, not a share.
func (d definition) writeSide(v float64) (number, unit string) {
	if d.Unit == unitRate {
		return strconv.FormatFloat(v, 'f', 2, 64), "分"
	}
	if d.ID == "backlog_age" || d.ID == kpiBacklog {
		return span(v)
	}
	return d.write(v)
}

// span writes an interval.
func (d definition) span(i [2]float64) string {
	low, unit := d.write(i[0])
	high, unitHigh := d.write(i[1])
	if unit == unitHigh {
		if d.Unit == unitRate {
			return low + "–" + high + unit
		}
		return low + "–" + high + " " + unit
	}
	return low + " " + unit + "–" + high + " " + unitHigh
}

// targetText writes the target with its direction.
func (d definition) targetText() string {
	if d.Target == nil {
		return ""
	}
	number, unit := d.write(*d.Target)
	sign := "≥ "
	if d.LowerBetter {
		sign = "≤ "
	}
	if d.Unit == unitRate {
		number = strconv.FormatFloat(math.Round(*d.Target*1000)/10, 'f', -1, 64)
	}
	return sign + number + " " + unit
}
