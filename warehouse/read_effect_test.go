package warehouse

import (
	"maps"
	"slices"
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/histories"
	"wenguo/transform/improve"
)

// plainWeeks are the weeks of an issue by plain Go.
func (h *history) plainWeeks(id string, of map[string]string, since, asOf time.Time) (weeks []improve.Week, delay time.Duration, shifted int64) {
	var delays []time.Duration
	for start := monday(since, h.zone()); start.AddDate(0, 0, 7).Compare(asOf) <= 0; start = start.AddDate(0, 0, 7) {
		weeks = append(weeks, improve.Week{Start: start, Channels: map[string]improve.Part{}})
	}
	for _, c := range h.facts(asOf) {
		if c.State == transform.Merged || c.RegisteredAt.Before(weeks[0].Start) {
			continue
		}
		happened := c.IncidentAt
		if happened.IsZero() || happened.After(c.RegisteredAt) {
			happened = c.RegisteredAt
		}
		if of[c.ID] == id {
			delays = append(delays, c.RegisteredAt.Sub(happened))
			if !monday(happened, h.zone()).Equal(monday(c.RegisteredAt, h.zone())) {
				shifted++
			}
		}
		for i := range weeks {
			w := &weeks[i]
			if happened.Before(w.Start) || !happened.Before(w.Start.AddDate(0, 0, 7)) {
				continue
			}
			channel := ingest.Normal(c.Channel, ingest.Channels)
			p := w.Channels[channel]
			w.Registered++
			if c.Title+c.Content != "" {
				w.Texts++
			}
			switch {
			case of[c.ID] == id:
				w.Complaints++
				p.Complaints++
			case c.Title+c.Content != "":
				w.Exposure++
				p.Exposure++
			}
			w.Channels[channel] = p
		}
	}
	slices.Sort(delays)
	return weeks, delays[(95*len(delays)+99)/100-1], shifted
}

func TestIssueWeeks(t *testing.T) {
	events := histories.New(11, historyStart, 30).Complaints(600)
	for i, id := range slices.Sorted(maps.Keys(events)) {
		for _, e := range events[id] {
			if r, registered := e.Data.(*ingest.Registered); registered && i%3 != 1 {
				r.IncidentAt = new(e.OccurredAt.Add(time.Duration(i%11-1) * -20 * time.Hour)) // a few lie after their registration
			}
		}
	}
	h := openEvents(t, events)
	of := h.discover(t)
	asOf := h.end.AddDate(0, 0, 3)
	since := historyStart.AddDate(0, 0, 8)
	want, delay, shifted := h.plainWeeks("I1", of, since, asOf)
	if shifted == 0 {
		t.Fatal("no complaint of the history lies in another week than its registration")
	}
	t.Run("as plain Go counts them", func(t *testing.T) {
		got, err := h.IssueWeeks(t.Context(), "I1", since, asOf)
		if err != nil {
			t.Fatal(err)
		}
		if got.Issue != "I1" || got.Delay != delay || got.Shifted != shifted || len(got.Weeks) != len(want) {
			t.Errorf("issue %q, delay %v, %d shifted, %d weeks; want %v, %d and %d weeks", got.Issue, got.Delay, got.Shifted, len(got.Weeks), delay, shifted, len(want))
		}
		for i := range min(len(want), len(got.Weeks)) {
			g, w := got.Weeks[i], want[i]
			same := g.Start.Equal(w.Start) && g.Complaints == w.Complaints && g.Exposure == w.Exposure && g.Texts == w.Texts && g.Registered == w.Registered
			for name, p := range w.Channels {
				same = same && g.Channels[name] == p
			}
			if !same || len(g.Channels) != len(w.Channels) {
				t.Errorf("week %d is\n%+v, want\n%+v", i, g, w)
			}
		}
	})
	t.Run("an id that was merged away leads to the issue that took it over", func(t *testing.T) {
		got, err := h.IssueWeeks(t.Context(), "older", since, asOf)
		if err != nil || got.Issue != "I2" || len(got.Moved) == 0 {
			t.Errorf("%+v, %v", got, err)
		}
	})
	t.Run("before issues are known there are no weeks", func(t *testing.T) {
		got, err := h.IssueWeeks(t.Context(), "I1", historyStart.AddDate(-1, 0, 0), asOf)
		if err != nil || len(got.Weeks) == 0 || got.Weeks[0].Start.Before(historyStart) {
			t.Errorf("%+v, %v", got.Weeks, err)
		}
	})
}
