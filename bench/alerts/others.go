package main

import (
	"math"

	"wenguo/transform/breach"
)

// alternatives are detectors that could stand in the CUSUM's place, tuned to as many false pages at 1 %.
func alternatives(volume float64) []method {
	h := breach.Threshold(rates, volume, falseAlarms)
	own := cusum(h)
	wanted := pagesAt(own, volume)
	list := []method{own}
	for _, c := range []struct {
		name  string
		fresh func(threshold float64) func() statistic
	}{
		{"CUSUM with a head start of h/2", func(threshold float64) func() statistic {
			return func() statistic { s := newSums(rates.Unhealthy); s.head = threshold / 2; s.restart(); return s }
		}},
		{"Shiryaev-Roberts", func(float64) func() statistic { return func() statistic { return new(roberts) } }},
		{"three CUSUMs (3, 6, 15 %)", func(float64) func() statistic { return func() statistic { return newSums(0.03, 0.06, 0.15) } }},
		{"CUSUM for 4 %", func(float64) func() statistic { return func() statistic { return newSums(0.04) } }},
		{"GLR over the last 200 verdicts", func(float64) func() statistic { return func() statistic { return new(ratio) } }},
	} {
		list = append(list, tune(c.name, c.fresh, wanted, volume))
	}
	return list
}

// tuningMonths of a seed of their own are what thresholds are tuned on.
const tuningMonths = 600

func pagesAt(m method, volume float64) int {
	return run(tuningMonths, 77, plain, volume, 0.01, []method{m})[0].pages
}

// tune finds the lowest threshold with at most the wanted false pages.
func tune(name string, fresh func(float64) func() statistic, wanted int, volume float64) method {
	low, high := 1.0, 14.0
	for range 9 {
		mid := (low + high) / 2
		if pagesAt(detect(name, mid, fresh(mid)), volume) > wanted {
			low = mid
		} else {
			high = mid
		}
	}
	return detect(name, high, fresh(high))
}

// sums are CUSUMs for several unhealthy rates; the greatest counts.
type sums struct {
	up, down, at []float64
	head         float64
}

func newSums(unhealthy ...float64) *sums {
	s := &sums{}
	for _, u := range unhealthy {
		up, down := breach.Rates{Healthy: rates.Healthy, Unhealthy: u}.Steps()
		s.up, s.down, s.at = append(s.up, up), append(s.down, down), append(s.at, 0)
	}
	return s
}

func (s *sums) verdict(met bool) float64 {
	most := 0.0
	for i := range s.at {
		step := s.up[i]
		if met {
			step = s.down[i]
		}
		s.at[i] = max(0, s.at[i]+step)
		most = max(most, s.at[i])
	}
	return most
}

func (s *sums) restart() {
	for i := range s.at {
		s.at[i] = s.head
	}
}

// roberts is the log of the Shiryaev-Roberts statistic R ← (1 + R) · likelihood ratio.
type roberts struct{ r float64 }

func (s *roberts) verdict(met bool) float64 {
	up, down := rates.Steps()
	step := up
	if met {
		step = down
	}
	s.r = (1 + s.r) * math.Exp(step)
	return math.Log(s.r)
}

func (s *roberts) restart() { s.r = 0 }

// ratio is the generalised likelihood ratio: the best beginning within the last verdicts, and the best rate above the
// healthy one since then. It can only rise at a breach.
type ratio struct {
	seen     int
	breaches []int
}

func (s *ratio) verdict(met bool) float64 {
	s.seen++
	if met {
		return 0
	}
	s.breaches = append(s.breaches, s.seen)
	for len(s.breaches) > 0 && s.breaches[0] <= s.seen-200 {
		s.breaches = s.breaches[1:]
	}
	best := 0.0
	for i, first := range s.breaches {
		k, n := float64(len(s.breaches)-i), float64(s.seen-first+1)
		p := min(k/n, 0.5)
		if p > rates.Healthy {
			best = max(best, k*math.Log(p/rates.Healthy)+(n-k)*math.Log((1-p)/(1-rates.Healthy)))
		}
	}
	return best
}

func (s *ratio) restart() { s.breaches = nil }
