package warehouse

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"
)

// tallyState is what the daily sums hold for.
type tallyState struct {
	ready  bool
	months map[monthPart]monthState
	// twice counts parts of months whose sums stand there more than once: see tally_twice.sql.
	twice int
	// made is the instant, unix milliseconds, from which they hold; clock the newest on the bus.
	made  int64
	clock time.Time
	ahead []string
}

// monthState is what the sums of one part of a month hold for.
type monthState struct {
	// parts is a hash of the table's parts that hold them; version names the making of the sums, times counts how often
	// they stand there.
	parts   int64
	version string
	times   int
	// made is the instant from which they hold, until that of their newest event, Unix milliseconds.
	made, until int64
	ahead       []string
}

func (s *Store) tallyState(ctx context.Context) (tallyState, error) {
	if s.factsOnly {
		return tallyState{}, nil
	}
	return s.tallies.get(func(before tallyState) (tallyState, error) { return s.readTallyState(ctx, before.months) })
}

// readTallyState reads the state of the months whose parts are others than before.
func (s *Store) readTallyState(ctx context.Context, before map[monthPart]monthState) (tallyState, error) {
	state := tallyState{months: map[monthPart]monthState{}}
	stale := map[int64]bool{}
	err := s.read(ctx, "tally_parts", s.query("tally_parts"), values{"formula": text(s.formula())}, func(row scanner) error {
		var (
			kind string
			unit time.Time
			part uint8
			n    int64
		)
		if err := row.Scan(&kind, &unit, &part, &n); err != nil {
			return fmt.Errorf("scan: %w", err)
		}
		switch of := (monthPart{unit.Unix(), part}); kind {
		case "ready":
			state.ready = n > 0
		case "clock":
			state.clock = time.UnixMilli(n).UTC()
		default:
			month, known := before[of]
			if !known || month.parts != n {
				month, stale[of.unit] = monthState{parts: n}, true
			}
			state.months[of] = month
		}
		return nil
	})
	if err != nil {
		return state, err
	}
	if err := s.readMonthStates(ctx, state.months, stale); err != nil {
		return state, err
	}
	for _, month := range state.months {
		state.twice += max(month.times-1, 0)
		state.made = max(state.made, month.made, month.until)
		state.ahead = append(state.ahead, month.ahead...)
	}
	slices.Sort(state.ahead)
	state.ready = state.ready && state.twice == 0
	return state, nil
}

func (s *Store) readMonthStates(ctx context.Context, months map[monthPart]monthState, stale map[int64]bool) error {
	if len(stale) == 0 {
		return nil
	}
	for of, month := range months {
		if stale[of.unit] {
			months[of] = monthState{parts: month.parts}
		}
	}
	p := values{"units": list(unitNames(maps.Keys(stale)))}
	return s.read(ctx, "tally_state", s.query("tally_state"), p, func(row scanner) error {
		var (
			unit        time.Time
			part        uint8
			kind, value string
			at          int64
		)
		if err := row.Scan(&unit, &part, &kind, &value, &at); err != nil {
			return fmt.Errorf("scan: %w", err)
		}
		of := monthPart{unit.Unix(), part}
		month := months[of]
		switch kind {
		case "made":
			month.times, month.version, month.made = month.times+1, value, max(month.made, at)
		case "until":
			month.until = max(month.until, at)
		case "ahead":
			month.ahead = append(month.ahead, value)
		}
		months[of] = month
		return nil
	})
}

// months are those of registrations that can hold a duration of the question's buckets: it begins or ends within one, so
// the month is not later than the bucket, and something happened to its complaints since the bucket began.
func (q question) months(state tallyState) []string {
	found := map[int64]bool{}
	for of, month := range state.months {
		for i, from := range q.edges[:len(q.edges)-1] {
			if q.asks(i+1) && of.part == partOwn && of.unit < q.edges[i+1].Unix() && month.until >= from.UnixMilli() {
				found[of.unit] = true
			}
		}
	}
	return unitNames(maps.Keys(found))
}

// active are the months of registrations that a query of the lookbacks needs, nil where that is not known.
func (q question) active(ctx context.Context, name string) ([]string, error) {
	lookback, bounded := lookbacks[name]
	if !bounded {
		return nil, nil
	}
	state, err := q.sums(ctx)
	if err != nil || !state.ready || len(state.ahead) > 0 {
		return nil, err
	}
	units := []string{}
	for of, month := range state.months {
		if of.part == partOwn && month.until >= q.edges[0].Add(-lookback).UnixMilli() {
			units = append(units, time.Unix(of.unit, 0).UTC().Format(time.DateOnly))
		}
	}
	slices.Sort(units)
	return units, nil
}

// formula names the way of making the daily sums: its statements and the zone whose days they are of.
func (s *Store) formula() string {
	return strconv.FormatUint(hash(s.query("tally")+s.compared(s.query("tally_repeats"))+s.zone().String()), 36)
}
