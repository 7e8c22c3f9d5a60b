package issue

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
)

// each calls work for every i below n, in chunks shared by the workers; work's first argument is the worker's number.
// after is told, between chunks, how many are done.
func each(ctx context.Context, workers, n int, after func(done int), work func(worker, i int)) error {
	const chunk = 64
	var next, done atomic.Int64
	var mu sync.Mutex
	var wg sync.WaitGroup
	for w := range min(workers, n/chunk+1) {
		wg.Go(func() {
			for ctx.Err() == nil {
				from := int(next.Add(chunk)) - chunk
				if from >= n {
					return
				}
				to := min(from+chunk, n)
				for i := from; i < to; i++ {
					work(w, i)
				}
				d := done.Add(int64(to - from))
				if after != nil {
					mu.Lock()
					after(int(d))
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("discover issues: %w", err)
	}
	return nil
}

// share turns a step's progress into the whole's, where the step covers from to to.
func (o Options) share(step string, from, to float64, n int) func(done int) {
	return func(done int) { o.Progress(step, from+(to-from)*float64(done)/float64(max(n, 1))) }
}
