package sla

import "time"

// Stage of a complaint's handling that has a promise of its own.
type Stage string

// Stages, in the order in which a complaint passes them.
const (
	Acknowledge Stage = "acknowledge" // 受理: registered → first human reply
	Dispatch    Stage = "dispatch"    // 派单: registered → dispatched
	Confirm     Stage = "confirm"     // 部门确认: dispatched → confirmed
	Plan        Stage = "plan"        // 方案: confirmed → plan proposed
	Resolve     Stage = "resolve"     // 办结: registered → resolved
	Survey      Stage = "survey"      // 回访: resolved → survey offered
	Redo        Stage = "redo"        // 二次处置: reopened → resolved
	Assist      Stage = "assist"      // 协办: requested → done
	Sync        Stage = "sync"        // 归集: occurred → on the bus
)

// State of a clock at an instant.
type State string

// States of a clock. A clock in state NoVerdict finished before it started; it is counted as an anomaly and nowhere else.
const (
	Running   State = "running"
	Paused    State = "paused"
	Met       State = "met"
	Breached  State = "breached"
	Cancelled State = "cancelled"
	NoVerdict State = "no_verdict"
)

// Rules that chose a target. Outage targets are alerted on without waiting.
const (
	RuleDefault = "default"
	RuleOutage  = "outage"
)

// Clock is one run of one stage's promise in one round of a complaint. All instants are UTC to the millisecond; a zero
// instant means that it has not happened. It knows no now: ask StateAt.
type Clock struct {
	Stage Stage
	// Round is 1 for the first treatment and grows by one with every reopening.
	Round int
	// Rule is the rule that chose the target: default or outage.
	Rule string
	// Department that was asked, for an assist; empty for the other stages.
	Department string
	// Calendar is the id of the calendar the target counts in.
	Calendar string
	// Revision of the policy that was in force when the clock started.
	Revision uint32

	Started time.Time
	// Target is the promise in seconds of the calendar; zero when the due instant was named by a person.
	Target time.Duration
	// WarnAfter is the part of the target after which the clock is at risk.
	WarnAfter time.Duration
	// Due is the deadline. While Frozen it is what it would be if the pause ended the moment it began: ask DueAt.
	Due time.Time
	// Frozen says that a pause is open; Remaining of the target was left when it began.
	Frozen    bool
	Remaining time.Duration
	// Pausable says that pauses stop the clock; PausedFor is the wall time of those that moved Due.
	Pausable  bool
	PausedFor time.Duration
	// Finished and Cancelled exclude each other.
	Finished  time.Time
	Cancelled time.Time
	// Anomaly says that the earliest finish of the round precedes the start: no verdict, no duration.
	Anomaly bool
	// Provisional says that the deadline crosses a year whose public holidays are not known yet.
	Provisional bool
}

// DueAt is the deadline as seen at t: while a pause is open, what it would be if the pause ended at t.
func (c Clock) DueAt(t time.Time, cal *Calendar) time.Time {
	if !c.Frozen || cal == nil {
		return c.Due
	}
	if due := cal.Due(t, c.Remaining); due.After(c.Due) {
		return due
	}
	return c.Due // before the pause began it is not known of
}

// StateAt is the clock's state at t. A breach is decided at the deadline, not at completion: once t lies after the due
// instant an unfinished clock is breached, whatever comes later.
func (c Clock) StateAt(t time.Time, cal *Calendar) State {
	due := c.DueAt(t, cal)
	switch {
	case c.Anomaly:
		return NoVerdict
	case !c.Cancelled.IsZero():
		return Cancelled
	case !c.Finished.IsZero() && !c.Finished.After(due):
		return Met
	case !c.Finished.IsZero() || t.After(due):
		return Breached
	case c.Frozen:
		return Paused
	default:
		return Running
	}
}
