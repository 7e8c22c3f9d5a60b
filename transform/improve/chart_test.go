package improve_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"wenguo/transform/improve"
	"wenguo/transform/kpi"
)

// quiet is a phase of 24 readings with centre 100 and a mean moving range of 11.28, so that sigma is 10: the values
// alternate 94.36 and 105.64.
func quiet() []float64 {
	var out []float64
	for range 12 {
		out = append(out, 94.36, 105.64)
	}
	return out
}

// after draws quiet readings and what follows them, which is judged by the limits of the quiet ones.
func after(values ...float64) improve.Chart {
	return improve.Individuals(readings(append(quiet(), values...)...), week(len(quiet())))
}

func describe(c improve.Chart) []string {
	out := []string{}
	for _, s := range c.Signals {
		var points []int
		for _, i := range s.Points {
			points = append(points, i-len(quiet()))
		}
		out = append(out, fmt.Sprint(s.Rule, " ", s.Side, " ", points))
	}
	return out
}

func TestSignals(t *testing.T) {
	for name, tt := range map[string]struct {
		values []float64
		want   []string
	}{
		"nothing happened":                            {[]float64{101, 97, 103, 99}, []string{}},
		"one beyond the upper limit":                  {[]float64{101, 131, 99}, []string{"beyond_limits high [1]"}},
		"one beyond the lower limit":                  {[]float64{101, 69, 101}, []string{"beyond_limits low [1]"}},
		"one on the limit is within it":               {[]float64{101, 130, 99}, []string{}},
		"six on one side are chance":                  {[]float64{101, 102, 101, 103, 101, 102, 99}, []string{}},
		"seven on one side are a shift":               {[]float64{101, 102, 101, 103, 101, 102, 101}, []string{"shift high [0 1 2 3 4 5 6]"}},
		"eight are one longer shift":                  {[]float64{99, 98, 99, 97, 99, 98, 99, 98}, []string{"shift low [0 1 2 3 4 5 6 7]"}},
		"one on the centre ends the run":              {[]float64{101, 102, 101, 100, 103, 101, 102}, []string{}},
		"seven rising across the centre are a trend":  {[]float64{94, 95, 96, 99, 102, 104, 105}, []string{"trend high [0 1 2 3 4 5 6]"}},
		"six rising are chance":                       {[]float64{95, 96, 99, 102, 104, 105, 98}, []string{}},
		"an equal neighbour ends a trend":             {[]float64{94, 95, 96, 96, 102, 104, 105}, []string{}},
		"seven falling are a trend":                   {[]float64{106, 105, 103, 101, 99, 97, 95}, []string{"trend low [0 1 2 3 4 5 6]"}},
		"two in a row near the limit":                 {[]float64{121, 122, 99}, []string{"near_limit high [0 1]"}},
		"two of three near the limit":                 {[]float64{79, 101, 78}, []string{"near_limit low [0 2]"}},
		"two of four near the limit are chance":       {[]float64{121, 99, 101, 122}, []string{}},
		"one at each limit is chance":                 {[]float64{121, 79, 101}, []string{}},
		"pairs that share a point are one signal":     {[]float64{121, 99, 122, 99, 123}, []string{"near_limit high [0 2 4]"}},
		"two sigma exactly is not near":               {[]float64{120, 120, 99}, []string{}},
		"one beyond counts among the two of three":    {[]float64{131, 121, 99}, []string{"beyond_limits high [0]", "near_limit high [0 1]"}},
		"a zigzag that departs is beyond, not a turn": {[]float64{100, 135, 65}, []string{"beyond_limits high [1]", "beyond_limits low [2]"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := describe(after(tt.values...)); !slices.Equal(got, tt.want) {
				t.Errorf("signals %q, want %q", got, tt.want)
			}
		})
	}
}

