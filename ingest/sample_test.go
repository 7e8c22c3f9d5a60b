package ingest_test

import (
	"encoding/json"
	"time"

	"wenguo/ingest"
)

func instantOf(text string) time.Time {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return at.UTC()
}

// samples holds one full event of every kind.
func samples() []ingest.Event {
	due := new(instantOf("2026-11-23T09:00:00.125Z"))
	customer := ingest.Customer{ID: "u-901", Name: "李某", Phone: "13800000000", Region: "长沙", Tier: "gold"}
	files := []ingest.Attachment{{Name: "截图.png", Type: "image/png", URL: "https://files.example/1"}}
	data := map[ingest.Kind]any{
		ingest.KindRegistered: &ingest.Registered{
			Channel: "phone", Customer: customer, Title: "验证码一直收不到", Content: "换了三个号都收不到<br>&验证码",
			Expectation: "尽快恢复", Category: "技术支持/登录", Priority: "high", Product: "会员中心", OrderRef: "O-1",
			Attachments: files, AffectedCustomers: 3, IncidentAt: due,
		},
		ingest.KindClassified:      &ingest.Classified{Category: "技术支持/登录", Priority: "high", Level: 2, By: "model", Confidence: new(0.75)},
		ingest.KindAcknowledged:    &ingest.Acknowledged{Channel: "phone", Internal: true},
		ingest.KindDispatched:      &ingest.Assigned{Department: "技术部", Owner: "a2"},
		ingest.KindConfirmed:       &ingest.Assigned{Department: "技术部", Owner: "a2"},
		ingest.KindTransferred:     &ingest.Transferred{From: "技术部", To: "产品部", ToOwner: "a3", Reason: "bounce"},
		ingest.KindInvestigated:    &ingest.Investigated{Valid: new(false), CauseGroup: "process", Cause: "短信网关", Level: 1},
		ingest.KindPlanProposed:    &ingest.Plan{Measures: "换通道", DueAt: due, Resources: "两人", Compensation: "券"},
		ingest.KindPlanAccepted:    &ingest.Plan{Measures: "换通道"},
		ingest.KindPlanRejected:    &ingest.Plan{DueAt: due},
		ingest.KindContacted:       &ingest.Contacted{Direction: "out", Channel: "phone", Note: "已说明"},
		ingest.KindEscalated:       &ingest.Escalated{Level: 2, Reason: "媒体"},
		ingest.KindResolved:        &ingest.Resolved{Outcome: "修好了", Measures: "换通道", FirstContact: true, BySelfService: true},
		ingest.KindVerified:        &ingest.Verified{Accepted: new(true)},
		ingest.KindSurveyed:        &ingest.Surveyed{OfferedAt: due, Answered: true, Score: new(4.0), Comment: "还行", Channel: "app"},
		ingest.KindMerged:          &ingest.Merged{Into: "C-2"},
		ingest.KindCorrected:       &ingest.Corrected{Fields: ingest.CorrectedFields{Channel: "app", Customer: customer, Level: 3, Attachments: files, IncidentAt: due}, Reason: "录入有误"},
		ingest.KindAssistRequested: &ingest.AssistRequested{Department: "法务部", DueAt: due, Item: "合同"},
		ingest.KindAssistDone:      &ingest.AssistDone{Department: "法务部"},
	}
	var list []ingest.Event
	for i, info := range ingest.Kinds {
		e := ingest.Event{
			EventID: "e-" + string(info.Kind), ComplaintID: "C-2026-000123", Kind: info.Kind,
			OccurredAt: instantOf("2026-11-21T01:03:11.250Z").Add(time.Duration(i) * time.Minute),
			Actor:      ingest.Actor{ID: "a17", Department: "客服中心", Role: ingest.RoleAgent},
			Source:     "hotline", SchemaVersion: 1, Data: data[info.Kind],
		}
		if e.Data == nil {
			e.Data = &ingest.Reasoned{Reason: "other"}
		}
		list = append(list, e)
	}
	return list
}

// decisions holds one full decision of every kind.
func decisions() []ingest.Event {
	due := new(instantOf("2026-11-23T09:00:00Z"))
	data := map[ingest.Kind]any{
		ingest.KindIssueMerged:     &ingest.IssueMerged{From: []string{"i1", "i2"}, Into: "i3"},
		ingest.KindIssueSplit:      &ingest.IssueSplit{Issue: "i1", Groups: [][]string{{"C-1", "C-2"}, {"C-3"}}},
		ingest.KindIssueRenamed:    &ingest.IssueRenamed{Issue: "i1", Name: "验证码"},
		ingest.KindIssueMuted:      &ingest.IssueMuted{Issue: "i1"},
		ingest.KindIssueOwned:      &ingest.IssueOwned{Issue: "i1", Department: "技术部", Owner: "a2"},
		ingest.KindIssueNoted:      &ingest.IssueNoted{Issue: "i1", Note: "跟进"},
		ingest.KindIssueAnswered:   &ingest.IssueAnswered{Issue: "i1", Cause: "网关", Workaround: "语音", Answer: "已修"},
		ingest.KindComplaintPlaced: &ingest.ComplaintPlaced{ComplaintID: "C-1", Issue: "i1"},
		ingest.KindDecisionUndone:  &ingest.DecisionUndone{EventID: "d-1"},
		ingest.KindActionOpened:    &ingest.ActionOpened{Action: "a1", Issue: "i1", CauseGroup: "process", RootCause: "r", Measure: "m", Department: "d", Owner: "o", DueAt: due},
		ingest.KindActionUpdated:   &ingest.ActionUpdated{Action: "a1", Fields: ingest.ActionFields{RootCause: "r", Containment: "c", Measures: "m", ExpectedEffect: "e", DueAt: due, Owner: "o"}},
		ingest.KindActionDone:      &ingest.ActionDone{Action: "a1", At: due, Evidence: "工单"},
		ingest.KindActionVerified:  &ingest.ActionVerified{Action: "a1", Verdict: "effective", By: "李"},
		ingest.KindActionClosed:    &ingest.ActionEnded{Action: "a1"},
		ingest.KindActionReopened:  &ingest.ActionEnded{Action: "a1", Reason: "复发"},
		ingest.KindPeriodPublished: &ingest.PeriodPublished{From: "2026-10-01", To: "2026-11-01", AsOf: due, Revision: 7, Offsets: map[string]int64{"0": 12, "1": 9}, Figures: json.RawMessage(`{"completion":0.9}`)},
		ingest.KindPolicyApplied:   &ingest.PolicyApplied{Revision: 3, Content: "rules: []\n"},
	}
	var list []ingest.Event
	for _, info := range ingest.DecisionKinds {
		list = append(list, ingest.Event{EventID: "d-" + string(info.Kind), Kind: info.Kind, OccurredAt: instantOf("2026-11-21T01:03:11Z"), Data: data[info.Kind]})
	}
	return list
}
