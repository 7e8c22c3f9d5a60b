package warehouse

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"wenguo/transform/kpi"
)

// dimensions of a slice; each is a parameter of facts_at.sql.
var dimensions = []kpi.Dimension{ //nolint:gochecknoglobals // a constant list
	kpi.Category, kpi.Priority, kpi.Channel, kpi.Department, kpi.Owner, kpi.Region,
	kpi.Tier, kpi.Product, kpi.Level, kpi.CauseGroup, kpi.Issue,
}

// final lets FINAL read one month at a time: a complaint never stands in two, the older one holds a tombstone. Nothing is
// compiled, since every question brings constants of its own.
func final(ctx context.Context) context.Context {
	settings := clickhouse.Settings{
		"do_not_merge_across_partitions_select_final": 1,
		"compile_expressions":                         0,
		"compile_aggregate_expressions":               0,
		"compile_sort_description":                    0,
	}
	if ctx.Value(quietKey{}) != nil {
		settings["max_threads"] = 1
	}
	return clickhouse.Context(ctx, clickhouse.WithSettings(settings))
}

type quietKey struct{}

// quietly makes queries use one processor, so that whoever works beside them hardly notices.
func quietly(ctx context.Context) context.Context {
	return clickhouse.Context(context.WithValue(ctx, quietKey{}, true), clickhouse.WithSettings(clickhouse.Settings{"max_threads": 1}))
}

// question is about a period cut into buckets at edges, at least two and rising, as of an instant, for a slice. by is the
// dimension whose values are answered apart, or empty.
type question struct {
	store *Store
	query kpi.Query
	edges []time.Time
	by    kpi.Dimension
	// wanted, if any, are the only buckets asked about, counted from 1.
	wanted []int
	// among, if any, are the only complaints asked about.
	among  []string
	params values
	moment *moment
	// ahead is for each calendar the working time, ms, from T to a millisecond before each edge.
	ahead map[string][]int64
}

// moment is what the store holds at the question's instant, found once for all its queries.
type moment struct {
	lock sync.Mutex
	sums *tallyState
	// key names the facts as of the instant, when known.
	key   uint64
	known bool
}

// asofKey is that of Store.asofKey.
func (q question) asofKey(ctx context.Context) (uint64, error) {
	q.moment.lock.Lock()
	defer q.moment.lock.Unlock()
	if q.moment.known {
		return q.moment.key, nil
	}
	key, err := q.store.asofKey(ctx, q.query.AsOf)
	q.moment.key, q.moment.known = key, err == nil
	return key, err
}

// sums says what the daily sums hold for.
func (q question) sums(ctx context.Context) (tallyState, error) {
	q.moment.lock.Lock()
	defer q.moment.lock.Unlock()
	if q.moment.sums != nil {
		return *q.moment.sums, nil
	}
	state, err := q.store.tallyState(ctx)
	if err == nil {
		q.moment.sums = &state
	}
	return state, err
}

// ask prepares questions; the parameters are what every query of them may read.
func (s *Store) ask(q kpi.Query, edges []time.Time, by kpi.Dimension) (question, error) {
	q.AsOf = q.AsOf.Truncate(time.Millisecond)
	ask := question{store: s, query: q, edges: edges, by: by, moment: &moment{}, ahead: map[string][]int64{}, params: values{
		"at": instant(q.AsOf), "t": number(q.AsOf.UnixMilli()), "by": string(by), "edges": instants(edges),
		"from": instant(edges[0]), "to": instant(edges[len(edges)-1]),
	}}
	for _, d := range dimensions {
		if len(q.Slice[d]) > 0 {
			ask.params[string(d)] = list(q.Slice[d])
		}
	}
	return ask, ask.calendars()
}

// buckets are those asked about, as a value for {name:Array(UInt32)}.
func (q question) buckets() string {
	var wanted []string
	for bucket := 1; bucket < len(q.edges); bucket++ {
		if q.asks(bucket) {
			wanted = append(wanted, number(bucket))
		}
	}
	return "[" + strings.Join(wanted, ",") + "]"
}

// asks says whether a bucket is asked about.
func (q question) asks(bucket int) bool {
	return len(q.wanted) == 0 || slices.Contains(q.wanted, bucket)
}

// only leaves out the lines of a statement that end with an "if" whose need is not met.
func only(statement string, needs map[string]bool) string {
	var b strings.Builder
	for line := range strings.Lines(statement) {
		_, need, conditional := strings.Cut(strings.TrimRight(line, "\n"), " -- if ")
		if !conditional || needs[need] {
			b.WriteString(line)
		}
	}
	return b.String()
}

// instants is a value for {name:Array(Int64)}, unix milliseconds.
func instants(edges []time.Time) string {
	parts := make([]string, len(edges))
	for i, e := range edges {
		parts[i] = strconv.FormatInt(e.UnixMilli(), 10)
	}
	return "[" + strings.Join(parts, ",") + "]"
}

