package warehouse

import (
	"context"
	"time"

	"wenguo/ingest"
	"wenguo/transform/kpi"
	"wenguo/transform/sla"
)

// Survival are the curves of those who still wait for a human reply, of the complaints registered in the period.
func (s *Store) Survival(ctx context.Context, q kpi.Query) (kpi.Waits, error) {
	rules, err := s.currentRules()
	if err != nil {
		return kpi.Waits{}, err
	}
	edges := []time.Time{q.From, q.To}
	ask, err := s.ask(q, edges, "")
	if err != nil {
		return kpi.Waits{}, err
	}
	var all waited
	by := map[string]*waited{}
	err = ask.read(ctx, "page_survival", nil, nil, func(row scanner) error {
		var priority string
		var w kpi.Waited
		var still int64
		if err := row.Scan(&priority, &w.Time, &w.Replied, &w.Censored, &still); err != nil {
			return err
		}
		if by[priority] == nil {
			by[priority] = &waited{}
		}
		all.add(w, still)
		by[priority].add(w, still)
		return nil
	})
	found := kpi.Waits{All: all.curve()}
	for _, priority := range ingest.Priorities {
		t, promised := rules.Current().Target(sla.Acknowledge, sla.Values{Priority: priority})
		if w := by[priority]; w != nil && promised {
			c := w.curve()
			c.Priority, c.Target = priority, t.Duration
			found.ByPriority = append(found.ByPriority, c)
		}
	}
	return found, err
}

// waited gathers the waits of one curve.
type waited struct {
	waits             []kpi.Waited
	replied, n, still int64
}

func (w *waited) add(one kpi.Waited, still int64) {
	w.waits = append(w.waits, one)
	w.replied, w.n, w.still = w.replied+one.Replied, w.n+one.Replied+one.Censored, w.still+still
}

func (w *waited) curve() kpi.WaitingCurve {
	return kpi.WaitingCurve{N: w.n, Replied: w.replied, Waiting: w.still, Steps: kpi.SurvivalOf(w.waits)}
}

// Baseline is the declared period to compare with; zero times without one.
func (s *Store) Baseline() (from, to time.Time) {
	rules, err := s.currentRules()
	if err != nil {
		return time.Time{}, time.Time{}
	}
	return rules.Current().BaselineFrom, rules.Current().BaselineTo
}

// KPIsBy answers the named key figures for every value of a dimension that any of them finds, by value and id.
func (s *Store) KPIsBy(ctx context.Context, q kpi.Query, by kpi.Dimension, ids ...string) (map[string]map[string]kpi.Value, error) {
	ask, err := s.ask(q, []time.Time{q.From, q.To}, by)
	if err != nil {
		return nil, err
	}
	found, err := ask.figures(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := map[string]map[string]kpi.Value{}
	for id, values := range found {
		for k, v := range values {
			if v.N == 0 && v.Pending == 0 && (v.Anomalies == nil || v.Anomalies.Numerator == 0) && v.More["participation"].N == 0 {
				continue
			}
			if out[k.key] == nil {
				out[k.key] = map[string]kpi.Value{}
			}
			out[k.key][id] = v
		}
	}
	return out, nil
}
