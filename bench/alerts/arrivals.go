package main

import (
	"math"
	"math/rand/v2"
)

const (
	days = 28
	day  = 1440 // minutes
	// warm is how long everything runs before it is judged.
	warm = days * day
	end  = 2 * warm
)

// kind of arrival.
type kind int

const (
	plain     kind = iota // a Poisson process, every clock breached with the same probability
	clustered             // weekdays from nine to six, a little on Saturday
	dispersed             // a day has a breach rate of its own
)

// verdict is a clock's outcome at its deadline.
type verdict struct {
	minute int
	met    bool
}

// verdicts draws two months: a warm one, and one in which clocks are breached at the rate. Before a rate of 6 % the warm
// month has 1 %; otherwise it has the rate itself.
func verdicts(r *rand.Rand, k kind, perDay, rate float64) []verdict {
	var out []verdict
	daily := map[int]float64{}
	most, before := 1.0, rate
	if rate > 0.05 {
		before = 0.01
	}
	if k == clustered {
		most = 24.0 / 9 * 7 / 5.4
	}
	for at := r.ExpFloat64(); ; at += r.ExpFloat64() {
		minute := int(at / (perDay * most) * day)
		if minute >= end {
			return out
		}
		if k == clustered && r.Float64() > weight(minute) {
			continue
		}
		p := rate
		if minute < warm {
			p = min(rate, before)
		}
		if k == dispersed {
			today, known := daily[minute/day]
			if !known {
				today = beta(r, p, 0.02)
				daily[minute/day] = today
			}
			p = today
		}
		out = append(out, verdict{minute, r.Float64() >= p})
	}
}

// weight is the share of the greatest rate at a minute of the clustered kind.
func weight(minute int) float64 {
	hour, weekday := minute%day/60, minute/day%7
	switch {
	case hour < 9 || hour >= 18 || weekday == 6:
		return 0
	case weekday == 5:
		return 0.4
	}
	return 1
}

// beta draws a probability of a mean and a correlation between two clocks of a day.
func beta(r *rand.Rand, mean, correlation float64) float64 {
	size := 1/correlation - 1
	a, b := gamma(r, mean*size), gamma(r, (1-mean)*size)
	return a / (a + b)
}

// gamma draws from the gamma distribution of a shape (Marsaglia and Tsang 2000).
func gamma(r *rand.Rand, shape float64) float64 {
	if shape < 1 {
		return gamma(r, shape+1) * math.Pow(r.Float64(), 1/shape)
	}
	d := shape - 1.0/3
	for {
		x := r.NormFloat64()
		v := math.Pow(1+x/math.Sqrt(9*d), 3)
		if v > 0 && math.Log(1-r.Float64()) < x*x/2+d-d*v+d*math.Log(v) {
			return d * v
		}
	}
}
