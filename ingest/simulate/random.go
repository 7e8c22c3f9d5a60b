package simulate

import (
	"math"
	"math/rand/v2"
)

// stream gives a generator that depends on the parts alone: each purpose has its own, so that a change in one part of
// a life moves nothing in another.
func stream(parts ...uint64) *rand.Rand {
	a, b := uint64(0x9e3779b97f4a7c15), uint64(0xd1b54a32d192ed03)
	for _, p := range parts {
		a = mix(a ^ p)
		b = mix(b + a)
	}
	return rand.New(rand.NewPCG(a, b))
}

func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Purposes of streams.
const (
	purposeDay uint64 = iota + 1
	purposeTopic
	purposeLife
	purposeText
	purposeArrival
	purposeCustomer
	purposeIssue
	purposeSurge
	purposeStorm
	purposeWeek
	purposeStall
	purposeBad
)

func chance(r *rand.Rand, p float64) bool { return r.Float64() < p }

func between(r *rand.Rand, low, high float64) float64 { return low + (high-low)*r.Float64() }

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// weighted draws an index in proportion to its weight.
func weighted(r *rand.Rand, weights []float64) int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	x := r.Float64() * sum
	for i, w := range weights {
		if x -= w; x < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// poisson draws a count with the given mean; large means use the normal approximation.
func poisson(r *rand.Rand, mean float64) int {
	if mean > 60 {
		return max(0, int(math.Round(mean+math.Sqrt(mean)*r.NormFloat64())))
	}
	limit, product, n := math.Exp(-mean), 1.0, 0
	for {
		if product *= r.Float64(); product <= limit {
			return n
		}
		n++
	}
}
