package warehouse

import (
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/improve"
	"wenguo/transform/kpi"
)

// broken is the step whose deadline a complaint broke first, by plain Go, and whether it broke any or a promise.
func broken(c transform.Complaint, at time.Time) (step string, unkept bool) {
	var first time.Time
	for _, k := range c.Clocks {
		late := !k.Finished.IsZero() && k.Finished.After(k.Due) || k.Finished.IsZero() && !k.Frozen && k.Due.Before(at)
		if k.Anomaly || !k.Cancelled.IsZero() || !late {
			continue
		}
		if unkept = true; first.IsZero() || k.Due.Before(first) || k.Due.Equal(first) && string(k.Stage) < step {
			first, step = k.Due, string(k.Stage)
		}
	}
	for _, p := range c.Promises {
		unkept = unkept || !p.Cancelled && (p.KeptAt.After(p.Due) || p.KeptAt.IsZero() && p.Due.Before(at))
	}
	return step, unkept
}

func TestBurdens(t *testing.T) {
	h := openHistory(t, 800)
	of := h.discover(t)
	q := kpi.Query{From: historyStart.AddDate(0, 0, 13), To: historyStart.AddDate(0, 0, 26), AsOf: h.end}
	want, causes := map[string]improve.Burden{}, map[improve.Finding]int64{}
	customers := map[string]map[string]bool{"I1": {}, "I2": {}}
	for _, c := range h.facts(q.AsOf) {
		id := of[c.ID]
		step, late := broken(c, q.AsOf)
		if within(c.RegisteredAt, q) {
			causes[improve.Finding{Group: ingest.Normal(c.CauseGroup, ingest.CauseGroups), Department: c.Department, Step: step}]++
		}
		if id == "" || c.State == transform.Merged {
			continue
		}
		b := want[id]
		if within(c.RegisteredAt, kpi.Query{From: q.From.AddDate(0, 0, -13), To: q.From}) {
			b.Previous++
		}
		if within(c.RegisteredAt, q) {
			b.Complaints++
			if late {
				b.Breached++
			}
			if n := len(c.Ratings); n > 0 {
				b.Rated++
				if c.Ratings[n-1].Score <= 3 {
					b.Dissatisfied++
				}
			}
			if c.State == transform.Resolved && c.Handling.Known {
				b.Handled++
				b.Handling += c.Handling.Net.Seconds()
			}
			customer := c.CustomerKey
			if customer == "" {
				customer = c.ID
			}
			customers[id][customer] = true
		}
		want[id] = b
	}
	got, err := h.Burdens(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Issues) != 2 || want["I1"].Dissatisfied == 0 {
		t.Errorf("%d issues, %d dissatisfied", len(got.Issues), want["I1"].Dissatisfied)
	}
	for _, g := range got.Issues {
		w := want[g.Issue]
		w.Customers = int64(len(customers[g.Issue]))
		w.Issue, w.Name = g.Issue, g.Name
		if delta := g.Handling - w.Handling; delta > .01 || delta < -.01 || w.Breached == 0 {
			t.Errorf("handling %v, want %v; breached %d, dissatisfied %d", g.Handling, w.Handling, w.Breached, w.Dissatisfied)
		}
		if w.Handling = g.Handling; g != w {
			t.Errorf("%+v, want\n%+v", g, w)
		}
	}
	for _, c := range got.Causes {
		n := c.Complaints
		c.Complaints = 0
		if causes[c] != n {
			t.Errorf("%+v holds %d, want %d", c, n, causes[c])
		}
		delete(causes, c)
	}
	if len(causes) > 0 {
		t.Errorf("missing are %v", causes)
	}
}
