package dashboard

import (
	"context"

	"wenguo/dashboard/account"
	"wenguo/transform/kpi"
	"wenguo/transform/restate"
)

// Papers, and what was published of them, are of the whole organisation.

// arrived is the answer of PaperReader.Arrived.
type arrived struct {
	changes []restate.Change
	whole   bool
}

// Publications are of the whole organisation.
func (r scoped) Publications(ctx context.Context) ([]restate.Publication, error) {
	return unlimited(ctx, r, account.Reports, func() ([]restate.Publication, error) { return r.all.Publications(ctx) })
}

// Known is of the whole store, which says nothing of a complaint.
func (r scoped) Known(ctx context.Context) (map[int]int64, uint32, error) {
	if _, _, err := r.of(ctx); err != nil {
		return nil, 0, err
	}
	return r.all.Known(ctx)
}

// Arrived names complaints of everybody.
func (r scoped) Arrived(ctx context.Context, p restate.Publication) ([]restate.Change, bool, error) {
	a, err := unlimited(ctx, r, account.Reports, func() (arrived, error) {
		changes, whole, err := r.all.Arrived(ctx, p)
		return arrived{changes, whole}, err
	})
	return a.changes, a.whole, err
}

// Looks compares departments and people with each other.
func (r scoped) Looks(ctx context.Context, q kpi.Query) ([]kpi.Look, error) {
	return unlimited(ctx, r, account.Reports, func() ([]kpi.Look, error) { return r.all.Looks(ctx, q) })
}
