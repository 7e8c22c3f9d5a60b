package warehouse

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"wenguo/transform/kpi"
)

// Coverage says in which share of the complaints resolved in the period, and in the one before, each milestone was
// recorded; a zero period before is not asked. Nothing else of the journey is filled.
func (s *Store) Coverage(ctx context.Context, q kpi.Query, before kpi.Period) (kpi.Journey, error) {
	var j kpi.Journey
	return j, s.passages(ctx, q, before, &j)
}

// Journey is how the complaints of the period went their way.
func (s *Store) Journey(ctx context.Context, q kpi.Query, before kpi.Period) (kpi.Journey, error) {
	var j kpi.Journey
	group, inner := errgroup.WithContext(ctx)
	group.Go(func() error { return s.passages(inner, q, before, &j) })
	group.Go(func() (err error) {
		j.Stays, j.Departments, err = s.stays(inner, q)
		return err
	})
	group.Go(func() (err error) {
		j.Plans, err = s.rejections(inner, q)
		return err
	})
	if err := group.Wait(); err != nil {
		return kpi.Journey{}, fmt.Errorf("read journey: %w", err)
	}
	return j, nil
}

// passage is one milestone of one cohort as counted.
type passage struct {
	reached, backwards, times, p50, p90 int64
}

func (s *Store) passages(ctx context.Context, q kpi.Query, before kpi.Period, j *kpi.Journey) error {
	edges, compared := bucketsBefore(q, before)
	ask, err := s.ask(q, edges, "")
	if err != nil {
		return err
	}
	rules, err := s.currentRules()
	if err != nil {
		return err
	}
	type cohort struct {
		name   string
		bucket int
	}
	found := map[cohort]map[kpi.Milestone]passage{}
	err = ask.read(ctx, "page_journey", nil, nil, func(row scanner) error {
		var name, milestone string
		var bucket uint32
		var p passage
		if err := row.Scan(&name, &bucket, &milestone, &p.reached, &p.backwards, &p.p50, &p.p90); err != nil {
			return err
		}
		p.times = p.reached - p.backwards
		k := cohort{name, int(bucket)}
		if found[k] == nil {
			found[k] = map[kpi.Milestone]passage{}
		}
		found[k][kpi.Milestone(milestone)] = p
		return nil
	})
	now, minimum := len(edges)-1, int64(rules.Current().MinimumN)
	j.Funnel = passed(found[cohort{"registered", now}], minimum)
	j.Coverage = passed(found[cohort{"resolved", now}], minimum)
	if compared {
		j.CoverageBefore = passed(found[cohort{"resolved", 1}], minimum)
	}
	return err
}

// passed answers every milestone of the usual way, also those that nobody came to.
func passed(found map[kpi.Milestone]passage, minimum int64) []kpi.Passage {
	n := found[kpi.Registered].reached
	var out []kpi.Passage
	for _, m := range kpi.Milestones {
		p := found[m]
		one := kpi.Passage{Milestone: m, Reached: kpi.Rate(p.reached, n, 0, minimum, false), Backwards: p.backwards}
		if p.times > 0 {
			one.Median, one.P90 = new(float64(p.p50)/1000), new(float64(p.p90)/1000)
		}
		out = append(out, one)
	}
	return out
}

// stays are what the complaints resolved in the period spent their time on, of all and by department.
func (s *Store) stays(ctx context.Context, q kpi.Query) ([]kpi.Stay, map[string][]kpi.Stay, error) {
	ask, err := s.ask(q, []time.Time{q.From, q.To}, "")
	if err != nil {
		return nil, nil, err
	}
	all, by := map[kpi.Spending]kpi.Stay{}, map[string]map[kpi.Spending]kpi.Stay{}
	err = ask.read(ctx, "page_stays", nil, nil, func(row scanner) error {
		var everybody bool
		var department, spending string
		var n int64
		var times []int64
		if err := row.Scan(&everybody, &department, &spending, &n, &times); err != nil {
			return err
		}
		second := func(i int) float64 { return float64(times[i]) / 1000 }
		stay := kpi.Stay{
			On: kpi.Spending(spending), N: n, Median: second(0), P90: second(1), Total: second(2),
			WorkedMedian: second(3), WorkedP90: second(4), WorkedTotal: second(5),
		}
		if everybody {
			all[stay.On] = stay
			return nil
		}
		if by[department] == nil {
			by[department] = map[kpi.Spending]kpi.Stay{}
		}
		by[department][stay.On] = stay
		return nil
	})
	departments := map[string][]kpi.Stay{}
	for name, stays := range by {
		departments[name] = kpi.Stays(stays)
	}
	return kpi.Stays(all), departments, err
}

// rejections are the plans that customers refused.
func (s *Store) rejections(ctx context.Context, q kpi.Query) (kpi.Rejections, error) {
	ask, err := s.ask(q, []time.Time{q.From, q.To}, "")
	if err != nil {
		return kpi.Rejections{}, err
	}
	r := kpi.Rejections{ByDepartment: map[string]kpi.Ratio{}, ByCategory: map[string]kpi.Ratio{}}
	err = ask.read(ctx, "page_plans", nil, nil, func(row scanner) error {
		var dimension, value string
		var plans kpi.Ratio
		if err := row.Scan(&dimension, &value, &plans.Denominator, &plans.Numerator); err != nil {
			return err
		}
		switch kpi.Dimension(dimension) {
		case kpi.Department:
			r.ByDepartment[value] = plans
		case kpi.Category:
			r.ByCategory[value] = plans
		default:
			r.All = plans
		}
		return nil
	})
	return r, err
}

// Moves are the transfers of the complaints first dispatched in the period.
func (s *Store) Moves(ctx context.Context, q kpi.Query) ([]kpi.Move, error) {
	ask, err := s.ask(q, []time.Time{q.From, q.To}, "")
	if err != nil {
		return nil, err
	}
	var found []kpi.Move
	err = ask.read(ctx, "page_transfers", nil, nil, func(row scanner) error {
		var m kpi.Move
		err := row.Scan(&m.From, &m.To, &m.Transfers, &m.Bounces, &m.Complaints, &m.Bounced)
		found = append(found, m)
		return err
	})
	return found, err
}
