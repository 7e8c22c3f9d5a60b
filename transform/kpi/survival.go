package kpi

import (
	"slices"
	"time"
)

// Waited counts complaints by how long they waited, in milliseconds: Replied got their answer then, Censored were seen
// waiting until then and no longer.
type Waited struct{ Time, Replied, Censored int64 }

// SurvivalOf is KaplanMeier of waits that are counted already, in any order.
func SurvivalOf(waits []Waited) []Survival {
	waits = slices.Clone(waits)
	slices.SortFunc(waits, func(a, b Waited) int { return int(min(max(a.Time-b.Time, -1), 1)) })
	var atRisk int64
	for _, w := range waits {
		atRisk += w.Replied + w.Censored
	}
	var curve []Survival
	share := 1.0
	for i := 0; i < len(waits); {
		t := waits[i].Time
		var replied, gone int64
		for ; i < len(waits) && waits[i].Time == t; i++ {
			replied, gone = replied+waits[i].Replied, gone+waits[i].Replied+waits[i].Censored
		}
		if replied > 0 {
			share *= 1 - float64(replied)/float64(atRisk)
			curve = append(curve, Survival{t, share})
		}
		atRisk -= gone
	}
	return curve
}

// WaitingCurve is the share of complaints that had no human reply yet, over the time of their own acknowledge target's
// calendar since registration.
type WaitingCurve struct {
	// Priority of the complaints; empty in Waits.All.
	Priority string `json:"priority,omitempty"`
	// Target is the promise of a first reply to complaints of which nothing but the priority is known; 0 in Waits.All.
	Target time.Duration `json:"target,omitempty"`
	// N are the complaints registered in the period, Replied those answered by T, Waiting those that wait at T; the
	// others ended without an answer.
	N       int64 `json:"n"`
	Replied int64 `json:"replied"`
	Waiting int64 `json:"waiting"`
	// Steps are the curve's, the times in milliseconds, rounded up to seconds within the first hour and to minutes after.
	Steps []Survival `json:"steps"`
}

// Waits are the curves of a period's complaints: of all, and of each priority that the policy promises a reply to.
type Waits struct {
	All        WaitingCurve   `json:"all"`
	ByPriority []WaitingCurve `json:"by_priority"`
}

// At is the share that still waits after a time.
func (c WaitingCurve) At(t time.Duration) float64 {
	share := 1.0
	for _, s := range c.Steps {
		if s.Time > t.Milliseconds() {
			break
		}
		share = s.Share
	}
	return share
}
