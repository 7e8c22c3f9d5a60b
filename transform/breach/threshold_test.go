package breach

import (
	"math"
	"math/rand/v2"
	"testing"
)

var usual = Rates{Healthy: 0.01, Unhealthy: 0.06}

func TestTheRunLengthIsWhatASimulationCounts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for name, c := range map[string]struct {
		rates     Rates
		threshold float64
	}{
		"low volume":      {usual, 3.25},
		"twenty a day":    {usual, 4.5},
		"a lax promise":   {Rates{0.02, 0.08}, 4},
		"rates far apart": {Rates{0.05, 0.5}, 3},
		"two breaches":    {usual, 2},
	} {
		t.Run(name, func(t *testing.T) {
			const alarms = 1500
			verdicts := 0
			d := NewDetector(c.rates, c.threshold)
			for found := 0; found < alarms; verdicts++ {
				if r.Float64() >= c.rates.Healthy {
					d.Met(1)
				} else if _, alarmed := d.Breached(); alarmed {
					found++
				}
			}
			want, got := float64(verdicts)/alarms, RunLength(c.rates, c.threshold)
			if got < 0.7*want || got > 1.1*want { // standard error .026; a breach is rounded up to whole steps
				t.Errorf("run length %.0f, simulated %.0f", got, want)
			}
		})
	}
}

func TestThresholdsByVolume(t *testing.T) {
	for name, c := range map[string]struct {
		perDay, falseAlarms, want float64
		rates                     Rates
	}{
		"five a day":                            {5, 0.15, 3.26, usual},
		"twenty a day":                          {20, 0.15, 4.56, usual},
		"sixty a day":                           {60, 0.15, 5.49, usual},
		"five hundred a day":                    {500, 0.15, 7.67, usual},
		"six stages share the false alarms":     {20, 0.15 / 6, 6.32, usual},
		"almost nothing counts as one a day":    {0.1, 0.15, 1.87, usual},
		"one breach alone never suffices":       {1, 1000, 1.81, usual},
		"who declares 2 % healthy needs others": {20, 0.15, 4.25, Rates{0.02, 0.06}},
	} {
		t.Run(name, func(t *testing.T) {
			got := Threshold(c.rates, c.perDay, c.falseAlarms)
			if math.Abs(got-c.want) > 0.01 {
				t.Errorf("threshold %.3f, want %.2f", got, c.want)
			}
			if up, _ := c.rates.Steps(); got <= up {
				t.Errorf("threshold %.3f is reached by one breach, %.3f", got, up)
			}
		})
	}
	table := Table{Rates: usual, FalseAlarms: 0.15}
	for range 2 {
		if a, b := table.At(560, 6), Threshold(usual, 20, 0.15/6); a != b {
			t.Errorf("the table says %v, want %v", a, b)
		}
		if a, b := table.At(0, 0), Threshold(usual, 0, 0.15); a != b {
			t.Errorf("the table says %v, want %v", a, b)
		}
	}
	if a, b := Threshold(usual, 17, 0.15), Threshold(usual, 22, 0.15); a != b {
		t.Errorf("the threshold moves with every verdict: %v, %v", a, b)
	}
}
