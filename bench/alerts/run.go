package main

import (
	"math/rand/v2"
	"runtime"
	"sync"
)

// result of a method: the pages that began in the judged months, and for each month in which it fired at all the days
// from the month's beginning to then.
type result struct {
	pages  int
	delays []float64
}

// run judges methods on the same verdicts. The order in which months are done does not matter: each has a seed of its own.
func run(months int, seed uint64, k kind, volume, rate float64, methods []method) []result {
	results := make([]result, len(methods))
	var mu sync.Mutex
	var group sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for month := range next {
				list := verdicts(rand.New(rand.NewPCG(seed, uint64(month))), k, volume, rate) //nolint:gosec // a simulation, not a secret
				for i, m := range methods {
					pages, delay, found := judge(m.watch(list))
					mu.Lock()
					results[i].pages += pages
					if found {
						results[i].delays = append(results[i].delays, delay)
					}
					mu.Unlock()
				}
			}
		})
	}
	for month := range months {
		next <- month
	}
	close(next)
	group.Wait()
	return results
}

// judge counts the pages that begin in the second month and finds the first of them. An alarm that prolongs a page of the
// month before is not counted as found, which is hard on whatever holds its alarms.
func judge(pages []page) (n int, delay float64, found bool) {
	for _, p := range pages {
		if p.from < warm {
			continue
		}
		if n == 0 {
			delay, found = float64(p.from-warm)/day, true
		}
		n++
	}
	return n, delay, found
}
