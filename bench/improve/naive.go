package main

import (
	"math"
	"time"

	"wenguo/transform/improve"
)

// naive is what a spreadsheet does: the weeks after against as many weeks directly before, and a normal test of two Poisson
// counts. It gives the first week after the measure in which it calls it effective, 0 for never; weekly says whether it is
// looked at each week or once, after twelve.
func naive(e improve.Evidence, weekly bool) int {
	done := 0
	for done < len(e.Weeks) && e.Weeks[done].Start.Before(e.DoneAt.Add(-7*24*time.Hour)) {
		done++
	}
	first := 12
	if weekly {
		first = 4
	}
	for k := first; k <= 12 || weekly && k <= 26; k++ {
		var before, after float64
		for i := range k {
			before += float64(e.Weeks[done-1-i].Complaints)
			after += float64(e.Weeks[done+i].Complaints)
		}
		if before+after > 0 && (before-after)/math.Sqrt(before+after) > 1.96 {
			return k
		}
	}
	return 0
}
