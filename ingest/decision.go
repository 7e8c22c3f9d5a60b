package ingest

import (
	"encoding/json"
	"strconv"
	"time"
)

// Kinds on complaints.decisions: what people decide in the product, replayable like any event.
const (
	KindIssueMerged     Kind = "issue.merged"
	KindIssueSplit      Kind = "issue.split"
	KindIssueRenamed    Kind = "issue.renamed"
	KindIssueMuted      Kind = "issue.muted"
	KindIssueOwned      Kind = "issue.owned"
	KindIssueNoted      Kind = "issue.noted"
	KindIssueAnswered   Kind = "issue.answered"
	KindComplaintPlaced Kind = "complaint.placed"
	KindDecisionUndone  Kind = "decision.undone"
	KindActionOpened    Kind = "action.opened"
	KindActionUpdated   Kind = "action.updated"
	KindActionDone      Kind = "action.done"
	KindActionVerified  Kind = "action.verified"
	KindActionClosed    Kind = "action.closed"
	KindActionReopened  Kind = "action.reopened"
	KindPeriodPublished Kind = "period.published"
	KindPolicyApplied   Kind = "policy.applied"
)

// DecisionKinds lists the kinds of complaints.decisions.
var DecisionKinds = []KindInfo{ //nolint:gochecknoglobals // a constant list
	{KindIssueMerged, "合并问题", "Several issues are one."},
	{KindIssueSplit, "拆分问题", "One issue is several; each group lists its complaints."},
	{KindIssueRenamed, "重命名问题", "An issue gets a name."},
	{KindIssueMuted, "屏蔽问题", "An issue is no longer shown."},
	{KindIssueOwned, "指定问题负责人", "An issue gets a department and an owner."},
	{KindIssueNoted, "问题备注", "A note on an issue."},
	{KindIssueAnswered, "问题答复", "Cause, workaround and answer of an issue."},
	{KindComplaintPlaced, "调整归属", "A complaint belongs to an issue, or to none."},
	{KindDecisionUndone, "撤销决定", "An earlier decision is undone."},
	{KindActionOpened, "发起整改", "An improvement action begins."},
	{KindActionUpdated, "更新整改", "An improvement action changes."},
	{KindActionDone, "整改完成", "An improvement action is done."},
	{KindActionVerified, "整改验证", "Whether an improvement action worked."},
	{KindActionClosed, "整改关闭", "An improvement action ends."},
	{KindActionReopened, "整改重启", "An improvement action opens again."},
	{KindPeriodPublished, "发布报告", "A period's figures are frozen with what they were made from."},
	{KindPolicyApplied, "策略生效", "A policy takes effect."},
}

// IssueMerged joins issues. From and Into are required.
type IssueMerged struct {
	From []string `json:"from"`
	Into string   `json:"into"`
	// Seen is the event_id of the newest decision that the person knew of, empty where there was none; absent, nobody asks.
	Seen *string `json:"seen,omitempty"`
}

// IssueSplit divides an issue. Issue is required; each group is a list of complaint ids.
type IssueSplit struct {
	Issue  string     `json:"issue"`
	Groups [][]string `json:"groups,omitempty"`
	// Seen is the event_id of the newest decision that the person knew of, empty where there was none; absent, nobody asks.
	Seen *string `json:"seen,omitempty"`
}

// IssueRenamed names an issue. Both are required.
type IssueRenamed struct {
	Issue string `json:"issue"`
	Name  string `json:"name"`
	// Seen is the event_id of the newest decision that the person knew of, empty where there was none; absent, nobody asks.
	Seen *string `json:"seen,omitempty"`
}

// IssueMuted hides an issue; undoing it shows the issue again.
type IssueMuted struct {
	Issue string `json:"issue"`
	// Seen is the event_id of the newest decision that the person knew of, empty where there was none; absent, nobody asks.
	Seen *string `json:"seen,omitempty"`
}

