package main

import (
	"testing"

	"wenguo/transform/improve"
)

// The small form of `make bench-improve`: what it promises, and that the guards are what keeps it.
func TestThePromiseHoldsAndRestsOnTheGuards(t *testing.T) {
	const runs, seed = 200, 20261122
	wild := with("", func(s *scenario) { s.issues, s.spread, s.memory = 20, 2, .5 })
	unguarded := improve.DefaultRules()
	unguarded.Selecting, unguarded.Before, unguarded.Poisson = 0, 12, true
	half := calm()
	half.ratio = .5
	for name, tt := range map[string]struct {
		world       scenario
		called      func(improve.Evidence) bool
		least, most int // of a hundred
	}{
		"an action at a peak without effect is not called effective": {wild, ever(improve.DefaultRules()), 0, 5},
		"without the guards it is":                                   {wild, ever(unguarded), 15, 100},
		"nor does the comparison of before and after see through it": {wild, func(e improve.Evidence) bool { return naive(e, false) > 0 }, 15, 100},
		"a halving at ten a week is found within twelve weeks":       {half, within12(improve.DefaultRules()), 80, 100},
	} {
		t.Run(name, func(t *testing.T) {
			n := count(tt.world, 10, runs, seed, tt.called) * 100
			if n < tt.least*runs || n > tt.most*runs {
				t.Errorf("%.1f %% are called effective, want %d to %d", float64(n)/runs, tt.least, tt.most)
			}
		})
	}
}
