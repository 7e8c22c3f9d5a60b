package warehouse

import (
	"context"
	"fmt"
	"maps"
	"slices"
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
	state, holds, err := q.tallied(ctx)
	return holds && len(state.ahead) == 0, err
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
	tallied, ahead, err := q.talliedMarks(ctx, wanted, running, needs, p, found)
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

// talliedMarks is tallies for marks; sums in memory answer what they can.
func (q question) talliedMarks(
	ctx context.Context, wanted []string, running bool, needs map[string]bool, p values, found sums,
) (bool, []string, error) {
	state, holds, err := q.tallied(ctx)
	if err != nil || !holds {
		return false, nil, err
	}
	if slices.Contains(heldDimensions, q.dimension()) {
		months, current, err := q.store.held(ctx, q.dimension(), state)
		if err != nil {
			return false, nil, err
		}
		if current {
			maps.Copy(found, q.addUp(months, wanted, running))
			return true, state.ahead, nil
		}
	}
	return q.tallies(ctx, "marks", needs, p, found.scan)
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

// tallied says whether the daily sums hold for the question.
func (q question) tallied(ctx context.Context) (tallyState, bool, error) {
	if !q.wholeDays() {
		return tallyState{}, false, nil
	}
	state, err := q.sums(ctx)
	return state, err == nil && state.ready && q.query.AsOf.UnixMilli() >= state.made, err
}

// tallies asks one file of the daily sums and tells the complaints that they leave out, which are for the facts to answer.
// It reports false, and has read nothing, when they don't hold for the question.
func (q question) tallies(
	ctx context.Context, name string, needs map[string]bool, extra values, each func(scanner) error,
) (bool, []string, error) {
	state, holds, err := q.tallied(ctx)
	if err != nil || !holds {
		return false, nil, err
	}
	p := maps.Clone(q.params)
	maps.Copy(p, extra)
	d := q.dimension()
	p["dimension"], p["values"], p["units"] = string(d), list(q.query.Slice[d]), list(q.months(state))
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
	p := values{"spans": list(which), "buckets": q.buckets()}
	needs := map[string]bool{
		"spans": true, "spans " + part: true, "spans slice": len(q.query.Slice[q.dimension()]) > 0, "spans gaps": len(q.wanted) > 0,
	}
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