// IssueOwned gives an issue to somebody; without both it is nobody's.
type IssueOwned struct {
	Issue      string `json:"issue"`
	Department string `json:"department,omitempty"`
	Owner      string `json:"owner,omitempty"`
	// Seen is the event_id of the newest decision that the person knew of, empty where there was none; absent, nobody asks.
	Seen *string `json:"seen,omitempty"`
}

// IssueNoted puts a note on an issue; an empty one takes it away.
type IssueNoted struct {
	Issue string `json:"issue"`
	Note  string `json:"note,omitempty"`
	// Seen is the event_id of the newest decision that the person knew of, empty where there was none; absent, nobody asks.
	Seen *string `json:"seen,omitempty"`
}

// IssueAnswered is what the front line tells customers about an issue; without cause, workaround and answer there is none.
type IssueAnswered struct {
	Issue      string `json:"issue"`
	Cause      string `json:"cause,omitempty"`
	Workaround string `json:"workaround,omitempty"`
	Answer     string `json:"answer,omitempty"`
	// Seen is the event_id of the newest decision that the person knew of, empty where there was none; absent, nobody asks.
	Seen *string `json:"seen,omitempty"`
}

// ComplaintPlaced puts a complaint into an issue, or with None into no issue at all. ComplaintID and one of both are required.
type ComplaintPlaced struct {
	ComplaintID string `json:"complaint_id"`
	Issue       string `json:"issue,omitempty"`
	None        bool   `json:"none,omitempty"`
	// Was is the issue that it was in when the person decided, empty for none or unknown.
	Was string `json:"was,omitempty"`
	// Seen is the event_id of the newest decision that the person knew of, empty where there was none; absent, nobody asks.
	Seen *string `json:"seen,omitempty"`
}

// DecisionUndone names the event_id of the decision that no longer holds.
type DecisionUndone struct {
	EventID string `json:"event_id"`
	// Seen is the event_id of the newest decision that the person knew of, empty where there was none; absent, nobody asks.
	Seen *string `json:"seen,omitempty"`
}

// ActionOpened starts an improvement action 整改. Action is its id, required.
type ActionOpened struct {
	Action string `json:"action"`
	// Title says what it is about where no issue does.
	Title          string     `json:"title,omitempty"`
	Issue          string     `json:"issue,omitempty"`
	CauseGroup     string     `json:"cause_group,omitempty"`
	RootCause      string     `json:"root_cause,omitempty"`
	Containment    string     `json:"containment,omitempty"`
	Measure        string     `json:"measure,omitempty"`
	Prevention     string     `json:"prevention,omitempty"`
	ExpectedEffect string     `json:"expected_effect,omitempty"`
	Department     string     `json:"department,omitempty"`
	Owner          string     `json:"owner,omitempty"`
	DueAt          *time.Time `json:"due_at,omitempty"`
	// Seen is the event_id of the newest decision that the person knew of, empty where there was none; absent, nobody asks.
	Seen *string `json:"seen,omitempty"`
}

// ActionUpdated gives new values to an action; an empty value is not given.
type ActionUpdated struct {
	Action string       `json:"action"`
	Fields ActionFields `json:"fields,omitzero"`
	// Seen is the event_id of the newest decision that the person knew of, empty where there was none; absent, nobody asks.
	Seen *string `json:"seen,omitempty"`
}

// ActionFields are the fields of an action that may change.
type ActionFields struct {
	Title          string     `json:"title,omitempty"`
	CauseGroup     string     `json:"cause_group,omitempty"`
	RootCause      string     `json:"root_cause,omitempty"`
	Containment    string     `json:"containment,omitempty"`
	Measures       string     `json:"measures,omitempty"`
	Prevention     string     `json:"prevention,omitempty"`
	ExpectedEffect string     `json:"expected_effect,omitempty"`
	Evidence       string     `json:"evidence,omitempty"`
	DueAt          *time.Time `json:"due_at,omitempty"`
	Department     string     `json:"department,omitempty"`
	Owner          string     `json:"owner,omitempty"`
}

