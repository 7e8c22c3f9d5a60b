package warehouse

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"wenguo/transform/kpi"
)

// maturity is how long a cohort's completion stays immature after the end of its period.
const maturity = 72 * time.Hour

// KPIs answers the named key figures, all of them without a name. A figure that the store does not know is absent.
func (s *Store) KPIs(ctx context.Context, q kpi.Query, ids ...string) (kpi.Result, error) {
	r := kpi.Result{From: q.From, To: q.To, AsOf: q.AsOf, Slice: q.Slice, KPIs: map[string]kpi.Value{}}
	found, err := s.figures(ctx, q, []time.Time{q.From, q.To}, "", ids)
	if err != nil {
		return kpi.Result{}, err
	}
	for id, values := range found {
		r.KPIs[id] = values[counted{1, ""}]
	}
	return r, nil
}

// figures answers entries for every bucket between edges, and with by for every value of a dimension. Buckets and
// values without data are filled in for the empty key only.
func (s *Store) figures(
	ctx context.Context, q kpi.Query, edges []time.Time, by kpi.Dimension, ids []string,
) (map[string]map[counted]kpi.Value, error) {
	if len(ids) == 0 {
		ids = kpi.IDs()
	}
	rules, err := s.currentRules()
	if err != nil {
		return nil, err
	}
	ask, err := s.ask(ctx, q, edges, by)
	if err != nil {
		return nil, err
	}
	if err := s.calendars(ask.params, q.AsOf, edges); err != nil {
		return nil, err
	}
	answers, err := ask.all(ctx, ids)
	if err != nil {
		return nil, err
	}
	found := map[string]map[counted]kpi.Value{}
	for _, id := range ids {
		entry, known := kpi.Lookup(id)
		rows, asked := answers[source{entry.Query, entry.Stage}]
		if !known || !asked {
			continue
		}
		minimum := entry.MinimumN
		if minimum > 0 {
			minimum = int64(rules.Current().MinimumN)
		}
		found[id] = map[counted]kpi.Value{}
		keys := slices.Collect(maps.Keys(rows))
		for bucket := 1; bucket < len(edges); bucket++ {
			keys = append(keys, counted{bucket, ""})
		}
		for _, k := range keys {
			if k.bucket < 1 || k.bucket >= len(edges) {
				continue
			}
			immature := q.AsOf.Before(edges[k.bucket].Add(maturity))
			found[id][k] = kpi.Answer(entry, rows[k].counts, rows[k].lists, minimum, immature)
		}
	}
	return found, nil
}

// source is a query and the stage it is asked about: several figures may come from one.
type source struct{ query, stage string }

// all asks what the entries need, each query once and for all its stages.
func (q question) all(ctx context.Context, ids []string) (map[source]map[counted]answer, error) {
	wanted := map[string][]string{} // stages by query
	for _, id := range ids {
		e, known := kpi.Lookup(id)
		if known && q.store.queries[e.Query] != "" && !slices.Contains(wanted[e.Query], e.Stage) {
			wanted[e.Query] = append(wanted[e.Query], e.Stage)
		}
	}
	var (
		group, inner = errgroup.WithContext(ctx)
		lock         sync.Mutex
		answers      = map[source]map[counted]answer{}
	)
	group.SetLimit(4)
	for query, stages := range wanted {
		group.Go(func() error {
			found, err := q.run(inner, query, values{"stages": list(stages)})
			lock.Lock()
			defer lock.Unlock()
			for _, stage := range stages {
				answers[source{query, stage}] = ofStage(found, stage)
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, fmt.Errorf("key figures: %w", err)
	}
	return answers, nil
}

// ofStage takes the answers of a stage, whose name leads their keys; without a stage all are meant.
func ofStage(found map[counted]answer, stage string) map[counted]answer {
	if stage == "" {
		return found
	}
	of := map[counted]answer{}
	for k, a := range found {
		if key, ok := strings.CutPrefix(k.key, stage+"\n"); ok {
			of[counted{k.bucket, key}] = a
		}
	}
	return of
}

// Strip reconciles what was open at the beginning of the period with what is open at its end, or at the as-of instant if
// that is earlier.
func (s *Store) Strip(ctx context.Context, q kpi.Query) (kpi.Strip, error) {
	ask, err := s.ask(ctx, q, []time.Time{q.From, q.To}, "")
	if err != nil {
		return kpi.Strip{}, err
	}
	rows, err := ask.run(ctx, "strip", nil)
	if err != nil {
		return kpi.Strip{}, err
	}
	return strip(rows[counted{1, ""}].counts), nil
}

func strip(c kpi.Counts) kpi.Strip {
	return kpi.Strip{
		Opening: c["opening"], Registered: c["registered"], Reopened: c["reopened"], Resolved: c["resolved"],
		Withdrawn: c["withdrawn"], Merged: c["merged"], Closing: c["closing"],
	}
}
