package improve

import (
	"math"
	"slices"
	"time"

	"wenguo/transform/kpi"
)

// Variation says what the latest judged point tells about the process.
type Variation string

// Variations.
const (
	// Unknown is a chart whose latest phase can't be judged yet.
	Unknown Variation = "unknown"
	// Common is variation that the process always had: nothing to explain.
	Common Variation = "common_cause"
	// Improving and Concerning are signals in the better and in the worse direction.
	Improving  Variation = "improving"
	Concerning Variation = "concerning"
)

// Variation of the latest judged point. Of several signals the first of the rules' order decides.
func (c Chart) Variation(better kpi.Direction) Variation {
	last := c.last()
	if last < 0 || c.Phases[c.Points[last].Phase].Provisional {
		return Unknown
	}
	for _, rule := range []Rule{Beyond, Shift, Trend, NearLimit} {
		for _, s := range c.Signals {
			if s.Rule != rule || s.Points[len(s.Points)-1] != last {
				continue
			}
			if (s.Side == High) == (better == kpi.Higher) {
				return Improving
			}
			return Concerning
		}
	}
	return Common
}

// Assurance says whether the process, left as it is, will meet its target.
type Assurance string

// Assurances.
const (
	// NoAssurance is a chart without limits that hold.
	NoAssurance Assurance = "unknown"
	// Capable and Incapable: the target lies outside the limits, on the side where it is always, or never, met.
	Capable   Assurance = "always_met"
	Incapable Assurance = "never_met"
	// Chance: the target lies within the limits, so that it is met or missed by chance.
	Chance Assurance = "met_by_chance"
)

// Assurance compares the limits of the latest judged point with a target in the unit of the values.
func (c Chart) Assurance(better kpi.Direction, target float64) Assurance {
	last := c.last()
	if last < 0 || c.Phases[c.Points[last].Phase].Provisional || c.Points[last].Lower == nil {
		return NoAssurance
	}
	low, high := *c.Points[last].Lower, *c.Points[last].Upper
	if better == kpi.Lower {
		low, high, target = -high, -low, -target
	}
	switch {
	case low >= target:
		return Capable
	case high < target:
		return Incapable
	}
	return Chance
}

// last is the index of the latest judged point, −1 without one.
func (c Chart) last() int {
	for i, p := range slices.Backward(c.Points) {
		if p.Judged {
			return i
		}
	}
	return -1
}

// Of draws the chart of a key figure: rates as p-chart, durations and counts as individuals (counts of complaints vary
// more than Poisson, by weekday and season). until is the end of the period or the as-of instant, whichever is first, in
// the organisation's zone. Judged are points that may be believed; of a count only whole steps, because a begun one is
// small by nature.
func Of(e kpi.Entry, s kpi.Series, until time.Time, changes ...time.Time) Chart {
	if e.Unit == kpi.UnitRate {
		points := make([]Proportion, len(s.Points))
		for i, p := range s.Points {
			points[i] = Proportion{At: p.Start, N: p.N, Judged: p.State == kpi.OK}
			if p.Value != nil {
				points[i].Numerator = int64(math.Round(*p.Value * float64(p.N))) // a rate is numerator by n
			}
		}
		return Rates(points, changes...)
	}
	points := make([]Reading, len(s.Points))
	for i, p := range s.Points {
		points[i] = Reading{At: p.Start, Value: p.Value, N: p.N, Judged: p.State == kpi.OK}
		if e.Unit == kpi.UnitCount && !whole(p.Start.In(until.Location()), s.Step, until) {
			points[i].Judged = false
		}
	}
	return Individuals(points, changes...)
}

// whole says whether the step that begins at start is a whole day, week or month and over.
func whole(start time.Time, step kpi.Step, until time.Time) bool {
	y, m, d := start.Date()
	day := func(m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, start.Location()) }
	begin, end := day(m, d), day(m, d+1)
	switch step {
	case kpi.Day:
	case kpi.Week:
		d -= (int(start.Weekday()) + 6) % 7
		begin, end = day(m, d), day(m, d+7)
	case kpi.Month:
		begin, end = day(m, 1), day(m+1, 1)
	}
	return start.Equal(begin) && !end.After(until)
}
