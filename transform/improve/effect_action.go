package improve

import (
	"slices"
	"time"
)

// lookBack is how many weeks before the choice the effect of an action can ask about: those before, those that led to the
// choice, and the same weeks a year earlier.
const lookBack = 26 + 8 + 52 + 2

// Since is from when on the weeks of its issue matter to the effect of an action.
func (a Action) Since() time.Time { return a.chosen().AddDate(0, 0, -7*lookBack) }

// chosen is when its issue was chosen: an action may be written down after it was done.
func (a Action) chosen() time.Time {
	if done := a.took(); !done.IsZero() && done.Before(a.OpenedAt) {
		return done
	}
	return a.OpenedAt
}

// took is when its measure took effect: of one that was opened again, the first time.
func (a Action) took() time.Time {
	if a.Done.IsZero() {
		return a.FirstDone
	}
	return a.Done
}

// Proof puts together what an action is judged by; all are all actions, those of other issues too, and leads says which
// issue holds the complaints of one.
func (a Action) Proof(h History, all []Action, leads func(issue string) string, asOf time.Time) Evidence {
	e := Evidence{
		Weeks: h.Weeks, Exposure: h.Exposure, OpenedAt: a.chosen(), DoneAt: a.took(), AsOf: asOf, Delay: h.Delay, Moved: h.Moved,
	}
	for _, other := range all {
		if other.ID != a.ID && !other.took().IsZero() && other.Issue != "" && leads(other.Issue) == h.Issue {
			e.Others = append(e.Others, other.took())
		}
	}
	slices.SortFunc(e.Others, time.Time.Compare)
	return e
}

// Of is the effect of an action by the rules of ADR 0030; an action without an issue has nothing to count.
func (g *Judge) Of(a Action, e Evidence) Effect {
	if a.Issue == "" {
		return Effect{
			Verdict: Unclear, Reason: NoIssue, Exposure: ByComplaints, Horizon: g.rules.Horizon, Flags: []Flag{}, Comparisons: []Comparison{}, Dispersion: 1,
		}
	}
	return g.Effect(e)
}

// WeeksOf draws the issue's weekly rate, limits from how much neighbouring weeks differ, begun anew where the effect of the
// action begins. Weeks in which it took effect, and those about which complaints are still to come, are shown and not judged.
func WeeksOf(e Evidence, out Effect) Chart {
	readings := make([]Reading, 0, len(e.Weeks))
	var changes []time.Time
	for i, w := range e.Weeks {
		role := RoleUnused
		if i < len(out.Roles) {
			role = out.Roles[i]
		}
		r := Reading{At: w.Start, N: w.Complaints, Judged: role != RoleSettling && role != RoleYoung}
		if w.Exposure > 0 {
			r.Value = new(float64(w.Complaints) / w.Exposure)
		}
		if role == RoleAfter && len(changes) == 0 {
			changes = []time.Time{w.Start}
		}
		readings = append(readings, r)
	}
	return Individuals(readings, changes...)
}
