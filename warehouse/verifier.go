package warehouse

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"wenguo/transform/quality"
)

// The verifier looks soon after the start, then so often that it takes at most a twentieth of the time, and of one processor.
const (
	verifyFirst = time.Minute
	verifyEvery = 10 * time.Minute
	verifyShare = 20
)

// Verifier looks at the store in the background, so that a fault is known before somebody asks.
type Verifier struct {
	store *Store
	now   func() time.Time
	log   *slog.Logger
	last  atomic.Pointer[quality.Verification]
	// first and every are the times before and between looks.
	first, every time.Duration
}

// NewVerifier makes a verifier; nothing is looked at until Run.
func NewVerifier(store *Store, now func() time.Time, log *slog.Logger) *Verifier {
	return &Verifier{store: store, now: now, log: log, first: verifyFirst, every: verifyEvery}
}

// Last is the newest verification; false before there is one.
func (v *Verifier) Last() (quality.Verification, bool) {
	last := v.last.Load()
	if last == nil {
		return quality.Verification{}, false
	}
	return *last, true
}

// Run looks again and again until ctx ends. A look that fails leaves the last one, whose age then grows.
func (v *Verifier) Run(ctx context.Context) error {
	rest := v.first
	for {
		select {
		case <-time.After(rest):
		case <-ctx.Done():
			return nil
		}
		rest = v.every
		found, err := v.store.VerifyAll(quietly(ctx), v.now)
		if ctx.Err() != nil {
			continue // the select above ends
		}
		if err != nil {
			v.log.Warn("the store could not be verified", "error", err)
			continue
		}
		if !found.Exact() {
			v.log.Error("the store is not exact: see wenguo verify and the page of data quality")
		}
		v.last.Store(&found)
		rest = max(rest, verifyShare*found.Took)
	}
}
