package warehouse

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"wenguo/transform"
	"wenguo/transform/histories"
	"wenguo/transform/kpi"
)

// questions are periods and instants at which the engine and the oracle are compared: before, within and long after the
// period, and with pauses open.
func questions() []kpi.Query {
	day := func(n int) time.Time { return historyStart.AddDate(0, 0, n) }
	ask := func(from, to int, t time.Time) kpi.Query { return kpi.Query{From: day(from), To: day(to), AsOf: t} }
	return []kpi.Query{
		ask(0, 30, day(12).Add(13*time.Hour+7*time.Minute)),
		ask(0, 400, day(400)),
		ask(10, 17, day(17)),
		ask(25, 60, day(45)),
		ask(0, 400, day(30)),
		ask(0, 30, day(400)),
		ask(10, 17, day(12).Add(13*time.Hour+7*time.Minute)),
	}
}

var someSlices = []kpi.Slice{
	{kpi.Category: {"物流"}},
	{kpi.Category: {"服务中断", ""}, kpi.Priority: {"urgent", "other", ""}},
	{kpi.Department: {"技术部", ""}, kpi.Channel: {"phone", "other"}},
	{kpi.Tier: {"gold"}, kpi.Level: {"1", "other"}},
	{kpi.Issue: {"i-1", ""}},
	{kpi.Owner: {"甲"}, kpi.Region: {"长沙", ""}, kpi.CauseGroup: {"", "other"}, kpi.Product: {"会员", ""}},
}

func TestKeyFiguresAreTheOracles(t *testing.T) {
	h := openHistory(t, 500)
	issues := h.cluster(t)
	for i, q := range questions() {
		facts := h.facts(q.AsOf)
		for _, slice := range []kpi.Slice{nil, someSlices[i%len(someSlices)]} {
			q.Slice = slice
			h.compare(t, oracle{all: facts, rules: h.rules, from: q.From, to: q.To, t: q.AsOf, slice: slice, issues: issues})
		}
	}
}

// Complaints that begin within two days tie often, and edges that fall on what happened show who counts it.
func TestKeyFiguresAreTheOraclesOnTheEdge(t *testing.T) {
	h := openEvents(t, histories.New(5, historyStart, 2).Complaints(400))
	issues := h.cluster(t)
	for i, q := range edgeQuestions(h.facts(historyStart.AddDate(1, 0, 0))) {
		if i%4 == 3 {
			q.Slice = someSlices[i/4%len(someSlices)]
		}
		h.compare(t, oracle{all: h.facts(q.AsOf), rules: h.rules, from: q.From, to: q.To, t: q.AsOf, slice: q.Slice, issues: issues})
	}
}

// edgeQuestions have edges and instants at which something happened or was due, each kind in each place.
func edgeQuestions(facts []transform.Complaint) []kpi.Query {
	var ends, dues, promises, dispatches, transfers, offers []time.Time
	for _, c := range facts {
		for _, r := range c.Rounds {
			ends = append(ends, r.EndedAt, r.EndedAt.Add(30*24*time.Hour))
		}
		for _, clock := range c.Clocks {
			dues = append(dues, clock.Due)
		}
		for _, p := range c.Promises {
			promises = append(promises, p.Due)
		}
		for _, t := range c.Transfers {
			transfers = append(transfers, t.At)
		}
		for _, s := range c.Surveys {
			offers = append(offers, s.OfferedAt, s.AnsweredAt)
		}
		dispatches = append(dispatches, c.Flow.FirstDispatchedAt)
	}
	kinds := [][]time.Time{ends, dues, promises, dispatches, transfers, offers}
	rnd := rand.New(rand.NewPCG(3, 3)) //nolint:gosec // repeatable, not secret
	// pick takes one of a part of the sorted instants, counted in fifths.
	pick := func(i, from, to int) time.Time {
		list := slices.DeleteFunc(slices.Clone(kinds[i%len(kinds)]), func(at time.Time) bool { return at.Before(historyStart) })
		slices.SortFunc(list, time.Time.Compare)
		low, high := from*len(list)/5, to*len(list)/5
		return list[low+rnd.IntN(high-low)]
	}
	var out []kpi.Query
	for i := range 2 * len(kinds) {
		q := kpi.Query{From: pick(i, 0, 2), To: pick(i+1+i/len(kinds), 3, 5), AsOf: pick(i+2+i/len(kinds), 2, 5)}
		if q.From.Before(q.To) {
			out = append(out, q)
		}
	}
	return out
}

// compare asks the store what the oracle knows.
func (h *history) compare(t *testing.T, o oracle) {
	t.Helper()
	q := kpi.Query{From: o.from, To: o.to, AsOf: o.t, Slice: o.slice}
	got, err := h.KPIs(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range kpi.Catalogue {
		if e.ID == "rectification" {
			continue // it is about actions, not complaints
		}
		if diff := different(got.KPIs[e.ID], o.value(e)); diff != "" {
			t.Errorf("%s from %s to %s as of %s, slice %v: %s", e.ID, q.From, q.To, q.AsOf, q.Slice, diff)
		}
	}
	strip, err := h.Strip(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	if strip != o.strip() || !strip.Balanced() {
		t.Errorf("strip from %s to %s as of %s: %+v, want %+v", q.From, q.To, q.AsOf, strip, o.strip())
	}
}

// cluster puts every third complaint into one of two issues.
func (h *history) cluster(t *testing.T) map[string]string {
	t.Helper()
	issues := map[string]string{}
	var ids, names []string
	var runs []uint64
	for i := range 500 {
		if i%3 == 0 {
			id := fmt.Sprintf("c-%d", i)
			issues[id] = fmt.Sprintf("i-%d", i%2)
			ids, names, runs = append(ids, id), append(names, issues[id]), append(runs, 1)
		}
	}
	insert := func(statement string, columns ...any) {
		batch, err := h.conn.PrepareBatch(t.Context(), statement)
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range columns {
			if err := batch.Column(i).Append(c); err != nil {
				t.Fatal(err)
			}
		}
		if err := batch.Send(); err != nil {
			t.Fatal(err)
		}
	}
	insert("INSERT INTO issue_members (run, complaint_id, issue_id)", runs, ids, names)
	statement := "INSERT INTO issue_members SELECT 2, complaint_id, issue_id, c.registered_at" +
		" FROM issue_members AS m INNER JOIN complaints AS c FINAL USING (complaint_id)"
	if err := h.conn.Exec(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
	insert("INSERT INTO issue_runs (run, discovered_at, messages)", []uint64{2}, []time.Time{historyStart}, []uint64{1})
	return issues
}

// different compares two answers as they are printed, with a tolerance for the last digits of floating point.
func different(got, want kpi.Value) string {
	g, w := tree(got), tree(want)
	if near(g, w) {
		return ""
	}
	a, _ := json.Marshal(g) //nolint:errchkjson // a test's message
	b, _ := json.Marshal(w) //nolint:errchkjson // a test's message
	return fmt.Sprintf("\n got %s\nwant %s", a, b)
}

func tree(v kpi.Value) any {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	var out any
	_ = json.Unmarshal(b, &out)
	return out
}

func near(a, b any) bool {
	switch x := a.(type) {
	case float64:
		y, ok := b.(float64)
		return ok && math.Abs(x-y) <= 1e-9*max(1, math.Abs(x))
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for k := range x {
			if !near(x[k], y[k]) {
				return false
			}
		}
		return true
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for i := range x {
			if !near(x[i], y[i]) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(a, b)
}
