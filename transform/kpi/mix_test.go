package kpi

import (
	"fmt"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// Two branches of half the complaints each and with rates of 0.9 and 0.5; then the worse one has grown to three quarters
// and improved to 0.6. Worked by hand: the total went from 0.7 to 0.675; with both periods as standard the mix cost
// ¼·(0.9 − 0.6875) + ¼·(0.6875 − 0.55) = 0.0875 and the better rate gave ⅝·0.1 = 0.0625.
func TestAMoveOfTheTotalIsSplitIntoMixAndRate(t *testing.T) {
	before := map[string]Ratio{"甲": {90, 100}, "乙": {50, 100}}
	now := map[string]Ratio{"甲": {45, 50}, "乙": {90, 150}}
	d, ok := Decompose(before, now)
	if !ok || len(d.Effects) != 2 {
		t.Fatalf("%v %+v", ok, d)
	}
	worse, better := d.Effects[0], d.Effects[1]
	if worse.Value != "乙" {
		t.Fatalf("sorted by value: %+v", d.Effects)
	}
	for name, c := range map[string][2]float64{
		"before": {d.Before, .7}, "now": {d.Now, .675}, "change": {d.Change, -.025}, "mix": {d.Mix, -.0875}, "rate": {d.Rate, .0625},
		"mix of 甲": {better.Mix, -.053125}, "rate of 甲": {better.Rate, 0}, "mix of 乙": {worse.Mix, -.034375}, "rate of 乙": {worse.Rate, .0625},
	} {
		if math.Abs(c[0]-c[1]) > 1e-15 {
			t.Errorf("%s is %v, by hand %v", name, c[0], c[1])
		}
	}
}

func TestMixAndRate(t *testing.T) {
	for name, tt := range map[string]struct {
		before, now map[string]Ratio
		ok          bool
		mix, rate   float64
		effects     int
	}{
		"equal shares and better rates are rate alone": {
			map[string]Ratio{"a": {1, 2}, "b": {1, 4}}, map[string]Ratio{"a": {2, 2}, "b": {2, 4}}, true, 0, 2. / 6, 2,
		},
		"equal rates and other shares are mix alone": {
			map[string]Ratio{"a": {1, 2}, "b": {4, 4}}, map[string]Ratio{"a": {2, 4}, "b": {2, 2}}, true, 4./6 - 5./6, 0, 2,
		},
		"Simpson: every slice better, the total worse": {
			map[string]Ratio{"a": {90, 100}, "b": {2, 10}},
			map[string]Ratio{"a": {10, 10}, "b": {30, 100}},
			true, 40./110 - 92./110 - .1, .1, 2,
		},
		"a new slice is mix alone": {
			map[string]Ratio{"a": {1, 2}}, map[string]Ratio{"a": {1, 2}, "new": {2, 2}}, true, .25, 0, 2,
		},
		"a slice that is gone is mix alone": {
			map[string]Ratio{"a": {1, 2}, "gone": {2, 2}}, map[string]Ratio{"a": {1, 2}, "gone": {0, 0}}, true, -.25, 0, 2,
		},
		"everything is new": {
			map[string]Ratio{"a": {1, 2}}, map[string]Ratio{"b": {2, 2}}, true, .5, 0, 2,
		},
		"a slice of nothing is no slice": {
			map[string]Ratio{"a": {1, 2}, "none": {}}, map[string]Ratio{"a": {1, 2}}, true, 0, 0, 1,
		},
		"nothing before":    {map[string]Ratio{}, map[string]Ratio{"a": {1, 2}}, false, 0, 0, 0},
		"nothing of it now": {map[string]Ratio{"a": {1, 2}}, map[string]Ratio{"a": {}}, false, 0, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			d, ok := Decompose(tt.before, tt.now)
			if ok != tt.ok || math.Abs(d.Mix-tt.mix) > 1e-12 || math.Abs(d.Rate-tt.rate) > 1e-12 || len(d.Effects) != tt.effects {
				t.Errorf("%v %+v, want mix %v and rate %v of %d", ok, d, tt.mix, tt.rate, tt.effects)
			}
		})
	}
}

func TestContributionsAddUpExactly(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		period := func(label string) map[string]Ratio {
			out := map[string]Ratio{}
			for i := range rapid.IntRange(1, 12).Draw(rt, label) {
				if rapid.Bool().Draw(rt, "there") {
					n := rapid.Int64Range(0, 100_000_007).Draw(rt, "n")
					out[fmt.Sprint("s", i)] = Ratio{rapid.Int64Range(0, n).Draw(rt, "numerator"), n}
				}
			}
			return out
		}
		before, now := period("before"), period("now")
		d, ok := Decompose(before, now)
		b, n := sum(before), sum(now)
		if ok != (b.Denominator > 0 && n.Denominator > 0) {
			rt.Fatal(ok)
		}
		if !ok {
			return
		}
		total, floats := new(big.Rat), 0.0
		for _, e := range d.Effects {
			total.Add(total, e.mix)
			total.Add(total, e.rate)
			floats += e.Mix + e.Rate
			if (e.Before.Denominator == 0 || e.Now.Denominator == 0) && e.rate.Sign() != 0 {
				rt.Fatalf("%s has a rate effect without a rate: %v", e.Value, e.rate)
			}
		}
		change := minus(fraction(n.Numerator, n.Denominator), fraction(b.Numerator, b.Denominator))
		if total.Cmp(change) != 0 {
			rt.Fatalf("contributions %v, change %v", total, change)
		}
		if math.Abs(floats-d.Change) > 1e-12 || math.Abs(d.Mix+d.Rate-d.Change) > 1e-12 {
			rt.Fatalf("shown: %v and %v of %v", floats, d.Mix+d.Rate, d.Change)
		}
		if back, _ := Decompose(now, before); back.Mix != -d.Mix || back.Rate != -d.Rate {
			rt.Fatalf("backwards it must be the opposite: %+v, %+v", d, back)
		}
	})
}

func BenchmarkDecompose(b *testing.B) {
	before, now := map[string]Ratio{}, map[string]Ratio{}
	for i := range int64(1000) {
		before[fmt.Sprint(i)], now[fmt.Sprint(i)] = Ratio{i, 10007 + i}, Ratio{i + 3, 9973 + 7*i}
	}
	for b.Loop() {
		Decompose(before, now)
	}
}
