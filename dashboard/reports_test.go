package dashboard_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wenguo/dashboard/report"
	"wenguo/ingest"
	"wenguo/transform/restate"
)

func TestAMonthIsPublishedOnceAndStays(t *testing.T) {
	s := &sample{}
	bus := &topic{to: s}
	v := visit(t, desk(t, bus))
	page := v.get("/reports?of=2026-10")
	for _, words := range []string{"客户投诉案件统计表", "纠正与预防措施报告", "已过 5 日，未发布", "2026-11-05", "/reports/record?format=csv&amp;of=2026-10", "还没有发布", "值得再看一眼"} {
		if !strings.Contains(page, words) {
			t.Errorf("the page lacks %q", words)
		}
	}
	form := url.Values{"of": {"2026-10"}, "key": {v.field("key")}, "who": {"王敏"}, "who_department": {"质量部"}}
	if form.Get("key") == "" {
		t.Fatal("the form has no key")
	}
	v.follow(v.post("/reports/publish", form))
	if len(bus.sent) != 1 {
		t.Fatalf("%d decisions sent", len(bus.sent))
	}
	event, err := ingest.DecodeDecision(bus.sent[0].Value)
	if err != nil {
		t.Fatal(err)
	}
	p, ok, err := restate.Of(event)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	if p.From != "2026-10-01" || p.To != "2026-11-01" || p.By != "王敏" || p.AsOf.In(zone).Format("2006-01-02 15:04") != "2026-11-05 00:00" ||
		p.Revision != 3 || p.Offsets[1] != 99 || p.Figures.Strip.Registered != 1682 || p.Figures.KPIs["resolve_on_time"].Denominator != 1408 || len(p.Figures.Departments) != 6 {
		t.Errorf("published %+v", p)
	}
	s.published = append(s.published, p)
	if page = v.get("/reports?of=2026-10"); !strings.Contains(page, "第 1 版") || !strings.Contains(page, "个指标都与发布的一致") || strings.Contains(page, `action="/reports/publish"`) {
		t.Error("a published month without a difference says otherwise, or may be published again")
	}
	if w := v.post("/reports/publish", form); w.Code != http.StatusSeeOther || len(bus.sent) != 1 {
		t.Errorf("the same form sent again answers %d, %d sent", w.Code, len(bus.sent))
	}
	form.Set("key", "another")
	if w := v.post("/reports/publish", form); w.Code != http.StatusConflict || len(bus.sent) != 1 {
		t.Errorf("a second edition that says the same answers %d, %d sent", w.Code, len(bus.sent))
	}
	form.Set("of", "2026-11")
	if w := v.post("/reports/publish", form); w.Code != http.StatusConflict || len(bus.sent) != 1 {
		t.Errorf("a month that is not over answers %d, %d sent", w.Code, len(bus.sent))
	}
}

func TestARestatementStandsBesideWhatWasPublishedWithItsCauses(t *testing.T) {
	h := open(t, &sample{published: samplePublished()})
	page := get(t, h, "/reports?of=2026-10").Body.String()
	for _, words := range []string{"98.0%", "98.4%", "更正", "政策或日历已修订", "C-2026-000123", "二次处置"} {
		if !strings.Contains(page, words) {
			t.Errorf("the page lacks %q", words)
		}
	}
	var answer struct {
		Edition     int
		Differences []restate.Difference
		Changes     []restate.Change
	}
	if err := json.Unmarshal(get(t, h, "/api/v1/reports/published?of=2026-10").Body.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	if answer.Edition != 1 || len(answer.Changes) != 1 || len(answer.Differences) == 0 {
		t.Errorf("%+v", answer)
	}
	for _, d := range answer.Differences {
		var causes []restate.Cause
		for _, c := range d.Causes {
			causes = append(causes, c.Cause)
		}
		if d.KPI == "satisfaction" && (len(causes) != 1 || causes[0] != restate.Rules) {
			t.Errorf("nothing about ratings changed, yet satisfaction has the causes %v", causes)
		}
		if d.KPI == "resolve_on_time" && (len(causes) != 3 || causes[0] != restate.Late || causes[1] != restate.Corrected) {
			t.Errorf("resolve on time has the causes %v", causes)
		}
	}
	if w := get(t, h, "/api/v1/reports/published?of=2026-09"); w.Code != http.StatusNotFound {
		t.Errorf("an unpublished month answers %d", w.Code)
	}
}

func TestAPaperIsServedWhereNothingCanRun(t *testing.T) {
	const hostile = `<script>alert(1)</script><img src=x onerror=alert(1)>`
	h := open(t, &sample{title: hostile})
	for _, p := range report.Papers {
		w := get(t, h, "/reports/"+p.Name+"?of=2026-10")
		body, policy := w.Body.String(), w.Header().Get("Content-Security-Policy")
		if w.Code != http.StatusOK || !strings.Contains(body, p.Title[:6]) && p.Name != "pack" {
			t.Errorf("%s answers %d", p.Name, w.Code)
		}
		if strings.Contains(body, "<script") || strings.Contains(body, "<img") {
			t.Errorf("%s holds markup of strangers", p.Name)
		}
		if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "script-src") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s is served under %q", p.Name, policy)
		}
		for _, f := range p.Formats {
			if f == report.HTML || f == report.PDF {
				continue
			}
			file := get(t, h, "/reports/"+p.Name+"?of=2026-10&format="+string(f))
			if file.Code != http.StatusOK || !strings.HasPrefix(file.Header().Get("Content-Disposition"), "attachment;") || file.Header().Get("Content-Type") != f.Media() {
				t.Errorf("%s as %s answers %d %q", p.Name, f, file.Code, file.Header())
			}
		}
	}
	for target, code := range map[string]int{
		"/reports/nothing": 404, "/reports/record?of=x": 400, "/reports/bulletin?format=csv": 400, "/reports/statistics?of=2026-10&format=pdf": 501, "/reports?of=2026-13": 400,
		"/complaints?scope=look": 400, "/complaints?look=bot_only": 400,
	} {
		if w := get(t, h, target); w.Code != code {
			t.Errorf("%s answers %d, not %d", target, w.Code, code)
		}
	}
}
