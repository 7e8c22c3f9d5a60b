package warehouse

import (
	"context"
	"fmt"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/kpi"
)

// ChoicesWithin is Choices among the complaints of the query's slice.
func (s *Store) ChoicesWithin(ctx context.Context, q kpi.Query) (map[kpi.Dimension][]kpi.Choice, error) {
	return s.dimensionValues(ctx, q)
}

// DepartmentsOf are the departments that complaints are with now, by id, empty where they are with none; unknown complaints
// are left out.
func (s *Store) DepartmentsOf(ctx context.Context, ids []string) (map[string]string, error) {
	found := map[string]string{}
	err := s.read(ctx, "departments_of", s.query("departments_of"), values{"ids": list(ids)}, func(row scanner) error {
		var id, department string
		err := row.Scan(&id, &department)
		found[id] = department
		return err
	})
	return found, err
}

// Original is what a complaint says unmasked; transform.ErrNotFound without one.
func (s *Store) Original(ctx context.Context, id string) (transform.Original, error) {
	var found transform.Original
	known := false
	err := s.EventsOf(ctx, []string{id}, func(_ string, events []ingest.Stored) error {
		found, known = transform.OriginalOf(events)
		return nil
	})
	if err == nil && !known {
		err = fmt.Errorf("complaint %q: %w", id, transform.ErrNotFound)
	}
	return found, err
}
