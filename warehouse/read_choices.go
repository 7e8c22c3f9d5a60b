package warehouse

import (
	"context"
	"time"

	"wenguo/transform/kpi"
)

// mostChoices bounds the values listed for one dimension.
const mostChoices = 1000

// Choices lists the values each dimension takes among the complaints registered in the period, most frequent first; the
// query's slice is ignored.
func (s *Store) Choices(ctx context.Context, q kpi.Query) (map[kpi.Dimension][]kpi.Choice, error) {
	q.Slice = nil
	return s.dimensionValues(ctx, q)
}

// dimensionValues lists the values of each dimension among the complaints of the slice registered in the period.
func (s *Store) dimensionValues(ctx context.Context, q kpi.Query) (map[kpi.Dimension][]kpi.Choice, error) {
	found := map[kpi.Dimension][]kpi.Choice{}
	err := s.page(ctx, q, "page_choices", values{"most": number(mostChoices)}, func(row scanner) error {
		var dimension, value string
		var n uint64
		if err := row.Scan(&dimension, &value, &n); err != nil {
			return err
		}
		d := kpi.Dimension(dimension)
		found[d] = append(found[d], kpi.Choice{Value: value, Count: int64(n)}) //nolint:gosec // a count
		return nil
	})
	return found, err
}

// Heat counts registrations by weekday and hour of the organisation's zone; cells without any are left out.
func (s *Store) Heat(ctx context.Context, q kpi.Query) ([]kpi.HeatCell, error) {
	var cells []kpi.HeatCell
	err := s.page(ctx, q, "page_heat", values{"zone": text(s.zone().String())}, func(row scanner) error {
		var weekday, hour uint8
		var n uint64
		if err := row.Scan(&weekday, &hour, &n); err != nil {
			return err
		}
		cells = append(cells, kpi.HeatCell{Weekday: int(weekday), Hour: int(hour), Count: int64(n)}) //nolint:gosec // a count
		return nil
	})
	return cells, err
}

// page asks one file about the facts of a query and reads its rows.
func (s *Store) page(ctx context.Context, q kpi.Query, name string, extra values, each func(scanner) error) error {
	ask, err := s.ask(q, []time.Time{q.From, q.To}, "")
	if err != nil {
		return err
	}
	return ask.read(ctx, name, nil, extra, each)
}
