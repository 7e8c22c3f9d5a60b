package kpi

import (
	"math"
	"time"
)

// Window is a stretch of time that ends at the instant asked about.
type Window struct {
	Name   string
	Length time.Duration
}

// Windows are those that alerts ask about, the shortest first. They are counted in the warehouse: 28 days is longer than
// a time-series store keeps, and a late event then corrects what was counted.
var Windows = [...]Window{ //nolint:gochecknoglobals // a constant list
	{"1h", time.Hour},
	{"6h", 6 * time.Hour},
	{"1d", 24 * time.Hour},
	{"3d", 3 * 24 * time.Hour},
	{"7d", 7 * 24 * time.Hour},
	{"28d", 28 * 24 * time.Hour},
}

// TimerKey is what clocks are counted by. Priority, department and the complaint's other values are those at the instant
// asked about, so that slices add up; Rule chose the target.
type TimerKey struct {
	Stage, Priority, Department, Rule string
}

// Verdicts are clocks whose deadline has passed, by what was found then: met or breached.
type Verdicts struct{ Met, Breached int64 }

// Timers counts the clocks of one key at an instant T.
type Timers struct {
	TimerKey

	// OK, AtRisk and Overdue are the open clocks: those somebody can still finish. Overdue is T > due, AtRisk a clock of
	// which at most the last part of the target is left (the policy's warn-before share). A paused clock is never overdue.
	OK, AtRisk, Overdue int64
	// NextDue is the earliest deadline at or after T of an open clock that runs; zero without one. What is overdue has no
	// next deadline, and the deadline of a paused clock moves with T.
	NextDue time.Time
	// Windows are the verdicts whose deadline lies in [T − length, T), in the order of Windows.
	Windows [len(Windows)]Verdicts
	// Decided are the verdicts whose deadline lies in [DecidedFrom, DecidedTo) of the query.
	Decided Verdicts
}

// TimersQuery asks for the clocks at an instant.
type TimersQuery struct {
	At time.Time
	// Departments are counted apart, and complaints without one; all others together as Other.
	Departments []string
	// DecidedFrom and DecidedTo bound the deadlines of Timers.Decided; DecidedTo is at most At.
	DecidedFrom, DecidedTo time.Time
}

// Other stands for departments that are not counted apart.
const Other = "other"

// TimerTarget is a stage's promise to a priority under a kind of rule. Target and Warning are time of the stage's calendar;
// Warning is what is left of Target when a clock becomes at risk.
type TimerTarget struct {
	Stage, Priority, Rule string
	Target, Warning       time.Duration
}

// Detection is what the policy says of breach rates: the two that are told apart, the false alarms a healthy department
// may cause in 28 days, and how long an alarm is held.
type Detection struct {
	Healthy, Unhealthy, FalseAlarms float64
	Hold                            time.Duration
}

// TimerScope is what clocks can be counted by, and what they are measured against.
type TimerScope struct {
	// Keys are the combinations that the policy knows, without a department.
	Keys []TimerKey
	// Targets hold for a complaint of which nothing but the priority and the kind of rule is known.
	Targets []TimerTarget
	// Detection of breach rates.
	Detection Detection
	// Owners are the departments that the policy names; Departments the most frequent ones of open and recent complaints,
	// most frequent first.
	Owners, Departments []string
	// Calendars tells for each calendar that follows public holidays when the known ones end.
	Calendars map[string]time.Time
}

// Cases counts complaints of a window. Received, Escalated, Missed and Repeated are complaints registered in it, those
// merged into another left out, as in the key figures of the same names; Completed and Reopened are all resolutions and
// reopenings in it.
type Cases struct {
	Received, Completed, Escalated, Missed, Reopened, Repeated int64
}

// ChannelSync says how events of a channel reach the bus. Quantiles are nearest rank, of the events that arrived in the
// last hour; a negative delay is an anomaly and no delay.
type ChannelSync struct {
	Channel string
	// LastAt is the arrival of the last event.
	LastAt time.Time
	// Arrived are the delays of the last hour, P50 and P95 zero without any.
	Arrived  int64
	P50, P95 time.Duration
}

// Happenings is what happened up to an instant, beside clocks.
type Happenings struct {
	// Windows are in the order of Windows.
	Windows [len(Windows)]Cases
	Sync    []ChannelSync
	// Issues counts the recurring issues by state.
	Issues map[string]int64
}

// Budget is the share of a stage's clocks that may miss their deadline, from the target of its on-time rate; false
// without an absolute target. It is given to nine digits, so that 2 % is 0.02 and not 1 − 0.98.
func Budget(stage string) (float64, bool) {
	for _, e := range Catalogue {
		if e.Query == "on_time" && e.Stage == stage && !e.Target.OnBaseline && !e.Target.None {
			return math.Round((1-e.Target.Value)*1e9) / 1e9, true
		}
	}
	return 0, false
}
