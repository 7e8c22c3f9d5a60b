package dashboard

import (
	"strconv"
	"time"

	"wenguo/ingest"
	"wenguo/transform/kpi"
)

// describe puts what an event carries into words; what it does not carry is left out. The event has been redacted.
func describe(e ingest.Event, now time.Time) timelineEntry {
	var t timelineEntry
	put := func(name, value string) {
		if value != "" && value != dash {
			t.Details = append(t.Details, fact{name, value})
		}
	}
	switch d := e.Data.(type) {
	case *ingest.Registered:
		put("渠道", valueIf(kpi.Channel, d.Channel))
		put("类别", d.Category)
		put("优先级", valueIf(kpi.Priority, d.Priority))
	case *ingest.Classified:
		put("类别", d.Category)
		put("优先级", valueIf(kpi.Priority, d.Priority))
		put("级别", valueIf(kpi.Level, levelText(d.Level)))
		put("依据", map[string]string{"human": "人工", "model": "模型"}[d.By])
		if d.Confidence != nil {
			put("置信度", percent(*d.Confidence)+"%")
		}
	case *ingest.Acknowledged:
		put("渠道", valueIf(kpi.Channel, d.Channel))
		if d.Internal {
			put("说明", "内部备注，客户看不到，不停表")
		}
	case *ingest.Assigned:
		put("部门", d.Department)
		put("负责人", firstOf(d.Owner, d.ToOwner))
	case *ingest.Transferred:
		put("由", d.From)
		put("转到", d.To)
		put("接手人", d.ToOwner)
		put("原因", name(reasonNames, d.Reason))
	case *ingest.Plan:
		t.Text = d.Measures
		put("承诺时间", promised(d.DueAt, now))
		put("资源", d.Resources)
		put("补偿", d.Compensation)
	case *ingest.Merged:
		put("并入", d.Into)
	case *ingest.Verified:
		if d.Accepted != nil {
			put("客户意见", map[bool]string{true: "客户接受", false: "客户不接受"}[*d.Accepted])
		}
	case *ingest.AssistRequested:
		put("协办部门", d.Department)
		put("期限", promised(d.DueAt, now))
		t.Text = d.Item
	case *ingest.AssistDone:
		put("协办部门", d.Department)
	default:
		describeOutcome(e, &t, put)
	}
	return t
}

// describeOutcome is the second half of describe: what was found, said and achieved.
func describeOutcome(e ingest.Event, t *timelineEntry, put func(name, value string)) {
	switch d := e.Data.(type) {
	case *ingest.Investigated:
		if d.Valid != nil {
			put("结论", map[bool]string{true: "成立", false: "不成立"}[*d.Valid])
		}
		put("原因分类", valueIf(kpi.CauseGroup, d.CauseGroup))
		put("级别", valueIf(kpi.Level, levelText(d.Level)))
		t.Text = d.Cause
	case *ingest.Contacted:
		put("方向", map[string]string{"in": "客户来", "out": "向客户"}[d.Direction])
		put("渠道", valueIf(kpi.Channel, d.Channel))
		t.Text = d.Note
	case *ingest.Reasoned:
		put("原因", name(reasonNames, d.Reason))
	case *ingest.Escalated:
		put("级别", levelText(d.Level))
		put("升级原因", d.Reason)
	case *ingest.Resolved:
		put("结果", d.Outcome)
		t.Text = d.Measures
		if d.BySelfService {
			put("方式", "自助解决")
		}
	case *ingest.Surveyed:
		switch {
		case d.Score != nil:
			put("评分", strconv.FormatFloat(*d.Score, 'f', -1, 64)+" 分")
		case !d.Answered:
			put("状态", "已发出，等待客户评价")
		}
		put("渠道", valueIf(kpi.Channel, d.Channel))
		t.Text = d.Comment
	case *ingest.Corrected:
		put("类别", d.Fields.Category)
		put("优先级", valueIf(kpi.Priority, d.Fields.Priority))
		put("级别", valueIf(kpi.Level, levelText(d.Fields.Level)))
		put("渠道", valueIf(kpi.Channel, d.Fields.Channel))
		put("产品", d.Fields.Product)
		put("标题", d.Fields.Title)
		put("更正原因", d.Reason)
	}
}

func promised(t *time.Time, now time.Time) string {
	if t == nil {
		return ""
	}
	return clockTime(*t, now)
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
