package issue

import "time"

// State of an issue, as the issue stream shows it.
type State string

// States, in the order a reader should look at them.
const (
	Regressed  State = "regressed"  // 复发: back after it was improved or archived
	Escalating State = "escalating" // 激增: far more than its own usual
	New        State = "new"        // 新增: first seen in the last days
	Ongoing    State = "ongoing"    // 持续
	Improved   State = "improved"   // 已改进: an action is proved effective
	Archived   State = "archived"   // 归档: silent, or put away by a person
)

// Summary is one line of the issue stream, for the complaints registered in the period asked about, except where it
// says otherwise.
type Summary struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	State State  `json:"state"`
	// Keywords are the issue's own words, heaviest first.
	Keywords []string `json:"keywords"`
	// Complaints and Customers are counts of the period; Customers, not messages, are the measure of heat.
	Complaints int64 `json:"complaints"`
	Customers  int64 `json:"customers"`
	// Previous are the complaints of the period before.
	Previous int64 `json:"previous"`
	// Open are the complaints of the issue that are open as of.
	Open int64 `json:"open"`
	// Share is Complaints ÷ all complaints registered in the period under the same slice, 0–1.
	Share float64 `json:"share"`
	// Total, FirstSeen and LastSeen are of all time up to as of.
	Total     int64     `json:"total"`
	FirstSeen time.Time `json:"first_seen"`
	LastSeen  time.Time `json:"last_seen"`
	// Trend counts complaints per step of the list's TrendStep, oldest first.
	Trend []int64 `json:"trend"`
	// Satisfaction is the rate of the issue's complaints, SatisfactionGap that minus the rate of all others; nil while
	// Rated is below the minimum n.
	Rated           int64    `json:"rated"`
	Satisfaction    *float64 `json:"satisfaction,omitempty"`
	SatisfactionGap *float64 `json:"satisfaction_gap,omitempty"`
	// Department holds most of the issue's complaints.
	Department string `json:"department,omitempty"`
	// Marks are what people said of the issue. FoundName is what the discovery calls it, where people named it otherwise.
	Marks     Marks  `json:"marks,omitzero"`
	FoundName string `json:"found_name,omitempty"`
}

// Named is an issue by its id: what it is called, and the issue that its address leads to, empty when it is gone.
type Named struct {
	ID, Name, Leads string
	Muted           bool
	// Marks are what people said of it, also of issues that it took over.
	Marks Marks
}

// List is the issue stream of a period.
type List struct {
	Issues []Summary `json:"issues"`
	// Registered are all complaints of the period and slice, Inside those of them in some issue.
	Registered int64 `json:"registered"`
	Inside     int64 `json:"inside"`
	// TrendStart and TrendDays place the points of every Trend: point i counts [TrendStart + i·TrendDays, …) days.
	TrendStart time.Time `json:"trend_start"`
	TrendDays  int       `json:"trend_days"`
	// DiscoveredAt is when issues were last discovered, zero before the first time.
	DiscoveredAt time.Time `json:"discovered_at,omitzero"`
}

// Keyword explains an issue: a word, its share of the within-issue similarity and the members that use it.
type Keyword struct {
	Word       string  `json:"word"`
	Weight     float64 `json:"weight"`
	Complaints int64   `json:"complaints"`
}

// Representative is a text that stands for the issue. Title and Text are masked.
type Representative struct {
	ComplaintID  string    `json:"complaint_id"`
	RegisteredAt time.Time `json:"registered_at"`
	Title        string    `json:"title"`
	Text         string    `json:"text"`
}

// Count is how many complaints of the issue have a value of a dimension; "" is the absent value.
type Count struct {
	Value      string `json:"value"`
	Complaints int64  `json:"complaints"`
}

// Where says where an issue occurs: the values of one dimension, most frequent first.
type Where struct {
	Dimension string  `json:"dimension"`
	Counts    []Count `json:"counts"`
}

// Detail is one issue.
type Detail struct {
	Summary
	// TrendStart and TrendDays place the points of Trend, as in List.
	TrendStart      time.Time        `json:"trend_start"`
	TrendDays       int              `json:"trend_days"`
	Words           []Keyword        `json:"words"`
	Representatives []Representative `json:"representatives"`
	Where           []Where          `json:"where"`
	// MergedFrom are the ids of earlier issues that this one took over: their addresses lead here.
	MergedFrom []string `json:"merged_from,omitempty"`
	// SplitFrom are ids of issues that this one was a part of, SplitInto those that parts of it became.
	SplitFrom []string `json:"split_from,omitempty"`
	SplitInto []string `json:"split_into,omitempty"`
	// Changes are what these ids stand for, in the order of their instants.
	Changes []Change `json:"changes,omitempty"`
}

// ChangeKind is what became of an issue in a discovery.
type ChangeKind string

// Kinds of changes.
const (
	Taken  ChangeKind = "merged" // 并入: another issue took it over
	Parted ChangeKind = "split"  // 拆分: a part of it became an issue
	Ended  ChangeKind = "ended"  // 消失: its complaints recur no longer by the evidence
)

// Change is one step of an issue's lineage.
type Change struct {
	At   time.Time  `json:"at"`
	Kind ChangeKind `json:"kind"`
	// From is the issue that changed, called Name then; Into the one that took it over or that a part of it became, empty
	// when it ended.
	From string `json:"from"`
	Into string `json:"into,omitempty"`
	Name string `json:"name"`
	// IntoName is what Into is called today, empty when it is gone.
	IntoName string `json:"into_name,omitempty"`
	// Complaints are those that came along.
	Complaints int64 `json:"complaints"`
}

// Lineage is where an issue comes from and what became of its parts.
type Lineage struct {
	// ID is the issue that the asked id leads to today; Standing is false when it is gone for good.
	ID       string `json:"id"`
	Standing bool   `json:"standing"`
	// MergedFrom, SplitFrom and SplitInto are ids of other issues.
	MergedFrom []string `json:"merged_from"`
	SplitFrom  []string `json:"split_from"`
	SplitInto  []string `json:"split_into"`
	// Changes are in the order of their instants.
	Changes []Change `json:"changes"`
}

// Member is a complaint of an issue, with why it is there.
type Member struct {
	Representative
	// Words are the issue's keywords that stand in the text, heaviest first. Shared is their part of the weight of all
	// keywords, 0–1.
	Words  []SharedWord `json:"words"`
	Shared float64      `json:"shared"`
	// AssignedAt is when the text was assigned by itself, zero where a discovery found it; Evidence is by how much it
	// exceeded what is required, 1 for a text equal to a member.
	AssignedAt time.Time `json:"assigned_at,omitzero"`
	Evidence   float64   `json:"evidence,omitempty"`
}

// Reason says why a complaint is in its issue, as Member does.
type Reason struct {
	ComplaintID string       `json:"complaint_id"`
	IssueID     string       `json:"issue_id"`
	IssueName   string       `json:"issue_name"`
	Words       []SharedWord `json:"words"`
	Shared      float64      `json:"shared"`
}

// SharedWord is a keyword of an issue that stands in a text; Weight is the keyword's.
type SharedWord struct {
	Word   string  `json:"word"`
	Weight float64 `json:"weight"`
}
