package warehouse

import (
	"context"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strings"
	"time"

	"wenguo/transform"
	"wenguo/transform/kpi"
)

// tallyLag is how long before the newest event on the bus daily sums hold already: a mark that is decided only later
// stays a row of its own.
const tallyLag = time.Hour

// tallyBatch bounds the complaints whose months are summed up by one statement.
const tallyBatch = 50_000

func hash(text string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text))
	return h.Sum64()
}

// rowsOf puts the dimension into a statement over rows that carry all of them.
func rowsOf(statement string, d kpi.Dimension) string {
	column := "''"
	if d != "" {
		column = "toString(" + string(d) + ")"
	}
	return strings.ReplaceAll(statement, "of_row", column)
}

// monthOf is the first day of a registration's month, UTC.
func monthOf(t time.Time) time.Time {
	y, m, _ := t.UTC().Date()
	return time.Date(y, m, 1, 0, 0, 0, 0, time.UTC)
}

// Months are those of registrations whose sums are to be made: of complaints alone, and of their repeats.
type Months struct{ Own, Repeats map[time.Time]bool }

// NewMonths are no months yet.
func NewMonths() Months { return Months{map[time.Time]bool{}, map[time.Time]bool{}} }

// Add takes in the months of days.
func (m Months) Add(days ...time.Time) {
	for _, t := range days {
		m.Own[monthOf(t)], m.Repeats[monthOf(t)] = true, true
	}
}

// touch takes in the months whose sums a complaint's fact may be in, or may have been in. Until 30 days after its last
// event it can have ended in time for a later complaint to repeat it, now or before it changed.
func (m Months) touch(c transform.Complaint) {
	if c.Orphan || c.ID == "" {
		return
	}
	m.Add(c.RegisteredAt)
	m.Add(c.Trace.RegisteredElsewhere...)
	for t := monthOf(c.FirstEventAt); !t.After(c.LastEventAt.AddDate(0, 0, 30)); t = t.AddDate(0, 1, 0) {
		m.Repeats[t] = true
	}
}

func (m Months) addAll(other Months) {
	maps.Copy(m.Own, other.Own)
	maps.Copy(m.Repeats, other.Repeats)
}

// Parts of a month's sums.
const (
	partOwn = iota
	partRepeats
)

// Tally sums up whole months of registrations anew from their facts and puts the sums in the place of the old ones, month
// by month. Doing it again gives the same.
func (s *Store) Tally(ctx context.Context, months Months) error {
	if len(months.Own)+len(months.Repeats) == 0 {
		return nil
	}
	defer s.tallies.forget()
	clock, err := s.busClock(ctx)
	if err != nil {
		return err
	}
	repeats := maps.Clone(months.Repeats) // nobody can have complained again in months to come
	maps.DeleteFunc(repeats, func(month time.Time, _ bool) bool { return month.After(clock) })
	names, err := s.strings(ctx, "tally_name")
	if err != nil {
		return fmt.Errorf("sum up months: %w", err)
	}
	on := staging{s, names[0]}
	if err := on.exec(ctx, "tally_create", nil); err != nil {
		return err
	}
	defer func() { _ = on.exec(context.WithoutCancel(ctx), "tally_drop", nil) }()
	for part, of := range []map[time.Time]bool{partOwn: months.Own, partRepeats: repeats} {
		batches, err := s.tallyBatches(ctx, of)
		if err != nil {
			return err
		}
		for _, batch := range batches {
			if err := on.sumUp(ctx, part, batch); err != nil {
				return err
			}
		}
	}
	return nil
}

// staging is the table in which sums are made before they are put in place; its name is the engine's own.
type staging struct {
	store *Store
	table string
}

func (t staging) exec(ctx context.Context, name string, p values) error {
	statement := strings.ReplaceAll(t.store.compared(t.store.query(name)), "staging_table", t.table)
	if err := t.store.conn.Exec(with(ctx, p), statement); err != nil {
		return fmt.Errorf("sum up months, %s: %w", name, err)
	}
	return nil
}

func (t staging) sumUp(ctx context.Context, part int, months []time.Time) error {
	clock, err := t.store.busClock(ctx)
	if err != nil {
		return err
	}
	days := make([]string, len(months))
	for i, m := range months {
		days[i] = m.Format(time.DateOnly)
	}
	end := months[len(months)-1].AddDate(0, 1, 0)
	err = t.exec(ctx, []string{partOwn: "tally", partRepeats: "tally_repeats"}[part], values{
		"units": list(days), "first": days[0], "last": end.AddDate(0, 0, -1).Format(time.DateOnly),
		"from": instant(months[0]), "to": instant(end),
		"zone": text(t.store.zone().String()), "clock": instant(clock), "made": number(clock.Add(-tallyLag).UnixMilli()),
		"version": text(t.table),
	})
	if err != nil {
		return err
	}
	for _, day := range days {
		if err := t.exec(ctx, "tally_replace", values{"unit": day, "part": number(part)}); err != nil {
			return err
		}
	}
	return t.exec(ctx, "tally_empty", nil)
}

// tallyBatches groups months, in order, so that each group has a bounded number of complaints.
func (s *Store) tallyBatches(ctx context.Context, of map[time.Time]bool) ([][]time.Time, error) {
	if len(of) == 0 {
		return nil, nil
	}
	months := slices.SortedFunc(maps.Keys(of), time.Time.Compare)
	complaints := map[time.Time]uint64{}
	p := values{"first": months[0].Format(time.DateOnly), "last": months[len(months)-1].AddDate(0, 1, -1).Format(time.DateOnly)}
	err := s.read(ctx, "tally_months", s.query("tally_months"), p, func(row scanner) error {
		var unit time.Time
		var n uint64
		err := row.Scan(&unit, &n)
		complaints[unit.UTC()] = n
		return err
	})
	if err != nil {
		return nil, err
	}
	var batches [][]time.Time
	room := uint64(0)
	for _, m := range months {
		n := complaints[m]
		if len(batches) == 0 || n > room {
			batches, room = append(batches, nil), tallyBatch
		}
		batches[len(batches)-1] = append(batches[len(batches)-1], m)
		room -= min(n, room)
	}
	return batches, nil
}

// TallyAll sums up every month, unless all are summed up in the way that this program knows; first of all those that
// stand there twice.
func (s *Store) TallyAll(ctx context.Context) error {
	state, err := s.tallyState(ctx)
	if err != nil || state.ready {
		return err
	}
	months, query := NewMonths(), "tally_months"
	if state.twice > 0 {
		query = "tally_twice"
	}
	p := values{"first": "1970-01-01", "last": "2149-01-01"}
	err = s.read(ctx, query, s.query(query), p, func(row scanner) error {
		var unit time.Time
		var n uint64
		err := row.Scan(&unit, &n)
		months.Add(unit.UTC())
		return err
	})
	if err != nil {
		return err
	}
	if err := s.Tally(ctx, months); err != nil {
		return err
	}
	if state.twice > 0 {
		return s.TallyAll(ctx)
	}
	defer s.tallies.forget()
	if err := s.conn.Exec(with(ctx, values{"formula": text(s.formula())}), s.query("tally_ready")); err != nil {
		return fmt.Errorf("sum up months: %w", err)
	}
	return nil
}

// busClock is the newest instant on the bus: ingestion has no other clock.
func (s *Store) busClock(ctx context.Context) (time.Time, error) {
	var newest time.Time
	if err := s.conn.QueryRow(ctx, s.query("tally_clock")).Scan(&newest); err != nil {
		return newest, fmt.Errorf("read the newest bus time: %w", err)
	}
	return newest.UTC(), nil
}
