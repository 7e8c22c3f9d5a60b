package oracle

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/transform/kpi"
)

// action is an improvement action as of an instant.
type action struct {
	due instant
	// done is when it was first said to have been done; none without.
	done     instant
	values   values
	issue    string
	verdicts []verdictOn
}

// verdictOn is one judgement of an action.
type verdictOn struct {
	at        instant
	effective bool
}

// undoneAmong are the ids that are taken back, of decisions in order. An undoing counts unless a later one that counts
// takes it back itself, so the last are certain first.
func undoneAmong(known []ingest.Stored) map[string]bool {
	undone := map[string]bool{}
	for _, e := range slices.Backward(known) {
		if d, ok := e.Data.(*ingest.DecisionUndone); ok && !undone[e.EventID] && d.EventID != e.EventID {
			undone[d.EventID] = true
		}
	}
	return undone
}

// actions reads the decisions as of an instant. Copies of one decision share its subject and id: the lowest offset
// counts, then what is not undone, in order.
func actions(stored []ingest.Stored, asOf instant) map[string]*action {
	byOffset := slices.SortedFunc(slices.Values(stored), func(a, b ingest.Stored) int { return cmp.Compare(a.Offset, b.Offset) })
	seen := map[string]bool{}
	var known []ingest.Stored
	for _, e := range byOffset {
		name := e.Key() + "\x00" + e.EventID
		if seen[name] {
			continue
		}
		seen[name] = true
		if e.OccurredAt.UnixMilli() > asOf {
			continue
		}
		known = append(known, e)
	}
	slices.SortFunc(known, func(a, b ingest.Stored) int {
		return cmp.Or(a.OccurredAt.Compare(b.OccurredAt), strings.Compare(a.EventID, b.EventID))
	})
	undone := undoneAmong(known)
	all, opened := map[string]*action{}, map[string]bool{}
	for _, e := range known {
		if undone[e.EventID] {
			continue
		}
		id := e.Key()
		if all[id] == nil {
			all[id] = &action{due: none, done: none}
		}
		if all[id].learn(e, opened[id]) {
			opened[id] = true
		}
	}
	for id := range all {
		if !opened[id] {
			delete(all, id)
		}
	}
	return all
}

// learn takes one decision in and says whether it opened the action. What was said before the opening counts too:
// openings are written down late.
func (a *action) learn(e ingest.Stored, opened bool) bool {
	switch d := e.Data.(type) {
	case *ingest.ActionOpened:
		if opened {
			return false
		}
		if d.DueAt != nil {
			a.due = d.DueAt.UnixMilli()
		}
		a.values.department, a.values.cause, a.issue = or(d.Department, a.values.department), or(d.CauseGroup, a.values.cause), d.Issue
		a.values.owner = or(d.Owner, a.values.owner)
		return true
	case *ingest.ActionUpdated:
		a.values.owner = or(d.Fields.Owner, a.values.owner)
		a.values.department, a.values.cause = or(d.Fields.Department, a.values.department), or(d.Fields.CauseGroup, a.values.cause)
	case *ingest.ActionDone:
		if a.done != none {
			break
		}
		a.done = e.OccurredAt.UnixMilli()
		if d.At != nil {
			a.done = d.At.UnixMilli()
		}
	case *ingest.ActionVerified:
		a.verdicts = append(a.verdicts, verdictOn{e.OccurredAt.UnixMilli(), d.Verdict == "effective"})
	}
	return false
}

// rectification is about decisions, not about complaints: an action has a department, an owner, an issue and a cause
// group, and in every other dimension the absent value.
func rectification(q *question) kpi.Value {
	part, whole, pending, effective, verified := 0, 0, 0, 0, 0
	for _, a := range actions(q.decisions, q.asOf) {
		if !inSlice(&story{values: a.values, issue: a.issue}, q.slice) {
			continue
		}
		if a.due >= q.from && a.due < q.to {
			switch {
			case a.due >= q.asOf:
				pending++
			case a.done != none && a.done <= a.due:
				part++
				whole++
			default:
				whole++
			}
		}
		var last *verdictOn
		for i, v := range a.verdicts {
			if q.within(v.at) {
				last = &a.verdicts[i]
			}
		}
		if last != nil {
			verified++
			if last.effective {
				effective++
			}
		}
	}
	v := rate(part, whole, pending)
	v.More = map[string]kpi.Value{"effective": rate(effective, verified, 0)}
	return v
}

