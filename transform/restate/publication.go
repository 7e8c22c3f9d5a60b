package restate

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"wenguo/ingest"
	"wenguo/transform/kpi"
)

// Figures are what is frozen of a period.
type Figures struct {
	KPIs        map[string]kpi.Value `json:"kpis"`
	Strip       kpi.Strip            `json:"strip"`
	Departments []kpi.DepartmentRow  `json:"departments"`
}

// Publication is a period whose figures were frozen, as its decision says.
type Publication struct {
	// ID is the decision's event_id; At, By and Department are when and who decided.
	ID             string
	At             time.Time
	By, Department string
	// From and To are the first day and the day after the last, as bare dates of the organisation's zone.
	From, To string
	// AsOf is the instant of the figures; Revision that of the rules; Offsets hold for each partition the offset below which
	// every event was in the figures.
	AsOf     time.Time
	Revision uint32
	Offsets  map[int]int64
	Figures  Figures
}

// Of reads a decision; false for one that publishes nothing.
func Of(e ingest.Event) (Publication, bool, error) {
	data, ok := e.Data.(*ingest.PeriodPublished)
	if !ok {
		return Publication{}, false, nil
	}
	p := Publication{
		ID: e.EventID, At: e.OccurredAt, By: e.Actor.ID, Department: e.Actor.Department, From: data.From, To: data.To,
		Revision: uint32(max(data.Revision, 0)), Offsets: map[int]int64{}, //nolint:gosec // a counter
	}
	if data.AsOf != nil {
		p.AsOf = *data.AsOf
	}
	for partition, next := range data.Offsets {
		var n int
		if _, err := fmt.Sscanf(partition, "%d", &n); err != nil {
			return p, true, fmt.Errorf("partition %q of a published period: %w", partition, err)
		}
		p.Offsets[n] = next
	}
	if len(data.Figures) > 0 {
		if err := json.Unmarshal(data.Figures, &p.Figures); err != nil {
			return p, true, fmt.Errorf("figures of a published period: %w", err)
		}
	}
	return p, true, nil
}

// Draft is the data of the decision that publishes.
func Draft(p Publication) (*ingest.PeriodPublished, error) {
	raw, err := json.Marshal(p.Figures)
	if err != nil {
		return nil, fmt.Errorf("write figures: %w", err)
	}
	offsets := make(map[string]int64, len(p.Offsets))
	for partition, next := range p.Offsets {
		offsets[fmt.Sprint(partition)] = next
	}
	return &ingest.PeriodPublished{
		From: p.From, To: p.To, AsOf: &p.AsOf, Revision: int64(p.Revision), Offsets: offsets, Figures: raw,
	}, nil
}

// Last is the newest edition of a period, its number from 1, and whether there is any. Publications are in their order.
func Last(all []Publication, from, to string) (Publication, int, bool) {
	var last Publication
	n := 0
	for _, p := range all {
		if p.From == from && p.To == to {
			last, n = p, n+1
		}
	}
	return last, n, n > 0
}

// Cause is a kind of news that moves a figure.
type Cause string

// Causes. The first five are of complaints that have events which came after the publication.
const (
	Late       Cause = "late"       // 迟到的事件
	Registered Cause = "registered" // 迟到的登记
	Corrected  Cause = "corrected"  // 更正
	Merged     Cause = "merged"     // 并单
	Erased     Cause = "erased"     // 删除个人信息
	Rules      Cause = "rules"      // 政策或日历
	Issues     Cause = "issues"     // 问题重新归并
	Actions    Cause = "actions"    // 整改记录
	Unknown    Cause = "unknown"    // 原因不明
)

// Share is how many complaints a cause moved; 0 where it is not about single complaints.
type Share struct {
	Cause      Cause `json:"cause"`
	Complaints int   `json:"complaints,omitempty"`
}

// Difference is a figure that answers otherwise today.
type Difference struct {
	KPI       string    `json:"kpi"`
	Published kpi.Value `json:"published"`
	Now       kpi.Value `json:"now"`
	Causes    []Share   `json:"causes"`
}

// Differences lists the figures that differ, in the order of the catalogue, each with its causes. revision is that of today's
// rules.
func Differences(p Publication, now map[string]kpi.Value, changes []Change, revision uint32) []Difference {
	out := []Difference{}
	for _, id := range kpi.IDs() {
		was, published := p.Figures.KPIs[id]
		is, known := now[id]
		if !published || !known || equal(was, is) {
			continue
		}
		out = append(out, Difference{id, was, is, causes(id, changes, revision != p.Revision)})
	}
	return out
}

// epsilon is the rounding of a fraction on its way through JSON.
const epsilon = 1e-9

// equal compares what a reader sees of a value.
func equal(a, b kpi.Value) bool {
	near := func(x, y *float64) bool {
		if x == nil || y == nil {
			return x == y
		}
		return math.Abs(*x-*y) <= epsilon*math.Max(1, math.Abs(*x))
	}
	if a.N != b.N || a.Numerator != b.Numerator || a.Denominator != b.Denominator || a.Pending != b.Pending ||
		!near(a.Value, b.Value) || !near(a.P90, b.P90) || !near(a.Mean, b.Mean) {
		return false
	}
	for _, key := range slices.Collect(maps.Keys(a.More)) {
		if !equal(a.More[key], b.More[key]) {
			return false
		}
	}
	return true
}

// causes are what may have moved a figure: complaints of which something that the figure looks at has changed.
func causes(id string, changes []Change, rules bool) []Share {
	counts := map[Cause]int{}
	for _, c := range changes {
		if c.moves(id) {
			for _, cause := range c.Causes() {
				counts[cause]++
			}
		}
	}
	var out []Share
	for _, cause := range []Cause{Registered, Late, Corrected, Merged, Erased} {
		if n := counts[cause]; n > 0 {
			out = append(out, Share{cause, n})
		}
	}
	if rules {
		out = append(out, Share{Cause: Rules})
	}
	switch id {
	case "repeat_issue", "issue_share":
		out = append(out, Share{Cause: Issues})
	case "rectification":
		out = append(out, Share{Cause: Actions})
	}
	if len(out) == 0 {
		out = append(out, Share{Cause: Unknown})
	}
	return out
}
