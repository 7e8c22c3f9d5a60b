package kpi

import (
	"math"
	"slices"
)

// z is the 0.975 quantile of the normal distribution.
const z = 1.959964

// Wilson is the 95 % score interval of a proportion (Wilson 1927). Nothing counted gives [0, 1].
func Wilson(numerator, denominator int64) [2]float64 {
	if denominator == 0 {
		return [2]float64{0, 1}
	}
	n, p := float64(denominator), float64(numerator)/float64(denominator)
	centre := p + z*z/(2*n)
	spread := z * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	scale := 1 + z*z/n
	return [2]float64{max(0, (centre-spread)/scale), min(1, (centre+spread)/scale)}
}

// NearestRank is the ⌈percent/100·n⌉-th smallest of sorted values; there must be one.
func NearestRank(sorted []int64, percent int) int64 {
	return sorted[max(1, (percent*len(sorted)+99)/100)-1]
}

// Survival is one step of a Kaplan–Meier curve: the share still waiting after Time (milliseconds).
type Survival struct {
	Time  int64
	Share float64
}

// KaplanMeier estimates how long events take when some were still awaited (Kaplan and Meier 1958). Times are
// milliseconds; of one instant events come before censorings.
func KaplanMeier(events, censored []int64) []Survival {
	events, censored = slices.Clone(events), slices.Clone(censored)
	slices.Sort(events)
	slices.Sort(censored)
	var curve []Survival
	share, gone := 1.0, 0
	for i := 0; i < len(events); {
		t := events[i]
		for gone < len(censored) && censored[gone] < t {
			gone++
		}
		same := i
		for same < len(events) && events[same] == t {
			same++
		}
		atRisk := len(events) - i + len(censored) - gone
		share *= 1 - float64(same-i)/float64(atRisk)
		curve = append(curve, Survival{t, share})
		i = same
	}
	return curve
}

// tolerance of comparing a survival share with 1 − p.
const tolerance = 1e-9

// Reached is the smallest time at which at most 1 − percent/100 still wait; false when so many never were answered.
func Reached(curve []Survival, percent int) (int64, bool) {
	limit := 1 - float64(percent)/100 + tolerance
	for _, s := range curve {
		if s.Share <= limit {
			return s.Time, true
		}
	}
	return 0, false
}
