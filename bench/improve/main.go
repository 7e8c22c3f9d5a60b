// Command improve simulates improvement actions: how often an action without effect is called effective, and how soon a
// halving is found, by the rules of the product, by the rules without each of their guards, and by the comparison of before
// and after that a spreadsheet makes. Every figure follows from the seed.
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"wenguo/transform/improve"
	"wenguo/transform/kpi"
)

func main() {
	runs := flag.Int("runs", 500, "actions for each figure")
	seed := flag.Uint64("seed", 20261122, "seed of everything")
	only := flag.String("only", "", "worlds whose name contains it")
	flag.Parse()
	rates := []float64{2, 10, 50}

	fmt.Println("Called effective in any of the weekly looks of half a year, though nothing changed")
	head(rates)
	for _, s := range named(nothing(), *only) {
		line(s, rates, *runs, *seed, "wenguo", ever(improve.DefaultRules()))
		line(s, rates, *runs, *seed, "before and after, once", func(e improve.Evidence) bool { return naive(e, false) > 0 })
		line(s, rates, *runs, *seed, "before and after, weekly", func(e improve.Evidence) bool { return naive(e, true) > 0 })
	}
	fmt.Println("\nThe same without one of the guards")
	head(rates)
	for _, a := range ablations() {
		if !strings.Contains(a.scenario.name, *only) {
			continue
		}
		line(a.scenario, rates, *runs, *seed, a.name, ever(a.rules))
	}
	fmt.Println("\nCalled effective within 12 weeks when the action halves the issue")
	head(rates)
	for _, s := range named(halving(), *only) {
		line(s, rates, *runs, *seed, "wenguo", within12(improve.DefaultRules()))
		line(s, rates, *runs, *seed, "before and after, once", func(e improve.Evidence) bool { return naive(e, false) > 0 })
	}
	if *only == "" || *only == "return" {
		returns(rates, *runs, *seed)
	}
}

func head(rates []float64) {
	fmt.Print("| world | method |")
	for _, r := range rates {
		fmt.Printf(" %g a week |", r)
	}
	fmt.Print("\n|---|---|")
	for range rates {
		fmt.Print("---|")
	}
	fmt.Println()
}

func line(s scenario, rates []float64, runs int, seed uint64, method string, called func(improve.Evidence) bool) {
	fmt.Printf("| %s | %s |", s.name, method)
	for _, rate := range rates {
		n := count(s, rate, runs, seed, called)
		w := kpi.Wilson(int64(n), int64(runs))
		fmt.Printf(" %.1f %% [%.1f, %.1f] |", 100*float64(n)/float64(runs), 100*w[0], 100*w[1])
	}
	fmt.Println()
}

// count is how many of the runs are called effective. Each run has a source of its own, so that every method sees the same.
func count(s scenario, rate float64, runs int, seed uint64, called func(improve.Evidence) bool) int {
	var n atomic.Int64
	var group errgroup.Group
	group.SetLimit(runtime.NumCPU())
	for i := range runs {
		group.Go(func() error {
			rng := rand.New(rand.NewPCG(seed, uint64(i)*1000+uint64(rate))) //nolint:gosec // a simulation follows from its seed
			if called(s.draw(rng, rate)) {
				n.Add(1)
			}
			return nil
		})
	}
	_ = group.Wait() // none fails
	return int(n.Load())
}

// ever says whether any weekly look calls it effective.
func ever(r improve.Rules) func(improve.Evidence) bool {
	judge := improve.NewJudge(r)
	return func(e improve.Evidence) bool { return !judge.Effect(e).First.IsZero() }
}

// within12 says whether a look in the 12 weeks since the measure calls it effective.
func within12(r improve.Rules) func(improve.Evidence) bool {
	judge := improve.NewJudge(r)
	return func(e improve.Evidence) bool {
		first := judge.Effect(e).First
		return !first.IsZero() && !first.After(e.DoneAt.AddDate(0, 0, 12*7))
	}
}

func named(list []scenario, part string) []scenario {
	return slices.DeleteFunc(list, func(s scenario) bool { return !strings.Contains(s.name, part) })
}
