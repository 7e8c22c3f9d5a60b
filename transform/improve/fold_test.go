package improve_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"wenguo/ingest"
	"wenguo/transform/improve"
)

func on(n int) time.Time { return time.Date(2026, 3, n, 0, 0, 0, 0, time.UTC) }

// said is a decision with an id and an offset of its own.
func said(id string, at time.Time, kind ingest.Kind, data any) ingest.Stored {
	return ingest.Stored{Event: ingest.Event{EventID: id, Kind: kind, OccurredAt: at, Actor: ingest.Actor{ID: "王敏"}, Data: data}}
}

func opening(id string, at time.Time, change ...func(*ingest.ActionOpened)) ingest.Stored {
	data := &ingest.ActionOpened{Action: "A"}
	for _, c := range change {
		c(data)
	}
	return said(id, at, ingest.KindActionOpened, data)
}

func updating(id string, at time.Time, fields ingest.ActionFields) ingest.Stored {
	return said(id, at, ingest.KindActionUpdated, &ingest.ActionUpdated{Action: "A", Fields: fields})
}

func doing(id string, at time.Time) ingest.Stored {
	return said(id, at, ingest.KindActionDone, &ingest.ActionDone{Action: "A"})
}

func judging(id string, at time.Time, verdict string) ingest.Stored {
	return said(id, at, ingest.KindActionVerified, &ingest.ActionVerified{Action: "A", Verdict: verdict})
}

func ending(id string, at time.Time, kind ingest.Kind) ingest.Stored {
	return said(id, at, kind, &ingest.ActionEnded{Action: "A", Reason: "why " + id})
}

func undoing(id string, at time.Time, what string) ingest.Stored {
	return said(id, at, ingest.KindDecisionUndone, &ingest.DecisionUndone{EventID: what})
}

// numbered gives each decision its place on the bus.
func numbered(decisions ...ingest.Stored) []ingest.Stored {
	for i := range decisions {
		decisions[i].Offset = int64(i)
	}
	return decisions
}

func TestWhereAnActionStands(t *testing.T) {
	with := func(cause, measure string) func(*ingest.ActionOpened) {
		return func(o *ingest.ActionOpened) { o.RootCause, o.Measure = cause, measure }
	}
	closed, reopened := ingest.KindActionClosed, ingest.KindActionReopened
	for sentence, tt := range map[string]struct {
		decisions []ingest.Stored
		state     improve.State
		verdict   improve.Verdict
		reopened  int
	}{
		"opened with nothing":                           {[]ingest.Stored{opening("1", on(1))}, improve.Opened, "", 0},
		"a cause is known":                              {[]ingest.Stored{opening("1", on(1), with("c", ""))}, improve.Cause, "", 0},
		"a measure without a cause":                     {[]ingest.Stored{opening("1", on(1), with("", "m"))}, improve.Measure, "", 0},
		"prevention is a measure":                       {[]ingest.Stored{opening("1", on(1)), updating("2", on(2), ingest.ActionFields{Prevention: "p"})}, improve.Measure, "", 0},
		"containment alone is none":                     {[]ingest.Stored{opening("1", on(1)), updating("2", on(2), ingest.ActionFields{Containment: "p"})}, improve.Opened, "", 0},
		"done waits for its verdict":                    {[]ingest.Stored{opening("1", on(1)), doing("2", on(2))}, improve.Verifying, "", 0},
		"judged and not closed":                         {[]ingest.Stored{opening("1", on(1)), doing("2", on(2)), judging("3", on(3), "unclear")}, improve.Verifying, improve.Unclear, 0},
		"the last verdict counts":                       {[]ingest.Stored{opening("1", on(1)), doing("2", on(2)), judging("4", on(4), "effective"), judging("3", on(3), "unclear")}, improve.Verifying, improve.Effective, 0},
		"a verdict outside the list":                    {[]ingest.Stored{opening("1", on(1)), doing("2", on(2)), judging("3", on(3), "splendid")}, improve.Verifying, ingest.Other, 0},
		"done again asks for a new verdict":             {[]ingest.Stored{opening("1", on(1)), doing("2", on(2)), judging("3", on(3), "unclear"), doing("4", on(4))}, improve.Verifying, "", 0},
		"closed":                                        {[]ingest.Stored{opening("1", on(1)), doing("2", on(2)), judging("3", on(3), "effective"), ending("4", on(4), closed)}, improve.Closed, improve.Effective, 0},
		"closed without being done":                     {[]ingest.Stored{opening("1", on(1)), ending("4", on(4), closed)}, improve.Closed, "", 0},
		"opened again it is where its content is":       {[]ingest.Stored{opening("1", on(1), with("c", "m")), doing("2", on(2)), ending("4", on(4), closed), ending("5", on(5), reopened)}, improve.Measure, "", 1},
		"opened again before it was closed":             {[]ingest.Stored{opening("1", on(1)), doing("2", on(2)), judging("3", on(3), "not_effective"), ending("5", on(5), reopened)}, improve.Opened, "", 1},
		"opening again what is open changes nothing":    {[]ingest.Stored{opening("1", on(1)), ending("5", on(5), reopened)}, improve.Opened, "", 0},
		"undone, the step before holds":                 {[]ingest.Stored{opening("1", on(1)), doing("2", on(2)), ending("4", on(4), closed), undoing("u", on(5), "4")}, improve.Verifying, "", 0},
		"an undoing that is undone leaves it standing":  {[]ingest.Stored{opening("1", on(1)), doing("2", on(2)), undoing("u", on(5), "2"), undoing("v", on(6), "u")}, improve.Verifying, "", 0},
		"an undoing counts whenever it was made":        {[]ingest.Stored{opening("1", on(2)), doing("2", on(3)), undoing("u", on(1), "2")}, improve.Opened, "", 0},
		"an undoing behind the instant does not yet":    {[]ingest.Stored{opening("1", on(1)), doing("2", on(2)), undoing("u", on(21), "2")}, improve.Verifying, "", 0},
		"a step behind the instant is not known yet":    {[]ingest.Stored{opening("1", on(1)), doing("2", on(20).Add(time.Millisecond))}, improve.Opened, "", 0},
		"a step at the instant is":                      {[]ingest.Stored{opening("1", on(1)), doing("2", on(20))}, improve.Verifying, "", 0},
		"of two contents of an id the first is the one": {[]ingest.Stored{opening("1", on(1)), doing("2", on(2)), judging("2", on(2), "effective")}, improve.Verifying, "", 0},
	} {
		t.Run(sentence, func(t *testing.T) {
			got := improve.Actions(numbered(tt.decisions...), on(20))
			if len(got) != 1 || got[0].State != tt.state || got[0].Verdict != tt.verdict || got[0].Reopened != tt.reopened {
				t.Errorf("stands as %+v, want %s, %q, reopened %d", got, tt.state, tt.verdict, tt.reopened)
			}
		})
	}
}

