package histories

import (
	"time"

	"wenguo/ingest"
)

func (m *Maker) registered() *ingest.Registered {
	return &ingest.Registered{
		Channel: pick(m, "phone", "email", "web", "telex"), Title: "标题", Content: "内容",
		Customer: ingest.Customer{
			ID: pick(m, "", "u1", "u2", "u3"), Phone: pick(m, "", "13800000001", "+86 138-0000-0001", "13800000002"), Name: "李某",
			Region: pick(m, "", "长沙", "成都"), Tier: pick(m, "", "gold"),
		},
		Category: m.category(), Priority: m.priority(), Product: pick(m, "", "会员", "门票"), AffectedCustomers: m.rnd.IntN(3),
	}
}

func (m *Maker) data(kind ingest.Kind, at time.Time) any {
	yes := m.chance(50)
	switch kind {
	case ingest.KindRegistered:
		return m.registered()
	case ingest.KindClassified:
		return &ingest.Classified{Category: m.category(), Priority: m.priority(), Level: m.rnd.IntN(5)}
	case ingest.KindAcknowledged:
		return &ingest.Acknowledged{Internal: m.chance(20)}
	case ingest.KindDispatched, ingest.KindConfirmed:
		return &ingest.Assigned{Department: m.department(), Owner: pick(m, "", "甲", "乙")}
	case ingest.KindTransferred:
		return &ingest.Transferred{
			From: pick(m, "", "", m.department()), To: m.department(), ToOwner: pick(m, "", "丙"),
			Reason: pick(m, "bounce", "routing", "routing", "other", ""),
		}
	case ingest.KindInvestigated:
		return &ingest.Investigated{Valid: &yes, CauseGroup: pick(m, "", "people", "process", "weather"), Level: m.rnd.IntN(4)}
	case ingest.KindPlanProposed, ingest.KindPlanAccepted, ingest.KindPlanRejected:
		return &ingest.Plan{DueAt: m.later(at)}
	case ingest.KindContacted:
		return &ingest.Contacted{Direction: pick(m, "in", "out")}
	case ingest.KindEscalated:
		return &ingest.Escalated{Level: 3}
	case ingest.KindResolved:
		return &ingest.Resolved{BySelfService: m.chance(20), FirstContact: yes}
	case ingest.KindVerified:
		return &ingest.Verified{Accepted: &yes}
	case ingest.KindSurveyed:
		return m.surveyed(at)
	case ingest.KindMerged:
		return &ingest.Merged{Into: "c-0"}
	case ingest.KindCorrected:
		return &ingest.Corrected{Fields: ingest.CorrectedFields{
			Category: m.category(), Priority: m.priority(), Level: m.rnd.IntN(5), Customer: ingest.Customer{Tier: pick(m, "", "silver")},
			Channel: pick(m, "", "im"), Product: pick(m, "", "门票"),
		}}
	case ingest.KindAssistRequested:
		return &ingest.AssistRequested{Department: m.department(), DueAt: m.later(at)}
	case ingest.KindAssistDone:
		return &ingest.AssistDone{Department: m.department()}
	default:
		return &ingest.Reasoned{Reason: pick(m, "customer", "regulator", "")}
	}
}

func (m *Maker) surveyed(at time.Time) *ingest.Surveyed {
	d := &ingest.Surveyed{Answered: m.chance(50)}
	if m.chance(50) {
		offered := at.Add(-m.step()).UTC()
		d.OfferedAt = &offered
	}
	if m.chance(60) {
		score := pick(m, 1, 2, 3, 4, 4, 5, 5, 0, 6, 3.5)
		d.Score = &score
	}
	return d
}
