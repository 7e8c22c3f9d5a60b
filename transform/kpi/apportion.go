package kpi

import (
	"cmp"
	"math"
	"slices"
)

// Apportion rounds parts to whole units so that they add up to total, which is their sum rounded or near it: every part is
// rounded down, and the units left over go to the greatest remainders (Hamilton). A table of such parts adds up as it is
// read.
func Apportion(parts []float64, unit float64, total int64) []int64 {
	out := make([]int64, len(parts))
	if len(parts) == 0 {
		return out
	}
	order := make([]int, len(parts))
	remainders := make([]float64, len(parts))
	left := total
	for i, p := range parts {
		low := math.Floor(p / unit)
		out[i], remainders[i], order[i] = int64(low), p/unit-low, i
		left -= out[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(remainders[b], remainders[a]) })
	for ; left < 0; left += int64(len(parts)) { // a total below the sum of what was rounded down
		for i := range out {
			out[i]--
		}
	}
	for i := range int(left) {
		out[order[i%len(order)]]++
	}
	return out
}

// Shown is a decomposition as a table shows it: whole units that add up along rows and columns.
type Shown struct {
	Change, Mix, Rate int64
	// Effects are in the order of the decomposition's.
	Effects []struct{ Mix, Rate int64 }
}

// Shown rounds a decomposition to a unit, such as 0.0001 for hundredths of a percentage point.
func (d Decomposition) Shown(unit float64) Shown {
	s := Shown{Change: int64(math.Round(d.Change / unit)), Mix: int64(math.Round(d.Mix / unit))}
	s.Rate = s.Change - s.Mix
	mix, rate := make([]float64, len(d.Effects)), make([]float64, len(d.Effects))
	for i, e := range d.Effects {
		mix[i], rate[i] = e.Mix, e.Rate
	}
	m, r := Apportion(mix, unit, s.Mix), Apportion(rate, unit, s.Rate)
	s.Effects = make([]struct{ Mix, Rate int64 }, len(d.Effects))
	for i := range d.Effects {
		s.Effects[i].Mix, s.Effects[i].Rate = m[i], r[i]
	}
	return s
}
