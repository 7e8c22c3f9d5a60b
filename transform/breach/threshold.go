package breach

import (
	"math"
	"time"
)

// Month is the time that false alarms are counted by, and the stretch of verdicts that a detector looks back on.
const Month = 28 * 24 * time.Hour

// Threshold is the lowest h at which a healthy series of so many verdicts a day raises at most falseAlarms in a Month. It
// is never so low that one breach alone reaches it. The volume is rounded up to a power of the square root of two and is
// at least one, so that the threshold does not move with every verdict.
func Threshold(r Rates, perDay, falseAlarms float64) float64 {
	volume := math.Exp2(float64(halfDoublings(perDay)) / 2)
	wanted := volume * Month.Hours() / 24 / falseAlarms
	up, down := r.Steps()
	least := int(math.Floor(up/-down)) + 1
	low, high := least, least
	for RunLength(r, lattice(high, down)) < wanted {
		low, high = high, 2*high
	}
	for low < high {
		if mid := (low + high) / 2; RunLength(r, lattice(mid, down)) < wanted {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return lattice(high, down)
}

// halfDoublings is the rounded volume as an exponent of the square root of two.
func halfDoublings(perDay float64) int {
	if perDay <= 1 {
		return 0
	}
	return int(math.Ceil(2*math.Log2(perDay) - 1e-9))
}

// Table remembers the thresholds of one policy. It is not for use by several goroutines.
type Table struct {
	// Rates of the policy, and the false alarms in a Month that all series of a group may raise together.
	Rates       Rates
	FalseAlarms float64

	known map[[2]int]float64
}

// At is the threshold of a series with so many verdicts in a Month, one of so many that share the false alarms.
func (t *Table) At(verdicts, sharing int) float64 {
	perDay := float64(verdicts) / (Month.Hours() / 24)
	key := [2]int{halfDoublings(perDay), max(1, sharing)}
	h, ok := t.known[key]
	if !ok {
		if t.known == nil {
			t.known = map[[2]int]float64{}
		}
		h = Threshold(t.Rates, perDay, t.FalseAlarms/float64(key[1]))
		t.known[key] = h
	}
	return h
}

// lattice is the sum after so many steps of a met clock.
func lattice(steps int, down float64) float64 { return float64(steps) * -down }

// RunLength is how many verdicts a healthy series has, on average, from S = 0 to its first alarm. It is that of a Markov
// chain whose states are whole steps of a met clock, a breach being rounded up to a number of them, so that it is rather too
// short. The mean from state i is 1 + p·E[i+m] + (1 − p)·E[i−1]; from the top down each becomes a line in the one below it.
func RunLength(r Rates, threshold float64) float64 {
	up, down := r.Steps()
	m, top := int(math.Ceil(up/-down)), int(math.Ceil(threshold/-down-1e-9))
	p := r.Healthy
	// E[i] = at[i] + by[i]·E[i−1] for 0 < i < top.
	at, by := make([]float64, top+1), make([]float64, top+1)
	for i := top - 1; i >= 0; i-- {
		a, b := 0.0, 0.0 // E[i+m] = a + b·E[i]; beyond the top it is 0
		if i+m < top {
			b = 1
			for j := i + m; j > i; j-- {
				a, b = a+b*at[j], b*by[j]
			}
		}
		stay := 1 - p*b
		if i == 0 {
			return (1 + p*a) / (stay - (1 - p))
		}
		at[i], by[i] = (1+p*a)/stay, (1-p)/stay
	}
	return 1
}
