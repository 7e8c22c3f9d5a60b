package main

import (
	"math"
	"math/rand/v2"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"wenguo/transform/improve"
)

// scenario is a world in which actions are taken.
type scenario struct {
	name string
	// ratio is what the action does to the issue's rate: 1 is nothing.
	ratio float64
	// issues are as many as the committee chooses from; it takes the one with the most complaints in the last look weeks.
	issues, look int
	// lead is at most how many weeks pass from the choice until the measure takes effect.
	lead int
	// spread is the variance of a week's complaints by that of chance, at ten a week; memory the correlation of its level
	// with that of the week before.
	spread, memory float64
	// season is the amplitude of the issue's own year, history how many weeks are known before the choice.
	season  float64
	history int
	// surge multiplies the other complaints from the measure on; others are how many there are a week.
	surge, others float64
	// years is how many weeks are drawn after the measure, 0 for 30; back after how many of them the issue is what it was.
	years, back int
	// emerged is how many weeks before the choice the issue appeared at all; 0 for ever.
	emerged int
}

// after is how many weeks are drawn after the measure.
const after = 30

// draw makes one action and what follows it.
func (s scenario) draw(rng *rand.Rand, rate float64) improve.Evidence {
	chosenAt := s.history
	doneAt := chosenAt + 1 + rng.IntN(max(s.lead, 1))
	total := doneAt + max(after, s.years)
	phase := rng.Float64() * 2 * math.Pi
	best, most := []int64(nil), int64(-1)
	for range max(s.issues, 1) {
		counts := s.counts(rng, rate, total, doneAt, phase)
		last := int64(0)
		for _, n := range counts[chosenAt-max(s.look, 1)+1 : chosenAt+1] {
			last += n
		}
		if last > most {
			best, most = counts, last
		}
	}
	start := time.Date(2022, 1, 3, 0, 0, 0, 0, time.UTC)
	at := func(week int) time.Time { return start.AddDate(0, 0, 7*week) }
	e := improve.Evidence{
		Exposure: improve.ByComplaints, OpenedAt: at(chosenAt).Add(120 * time.Hour), DoneAt: at(doneAt).Add(60 * time.Hour), AsOf: at(total),
	}
	for w, n := range best {
		others := s.others
		if w >= doneAt {
			others *= s.surge
		}
		e.Weeks = append(e.Weeks, improve.Week{Start: at(w), Complaints: n, Exposure: poisson(rng, others)})
	}
	return e
}

// counts draws the weeks of one issue: Poisson around a level that is log-normal and remembers itself.
func (s scenario) counts(rng *rand.Rand, rate float64, total, doneAt int, phase float64) []int64 {
	out := make([]int64, total)
	sigma := math.Sqrt(math.Log(1 + max(0, s.spread-1)/10))
	level := rng.NormFloat64() * sigma
	for w := range out {
		mean := rate * math.Exp(level-sigma*sigma/2) * (1 + s.season*math.Sin(2*math.Pi*float64(w)/52+phase))
		if w >= doneAt && (s.back == 0 || w < doneAt+s.back) {
			mean *= s.ratio
		}
		if s.emerged > 0 && w < s.history-s.emerged {
			mean = 0
		}
		out[w] = int64(poisson(rng, mean))
		level = s.memory*level + math.Sqrt(1-s.memory*s.memory)*rng.NormFloat64()*sigma
	}
	return out
}

func poisson(rng *rand.Rand, mean float64) float64 {
	if mean <= 0 {
		return 0
	}
	return distuv.Poisson{Lambda: mean, Src: rng}.Rand()
}
