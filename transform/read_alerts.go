package transform

import (
	"time"

	"wenguo/transform/breach"
	"wenguo/transform/kpi"
)

// CaseClock is an open clock of one complaint that runs and is at risk or overdue.
type CaseClock struct {
	kpi.TimerKey

	ComplaintID string
	Due         time.Time
}

// CaseClocksQuery asks for such clocks of urgent and high complaints.
type CaseClocksQuery struct {
	// At is about now.
	At time.Time
	// Departments are told apart, and complaints without one; all others together as kpi.Other.
	Departments []string
	// Limit keeps those whose deadline is nearest to At, before or after it.
	Limit int
}

// BreachSeries are the verdicts of a stage in a department, in the order of their deadlines; of two with the same
// deadline the met one is first.
type BreachSeries struct {
	BreachSeriesKey
	breach.Sequence
}

// BreachSeriesKey is what verdicts are watched by.
type BreachSeriesKey struct{ Stage, Department string }

// Lasted is how long a finished clock took, in the time of its calendar and without the pauses that stopped it before its
// deadline.
type Lasted struct {
	Stage, Priority string
	Took            time.Duration
}