// calendars adds what clocks need that depend on T: for each calendar the time it has counted up to T, and the working
// time that lies between T and (a millisecond before) each edge.
func (q question) calendars() error {
	rules, err := q.store.currentRules()
	if err != nil {
		return err
	}
	var ahead, counted []string
	for _, c := range rules.Calendars() {
		now := c.Counted(q.query.AsOf)
		spans := make([]string, len(q.edges))
		for _, e := range q.edges {
			q.ahead[c.ID()] = append(q.ahead[c.ID()], c.Counted(e.Add(-time.Millisecond))-now)
		}
		for i, ms := range q.ahead[c.ID()] {
			spans[i] = strconv.FormatInt(ms, 10)
		}
		name := "'" + text(strings.ReplaceAll(c.ID(), "'", `\'`)) + "'"
		ahead = append(ahead, name+":["+strings.Join(spans, ",")+"]")
		counted = append(counted, name+":"+strconv.FormatInt(now, 10))
	}
	counted = append(counted, "'':"+strconv.FormatInt(q.query.AsOf.UnixMilli(), 10))
	q.params["ahead"] = "{" + strings.Join(ahead, ",") + "}"
	q.params["counted"] = "{" + strings.Join(counted, ",") + "}"
	return nil
}

// facts prepares facts_at.sql and the parameters for it: complaints that went on after T are folded first.
func (q question) facts(ctx context.Context, also map[string]bool) (string, values, error) {
	key, err := q.asofKey(ctx)
	if err != nil {
		return "", nil, err
	}
	p := maps.Clone(q.params)
	p["asof_key"], p["among"] = number(key), list(q.among)
	needs := map[string]bool{"by nothing": q.by == "", "by " + string(q.by): true, "asof": key != 0, "among": len(q.among) > 0}
	maps.Copy(needs, also)
	for _, d := range dimensions {
		needs[string(d)] = len(q.query.Slice[d]) > 0
	}
	return only(q.store.query("facts_at"), needs), p, nil
}

// counted is what a query answers for one bucket, counted from 1, and one value of the dimension asked by.
type counted struct {
	bucket int
	key    string
}

// answer is its figures.
type answer struct {
	counts kpi.Counts
	lists  map[string][]int64
}

// fromFacts asks one file of the facts; extra are parameters of its own.
func (q question) fromFacts(ctx context.Context, name string, also map[string]bool, extra values) (map[counted]answer, error) {
	found := map[counted]answer{}
	err := q.read(ctx, name, also, extra, func(row scanner) error { return scanAnswer(found, row) })
	return found, err
}

// scanAnswer reads a row of bucket, key, counts and lists.
func scanAnswer(found map[counted]answer, row scanner) error {
	var (
		bucket uint32
		key    string
		a      answer
	)
	if err := row.Scan(&bucket, &key, (*map[string]int64)(&a.counts), &a.lists); err != nil {
		return fmt.Errorf("scan: %w", err)
	}
	found[counted{int(bucket), key}] = a
	return nil
}

// lookbacks are the queries that are only about complaints that something happened to since the first edge, or so long
// before it.
var lookbacks = map[string]time.Duration{ //nolint:gochecknoglobals // a constant table
	"sync_lag": 0, "spoiled": 0, "repeat_issue": 30 * 24 * time.Hour, "page_voice": 0, "page_low": 0, "page_journey": 0, "page_stays": 0,
	"page_plans": 0, "page_transfers": 0, "look": 0,
}

// read asks one file of the facts and reads its rows.
func (q question) read(ctx context.Context, name string, also map[string]bool, extra values, each func(scanner) error) error {
	units, err := q.active(ctx, name)
	if err != nil {
		return err
	}
	also = maps.Clone(also)
	if also == nil {
		also = map[string]bool{}
	}
	also["units"] = units != nil
	facts, p, err := q.facts(ctx, also)
	if err != nil {
		return err
	}
	p["units"], p["buckets"] = list(units), q.buckets()
	maps.Copy(p, extra)
	if err := q.looking(also, p); err != nil {
		return err
	}
	statement := q.store.searching(q.store.compared(only(q.store.query(name), also)), also)
	return q.store.read(ctx, name, q.store.statement(facts, statement), p, each)
}

// compared puts the queries that compare complaints with each other into a statement where it names them, and what
// happened to a complaint before its last rating.
func (s *Store) compared(statement string) string {
	for _, name := range []string{"repeats", "issue_repeats", "spoils"} {
		if at := "complaints_of_" + name; strings.Contains(statement, at) {
			statement = strings.ReplaceAll(statement, at, s.query(name))
		}
	}
	for _, id := range kpi.LookIDs {
		if at := "occasions_of_" + string(id); strings.Contains(statement, at) {
			statement = strings.ReplaceAll(statement, at, s.query("look_"+string(id)))
		}
	}
	return strings.ReplaceAll(statement, "traits_of_complaint", strings.ReplaceAll(strings.TrimSpace(s.query("traits")), "\n", " "))
}

// read runs a statement and reads its rows.
func (s *Store) read(ctx context.Context, name, statement string, p values, each func(scanner) error) error {
	rows, err := s.conn.Query(with(final(ctx), p), statement)
	if err != nil {
		return fmt.Errorf("ask %s: %w", name, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows); err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return nil
}
