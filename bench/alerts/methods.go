package main

import (
	"math"

	"wenguo/transform/breach"
)

// method watches verdicts; it gives the minutes at which it pages and those up to which it keeps firing.
type method struct {
	name      string
	threshold float64
	watch     func([]verdict) []page
}

// page is a stretch of firing, in minutes, the last one included.
type page struct{ from, to int }

// hold is how long an alarm of a detector is held: a further one within it prolongs it and is no page of its own.
const hold = day

// statistic takes verdicts one by one; it begins anew after an alarm.
type statistic interface {
	verdict(met bool) float64
	restart()
}

// detect pages when the statistic reaches the threshold.
func detect(name string, threshold float64, fresh func() statistic) method {
	return method{name, threshold, func(list []verdict) []page {
		s := fresh()
		var pages []page
		for _, v := range list {
			if s.verdict(v.met) < threshold {
				continue
			}
			s.restart()
			if n := len(pages); n > 0 && v.minute <= pages[n-1].to {
				pages[n-1].to = v.minute + hold
			} else {
				pages = append(pages, page{v.minute, v.minute + hold})
			}
		}
		return pages
	}}
}

// cusum is the product's own detector.
func cusum(h float64) method {
	return method{"CUSUM", h, func(list []verdict) []page {
		d := breach.NewDetector(rates, h)
		var pages []page
		for _, v := range list {
			if v.met {
				d.Met(1)
				continue
			}
			if _, alarmed := d.Breached(); !alarmed {
				continue
			}
			if n := len(pages); n > 0 && v.minute <= pages[n-1].to {
				pages[n-1].to = v.minute + hold
			} else {
				pages = append(pages, page{v.minute, v.minute + hold})
			}
		}
		return pages
	}}
}

// counts are prefix sums by minute.
type counts struct{ all, breached []int32 }

func count(list []verdict) counts {
	c := counts{make([]int32, end+1), make([]int32, end+1)}
	for _, v := range list {
		c.all[v.minute+1]++
		if !v.met {
			c.breached[v.minute+1]++
		}
	}
	for i := range end {
		c.all[i+1] += c.all[i]
		c.breached[i+1] += c.breached[i]
	}
	return c
}

// last counts the verdicts of the minutes that end with this one.
func (c counts) last(minute, length int) (n, breached float64) {
	from := max(0, minute+1-length)
	return float64(c.all[minute+1] - c.all[from]), float64(c.breached[minute+1] - c.breached[from])
}

// windows pages when a condition begins to hold; an interruption of five minutes, Alertmanager's group interval, is none.
func windows(name string, fires func(c counts, minute int) bool) method {
	return method{name: name, watch: func(list []verdict) []page {
		c := count(list)
		var pages []page
		for minute := range end {
			if !fires(c, minute) {
				continue
			}
			if n := len(pages); n > 0 && minute <= pages[n-1].to+5 {
				pages[n-1].to = minute
			} else {
				pages = append(pages, page{minute, minute})
			}
		}
		return pages
	}}
}

// textbook are the two paging rules of the SRE workbook: 14.4 times the budget in an hour and five minutes, six times in
// six hours and thirty minutes.
func textbook() method {
	over := func(c counts, minute, length int, factor float64) bool {
		n, breached := c.last(minute, length)
		return n > 0 && breached > factor*budget*n
	}
	return windows("burn rate", func(c counts, minute int) bool {
		return over(c, minute, 60, 14.4) && over(c, minute, 5, 14.4) || over(c, minute, 360, 6) && over(c, minute, 30, 6)
	})
}

// wilson pages when the lower 95 % bound of six hours, one day or three days lies above the budget, with two breaches.
func wilson() method {
	return windows("Wilson windows", func(c counts, minute int) bool {
		for _, length := range []int{360, day, 3 * day} {
			if n, breached := c.last(minute, length); breached >= 2 && lower(breached, n) > budget {
				return true
			}
		}
		return false
	})
}

// lower bound of the Wilson interval.
func lower(k, n float64) float64 {
	const z = 1.96
	p := k / n
	return (p + z*z/(2*n) - z*math.Sqrt(p*(1-p)/n+z*z/(4*n*n))) / (1 + z*z/n)
}

func standard(volume float64) []method {
	return []method{cusum(breach.Threshold(rates, volume, falseAlarms)), wilson(), textbook()}
}
