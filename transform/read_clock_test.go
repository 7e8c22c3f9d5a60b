package transform_test

import (
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/sla"
)

func TestReadClockCountsWithoutPauses(t *testing.T) {
	start := time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC)
	cal := sla.Natural("natural")
	for sentence, c := range map[string]struct {
		finish  time.Duration
		pause   [2]time.Duration
		at      time.Duration
		counted time.Duration
		state   sla.State
	}{
		"a finished clock counts up to its finish":        {finish: 10 * time.Hour, at: 50 * time.Hour, counted: 10 * time.Hour, state: sla.Met},
		"a running clock counts up to the instant":        {at: 7 * time.Hour, counted: 7 * time.Hour, state: sla.Running},
		"a closed pause is taken out":                     {pause: [2]time.Duration{2 * time.Hour, 5 * time.Hour}, at: 9 * time.Hour, counted: 6 * time.Hour, state: sla.Running},
		"an open pause stops the count where it began":    {pause: [2]time.Duration{2 * time.Hour, 0}, at: 9 * time.Hour, counted: 2 * time.Hour, state: sla.Paused},
		"an unfinished clock past its due counts further": {at: 30 * time.Hour, counted: 30 * time.Hour, state: sla.Breached},
	} {
		t.Run(sentence, func(t *testing.T) {
			var fact transform.Complaint
			run := sla.Run{Target: sla.Target{Stage: sla.Resolve, Duration: 24 * time.Hour, Calendar: cal, Pauses: true}, Started: start}
			if c.finish > 0 {
				run.Finish = start.Add(c.finish)
			}
			if c.pause[0] > 0 {
				p := transform.Pause{StartedAt: start.Add(c.pause[0])}
				if c.pause[1] > 0 {
					p.EndedAt = start.Add(c.pause[1])
				}
				fact.Pauses = []transform.Pause{p}
				run.Pauses = []sla.Interval{{From: p.StartedAt, To: p.EndedAt}}
			}
			got := fact.ReadClock(run.Clock(), cal, start.Add(c.at))
			if got.Counted != c.counted || got.State != c.state {
				t.Errorf("counted %v, state %s; want %v, %s", got.Counted, got.State, c.counted, c.state)
			}
		})
	}
}

func TestRedactLeavesNothingThatIdentifiesACustomer(t *testing.T) {
	mask := func(string) string { return "masked" }
	e := ingest.Event{Data: &ingest.Registered{
		Customer: ingest.Customer{ID: "u1", Name: "n", Phone: "p", Region: "长沙", Tier: "gold"}, Title: "t", Content: "c", Expectation: "e", OrderRef: "o",
	}}
	got := transform.Redact(e, mask).Data.(*ingest.Registered)
	if (got.Customer != ingest.Customer{Region: "长沙", Tier: "gold"}) || got.OrderRef != "" {
		t.Errorf("customer %+v, order %q", got.Customer, got.OrderRef)
	}
	if got.Title != "masked" || got.Content != "masked" || got.Expectation != "masked" {
		t.Errorf("texts %+v", got)
	}
	if e.Data.(*ingest.Registered).Title != "t" {
		t.Error("the event itself was changed")
	}
}
