package warehouse

import (
	"context"
	"fmt"
	"maps"
	"slices"
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
	ask, err := s.ask(q, []time.Time{q.From, q.To}, "")
	if err != nil {
		return kpi.Result{}, err
	}
	found, err := ask.figures(ctx, ids)
	if err != nil {
		return kpi.Result{}, err
	}
	for id, values := range found {
		r.KPIs[id] = values[counted{1, ""}]
	}
	return r, nil
}

// figures answers entries for every bucket, and with by for every value of a dimension. Buckets and values without data
// are filled in for the empty key only.
func (q question) figures(ctx context.Context, ids []string) (map[string]map[counted]kpi.Value, error) {
	if len(ids) == 0 {
		ids = kpi.IDs()
	}
	rules, err := q.store.currentRules()
	if err != nil {
		return nil, err
	}
	answers, err := q.all(ctx, ids)
	if err != nil {
		return nil, err
	}
	found := map[string]map[counted]kpi.Value{}
	for id, rows := range answers {
		entry, _ := kpi.Lookup(id)
		minimum := entry.MinimumN
		if minimum > 0 {
			minimum = int64(rules.Current().MinimumN)
		}
		found[id] = map[counted]kpi.Value{}
		keys := slices.Collect(maps.Keys(rows))
		for bucket := 1; bucket < len(q.edges); bucket++ {
			keys = append(keys, counted{bucket, ""})
		}
		for _, k := range keys {
			if k.bucket < 1 || k.bucket >= len(q.edges) {
				continue
			}
			immature := q.query.AsOf.Before(q.edges[k.bucket].Add(maturity))
			found[id][k] = kpi.Answer(entry, rows[k].counts, rows[k].lists, minimum, immature)
		}
	}
	return found, nil
}

// answers are figures by bucket and value, for each id asked.
type answers map[string]map[counted]answer

// all asks what the entries need: the marks of all in one query, and each other query once.
func (q question) all(ctx context.Context, ids []string) (answers, error) {
	var (
		entries = map[string][]kpi.Entry{} // by query
		marked  []kpi.Entry
		lock    sync.Mutex
		found   = answers{}
	)
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(4)
	for _, id := range ids {
		switch e, known := kpi.Lookup(id); {
		case !known:
		case e.Terms() != nil:
			marked = append(marked, e)
		case len(entries[e.Query]) > 0 || q.store.queries[e.Query] != "":
			entries[e.Query] = append(entries[e.Query], e)
		}
	}
	ask := func(of []kpi.Entry, answered func(context.Context, []kpi.Entry) (answers, error)) {
		group.Go(func() error {
			got, err := answered(inner, of)
			lock.Lock()
			defer lock.Unlock()
			maps.Copy(found, got)
			return err
		})
	}
	if len(marked) > 0 {
		ask(marked, q.byMarks)
	}
	for _, of := range entries {
		ask(of, q.byQuery)
	}
	if err := group.Wait(); err != nil {
		return nil, fmt.Errorf("key figures: %w", err)
	}
	return found, nil
}

// byMarks answers entries that are sums of marks.
func (q question) byMarks(ctx context.Context, entries []kpi.Entry) (answers, error) {
	wanted := map[string]bool{}
	for _, e := range entries {
		for _, m := range e.Marks() {
			wanted[m] = true
		}
	}
	sums, err := q.marks(ctx, slices.Sorted(maps.Keys(wanted)), false)
	if err != nil {
		return nil, err
	}
	found := answers{}
	for _, e := range entries {
		found[e.ID] = map[counted]answer{}
		for k, marks := range sums {
			found[e.ID][k] = answer{counts: e.Counts(marks)}
		}
	}
	return found, nil
}

// byQuery answers entries of one query of their own.
func (q question) byQuery(ctx context.Context, entries []kpi.Entry) (answers, error) {
	rows, err := q.rows(ctx, entries[0].Query)
	found := answers{}
	for _, e := range entries {
		found[e.ID] = rows
	}
	return found, err
}

func (q question) rows(ctx context.Context, query string) (map[counted]answer, error) {
	switch query {
	case "strip":
		return q.flows(ctx)
	case "first_response":
		return q.spans(ctx, query, "response", "replied", "censored", "waiting")
	case "rectification":
		return q.actions(ctx)
	case "handling_time":
		return q.spans(ctx, query, "handling", "handled")
	case "longest_silence":
		return q.spans(ctx, query, "silence", "silence", "silent")
	default:
		return q.fromFacts(ctx, query, nil, nil)
	}
}

// actions are improvement actions, which are no facts: they have no values to be told apart by.
func (q question) actions(ctx context.Context) (map[counted]answer, error) {
	if q.by != "" {
		return nil, nil
	}
	buckets, err := q.store.rectification(ctx, q.query, q.edges)
	rows := map[counted]answer{}
	for bucket, counts := range buckets {
		rows[counted{bucket, ""}] = answer{counts: counts}
	}
	return rows, err
}

// Strip reconciles what was open at the beginning of the period with what is open at its end, or at the as-of instant if
// that is earlier.
func (s *Store) Strip(ctx context.Context, q kpi.Query) (kpi.Strip, error) {
	ask, err := s.ask(q, []time.Time{q.From, q.To}, "")
	if err != nil {
		return kpi.Strip{}, err
	}
	rows, err := ask.flows(ctx)
	return strip(rows[counted{1, ""}].counts), err
}

func strip(c kpi.Counts) kpi.Strip {
	return kpi.Strip{
		Opening: c["opening"], Registered: c["registered"], Reopened: c["reopened"], Resolved: c["resolved"],
		Withdrawn: c["withdrawn"], Merged: c["merged"], Closing: c["closing"],
	}
}