func TestAPointThatIsNotJudgedMovesNothing(t *testing.T) {
	rising := readings(101, 102, 400, 101, 103, 101, 102, 101)
	rising[2].Judged, rising[2].N = false, 3
	points := append(readings(quiet()...), rising...)
	for i := range points {
		points[i].At = week(i)
	}
	c := improve.Individuals(points, week(24))
	if got := describe(c); !slices.Equal(got, []string{"shift high [0 1 3 4 5 6 7]"}) {
		t.Errorf("signals %q", got)
	}
	if p := c.Points[26]; *p.Value != 400 || p.N != 3 || p.Judged || len(p.Rules) > 0 || p.Upper == nil {
		t.Errorf("the point that is not judged must be shown with the limits: %+v", p)
	}
	points = points[:24]
	points[10].Judged, points[10].Value = false, new(5000.0)
	near(t, "the centre", improve.Individuals(points).Points[0].Centre, (100*24-94.36)/23, 1e-9)
}

func TestAChangeBeginsAPhaseOfItsOwn(t *testing.T) {
	before, later := slices.Repeat([]int64{30, 34}, 8), slices.Repeat([]int64{12, 16}, 8)
	points := proportions(append(before, later...), slices.Repeat([]int64{100}, 32))
	change := week(16).Add(-36 * time.Hour)

	c := improve.Rates(points, change)
	if len(c.Phases) != 2 || c.Phases[1].From != week(16) || c.Phases[1].Borrowed || len(c.Signals) != 0 {
		t.Fatalf("phases %+v, signals %+v", c.Phases, c.Signals)
	}
	near(t, "the centre before", c.Points[15].Centre, .32, 1e-12)
	near(t, "the centre after", c.Points[16].Centre, .14, 1e-12)
	if c.Points[15].Phase != 0 || c.Points[16].Phase != 1 {
		t.Error("the change is in the wrong place")
	}

	if c := improve.Rates(points); len(c.Phases) != 1 || len(c.Signals) == 0 {
		t.Errorf("without the change the two halves must differ from their common centre: %+v", c.Signals)
	}
	for name, changes := range map[string][]time.Time{
		"two changes between the same points": {change, change.Add(time.Hour)},
		"a change before everything":          {first.AddDate(-1, 0, 0), change},
		"a change after everything":           {change, week(400)},
		"changes in any order":                {week(400), change},
		"a change at the instant of a point":  {week(16)},
	} {
		if c := improve.Rates(points, changes...); len(c.Phases) != 2 || c.Phases[1].From != week(16) {
			t.Errorf("%s: %+v", name, c.Phases)
		}
	}
}

// What follows a change is compared with what was until it has points enough of its own: seven in the better direction
// prove the change at once.
func TestAShortPhaseBorrowsTheLimitsBefore(t *testing.T) {
	before := slices.Repeat([]int64{30, 34}, 8)
	points := proportions(append(before, slices.Repeat([]int64{28}, improve.Enough)...), slices.Repeat([]int64{100}, 16+improve.Enough))
	c := improve.Rates(points[:16+improve.Enough-1], week(16))
	near(t, "the borrowed centre", c.Points[20].Centre, .32, 1e-12)
	if p := c.Phases[1]; !p.Borrowed || p.Needed != 1 || p.Provisional {
		t.Errorf("%+v", p)
	}
	if len(c.Signals) != 1 || c.Signals[0].Rule != improve.Shift || c.Signals[0].Points[0] != 16 || c.Variation(kpi.Lower) != improve.Improving {
		t.Errorf("%+v", c.Signals)
	}
	c = improve.Rates(points, week(16))
	near(t, "its own centre", c.Points[20].Centre, .28, 1e-12)
	if c.Phases[1].Borrowed || len(c.Signals) != 0 || c.Variation(kpi.Lower) != improve.Common {
		t.Errorf("%+v %+v", c.Phases[1], c.Signals)
	}
	// The borrowed centre is kept, the width follows each point's own n.
	points[18].N, points[18].Numerator = 400, 112
	near(t, "the limit of a greater n", improve.Rates(points[:20], week(16)).Points[18].Upper, .32+3*.466476151587624/20, 1e-9)
}

