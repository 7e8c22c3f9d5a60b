package kpi

import "time"

// Step is the width of one point of a series. Days, weeks (from Monday) and months are those of the organisation's zone.
type Step string

// Steps.
const (
	Day   Step = "day"
	Week  Step = "week"
	Month Step = "month"
)

// Point is one step of a series: the KPI's own answer for [Start, next Start), cut at the query's period.
type Point struct {
	Start    time.Time   `json:"start"`
	Value    *float64    `json:"value"`
	N        int64       `json:"n"`
	Interval *[2]float64 `json:"interval,omitempty"`
	State    State       `json:"state"`
}

// Series is one KPI over a period, one point per step in order of time and none left out: a step without data is a
// point with state no_data, so that a chart shows a gap and not a straight line.
type Series struct {
	KPI    string  `json:"kpi"`
	Step   Step    `json:"step"`
	Points []Point `json:"points"`
}

// FlowPoint is the strip of one step of a period: what came in, what went out and what stayed.
type FlowPoint struct {
	Start time.Time `json:"start"`
	Strip
}

// DepartmentRow is one line of the ranking: the same KPIs as everywhere, sliced by one department.
// Department "" are the complaints that no department holds yet.
type DepartmentRow struct {
	Department string `json:"department"`
	// Registered are the complaints registered in the period; Backlog those open at its end (or as of).
	Registered int64 `json:"registered"`
	Resolved   int64 `json:"resolved"`
	Backlog    int64 `json:"backlog"`
	// Overdue are the open ones of Backlog whose resolve clock is past due as of.
	Overdue        int64 `json:"overdue"`
	ResponseOnTime Value `json:"response_on_time"`
	ResolveOnTime  Value `json:"resolve_on_time"`
	HandlingTime   Value `json:"handling_time"`
	Satisfaction   Value `json:"satisfaction"`
}

// HeatCell counts the complaints registered in one hour of one weekday of the organisation's zone.
// Cells with count 0 may be left out.
type HeatCell struct {
	// Weekday is 1 (Monday) to 7 (Sunday).
	Weekday int `json:"weekday"`
	// Hour is 0 to 23.
	Hour  int   `json:"hour"`
	Count int64 `json:"count"`
}

// Choice is a value that a dimension takes in the period, with the complaints registered under it.
type Choice struct {
	Value string `json:"value"`
	Count int64  `json:"count"`
}

// Freshness says how far the numbers can be trusted to be about now. Zero times mean that there is none yet.
type Freshness struct {
	// LastEventAt is the greatest occurred_at stored, LastArrivedAt the greatest bus time stored, LastFactAt the bus
	// time up to which events are folded into facts.
	LastEventAt   time.Time `json:"last_event_at,omitzero"`
	LastArrivedAt time.Time `json:"last_arrived_at,omitzero"`
	LastFactAt    time.Time `json:"last_fact_at,omitzero"`
	// FirstRegisteredAt and LastRegisteredAt span the registrations stored: what the period "all" covers.
	FirstRegisteredAt time.Time `json:"first_registered_at,omitzero"`
	LastRegisteredAt  time.Time `json:"last_registered_at,omitzero"`
	// Events, Complaints and Rejects are totals of the whole store; Unfolded are events that no fact contains yet.
	Events     int64 `json:"events"`
	Complaints int64 `json:"complaints"`
	Unfolded   int64 `json:"unfolded"`
	Rejects    int64 `json:"rejects"`
	// Orphans are complaints whose registered event is missing: they are in no KPI.
	Orphans int64 `json:"orphans"`
	// LastDiscoveryAt is when recurring issues were last discovered.
	LastDiscoveryAt time.Time `json:"last_discovery_at,omitzero"`
	// CalendarValidUntil is the end of the known holidays; after it working-hour clocks are a guess.
	CalendarValidUntil time.Time `json:"calendar_valid_until,omitzero"`
}
