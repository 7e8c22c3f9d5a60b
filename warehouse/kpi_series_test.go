package warehouse

import (
	"testing"
	"time"

	"wenguo/transform/kpi"
	"wenguo/transform/sla"
)

func TestCut(t *testing.T) {
	zone := time.FixedZone("UTC+8", 8*3600)
	day := func(m time.Month, d int) time.Time { return time.Date(2026, m, d, 0, 0, 0, 0, zone) }
	for name, tt := range map[string]struct {
		from, to, asOf time.Time
		step           kpi.Step
		want           []time.Time
	}{
		"weeks begin on Monday and are cut at the period": {day(3, 4), day(3, 18), day(6, 1), kpi.Week, []time.Time{day(3, 4), day(3, 9), day(3, 16), day(3, 18)}},
		"months are calendar months":                      {day(1, 31), day(3, 2), day(6, 1), kpi.Month, []time.Time{day(1, 31), day(2, 1), day(3, 1), day(3, 2)}},
		"days stop with the one that holds the instant":   {day(3, 4), day(3, 18), day(3, 5).Add(time.Hour), kpi.Day, []time.Time{day(3, 4), day(3, 5), day(3, 6)}},
		"a period shorter than its step is one step":      {day(3, 4), day(3, 5), day(6, 1), kpi.Month, []time.Time{day(3, 4), day(3, 5)}},
	} {
		t.Run(name, func(t *testing.T) {
			got := cut(kpi.Query{From: tt.from, To: tt.to, AsOf: tt.asOf}, tt.step, zone)
			if len(got) != len(tt.want) {
				t.Fatalf("edges %v, want %v", got, tt.want)
			}
			for i := range got {
				if !got[i].Equal(tt.want[i]) {
					t.Errorf("edge %d is %s, want %s", i, got[i], tt.want[i])
				}
			}
		})
	}
}

func TestSeriesPointsAreTheFiguresOfTheirSteps(t *testing.T) {
	h := openHistory(t, 200)
	q := kpi.Query{From: historyStart, To: historyStart.AddDate(0, 0, 30), AsOf: historyStart.AddDate(0, 0, 25)}
	ids := []string{"response_on_time", "handling_time", "backlog", "first_response", "backlog_age"}
	series, err := h.Series(t.Context(), q, kpi.Week, ids...)
	if err != nil {
		t.Fatal(err)
	}
	flow, err := h.Flow(t.Context(), q, kpi.Week)
	if err != nil {
		t.Fatal(err)
	}
	edges := cut(q, kpi.Week, h.zone())
	if len(series) != len(ids) || len(flow) != len(edges)-1 {
		t.Fatalf("%d series, %d strips", len(series), len(flow))
	}
	for i := range flow {
		part := q
		part.From, part.To = edges[i], edges[i+1]
		want, err := h.KPIs(t.Context(), part, ids...)
		if err != nil {
			t.Fatal(err)
		}
		strip, err := h.Strip(t.Context(), part)
		if err != nil {
			t.Fatal(err)
		}
		if flow[i].Strip != strip || !flow[i].Start.Equal(edges[i]) {
			t.Errorf("flow %d: %+v, want %+v", i, flow[i].Strip, strip)
		}
		for j, id := range ids {
			got, v := series[j].Points[i], want.KPIs[id]
			if got.N != v.N || got.State != v.State || !near(tree(kpi.Value{Value: got.Value}), tree(kpi.Value{Value: v.Value})) {
				t.Errorf("%s of step %d: %+v, want %+v", id, i, got, v)
			}
		}
	}
}

func TestDepartmentsAreSlicesByDepartment(t *testing.T) {
	h := openHistory(t, 300)
	q := kpi.Query{From: historyStart, To: historyStart.AddDate(0, 0, 20), AsOf: historyStart.AddDate(0, 0, 40)}
	rows, err := h.Departments(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) < 4 {
		t.Fatalf("%d departments", len(rows))
	}
	var backlog int64
	for _, row := range rows {
		part := q
		part.Slice = kpi.Slice{kpi.Department: {row.Department}}
		o := oracle{all: h.facts(q.AsOf), rules: h.rules, from: q.From, to: q.To, t: q.AsOf, slice: part.Slice}
		strip := o.strip()
		var overdue int64
		for _, c := range o.sliced() {
			for _, clock := range c.Clocks {
				if clock.Stage == sla.Resolve && openAt(c, q.To) && clock.Finished.IsZero() &&
					clock.StateAt(q.AsOf, h.rules.Calendar(clock.Calendar)) == sla.Breached {
					overdue++
				}
			}
		}
		if row.Registered != strip.Registered || row.Resolved != strip.Resolved || row.Backlog != strip.Closing || row.Overdue != overdue {
			t.Errorf("%q: %+v, want %+v and %d overdue", row.Department, row, strip, overdue)
		}
		backlog += row.Backlog
		for id, got := range map[string]kpi.Value{
			"response_on_time": row.ResponseOnTime, "resolve_on_time": row.ResolveOnTime,
			"handling_time": row.HandlingTime, "satisfaction": row.Satisfaction,
		} {
			entry, _ := kpi.Lookup(id)
			if diff := different(got, o.value(entry)); diff != "" {
				t.Errorf("%s of %q: %s", id, row.Department, diff)
			}
		}
	}
	total, err := h.Strip(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	if total.Closing != backlog {
		t.Errorf("departments hold %d, all hold %d", backlog, total.Closing)
	}
}
