package warehouse

import (
	"context"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"wenguo/transform/kpi"
)

// Looks counts what is worth a second glance in a period, in the order of kpi.LookIDs.
func (s *Store) Looks(ctx context.Context, q kpi.Query) ([]kpi.Look, error) {
	found := make([]kpi.Look, len(kpi.LookIDs))
	group, inner := errgroup.WithContext(ctx)
	for i, id := range kpi.LookIDs {
		group.Go(func() error {
			ask, err := s.ask(q, []time.Time{q.From, q.To}, "")
			if err != nil {
				return err
			}
			l := &found[i]
			l.ID = id
			return ask.read(inner, "look", map[string]bool{"look " + string(id): true}, nil, func(row scanner) error {
				return row.Scan(&l.Looked, &l.Found, &l.Other, &l.OtherFound, &l.Cases)
			})
		})
	}
	return found, group.Wait()
}

// monthEnd is how many days the end of a month has.
const monthEnd = 3

// looking adds what the statements of looks read beside a question's own: calendars of natural time, and the last days of every
// calendar month that lie in the period. It does nothing for other questions.
func (q question) looking(needs map[string]bool, p values) error {
	if !slices.ContainsFunc(kpi.LookIDs, func(id kpi.LookID) bool { return needs["look "+string(id)] }) {
		return nil
	}
	rules, err := q.store.currentRules()
	if err != nil {
		return err
	}
	var natural []string
	year := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range rules.Calendars() {
		if c.Counted(year.AddDate(1, 0, 0))-c.Counted(year) == year.AddDate(1, 0, 0).Sub(year).Milliseconds() {
			natural = append(natural, c.ID())
		}
	}
	from := q.edges[0].In(q.store.zone())
	var since, until []time.Time
	for month := time.Date(from.Year(), from.Month(), 1, 0, 0, 0, 0, from.Location()); month.Before(q.edges[len(q.edges)-1]); month = month.AddDate(0, 1, 0) {
		end := month.AddDate(0, 1, 0)
		since, until = append(since, end.AddDate(0, 0, -monthEnd)), append(until, end)
	}
	p["natural"], p["since"], p["until"] = list(natural), instants(since), instants(until)
	return nil
}