func TestWhatNobodyOpenedIsNoAction(t *testing.T) {
	for sentence, decisions := range map[string][]ingest.Stored{
		"done alone":          {doing("1", on(1))},
		"opening undone":      {opening("1", on(1)), doing("2", on(2)), undoing("3", on(3), "1")},
		"opened later":        {opening("1", on(21))},
		"about an issue only": {said("1", on(1), ingest.KindIssueMuted, &ingest.IssueMuted{Issue: "A"})},
	} {
		if got := improve.Actions(numbered(decisions...), on(20)); len(got) > 0 {
			t.Errorf("%s gives %+v", sentence, got)
		}
	}
}

func TestWhatAnActionSays(t *testing.T) {
	late := on(15)
	first := func(o *ingest.ActionOpened) {
		o.Issue, o.CauseGroup, o.Department, o.Owner, o.DueAt = "i-1", "moon", "d1", "o1", new(on(10))
	}
	got := improve.Actions(numbered(
		updating("0", on(1), ingest.ActionFields{Owner: "before", ExpectedEffect: "fewer"}), opening("1", on(2), first),
		opening("2", on(3), func(o *ingest.ActionOpened) { o.Issue, o.Owner, o.DueAt = "i-2", "o2", new(on(11)) }),
		updating("3", on(4), ingest.ActionFields{DueAt: &late, Department: "d2"}),
		doing("4", on(5)), ending("5", on(6), ingest.KindActionReopened), doing("6", on(7)),
	), on(20))[0]
	got.Steps = nil
	want := improve.Action{
		ID: "A", State: improve.Verifying, Issue: "i-1", CauseGroup: ingest.Other, Department: "d2", Owner: "o1", ExpectedEffect: "fewer",
		OpenedAt: on(2), FirstDue: on(10), DueAt: on(15), FirstDone: on(5), Done: on(7), Reopened: 1, ReopenedAt: on(6), ReopenedWhy: "why 5",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("says\n%+v, want\n%+v", got, want)
	}
}

