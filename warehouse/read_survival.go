package warehouse

import (
	"context"
	"time"

	"wenguo/ingest"
	"wenguo/transform/kpi"
	"wenguo/transform/sla"
)

// Survival is the curve of those who still wait for a human reply, of the complaints registered in the period.
func (s *Store) Survival(ctx context.Context, q kpi.Query) (kpi.WaitingCurve, error) {
	rules, err := s.currentRules()
	if err != nil {
		return kpi.WaitingCurve{}, err
	}
	edges := []time.Time{q.From, q.To}
	ask, err := s.ask(ctx, q, edges, "")
	if err != nil {
		return kpi.WaitingCurve{}, err
	}
	if err := s.calendars(ask.params, q.AsOf, edges); err != nil {
		return kpi.WaitingCurve{}, err
	}
	curve := kpi.WaitingCurve{Targets: acknowledgeTargets(rules.Current())}
	var waits []kpi.Waited
	err = ask.read(ctx, "page_survival", nil, nil, func(row scanner) error {
		var w kpi.Waited
		var still int64
		if err := row.Scan(&w.Time, &w.Replied, &w.Censored, &still); err != nil {
			return err
		}
		waits = append(waits, w)
		curve.N += w.Replied + w.Censored
		curve.Replied += w.Replied
		curve.Waiting += still
		return nil
	})
	curve.Steps = kpi.SurvivalOf(waits)
	return curve, err
}

// acknowledgeTargets are the promises of a first reply to complaints of which nothing but the priority is known.
func acknowledgeTargets(p *sla.Policy) []kpi.TimerTarget {
	var all []kpi.TimerTarget
	for _, priority := range ingest.Priorities {
		if t, ok := p.Target(sla.Acknowledge, sla.Values{Priority: priority}); ok {
			all = append(all, kpi.TimerTarget{
				Stage: string(sla.Acknowledge), Priority: priority, Target: t.Duration, Warning: t.Duration - t.WarnAfter,
			})
		}
	}
	return all
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
	found, err := s.figures(ctx, q, []time.Time{q.From, q.To}, by, ids)
	if err != nil {
		return nil, err
	}
	out := map[string]map[string]kpi.Value{}
	for id, values := range found {
		for k, v := range values {
			if v.N == 0 && v.Pending == 0 {
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
