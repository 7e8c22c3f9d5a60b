package main

import (
	"fmt"
	"time"

	"wenguo/transform/improve"
)

// acceptedAfter is after how many weeks people accept the effect, watched for how many they go on looking.
const (
	acceptedAfter = 14
	watched       = 52
)

// returns prints how often an action is reopened in the year after its acceptance.
func returns(rates []float64, runs int, seed uint64) {
	fmt.Println("\nReopened in a year of weekly looks after the acceptance, though nothing changed since")
	head(rates)
	year := func(name string, change func(*scenario)) scenario {
		return with(name, func(s *scenario) { s.ratio, s.years = .5, acceptedAfter+watched; change(s) })
	}
	for _, s := range []scenario{
		year("chance alone", func(*scenario) {}),
		year("variance doubled", func(s *scenario) { s.spread = 2 }),
		year("variance doubled, memory .5", func(s *scenario) { s.spread, s.memory = 2, .5 }),
	} {
		line(s, rates, runs, seed, "wenguo", returned(watched))
	}
	fmt.Println("\nReopened within 12 weeks after the issue is again what it was before the measure")
	head(rates)
	line(year("chance alone", func(s *scenario) { s.back = acceptedAfter + 1 }), rates, runs, seed, "wenguo", returned(13))
}

// returned says whether one of the weekly looks since the acceptance finds a return.
func returned(weeks int) func(improve.Evidence) bool {
	judge := improve.NewJudge(improve.DefaultRules())
	return func(e improve.Evidence) bool {
		a := improve.Action{
			ID: "a", Issue: "i", OpenedAt: e.OpenedAt, Done: e.DoneAt, State: improve.Closed, Verdict: improve.Effective,
			VerifiedAt: e.DoneAt.AddDate(0, 0, 7*acceptedAfter), ClosedAt: e.DoneAt.AddDate(0, 0, 7*acceptedAfter),
		}
		for k := 1; k <= weeks; k++ {
			e.AsOf = a.ClosedAt.AddDate(0, 0, 7*k).Add(time.Hour)
			if _, back := judge.Returned(a, e); back {
				return true
			}
		}
		return false
	}
}
