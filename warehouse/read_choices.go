package warehouse

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"wenguo/transform/kpi"
)

// mostChoices bounds the values listed for one dimension.
const mostChoices = 1000

// Choices lists the values each dimension but the recurring issue takes among the complaints registered in the period,
// most frequent first; the query's slice is ignored.
func (s *Store) Choices(ctx context.Context, q kpi.Query) (map[kpi.Dimension][]kpi.Choice, error) {
	q.Slice = nil
	return s.dimensionValues(ctx, q)
}

// dimensionValues lists the values of each dimension among the complaints of the slice registered in the period.
func (s *Store) dimensionValues(ctx context.Context, q kpi.Query) (map[kpi.Dimension][]kpi.Choice, error) {
	found := map[kpi.Dimension][]kpi.Choice{}
	err := s.choose(ctx, q, func(row scanner) error {
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
	ask, err := s.ask(q, []time.Time{q.From, q.To}, "")
	if err != nil {
		return nil, err
	}
	cells, known, err := ask.heldHeat(ctx)
	if err != nil || known {
		return cells, err
	}
	zone := values{"zone": text(s.zone().String())}
	err = ask.read(ctx, "page_heat", nil, zone, func(row scanner) error {
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

// heldHeat is Heat from the sums in memory; it reports false where they don't hold.
func (q question) heldHeat(ctx context.Context) ([]kpi.HeatCell, bool, error) {
	summed, err := q.summed(ctx)
	if err != nil || !summed || q.dimension() != "" {
		return nil, false, err
	}
	state, err := q.sums(ctx)
	if err != nil {
		return nil, false, err
	}
	months, current, err := q.store.held(ctx, hours, state)
	if err != nil || !current {
		return nil, false, err
	}
	from, to := q.edges[0].UnixMilli(), q.edges[len(q.edges)-1].UnixMilli()
	counts := map[kpi.HeatCell]int64{}
	for _, month := range months {
		for _, sum := range month.decided[kpi.MarkRegistered] {
			if sum.at < from || sum.at >= to {
				continue
			}
			hour, err := strconv.Atoi(sum.value)
			if err != nil {
				return nil, false, fmt.Errorf("read hour: %w", err)
			}
			weekday := (int(time.UnixMilli(sum.at).In(q.store.zone()).Weekday())+6)%7 + 1
			counts[kpi.HeatCell{Weekday: weekday, Hour: hour}] += sum.n
		}
	}
	cells := make([]kpi.HeatCell, 0, len(counts))
	for cell, n := range counts {
		cell.Count = n
		cells = append(cells, cell)
	}
	slices.SortFunc(cells, func(a, b kpi.HeatCell) int {
		return cmp.Or(cmp.Compare(a.Weekday, b.Weekday), cmp.Compare(a.Hour, b.Hour))
	})
	return cells, true, nil
}

// choose reads the choices, of all complaints from daily sums.
func (s *Store) choose(ctx context.Context, q kpi.Query, each func(scanner) error) error {
	most := values{"most": number(mostChoices)}
	ask, err := s.ask(q, []time.Time{q.From, q.To}, "")
	if err != nil {
		return err
	}
	summed, err := ask.summed(ctx)
	if err != nil {
		return err
	}
	if !summed || ask.dimension() != "" {
		return ask.read(ctx, "page_choices", nil, most, each)
	}
	most["dimensions"] = list(tallied())
	return ask.fromSums(ctx, "tally_choices", most, each)
}

// tallied are the dimensions of the daily sums.
func tallied() []string {
	var names []string
	for _, d := range dimensions {
		if d != kpi.Issue {
			names = append(names, string(d))
		}
	}
	return names
}

// fromSums asks one file of the daily sums that needs no facts_at.sql.
func (q question) fromSums(ctx context.Context, name string, extra values, each func(scanner) error) error {
	p := maps.Clone(q.params)
	maps.Copy(p, extra)
	return q.store.read(ctx, name, q.store.query(name), p, each)
}

// page asks one file about the facts of a query and reads its rows.
func (s *Store) page(ctx context.Context, q kpi.Query, name string, extra values, each func(scanner) error) error {
	ask, err := s.ask(q, []time.Time{q.From, q.To}, "")
	if err != nil {
		return err
	}
	return ask.read(ctx, name, nil, extra, each)
}