// ActionDone says that an action was carried out; without At it was at the event's occurred_at.
type ActionDone struct {
	Action   string     `json:"action"`
	At       *time.Time `json:"at,omitempty"`
	Evidence string     `json:"evidence,omitempty"`
	// Seen is the event_id of the newest decision that the person knew of, empty where there was none; absent, nobody asks.
	Seen *string `json:"seen,omitempty"`
}

// ActionVerified judges an action. Action and Verdict are required.
type ActionVerified struct {
	Action  string `json:"action"`
	Verdict string `json:"verdict"`
	// By is who judged, where that is not the actor.
	By     string `json:"by,omitempty"`
	Reason string `json:"reason,omitempty"`
	// Seen is the event_id of the newest decision that the person knew of, empty where there was none; absent, nobody asks.
	Seen *string `json:"seen,omitempty"`
}

// ActionEnded is the data of action.closed and action.reopened.
type ActionEnded struct {
	Action string `json:"action"`
	Reason string `json:"reason,omitempty"`
	// Seen is the event_id of the newest decision that the person knew of, empty where there was none; absent, nobody asks.
	Seen *string `json:"seen,omitempty"`
}

// PeriodPublished freezes a period's figures. From and To are bare dates of the organisation's zone, To exclusive;
// Offsets holds the next offset of every partition that was read, Figures any JSON.
type PeriodPublished struct {
	From     string           `json:"from"`
	To       string           `json:"to"`
	AsOf     *time.Time       `json:"as_of,omitempty"`
	Revision int64            `json:"revision,omitempty"`
	Offsets  map[string]int64 `json:"offsets,omitempty"`
	Figures  json.RawMessage  `json:"figures,omitempty"`
}

// PolicyApplied puts a policy in force at the event's occurred_at. Content is the policy's YAML, required.
type PolicyApplied struct {
	Revision int64  `json:"revision,omitempty"`
	Content  string `json:"content"`
}

func (k Kind) newDecision() any {
	switch k {
	case KindIssueMerged:
		return &IssueMerged{}
	case KindIssueSplit:
		return &IssueSplit{}
	case KindIssueRenamed:
		return &IssueRenamed{}
	case KindIssueMuted:
		return &IssueMuted{}
	case KindIssueOwned:
		return &IssueOwned{}
	case KindIssueNoted:
		return &IssueNoted{}
	case KindIssueAnswered:
		return &IssueAnswered{}
	case KindComplaintPlaced:
		return &ComplaintPlaced{}
	case KindDecisionUndone:
		return &DecisionUndone{}
	case KindActionOpened:
		return &ActionOpened{}
	case KindActionUpdated:
		return &ActionUpdated{}
	case KindActionDone:
		return &ActionDone{}
	case KindActionVerified:
		return &ActionVerified{}
	case KindActionClosed, KindActionReopened:
		return &ActionEnded{}
	case KindPeriodPublished:
		return &PeriodPublished{}
	case KindPolicyApplied:
		return &PolicyApplied{}
	}
	return nil
}

// Subject is what a decision is about: the id of an issue (the one that remains, when issues are merged), of an action or
// a complaint, the decision that is undone, the days of a period, the revision of a policy. It is empty for an event that
// is no decision. Different things may have equal ids; the kind tells them apart.
func (e Event) Subject() string {
	switch d := e.Data.(type) {
	case *IssueMerged:
		return d.Into
	case *IssueSplit:
		return d.Issue
	case *IssueRenamed:
		return d.Issue
	case *IssueMuted:
		return d.Issue
	case *IssueOwned:
		return d.Issue
	case *IssueNoted:
		return d.Issue
	case *IssueAnswered:
		return d.Issue
	case *ComplaintPlaced:
		return d.ComplaintID
	case *DecisionUndone:
		return d.EventID
	case *ActionOpened:
		return d.Action
	case *ActionUpdated:
		return d.Action
	case *ActionDone:
		return d.Action
	case *ActionVerified:
		return d.Action
	case *ActionEnded:
		return d.Action
	case *PeriodPublished:
		return d.From + "/" + d.To
	case *PolicyApplied:
		return strconv.FormatInt(d.Revision, 10)
	}
	return ""
}
