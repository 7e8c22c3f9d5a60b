package warehouse

import (
	"context"
	"time"

	"wenguo/transform"
	"wenguo/transform/breach"
	"wenguo/transform/kpi"
)

// CaseClocks lists open clocks of single complaints that are at risk or overdue, and tells how many there are.
func (s *Store) CaseClocks(ctx context.Context, q transform.CaseClocksQuery) (clocks []transform.CaseClock, found int, err error) {
	rules, err := s.currentRules()
	if err != nil {
		return nil, 0, err
	}
	edges := windowEdges(q.At)
	params := values{
		"at": instant(q.At), "t": number(q.At.UnixMilli()), "since": instant(timersSince(rules, edges)),
		"oldest": number(edges[len(edges)-1].UnixMilli()), "departments": list(q.Departments), "other": kpi.Other,
		"risk": atRisk(rules, q.At), "limit": number(q.Limit),
	}
	err = s.timerRows(ctx, "page_timers_clocks", params, func(row scanner) error {
		var c transform.CaseClock
		var due, all int64
		err := row.Scan(&c.ComplaintID, &c.Stage, &c.Priority, &c.Department, &c.Rule, &due, &all)
		c.Due, found = millis(due), int(all)
		clocks = append(clocks, c)
		return err
	})
	return clocks, found, err
}

// Breaches gives the verdicts whose deadline lies in [from, at), by stage and department. at is about now.
func (s *Store) Breaches(ctx context.Context, from, at time.Time, departments []string) ([]transform.BreachSeries, error) {
	rules, err := s.currentRules()
	if err != nil {
		return nil, err
	}
	params := values{
		"at": instant(at), "t": number(at.UnixMilli()), "from": number(from.UnixMilli()),
		"since": instant(timersSince(rules, []time.Time{from})), "departments": list(departments), "other": kpi.Other,
	}
	var found []transform.BreachSeries
	err = s.timerRows(ctx, "page_timers_breaches", params, func(row scanner) error {
		var b transform.BreachSeries
		var total int64
		var at, places []int64
		err := row.Scan(&b.Stage, &b.Department, &total, &at, &places)
		before := int64(0)
		for i, place := range places {
			b.Sequence.Breaches = append(b.Sequence.Breaches, breach.Breach{Due: millis(at[i]), Met: int(place - before - 1)})
			before = place
		}
		b.Sequence.Met = int(total - before)
		found = append(found, b)
		return err
	})
	return found, err
}

// Lasted tells how long the clocks took that were finished in [from, to). A clock that was finished before its deadline
// has taken its target but for the counted time that was left; one after it, its target and the counted time beyond.
func (s *Store) Lasted(ctx context.Context, from, to time.Time) ([]transform.Lasted, error) {
	rules, err := s.currentRules()
	if err != nil {
		return nil, err
	}
	params := values{
		"at": instant(to), "since": instant(from), "from": number(from.UnixMilli()), "to": number(to.UnixMilli()),
	}
	var found []transform.Lasted
	err = s.timerRows(ctx, "page_timers_lasted", params, func(row scanner) error {
		var l transform.Lasted
		var calendar string
		var target, due, finished int64
		err := row.Scan(&l.Stage, &l.Priority, &calendar, &target, &due, &finished)
		if cal := rules.Calendar(calendar); cal != nil {
			l.Took = time.Duration(target) * time.Millisecond
			if finished <= due {
				l.Took -= cal.Between(millis(finished), millis(due))
			} else {
				l.Took += cal.Between(millis(due), millis(finished))
			}
			found = append(found, l)
		}
		return err
	})
	return found, err
}
