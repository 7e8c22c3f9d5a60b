package tabular

import (
	"time"

	"wenguo/ingest"
)

// events makes what the row tells of the complaint's life. An official reply both answers and settles the complaint:
// it becomes acknowledged and resolved at its instant, by the mapping's role, unless columns of their own say when the
// complaint was acknowledged or resolved.
func (b *builder) events() {
	registered := b.instant(fRegisteredAt)
	if registered == nil {
		return
	}
	b.register(registered)
	staff := ingest.Actor{ID: b.text(fOwner), Department: b.text(fDepartment), Role: b.mapping.role()}
	replied := b.instant(fRepliedAt)
	if replied == nil && b.text(fReply) != "" && len(b.mapping.Columns[fRepliedAt]) > 0 {
		b.fail(ingest.ClassMissingField, fRepliedAt, "is empty although there is a reply: give the reply's time")
	}
	b.add(20, ingest.KindAcknowledged, first(b.instant(fAcknowledgedAt), replied), fAcknowledgedAt, staff, &ingest.Acknowledged{})
	b.add(30, ingest.KindDispatched, b.instant(fDispatchedAt), fDispatchedAt, staff, b.assigned())
	b.add(40, ingest.KindConfirmed, b.instant(fConfirmedAt), fConfirmedAt, staff, b.assigned())
	b.add(50, ingest.KindPlanProposed, b.instant(fPlannedAt), fPlannedAt, staff,
		&ingest.Plan{Measures: b.text(fPlanMeasures), DueAt: b.instant(fPlanDueAt)})
	resolved := first(b.instant(fResolvedAt), replied)
	b.add(60, ingest.KindResolved, resolved, fResolvedAt, staff, &ingest.Resolved{Outcome: b.outcome()})
	b.afterwards(resolved, staff)
}

func (b *builder) register(at *time.Time) {
	channel := b.text(fChannel)
	if channel == "" {
		channel = b.mapping.Channel
	}
	b.add(10, ingest.KindRegistered, at, fRegisteredAt, ingest.Actor{Role: ingest.RoleCustomer}, &ingest.Registered{
		Channel: channel,
		Customer: ingest.Customer{
			ID: b.text(fCustomerID), Name: b.text(fCustomerName), Phone: b.text(fCustomerPhone),
			Region: b.text(fCustomerRegion), Tier: b.text(fCustomerTier),
		},
		Title: b.text(fTitle), Content: b.text(fContent), Expectation: b.text(fExpectation),
		Category: b.text(fCategory), Priority: b.text(fPriority), Product: b.text(fProduct), OrderRef: b.text(fOrderRef),
		AffectedCustomers: b.whole(fAffected), IncidentAt: b.instant(fIncidentAt),
	})
	if level := b.whole(fLevel); level != 0 {
		b.add(15, ingest.KindClassified, at, fRegisteredAt, ingest.Actor{Role: ingest.RoleSystem}, &ingest.Classified{Level: level})
	}
}

// afterwards makes what follows the settlement.
func (b *builder) afterwards(resolved *time.Time, staff ingest.Actor) {
	customer := ingest.Actor{Role: ingest.RoleCustomer}
	closed := b.instant(fClosedAt)
	ended := first(closed, resolved)
	if accepted := b.truth(fAccepted); accepted != nil {
		b.need(fAccepted, fVerifiedAt, ended)
		b.add(70, ingest.KindVerified, first(b.instant(fVerifiedAt), ended), fVerifiedAt, customer, &ingest.Verified{Accepted: accepted})
	}
	score := b.number(fScore)
	surveyed := b.instant(fSurveyedAt)
	if score != nil || surveyed != nil {
		b.need(fScore, fSurveyedAt, ended)
		b.add(80, ingest.KindSurveyed, first(surveyed, ended), fSurveyedAt, customer,
			&ingest.Surveyed{Answered: score != nil, Score: score, Comment: b.text(fComment)})
	}
	b.add(85, ingest.KindReopened, b.instant(fReopenedAt), fReopenedAt, customer, &ingest.Reasoned{Reason: b.text(fReopenReason)})
	b.add(90, ingest.KindClosed, closed, fClosedAt, staff, &ingest.Reasoned{})
	b.add(95, ingest.KindWithdrawn, b.instant(fWithdrawnAt), fWithdrawnAt, customer, &ingest.Reasoned{})
}

// need demands a time for an answer: its own, or the end of the complaint.
func (b *builder) need(answer, when string, ended *time.Time) {
	if b.instant(when) == nil && ended == nil {
		b.fail(ingest.ClassMissingField, when, "is empty although there is a value for "+answer+": give its time")
	}
}

func (b *builder) assigned() *ingest.Assigned {
	return &ingest.Assigned{Department: b.text(fDepartment), Owner: b.text(fOwner)}
}

func (b *builder) outcome() string {
	if outcome := b.text(fOutcome); outcome != "" {
		return outcome
	}
	return b.text(fReply)
}

func first(instants ...*time.Time) *time.Time {
	for _, at := range instants {
		if at != nil {
			return at
		}
	}
	return nil
}
