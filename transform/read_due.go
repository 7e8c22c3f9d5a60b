package transform

import (
	"time"

	"wenguo/transform/kpi"
	"wenguo/transform/sla"
)

// Standing is where an open clock stands at T.
type Standing string

// Standings. A paused clock is never overdue.
const (
	StandingOverdue Standing = "overdue" // T > due
	StandingAtRisk  Standing = "at_risk" // at most the last part of the target is left (the policy's warn-before share)
	StandingOK      Standing = "ok"
	StandingPaused  Standing = "paused" // its due instant moves with T
)

// DueFilter asks for the clocks that somebody can still finish at T: those of the last round of an open complaint, and
// surveys after the resolution, overdue ones only while the complaint is not filed and for 28 days.
type DueFilter struct {
	At    time.Time
	Slice kpi.Slice
	// Stages keeps these stages; empty keeps all.
	Stages []sla.Stage
	// OverdueAfter and UpcomingAfter continue behind the last row of a list; zero is the beginning.
	OverdueAfter, UpcomingAfter DueCursor
	// Limit is the greatest number of rows of each list, 1 to 200.
	Limit int
}

// DueCursor is the key of a clock in a list ordered by due instant.
type DueCursor struct {
	Due         time.Time
	ComplaintID string
	// Place of the clock among those of its complaint, from 1.
	Place int
}

// IsZero says whether the cursor is the beginning of the list.
func (c DueCursor) IsZero() bool { return c.ComplaintID == "" }

// OpenClock is a clock that somebody can still finish, and whose it is.
type OpenClock struct {
	ComplaintID string    `json:"complaint_id"`
	Stage       sla.Stage `json:"stage"`
	Round       int       `json:"round"`
	Rule        string    `json:"rule"`
	Started     time.Time `json:"started"`
	// Due is the deadline as seen at T.
	Due      time.Time `json:"due"`
	Standing Standing  `json:"standing"`
	// Provisional says that the deadline crosses a year whose public holidays are not known yet.
	Provisional bool `json:"provisional,omitempty"`
	// Asked is the department that was asked for an assist; empty for the other stages.
	Asked string `json:"asked,omitempty"`

	// Title is masked.
	Title      string `json:"title"`
	Category   string `json:"category"`
	Priority   string `json:"priority"`
	Department string `json:"department,omitempty"`
	Owner      string `json:"owner,omitempty"`

	// Place of the clock among those of its complaint, from 1.
	Place int `json:"-"`
}

// Cursor is the clock's key.
func (c OpenClock) Cursor() DueCursor { return DueCursor{c.Due, c.ComplaintID, c.Place} }

// DueCount counts the open clocks of one stage that lie with one department.
type DueCount struct {
	Stage sla.Stage `json:"stage"`
	// Department holds the complaint; empty before a dispatch.
	Department string `json:"department"`
	Overdue    int64  `json:"overdue"`
	AtRisk     int64  `json:"at_risk"`
	OK         int64  `json:"ok"`
	Paused     int64  `json:"paused"`
	// Provisional are those, of any standing, whose deadline crosses a year without known holidays.
	Provisional int64 `json:"provisional"`
}

// DueBoard is what is due: how many clocks stand where, and the two lists, each by due instant, the earliest first.
type DueBoard struct {
	Counts []DueCount
	// Overdue are clocks with T > due, Upcoming all others.
	Overdue, Upcoming []OpenClock
	// MoreOverdue and MoreUpcoming say that the lists go on behind their last rows.
	MoreOverdue, MoreUpcoming bool
}
