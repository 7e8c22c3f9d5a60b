package warehouse

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"testing"
	"time"

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

var someSlices = []kpi.Slice{ //nolint:gochecknoglobals // a constant list
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
			o := oracle{all: facts, rules: h.rules, from: q.From, to: q.To, t: q.AsOf, slice: slice, issues: issues}
			got, err := h.KPIs(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range kpi.Catalogue {
				if e.ID == "rectification" {
					continue // it is about actions, not complaints
				}
				if diff := different(got.KPIs[e.ID], o.value(e)); diff != "" {
					t.Errorf("%s from %s to %s as of %s, slice %v: %s", e.ID, q.From, q.To, q.AsOf, slice, diff)
				}
			}
			strip, err := h.Strip(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			if strip != o.strip() || !strip.Balanced() {
				t.Errorf("strip %+v, want %+v", strip, o.strip())
			}
		}
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
	insert("INSERT INTO issue_runs (run, discovered_at, messages)", []uint64{1}, []time.Time{historyStart}, []uint64{1})
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
