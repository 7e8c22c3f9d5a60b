package dashboard_test

import (
	"context"
	"strings"
	"time"

	"wenguo/ingest"
	"wenguo/transform/improve"
	"wenguo/transform/issue"
)

// Actions implements dashboard.ActionReader.
func (s *sample) Actions(_ context.Context, asOf time.Time) ([]improve.Action, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.noData {
		return nil, s.fail("actions")
	}
	return improve.Actions(append(sampleActions(), s.acted...), asOf), s.fail("actions")
}

// sampleActions are actions in every state.
func sampleActions() []ingest.Stored {
	var out []ingest.Stored
	add := func(id string, days int, kind ingest.Kind, data any) {
		out = append(out, ingest.Stored{
			Event: ingest.Event{
				EventID: id, Kind: kind, OccurredAt: sampleNow().AddDate(0, 0, days).UTC(), Data: data, Actor: ingest.Actor{ID: "王敏", Department: "质量部"},
			},
			Position: ingest.Position{Offset: -1000 + int64(len(out))},
		})
	}
	due := func(days int) *time.Time { return new(sampleNow().AddDate(0, 0, days).UTC()) }
	add("s1", -40, ingest.KindActionOpened, &ingest.ActionOpened{Action: "a-opened", Title: "值班交接表 <b>缺项</b>", Department: "客服中心", DueAt: due(12)})
	add("s2", -40, ingest.KindActionOpened, &ingest.ActionOpened{Action: "a-cause", Issue: "I-0002", CauseGroup: "process", RootCause: "没有提醒\n没有人负责", Department: "物流部", Owner: "周涛", DueAt: due(-3)})
	add("s3", -35, ingest.KindActionOpened, &ingest.ActionOpened{Action: "a-measure", Issue: "I-0001", CauseGroup: "supplier", RootCause: "通道单一", Measure: "增加备用通道", Department: "平台技术部", Owner: "李工", DueAt: due(3)})
	add("s4", -30, ingest.KindActionUpdated, &ingest.ActionUpdated{Action: "a-measure", Fields: ingest.ActionFields{Containment: "改用语音验证码", DueAt: due(5)}})
	add("s5", -60, ingest.KindActionOpened, &ingest.ActionOpened{Action: "a-verifying", Issue: "I-0003", Measure: "改签收规则", DueAt: due(-10)})
	add("s6", -11, ingest.KindActionDone, &ingest.ActionDone{Action: "a-verifying", Evidence: "单号 8842"})
	add("s7", -60, ingest.KindActionOpened, &ingest.ActionOpened{Action: "a-closed", Issue: "I-0004", Measure: "改短信模板", Department: "平台技术部", DueAt: due(-20)})
	add("s8", -18, ingest.KindActionDone, &ingest.ActionDone{Action: "a-closed"})
	add("s9", -9, ingest.KindActionVerified, &ingest.ActionVerified{Action: "a-closed", Verdict: "effective", Reason: "两周没有新投诉"})
	add("s10", -8, ingest.KindActionClosed, &ingest.ActionEnded{Action: "a-closed"})
	add("s11", -130, ingest.KindActionOpened, &ingest.ActionOpened{Action: "a-proven", Issue: "I-0005", Measure: "换短信通道", Department: "平台技术部", DueAt: due(-100)})
	add("s12", -98, ingest.KindActionDone, &ingest.ActionDone{Action: "a-proven"})
	add("s13", -25, ingest.KindActionVerified, &ingest.ActionVerified{Action: "a-proven", Verdict: "effective"})
	add("s14", -131, ingest.KindActionOpened, &ingest.ActionOpened{Action: "a-back", Issue: "I-0006", Measure: "加人值班", Department: "客服中心", DueAt: due(-100)})
	add("s15", -97, ingest.KindActionDone, &ingest.ActionDone{Action: "a-back"})
	add("s16", -24, ingest.KindActionVerified, &ingest.ActionVerified{Action: "a-back", Verdict: "effective"})
	return out
}

// Likely implements dashboard.KnownReader.
func (s *sample) Likely(text string, most int) ([]issue.Candidate, error) {
	var out []issue.Candidate
	switch {
	case strings.Contains(text, "一字不差"):
		out = append(out, issue.Candidate{Issue: "I-0002", Evidence: 1})
	case strings.Contains(text, "验证码"):
		out = append(out, issue.Candidate{Issue: "I-0001", Evidence: 0.21}, issue.Candidate{Issue: "I-0003", Evidence: -0.02})
	}
	return out[:min(most, len(out))], s.fail("likely")
}
