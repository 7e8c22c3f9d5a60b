package simulate

import (
	"math"
)

// Rates of the schedule, as shares of a day's complaints.
const (
	recurringShare = 0.37 // the long-run sum of the issues' own levels; surges and storms come on top
	recurringMost  = 0.66 // and on no day more
	surgePeak      = 0.10 // the surging issue adds this at its peak
	surgeEvery     = 24   // days between the starts of surges
	surgeGrows     = 24   // days a surge rises, so that one always rises
	surgeLasts     = 34   // days until its fix
	residual       = 0.05 // of an issue's rate after its fix
)

// course is how one issue comes and goes: a cycle of quiet, swelling, plateau, fix and aftermath.
type course struct {
	weight  float64
	chronic bool
	period  int
	offset  int
}

type schedule struct {
	seed    uint64
	courses []course
	norm    float64
}

func newSchedule(seed uint64, issues []*topic) schedule {
	s := schedule{seed: seed}
	for i, about := range issues {
		r := stream(seed, purposeIssue, uint64(i))
		c := course{weight: about.weight * math.Exp(0.3*r.NormFloat64()), chronic: i%5 == 2}
		switch {
		case c.chronic:
			c.period = 60 + r.IntN(90)
		case i%14 == 4: // the few that come back within the year
			c.period = 150 + r.IntN(30)
		default:
			c.period = 300 + r.IntN(220)
		}
		c.offset = r.IntN(c.period)
		s.courses = append(s.courses, c)
	}
	const days = 395
	for i := range s.courses {
		for day := range days {
			s.norm += s.level(i, day) / days
		}
	}
	return s
}

// level is an issue's own intensity on a day, before normalisation and without surges.
func (s schedule) level(issue, day int) float64 {
	c := s.courses[issue]
	pos := day + c.offset
	cycle, at := pos/c.period, float64(pos%c.period)
	if c.chronic {
		return c.weight * (0.55 + 0.3*math.Sin(2*math.Pi*at/float64(c.period)))
	}
	starts, swells, fixed := s.cycle(issue, cycle)
	switch {
	case at < starts:
		return 0.02 * c.weight
	case at < starts+swells:
		return c.weight * (0.05 + 1.15*(at-starts)/swells)
	case at < fixed:
		return c.weight * (1 + 0.2*math.Sin(at/9))
	}
	return c.weight * max(0.01, residual*math.Exp(-(at-fixed)/60)) * 1.2
}

// cycle is when in one of its cycles an issue begins to swell, for how long it does, and when it is fixed, in days.
func (s schedule) cycle(issue, cycle int) (starts, swells, fixed float64) {
	r := stream(s.seed, purposeIssue, uint64(issue), uint64(cycle)+1)
	length := float64(s.courses[issue].period)
	starts = length * between(r, 0.02, 0.25)
	swells = between(r, 6, 30)
	return starts, swells, starts + swells + length*between(r, 0.25, 0.55)
}

// fixes are the days before until on which an issue was fixed; a chronic one never is.
func (s schedule) fixes(issue, until int) []int {
	var days []int
	c := s.courses[issue]
	for cycle := c.offset / max(c.period, 1); !c.chronic; cycle++ {
		_, _, fixed := s.cycle(issue, cycle)
		day := cycle*c.period - c.offset + int(fixed)
		if day >= until {
			break
		}
		if day >= 0 {
			days = append(days, day)
		}
	}
	return days
}

// surges gives the issues that surge on a day and their extra shares.
func (s schedule) surges(day int) map[int]float64 {
	extra := map[int]float64{}
	for k := (day - surgeLasts) / surgeEvery; k <= day/surgeEvery; k++ {
		age := day - k*surgeEvery
		if k < 0 || age < 0 || age >= surgeLasts {
			continue
		}
		extra[s.surging(k)] += surgePeak * math.Pow(min(1, float64(age+1)/surgeGrows), 1.6)
	}
	return extra
}

// surging names the issue of surge k: no chronic one, and never the one before again.
func (s schedule) surging(k int) int {
	r := stream(s.seed, purposeSurge, uint64(k/len(s.courses)))
	order := r.Perm(len(s.courses))
	for step := range order {
		if i := order[(k+step*7)%len(order)]; !s.courses[i].chronic {
			return i
		}
	}
	return 0
}

// shares gives each issue's probability on a day; what is missing to 1 belongs to none.
func (s schedule) shares(day int) []float64 {
	out, sum := make([]float64, len(s.courses)), 0.0
	extra := s.surges(day)
	for i := range out {
		out[i] = recurringShare*s.level(i, day)/s.norm + extra[i]
		sum += out[i]
	}
	if sum > recurringMost {
		for i := range out {
			out[i] *= recurringMost / sum
		}
	}
	return out
}

// storm is a day of outage; block k of 85 days has one.
type storm struct {
	day    int
	from   float64 // hour of the day
	hours  float64
	factor float64 // complaints in proportion to a day's
	topic  int
}

const stormEvery = 85

func (s schedule) storm(k, topics int) storm {
	r := stream(s.seed, purposeStorm, uint64(k))
	return storm{
		day: k*stormEvery + 25 + r.IntN(45), from: between(r, 9.5, 19.5), hours: between(r, 1.2, 3.8),
		factor: between(r, 1.1, 2.1), topic: (r.IntN(topics) + k) % topics,
	}
}
