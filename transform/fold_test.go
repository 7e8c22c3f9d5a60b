package transform_test

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/histories"
	"wenguo/transform/sla"
)

func rules(t testing.TB) transform.Rules {
	t.Helper()
	p, err := sla.ParsePolicy(sla.DefaultPolicy())
	if err != nil {
		t.Fatal(err)
	}
	return transform.Rules{
		Revision: 3, History: []transform.Applied{{Revision: 3, Policy: p}},
		Mask:        func(s string) string { return strings.ReplaceAll(s, "内容", "**") },
		CustomerKey: func(s string) string { return "key of " + s },
	}
}

var begin = time.Date(2025, 9, 20, 0, 0, 0, 0, time.UTC)

func draw(rt *rapid.T) []ingest.Stored {
	seed := rapid.Uint64().Draw(rt, "seed")
	return histories.New(seed, begin, 30).Complaint("c")
}

func TestAnyOrderAndRepetitionGivesTheSameFact(t *testing.T) {
	r := rules(t)
	rapid.Check(t, func(rt *rapid.T) {
		events := draw(rt)
		want, known := transform.Fold(events, r)
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "order"), 1)) //nolint:gosec // repeatable, not secret
		other := slices.Clone(events)
		for range rnd.IntN(4) {
			if len(events) > 0 {
				other = append(other, events[rnd.IntN(len(events))])
			}
		}
		rnd.Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
		got, gotKnown := transform.Fold(other, r)
		if known != gotKnown || !reflect.DeepEqual(want, got) {
			rt.Fatalf("facts differ:\n%s\n%s", text(want), text(got))
		}
	})
}

func TestFactAsOfIsTheFactOfTheEventsUntilThen(t *testing.T) {
	r := rules(t)
	rapid.Check(t, func(rt *rapid.T) {
		events := draw(rt)
		events = slices.DeleteFunc(events, func(e ingest.Stored) bool { return e.Kind == ingest.KindErased })
		seen := map[string]bool{} // copies with another content would change which events lie before T
		events = slices.DeleteFunc(events, func(e ingest.Stored) bool {
			dup := seen[e.EventID]
			seen[e.EventID] = true
			return dup
		})
		at := begin.Add(time.Duration(rapid.IntRange(0, 60*24).Draw(rt, "T")) * time.Hour)
		var until []ingest.Stored
		for _, e := range events {
			if !e.OccurredAt.After(at) {
				until = append(until, e)
			}
		}
		want, _ := transform.Fold(until, r)
		got, _ := transform.FoldAt(events, r, at)
		got.Version, want.Version = 0, 0
		want.Trace = transform.Trace{}
		if len(until) > 0 && !reflect.DeepEqual(want, got) {
			rt.Fatalf("facts differ:\n%s\n%s", text(want), text(got))
		}
	})
}

func TestEveryFactHoldsTogether(t *testing.T) {
	r := rules(t)
	rapid.Check(t, func(rt *rapid.T) {
		c, known := transform.Fold(draw(rt), r)
		if !known {
			return
		}
		for i, round := range c.Rounds {
			last := i == len(c.Rounds)-1
			if !last && (round.EndedAt.IsZero() || !round.ReopenedAt.Equal(c.Rounds[i+1].StartedAt)) {
				rt.Fatalf("round %d ends at %s, is reopened at %s", i+1, round.EndedAt, round.ReopenedAt)
			}
			if last && (round.EndedAt.IsZero() != (c.State == transform.Open)) {
				rt.Fatalf("state %s, last round ends %s", c.State, round.EndedAt)
			}
		}
		for _, clock := range c.Clocks {
			if !clock.Finished.IsZero() && !clock.Cancelled.IsZero() {
				rt.Fatalf("%s is finished and cancelled", clock.Stage)
			}
			if clock.Frozen && c.State != transform.Open {
				rt.Fatalf("%s is frozen in a complaint that has ended", clock.Stage)
			}
			if clock.Target > 0 && clock.Due.Before(clock.Started) {
				rt.Fatalf("%s is due before it starts", clock.Stage)
			}
		}
		for i, p := range c.Pauses {
			if i > 0 && (c.Pauses[i-1].EndedAt.IsZero() || p.StartedAt.Before(c.Pauses[i-1].EndedAt)) {
				rt.Fatalf("pauses overlap: %v", c.Pauses)
			}
		}
		if c.Erased && (c.CustomerKey != "" || c.Title != "" || c.CustomerName != "" || c.CustomerPhone != "") {
			rt.Fatal("an erased complaint still shows its customer")
		}
	})
}

func text(c transform.Complaint) string {
	b, _ := json.MarshalIndent(c, "", " ") //nolint:errchkjson // a test's message
	return string(b)
}
