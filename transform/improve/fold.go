package improve

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"wenguo/ingest"
	"wenguo/transform/undo"
)

// identity tells decisions apart: the ids of decisions about different things may be equal.
type identity struct {
	undoing     bool
	subject, id string
}

// known are the decisions about actions, and those that undo any, as far as they were made by an instant, in the order in
// which they count: (occurred_at, event_id). Of two contents under one id the lowest offset counts.
func known(decisions []ingest.Stored, asOf time.Time) []ingest.Stored {
	asOf = asOf.Truncate(time.Millisecond)
	lowest := map[identity]ingest.Stored{}
	for _, d := range decisions {
		_, undoing := d.Data.(*ingest.DecisionUndone)
		if !undoing && !IsStep(d.Kind) {
			continue
		}
		key := identity{undoing, d.Subject(), d.EventID}
		if other, twice := lowest[key]; !twice || lower(d.Position, other.Position) {
			lowest[key] = d
		}
	}
	maps.DeleteFunc(lowest, func(_ identity, d ingest.Stored) bool { return d.OccurredAt.After(asOf) })
	return slices.SortedFunc(maps.Values(lowest), func(a, b ingest.Stored) int {
		return cmp.Or(a.OccurredAt.Compare(b.OccurredAt), cmp.Compare(a.EventID, b.EventID), cmp.Compare(a.Subject(), b.Subject()),
			cmp.Compare(a.Kind, b.Kind))
	})
}

// lower orders two places on the bus.
func lower(a, b ingest.Position) bool {
	return cmp.Or(cmp.Compare(a.Offset, b.Offset), cmp.Compare(a.Partition, b.Partition)) < 0
}

// IsStep says whether a kind of decision is a step of an action.
func IsStep(kind ingest.Kind) bool {
	switch kind {
	case ingest.KindActionOpened, ingest.KindActionUpdated, ingest.KindActionDone, ingest.KindActionVerified,
		ingest.KindActionClosed, ingest.KindActionReopened:
		return true
	}
	return false
}

// undoings are those among decisions in order.
func undoings(decisions []ingest.Stored) undo.Undoings {
	undone := undo.Undoings{}
	for _, d := range decisions {
		if data, ok := d.Data.(*ingest.DecisionUndone); ok {
			undone.Take(d.EventID, data.EventID)
		}
	}
	return undone
}

