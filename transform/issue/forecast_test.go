package issue

import (
	"math"
	"slices"
	"testing"
	"time"
)

// at is the instant of these tests; issues are old enough for every week given.
var at = time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)

func lived(weeks, all []int64) Past {
	return Past{FirstSeen: at.AddDate(0, 0, -7*len(weeks)+1), LastSeen: at, Weeks: weeks, All: all}
}

// year is 70 weeks of n complaints, of which the given ones differ.
func year(n int64, differ map[int]int64) []int64 {
	weeks := slices.Repeat([]int64{n}, 70)
	for k, v := range differ {
		weeks[k] = v
	}
	return weeks
}

func TestForecast(t *testing.T) {
	hundred := slices.Repeat([]int64{100}, 70)
	for sentence, c := range map[string]struct {
		past           Past
		mean, variance float64
	}{
		// 48 of 800 in eight weeks: 6 a week; variance 6 + 36/48.
		"a steady issue is expected to go on": {lived(slices.Repeat([]int64{6}, 20), hundred), 6, 6.75},
		// 6 % of 300.
		"thrice the volume, thrice the issue": {lived(slices.Repeat([]int64{6}, 20), append([]int64{300}, hundred...)), 18, 18 + 324.0/48},
		// χ² of 6, 10, 2, 6 around 6 is 32/6; by three degrees of freedom 16/9: variance 16/9 · (6 + 36/24).
		"weeks that scatter widen the forecast": {lived([]int64{0, 6, 10, 2, 6}, hundred), 6, 16.0 / 9 * 7.5},
		// The weeks 51 to 53 brought 54 where 18 were expected: (54 + 5)/(18 + 5) of 6.
		"a season comes back": {
			lived(year(6, map[int]int64{51: 18, 52: 18, 53: 18}), hundred),
			6 * 59.0 / 23, 6*59.0/23 + math.Pow(6*59.0/23, 2)/48,
		},
		// Everything tripled then, so that the issue had no season of its own: 54 expected.
		"what all complaints did is no season": {
			lived(year(6, map[int]int64{51: 18, 52: 18, 53: 18}), year(100, map[int]int64{51: 300, 52: 300, 53: 300})),
			6, 6.75,
		},
		"without a year there is no season":     {lived(year(6, map[int]int64{51: 18, 52: 18, 53: 18})[:60], hundred), 6, 6.75},
		"an issue without a past has none":      {lived([]int64{9}, hundred), 0, 0},
		"nothing before, nothing expected":      {lived([]int64{9, 0, 0, 0}, hundred), 0, 0},
		"without counts of all, weeks are even": {lived([]int64{9, 4, 4, 4}, nil), 4, 4 + 16.0/12},
	} {
		t.Run(sentence, func(t *testing.T) {
			got := c.past.Forecast(at)
			if math.Abs(got.Mean-c.mean) > 1e-9 || math.Abs(got.Variance-c.variance) > 1e-9 {
				t.Errorf("got %.6f ± %.6f, want %.6f ± %.6f", got.Mean, got.Variance, c.mean, c.variance)
			}
		})
	}
}

// The wanted values are sums of the negative binomial's probabilities, size m²/(v − m), by hand.
func TestTail(t *testing.T) {
	for sentence, c := range map[string]struct {
		forecast Forecast
		n        int64
		want     float64
	}{
		"mean four, variance eight: size four, even odds": {Forecast{4, 8}, 12, 0.017578125},
		"hardly wider than a Poisson variable":            {Forecast{6, 6.75}, 20, 2.5866909585836595e-05},
		"not far out":                                     {Forecast{6, 6.75}, 14, 0.006203202081492276},
		"a scattered one":                                 {Forecast{6, 40.0 / 3}, 20, 0.0032660956895845805},
		"a Poisson variable":                              {Forecast{6, 6}, 14, 0.0036284927387225663},
		"none or more is certain":                         {Forecast{6, 6.75}, 0, 1},
		"anything surprises where nothing was expected":   {Forecast{}, 1, 0},
	} {
		t.Run(sentence, func(t *testing.T) {
			if got := c.forecast.Tail(c.n); math.Abs(got-c.want) > 1e-9 {
				t.Errorf("got %g, want %g", got, c.want)
			}
		})
	}
}

func TestASurgeIsOneOnlyAgainstItsOwnForecast(t *testing.T) {
	hundred := slices.Repeat([]int64{100}, 70)
	for sentence, c := range map[string]struct {
		past Past
		want State
	}{
		"twenty-five after six a week":                {lived(year(6, map[int]int64{0: 25}), hundred), Escalating},
		"the same when last year brought it too":      {lived(year(6, map[int]int64{0: 25, 51: 25, 52: 25, 53: 25}), hundred), Ongoing},
		"more than last year's season":                {lived(year(6, map[int]int64{0: 45, 51: 18, 52: 18, 53: 18}), hundred), Escalating},
		"twenty where weeks always scatter this much": {lived(append([]int64{20}, 2, 18, 1, 14, 0, 11, 2, 0, 5, 5, 5), hundred), Ongoing},
	} {
		t.Run(sentence, func(t *testing.T) {
			if got := StateOf(c.past, at); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
