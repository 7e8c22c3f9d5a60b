package warehouse

import (
	"math"
	"slices"
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/issue"
	"wenguo/transform/kpi"
)

func TestHappeningsAreThoseOfTheKeyFigures(t *testing.T) {
	h := openHistory(t, 800)
	at := h.end.AddDate(0, 0, 1)
	past := until(t, h, at)
	got, err := past.Happenings(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	for i, w := range kpi.Windows {
		o := oracle{all: h.facts(at), rules: h.rules, from: at.Add(-w.Length), to: at, t: at}
		var want kpi.Cases
		for _, c := range o.all {
			for j, r := range c.Rounds {
				if j > 0 && o.in(r.StartedAt) {
					want.Reopened++
				}
				if r.EndedAs == transform.Resolved && o.in(r.EndedAt) {
					want.Completed++
				}
			}
			if !o.in(c.RegisteredAt) || c.State == transform.Merged {
				continue
			}
			want.Received++
			if len(c.Escalations) > 0 {
				want.Escalated++
			}
		}
		figures, err := past.KPIs(t.Context(), kpi.Query{From: o.from, To: o.to, AsOf: at}, "missed", "repeat", "escalation")
		if err != nil {
			t.Fatal(err)
		}
		want.Missed, want.Repeated = figures.KPIs["missed"].Numerator, figures.KPIs["repeat"].Numerator
		if got.Windows[i] != want || want.Escalated != figures.KPIs["escalation"].Numerator {
			t.Errorf("%s: got %+v, want %+v, escalated %+v", w.Name, got.Windows[i], want, figures.KPIs["escalation"])
		}
		if i == len(kpi.Windows)-1 && (want.Missed == 0 || want.Repeated == 0 || want.Reopened == 0 || want.Escalated == 0) {
			t.Errorf("little to compare: %+v", want)
		}
	}
}

func TestSyncByChannel(t *testing.T) {
	h := openHistory(t, 800)
	at := h.end.AddDate(0, 0, -3)
	past := until(t, h, at)
	got, err := past.Happenings(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	type sync struct {
		last time.Time
		lags []time.Duration
	}
	want := map[string]*sync{}
	for _, c := range h.facts(at) {
		for _, l := range c.SyncLags {
			channel := ingest.Normal(c.Channel, ingest.Channels)
			if want[channel] == nil {
				want[channel] = &sync{}
			}
			w := want[channel]
			if l.BusAt.After(at) {
				continue
			}
			w.last = later(w.last, l.BusAt)
			if lag := l.BusAt.Sub(l.OccurredAt); lag >= 0 && !l.BusAt.Before(at.Add(-time.Hour)) {
				w.lags = append(w.lags, lag)
			}
		}
	}
	arrived := int64(0)
	for _, c := range got.Sync {
		w := want[c.Channel]
		slices.Sort(w.lags)
		rank := func(p float64) (d time.Duration) {
			if n := len(w.lags); n > 0 {
				d = w.lags[int(math.Ceil(p*float64(n)))-1]
			}
			return d
		}
		if !c.LastAt.Equal(w.last) || c.Arrived != int64(len(w.lags)) || c.P50 != rank(.5) || c.P95 != rank(.95) {
			t.Errorf("got %+v, want %v with %v", c, w.last, w.lags)
		}
		arrived += c.Arrived
	}
	if len(got.Sync) != len(want) || len(want) < 3 || arrived == 0 {
		t.Errorf("%d channels, want %d, %d events", len(got.Sync), len(want), arrived)
	}
}

func TestIssuesByState(t *testing.T) {
	h := openHistory(t, 300)
	at := h.end
	if got, err := h.Happenings(t.Context(), at); err != nil || len(got.Issues) != 0 {
		t.Fatalf("before a discovery: %v, %v", got.Issues, err)
	}
	var messages []issue.Message
	for _, c := range h.facts(at) {
		messages = append(messages, issue.Message{ID: c.ID, Time: c.RegisteredAt})
	}
	issues := []issue.Issue{{ID: "i1", Name: "一"}, {ID: "i2", Name: "二"}, {ID: "i3", Name: "空"}}
	for i, m := range messages {
		switch {
		case m.Time.After(at.AddDate(0, 0, -13)) && i%2 == 0:
			issues[0].Members = append(issues[0].Members, i)
		case i%2 == 1:
			issues[1].Members = append(issues[1].Members, i)
		}
	}
	if _, err := h.saveIssues(t.Context(), issues, messages, at); err != nil {
		t.Fatal(err)
	}
	want := map[string]int64{}
	stream, err := h.issueStream(t.Context(), kpi.Query{From: historyStart, To: at, AsOf: at})
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range stream.list.Issues {
		want[string(i.State)]++
	}
	got, err := h.Happenings(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	for state, n := range want {
		if got.Issues[state] != n {
			t.Errorf("%s: %d, want %d", state, got.Issues[state], n)
		}
	}
	if want[string(issue.New)] != 1 || want[string(issue.Archived)] != 1 || len(got.Issues) != len(want) {
		t.Errorf("got %v, want %v", got.Issues, want)
	}
}
