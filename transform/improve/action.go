package improve

import "time"

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
	// CauseGroup is one of ingest.CauseGroups.
	CauseGroup string
	// RootCause, Containment, Measure, ExpectedEffect and Evidence are what people wrote. Lines of RootCause are the whys.
	RootCause, Containment, Measure, ExpectedEffect, Evidence string
	Department, Owner                                         string
	OpenedAt, DueAt                                           time.Time
	// FirstDone is when the work was done for the first time, Done the last time since it was last reopened (zero while it is
	// open): the instant from which its effect counts.
	FirstDone, Done time.Time
	// Verdict is the last verification since the work was last done, by whom and when.
	Verdict    Verdict
	VerifiedBy string
	VerifiedAt time.Time
	ClosedAt   time.Time
	// Reopened counts how often it was opened again; ReopenedWhy is the last reason.
	Reopened    int
	ReopenedWhy string
	// Steps are its decisions in the order they count, with those that were undone.
	Steps []Step
}

// Step is one decision of an action.
type Step struct {
	// ID is the decision's event_id, which an undoing names.
	ID   string
	Kind string
	At   time.Time
	// By and Department are who decided.
	By, Department string
	// UndoneBy is the decision that takes it back, empty while it holds.
	UndoneBy string
	// Says are its fields as text, by the name of the field on the wire.
	Says map[string]string
}
