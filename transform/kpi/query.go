package kpi

import "time"

// Dimension is something a KPI can be sliced by.
type Dimension string

// Dimensions, in the order filters are shown.
const (
	Category   Dimension = "category"
	Priority   Dimension = "priority"
	Channel    Dimension = "channel"
	Department Dimension = "department"
	Owner      Dimension = "owner"
	Region     Dimension = "region"
	Tier       Dimension = "tier"
	Product    Dimension = "product"
	Level      Dimension = "level"
	CauseGroup Dimension = "cause_group"
	Issue      Dimension = "issue"
)

// Dimensions lists them in that order.
var Dimensions = []Dimension{ //nolint:gochecknoglobals // a constant list
	Category, Priority, Channel, Department, Owner, Region, Tier, Product, Level, CauseGroup, Issue,
}

// Slice restricts a question to complaints whose value of each dimension is one of those listed; a category takes its
// whole branch, "" is the absent value.
type Slice map[Dimension][]string

// Query is one question: the period [From, To), as of instant AsOf, for a slice.
type Query struct {
	From, To, AsOf time.Time
	Slice          Slice
}

// State says whether a value may be believed. It is the first that holds.
type State string

// States of a value.
const (
	NoData       State = "no_data"
	Insufficient State = "insufficient"
	Immature     State = "immature"
	NotReached   State = "not_reached"
	OK           State = "ok"
)

// Ratio is a part of a whole, both counted.
type Ratio struct {
	Numerator   int64 `json:"numerator"`
	Denominator int64 `json:"denominator"`
}

// Value is the answer of one KPI. Rates are fractions 0–1, durations seconds to the millisecond; absent parts are null.
type Value struct {
	Value       *float64    `json:"value"`
	Numerator   int64       `json:"numerator"`
	Denominator int64       `json:"denominator"`
	N           int64       `json:"n"`
	Pending     int64       `json:"pending"`
	Interval    *[2]float64 `json:"interval,omitempty"`
	State       State       `json:"state"`

	P50  *float64 `json:"p50,omitempty"`
	P90  *float64 `json:"p90,omitempty"`
	P95  *float64 `json:"p95,omitempty"`
	Mean *float64 `json:"mean,omitempty"`
	// Distribution holds the shares at or below so many days, keyed by the number.
	Distribution map[string]float64 `json:"distribution,omitempty"`
	Anomalies    *Ratio             `json:"anomalies,omitempty"`
	// More holds a KPI's further figures under their own names, such as "participation" or "net".
	More map[string]Value `json:"more,omitempty"`
}

// Result is what `wenguo kpi --json` and the API answer.
type Result struct {
	From  time.Time        `json:"from"`
	To    time.Time        `json:"to"`
	AsOf  time.Time        `json:"as_of"`
	Slice Slice            `json:"slice"`
	KPIs  map[string]Value `json:"kpis"`
}

// Strip is the reconciliation strip: every complaint that was open at From or came in is accounted for at To.
// Withdrawn includes rejected.
type Strip struct {
	Opening    int64 `json:"opening"`
	Registered int64 `json:"registered"`
	Reopened   int64 `json:"reopened"`
	Resolved   int64 `json:"resolved"`
	Withdrawn  int64 `json:"withdrawn"`
	Merged     int64 `json:"merged"`
	Closing    int64 `json:"closing"`
}

// Balanced says whether the strip adds up; if it doesn't, the store is wrong and the page must show it in red.
func (s Strip) Balanced() bool {
	return s.Opening+s.Registered+s.Reopened-s.Resolved-s.Withdrawn-s.Merged == s.Closing
}
