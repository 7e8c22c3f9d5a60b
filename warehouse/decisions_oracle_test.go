package warehouse

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/transform/kpi"
)

// actionOracle counts improvement actions the slow way, over all decisions as they lie on the bus.
type actionOracle struct {
	bus []ingest.Stored
}

// distinct are the decisions that count, known at t and not undone by then, in order.
func (o actionOracle) distinct(t time.Time) []ingest.Stored {
	type identity struct {
		undo              bool
		subject, decision string
	}
	lowest := map[identity]ingest.Stored{}
	for _, d := range o.bus {
		id := identity{d.Kind == ingest.KindDecisionUndone, d.Subject(), d.EventID}
		if known, found := lowest[id]; !found || d.Offset < known.Offset {
			lowest[id] = d
		}
	}
	undone := map[string]bool{}
	var out []ingest.Stored
	for _, d := range lowest {
		if d.OccurredAt.After(t) {
			continue
		}
		if undo, ok := d.Data.(*ingest.DecisionUndone); ok {
			undone[undo.EventID] = true
		} else {
			out = append(out, d)
		}
	}
	out = slices.DeleteFunc(out, func(d ingest.Stored) bool { return undone[d.EventID] })
	slices.SortFunc(out, func(a, b ingest.Stored) int {
		return cmp.Or(a.OccurredAt.Compare(b.OccurredAt), cmp.Compare(a.EventID, b.EventID))
	})
	return out
}

func (o actionOracle) count(from, to, t time.Time, slice kpi.Slice) rates {
	byAction := map[string][]ingest.Stored{}
	for _, d := range o.distinct(t) {
		byAction[d.Subject()] = append(byAction[d.Subject()], d)
	}
	var sum rates
	within := func(at time.Time) bool { return !at.Before(from) && at.Before(to) }
	for _, history := range byAction {
		var (
			opening       *ingest.ActionOpened
			done          *time.Time
			owner, judged string
		)
		for _, d := range history {
			switch data := d.Data.(type) {
			case *ingest.ActionOpened:
				if opening == nil {
					opening, owner = data, cmp.Or(data.Owner, owner)
				}
			case *ingest.ActionUpdated:
				owner = cmp.Or(data.Fields.Owner, owner)
			case *ingest.ActionDone:
				if done == nil {
					done = cmp.Or(data.At, &d.OccurredAt)
				}
			case *ingest.ActionVerified:
				if within(d.OccurredAt) {
					judged = data.Verdict
				}
			}
		}
		if opening == nil || !in(slice[kpi.Department], opening.Department) || !in(slice[kpi.Owner], owner) ||
			!in(slice[kpi.Issue], opening.Issue) || !in(slice[kpi.CauseGroup], opening.CauseGroup) || !in(slice[kpi.Tier], "") {
			continue
		}
		if judged != "" {
			sum[4]++
			if judged == "effective" {
				sum[3]++
			}
		}
		if opening.DueAt == nil || !within(*opening.DueAt) {
			continue
		}
		if !opening.DueAt.Before(t) {
			sum[2]++
			continue
		}
		sum[1]++
		if done != nil && !done.After(*opening.DueAt) {
			sum[0]++
		}
	}
	return sum
}

func in(wanted []string, value string) bool {
	return len(wanted) == 0 || slices.Contains(wanted, value)
}

