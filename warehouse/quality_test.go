package warehouse

import (
	"context"
	"encoding/json"
	"log/slog"
	"reflect"
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/kpi"
	"wenguo/transform/quality"
)

// odd are messages of three complaints registered in March, an orphan and two that are refused for one reason.
func odd() []map[string]any {
	say := func(event, complaint, kind, at string, data map[string]any) map[string]any {
		return map[string]any{"event_id": event, "complaint_id": complaint, "kind": kind, "occurred_at": at, "data": data}
	}
	return []map[string]any{
		say("r1", "C-1", "registered", "2026-03-02T01:00:00Z", map[string]any{"channel": "phone", "title": "a", "product": "p", "category": "c", "priority": "high"}),
		say("r1", "C-1", "registered", "2026-03-02T01:00:00Z", map[string]any{"channel": "phone", "title": "another"}), // the same id
		say("r2", "C-2", "registered", "2026-03-02T02:00:00Z", map[string]any{"channel": "web", "title": "b"}),
		say("o2", "C-2", "reopened", "2026-03-02T03:00:00Z", map[string]any{"reason": "other"}), // it was open
		say("r3", "C-3", "registered", "2026-04-02T02:00:00Z", map[string]any{"channel": "web", "title": "of April"}),
		say("x4", "C-4", "escalated", "2026-03-03T03:00:00Z", map[string]any{"reason": "no registration"}),
		say("x5", "C-5", "no such kind", "2026-03-03T03:00:00Z", nil),
		say("x6", "C-6", "nor this", "2026-03-03T03:00:00Z", nil),
	}
}

func TestDataQualityCountsWhatIsOdd(t *testing.T) {
	store := openStore(t)
	rules, log := testRules(t), slog.New(slog.DiscardHandler)
	store.UseRules(rules)
	messages := odd()
	b := ingest.Block{Topic: ingest.TopicEvents, End: int64(len(messages)), Decoder: ingest.DecoderVersion}
	for i, m := range messages {
		raw, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		b.Add(ingest.Record{Offset: int64(i), BusTime: time.Date(2026, 4, 2, 12, 0, i, 0, time.UTC), Value: raw})
	}
	if err := store.InsertBlock(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if _, err := NewFolder(store, rules, time.Second, log).Pass(t.Context()); err != nil {
		t.Fatal(err)
	}
	q := kpi.Query{From: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC), AsOf: time.Date(2026, 4, 3, 0, 0, 0, 0, time.UTC)}
	got, err := store.Quality(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	missing := map[kpi.Dimension]int64{}
	for _, m := range got.Missing {
		missing[m.Dimension] = m.Complaints
	}
	if got.Registered != 2 || got.Anomalous != 1 || got.Conflicting != 1 || missing[kpi.Product] != 1 || missing[kpi.Region] != 2 || missing[kpi.Channel] != 0 {
		t.Errorf("got %+v", got)
	}
	if want := []quality.Count{{Name: transform.AnomalyReopenedOpen, Complaints: 1}}; !reflect.DeepEqual(got.Anomalies, want) {
		t.Errorf("anomalies %+v, want %+v", got.Anomalies, want)
	}
	if o := got.Orphans; o.Complaints != 1 || o.Events != 1 || !o.OldestAt.Equal(time.Date(2026, 3, 3, 3, 0, 0, 0, time.UTC)) {
		t.Errorf("orphans %+v", o)
	}
	if len(got.Refused) != 1 || got.Refused[0].Messages != 2 || got.Refused[0].Class != string(ingest.ClassUnknownKind) || got.Refused[0].Field != "kind" {
		t.Errorf("refused %+v", got.Refused)
	}
}

func TestTheVerifierLooksByItself(t *testing.T) {
	store := openStore(t)
	v := NewVerifier(store, time.Now, slog.New(slog.DiscardHandler))
	v.first, v.every = time.Millisecond, time.Millisecond
	if _, known := v.Last(); known {
		t.Error("something is known before the first look")
	}
	if err := store.InsertBlock(t.Context(), sampleBlock(0, 100)); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- v.Run(ctx) }()
	sees := func(what string, wanted func(quality.Verification) bool) {
		t.Helper()
		for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
			if last, known := v.Last(); known && wanted(last) {
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("the verifier never sees %s", what)
			}
		}
	}
	sees("a store that is exact and has no facts yet", func(q quality.Verification) bool { return q.Exact() && !q.Complete() })
	if err := store.InsertBlock(t.Context(), sampleBlock(50, 60)); err != nil {
		t.Fatal(err)
	}
	sees("rows stored twice", func(q quality.Verification) bool { return !q.Exact() })
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
