package dashboard

import (
	"math"
	"strconv"
	"strings"

	"wenguo/transform/kpi"
)

// definition is a catalogue entry with its target as pages compare with it.
type definition struct {
	kpi.Entry

	// Target is nil where the target is a change on a baseline, or a direction alone; Aim says that in words.
	Target      *float64
	Aim         string
	LowerBetter bool
}

// define looks a figure up in the catalogue; an id that is not in it is shown under its own name.
func define(id string) definition {
	e, ok := kpi.Lookup(id)
	if !ok {
		e = kpi.Entry{ID: id, Name: id, Unit: kpi.UnitCount, Target: kpi.Target{None: true}}
	}
	return definition{Entry: e, LowerBetter: e.Direction == kpi.Lower}.against(nil)
}

// against sets the target; baseline is what the figure was in the baseline period, nil without one. A target about a
// figure beside the value judges that one and not the value.
func (d definition) against(baseline *kpi.Value) definition {
	goal, known := d.Goal(baseline)
	d.Target, d.Aim = nil, d.Entry.Aim()
	switch t := d.Entry.Target; {
	case known && t.Figure == "":
		d.Target = &goal
		if !t.OnBaseline {
			d.Aim = ""
		}
	case known:
		d.Aim += "（" + t.FigureName + " ≤ " + spanText(goal) + "）"
	case t.OnBaseline && baseline == nil:
		d.Aim += "（没有设基准期）"
	case t.OnBaseline:
		d.Aim += "（基准期的数据不可用）"
	}
	return d
}

// write is a value in the definition's unit: number and unit apart.
func (d definition) write(v float64) (number, unit string) {
	switch d.Unit {
	case kpi.UnitRate:
		return percent(v), "%"
	case kpi.UnitDuration:
		return span(v)
	case kpi.UnitCount:
	}
	return grouped(int64(math.Round(v))), "件"
}

// text is a value with its unit.
func (d definition) text(v float64) string {
	number, unit := d.write(v)
	return joined(number, unit)
}

// joined puts a number and its unit together: 98.3% and 5 天.
func joined(number, unit string) string {
	if unit == "%" {
		return number + unit
	}
	return number + " " + unit
}

// writeSide writes a percentile or a mean: of a satisfaction rate the mean is a score, not a share.
func (d definition) writeSide(v float64) (number, unit string) {
	if d.Unit == kpi.UnitRate {
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
		if d.Unit == kpi.UnitRate {
			return low + "–" + high + unit
		}
		return low + "–" + high + " " + unit
	}
	return low + " " + unit + "–" + high + " " + unitHigh
}

// targetText writes the target with its direction.
func (d definition) targetText() string {
	if d.Target == nil {
		return d.Aim
	}
	number, unit := d.write(*d.Target)
	sign := "≥ "
	if d.LowerBetter {
		sign = "≤ "
	}
	if d.Unit == kpi.UnitRate {
		number = strconv.FormatFloat(math.Round(*d.Target*1000)/10, 'f', -1, 64)
	}
	number = strings.TrimSuffix(number, ".0")
	text := sign + joined(number, unit)
	if d.Aim != "" {
		text += "（" + d.Aim + "）"
	}
	return text
}
