package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"wenguo/transform"
	"wenguo/transform/backtest"
	"wenguo/warehouse"
)

const (
	// The first replay waits until the start has settled; the following keep the page of alerts up to date.
	replayFirst = 2 * time.Minute
	replayEvery = 6 * time.Hour
	replaySpan  = 28 * 24 * time.Hour
)

// replay keeps what the alerts would have done in the last 28 days, for the page of alerts.
type replay struct {
	store *warehouse.Store
	rules transform.Rules
	log   *slog.Logger
	last  atomic.Pointer[backtest.Report]
}

// Last is the newest report; false before there is one.
func (r *replay) Last() (backtest.Report, bool) {
	if report := r.last.Load(); report != nil {
		return *report, true
	}
	return backtest.Report{}, false
}

// Run replays until ctx ends. A replay that fails leaves the one before.
func (r *replay) Run(ctx context.Context) error {
	wait := replayFirst
	for {
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return nil
		}
		wait = replayEvery
		if err := r.once(ctx); err != nil && ctx.Err() == nil {
			r.log.Warn("the alerts were not replayed", "error", err)
		}
	}
}

func (r *replay) once(ctx context.Context) error {
	now := time.Now().Truncate(time.Millisecond)
	h := backtest.New(r.rules.Current(), now.Add(-replaySpan), now)
	if err := r.store.EachPast(ctx, h.Since(), h.To(), h.Add); err != nil {
		return fmt.Errorf("replay alerts: %w", err)
	}
	report := h.Run()
	r.last.Store(&report)
	return nil
}
