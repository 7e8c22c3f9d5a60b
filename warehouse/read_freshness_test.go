package warehouse

import (
	"errors"
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/kpi"
)

func TestFreshnessOfAnEmptyStore(t *testing.T) {
	got, err := openStore(t).Freshness(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got != (kpi.Freshness{}) {
		t.Errorf("an empty store answers %+v", got)
	}
}

func TestFreshness(t *testing.T) {
	h := openHistory(t, 300)
	var want kpi.Freshness
	for _, events := range h.events {
		for _, e := range events {
			want.Events++
			want.LastEventAt = later(want.LastEventAt, e.OccurredAt)
			want.LastArrivedAt = later(want.LastArrivedAt, e.BusTime)
		}
		c, known := transform.Fold(events, h.rules)
		if !known {
			want.Orphans++
			continue
		}
		want.Complaints++
		want.LastRegisteredAt = later(want.LastRegisteredAt, c.RegisteredAt)
		if want.FirstRegisteredAt.IsZero() || c.RegisteredAt.Before(want.FirstRegisteredAt) {
			want.FirstRegisteredAt = c.RegisteredAt
		}
	}
	want.LastFactAt, want.CalendarValidUntil = want.LastArrivedAt, h.rules.Current().ValidUntil()
	got, err := h.Freshness(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if want.Complaints < 50 {
		t.Errorf("only %d complaints to compare", want.Complaints)
	}

	late := ingest.Block{Topic: ingest.TopicEvents, Partition: 3, Decoder: ingest.DecoderVersion, End: 41}
	late.Add(ingest.Record{Offset: 40, BusTime: want.LastArrivedAt, Value: []byte("{")})
	for i := range int64(40) {
		late.Add(ingest.Record{Offset: i, BusTime: want.LastArrivedAt.Add(time.Duration(i+1) * time.Minute), Value: []byte(
			`{"event_id":"late","complaint_id":"C-late","kind":"registered","occurred_at":"2026-03-05T01:02:03.456Z","data":{"channel":"phone","title":"x"}}`)})
	}
	if err := h.InsertBlock(t.Context(), late); err != nil {
		t.Fatal(err)
	}
	if err := h.SetWatermark(t.Context(), FoldWorker, ingest.TopicEvents, 3, 15); err != nil {
		t.Fatal(err)
	}
	h.fresh.forget()
	if got, err = h.Freshness(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got.Rejects != 1 || got.Unfolded != 25 || !got.LastFactAt.Equal(want.LastArrivedAt.Add(16*time.Minute)) {
		t.Errorf("%d rejects, want 1; behind by %d up to %s, want 25 up to %s", got.Rejects, got.Unfolded, got.LastFactAt, want.LastArrivedAt.Add(16*time.Minute))
	}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func TestComplaint(t *testing.T) {
	h := openHistory(t, 300)
	if _, err := h.Complaint(t.Context(), "nobody", h.end); !errors.Is(err, transform.ErrNotFound) {
		t.Errorf("an unknown complaint answers %v", err)
	}
	compared := 0
	for id, events := range h.events {
		if compared++; compared > 25 {
			break
		}
		at := events[len(events)/2].OccurredAt
		want, _ := transform.FoldAt(events, h.rules, at)
		got, err := h.Complaint(t.Context(), id, at)
		if err != nil {
			t.Fatal(err)
		}
		if got.Fact.Events != want.Events || got.Fact.State != want.State || len(got.Clocks) != len(want.Clocks) || len(got.Events) != want.Events {
			t.Errorf("%s at %s: got %d events in state %s with %d clocks, want %d, %s, %d", id, at,
				got.Fact.Events, got.Fact.State, len(got.Clocks), want.Events, want.State, len(want.Clocks))
		}
		for i, e := range got.Events {
			if e.OccurredAt.After(at) || e.EventID != want.Timeline[i].EventID {
				t.Errorf("%s shows event %s of %s", id, e.EventID, e.OccurredAt)
			}
			if r, ok := e.Data.(*ingest.Registered); ok && (r.Customer.Phone != "" || r.Content != h.rules.Mask(r.Content)) {
				t.Errorf("%s shows who the customer is", id)
			}
		}
		if _, err := h.Complaint(t.Context(), id, historyStart.AddDate(-1, 0, 0)); !errors.Is(err, transform.ErrNotFound) {
			t.Errorf("%s exists before it happened: %v", id, err)
		}
	}
}