// Undone are the ids of the decisions that are taken back as of an instant, sorted. The rate of rectification leaves out
// what stands in it, so that it and Actions never disagree.
func Undone(decisions []ingest.Stored, asOf time.Time) []string {
	undone := undoings(known(decisions, asOf))
	ids := []string{}
	for id := range undone {
		if undone.By(id) != "" {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// Actions folds decisions into improvement actions as of an instant, by OpenedAt, then ID. It depends on the set of
// decisions alone, in whatever order and how often each comes; kinds that are neither steps nor undoings are left out.
//
// What was never opened, or whose openings are all undone, is no action. The first opening counts; a later one changes
// nothing. An empty value is not given. A reopening of what is neither done nor closed changes nothing.
func Actions(decisions []ingest.Stored, asOf time.Time) []Action {
	inOrder := known(decisions, asOf)
	undone := undoings(inOrder)
	folds := map[string]*fold{}
	for _, d := range inOrder {
		if !IsStep(d.Kind) {
			continue
		}
		f := folds[d.Subject()]
		if f == nil {
			f = &fold{Action: Action{ID: d.Subject()}}
			folds[d.Subject()] = f
		}
		by := undone.By(d.EventID)
		f.Steps = append(f.Steps, Step{
			ID: d.EventID, Kind: d.Kind, At: d.OccurredAt, By: d.Actor.ID, Department: d.Actor.Department, UndoneBy: by, Says: Says(d.Data),
		})
		if by == "" {
			f.take(d)
		}
	}
	var out []Action
	for _, f := range folds {
		if f.opened {
			f.State = f.state()
			out = append(out, f.Action)
		}
	}
	slices.SortFunc(out, func(a, b Action) int { return cmp.Or(a.OpenedAt.Compare(b.OpenedAt), cmp.Compare(a.ID, b.ID)) })
	return out
}

// fold is an action while its decisions are read in order.
type fold struct {
	Action

	opened, done, closed bool
}

// state is where the action stands: how far the work came, else how much of it is known.
func (f *fold) state() State {
	switch {
	case f.closed:
		return Closed
	case f.done:
		return Verifying
	case f.Measure != "" || f.Prevention != "":
		return Measure
	case f.RootCause != "":
		return Cause
	}
	return Opened
}

// take lets one decision that holds count.
func (f *fold) take(d ingest.Stored) {
	switch data := d.Data.(type) {
	case *ingest.ActionOpened:
		f.open(d.OccurredAt, data)
	case *ingest.ActionUpdated:
		f.update(data.Fields)
	case *ingest.ActionDone:
		f.done, f.Done = true, d.OccurredAt
		if data.At != nil {
			f.Done = data.At.UTC()
		}
		if f.FirstDone.IsZero() {
			f.FirstDone = f.Done
		}
		give(&f.Evidence, data.Evidence)
		f.unjudge()
	case *ingest.ActionVerified:
		f.Verdict, f.VerifiedAt = Verdict(ingest.Normal(data.Verdict, ingest.Verdicts)), d.OccurredAt
		f.VerifiedBy, f.VerifiedWhy = cmp.Or(data.By, d.Actor.ID), data.Reason
	case *ingest.ActionEnded:
		f.end(d, data.Reason)
	}
}

func (f *fold) unjudge() {
	f.Verdict, f.VerifiedBy, f.VerifiedWhy, f.VerifiedAt = "", "", "", time.Time{}
}

// end closes, or opens again what is done or closed.
func (f *fold) end(d ingest.Stored, reason string) {
	switch {
	case d.Kind == ingest.KindActionClosed && !f.closed:
		f.closed, f.ClosedAt, f.ClosedWhy = true, d.OccurredAt, reason
	case d.Kind == ingest.KindActionReopened && (f.done || f.closed):
		f.done, f.closed = false, false
		f.Done, f.ClosedAt, f.ClosedWhy = time.Time{}, time.Time{}, ""
		f.unjudge()
		f.Reopened++
		f.ReopenedAt, f.ReopenedWhy = d.OccurredAt, reason
	}
}

func (f *fold) open(at time.Time, data *ingest.ActionOpened) {
	if f.opened {
		return
	}
	f.opened, f.OpenedAt, f.Issue = true, at, data.Issue
	if data.DueAt != nil {
		f.FirstDue = data.DueAt.UTC()
	}
	f.update(ingest.ActionFields{
		Title: data.Title, CauseGroup: data.CauseGroup, RootCause: data.RootCause, Containment: data.Containment, Measures: data.Measure,
		Prevention: data.Prevention, ExpectedEffect: data.ExpectedEffect, DueAt: data.DueAt, Department: data.Department, Owner: data.Owner,
	})
}

// update gives new values.
func (f *fold) update(v ingest.ActionFields) {
	give(&f.Title, v.Title)
	give(&f.CauseGroup, ingest.Normal(v.CauseGroup, ingest.CauseGroups))
	give(&f.RootCause, v.RootCause)
	give(&f.Containment, v.Containment)
	give(&f.Measure, v.Measures)
	give(&f.Prevention, v.Prevention)
	give(&f.ExpectedEffect, v.ExpectedEffect)
	give(&f.Evidence, v.Evidence)
	give(&f.Department, v.Department)
	give(&f.Owner, v.Owner)
	if v.DueAt != nil {
		f.DueAt = v.DueAt.UTC()
	}
}

// give sets a value that is given.
func give(to *string, value string) {
	if value != "" {
		*to = value
	}
}
