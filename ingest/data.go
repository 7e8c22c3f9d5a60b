package ingest

import "time"

// Customer of a complaint. Personal data: it stays in events.raw.
type Customer struct {
	ID     string `json:"id,omitempty"`
	Name   string `json:"name,omitempty"`
	Phone  string `json:"phone,omitempty"`
	Region string `json:"region,omitempty"`
	Tier   string `json:"tier,omitempty"`
}

// Attachment is a reference; the file itself stays where it is.
type Attachment struct {
	Name string `json:"name,omitempty"`
	Type string `json:"type,omitempty"`
	URL  string `json:"url,omitempty"`
}

// Registered 登记. Channel and one of Title or Content are required.
type Registered struct {
	Channel           string       `json:"channel"`
	Customer          Customer     `json:"customer,omitzero"`
	Title             string       `json:"title,omitempty"`
	Content           string       `json:"content,omitempty"`
	Expectation       string       `json:"expectation,omitempty"`
	Category          string       `json:"category,omitempty"`
	Priority          string       `json:"priority,omitempty"`
	Product           string       `json:"product,omitempty"`
	OrderRef          string       `json:"order_ref,omitempty"`
	Attachments       []Attachment `json:"attachments,omitempty"`
	AffectedCustomers int          `json:"affected_customers,omitempty"`
	IncidentAt        *time.Time   `json:"incident_at,omitempty"`
}

// Classified 分类分级.
type Classified struct {
	Category   string   `json:"category,omitempty"`
	Priority   string   `json:"priority,omitempty"`
	Level      int      `json:"level,omitempty"`
	By         string   `json:"by,omitempty"`
	Confidence *float64 `json:"confidence,omitempty"`
}

// Acknowledged 受理确认. Internal notes do not reach the customer.
type Acknowledged struct {
	Channel  string `json:"channel,omitempty"`
	Internal bool   `json:"internal,omitempty"`
}

// Assigned is the data of dispatched 派单 and confirmed 部门确认. Department is required; ToOwner reads as Owner.
type Assigned struct {
	Department string `json:"department"`
	Owner      string `json:"owner,omitempty"`
	ToOwner    string `json:"to_owner,omitempty"`
}

// Transferred 转派. To is required; From empty means the department that held it.
type Transferred struct {
	From    string `json:"from,omitempty"`
	To      string `json:"to"`
	ToOwner string `json:"to_owner,omitempty"`
	Reason  string `json:"reason,omitempty"`
}

// Investigated 调查核实.
type Investigated struct {
	Valid      *bool  `json:"valid,omitempty"`
	CauseGroup string `json:"cause_group,omitempty"`
	Cause      string `json:"cause,omitempty"`
	Level      int    `json:"level,omitempty"`
}

// Plan is the data of plan_proposed, plan_accepted and plan_rejected 方案. DueAt is the promise made to the customer.
type Plan struct {
	Measures     string     `json:"measures,omitempty"`
	DueAt        *time.Time `json:"due_at,omitempty"`
	Resources    string     `json:"resources,omitempty"`
	Compensation string     `json:"compensation,omitempty"`
}

// Contacted 进展沟通. Direction is in or out.
type Contacted struct {
	Direction string `json:"direction,omitempty"`
	Channel   string `json:"channel,omitempty"`
	Note      string `json:"note,omitempty"`
}

// Reasoned is the data of the kinds that carry a reason alone: paused, resumed, reopened, closed, withdrawn, rejected, erased.
type Reasoned struct {
	Reason string `json:"reason,omitempty"`
}

// Escalated 升级.
type Escalated struct {
	Level  int    `json:"level,omitempty"`
	Reason string `json:"reason,omitempty"`
}

// Resolved 办结. FirstContact is the producer's own flag: shown, never counted.
type Resolved struct {
	Outcome       string `json:"outcome,omitempty"`
	Measures      string `json:"measures,omitempty"`
	FirstContact  bool   `json:"first_contact,omitempty"`
	BySelfService bool   `json:"by_self_service,omitempty"`
}

// Verified 客户验证. Accepted is required.
type Verified struct {
	Accepted *bool `json:"accepted"`
}

// Surveyed 满意度回访. Sent when offered (Answered false) and again when answered; a score without Answered is an answer.
type Surveyed struct {
	OfferedAt *time.Time `json:"offered_at,omitempty"`
	Answered  bool       `json:"answered,omitempty"`
	Score     *float64   `json:"score,omitempty"`
	Comment   string     `json:"comment,omitempty"`
	Channel   string     `json:"channel,omitempty"`
}

// Merged 并单. Into is required.
type Merged struct {
	Into string `json:"into"`
}

// Corrected 更正 gives new values to fields of registered or classified; an empty value is not given.
type Corrected struct {
	Fields CorrectedFields `json:"fields,omitzero"`
	Reason string          `json:"reason,omitempty"`
}

// CorrectedFields are the fields a correction may give.
type CorrectedFields struct {
	Channel           string       `json:"channel,omitempty"`
	Customer          Customer     `json:"customer,omitzero"`
	Title             string       `json:"title,omitempty"`
	Content           string       `json:"content,omitempty"`
	Expectation       string       `json:"expectation,omitempty"`
	Category          string       `json:"category,omitempty"`
	Priority          string       `json:"priority,omitempty"`
	Level             int          `json:"level,omitempty"`
	Product           string       `json:"product,omitempty"`
	OrderRef          string       `json:"order_ref,omitempty"`
	Attachments       []Attachment `json:"attachments,omitempty"`
	AffectedCustomers int          `json:"affected_customers,omitempty"`
	IncidentAt        *time.Time   `json:"incident_at,omitempty"`
}

// AssistRequested 协办: a second department's share of the work.
type AssistRequested struct {
	Department string     `json:"department,omitempty"`
	DueAt      *time.Time `json:"due_at,omitempty"`
	Item       string     `json:"item,omitempty"`
}

// AssistDone 协办完成.
type AssistDone struct {
	Department string `json:"department,omitempty"`
}
