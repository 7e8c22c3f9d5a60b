package warehouse

import (
	"context"
	"fmt"
	"maps"
	"strconv"
	"strings"
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
	return clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{
		"do_not_merge_across_partitions_select_final": 1,
		"compile_expressions":                         0,
		"compile_aggregate_expressions":               0,
		"compile_sort_description":                    0,
	}))
}

// question is a query about the facts as of an instant: its statement is facts_at.sql followed by a file, its parameters
// are the period cut at edges, the instant and the slice.
type question struct {
	store  *Store
	facts  string
	params values
	edges  []time.Time
}

// ask prepares questions for a period cut into buckets at edges, at least two and rising. by is the dimension whose
// values are answered apart, or empty.
func (s *Store) ask(ctx context.Context, q kpi.Query, edges []time.Time, by kpi.Dimension) (question, error) {
	at := q.AsOf.Truncate(time.Millisecond)
	key, err := s.asofKey(ctx, at)
	if err != nil {
		return question{}, err
	}
	p := values{
		"at": instant(at), "t": number(at.UnixMilli()), "asof_key": number(key), "by": string(by),
		"from": instant(edges[0]), "to": instant(edges[len(edges)-1]), "edges": instants(edges),
	}
	needs := map[string]bool{"by nothing": by == "", "by " + string(by): true, "asof": key != 0}
	for _, d := range dimensions {
		if len(q.Slice[d]) > 0 {
			p[string(d)], needs[string(d)] = list(q.Slice[d]), true
		}
	}
	return question{store: s, facts: only(s.query("facts_at"), needs), params: p, edges: edges}, nil
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
func (s *Store) calendars(p values, at time.Time, edges []time.Time) error {
	rules, err := s.currentRules()
	if err != nil {
		return err
	}
	var ahead, counted []string
	for _, c := range rules.Calendars() {
		now := c.Counted(at)
		spans := make([]string, len(edges))
		for i, e := range edges {
			spans[i] = strconv.FormatInt(c.Counted(e.Add(-time.Millisecond))-now, 10)
		}
		name := "'" + text(strings.ReplaceAll(c.ID(), "'", `\'`)) + "'"
		ahead = append(ahead, name+":["+strings.Join(spans, ",")+"]")
		counted = append(counted, name+":"+strconv.FormatInt(now, 10))
	}
	counted = append(counted, "'':"+strconv.FormatInt(at.UnixMilli(), 10))
	p["ahead"] = "{" + strings.Join(ahead, ",") + "}"
	p["counted"] = "{" + strings.Join(counted, ",") + "}"
	return nil
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

// run asks one file; extra are parameters of its own.
func (q question) run(ctx context.Context, name string, extra values) (map[counted]answer, error) {
	params := maps.Clone(q.params)
	maps.Copy(params, extra)
	rows, err := q.store.conn.Query(with(final(ctx), params), q.statement(name, nil))
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", name, err)
	}
	defer rows.Close()
	found := map[counted]answer{}
	for rows.Next() {
		var (
			bucket uint32
			key    string
			a      answer
		)
		if err := rows.Scan(&bucket, &key, (*map[string]int64)(&a.counts), &a.lists); err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		found[counted{int(bucket), key}] = a
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return found, nil
}
