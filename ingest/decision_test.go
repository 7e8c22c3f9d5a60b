package ingest_test

import (
	"testing"
	"time"

	"wenguo/ingest"
)

func TestKeyKeepsWhatIsAboutOneThingTogether(t *testing.T) {
	tests := map[string]struct {
		event ingest.Event
		want  string
	}{
		"an event by its complaint":                        {ingest.Event{ComplaintID: "C-1", Data: &ingest.Escalated{}}, "C-1"},
		"a decision about an action by the action":         {ingest.Event{Data: &ingest.ActionDone{Action: "A-1"}}, "A-1"},
		"also when it names the complaint that led to it":  {ingest.Event{ComplaintID: "C-1", Data: &ingest.ActionDone{Action: "A-1"}}, "A-1"},
		"a merge of issues by the one that remains":        {ingest.Event{Data: &ingest.IssueMerged{From: []string{"I-2"}, Into: "I-1"}}, "I-1"},
		"a complaint that is placed by the complaint":      {ingest.Event{Data: &ingest.ComplaintPlaced{ComplaintID: "C-1", Issue: "I-1"}}, "C-1"},
		"policies share a partition whatever their number": {ingest.Event{Kind: ingest.KindPolicyApplied, Data: &ingest.PolicyApplied{Revision: 7}}, "policy.applied"},
		"reports share a partition whatever their days":    {ingest.Event{Kind: ingest.KindPeriodPublished, Data: &ingest.PeriodPublished{From: "a", To: "b"}}, "period.published"},
		"what is undone keeps the order of undoing":        {ingest.Event{Kind: ingest.KindDecisionUndone, Data: &ingest.DecisionUndone{EventID: "d"}}, "decision.undone"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tt.event.Key(); got != tt.want {
				t.Errorf("the key is %q, want %q", got, tt.want)
			}
		})
	}
}

func TestABlockOfDecisionsTakesDecisionsOnly(t *testing.T) {
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	event := []byte(`{"event_id":"e","complaint_id":"C","kind":"escalated","occurred_at":"2026-03-01T00:00:00Z"}`)
	decision := []byte(`{"event_id":"d","kind":"action.closed","occurred_at":"2026-03-01T00:00:00Z","data":{"action":"A"}}`)
	late := []byte(`{"event_id":"d","kind":"action.closed","occurred_at":"2026-03-02T00:00:00.001Z","data":{"action":"A"}}`)
	var events, decisions ingest.Block
	for i, raw := range [][]byte{event, decision, late} {
		r := ingest.Record{Offset: int64(i), BusTime: at, Value: raw}
		events.Add(r)
		decisions.AddDecision(r)
	}
	if len(events.Events) != 1 || events.Events[0].Offset != 0 || len(events.Rejects) != 2 {
		t.Errorf("a block of events holds %+v and refused %d", events.Events, len(events.Rejects))
	}
	if len(decisions.Events) != 1 || decisions.Events[0].Offset != 1 || len(decisions.Rejects) != 2 {
		t.Errorf("a block of decisions holds %+v and refused %d", decisions.Events, len(decisions.Rejects))
	}
	if got := decisions.Rejects[1].Err.Class; got != ingest.ClassTimeOutOfRange {
		t.Errorf("a decision a day ahead is refused as %s", got)
	}
}
