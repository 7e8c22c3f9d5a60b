package kpi_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"wenguo/transform/kpi"
)

// heard has 100 ratings: 40 answered late of which 10 are satisfied, 60 in time of which 50 are.
func heard() kpi.Heard {
	return kpi.Heard{
		All: kpi.Scores{20, 10, 10, 30, 30},
		By: map[kpi.Factor]map[string]kpi.Scores{
			kpi.FactorReply:    {"late": {20, 5, 5, 5, 5}, "met": {0, 5, 5, 25, 25}},
			kpi.FactorReopened: {"yes": {3, 0, 0, 2, 0}, "no": {17, 10, 10, 28, 30}},
			"everybody":        {"all": {20, 10, 10, 30, 30}},
		},
	}
}

func TestDriversRankByTheDissatisfiedThatTheyExplain(t *testing.T) {
	drivers := kpi.Drive(heard(), 30)
	if len(drivers) != 4 {
		t.Fatalf("%d drivers, want 4: what holds everybody has no rest", len(drivers))
	}
	late := drivers[0]
	if late.Value != "late" || late.Verdict != kpi.Worse {
		t.Fatalf("the first is %s, %s", late.Value, late.Verdict)
	}
	// by hand: 10/40 = 25 % against 50/60 = 83.33 %; 60 % of all are satisfied, so 16 of 40 would not be, and 30 are not
	near := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 0.0005 {
			t.Errorf("%s is %.4f, want %.4f", what, got, want)
		}
	}
	near("the difference", *late.Change, -0.58333)
	near("the excess", *late.Excess, 14)
	// Newcombe by hand from the Wilson intervals [0.1419, 0.4019] and [0.7197, 0.9069]
	near("its lower end", late.Spread[0], 0.25-0.833333-math.Hypot(0.25-0.141871, 0.906889-0.833333))
	near("its upper end", late.Spread[1], 0.25-0.833333+math.Hypot(0.401944-0.25, 0.833333-0.719673))
	near("the excess at most", late.ExcessSpread[1], -40*.6*late.Spread[0])
	near("the others' excess", *drivers[1].Excess, -14)
	if weak := drivers[2:]; weak[0].Value != "yes" || weak[0].Verdict != kpi.TooFew || weak[1].Verdict != kpi.TooFew {
		t.Errorf("five ratings are judged: %+v", weak)
	}
}

func TestWhatAddsUpIsShownAddingUp(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		ratio := rapid.Custom(func(t *rapid.T) kpi.Ratio {
			n := rapid.Int64Range(0, 40).Draw(t, "n")
			return kpi.Ratio{Numerator: rapid.Int64Range(0, n).Draw(t, "of"), Denominator: n}
		})
		period := rapid.MapOfN(rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"}), ratio, 0, 9)
		d, ok := kpi.Decompose(period.Draw(rt, "before"), period.Draw(rt, "now"))
		if !ok {
			return
		}
		const unit = 0.0001
		s := d.Shown(unit)
		var mix, rate int64
		for i, e := range s.Effects {
			mix, rate = mix+e.Mix, rate+e.Rate
			if math.Abs(float64(e.Mix)-d.Effects[i].Mix/unit) > 2 || math.Abs(float64(e.Rate)-d.Effects[i].Rate/unit) > 2 {
				rt.Fatalf("%+v is shown as %+v", d.Effects[i], e)
			}
		}
		if mix != s.Mix || rate != s.Rate || s.Mix+s.Rate != s.Change || math.Abs(float64(s.Change)-d.Change/unit) > .5+1e-6 {
			rt.Fatalf("shown %+v of %+v", s, d)
		}
	})
}

func TestApportionGivesWhatIsLeftToTheGreatestRemainders(t *testing.T) {
	for sentence, c := range map[string]struct {
		parts []float64
		total int64
		want  []int64
	}{
		"two thirds come before one third": {[]float64{1.0 / 3, 2.0 / 3, 1}, 2, []int64{0, 1, 1}},
		"negative parts round down first":  {[]float64{-1.5, 2.5}, 1, []int64{-1, 2}},
		"a total that lies below":          {[]float64{1, 1}, 1, []int64{1, 0}},
		"nothing":                          {nil, 0, nil},
	} {
		t.Run(sentence, func(t *testing.T) {
			got := kpi.Apportion(c.parts, 1, c.total)
			if len(got) != len(c.want) {
				t.Fatalf("%v, want %v", got, c.want)
			}
			for i := range got {
				if got[i] != c.want[i] {
					t.Fatalf("%v, want %v", got, c.want)
				}
			}
		})
	}
}
