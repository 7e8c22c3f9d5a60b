package improve

import (
	"time"

	"wenguo/ingest"
)

// State is where an improvement action 整改 stands: the columns of the board.
type State string

// States, in the order of the work. What an action is stands in what people decided, so every state can be left again.
const (
	// Opened 登记: somebody says that something has to be done.
	Opened State = "opened"
	// Cause 原因: a root cause is known and no measure yet.
	Cause State = "cause"
	// Measure 措施: a measure is agreed on and being carried out.
	Measure State = "measure"
	// Verifying 验证: the work is done, and its effect not yet judged and accepted.
	Verifying State = "verifying"
	// Closed 关闭.
	Closed State = "closed"
)

// Verdict is what a verification found.
type Verdict string

// Verdicts, as action.verified carries them.
const (
	Effective    Verdict = "effective"
	NotEffective Verdict = "not_effective"
	Unclear      Verdict = "unclear"
)

// Action is one improvement action as its decisions make it, as of an instant. Instants are UTC; zero means not said.
type Action struct {
	ID    string
	State State
	// Issue is the recurring issue it is against, empty for one that was opened by hand.
	Issue string
	// Title says what it is about where the issue does not.
	Title string
	// CauseGroup is one of ingest.CauseGroups.
	CauseGroup string
	// What people wrote. Lines of RootCause are the whys; Measure corrects the fault, Prevention keeps it from others.
	RootCause, Containment, Measure, Prevention, ExpectedEffect, Evidence string
	Department, Owner                                                     string
	OpenedAt                                                              time.Time
	// FirstDue is the day that the opening promised, by which the rate of rectification goes; DueAt the last one given.
	FirstDue, DueAt time.Time
	// FirstDone is when the work was done for the first time, Done the last time since it was last reopened (zero while it is
	// open): the instant from which its effect counts.
	FirstDone, Done time.Time
	// Verdict is the last verification since the work was last done or taken up again: by whom, when and why.
	Verdict                 Verdict
	VerifiedBy, VerifiedWhy string
	VerifiedAt              time.Time
	// ClosedAt is when it was closed, zero unless it is; ClosedWhy is the reason.
	ClosedAt  time.Time
	ClosedWhy string
	// Reopened counts how often it was opened again; ReopenedAt and ReopenedWhy are of the last time.
	Reopened    int
	ReopenedAt  time.Time
	ReopenedWhy string
	// Steps are its decisions in the order they count, with those that were undone.
	Steps []Step
}

// Step is one decision of an action.
type Step struct {
	// ID is the decision's event_id, which an undoing names.
	ID   string
	Kind ingest.Kind
	At   time.Time
	// By and Department are who decided.
	By, Department string
	// UndoneBy is the decision that takes it back, empty while it holds.
	UndoneBy string
	// Says are its fields as text, by the name of the field in action.opened, action.done and so on.
	Says map[string]string
}

// Overdue says whether the work is not done though it was due before an instant.
func (a Action) Overdue(at time.Time) bool {
	return a.Working() && !a.DueAt.IsZero() && a.DueAt.Before(at)
}

// Working says whether the work is still to be done.
func (a Action) Working() bool { return a.State != Verifying && a.State != Closed }

// States are the columns of the board in their order.
var States = []State{Opened, Cause, Measure, Verifying, Closed} //nolint:gochecknoglobals // a constant list
