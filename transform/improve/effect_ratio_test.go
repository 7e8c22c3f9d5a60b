package improve

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// The example of R's poisson.test: 11 of 800 and 21 of 3011 (Fay 2010, after Haight).
func TestTheRatioAgreesWithR(t *testing.T) {
	c := ratio(side{21, 3011}, side{11, 800}, .025, 1)
	for _, v := range [][2]float64{{*c.Ratio, 1.971488}, {c.Low, 0.8584264}, {*c.High, 4.2772659}} {
		if math.Abs(v[0]-v[1]) > 1e-6 {
			t.Errorf("%.7f, printed %.7f", v[0], v[1])
		}
	}
}

// The interval covers the truth with at least its confidence whatever the rates: summed over all outcomes, not sampled.
func TestTheIntervalCoversAtLeastWhatItSays(t *testing.T) {
	for _, truth := range []float64{.2, .5, 1, 2} {
		for _, both := range []int{1, 5, 20, 80} {
			p := truth * 3 / (truth*3 + 7)
			covered := 0.0
			for x := range both + 1 {
				c := ratio(side{float64(both - x), 7}, side{float64(x), 3}, .025, 1)
				if c.Low <= truth && (c.High == nil || *c.High >= truth) {
					covered += distuv.Binomial{N: float64(both), P: p}.Prob(float64(x))
				}
			}
			if covered < .95-1e-12 {
				t.Errorf("of %d complaints at the ratio %g the interval covers %.4f", both, truth, covered)
			}
		}
	}
}
