package dashboard

import (
	"wenguo/transform"
	"wenguo/transform/kpi"
)

// partLink is one term of a figure: what it counted, and the list of exactly these complaints.
type partLink struct {
	Part, Name, Count, URL string
	// Tone is bad for the part that people look for when a rate misses its target.
	Tone string
}

// Words for the parts of a figure.
type partWords struct{ Numerator, Missed, Pending string }

// onTimeWords are those of every figure about a clock.
var onTimeWords = partWords{"按时", "未按时", "尚未到期"} //nolint:gochecknoglobals // a constant table

var partNames = map[string]partWords{ //nolint:gochecknoglobals // a constant table
	"first_response":    {"已有人工答复", "没有人工答复", "仍在等待"},
	"completion":        {"已办结", "未办结", "在办未过期限"},
	"satisfaction":      {"满意（4–5 分）", "未满意（1–3 分）", "未评价"},
	"dissatisfied_redo": {"已二次处置", "未二次处置", ""},
	"reopen":            {"30 天内重开", "未重开", "未满 30 天"},
	"repeat":            {"重复投诉", "非重复", ""},
	"repeat_issue":      {"同一问题重复", "非重复", ""},
	"first_contact":     {"一次解决", "未一次解决", "未满 30 天"},
	"missed":            {"漏接", "未漏接", "仍在等待"},
	"deviation":         {"有偏差", "无偏差", ""},
	"escalation":        {"有升级", "无升级", ""},
	"bounce":            {"有推诿", "无推诿", ""},
	"step_coverage":     {"环节齐全", "环节缺失", ""},
	"sync_lag":          {"5 分钟内", "超过 5 分钟", ""},
	"promise_kept":      {"已兑现", "未兑现", "尚未到期"},
	"verified_ok":       {"验证通过", "验证未通过", ""},
	"handover_unnamed":  {"未指明接手人", "已指明接手人", ""},
	"self_service":      {"自助解决", "非自助解决", ""},
	"issue_share":       {"属于复发问题", "未归入问题", ""},
	kpiRectification:    {"按时完成", "未按时完成", "尚未到期"},
}

// withoutComplaints are figures that count something else: the list behind them is one of these, not of complaints.
var withoutComplaints = []string{"rectification"} //nolint:gochecknoglobals // a constant list

// countsEvents are figures that may count one complaint several times: by clock, resolution, transfer or event.
var countsEvents = map[string]string{ //nolint:gochecknoglobals // a constant table
	"throughput": "办结次数", "reopen": "办结次数", "handover_unnamed": "转派次数", "sync_lag": "事件", "promise_kept": "承诺",
	"confirm_on_time": "时钟", "plan_on_time": "时钟", "survey_on_time": "时钟", "redo_on_time": "时钟", "assist_on_time": "时钟",
}

// wordsOf are the words for an entry's parts; false for a figure without numerator.
func wordsOf(e kpi.Entry) (partWords, bool) {
	if e.Query == "on_time" {
		return onTimeWords, true
	}
	w, ok := partNames[e.ID]
	return w, ok
}

// partName names a part of an entry; false where the entry has no such part.
func partName(e kpi.Entry, part string) (string, bool) {
	words, ok := wordsOf(e)
	switch {
	case part == transform.PartDenominator:
		return "全部计入的", true
	case part == transform.PartOffered:
		return "发出回访的", e.ID == kpiSatisfaction
	case part == transform.PartAnomalies:
		return map[bool]string{true: "负延迟", false: "时间异常"}[e.ID == "sync_lag"], e.Query == "on_time" || e.ID == "sync_lag"
	case !ok:
		return "", false
	case part == transform.PartNumerator:
		return words.Numerator, true
	case part == transform.PartMissed:
		return words.Missed, true
	case part == transform.PartPending:
		return words.Pending, words.Pending != ""
	}
	return "", false
}

// behind is the list that holds exactly the complaints that a part of a figure counted; empty where there is none.
func behind(v view, id, part string) string {
	e, known := kpi.Lookup(id)
	if !known {
		return ""
	}
	if _, ok := partName(e, part); !ok {
		return ""
	}
	if id == kpiRectification {
		return withOwn(v, ownForm, "list", ownPart, part)
	}
	return v.With("/complaints", "scope", string(transform.ScopeKPI), "kpi", id, "part", part)
}

// parts are a figure's terms with the complaints behind each; those that counted nothing are left out.
func parts(v view, d definition, value kpi.Value) []partLink {
	counts := []struct {
		part string
		n    int64
	}{
		{transform.PartDenominator, value.N},
		{transform.PartNumerator, value.Numerator},
		{transform.PartMissed, value.Denominator - value.Numerator},
		{transform.PartPending, value.Pending},
		{transform.PartAnomalies, 0},
	}
	if value.Anomalies != nil {
		counts[4].n = value.Anomalies.Numerator
	}
	var out []partLink
	for _, c := range counts {
		name, ok := partName(d.Entry, c.part)
		if !ok || c.n <= 0 {
			continue
		}
		p := partLink{Part: c.part, Name: name, Count: grouped(c.n), URL: behind(v, d.ID, c.part)}
		bad := map[bool]string{true: transform.PartNumerator, false: transform.PartMissed}[d.LowerBetter]
		if c.part == bad && d.Unit == kpi.UnitRate {
			p.Tone = "bad"
		}
		out = append(out, p)
	}
	return out
}

// part finds one of the links.
func (c card) part(name string) partLink {
	for _, p := range c.Parts {
		if p.Part == name {
			return p
		}
	}
	return partLink{Part: name}
}
