package improve

import "time"

// Kind of a control chart: what its limits are made from.
type Kind string

// Kinds of charts.
const (
	// Rate is the p-chart: a share of n, limits from the binomial spread of each point's own n.
	Rate Kind = "p"
	// Count is the c- or u-chart: how often something happened per exposure, limits from the Poisson spread.
	Count Kind = "u"
	// Individual is the XmR chart: single readings such as a median, limits from how much neighbours differ.
	Individual Kind = "xmr"
)

// Enough is how many judged points a phase needs before its limits judge anything. The limits of individuals rest on the
// ranges between neighbours: with 12 points they are known to about a quarter of their width (Cryer and Ryan 1990: the
// variance of MR̄/d₂ is σ²(0.826k − 1.082)/(k − 1)²); with fewer a quiet beginning makes a signal of everything after it.
// A shift or a trend takes 7 points, and 12 leave five others to say what it departs from. A year of months is 12, too.
const Enough = 12

// run is how many points in a row make a shift or a trend.
const run = 7

// Rule is one of the four ways in which a process gives a signal.
type Rule string

// Rules, in the order in which they are looked for. They hold within a phase and look at judged points only; a point that
// is not judged neither adds to a run nor ends it.
const (
	// Beyond is one point outside the limits, three sigma from the centre.
	Beyond Rule = "beyond_limits"
	// Shift is seven points in a row on one side of the centre; a point on the centre ends the run.
	Shift Rule = "shift"
	// Trend is seven points in a row of which each is higher, or each lower, than the one before.
	Trend Rule = "trend"
	// NearLimit is two of three points in a row more than two sigma from the centre on one side.
	NearLimit Rule = "near_limit"
)

// Side is where a signal points to.
type Side string

// Sides.
const (
	High Side = "high"
	Low  Side = "low"
)

// Signal is one reason to believe that something changed. Points are the indices of the points that make it, rising; a
// run is one signal however long it becomes.
type Signal struct {
	Rule   Rule  `json:"rule"`
	Side   Side  `json:"side"`
	Points []int `json:"points"`
}

// Point is one step of a chart. Value is nil where nothing was counted. The limits are nil where there is nothing to make
// them from; they are cut where no value can lie: below 0, and of a rate above 1.
type Point struct {
	At    time.Time `json:"at"`
	Value *float64  `json:"value"`
	N     int64     `json:"n"`
	// Judged says that the point moves the limits and may be part of a signal.
	Judged bool `json:"judged"`
	// Phase is the index of its phase.
	Phase  int      `json:"phase"`
	Centre *float64 `json:"centre"`
	// Lower and Upper lie three sigma from the centre, WarnLower and WarnUpper two.
	Lower     *float64 `json:"lower"`
	Upper     *float64 `json:"upper"`
	WarnLower *float64 `json:"warn_lower"`
	WarnUpper *float64 `json:"warn_upper"`
	// Rules are those of the signals that it is part of.
	Rules []Rule `json:"rules,omitempty"`

	sigma float64
}

// Phase is a stretch between declared changes, with a centre and limits of its own.
type Phase struct {
	// From is its first point's; a phase without points does not exist.
	From time.Time `json:"from"`
	// Points are all of it, Judged those that count, Needed how many more must be judged before its own limits hold.
	Points int `json:"points"`
	Judged int `json:"judged"`
	Needed int `json:"needed"`
	// Borrowed says that the phase has too few points and is judged by the limits of an earlier one: what follows a
	// change is compared with what was, until it can stand alone.
	Borrowed bool `json:"borrowed"`
	// Provisional says that it has too few points and there is nothing to borrow: its limits are drawn and judge nothing.
	Provisional bool `json:"provisional"`
}

// Chart is a series with its limits and what they say. It is made by Rates, Counts, Individuals or Of.
type Chart struct {
	Kind    Kind     `json:"kind"`
	Needed  int      `json:"needed"` // Enough
	Points  []Point  `json:"points"`
	Phases  []Phase  `json:"phases"`
	Signals []Signal `json:"signals"`
}
