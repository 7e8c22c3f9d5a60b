package crash_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/ingest/simulate"
)

// identity of an event.
type identity struct{ complaint, event string }

// input is what the test sends, and what has to come of it.
type input struct {
	messages []ingest.Message
	// copies is how often each valid event is sent.
	copies map[identity]int
	// histories are the valid events of each complaint, numbered by their place in messages.
	histories map[string][]ingest.Stored
	bad       int
}

// makeInput simulates a company and makes its stream worse: registrations that come thousands of messages late or never,
// events sent twice, two contents under one id, earlier registrations in another month.
func makeInput(t *testing.T, seed uint64, size int) input {
	t.Helper()
	start := time.Date(2026, 2, 20, 0, 0, 0, 0, time.FixedZone("UTC+8", 8*60*60))
	world, err := simulate.New(simulate.Config{Seed: seed, Start: start, PerDay: func(int) float64 { return 2500 }})
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(seed, 2))
	in := input{copies: map[identity]int{}, histories: map[string][]ingest.Stored{}}
	held := map[int][]ingest.Message{}
	later := func(most int, m ingest.Message) {
		at := len(in.messages) + 1 + rng.IntN(most)
		held[at] = append(held[at], m)
	}
	for record := range world.Records(start, start.AddDate(0, 3, 0)) {
		for len(held[len(in.messages)]) > 0 {
			n := len(in.messages)
			first, rest := held[n][0], held[n][1:]
			delete(held, n)
			held[n+1] = append(rest, held[n+1]...)
			in.add(first)
		}
		if len(in.messages) >= size {
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
	in.messages = in.messages[:min(size, len(in.messages))]
	if len(in.messages) < size {
		t.Fatalf("the simulated company gave %d messages, want %d", len(in.messages), size)
	}
	return in
}

func (in *input) add(m ingest.Message) {
	at := len(in.messages)
	in.messages = append(in.messages, m)
	busTime := m.Time.UTC().Truncate(time.Millisecond)
	event, err := ingest.Decode(m.Value)
	if err == nil {
		err = event.Validate(busTime)
	}
	if err != nil {
		in.bad++
		return
	}
	in.copies[identity{event.ComplaintID, event.EventID}]++
	in.histories[event.ComplaintID] = append(in.histories[event.ComplaintID], ingest.Stored{
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
