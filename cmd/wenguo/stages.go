package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// stages run side by side, started in order and stopped in the opposite order, each only after the one started later has
// ended: what feeds stops before what is fed.
type stages struct {
	log  *slog.Logger
	all  []*stage
	once sync.Once
	fail chan struct{}
	why  error
}

type stage struct {
	name  string
	stop  context.CancelFunc
	ended chan struct{}
	err   error
}

func newStages(log *slog.Logger) *stages {
	return &stages{log: log, fail: make(chan struct{})}
}

// start runs a stage until stop, whatever becomes of ctx, so that stages end in order; one that ends by itself, with or without an error, fails the whole.
func (s *stages) start(ctx context.Context, name string, run func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	st := &stage{name: name, stop: cancel, ended: make(chan struct{})}
	s.all = append(s.all, st)
	go func() {
		defer close(st.ended)
		st.err = run(ctx)
		if ctx.Err() != nil {
			return
		}
		s.once.Do(func() {
			s.why = st.err
			if s.why == nil {
				s.why = fmt.Errorf("%s ended by itself", name)
			}
			close(s.fail)
		})
	}()
}

// failed is closed when a stage ended by itself; err then says why.
func (s *stages) failed() <-chan struct{} { return s.fail }

func (s *stages) err() error { return s.why }

// stopTime bounds the whole stop. What has not ended by then can be lost without harm: whatever counts is acknowledged only
// after it is stored.
const stopTime = 9 * time.Second

// stop ends the stages, the last one first, and gives what went wrong with any.
func (s *stages) stop() error {
	var all error
	deadline := time.After(stopTime)
	for _, st := range slices.Backward(s.all) {
		started := time.Now()
		st.stop()
		select {
		case <-st.ended:
			s.log.Debug("stopped", "stage", st.name, "seconds", time.Since(started).Seconds())
		case <-deadline:
			closed := make(chan time.Time)
			close(closed)
			deadline = closed // the others get no more time
			all = errors.Join(all, fmt.Errorf("%s did not stop within %s", st.name, stopTime))
			continue
		}
		if st.err != nil && st.err != s.why && !errors.Is(st.err, context.Canceled) { //nolint:errorlint // the very same error is told already
			all = errors.Join(all, fmt.Errorf("%s: %w", st.name, st.err))
		}
	}
	s.all = nil
	return all
}
