package improve_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"wenguo/transform/improve"
	"wenguo/transform/kpi"
)

func TestVariation(t *testing.T) {
	for name, tt := range map[string]struct {
		values []float64
		better kpi.Direction
		want   improve.Variation
	}{
		"noise is nothing to explain":                  {[]float64{101, 98}, kpi.Lower, improve.Common},
		"higher is worse where lower is better":        {[]float64{131}, kpi.Lower, improve.Concerning},
		"higher is better where higher is better":      {[]float64{131}, kpi.Higher, improve.Improving},
		"a signal that is over tells nothing of today": {[]float64{131, 99}, kpi.Lower, improve.Common},
		"a falling trend below nothing":                {[]float64{106, 105, 103, 101, 99, 97, 95}, kpi.Lower, improve.Improving},
		"beyond the limit outweighs the trend to it":   {[]float64{60, 61, 62, 63, 64, 65, 66}, kpi.Higher, improve.Concerning},
	} {
		if got := after(tt.values...).Variation(tt.better); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

func TestAssurance(t *testing.T) {
	c := after() // centre 100, limits 70 and 130
	for name, tt := range map[string]struct {
		better kpi.Direction
		target float64
		want   improve.Assurance
	}{
		"at least 60 is always met":   {kpi.Higher, 60, improve.Capable},
		"at least 90 is chance":       {kpi.Higher, 90, improve.Chance},
		"at least 131 is never met":   {kpi.Higher, 131, improve.Incapable},
		"at most 131 is always met":   {kpi.Lower, 131, improve.Capable},
		"at most 110 is chance":       {kpi.Lower, 110, improve.Chance},
		"at most 60 is never reached": {kpi.Lower, 60, improve.Incapable},
	} {
		if got := c.Assurance(tt.better, tt.target); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

func series(step kpi.Step, starts []time.Time, point func(i int) kpi.Point) kpi.Series {
	s := kpi.Series{Step: step}
	for i, at := range starts {
		p := point(i)
		p.Start = at
		s.Points = append(s.Points, p)
	}
	return s
}

func TestOfAKeyFigure(t *testing.T) {
	zone := time.FixedZone("", 8*3600)
	month := func(m int) time.Time { return time.Date(2025, time.Month(m), 1, 0, 0, 0, 0, zone) }
	var starts []time.Time
	for m := 1; m <= 14; m++ {
		starts = append(starts, month(m))
	}
	state := func(i int) kpi.State { return []kpi.State{kpi.OK, kpi.Insufficient, kpi.Immature}[max(0, i-11)] }
	judged := func(c improve.Chart) []int {
		var out []int
		for i, p := range c.Points {
			if p.Judged {
				out = append(out, i)
			}
		}
		return out
	}
	thirds := func(i int) kpi.Point { return kpi.Point{Value: new(float64(i+1) / 33), N: 33, State: state(i)} }

	rate, _ := kpi.Lookup("completion")
	c := improve.Of(rate, series(kpi.Month, starts, thirds), month(15))
	if c.Kind != improve.Rate || !slices.Equal(judged(c), []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}) {
		t.Errorf("a rate: %s, judged %v", c.Kind, judged(c))
	}
	near(t, "the centre", c.Points[0].Centre, 78.0/(12*33), 1e-12)

	duration, _ := kpi.Lookup("first_response")
	c = improve.Of(duration, series(kpi.Month, starts, func(i int) kpi.Point {
		if i == 3 {
			return kpi.Point{N: 40, State: kpi.NotReached}
		}
		return kpi.Point{Value: new(60.0 * float64(i)), N: 40, State: kpi.OK}
	}), month(15))
	if c.Kind != improve.Individual || slices.Contains(judged(c), 3) || len(judged(c)) != 13 {
		t.Errorf("a duration: %s, judged %v", c.Kind, judged(c))
	}

	count, _ := kpi.Lookup("throughput")
	starts[0] = starts[0].AddDate(0, 0, 9) // the period begins within the month
	c = improve.Of(count, series(kpi.Month, starts, func(int) kpi.Point { return kpi.Point{Value: new(9.0), N: 9, State: kpi.OK} }), month(15).Add(-time.Hour))
	if got := judged(c); len(got) != 12 || got[0] != 1 || got[11] != 12 {
		t.Errorf("of a count only whole months are judged: %v", got)
	}
}

// Readers are told how many points a phase needs.
func TestTheDocumentsSayHowManyPointsAreEnough(t *testing.T) {
	wanted := fmt.Sprintf("至少要有 %d 个可判断的点", improve.Enough)
	if !slices.ContainsFunc(kpi.General, func(c kpi.Convention) bool { return strings.Contains(c.Rule, wanted) }) {
		t.Errorf("no convention says %q", wanted)
	}
}

func TestWholeSteps(t *testing.T) {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	count, _ := kpi.Lookup("throughput")
	at := func(d, h int) time.Time { return time.Date(2026, 6, d, h, 0, 0, 0, zone) }
	for name, tt := range map[string]struct {
		step         kpi.Step
		start, until time.Time
		want         bool
	}{
		"a day that is over":           {kpi.Day, at(1, 0), at(2, 0), true},
		"a day that is not over":       {kpi.Day, at(1, 0), at(1, 23), false},
		"a day from noon":              {kpi.Day, at(1, 12), at(3, 0), false},
		"a week from Monday":           {kpi.Week, at(1, 0), at(8, 0), true},
		"a week from Tuesday":          {kpi.Week, at(2, 0), at(9, 0), false},
		"a week until Saturday":        {kpi.Week, at(1, 0), at(6, 0), false},
		"a month":                      {kpi.Month, at(1, 0), at(31, 0), true},
		"a start told in another zone": {kpi.Month, at(1, 0).UTC(), at(31, 0), true},
	} {
		s := series(tt.step, []time.Time{tt.start}, func(int) kpi.Point { return kpi.Point{Value: new(1.0), N: 1, State: kpi.OK} })
		if got := improve.Of(count, s, tt.until).Points[0].Judged; got != tt.want {
			t.Errorf("%s: whole %v", name, got)
		}
	}
}
