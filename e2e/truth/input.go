package truth

import (
	"math/rand/v2"
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/ingest/simulate"
)

// poisons are messages that no decoder takes.
var poisons = [][]byte{ //nolint:gochecknoglobals // a constant list
	{},
	[]byte("null"),
	[]byte("<event/>"),
	{0xff, 0xfe, 0x00},
	[]byte(`{"event_id":"p","complaint_id":"C`),
	[]byte(`{"event_id":"p","complaint_id":"C-1","kind":"no such kind","occurred_at":"2026-03-01T00:00:00Z","source":"s"}`),
}

// Identity of an event.
type Identity struct{ Complaint, Event string }

// Input is what a test sends, and what has to come of it.
type Input struct {
	Messages []ingest.Message
	// Copies is how often each valid event is sent.
	Copies map[Identity]int
	// Histories are the valid events of each complaint, numbered by their place in Messages.
	Histories map[string][]ingest.Stored
	Bad       int
}

// MakeInput simulates a company and makes its stream worse: registrations that come thousands of messages late or never,
// events sent twice, two contents under one id, earlier registrations in another month. With poison one message in so
// many is none of ours besides.
func MakeInput(t *testing.T, seed uint64, size, poison int) Input {
	t.Helper()
	start := time.Date(2026, 2, 20, 0, 0, 0, 0, time.FixedZone("UTC+8", 8*60*60))
	world, err := simulate.New(simulate.Config{Seed: seed, Start: start, PerDay: func(int) float64 { return 2500 }})
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(seed, 2))
	in := Input{Copies: map[Identity]int{}, Histories: map[string][]ingest.Stored{}}
	held := map[int][]ingest.Message{}
	later := func(most int, m ingest.Message) {
		at := len(in.Messages) + 1 + rng.IntN(most)
		held[at] = append(held[at], m)
	}
	for record := range world.Records(start, start.AddDate(0, 3, 0)) {
		if n := len(in.Messages); poison > 0 && n%poison == poison-1 {
			held[n] = append(held[n], ingest.Message{Key: record.Key, Value: poisons[rng.IntN(len(poisons))], Time: record.Arrives, Backfill: true})
		}
		for len(held[len(in.Messages)]) > 0 {
			n := len(in.Messages)
			first, rest := held[n][0], held[n][1:]
			delete(held, n)
			held[n+1] = append(rest, held[n+1]...)
			in.add(first)
		}
		if len(in.Messages) >= size {
			break
		}
		m := ingest.Message{Key: record.Key, Value: record.Value, Time: record.Arrives, Backfill: true}
		dice := rng.Float64()
		registration := record.Bad == "" && record.Kind == ingest.KindRegistered
		switch {
		case registration && dice < .005: // never
			continue
		case registration && dice < .025:
			later(40_000, m)
			continue
		case registration && dice < .03:
			later(20_000, changed(t, m, func(e *ingest.Event) {
				e.EventID, e.OccurredAt = e.EventID+"-early", e.OccurredAt.AddDate(0, 0, -45)
			}))
		case record.Bad == "" && dice > .997:
			later(20_000, changed(t, m, func(e *ingest.Event) { e.OccurredAt = e.OccurredAt.Add(-time.Hour) }))
		case dice > .985:
			later(20_000, m)
		}
		in.add(m)
	}
	in.Messages = in.Messages[:min(size, len(in.Messages))]
	if len(in.Messages) < size {
		t.Fatalf("the simulated company gave %d messages, want %d", len(in.Messages), size)
	}
	return in
}

func (in *Input) add(m ingest.Message) {
	at := len(in.Messages)
	in.Messages = append(in.Messages, m)
	busTime := m.Time.UTC().Truncate(time.Millisecond)
	event, err := ingest.Decode(m.Value)
	if err == nil {
		err = event.Validate(busTime)
	}
	if err != nil {
		in.Bad++
		return
	}
	in.Copies[Identity{event.ComplaintID, event.EventID}]++
	in.Histories[event.ComplaintID] = append(in.Histories[event.ComplaintID], ingest.Stored{
		Event: event, Position: ingest.Position{Topic: ingest.TopicEvents, Offset: int64(at), BusTime: busTime, Backfill: true},
	})
}

func changed(t *testing.T, m ingest.Message, change func(*ingest.Event)) ingest.Message {
	t.Helper()
	event, err := ingest.Decode(m.Value)
	if err != nil {
		t.Fatal(err)
	}
	change(&event)
	if m.Value, err = ingest.Encode(event); err != nil {
		t.Fatal(err)
	}
	return m
}