// randomDecisions makes n decisions about a few actions: ids and instants are few, so that they meet.
func randomDecisions(rng *rand.Rand, n int) []ingest.Event {
	one := func(list ...string) string { return list[rng.IntN(len(list))] }
	at := func() time.Time { return day(1).Add(time.Duration(rng.IntN(30*4)) * 6 * time.Hour) }
	maybe := func() *time.Time {
		if rng.IntN(4) == 0 {
			return nil
		}
		return new(at())
	}
	all := make([]ingest.Event, n)
	for i := range all {
		id := fmt.Sprintf("d%d", rng.IntN(n))
		e := ingest.Event{EventID: id, OccurredAt: at()}
		a := fmt.Sprintf("A%d", rng.IntN(n/8))
		switch rng.IntN(9) {
		case 0, 1, 2:
			e.Kind, e.Data = ingest.KindActionOpened, &ingest.ActionOpened{
				Action: a, DueAt: maybe(), Department: one("", "d1", "d2"), Owner: one("", "o1", "o2"),
				Issue: one("", "i1"), CauseGroup: one("", "process", "people"),
			}
		case 3, 4:
			e.Kind, e.Data = ingest.KindActionDone, &ingest.ActionDone{Action: a, At: maybe()}
		case 5, 6:
			e.Kind, e.Data = ingest.KindActionVerified, &ingest.ActionVerified{Action: a, Verdict: one(ingest.Verdicts...)}
		case 7:
			e.Kind, e.Data = ingest.KindActionUpdated, &ingest.ActionUpdated{Action: a, Fields: ingest.ActionFields{Owner: one("", "o1", "o3"), DueAt: maybe()}}
		case 8:
			if i%2 == 0 {
				e.Kind, e.Data = ingest.KindDecisionUndone, &ingest.DecisionUndone{EventID: fmt.Sprintf("d%d", rng.IntN(n))}
			} else {
				e.Kind, e.Data = ingest.KindActionReopened, &ingest.ActionEnded{Action: a}
			}
		}
		all[i] = e
	}
	return all
}

func TestRectificationAgreesWithASlowCount(t *testing.T) {
	rng := rand.New(rand.NewPCG(20261122, 12))
	slicesAsked := []kpi.Slice{
		nil,
		{kpi.Department: {"d1"}},
		{kpi.Owner: {"o1", ""}},
		{kpi.Issue: {""}, kpi.CauseGroup: {"process", "people"}},
		{kpi.Owner: {"o3"}, kpi.Tier: {""}},
		{kpi.Tier: {"gold"}},
	}
	var total rates
	for round := range 4 {
		store := openStore(t)
		blocks := map[int]*ingest.Block{}
		var o actionOracle
		for _, e := range randomDecisions(rng, 300) {
			partition := int(e.Key()[len(e.Key())-1]) % 3
			b := blocks[partition]
			if b == nil {
				b = &ingest.Block{Topic: ingest.TopicDecisions, Partition: partition, Decoder: ingest.DecoderVersion}
				blocks[partition] = b
			}
			message, err := e.Message(day(30), false)
			if err != nil {
				t.Fatal(err)
			}
			b.AddDecision(ingest.Record{Offset: b.End, BusTime: message.Time, Value: message.Value})
			o.bus = append(o.bus, ingest.Stored{Event: e, Position: ingest.Position{Partition: partition, Offset: b.End}})
			b.End++
		}
		for _, b := range blocks {
			if len(b.Rejects) > 0 {
				t.Fatalf("refused: %v", b.Rejects[0].Err)
			}
			if err := store.InsertDecisions(t.Context(), *b); err != nil {
				t.Fatal(err)
			}
		}
		for range 20 {
			edges := []time.Time{day(1 + rng.IntN(8)), day(10 + rng.IntN(5)), day(16 + rng.IntN(16))}
			q := kpi.Query{AsOf: day(1 + rng.IntN(31)), Slice: slicesAsked[rng.IntN(len(slicesAsked))]}
			got, err := store.rectification(t.Context(), q, edges)
			if err != nil {
				t.Fatal(err)
			}
			for bucket := 1; bucket < len(edges); bucket++ {
				want := o.count(edges[bucket-1], edges[bucket], q.AsOf, q.Slice)
				if ratesOf(got[bucket]) != want {
					slice, _ := json.Marshal(q.Slice)
					t.Errorf("round %d, [%s, %s) as of %s, slice %s: %v, want %v", round, rfc(edges[bucket-1]), rfc(edges[bucket]), rfc(q.AsOf), slice, ratesOf(got[bucket]), want)
				}
				for i := range total {
					total[i] += want[i]
				}
			}
		}
	}
	if slices.Min(total[:]) < 20 {
		t.Errorf("only %v are counted on time, due, pending, effective, verified: the histories prove little", total)
	}
}
