package warehouse

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"wenguo/transform/kpi"
)

// sums are counted marks by bucket and value, and by mark.
type sums map[counted]map[string]int64

// betweenComplaints are the marks that no fact carries, since they come of comparing complaints, and the files that find
// them.
var betweenComplaints = map[string]string{kpi.MarkRepeat: "repeated", kpi.MarkContactSpoiled: "spoiled"} //nolint:gochecknoglobals // a constant table

// marks adds up marks in the buckets. With running those of before the first bucket are added up as bucket 0.
func (q question) marks(ctx context.Context, wanted []string, running bool) (sums, error) {
	summed, err := q.summed(ctx)
	if err != nil {
		return nil, err
	}
	between := func(m string) bool {
		return betweenComplaints[m] != "" && !(m == kpi.MarkRepeat && summed)
	}
	found, err := q.carried(ctx, slices.DeleteFunc(slices.Clone(wanted), between), running)
	if err != nil {
		return nil, err
	}
	for _, m := range wanted {
		if !between(m) {
			continue
		}
		if err := q.read(ctx, betweenComplaints[m], nil, nil, found.scan); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// summed says whether daily sums answer the question with nothing left out.
func (q question) summed(ctx context.Context) (bool, error) {
	state, err := q.sums(ctx)
	return err == nil && q.wholeDays() && state.ready && q.query.AsOf.UnixMilli() >= state.made && len(state.ahead) == 0, err
}

// scan reads a row of bucket, key, mark and number.
func (s sums) scan(row scanner) error {
	var (
		bucket    uint32
		key, mark string
		n         int64
	)
	if err := row.Scan(&bucket, &key, &mark, &n); err != nil {
		return fmt.Errorf("scan: %w", err)
	}
	k := counted{int(bucket), key}
	if s[k] == nil {
		s[k] = map[string]int64{}
	}
	s[k][mark] += n
	return nil
}

// carried adds up the marks that facts carry, from daily sums where they hold.
func (q question) carried(ctx context.Context, wanted []string, running bool) (sums, error) {
	found := sums{}
	if len(wanted) == 0 {
		return found, nil
	}
	p := values{"marks": list(wanted), "running": list(nil)}
	if running {
		p["running"] = list(wanted)
	}
	needs := map[string]bool{"marks": true, "marks bounded": !running, "marks slice": len(q.query.Slice[q.dimension()]) > 0}
	tallied, ahead, err := q.tallies(ctx, "marks", needs, p, found.scan)
	switch {
	case err != nil:
		return nil, err
	case tallied && len(ahead) == 0:
		return found, nil
	case tallied:
		q.among = ahead
	}
	return found, q.read(ctx, "marks", needs, p, found.scan)
}

// dimension is the one that the question needs the daily sums of, empty for those of all complaints.
func (q question) dimension() kpi.Dimension {
	if q.by != "" {
		return q.by
	}
	for _, d := range dimensions {
		if len(q.query.Slice[d]) > 0 {
			return d
		}
	}
	return ""
}

// wholeDays says whether the daily sums can answer the question: every edge is a midnight of the organisation's zone, and
// no more than one dimension is asked about. Recurring issues are no value of a fact.
func (q question) wholeDays() bool {
	for d, values := range q.query.Slice {
		if len(values) > 0 && d != q.dimension() {
			return false
		}
	}
	zone := q.store.zone()
	for _, e := range q.edges {
		y, m, d := e.In(zone).Date()
		if !e.Equal(time.Date(y, m, d, 0, 0, 0, 0, zone)) {
			return false
		}
	}
	return q.dimension() != kpi.Issue
}

// tallies asks one file of the daily sums and tells the complaints that they leave out, which are for the facts to answer.
// It reports false, and has read nothing, when they don't hold for the question.
func (q question) tallies(
	ctx context.Context, name string, needs map[string]bool, extra values, each func(scanner) error,
) (bool, []string, error) {
	at := q.query.AsOf.UnixMilli()
	if !q.wholeDays() {
		return false, nil, nil
	}
	state, err := q.sums(ctx)
	if err != nil || !state.ready || at < state.made {
		return false, nil, err
	}
	p := maps.Clone(q.params)
	maps.Copy(p, extra)
	d := q.dimension()
	p["dimension"], p["values"] = string(d), list(q.query.Slice[d])
	statement := only(q.store.query("tallies_at"), needs) + only(q.store.query(name), needs)
	if err := q.store.read(ctx, name, rowsOf(statement, d), p, each); err != nil {
		return false, nil, err
	}
	return true, state.ahead, nil
}

// spans asks one file of durations; which are the kinds of durations it is about.
func (q question) spans(ctx context.Context, name, part string, which ...string) (map[counted]answer, error) {
	found := map[counted]answer{}
	collect := func(row scanner) error { return scanAnswer(found, row) }
	p := values{"spans": list(which)}
	needs := map[string]bool{"spans": true, "spans " + part: true, "spans slice": len(q.query.Slice[q.dimension()]) > 0}
	tallied, ahead, err := q.tallies(ctx, name, needs, p, collect)
	if err != nil || tallied && len(ahead) == 0 {
		return found, err
	}
	clear(found)
	return found, q.read(ctx, name, needs, p, collect)
}

// flows are the terms of the strip for every bucket.
func (q question) flows(ctx context.Context) (map[counted]answer, error) {
	if len(q.query.Slice[kpi.Issue]) > 0 || q.by == kpi.Issue {
		return q.fromFacts(ctx, "strip", nil, nil)
	}
	marks := slices.Sorted(maps.Keys(kpi.StripMarks))
	found, err := q.marks(ctx, marks, true)
	if err != nil {
		return nil, err
	}
	keys := map[string]bool{}
	for k := range found {
		keys[k.key] = true
	}
	rows := map[counted]answer{}
	for key := range keys {
		open := int64(0)
		for bucket := range len(q.edges) {
			of := found[counted{bucket, key}]
			c := kpi.Counts{
				"opening": open, "registered": of[kpi.MarkRegistered], "reopened": of[kpi.MarkReopened],
				"resolved": of[kpi.MarkResolved], "withdrawn": of[kpi.MarkWithdrawn], "merged": of[kpi.MarkMerged],
			}
			for mark, change := range kpi.StripMarks {
				open += change * of[mark]
			}
			c["closing"] = open
			if bucket > 0 {
				rows[counted{bucket, key}] = answer{counts: c}
			}
		}
	}
	return rows, nil
}

// tallyState is what the daily sums hold for.
type tallyState struct {
	ready bool
	// twice counts parts of months whose sums stand there more than once: see tally_twice.sql.
	twice uint64
	// made is the instant, unix milliseconds, from which they hold; clock the newest on the bus.
	made  int64
	clock time.Time
	ahead []string
}

// stateAge is how long a state is believed: a page asks dozens of questions at once.
const stateAge = 200 * time.Millisecond

// tallyStates remembers the state for a moment, until this program makes sums itself.
type tallyStates struct {
	lock  sync.Mutex
	at    time.Time
	state tallyState
	// off makes the facts answer everything.
	off bool
}

func (t *tallyStates) forget() {
	t.lock.Lock()
	defer t.lock.Unlock()
	t.at = time.Time{}
}

func (s *Store) tallyState(ctx context.Context) (tallyState, error) {
	t := &s.tallies
	t.lock.Lock()
	defer t.lock.Unlock()
	if t.off {
		return tallyState{}, nil
	}
	if !t.at.IsZero() && time.Since(t.at) < stateAge {
		return t.state, nil
	}
	var state tallyState
	err := s.read(ctx, "tally_state", s.query("tally_state"), values{"formula": text(s.formula())}, func(row scanner) error {
		err := row.Scan(&state.ready, &state.twice, &state.made, &state.ahead, &state.clock)
		state.ready = state.ready && state.twice == 0
		return err
	})
	if err == nil {
		t.state, t.at = state, time.Now()
	}
	return state, err
}

// formula names the way of making the daily sums: its statements and the zone whose days they are of.
func (s *Store) formula() string {
	return strconv.FormatUint(hash(s.query("tally")+s.compared(s.query("tally_repeats"))+s.zone().String()), 36)
}
