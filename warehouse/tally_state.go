package warehouse

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// tallyState is what the daily sums hold for.
type tallyState struct {
	ready bool
	// versions names the making of each month's sums.
	versions map[monthPart]string
	// until is each month's newest event, Unix milliseconds.
	until map[int64]int64
	// twice counts parts of months whose sums stand there more than once: see tally_twice.sql.
	twice int
	// made is the instant, unix milliseconds, from which they hold; clock the newest on the bus.
	made  int64
	clock time.Time
	ahead []string
}

func (s *Store) tallyState(ctx context.Context) (tallyState, error) {
	if s.factsOnly {
		return tallyState{}, nil
	}
	return s.tallies.get(func() (tallyState, error) { return s.readTallyState(ctx) })
}

func (s *Store) readTallyState(ctx context.Context) (tallyState, error) {
	state := tallyState{versions: map[monthPart]string{}, until: map[int64]int64{}}
	err := s.read(ctx, "tally_state", s.query("tally_state"), values{"formula": text(s.formula())}, func(row scanner) error {
		var (
			unit        time.Time
			part        uint8
			kind, value string
			at          int64
		)
		if err := row.Scan(&unit, &part, &kind, &value, &at); err != nil {
			return fmt.Errorf("scan: %w", err)
		}
		switch of := (monthPart{unit.Unix(), part}); kind {
		case "ready":
			state.ready = at > 0
		case "clock":
			state.clock = time.UnixMilli(at).UTC()
		case "ahead":
			state.ahead = append(state.ahead, value)
		case "made":
			if _, again := state.versions[of]; again {
				state.twice++
			}
			state.versions[of] = value
			state.made = max(state.made, at)
		case "until":
			state.until[of.unit] = at
			state.made = max(state.made, at)
		}
		return nil
	})
	state.ready = state.ready && state.twice == 0
	return state, err
}

// months are those of registrations that can hold a duration of the question's buckets: it begins or ends within one, so
// the month is not later than the bucket, and something happened to its complaints since the bucket began.
func (q question) months(state tallyState) []string {
	var names []string
	for unit, until := range state.until {
		for i, from := range q.edges[:len(q.edges)-1] {
			if q.asks(i+1) && unit < q.edges[i+1].Unix() && until >= from.UnixMilli() {
				names = append(names, time.Unix(unit, 0).UTC().Format(time.DateOnly))
				break
			}
		}
	}
	slices.Sort(names)
	return names
}

// formula names the way of making the daily sums: its statements and the zone whose days they are of.
func (s *Store) formula() string {
	return strconv.FormatUint(hash(s.query("tally")+s.compared(s.query("tally_repeats"))+s.zone().String()), 36)
}
