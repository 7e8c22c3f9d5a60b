package improve

import (
	"math"
	"slices"
	"time"

	"gonum.org/v1/gonum/stat"
)

// d2 is the mean range of two normal values in sigmas, to the digits of the published tables.
const d2 = 1.128

// Proportion is one step of a rate: numerator of n. Whoever asks decides which steps are judged: too small an n, or a
// cohort too young, is shown and not judged.
type Proportion struct {
	At           time.Time
	Numerator, N int64
	Judged       bool
}

// Occurrences is one step of a count; Exposure is what the chance of it grows with, such as days or complaints received,
// and 1 throughout for a c-chart.
type Occurrences struct {
	At       time.Time
	Count    int64
	Exposure float64
	Judged   bool
}

// Reading is one step of anything else, such as a median duration; Value is nil where there is none. N is only shown.
type Reading struct {
	At     time.Time
	Value  *float64
	N      int64
	Judged bool
}

// spread makes a phase's centre from its judged points, and each point's sigma from that centre.
type spread struct {
	kind   Kind
	centre func(judged []int) float64
	// sigma is of point i when the judged points have this centre; individuals have one sigma for all.
	sigma func(judged []int, centre float64) func(i int) float64
	most  float64
}

// Rates draws a p-chart with the limits of each point's own n (Shewhart 1931; Montgomery, Introduction to Statistical
// Quality Control, "variable sample size"). The centre of a phase is all its numerators by all its n. Changes are the
// instants at which something was changed on purpose, in any order; a phase begins with the first point at or after one.
// Of rates near 0 or 1 the limits are rough where n is small: longer steps help.
func Rates(points []Proportion, changes ...time.Time) Chart {
	c := Chart{Points: make([]Point, len(points))}
	for i, p := range points {
		c.Points[i] = Point{At: p.At, N: p.N, Judged: p.Judged && p.N > 0}
		if p.N > 0 {
			c.Points[i].Value = new(float64(p.Numerator) / float64(p.N))
		}
	}
	return c.draw(spread{
		kind: Rate, most: 1,
		centre: func(judged []int) float64 {
			var numerator, n int64
			for _, i := range judged {
				numerator += points[i].Numerator
				n += points[i].N
			}
			return float64(numerator) / float64(n)
		},
		sigma: func(_ []int, centre float64) func(int) float64 {
			return func(i int) float64 {
				if points[i].N == 0 {
					return math.NaN()
				}
				return math.Sqrt(centre * (1 - centre) / float64(points[i].N))
			}
		},
	}, changes)
}

// Counts draws a u-chart: occurrences by exposure with the limits of each point's own exposure; with equal exposures it
// is the c-chart.
func Counts(points []Occurrences, changes ...time.Time) Chart {
	c := Chart{Points: make([]Point, len(points))}
	for i, p := range points {
		c.Points[i] = Point{At: p.At, N: p.Count, Judged: p.Judged && p.Exposure > 0}
		if p.Exposure > 0 {
			c.Points[i].Value = new(float64(p.Count) / p.Exposure)
		}
	}
	return c.draw(spread{
		kind: Count, most: math.Inf(1),
		centre: func(judged []int) float64 {
			count, exposure := int64(0), 0.0
			for _, i := range judged {
				count += points[i].Count
				exposure += points[i].Exposure
			}
			return float64(count) / exposure
		},
		sigma: func(_ []int, centre float64) func(int) float64 {
			return func(i int) float64 {
				if points[i].Exposure <= 0 {
					return math.NaN()
				}
				return math.Sqrt(centre / points[i].Exposure)
			}
		},
	}, changes)
}

// Individuals draws an XmR chart: the centre is the mean, sigma the mean range between neighbours by 1.128 (Wheeler,
// Understanding Variation). Readings are durations or counts and not negative.
func Individuals(points []Reading, changes ...time.Time) Chart {
	c := Chart{Points: make([]Point, len(points))}
	for i, p := range points {
		c.Points[i] = Point{At: p.At, Value: p.Value, N: p.N, Judged: p.Judged && p.Value != nil}
	}
	values := func(judged []int) []float64 {
		out := make([]float64, len(judged))
		for k, i := range judged {
			out[k] = *points[i].Value
		}
		return out
	}
	return c.draw(spread{
		kind: Individual, most: math.Inf(1),
		centre: func(judged []int) float64 { return stat.Mean(values(judged), nil) },
		sigma: func(judged []int, _ float64) func(int) float64 {
			list := values(judged)
			ranges := make([]float64, max(0, len(list)-1))
			for k := range ranges {
				ranges[k] = math.Abs(list[k+1] - list[k])
			}
			one := stat.Mean(ranges, nil) / d2 // NaN for a single reading
			return func(int) float64 { return one }
		},
	}, changes)
}

// draw cuts the points into phases and gives each its limits and signals.
func (c Chart) draw(s spread, changes []time.Time) Chart {
	c.Kind, c.Needed = s.kind, Enough
	c.Signals = []Signal{}
	var centre float64 // of the last phase that had enough points
	var sigma func(int) float64
	for from := 0; from < len(c.Points); {
		to := c.phaseEnd(from, changes)
		judged := make([]int, 0, to-from)
		for i := from; i < to; i++ {
			c.Points[i].Phase = len(c.Phases)
			if c.Points[i].Judged {
				judged = append(judged, i)
			}
		}
		p := Phase{From: c.Points[from].At, Points: to - from, Judged: len(judged), Needed: max(0, Enough-len(judged))}
		switch {
		case p.Needed == 0:
			centre = s.centre(judged)
			sigma = s.sigma(judged, centre)
			c.limit(from, to, centre, sigma, s.most)
		case sigma != nil:
			p.Borrowed = true
			c.limit(from, to, centre, sigma, s.most)
		default:
			p.Provisional = true
			if len(judged) > 0 {
				own := s.centre(judged)
				c.limit(from, to, own, s.sigma(judged, own), s.most)
			}
		}
		if !p.Provisional {
			c.Signals = append(c.Signals, c.signals(judged)...)
		}
		c.Phases = append(c.Phases, p)
		from = to
	}
	slices.SortStableFunc(c.Signals, func(a, b Signal) int { return a.Points[len(a.Points)-1] - b.Points[len(b.Points)-1] })
	for _, signal := range c.Signals {
		for _, i := range signal.Points {
			if p := &c.Points[i]; !slices.Contains(p.Rules, signal.Rule) {
				p.Rules = append(p.Rules, signal.Rule)
			}
		}
	}
	return c
}

// phaseEnd is the index of the first point after from that belongs to another phase.
func (c Chart) phaseEnd(from int, changes []time.Time) int {
	since := func(i int) int { // changes at or before the point
		n := 0
		for _, change := range changes {
			if !change.After(c.Points[i].At) {
				n++
			}
		}
		return n
	}
	to := from + 1
	for to < len(c.Points) && since(to) == since(from) {
		to++
	}
	return to
}

// limit draws the limits of points [from, to).
func (c Chart) limit(from, to int, centre float64, sigma func(int) float64, most float64) {
	for i := from; i < to; i++ {
		p := &c.Points[i]
		p.Centre = new(centre)
		if p.sigma = sigma(i); math.IsNaN(p.sigma) {
			continue
		}
		at := func(sigmas float64) *float64 { return new(min(most, max(0, centre+sigmas*p.sigma))) }
		p.Lower, p.WarnLower, p.WarnUpper, p.Upper = at(-3), at(-2), at(2), at(3)
	}
}
