package warehouse

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"

	"wenguo/transform/kpi"
)

// hours names the sums of registrations by the hour of their day; it is no dimension to slice by.
const hours kpi.Dimension = "hour"

// heldDimensions are those whose sums stay in memory: what nearly every page asks. Without them a page asks the engine
// some twenty questions, and each costs more to plan than to answer. The other dimensions may have thousands of values.
var heldDimensions = []kpi.Dimension{"", kpi.Department, kpi.Priority, hours} //nolint:gochecknoglobals // a constant list

// monthPart is what is summed up at once, see schema 005.
type monthPart struct {
	unit int64 // Unix seconds
	part uint8
}

// unitNames are the first days of months, in order, as the store writes them.
func unitNames(units iter.Seq[int64]) []string {
	var names []string
	for _, unit := range slices.Sorted(units) {
		names = append(names, time.Unix(unit, 0).UTC().Format(time.DateOnly))
	}
	return names
}

// heldSums keeps the daily sums of some dimensions in memory, month by month, as long as the store holds the same version.
type heldSums struct {
	lock sync.Mutex
	of   map[kpi.Dimension]map[monthPart]*heldMonth
}

// heldMonth are the sums of a month by one dimension.
type heldMonth struct {
	version string
	// decided are sums by mark, in the order of at; open are marks that are not decided yet.
	decided map[string][]heldSum
	open    []heldRow
}

// heldSum is n marks on the day that begins at `at`, as in schema 005. Instants are Unix milliseconds.
type heldSum struct {
	value               string
	at, after, until, n int64
}

// heldRow is one mark that is not decided yet, as in schema 005.
type heldRow struct {
	heldSum

	what, before, calendar string
	decides, left          int64
}

// held gives the sums by a dimension, read anew where a month was summed up since. It reports false when the store
// changes faster than it is read.
func (s *Store) held(ctx context.Context, d kpi.Dimension, state tallyState) ([]*heldMonth, bool, error) {
	h := &s.heldSums
	h.lock.Lock()
	defer h.lock.Unlock()
	if h.of == nil {
		h.of = map[kpi.Dimension]map[monthPart]*heldMonth{}
	}
	months := h.of[d]
	if months == nil {
		months = map[monthPart]*heldMonth{}
		h.of[d] = months
	}
	stale := map[int64]bool{}
	for of, month := range state.months {
		if months[of] == nil || months[of].version != month.version {
			stale[of.unit] = true
		}
	}
	for of := range months {
		if _, known := state.months[of]; !known || stale[of.unit] {
			delete(months, of)
		}
	}
	if len(stale) > 0 {
		fresh, err := s.readHeld(ctx, d, stale)
		if err != nil {
			return nil, false, err
		}
		maps.Copy(months, fresh)
	}
	all := make([]*heldMonth, 0, len(months))
	for of, month := range state.months {
		if months[of] == nil || months[of].version != month.version {
			return nil, false, nil
		}
		all = append(all, months[of])
	}
	return all, true, nil
}

// readHeld reads the sums of months, all of them or none: half of a month's rows, under its name, would pass for the whole.
func (s *Store) readHeld(ctx context.Context, d kpi.Dimension, stale map[int64]bool) (map[monthPart]*heldMonth, error) {
	found := map[monthPart]*heldMonth{}
	known := map[string]string{} // one string a value instead of one a row
	same := func(v string) string {
		if _, met := known[v]; !met {
			known[strings.Clone(v)] = strings.Clone(v)
		}
		return known[v]
	}
	p := values{"dimension": string(d), "units": list(unitNames(maps.Keys(stale)))}
	of := d
	if d == hours {
		of = ""
	}
	err := s.read(ctx, "tally_held", rowsOf(s.query("tally_held"), of), p, func(row scanner) error {
		var (
			unit time.Time
			part uint8
			kind string
			r    heldRow
		)
		err := row.Scan(&unit, &part, &kind, &r.value, &r.what, &r.at, &r.after, &r.until, &r.n, &r.before, &r.decides, &r.calendar, &r.left)
		if err != nil {
			return fmt.Errorf("scan: %w", err)
		}
		month := found[monthPart{unit.Unix(), part}]
		if month == nil {
			month = &heldMonth{decided: map[string][]heldSum{}}
			found[monthPart{unit.Unix(), part}] = month
		}
		r.value, r.what = same(r.value), same(r.what)
		switch kind {
		case "made":
			month.version = r.value
		case "row":
			r.before, r.calendar = same(r.before), same(r.calendar)
			month.open = append(month.open, r)
		default:
			month.decided[r.what] = append(month.decided[r.what], r.heldSum)
		}
		return nil
	})
	for _, month := range found {
		for _, of := range month.decided {
			slices.SortFunc(of, func(a, b heldSum) int { return cmp.Compare(a.at, b.at) })
		}
	}
	return found, err
}

// addUp does what marks.sql does with tallies_at.sql: marks by the bucket that holds their instant. With running those
// before the first bucket are added up as bucket 0.
func (q question) addUp(months []*heldMonth, wanted []string, running bool) sums {
	a := adding{question: q, running: running, found: sums{}, edges: make([]int64, len(q.edges)), slice: q.query.Slice[q.dimension()]}
	for i, e := range q.edges {
		a.edges[i] = e.UnixMilli()
	}
	for _, month := range months {
		for _, what := range wanted {
			of := month.decided[what]
			first := 0
			if !running {
				first = sort.Search(len(of), func(i int) bool { return of[i].at >= a.edges[0] })
			}
			for _, sum := range of[first:] {
				if sum.at >= a.edges[len(a.edges)-1] {
					break
				}
				a.add(what, sum, a.bucket(sum.at))
			}
		}
		for _, row := range month.open {
			a.addOpen(row, wanted)
		}
	}
	return a.found
}

// adding is the work of addUp.
type adding struct {
	question

	edges   []int64
	slice   []string
	running bool
	found   sums
}

// bucket counts the edges that an instant has reached.
func (a *adding) bucket(at int64) int {
	return sort.Search(len(a.edges), func(i int) bool { return a.edges[i] > at })
}

func (a *adding) addOpen(r heldRow, wanted []string) {
	what := r.what
	if r.decides != 0 && r.decides >= a.query.AsOf.UnixMilli() {
		what = r.before
	}
	if !slices.Contains(wanted, what) {
		return
	}
	bucket := 0
	switch {
	case r.calendar == "":
		bucket = a.bucket(r.at)
	default:
		for _, ahead := range a.ahead[r.calendar] {
			if ahead < r.left {
				bucket++
			}
		}
	}
	a.add(what, r.heldSum, bucket)
}

func (a *adding) add(what string, sum heldSum, bucket int) {
	outside := bucket >= len(a.edges) || bucket == 0 && !a.running
	if outside || sum.after >= a.edges[max(bucket, 1)-1] || sum.until != 0 && sum.until < a.edges[bucket] || !a.inSlice(sum.value) {
		return
	}
	k := counted{bucket, ""}
	if a.by != "" {
		k.key = sum.value
	}
	if a.found[k] == nil {
		a.found[k] = map[string]int64{}
	}
	a.found[k][what] += sum.n
}

// inSlice says whether a value is asked for; a category is, with its branch.
func (a *adding) inSlice(value string) bool {
	if len(a.slice) == 0 {
		return true
	}
	return slices.ContainsFunc(a.slice, func(v string) bool {
		return v == value || v != "" && a.dimension() == kpi.Category && strings.HasPrefix(value, v+"/")
	})
}
