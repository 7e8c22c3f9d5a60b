package kpi

import "math"

// Verdict says what a difference between two periods means.
type Verdict string

// Verdicts.
const (
	// Better and Worse are differences of rates that chance would not bring about (95 %).
	Better Verdict = "better"
	Worse  Verdict = "worse"
	// Noise is a difference of rates that chance brings about.
	Noise Verdict = "noise"
	// TooFew is a difference of which one side may not be believed: nothing counted, n too small, or too young.
	TooFew Verdict = "insufficient"
	// Unjudged is a difference of durations or counts: what is known of them gives no interval. Control charts judge them.
	Unjudged Verdict = "unjudged"
)

// Difference is a value minus an earlier one.
type Difference struct {
	// Change is nil where one of the two has no value. Rates differ in fractions: −0.012 is minus 1.2 percentage points.
	Change *float64 `json:"difference"`
	// Spread is its 95 % interval, of rates only.
	Spread  *[2]float64 `json:"difference_interval,omitempty"`
	Verdict Verdict     `json:"verdict"`
}

// Newcombe is the 95 % interval of the difference of two proportions, now minus then, from their Wilson intervals:
// Newcombe, "Interval estimation for the difference between independent proportions: comparison of eleven methods",
// Statistics in Medicine 17 (1998), method 10. Nothing counted on one side gives what the other leaves possible.
func Newcombe(now, then Ratio) [2]float64 {
	share := func(r Ratio) (float64, [2]float64) {
		if r.Denominator == 0 {
			return .5, [2]float64{0, 1}
		}
		return float64(r.Numerator) / float64(r.Denominator), Wilson(r.Numerator, r.Denominator)
	}
	p, of := share(now)
	q, than := share(then)
	return [2]float64{
		p - q - math.Hypot(p-of[0], than[1]-q),
		p - q + math.Hypot(of[1]-p, q-than[0]),
	}
}

// Differ compares two values of a figure.
func Differ(e Entry, now, then Value) Difference {
	d := Difference{Verdict: Unjudged}
	if now.Value != nil && then.Value != nil {
		d.Change = new(*now.Value - *then.Value)
	}
	rate := e.Unit == UnitRate
	if rate && now.N > 0 && then.N > 0 {
		spread := Newcombe(Ratio{now.Numerator, now.Denominator}, Ratio{then.Numerator, then.Denominator})
		d.Spread = &spread
	}
	switch {
	case now.State != OK || then.State != OK:
		d.Verdict = TooFew
	case !rate:
	case d.Spread[0] <= 0 && d.Spread[1] >= 0:
		d.Verdict = Noise
	case (*d.Change > 0) == (e.Direction == Higher):
		d.Verdict = Better
	default:
		d.Verdict = Worse
	}
	return d
}

// Against is what a figure was in another period, and how it differs now.
type Against struct {
	Period
	Value
	Difference
}

// Comparison stands beside a figure. Baseline is nil where the policy declares none.
type Comparison struct {
	Previous *Against `json:"previous"`
	LastYear *Against `json:"last_year"`
	Baseline *Against `json:"baseline"`
	// Target is the number to reach, in the unit of the figure that Entry.Target names; nil while there is none.
	Target *float64 `json:"target"`
}

// Compared is a figure with its comparison.
type Compared struct {
	Value
	Compare Comparison `json:"compare"`
}

// Compare puts a figure beside what it was in other periods; a reference that is missing in one of the maps is left out.
func Compare(e Entry, now Value, periods map[Reference]Period, then map[Reference]Value) Compared {
	against := func(r Reference) *Against {
		p, declared := periods[r]
		v, known := then[r]
		if !declared || !known {
			return nil
		}
		return &Against{p, v, Differ(e, now, v)}
	}
	c := Comparison{Previous: against(Previous), LastYear: against(LastYear), Baseline: against(Baseline)}
	var baseline *Value
	if c.Baseline != nil {
		baseline = &c.Baseline.Value
	}
	if goal, ok := e.Goal(baseline); ok {
		c.Target = &goal
	}
	return Compared{now, c}
}

// CompareAll compares every figure of an answer; then holds the answers for the other periods.
func CompareAll(now map[string]Value, periods map[Reference]Period, then map[Reference]map[string]Value) map[string]Compared {
	out := make(map[string]Compared, len(now))
	for id, v := range now {
		earlier := map[Reference]Value{}
		for reference, values := range then {
			if was, known := values[id]; known {
				earlier[reference] = was
			}
		}
		e, _ := Lookup(id)
		out[id] = Compare(e, v, periods, earlier)
	}
	return out
}

// Goal is the number that the target asks for: the absolute target, or the wanted change applied to what the figure was in
// the baseline period, a rate at most 1. baseline is nil without one. False where only a direction is wanted, or a change
// on a baseline that is not declared or may not be believed.
func (e Entry) Goal(baseline *Value) (float64, bool) {
	switch t := e.Target; {
	case t.None:
		return 0, false
	case !t.OnBaseline:
		return t.Value, true
	case baseline == nil:
		return 0, false
	default:
		was, ok := t.about(*baseline)
		if !ok || was.Value == nil || was.State != OK {
			return 0, false
		}
		goal := *was.Value * (1 + t.Value)
		if e.Unit == UnitRate && t.Figure == "" {
			goal = min(1, goal)
		}
		return goal, true
	}
}

// about is the figure that a target is about.
func (t Target) about(v Value) (Value, bool) {
	if t.Figure == "" {
		return v, true
	}
	figure, ok := v.More[t.Figure]
	return figure, ok
}
