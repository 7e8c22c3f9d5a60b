package ingest

// Kind of an event.
type Kind string

// Kinds on complaints.events.
const (
	KindRegistered      Kind = "registered"
	KindClassified      Kind = "classified"
	KindAcknowledged    Kind = "acknowledged"
	KindDispatched      Kind = "dispatched"
	KindConfirmed       Kind = "confirmed"
	KindTransferred     Kind = "transferred"
	KindInvestigated    Kind = "investigated"
	KindPlanProposed    Kind = "plan_proposed"
	KindPlanAccepted    Kind = "plan_accepted"
	KindPlanRejected    Kind = "plan_rejected"
	KindContacted       Kind = "contacted"
	KindPaused          Kind = "paused"
	KindResumed         Kind = "resumed"
	KindEscalated       Kind = "escalated"
	KindResolved        Kind = "resolved"
	KindVerified        Kind = "verified"
	KindSurveyed        Kind = "surveyed"
	KindReopened        Kind = "reopened"
	KindClosed          Kind = "closed"
	KindWithdrawn       Kind = "withdrawn"
	KindRejected        Kind = "rejected"
	KindMerged          Kind = "merged"
	KindCorrected       Kind = "corrected"
	KindAssistRequested Kind = "assist_requested"
	KindAssistDone      Kind = "assist_done"
	KindErased          Kind = "erased"
)

// KindInfo describes a kind to people.
type KindInfo struct {
	Kind Kind
	// Title is Chinese, as the product shows it.
	Title string
	// Description is English, for the published schema.
	Description string
}

// Kinds lists the kinds of complaints.events in the order of a complaint's life.
var Kinds = []KindInfo{ //nolint:gochecknoglobals // a constant list
	{KindRegistered, "登记", "The complaint enters the system. It needs a channel and a title or a content."},
	{KindClassified, "分类分级", "Category, priority and level, given by a person or by the model."},
	{KindAcknowledged, "受理确认", "The customer is told that the complaint was received. A bot's or an internal note does not stop the clock."},
	{KindDispatched, "派单", "The complaint is handed to a department."},
	{KindConfirmed, "部门确认", "The department confirms that it has the complaint."},
	{KindTransferred, "转派", "The complaint moves to another department: routing, or passing the buck."},
	{KindInvestigated, "调查核实", "What the investigation found: founded or not, cause and level."},
	{KindPlanProposed, "提出方案", "A solution with a promised date is put to the customer."},
	{KindPlanAccepted, "方案接受", "The customer accepts the solution."},
	{KindPlanRejected, "方案拒绝", "The customer refuses the solution."},
	{KindContacted, "进展沟通", "Contact with the customer, in either direction."},
	{KindPaused, "挂起", "Work waits for somebody else; clocks that may pause do."},
	{KindResumed, "恢复", "Work goes on after a pause."},
	{KindEscalated, "升级", "The complaint goes to a higher level of the organisation."},
	{KindResolved, "办结", "The complaint is settled."},
	{KindVerified, "客户验证", "The customer says whether the solution works."},
	{KindSurveyed, "满意度回访", "A survey is offered, or answered. A score is an answer."},
	{KindReopened, "二次处置", "An ended complaint opens again; a new round begins."},
	{KindClosed, "归档", "The complaint is filed."},
	{KindWithdrawn, "撤诉", "The customer withdraws the complaint."},
	{KindRejected, "不成立", "The organisation refuses the complaint as unfounded."},
	{KindMerged, "并单", "The same matter is handled under another complaint."},
	{KindCorrected, "更正", "New values for fields of registered or classified."},
	{KindAssistRequested, "协办请求", "A second department is asked for a share of the work."},
	{KindAssistDone, "协办完成", "The second department has done its share."},
	{KindErased, "删除个人信息", "The customer's right to erasure: personal fields are blanked everywhere."},
}

// NewData gives an empty struct for the data of the kind, as Event.Data holds it; nil when the kind is unknown.
func (k Kind) NewData() any {
	switch k {
	case KindRegistered:
		return &Registered{}
	case KindClassified:
		return &Classified{}
	case KindAcknowledged:
		return &Acknowledged{}
	case KindDispatched, KindConfirmed:
		return &Assigned{}
	case KindTransferred:
		return &Transferred{}
	case KindInvestigated:
		return &Investigated{}
	case KindPlanProposed, KindPlanAccepted, KindPlanRejected:
		return &Plan{}
	case KindContacted:
		return &Contacted{}
	case KindPaused, KindResumed, KindReopened, KindClosed, KindWithdrawn, KindRejected, KindErased:
		return &Reasoned{}
	case KindEscalated:
		return &Escalated{}
	case KindResolved:
		return &Resolved{}
	case KindVerified:
		return &Verified{}
	case KindSurveyed:
		return &Surveyed{}
	case KindMerged:
		return &Merged{}
	case KindCorrected:
		return &Corrected{}
	case KindAssistRequested:
		return &AssistRequested{}
	case KindAssistDone:
		return &AssistDone{}
	}
	return nil
}

// Title is the kind's Chinese name; the kind itself when it is unknown.
func (k Kind) Title() string {
	for _, list := range [][]KindInfo{Kinds, DecisionKinds} {
		for _, info := range list {
			if info.Kind == k {
				return info.Title
			}
		}
	}
	return string(k)
}
