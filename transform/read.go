package transform

import (
	"errors"
	"time"

	"wenguo/ingest"
	"wenguo/transform/kpi"
	"wenguo/transform/search"
	"wenguo/transform/sla"
)

// ErrNotFound is returned by readers for a complaint or an issue that does not exist; pages answer it with 404.
var ErrNotFound = errors.New("not found")

// Scope says which complaints a list is about, so that the list behind a number holds exactly what the number counted.
type Scope string

// Scopes. W is the query's period, T its as-of instant.
const (
	ScopeRegistered Scope = "registered" // registered in W
	ScopeOpen       Scope = "open"       // open at min(end of W, T): the backlog
	ScopeResolved   Scope = "resolved"   // resolved at T, last resolution in W: the n of handling_time
	ScopeDue        Scope = "due"        // with a clock of Stage due in W; Verdict narrows it
	ScopeRated      Scope = "rated"      // last valid rating in W; Scores narrows it
	ScopeCohort     Scope = "cohort"     // registered in W and not merged at T
	ScopePlanned    Scope = "planned"    // first plan proposed in W
	ScopeMoved      Scope = "moved"      // first dispatched in W and transferred; Moved narrows it
	ScopeLook       Scope = "look"       // the cases of the question Look about W
	ScopeKPI        Scope = "kpi"        // behind the figure KPI; Part says which of its terms
)

// Parts of a key figure whose complaints can be listed. A figure without numerator, a count or a duration, has only
// PartDenominator: what its n counted.
const (
	PartNumerator   = "numerator"
	PartDenominator = "denominator"
	PartMissed      = "missed" // denominator without numerator
	PartPending     = "pending"
	PartAnomalies   = "anomalies" // the numerator of the figure's anomalies
	PartOffered     = "offered"   // of satisfaction: those that a survey was offered to in W
)

// Verdict of a clock at T, as the on-time rates count it.
type Verdict string

// Verdicts.
const (
	VerdictMet      Verdict = "met"
	VerdictBreached Verdict = "breached"
	VerdictPending  Verdict = "pending" // due ≥ T
)

// ComplaintFilter asks for one page of complaints. Rows are ordered by registration, newest first, then by id.
type ComplaintFilter struct {
	kpi.Query
	Scope Scope
	// Stage and Verdict narrow ScopeDue; an empty verdict takes met and breached.
	Stage   sla.Stage
	Verdict Verdict
	// KPI and Part narrow ScopeKPI: a key figure's id and one of the parts; an empty part is PartDenominator. The list
	// holds each complaint once, however many clocks or events of it the figure counted.
	KPI  string
	Part string
	// Look is the question of ScopeLook.
	Look kpi.LookID
	// Scores narrows ScopeRated to these scores; empty takes all.
	Scores []int
	// Traits narrows ScopeRated to complaints that each of these holds for.
	Traits []Trait
	// Milestone keeps complaints that came to it by T, with Missed those that did not; empty keeps all.
	Milestone kpi.Milestone
	Missed    bool
	// Spent keeps complaints resolved at T that spent time on it; empty keeps all.
	Spent kpi.Spending
	// Moved narrows ScopeMoved.
	Moved Moved
	// Text is a query over the masked title and text (package transform/search), or the beginning of a complaint's id.
	Text string
	// Key keeps complaints that are found by this key of PhoneKey or OrderKey; empty keeps all.
	Key string
	// ByRelevance orders what Text finds by how well it answers instead of by registration, among the newest.
	ByRelevance bool
	// States keeps complaints whose state at T is one of these; empty keeps all.
	States []State
	// Overdue keeps complaints with an unfinished clock past due at T.
	Overdue bool
	// After continues behind the last row of the page before; zero is the first page.
	After Cursor
	// Limit is the greatest number of rows, 1 to 200.
	Limit int
}

// Trait is a value of a factor that is no dimension: what happened to a complaint before its last rating.
type Trait struct {
	Factor kpi.Factor
	Value  string
}

// Moved says which transfers a list is about: those by one of the senders to one of the receivers, of any where there is
// none; with Bounced those that bounced.
type Moved struct {
	Senders, Receivers []string
	Bounced            bool
}

