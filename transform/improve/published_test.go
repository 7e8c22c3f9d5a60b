package improve_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"wenguo/transform/improve"
)

var first = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

func week(i int) time.Time { return first.AddDate(0, 0, 7*i) }

// near compares with a printed figure to half of its last digit.
func near(t *testing.T, what string, got *float64, want, half float64) {
	t.Helper()
	if got == nil || math.Abs(*got-want) > half {
		t.Errorf("%s is %v, printed %v", what, show(got), want)
	}
}

func show(v *float64) any {
	if v == nil {
		return nil
	}
	return *v
}

func beyond(c improve.Chart) []int {
	var out []int
	for _, s := range c.Signals {
		if s.Rule == improve.Beyond {
			out = append(out, s.Points...)
		}
	}
	slices.Sort(out)
	return out
}

func proportions(numerators, n []int64) []improve.Proportion {
	out := make([]improve.Proportion, len(numerators))
	for i := range out {
		out[i] = improve.Proportion{At: week(i), Numerator: numerators[i], N: n[i], Judged: true}
	}
	return out
}

// Frozen orange juice cans, 30 samples of 50: Montgomery, Introduction to Statistical Quality Control, control chart for
// fraction nonconforming; p̄ = 0.2313, limits 0.0524 and 0.4102, samples 15 and 23 out of control.
func TestAPChartOfEqualSamplesAgreesWithMontgomery(t *testing.T) {
	cans := []int64{12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6}
	c := improve.Rates(proportions(cans, slices.Repeat([]int64{50}, 30)))
	near(t, "the centre", c.Points[0].Centre, .2313, 5e-5)
	near(t, "the lower limit", c.Points[0].Lower, .0524, 5e-5)
	near(t, "the upper limit", c.Points[29].Upper, .4102, 5e-5)
	if got := beyond(c); !slices.Equal(got, []int{14, 22}) {
		t.Errorf("beyond the limits are %v, printed samples 15 and 23", got)
	}
}

// Purchase orders with errors, 25 samples of 80 to 120: Montgomery, the same, "variable sample size"; p̄ = 234/2450, only
// sample 11 (20 of 110) lies outside its limits, whose upper is 0.180 and whose lower is 0.012 by p̄ rounded to 0.096.
func TestAPChartOfUnequalSamplesAgreesWithMontgomery(t *testing.T) {
	n := []int64{100, 80, 80, 100, 110, 110, 100, 100, 90, 90, 110, 120, 120, 120, 110, 80, 80, 80, 90, 100, 100, 100, 100, 90, 90}
	wrong := []int64{12, 8, 6, 9, 10, 12, 11, 16, 10, 6, 20, 15, 9, 8, 6, 8, 10, 7, 5, 8, 5, 8, 10, 6, 9}
	c := improve.Rates(proportions(wrong, n))
	near(t, "the centre", c.Points[0].Centre, 234.0/2450, 1e-12)
	near(t, "the upper limit of sample 11", c.Points[10].Upper, .180, 1e-3)
	near(t, "the lower limit of sample 11", c.Points[10].Lower, .012, 1e-3)
	near(t, "the upper limit of a sample of 100", c.Points[0].Upper, .184, 1e-3)
	near(t, "the lower limit of a sample of 100", c.Points[0].Lower, .007, 1e-3)
	if got := beyond(c); !slices.Equal(got, []int{10}) {
		t.Errorf("beyond the limits are %v, printed sample 11", got)
	}
}

// Printed circuit boards, 26 samples of 100 boards: Montgomery, the same, "c chart"; c̄ = 516/26 = 19.85, limits 6.48 and
// 33.22, samples 6 and 20 out of control.
func TestACChartAgreesWithMontgomery(t *testing.T) {
	faults := []int64{21, 24, 16, 12, 15, 5, 28, 20, 31, 25, 20, 24, 16, 19, 10, 17, 13, 22, 18, 39, 30, 24, 16, 19, 17, 15}
	points := make([]improve.Occurrences, len(faults))
	for i, n := range faults {
		points[i] = improve.Occurrences{At: week(i), Count: n, Exposure: 1, Judged: true}
	}
	c := improve.Counts(points)
	near(t, "the centre", c.Points[0].Centre, 19.85, 5e-3)
	near(t, "the lower limit", c.Points[0].Lower, 6.48, 5e-3)
	near(t, "the upper limit", c.Points[0].Upper, 33.22, 1e-2) // printed from the rounded centre
	if got := beyond(c); !slices.Equal(got, []int{5, 19}) {
		t.Errorf("beyond the limits are %v, printed samples 6 and 20", got)
	}
}

// Dyed cloth, 10 rolls measured in units of 50 m²: Montgomery, the same, "u chart"; ū = 153/107.5 = 1.42, roll 1 of ten
// units has the limits 0.29 and 2.55. Ten rolls are too few here, so that the limits are provisional.
func TestAUChartAgreesWithMontgomery(t *testing.T) {
	faults := []int64{14, 12, 20, 11, 7, 10, 21, 16, 19, 23}
	units := []float64{10, 8, 13, 10, 9.5, 10, 12, 10.5, 12, 12.5}
	points := make([]improve.Occurrences, len(faults))
	for i, n := range faults {
		points[i] = improve.Occurrences{At: week(i), Count: n, Exposure: units[i], Judged: true}
	}
	c := improve.Counts(points)
	near(t, "the centre", c.Points[0].Centre, 1.42, 5e-3)
	near(t, "the lower limit of roll 1", c.Points[0].Lower, .29, 5e-3)
	near(t, "the upper limit of roll 1", c.Points[0].Upper, 2.55, 1e-2) // printed from the rounded centre
	if !c.Phases[0].Provisional || c.Phases[0].Needed != improve.Enough-10 || len(c.Signals) != 0 {
		t.Errorf("ten points: %+v", c.Phases[0])
	}
}

// Flow rate of ten batches: NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2 "Individuals control charts": mean
// 50.81, mean moving range 1.8778, limits 45.8159 and 55.8041.
func TestAnXmRChartAgreesWithNIST(t *testing.T) {
	flow := []float64{49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1}
	c := improve.Individuals(readings(flow...))
	near(t, "the centre", c.Points[0].Centre, 50.81, 5e-3)
	near(t, "the lower limit", c.Points[9].Lower, 45.8159, 5e-5)
	near(t, "the upper limit", c.Points[9].Upper, 55.8041, 5e-5)
	near(t, "the upper warning", c.Points[9].WarnUpper, 50.81+2*1.87778/1.128, 5e-5)
}

func readings(values ...float64) []improve.Reading {
	out := make([]improve.Reading, len(values))
	for i, v := range values {
		out[i] = improve.Reading{At: week(i), Value: &v, N: 40, Judged: true}
	}
	return out
}
