package main

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/transform/improve"
	"wenguo/transform/issue"
)

// returning is a store whose issue I was mended and came back, and a bus that the store reads back.
type returning struct {
	start     time.Time
	decisions []ingest.Stored
}

func (r *returning) Actions(_ context.Context, asOf time.Time) ([]improve.Action, error) {
	return improve.Actions(r.decisions, asOf), nil
}

func (r *returning) IssueNames(context.Context) (map[string]issue.Named, error) {
	return map[string]issue.Named{"I": {ID: "I", Leads: "I"}}, nil
}

func (r *returning) IssueWeeks(context.Context, string, time.Time, time.Time) (improve.History, error) {
	h := improve.History{Issue: "I", Exposure: improve.ByComplaints}
	for i := range 80 {
		n := int64(10 + i%3)
		if i >= 40 && i < 70 {
			n = int64(3 + i%2)
		}
		h.Weeks = append(h.Weeks, improve.Week{Start: r.start.AddDate(0, 0, 7*i), Complaints: n, Exposure: 300})
	}
	return h, nil
}

func (r *returning) Produce(_ context.Context, messages []ingest.Message) error {
	for _, m := range messages {
		event, err := ingest.DecodeDecision(m.Value)
		if err != nil {
			return err
		}
		r.add(event)
	}
	return nil
}

func (r *returning) add(e ingest.Event) {
	r.decisions = append(r.decisions, ingest.Stored{Event: e, Position: ingest.Position{Offset: int64(len(r.decisions))}})
}

func TestAReturningIssueReopensItsActionOnce(t *testing.T) {
	r := &returning{start: time.Date(2025, 1, 6, 0, 0, 0, 0, time.UTC)}
	week := func(i int) time.Time { return r.start.AddDate(0, 0, 7*i) }
	decide := func(id string, at time.Time, kind ingest.Kind, data any) {
		r.add(ingest.Event{EventID: id, Kind: kind, OccurredAt: at, Data: data})
	}
	decide("d-1", week(36), ingest.KindActionOpened, &ingest.ActionOpened{Action: "A", Issue: "I"})
	decide("d-2", week(40), ingest.KindActionDone, &ingest.ActionDone{Action: "A"})
	decide("d-3", week(60), ingest.KindActionVerified, &ingest.ActionVerified{Action: "A", Verdict: "effective"})
	look := newReturns(r, r, slog.New(slog.DiscardHandler))
	pass := func(at time.Time) improve.Action {
		t.Helper()
		for range 2 {
			if err := look.pass(t.Context(), at); err != nil {
				t.Fatal(err)
			}
		}
		return improve.Actions(r.decisions, at.Add(time.Second))[0]
	}
	if a := pass(week(69)); a.Reopened != 0 || len(r.decisions) != 3 {
		t.Errorf("before it came back it was reopened: %+v", a)
	}
	a := pass(week(74))
	if a.Reopened != 1 || len(r.decisions) != 4 || !strings.HasPrefix(a.ReopenedWhy, "复发") || r.decisions[3].Actor.Role != ingest.RoleSystem {
		t.Errorf("%d decisions, %+v", len(r.decisions), a)
	}
	decide("d-5", week(75), ingest.KindDecisionUndone, &ingest.DecisionUndone{EventID: r.decisions[3].EventID})
	if a := pass(week(78)); a.Reopened != 0 || len(r.decisions) != 5 {
		t.Errorf("what people took back was decided again: %d decisions, %+v", len(r.decisions), a)
	}
}
