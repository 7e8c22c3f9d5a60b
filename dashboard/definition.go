package dashboard

import (
	"fmt"
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
	d := definition{Entry: e, LowerBetter: e.Direction == kpi.Lower}
	switch t := e.Target; {
	case t.None && d.LowerBetter:
		d.Aim = "越低越好"
	case t.None:
		d.Aim = "越高越好"
	case t.OnBaseline:
		d.Aim = fmt.Sprintf("较基准 %+.0f%%（没有可比的基准期）", t.Value*100)
	default:
		d.Target = &t.Value
	}
	return d
}

// against sets the target of a figure that is wanted as a change on the baseline; then is its value there, and must be one
// that may be believed.
func (d definition) against(then kpi.Value) definition {
	if !d.Entry.Target.OnBaseline || then.Value == nil || then.State != kpi.OK {
		return d
	}
	target := *then.Value * (1 + d.Entry.Target.Value)
	if d.Unit == kpi.UnitRate {
		target = min(target, 1)
	}
	d.Target, d.Aim = &target, fmt.Sprintf("较基准 %+.0f%%", d.Entry.Target.Value*100)
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
	if d.Aim != "" {
		return sign + number + " " + unit + "（" + d.Aim + "）"
	}
	return sign + number + " " + unit
}
