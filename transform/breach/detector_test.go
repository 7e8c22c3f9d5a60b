package breach

import (
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var noon = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)

// sequence reads one letter a verdict: b is breached, m is met; one is due every hour up to noon.
func sequence(letters string) Sequence {
	var s Sequence
	for i, l := range letters {
		s.Add(noon.Add(time.Duration(i-len(letters))*time.Hour), l == 'm')
	}
	return s
}

func TestWhatIsShownOfVerdicts(t *testing.T) {
	const h = 3.26 // five a day
	met := strings.Repeat("m", 8)
	for name, c := range map[string]struct {
		letters string
		at      time.Duration
		fires   bool
		s       float64
	}{
		"no verdict":                                 {"", 0, false, 0},
		"one of three":                               {"bmm", 0, false, 1.688},
		"three of twelve":                            {"mmmbmmbmmmbm", 0, true, 5.064 - 1.733}, // the second reached 3.479 and began anew
		"three of forty, far apart":                  {"b" + strings.Repeat("m", 19) + "b" + strings.Repeat("m", 18) + "b", 0, true, 0},
		"three of a hundred":                         {"b" + strings.Repeat("m", 49) + "b" + strings.Repeat("m", 48) + "b", 0, false, 1.792},
		"three of forty, close together":             {strings.Repeat("m", 30) + "bbb" + strings.Repeat("m", 7), 0, true, 0},
		"met clocks never lead below zero":           {strings.Repeat("m", 500), 0, false, 0},
		"healthy again, the alarm is held":           {"bb" + met, 0, true, 0},
		"a second before the hold ends":              {"bb", 23*time.Hour - time.Second, true, 0},
		"when the hold ends":                         {"bb", 23 * time.Hour, false, 0},
		"detection went on at zero while it is held": {"bbb", 24 * time.Hour, false, 1.792},
	} {
		t.Run(name, func(t *testing.T) {
			got := Standing(sequence(c.letters), usual, h, 24*time.Hour, noon.Add(c.at))
			if (got >= h) != c.fires {
				t.Errorf("S = %.3f fires: %t", got, got >= h)
			}
			if c.s != 0 && !c.fires && math.Abs(got-c.s) > 0.002 {
				t.Errorf("S = %.3f, want %.3f", got, c.s)
			}
		})
	}
}

func TestALateCorrectionTakesTheAlarmBack(t *testing.T) {
	if got := Standing(sequence("mbmb"), usual, 3.26, 24*time.Hour, noon); got < 3.26 {
		t.Fatalf("S = %.3f does not fire", got)
	}
	if got := Standing(sequence("mbmm"), usual, 3.26, 24*time.Hour, noon); got >= 3.26 {
		t.Errorf("S = %.3f still fires when the second breach was none", got)
	}
}

func TestACompactSequenceIsTheTextbookRecursion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		met := rapid.SliceOfN(rapid.Float64Range(0, 1), 0, 300).Draw(t, "met")
		share := rapid.Float64Range(0.5, 1).Draw(t, "share")
		h := rapid.Float64Range(1.8, 8).Draw(t, "threshold")
		var s Sequence
		sum, alarms := 0.0, 0
		for i, m := range met {
			s.Add(noon.Add(time.Duration(i)*time.Minute), m < share)
			step := math.Log(0.94 / 0.99)
			if m >= share {
				step = math.Log(6)
			}
			if sum = max(0, sum+step); sum >= h {
				sum, alarms = 0, alarms+1
			}
		}
		found, end := Alarms(s, usual, h)
		if len(found) != alarms || math.Abs(end-sum) > 1e-9 || s.Verdicts() != len(met) {
			t.Fatalf("%d alarms and S = %v of %d, want %d and %v of %d", len(found), end, s.Verdicts(), alarms, sum, len(met))
		}
	})
}
