package kpi_test

import (
	"math"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"wenguo/transform/kpi"
)

// Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998), table I, method 3.
func TestWilsonAgreesWithNewcombe(t *testing.T) {
	for _, tt := range []struct {
		r, n      int64
		low, high float64
	}{
		{81, 263, 0.2553, 0.3662},
		{15, 148, 0.0624, 0.1605},
		{0, 20, 0, 0.1611},
		{1, 29, 0.0061, 0.1718},
	} {
		got := kpi.Wilson(tt.r, tt.n)
		if math.Abs(got[0]-tt.low) > 5e-5 || math.Abs(got[1]-tt.high) > 5e-5 {
			t.Errorf("%d of %d: %.4f, want [%.4f %.4f]", tt.r, tt.n, got, tt.low, tt.high)
		}
	}
}

// Remission times of the 6-MP group in Freireich et al., Blood 21 (1963), as worked in Gehan, Biometrika 52 (1965).
func TestKaplanMeierAgreesWithGehan(t *testing.T) {
	events := []int64{6, 6, 6, 7, 10, 13, 16, 22, 23}
	censored := []int64{6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35}
	want := map[int64]float64{6: .857, 7: .807, 10: .753, 13: .690, 16: .627, 22: .538, 23: .448}
	curve := kpi.KaplanMeier(events, censored)
	if len(curve) != len(want) {
		t.Fatalf("%d steps, want %d", len(curve), len(want))
	}
	for _, s := range curve {
		if math.Abs(s.Share-want[s.Time]) > 5e-4 {
			t.Errorf("S(%d) = %.3f, want %.3f", s.Time, s.Share, want[s.Time])
		}
	}
	if median, ok := kpi.Reached(curve, 50); !ok || median != 23 {
		t.Errorf("median %d, want 23", median)
	}
	if _, ok := kpi.Reached(curve, 90); ok {
		t.Error("P90 is reached although 45 % are still in remission")
	}
}

func TestWithoutCensoringKaplanMeierIsNearestRank(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		list := rapid.SliceOfN(rapid.Int64Range(0, 50), 1, 200).Draw(rt, "times")
		sorted := slices.Sorted(slices.Values(list))
		curve := kpi.KaplanMeier(list, nil)
		for _, p := range []int{50, 90, 95} {
			if got, ok := kpi.Reached(curve, p); !ok || got != kpi.NearestRank(sorted, p) {
				rt.Fatalf("P%d = %d, nearest rank %d", p, got, kpi.NearestRank(sorted, p))
			}
		}
	})
}

// The product of the estimate in exact fractions, and its smallest time by the same rule without a tolerance.
func exactReached(events, censored []int64, percent int64) (int64, bool) {
	share := big.NewRat(1, 1)
	for _, t := range slices.Compact(slices.Sorted(slices.Values(events))) {
		var now, waiting int64
		for _, e := range events {
			if e == t {
				now++
			}
			if e >= t {
				waiting++
			}
		}
		for _, c := range censored {
			if c >= t { // of one instant events come before censorings
				waiting++
			}
		}
		share.Mul(share, big.NewRat(waiting-now, waiting))
		if share.Cmp(big.NewRat(100-percent, 100)) <= 0 {
			return t, true
		}
	}
	return 0, false
}

func TestKaplanMeierIsThatOfExactFractions(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		times := rapid.SliceOfN(rapid.Int64Range(0, 40), 0, 150)
		events, censored := times.Draw(rt, "events"), times.Draw(rt, "censored")
		curve := kpi.KaplanMeier(events, censored)
		for _, p := range []int{50, 90, 95} {
			got, ok := kpi.Reached(curve, p)
			if want, reached := exactReached(events, censored, int64(p)); got != want || ok != reached {
				rt.Fatalf("P%d = %d %v, exactly %d %v", p, got, ok, want, reached)
			}
		}
	})
}

// A product of rounded factors may lie a little above the share that it stands for.
func TestReachedForgivesRoundingAndNoMore(t *testing.T) {
	for share, want := range map[float64]bool{.5: true, .5 + 9e-10: true, .5 + 2e-9: false, .1: true} {
		if _, ok := kpi.Reached([]kpi.Survival{{Time: 7, Share: share}}, 50); ok != want {
			t.Errorf("half still wait at %.10f: reached %v", share, ok)
		}
	}
}

// Of 100 offered 40 answered, of whom 30 were satisfied: had all 60 silent been dissatisfied 30 % were, had all been
// satisfied 90 % (Manski, Partial Identification of Probability Distributions, worst-case bounds).
func TestNonResponseBounds(t *testing.T) {
	e, _ := kpi.Lookup("satisfaction")
	got := kpi.Answer(e, kpi.Counts{
		"numerator": 33, "denominator": 44, "sum": 170, "offered": 100, "answered": 40, "satisfied": 30,
		"first_numerator": 20, "first_denominator": 25, "first_sum": 95,
	}, nil, 30, false)
	bounds, part, first := got.More["non_response"], got.More["participation"], got.More["first"]
	if *bounds.Interval != [2]float64{.3, .9} || *bounds.Value != .3 || bounds.N != 100 || bounds.Numerator != 30 || bounds.State != kpi.OK {
		t.Errorf("bounds %+v", bounds)
	}
	if *part.Value != .4 || part.Pending != 60 || *got.Value != .75 || got.N != 44 || got.Pending != 60 || *got.Mean != 170.0/44 {
		t.Errorf("satisfaction %+v, participation %+v", got, part)
	}
	if *first.Value != .8 || *first.Mean != 3.8 || first.State != kpi.Insufficient {
		t.Errorf("first ratings %+v", first)
	}
	none := kpi.Answer(e, kpi.Counts{}, nil, 30, false)
	if b := none.More["non_response"]; none.State != kpi.NoData || none.Value != nil || b.State != kpi.NoData || b.Interval != nil {
		t.Errorf("nothing offered: %+v", none)
	}
}

func TestStates(t *testing.T) {
	for name, tt := range map[string]struct {
		got  kpi.Value
		want kpi.State
	}{
		"nothing counted is no data":                   {kpi.Rate(0, 0, 3, 30, true), kpi.NoData},
		"few are insufficient even where immature":     {kpi.Rate(1, 29, 0, 30, true), kpi.Insufficient},
		"a young cohort is immature":                   {kpi.Rate(1, 30, 0, 30, true), kpi.Immature},
		"enough is ok":                                 {kpi.Rate(1, 30, 0, 30, false), kpi.OK},
		"a count of nothing is ok":                     {kpi.Count(0), kpi.OK},
		"a median that most still wait for":            {kpi.Waiting(ones(10), ones(30), 0, 30), kpi.NotReached},
		"too few to say that it is not reached":        {kpi.Waiting(ones(3), ones(9), 0, 30), kpi.Insufficient},
		"events come before censorings of one instant": {kpi.Waiting(ones(20), ones(20), 0, 30), kpi.OK},
	} {
		t.Run(name, func(t *testing.T) {
			if tt.got.State != tt.want {
				t.Errorf("state %s, want %s", tt.got.State, tt.want)
			}
			if tt.got.N > 0 && tt.want != kpi.NotReached && tt.got.Value == nil && name != "too few to say that it is not reached" {
				t.Error("no value although something was counted")
			}
		})
	}
}

func ones(n int) []int64 { return slices.Repeat([]int64{1}, n) }
