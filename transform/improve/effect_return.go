package improve

import (
	"slices"
	"strings"
	"time"
)

// returnTail is the chance on one side to call it a return in a week in which nothing changed.
const returnTail = 0.002

// returnWeeks is of how many of the newest weeks a return is made.
const returnWeeks = 4

// Return is an issue that came back after its action was found effective or closed 复发.
type Return struct {
	// Week is the Monday of the newest week that shows it.
	Week time.Time
	// Ratio is the rate of the newest weeks by that of the weeks since the measure took effect, up to the verdict.
	Ratio Comparison
	// Now and Then are these weeks.
	Now, Then Window
}

// Returned tells whether the issue of an action came back: it was accepted as effective, or closed, and since then its chart,
// begun anew where the effect began, gives a signal upward, and the exact interval of the newest four weeks lies above the
// weeks up to the acceptance. Both must hold, for the chart alone would reopen something in most years; a chart of too few
// weeks to judge leaves it to the interval. It takes four weeks of effect before the acceptance to compare with.
func (g *Judge) Returned(a Action, e Evidence) (Return, bool) {
	accepted := a.accepted()
	if accepted.IsZero() || a.Done.IsZero() || a.Issue == "" {
		return Return{}, false
	}
	w := g.rules.split(e)
	var then, now []int
	for i := w.done + g.rules.Settling + 1; i < len(e.Weeks); i++ {
		switch {
		case end(e.Weeks[i]).Add(e.Delay).After(e.AsOf):
		case e.Weeks[i].Start.Before(accepted):
			then = append(then, i)
		default:
			now = append(now, i)
		}
	}
	if len(then) < g.rules.First || len(now) < 1 {
		return Return{}, false
	}
	chart := returnChart(e, slices.Concat(then, now))
	rises := chart.Phases[0].Provisional || slices.ContainsFunc(chart.Signals, func(s Signal) bool {
		return s.Side == High && s.Points[len(s.Points)-1] >= len(then)
	})
	now = now[max(0, len(now)-returnWeeks):]
	dispersion, correlation, freedom := spreadOf(e.Weeks, [][]int{then, now}, byExposure)
	c := ratio(sum(e.Weeks, then, byExposure), sum(e.Weeks, now, byExposure), returnTail, widened(dispersion, correlation, freedom, returnTail))
	c.Basis = PerExposure
	r := Return{Week: e.Weeks[now[len(now)-1]].Start, Ratio: c, Now: window(e.Weeks, now), Then: window(e.Weeks, then)}
	return r, rises && c.Low > 1
}

// accepted is when people last said that it worked, zero where they did not or it was opened again since.
func (a Action) accepted() time.Time {
	var at time.Time
	if a.Verdict == Effective {
		at = a.VerifiedAt
	}
	if a.State == Closed && (at.IsZero() || a.ClosedAt.Before(at)) {
		at = a.ClosedAt
	}
	return at
}

// returnChart judges the newest weeks by the limits of those up to the acceptance.
func returnChart(e Evidence, indices []int) Chart {
	readings := make([]Reading, len(indices))
	for k, i := range indices {
		w := e.Weeks[i]
		if readings[k] = (Reading{At: w.Start, N: w.Complaints, Judged: true}); w.Exposure > 0 {
			readings[k].Value = new(float64(w.Complaints) / w.Exposure)
		}
	}
	return Individuals(readings)
}

// returnID begins the ids of the decisions by which a return reopens an action.
const returnID = "return-"

// ReopenID is the id of the decision by which a return reopens an action: one for each action and week, so that it is made
// once however often it is found. The week is named by its Monday in its own zone.
func (r Return) ReopenID(action string) string {
	return returnID + action + "-" + r.Week.Format(time.DateOnly)
}

// Overruled says that people took back a reopening that a return had made since they accepted the action: it stays accepted
// until they verify or close it anew.
func (a Action) Overruled() bool {
	return slices.ContainsFunc(a.Steps, func(s Step) bool {
		return strings.HasPrefix(s.ID, returnID+a.ID+"-") && s.UndoneBy != "" && s.At.After(a.accepted())
	})
}
