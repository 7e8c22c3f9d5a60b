package dashboard_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"wenguo/dashboard"
	"wenguo/dashboard/account"
	"wenguo/transform"
	"wenguo/transform/sla"
)

// cutter cuts at every character, and knows one word of its own.
type cutter struct{}

func (cutter) Cut(text string) ([]string, bool) {
	return append([]string{"验证码"}, strings.Split(text, "")...), true
}
func (cutter) Terms() []string { return []string{"验证码"} }

func TestSettingsShowWhatIsInForce(t *testing.T) {
	policy, err := sla.ParsePolicy(sla.DefaultPolicy())
	if err != nil {
		t.Fatal(err)
	}
	h := settle(t, func(_ *dashboard.Config, d *dashboard.Deps) {
		d.Words = cutter{}
		d.Policies = func() []transform.Applied {
			return []transform.Applied{{Revision: 1, Policy: policy}, {Revision: 2, From: time.Date(2026, 11, 1, 0, 0, 0, 0, zone), Policy: policy}}
		}
	})
	v := h.as(account.Analyst)
	page := v.get("/settings/policy")
	for _, words := range []string{"第 2 版", "2026-11-01 00:00 起", "一直有效", "工作时间", "办结", "紧急"} {
		if !strings.Contains(page, words) {
			t.Errorf("the page of policies lacks %q", words)
		}
	}
	if w := h.ask(account.Analyst, "GET", "/settings/policy?revision=9"); w.Code != 400 {
		t.Errorf("a revision that never was: %d", w.Code)
	}
	v.get("/settings/words")
	w := v.post("/settings/words", url.Values{"text": {"电话 13800000000 <b>"}})
	if body := w.Body.String(); w.Code != 200 || !strings.Contains(body, "自有词") || strings.Contains(strings.ReplaceAll(body, ">电话 13800000000", ""), "13800000000") || strings.Contains(body, "<b>\n") {
		t.Errorf("the workbench answers %d", w.Code)
	}
}