func TestTooFewPointsJudgeNothing(t *testing.T) {
	values := slices.Repeat([]float64{10, 12}, improve.Enough/2)
	values[improve.Enough-1] = 90
	if c := improve.Individuals(readings(values[1:]...)); !c.Phases[0].Provisional || len(c.Signals) != 0 ||
		c.Points[3].Upper == nil || c.Variation(kpi.Higher) != improve.Unknown || c.Assurance(kpi.Higher, 5) != improve.NoAssurance {
		t.Errorf("%d points: %+v %+v", improve.Enough-1, c.Phases, c.Signals)
	}
	if c := improve.Individuals(readings(values...)); c.Phases[0].Provisional || len(c.Signals) == 0 {
		t.Errorf("%d points: %+v", improve.Enough, c.Phases)
	}
	if c := improve.Individuals(readings(7)); c.Points[0].Centre == nil || c.Points[0].Upper != nil {
		t.Errorf("one reading has a centre and no limits: %+v", c.Points[0])
	}
	if c := improve.Rates(nil); len(c.Points) != 0 || c.Variation(kpi.Higher) != improve.Unknown {
		t.Error("nothing must stay nothing")
	}
	if c := improve.Rates([]improve.Proportion{{At: first, Judged: true}}); c.Points[0].Value != nil || c.Points[0].Judged {
		t.Errorf("a step without anything: %+v", c.Points[0])
	}
}

func TestWhatNeverVariesGivesNoSignal(t *testing.T) {
	for _, v := range []float64{0, .1, 259200.123} {
		if c := improve.Individuals(readings(slices.Repeat([]float64{v}, 30)...)); len(c.Signals) != 0 {
			t.Errorf("thirty times %v: %+v", v, c.Signals)
		}
	}
	for _, numerator := range []int64{0, 29, 97} {
		if c := improve.Rates(proportions(slices.Repeat([]int64{numerator}, 30), slices.Repeat([]int64{97}, 30))); len(c.Signals) != 0 {
			t.Errorf("thirty times %d of 97: %+v", numerator, c.Signals)
		}
	}
}

// After a year without a miss one miss is a fact and no measure of spread: sigma is 0 and says nothing.
func TestWithoutSpreadNothingIsFar(t *testing.T) {
	misses := append(slices.Repeat([]int64{0}, 20), 1, 1)
	if c := improve.Rates(proportions(misses, slices.Repeat([]int64{50}, 22)), week(20)); len(c.Signals) != 0 {
		t.Errorf("%+v", c.Signals)
	}
}

func TestLimitsEndWhereValuesDo(t *testing.T) {
	c := improve.Rates(proportions(slices.Repeat([]int64{39, 40}, 10), slices.Repeat([]int64{40}, 20)))
	if *c.Points[0].Upper != 1 || *c.Points[0].WarnUpper != 1 || *c.Points[0].Lower >= *c.Points[0].WarnLower {
		t.Errorf("%v", c.Points[0])
	}
	c = improve.Individuals(readings(slices.Repeat([]float64{1, 30, 9}, 8)...))
	if *c.Points[0].Lower != 0 {
		t.Errorf("a duration below nothing: %v", *c.Points[0].Lower)
	}
}

// Whatever the series, what is drawn holds together.
func TestChartsHoldTogether(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var points []improve.Proportion
		for i := range rapid.IntRange(0, 60).Draw(rt, "points") {
			n := rapid.Int64Range(0, 200).Draw(rt, "n")
			points = append(points, improve.Proportion{
				At: week(i), Numerator: rapid.Int64Range(0, n).Draw(rt, "numerator"), N: n, Judged: rapid.Bool().Draw(rt, "judged"),
			})
		}
		change := week(rapid.IntRange(0, 60).Draw(rt, "change"))
		c := improve.Rates(points, change)
		for i, p := range c.Points {
			if p.Judged && !c.Phases[p.Phase].Provisional && (*p.Lower > *p.Centre || *p.Upper < *p.Centre || *p.WarnLower < *p.Lower || *p.WarnUpper > *p.Upper) {
				rt.Fatalf("limits of %d: %+v", i, p)
			}
			if (len(p.Rules) > 0) && (!p.Judged || c.Phases[p.Phase].Provisional) {
				rt.Fatalf("%d gives a signal and is not judged", i)
			}
		}
		total := 0
		for _, p := range c.Phases {
			total += p.Points
		}
		if total != len(points) {
			rt.Fatalf("phases hold %d of %d points", total, len(points))
		}
		for _, s := range c.Signals {
			if !slices.IsSorted(s.Points) || c.Points[s.Points[0]].Phase != c.Points[s.Points[len(s.Points)-1]].Phase {
				rt.Fatalf("signal %+v", s)
			}
		}
	})
}
