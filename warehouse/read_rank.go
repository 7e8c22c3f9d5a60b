package warehouse

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"wenguo/transform/improve"
	"wenguo/transform/kpi"
)

// Burdens are what each recurring issue cost in the period, and what all complaints came from.
func (s *Store) Burdens(ctx context.Context, q kpi.Query) (improve.Burdens, error) {
	out := improve.Burdens{Before: previousFrom(q, s.zone()), Issues: []improve.Burden{}, Causes: []improve.Finding{}}
	known, err := s.namedIssues(ctx)
	if err != nil {
		return out, err
	}
	names := map[string]string{}
	for _, k := range known {
		if !k.marks.Muted {
			names[k.id] = k.name
		}
	}
	group, inner := errgroup.WithContext(ctx)
	group.Go(func() error {
		return s.page(inner, q, "rank_issues", values{"previous": instant(out.Before)}, func(row scanner) error {
			var id string
			var complaints, customers, previous, rated, dissatisfied, handled, breached uint64
			var handling int64
			if err := row.Scan(&id, &complaints, &customers, &previous, &rated, &dissatisfied, &handling, &handled, &breached); err != nil {
				return err
			}
			name, shown := names[id]
			if !shown {
				return nil
			}
			out.Issues = append(out.Issues, improve.Burden{
				Issue: id, Name: name, Complaints: int64(complaints), Customers: int64(customers), Previous: int64(previous), //nolint:gosec // counts
				Rated: int64(rated), Dissatisfied: int64(dissatisfied), Handled: int64(handled), Breached: int64(breached), //nolint:gosec // counts
				Handling: float64(handling) / 1000,
			})
			return nil
		})
	})
	group.Go(func() error {
		return s.page(inner, q, "rank_causes", nil, func(row scanner) error {
			var c improve.Finding
			var n uint64
			err := row.Scan(&c.Group, &c.Department, &c.Step, &n)
			c.Complaints = int64(n) //nolint:gosec // a count
			out.Causes = append(out.Causes, c)
			return err
		})
	})
	if err := group.Wait(); err != nil {
		return out, fmt.Errorf("read burdens: %w", err)
	}
	return out, nil
}
