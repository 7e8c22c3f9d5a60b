package warehouse

import (
	"fmt"
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/transform/kpi"
)

// tale invents complaints by hand; each tale has a product of its own, by which the answers are told apart.
type tale struct {
	product string
	events  map[string][]ingest.Stored
	n       int
}

func (s *tale) add(id string, at time.Duration, kind ingest.Kind, data any) {
	s.n++
	if data == nil {
		data = kind.NewData()
	}
	id = s.product + id
	s.events[id] = append(s.events[id], ingest.Stored{
		Event: ingest.Event{
			EventID: fmt.Sprintf("%s-%02d", s.product, s.n), ComplaintID: id, Kind: kind,
			OccurredAt: historyStart.Add(at).UTC(), Actor: ingest.Actor{Role: ingest.RoleAgent}, Data: data,
		},
		Position: ingest.Position{Topic: ingest.TopicEvents, Offset: int64(100_000*len(s.events) + len(s.product)*1000 + s.n), BusTime: historyStart.UTC().AddDate(1, 0, 0)},
	})
}

func (s *tale) register(id string, at time.Duration, channel string) {
	s.add(id, at, ingest.KindRegistered, &ingest.Registered{
		Channel: channel, Title: "t", Category: "物流", Product: s.product, Customer: ingest.Customer{ID: "u"},
	})
}

// rate rates complaint a.
func (s *tale) rate(at time.Duration, score float64) {
	s.add("a", at, ingest.KindSurveyed, &ingest.Surveyed{Answered: true, Score: &score})
}

func TestRepeats(t *testing.T) {
	const h, d = time.Hour, 24 * time.Hour
	tales := map[string]struct {
		tell func(s *tale)
		// repeats are counted among those registered; redone among those rated 3 or less.
		repeats, registered, redone, rated int64
	}{
		"a complaint after the end of another repeats it": {func(s *tale) {
			s.register("a", 0, "web")
			s.add("a", 2*d, ingest.KindResolved, nil)
			s.register("b", 10*d, "web")
		}, 1, 2, 0, 0},
		"one while the other is open does not": {func(s *tale) {
			s.register("a", 0, "web")
			s.register("b", 10*d, "web")
		}, 0, 2, 0, 0},
		"thirty days later it still does": {func(s *tale) {
			s.register("a", 0, "web")
			s.add("a", 2*d, ingest.KindResolved, nil)
			s.register("b", 32*d, "web")
		}, 1, 2, 0, 0},
		"a millisecond more and it does not": {func(s *tale) {
			s.register("a", 0, "web")
			s.add("a", 2*d, ingest.KindResolved, nil)
			s.register("b", 32*d+time.Millisecond, "web")
		}, 0, 2, 0, 0},
		"registered in the millisecond of the end comes before it": {func(s *tale) {
			s.register("a", 0, "web")
			s.add("a", 2*d, ingest.KindResolved, nil)
			s.register("b", 2*d, "web")
		}, 0, 2, 0, 0},
		"registered in the millisecond of the reopening comes before that": {func(s *tale) {
			s.register("a", 0, "web")
			s.add("a", 2*d, ingest.KindResolved, nil)
			s.add("a", 4*d, ingest.KindReopened, nil)
			s.register("b", 4*d, "web")
		}, 1, 2, 0, 0},
		"another channel within a day is a duplicate": {func(s *tale) {
			s.register("a", 0, "web")
			s.add("a", 2*h, ingest.KindResolved, nil)
			s.register("b", 24*h-time.Millisecond, "phone")
		}, 0, 2, 0, 0},
		"another channel after a day is a repeat": {func(s *tale) {
			s.register("a", 0, "web")
			s.add("a", 2*h, ingest.KindResolved, nil)
			s.register("b", 24*h, "phone")
		}, 1, 2, 0, 0},
		"a merge is no closure, a withdrawal is one": {func(s *tale) {
			s.register("a", 0, "web")
			s.add("a", 2*h, ingest.KindMerged, &ingest.Merged{Into: "x"})
			s.register("b", 3*d, "web")
			s.add("b", 4*d, ingest.KindWithdrawn, nil)
			s.register("c", 5*d, "web")
		}, 1, 2, 0, 0},
		"one that was closed at the time can be repeated although it was merged later": {func(s *tale) {
			s.register("a", 0, "web")
			s.add("a", d, ingest.KindResolved, nil)
			s.register("b", 2*d, "web")
			s.add("a", 3*d, ingest.KindReopened, nil)
			s.add("a", 4*d, ingest.KindMerged, &ingest.Merged{Into: "x"})
		}, 1, 1, 0, 0},
		"a merged complaint is no repeat": {func(s *tale) {
			s.register("a", 0, "web")
			s.add("a", d, ingest.KindResolved, nil)
			s.register("b", 2*d, "web")
			s.add("b", 3*d, ingest.KindMerged, &ingest.Merged{Into: "x"})
		}, 0, 1, 0, 0},
		"of two bad ratings the first decides whether it was redone": {func(s *tale) {
			s.register("a", 0, "web")
			s.add("a", d, ingest.KindResolved, nil)
			s.rate(2*d, 1)
			s.add("a", 3*d, ingest.KindReopened, nil)
			s.add("a", 4*d, ingest.KindResolved, nil)
			s.rate(5*d, 2)
		}, 0, 1, 1, 1},
	}
	events := map[string][]ingest.Stored{}
	products := map[string]string{}
	for name, tt := range tales {
		products[name] = fmt.Sprintf("p%02d", len(products))
		tt.tell(&tale{product: products[name], events: events})
	}
	store := openEvents(t, events)
	q := kpi.Query{From: historyStart, To: historyStart.AddDate(0, 0, 90), AsOf: historyStart.AddDate(0, 0, 100)}
	found, err := figures(t, store.Store, q, []time.Time{q.From, q.To}, kpi.Product, "repeat", "dissatisfied_redo")
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range tales {
		t.Run(name, func(t *testing.T) {
			k := counted{1, products[name]}
			repeat, redo := found["repeat"][k], found["dissatisfied_redo"][k]
			if repeat.Numerator != tt.repeats || repeat.Denominator != tt.registered {
				t.Errorf("%d repeats of %d, want %d of %d", repeat.Numerator, repeat.Denominator, tt.repeats, tt.registered)
			}
			if redo.Numerator != tt.redone || redo.Denominator != tt.rated {
				t.Errorf("%d redone of %d, want %d of %d", redo.Numerator, redo.Denominator, tt.redone, tt.rated)
			}
		})
	}
}
