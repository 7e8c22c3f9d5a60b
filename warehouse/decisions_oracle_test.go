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
	"wenguo/transform/improve"
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
	var undos, out []ingest.Stored
	for _, d := range lowest {
		switch {
		case d.OccurredAt.After(t):
		case d.Kind == ingest.KindDecisionUndone:
			undos = append(undos, d)
		default:
			out = append(out, d)
		}
	}
	slices.SortFunc(undos, inOrder)
	// The last undoing cannot be undone, so they are looked at from the end.
	undone := map[string]bool{}
	for _, u := range slices.Backward(undos) {
		if !undone[u.EventID] {
			undone[u.Subject()] = true
		}
	}
	out = slices.DeleteFunc(out, func(d ingest.Stored) bool { return undone[d.EventID] })
	slices.SortFunc(out, inOrder)
	return out
}

func inOrder(a, b ingest.Stored) int {
	return cmp.Or(a.OccurredAt.Compare(b.OccurredAt), cmp.Compare(a.EventID, b.EventID))
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
			opening                          *ingest.ActionOpened
			done                             *time.Time
			owner, department, cause, judged string
		)
		for _, d := range history {
			switch data := d.Data.(type) {
			case *ingest.ActionOpened:
				if opening == nil {
					opening, owner = data, cmp.Or(data.Owner, owner)
					department, cause = cmp.Or(data.Department, department), cmp.Or(data.CauseGroup, cause)
				}
			case *ingest.ActionUpdated:
				owner, department = cmp.Or(data.Fields.Owner, owner), cmp.Or(data.Fields.Department, department)
				cause = cmp.Or(data.Fields.CauseGroup, cause)
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
		if opening == nil || !in(slice[kpi.Department], department) || !in(slice[kpi.Owner], owner) ||
			!in(slice[kpi.Issue], opening.Issue) || !in(slice[kpi.CauseGroup], cause) || !in(slice[kpi.Tier], "") {
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

// ratesOfActions counts actions as the pages list them behind the rate.
func ratesOfActions(actions []improve.Action, from, to time.Time, q kpi.Query) rates {
	var sum rates
	within := func(at time.Time) bool { return !at.IsZero() && !at.Before(from) && at.Before(to) }
	for _, a := range actions {
		if !in(q.Slice[kpi.Department], a.Department) || !in(q.Slice[kpi.Owner], a.Owner) || !in(q.Slice[kpi.Issue], a.Issue) ||
			!in(q.Slice[kpi.CauseGroup], a.CauseGroup) || !in(q.Slice[kpi.Tier], "") {
			continue
		}
		verdict := ""
		for _, step := range a.Steps {
			if step.Kind == ingest.KindActionVerified && step.UndoneBy == "" && within(step.At) {
				verdict = step.Says["verdict"]
			}
		}
		switch {
		case verdict == "effective":
			sum[3]++
			fallthrough
		case verdict != "":
			sum[4]++
		}
		switch {
		case !within(a.FirstDue):
		case !a.FirstDue.Before(q.AsOf):
			sum[2]++
		case !a.FirstDone.IsZero() && !a.FirstDone.After(a.FirstDue):
			sum[0]++
			fallthrough
		default:
			sum[1]++
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
	lastUndo := ""
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
			e.Kind, e.Data = ingest.KindActionUpdated, &ingest.ActionUpdated{Action: a, Fields: ingest.ActionFields{
				Owner: one("", "o1", "o3"), Department: one("", "", "d2"), CauseGroup: one("", "", "people"), DueAt: maybe(),
			}}
		case 8:
			switch target := fmt.Sprintf("d%d", rng.IntN(n)); {
			case i%2 == 1:
				e.Kind, e.Data = []ingest.Kind{ingest.KindActionReopened, ingest.KindActionClosed}[i/2%2], &ingest.ActionEnded{Action: a}
			case lastUndo != "" && rng.IntN(2) == 0:
				target = lastUndo
				fallthrough
			default:
				e.EventID, e.OccurredAt = fmt.Sprintf("u%d", i), at()
				lastUndo = e.EventID
				e.Kind, e.Data = ingest.KindDecisionUndone, &ingest.DecisionUndone{EventID: target}
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
				actions, err := store.Actions(t.Context(), q.AsOf)
				if err != nil {
					t.Fatal(err)
				}
				if folded := ratesOfActions(actions, edges[bucket-1], edges[bucket], q); folded != want {
					t.Errorf("round %d: the actions give %v, want %v", round, folded, want)
				}
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