// LowScore is a complaint with a score of 1 to 3 that nobody took up again.
type LowScore struct {
	ComplaintID string `json:"complaint_id"`
	// Title and Excerpt are masked; Excerpt is at most 120 characters.
	Title      string    `json:"title"`
	Excerpt    string    `json:"excerpt,omitempty"`
	Category   string    `json:"category"`
	Department string    `json:"department,omitempty"`
	Owner      string    `json:"owner,omitempty"`
	State      State     `json:"state"`
	RatedAt    time.Time `json:"rated_at"`
	Score      int       `json:"score"`
}

// Cursor is the key of a list's last row. Keyset pagination stays exact while rows arrive and costs the same on every page.
type Cursor struct {
	RegisteredAt time.Time
	ComplaintID  string
	// Score is that of the last row in a list by relevance, in thousandths; 0 in others.
	Score int64
}

// IsZero says whether the cursor is the start of the list.
func (c Cursor) IsZero() bool { return c.ComplaintID == "" }

// ComplaintRow is one line of the list. Title and Excerpt are masked; Excerpt is at most 120 characters, of a search those
// around what was found.
type ComplaintRow struct {
	ComplaintID  string    `json:"complaint_id"`
	RegisteredAt time.Time `json:"registered_at"`
	Title        string    `json:"title"`
	Excerpt      string    `json:"excerpt,omitempty"`
	// TitleMarks and ExcerptMarks are what a search found in them, in characters.
	TitleMarks   []search.Span `json:"title_marks,omitempty"`
	ExcerptMarks []search.Span `json:"excerpt_marks,omitempty"`
	Channel      string        `json:"channel"`
	Category     string        `json:"category"`
	Priority     string        `json:"priority"`
	Product      string        `json:"product,omitempty"`
	Department   string        `json:"department,omitempty"`
	Owner        string        `json:"owner,omitempty"`
	// State at T; Paused says that an open complaint waits for somebody outside.
	State  State `json:"state"`
	Paused bool  `json:"paused,omitempty"`
	// EndedAt is zero while the complaint is open.
	EndedAt time.Time `json:"ended_at,omitzero"`
	// NextStage and NextDue are the unfinished clock with the earliest due instant of an open complaint; zero without.
	NextStage sla.Stage `json:"next_stage,omitempty"`
	NextDue   time.Time `json:"next_due,omitzero"`
	// Breached counts clocks past due, finished or not.
	Breached int `json:"breached"`
	Reopened int `json:"reopened"`
	// Score is the last valid rating, 0 without one.
	Score int `json:"score,omitempty"`
	// IssueID and IssueName are empty for a complaint that belongs to no recurring issue.
	IssueID   string `json:"issue_id,omitempty"`
	IssueName string `json:"issue_name,omitempty"`
}

// ComplaintPage is one page of the list.
type ComplaintPage struct {
	Rows []ComplaintRow
	// Total counts the whole list, not the page; AtLeast says that there are more and nobody counted them.
	Total   int64
	AtLeast bool
	// Next is the cursor of the following page; zero when this is the last.
	Next Cursor
}

// ComplaintDetail is one complaint as of an instant.
type ComplaintDetail struct {
	// Fact is the fold of the events up to AsOf; its texts are masked.
	Fact Complaint
	AsOf time.Time
	// Events are all events up to AsOf in the fold's order, made safe by Redact.
	Events []ingest.Stored
	// Clocks are those of the fact, read at AsOf, in the fact's order.
	Clocks []ClockReading
	// IssueID and IssueName are empty for a complaint that belongs to no recurring issue.
	IssueID, IssueName string
	// Duplicates are other complaints found to be the same text, or merged into this one. They change no KPI.
	Duplicates []Duplicate
}

// ClockReading is a clock at an instant, with the arithmetic of its deadline.
type ClockReading struct {
	Clock sla.Clock
	State sla.State
	// Due is the deadline as seen at the instant.
	Due time.Time
	// Segments explain the deadline from the start to Due; nil for a deadline that a person named.
	Segments []sla.Segment
	// Counted is the time of the clock's calendar from its start to its end (or the instant, while it runs), without
	// pauses.
	Counted time.Duration
}

// Duplicate is another complaint of the same matter.
type Duplicate struct {
	ComplaintID  string    `json:"complaint_id"`
	RegisteredAt time.Time `json:"registered_at"`
	Channel      string    `json:"channel"`
	Title        string    `json:"title"`
	// Merged says that a merged event says so; otherwise it is a proposal from the texts.
	Merged bool `json:"merged"`
	// Similarity of the texts, 0–1; 0 where texts were not compared.
	Similarity float64 `json:"similarity,omitempty"`
}