// decisions makes so many actions with everything that is decided about them.
func (g *generator) decisions(n int) []ingest.Event {
	var out []ingest.Event
	for i := range n {
		id, at, number := fmt.Sprintf("A-%03d", i), g.start(true), 0
		decide := func(kind ingest.Kind, data any) {
			number++
			out = append(out, ingest.Event{
				EventID: fmt.Sprintf("%s%s%d", oneOf(g, genEventIDs), id, number), Kind: kind,
				OccurredAt: time.UnixMilli(at).UTC(), Data: data,
			})
		}
		for range g.IntN(2) * g.IntN(3) {
			g.decideAnything(id, at, decide)
		}
		for range 1 + g.IntN(2)*g.IntN(2) {
			decide(ingest.KindActionOpened, g.actionOpened(id, at))
		}
		for range g.IntN(9) {
			at += g.step()
			g.decideAnything(id, at, decide)
			if g.chance(8) {
				decide(ingest.KindDecisionUndone, &ingest.DecisionUndone{EventID: out[len(out)-1-g.IntN(number)].EventID})
			}
		}
	}
	return out
}

func (g *generator) actionOpened(id string, at instant) *ingest.ActionOpened {
	d := &ingest.ActionOpened{
		Action: id, Issue: oneOf(g, []string{"", "i-1", "i-2"}), CauseGroup: oneOf(g, genCauses), Measure: "改",
		Department: oneOf(g, genDepartments), Owner: oneOf(g, genOwners),
	}
	if g.chance(90) {
		due := time.UnixMilli(at + g.step() + g.step()).UTC()
		d.DueAt = &due
	}
	return d
}

func (g *generator) decideAnything(id string, at instant, decide func(ingest.Kind, any)) {
	switch g.IntN(7) {
	case 0, 1, 2:
		d := &ingest.ActionDone{Action: id}
		if g.chance(40) {
			done := time.UnixMilli(at - g.step()).UTC()
			d.At = &done
		}
		decide(ingest.KindActionDone, d)
	case 3, 4:
		verdicts := []string{"effective", "effective", "not_effective", "unclear", "perhaps"}
		decide(ingest.KindActionVerified, &ingest.ActionVerified{Action: id, Verdict: oneOf(g, verdicts)})
	case 5:
		due := time.UnixMilli(at + g.step()).UTC()
		decide(ingest.KindActionUpdated, &ingest.ActionUpdated{
			Action: id, Fields: ingest.ActionFields{DueAt: &due, Owner: oneOf(g, genOwners)},
		})
	case 6:
		kind := oneOf(g, []ingest.Kind{ingest.KindActionClosed, ingest.KindActionReopened})
		decide(kind, &ingest.ActionEnded{Action: id})
	}
}

// decide stores decisions in another order than they were made, some of them twice.
func (b *bench) decide(t *testing.T, g *generator, events []ingest.Event) []ingest.Stored {
	t.Helper()
	for _, e := range events {
		if g.chance(8) {
			e.OccurredAt = e.OccurredAt.Add(time.Duration(g.IntN(2)) * time.Hour)
			events = append(events, e)
		}
	}
	g.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
	block := ingest.Block{Topic: ingest.TopicDecisions, Decoder: ingest.DecoderVersion, End: int64(len(events))}
	var stored []ingest.Stored
	for i, e := range events {
		position := ingest.Position{Topic: ingest.TopicDecisions, Offset: int64(i), BusTime: e.OccurredAt}
		stored = append(stored, ingest.Stored{Event: e, Position: position})
		record := ingest.Record{Offset: int64(i), BusTime: e.OccurredAt, Value: wire(t, e)}
		block.Events = append(block.Events, ingest.Accepted{Record: record, Event: e})
	}
	if err := b.store.InsertDecisions(t.Context(), block); err != nil {
		t.Fatal(err)
	}
	return stored
}