// anyDecisions draws decisions about two actions with few ids and instants, so that they meet.
func anyDecisions(t *rapid.T) []ingest.Stored {
	at := rapid.Map(rapid.IntRange(1, 12), on)
	id := rapid.Map(rapid.IntRange(0, 15), func(n int) string { return fmt.Sprintf("d%d", n) })
	text := rapid.SampledFrom([]string{"", "x", "y"})
	maybe := rapid.Ptr(at, true)
	one := rapid.Custom(func(t *rapid.T) ingest.Stored {
		action := rapid.SampledFrom([]string{"A", "B"}).Draw(t, "action")
		d := said(id.Draw(t, "id"), at.Draw(t, "at"), "", nil)
		switch rapid.IntRange(0, 7).Draw(t, "kind") {
		case 0, 1:
			d.Kind, d.Data = ingest.KindActionOpened, &ingest.ActionOpened{Action: action, RootCause: text.Draw(t, "cause"), Owner: text.Draw(t, "owner"), DueAt: maybe.Draw(t, "due")}
		case 2:
			d.Kind, d.Data = ingest.KindActionUpdated, &ingest.ActionUpdated{Action: action, Fields: ingest.ActionFields{Measures: text.Draw(t, "measure"), Owner: text.Draw(t, "owner")}}
		case 3:
			d.Kind, d.Data = ingest.KindActionDone, &ingest.ActionDone{Action: action, At: maybe.Draw(t, "done")}
		case 4:
			d.Kind, d.Data = ingest.KindActionVerified, &ingest.ActionVerified{Action: action, Verdict: rapid.SampledFrom(ingest.Verdicts).Draw(t, "verdict")}
		case 5:
			d.Kind, d.Data = ingest.KindActionClosed, &ingest.ActionEnded{Action: action}
		case 6:
			d.Kind, d.Data = ingest.KindActionReopened, &ingest.ActionEnded{Action: action}
		default:
			d.Kind, d.Data = ingest.KindDecisionUndone, &ingest.DecisionUndone{EventID: id.Draw(t, "undone")}
		}
		return d
	})
	return numbered(rapid.SliceOfN(one, 0, 30).Draw(t, "decisions")...)
}

func TestActionsDependOnTheSetOfDecisionsAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		decisions := anyDecisions(t)
		asOf := on(rapid.IntRange(1, 13).Draw(t, "as of"))
		want := improve.Actions(decisions, asOf)
		var again []ingest.Stored
		if len(decisions) > 0 {
			again = rapid.SliceOfN(rapid.SampledFrom(decisions), 0, 10).Draw(t, "again")
		}
		for i := range again { // the bus may carry a decision twice, later
			again[i].Offset += 1000
		}
		shuffled := rapid.Permutation(append(slices.Clone(decisions), again...)).Draw(t, "shuffled")
		if got := improve.Actions(shuffled, asOf); !reflect.DeepEqual(got, want) {
			t.Fatalf("in another order the actions are\n%+v, not\n%+v", got, want)
		}
	})
}

func TestUndoingTheLastStepGivesTheStateBefore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		decisions := anyDecisions(t)
		before := bare(improve.Actions(decisions, on(20)))
		last := rapid.SampledFrom([]ingest.Stored{
			opening("last", on(14)), updating("last", on(14), ingest.ActionFields{Measures: "z", Owner: "z", DueAt: new(on(3))}), doing("last", on(14)),
			judging("last", on(14), "effective"), ending("last", on(14), ingest.KindActionClosed), ending("last", on(14), ingest.KindActionReopened),
		}).Draw(t, "last")
		last.Offset = 100
		undo, redo := undoing("undo", on(15), "last"), undoing("redo", on(16), "undo")
		undo.Offset, redo.Offset = 101, 102
		stepped := bare(improve.Actions(append(slices.Clone(decisions), last), on(20)))
		undone := bare(improve.Actions(append(slices.Clone(decisions), last, undo), on(20)))
		if !reflect.DeepEqual(undone, before) {
			t.Fatalf("undone it is\n%+v, before it was\n%+v", undone, before)
		}
		if redone := bare(improve.Actions(append(slices.Clone(decisions), redo, undo, last), on(20))); !reflect.DeepEqual(redone, stepped) {
			t.Fatalf("restored it is\n%+v, it was\n%+v", redone, stepped)
		}
	})
}

// bare are actions without the record of their steps.
func bare(actions []improve.Action) []improve.Action {
	for i := range actions {
		actions[i].Steps = nil
	}
	return actions
}
