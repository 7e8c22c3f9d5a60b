package kpi

// Milestone is something that a complaint comes to on its way. The way is the usual one; a complaint may leave out any, and
// a source that never says that one was reached shows as never reaching it.
type Milestone string

// Milestones of the usual way.
const (
	Registered   Milestone = "registered"   // 登记
	Acknowledged Milestone = "acknowledged" // 受理: the first human reply
	Dispatched   Milestone = "dispatched"   // 派单
	Confirmed    Milestone = "confirmed"    // 部门确认
	Planned      Milestone = "planned"      // 方案: the first plan proposed
	Resolved     Milestone = "resolved"     // 办结: the first resolution
	Surveyed     Milestone = "surveyed"     // 回访: the first offer of a survey
	Closed       Milestone = "closed"       // 归档
	// PlanRejected is beside the way: the customer refused a plan.
	PlanRejected Milestone = "plan_rejected"
)

// Milestones are those of the usual way, in its order.
var Milestones = []Milestone{ //nolint:gochecknoglobals // a constant list
	Registered, Acknowledged, Dispatched, Confirmed, Planned, Resolved, Surveyed, Closed,
}

// Spending is what a part of a complaint's time was spent on.
type Spending string

// Spendings. The time from registration to the last resolution is divided among those up to SpentPaused, so that they add
// up; the last two follow the last resolution, side by side.
const (
	SpentAcknowledge Spending = "acknowledge" // until the first human reply
	SpentDispatch    Spending = "dispatch"    // until the first dispatch
	SpentConfirm     Spending = "confirm"     // until a department took it
	SpentPlan        Spending = "plan"        // until a plan was proposed
	SpentResolve     Spending = "resolve"     // until the first round ended
	SpentRedo        Spending = "redo"        // rounds after a reopening
	SpentPaused      Spending = "paused"      // pauses, in whatever round
	SpentSurvey      Spending = "survey"      // last resolution → survey offered
	SpentClosing     Spending = "closing"     // last resolution → closed
)

// Spendings are all of them in the order of pages.
var Spendings = []Spending{ //nolint:gochecknoglobals // a constant list
	SpentAcknowledge, SpentDispatch, SpentConfirm, SpentPlan, SpentResolve, SpentRedo, SpentPaused, SpentSurvey, SpentClosing,
}

// Handling says whether the spending is part of the time from registration to the last resolution.
func (s Spending) Handling() bool { return s != SpentSurvey && s != SpentClosing }

// Passage is one milestone of a cohort.
type Passage struct {
	Milestone Milestone `json:"milestone"`
	// Reached counts the complaints that came to it by T; the share is of the cohort, its interval Wilson's.
	Reached Value `json:"reached"`
	// Median and P90 are the time since registration of those that reached it, seconds of wall time; nil without any.
	// Backwards counts those that reached it before they were registered: they are in no duration.
	Median    *float64 `json:"median"`
	P90       *float64 `json:"p90"`
	Backwards int64    `json:"backwards"`
}

// Stay says how long complaints spent on something. Durations are seconds, percentiles nearest rank over the complaints
// that came by it.
type Stay struct {
	On Spending `json:"on"`
	// N are the complaints that came by it.
	N            int64   `json:"n"`
	Median       float64 `json:"median"`
	P90          float64 `json:"p90"`
	Total        float64 `json:"total"`
	WorkedMedian float64 `json:"worked_median"`
	WorkedP90    float64 `json:"worked_p90"`
	WorkedTotal  float64 `json:"worked_total"`
	// Share is its part of the whole time from registration to the last resolution, 0–1; nil for what comes after.
	Share *float64 `json:"share"`
}

// Journey is how the complaints of a period went their way.
type Journey struct {
	// Funnel is of the complaints registered in the period, without those merged into others.
	Funnel []Passage `json:"funnel"`
	// Coverage is of the complaints resolved at T by a resolution in the period: the share in which a milestone was
	// recorded at all. CoverageBefore is the same of the period before; nil where it was not asked.
	Coverage       []Passage `json:"coverage"`
	CoverageBefore []Passage `json:"coverage_before,omitempty"`
	// Stays are of the same complaints, Departments the same by department.
	Stays       []Stay            `json:"stays"`
	Departments map[string][]Stay `json:"departments"`
	// Plans are those that a customer refused.
	Plans Rejections `json:"plans"`
}

// Stays puts what was counted into the order of pages, with each share of the handling time; what nobody came by is left
// out.
func Stays(counted map[Spending]Stay) []Stay {
	var whole float64
	for _, on := range Spendings {
		if on.Handling() {
			whole += counted[on].Total
		}
	}
	var out []Stay
	for _, on := range Spendings {
		s, ok := counted[on]
		if !ok {
			continue
		}
		if on.Handling() && whole > 0 {
			s.Share = new(s.Total / whole)
		}
		out = append(out, s)
	}
	return out
}
