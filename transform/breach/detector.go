package breach

import (
	"math"
	"time"
)

// Rates are the breach rates that the detector tells apart, 0 < Healthy < Unhealthy < 1.
type Rates struct{ Healthy, Unhealthy float64 }

// Steps are what a breached and a met clock add to S, in nats: the log of the ratio of what the two rates gave it. The
// second is negative.
func (r Rates) Steps() (breached, met float64) {
	return math.Log(r.Unhealthy / r.Healthy), math.Log((1 - r.Unhealthy) / (1 - r.Healthy))
}

// Breach is a clock that broke its promise, and how many kept theirs since the breach before it, in the order of their
// deadlines.
type Breach struct {
	Due time.Time
	Met int
}

// Sequence is what was found of clocks, in the order of their deadlines.
type Sequence struct {
	Breaches []Breach
	// Met kept their promise after the last breach.
	Met int
}

// Verdicts counts the clocks of the sequence.
func (s Sequence) Verdicts() int {
	n := len(s.Breaches) + s.Met
	for _, b := range s.Breaches {
		n += b.Met
	}
	return n
}

// Add appends a verdict; deadlines must not fall.
func (s *Sequence) Add(due time.Time, met bool) {
	if met {
		s.Met++
		return
	}
	s.Breaches = append(s.Breaches, Breach{Due: due, Met: s.Met})
	s.Met = 0
}

// Alarm is a breach at which S reached the threshold.
type Alarm struct {
	At time.Time
	S  float64
}

// Detector is a Bernoulli CUSUM. After an alarm detection begins anew at 0, so that a rate that stays unhealthy is told
// again.
type Detector struct {
	// S is where the sum stands, 0 at the start.
	S float64
	// Threshold is where it alarms; it may be moved while verdicts come.
	Threshold float64

	up, down float64
}

// NewDetector makes a detector that has seen nothing.
func NewDetector(r Rates, threshold float64) *Detector {
	d := &Detector{Threshold: threshold}
	d.up, d.down = r.Steps()
	return d
}

// Met takes clocks that kept their promise.
func (d *Detector) Met(n int) { d.S = max(0, d.S+float64(n)*d.down) }

// Breached takes a clock that did not, and gives the S that reached the threshold; false below it.
func (d *Detector) Breached() (float64, bool) {
	d.S += d.up
	if d.S < d.Threshold {
		return d.S, false
	}
	reached := d.S
	d.S = 0
	return reached, true
}

// Alarms replays a sequence. The first alarm is the earliest; S is where the sum stands at the end.
func Alarms(s Sequence, r Rates, threshold float64) (alarms []Alarm, end float64) {
	d := NewDetector(r, threshold)
	for _, b := range s.Breaches {
		d.Met(b.Met)
		if reached, alarmed := d.Breached(); alarmed {
			alarms = append(alarms, Alarm{At: b.Due, S: reached})
		}
	}
	d.Met(s.Met)
	return alarms, d.S
}

// Standing is what is shown of a sequence at an instant: while an alarm is held the S that reached the threshold, so that
// one comparison, S ≥ h, is the whole alert.
func Standing(s Sequence, r Rates, threshold float64, hold time.Duration, at time.Time) float64 {
	alarms, now := Alarms(s, r, threshold)
	if n := len(alarms); n > 0 && at.Before(alarms[n-1].At.Add(hold)) {
		return alarms[n-1].S
	}
	return now
}
