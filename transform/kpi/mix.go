package kpi

import (
	"maps"
	"math/big"
	"slices"
)

// Effect is what one slice contributed to the change of a total rate. Mix is due to its share of all having changed, Rate
// to its own rate having changed; both are in the unit of the rate, such as −0.012 for minus 1.2 percentage points.
type Effect struct {
	Value  string  `json:"value"`
	Before Ratio   `json:"before"`
	Now    Ratio   `json:"now"`
	Mix    float64 `json:"mix"`
	Rate   float64 `json:"rate"`

	// mix and rate are the same as exact fractions.
	mix, rate *big.Rat
}

// Decomposition explains why a total rate moved between two periods. Change is Now − Before, and also Mix + Rate, and also
// the sum of all effects: exactly so before the figures were brought into floating point.
type Decomposition struct {
	Before  float64  `json:"before"`
	Now     float64  `json:"now"`
	Change  float64  `json:"change"`
	Mix     float64  `json:"mix"`
	Rate    float64  `json:"rate"`
	Effects []Effect `json:"effects"`
}

// Decompose splits the change of a total rate over the slices of one dimension, which must not overlap (a category as it
// is given, not its branch): Kitagawa, "Components of a difference between two rates", Journal of the American
// Statistical Association 50 (1955). With shares w and rates r of a slice, R of the total, and a bar for the mean of both
// periods, its rate effect is w̄·(r₁ − r₀) and its mix effect (w₁ − w₀)·(r̄ − R̄): neither period is the standard, and a
// slice that grows counts by how far its rate lies from the total's, which changes no sum. A slice that is new or gone has
// no rate to change: all of it is mix. False when one of the periods has nothing. Effects are sorted by value.
func Decompose(before, now map[string]Ratio) (Decomposition, bool) {
	total0, total1 := sum(before), sum(now)
	if total0.Denominator <= 0 || total1.Denominator <= 0 {
		return Decomposition{}, false
	}
	R0, R1 := fraction(total0.Numerator, total0.Denominator), fraction(total1.Numerator, total1.Denominator)
	d := Decomposition{Before: float(R0), Now: float(R1), Change: float(minus(R1, R0))}
	names := maps.Clone(before)
	maps.Copy(names, now)
	var mix, rate []*big.Rat
	for _, name := range slices.Sorted(maps.Keys(names)) {
		e := Effect{Value: name, Before: before[name], Now: now[name]}
		if e.Before.Denominator <= 0 && e.Now.Denominator <= 0 {
			continue
		}
		w0, w1 := fraction(e.Before.Denominator, total0.Denominator), fraction(e.Now.Denominator, total1.Denominator)
		r0, r1 := e.Before.rate(e.Now), e.Now.rate(e.Before)
		e.mix = times(minus(w1, w0), minus(mean(r0, r1), mean(R0, R1)))
		e.rate = times(mean(w0, w1), minus(r1, r0))
		mix, rate = append(mix, e.mix), append(rate, e.rate)
		e.Mix, e.Rate = float(e.mix), float(e.rate)
		d.Effects = append(d.Effects, e)
	}
	d.Mix, d.Rate = float(all(mix)), float(all(rate))
	return d, true
}

// rate of a slice, or where it has nothing the rate of the other period.
func (r Ratio) rate(other Ratio) *big.Rat {
	if r.Denominator <= 0 {
		r = other
	}
	return fraction(r.Numerator, r.Denominator)
}

func sum(slices map[string]Ratio) Ratio {
	var total Ratio
	for _, r := range slices {
		total.Numerator += r.Numerator
		total.Denominator += r.Denominator
	}
	return total
}

// all adds up by halves: denominators grow with what was added, and so they stay small for long.
func all(list []*big.Rat) *big.Rat {
	switch half := len(list) / 2; len(list) {
	case 0:
		return new(big.Rat)
	case 1:
		return list[0]
	default:
		return new(big.Rat).Add(all(list[:half]), all(list[half:]))
	}
}

func fraction(a, b int64) *big.Rat { return big.NewRat(a, b) }
func minus(a, b *big.Rat) *big.Rat { return new(big.Rat).Sub(a, b) }
func times(a, b *big.Rat) *big.Rat { return new(big.Rat).Mul(a, b) }
func mean(a, b *big.Rat) *big.Rat  { return times(new(big.Rat).Add(a, b), fraction(1, 2)) }
func float(a *big.Rat) float64     { f, _ := a.Float64(); return f }
