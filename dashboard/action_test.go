package dashboard_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"wenguo/transform/improve"
)

// actionOf is an action as everything decided so far makes it.
func actionOf(t *testing.T, bus *topic, id string) improve.Action {
	t.Helper()
	all, err := bus.to.Actions(t.Context(), sampleNow().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		if a.ID == id {
			return a
		}
	}
	return improve.Action{}
}

func TestAnActionGoesFromItsIssueToItsEndAndBack(t *testing.T) {
	bus := &topic{to: &sample{}}
	v := person(t, desk(t, bus), "王敏", "/issues/I-0001")
	if !strings.Contains(v.page, `href="/improvement/new?issue=I-0001"`) {
		t.Fatal("the issue does not lead to the form")
	}
	form := v.get("/improvement/new?issue=I-0001")
	if v.field("issue") != "I-0001" || !strings.Contains(form, "会员中心验证码收不到") {
		t.Fatal("the form is not about the issue")
	}
	page := v.follow(v.decide("do", "action-open", "issue", v.field("issue"), "cause_group", "supplier", "why", "通道单一", "why", " ", "why", "没有备用",
		"department", "平台技术部", "owner", "李工", "due", "2026-12-20"))
	id := v.field("action")
	for _, words := range []string{"已执行", "李工", "平台技术部", "12-20", "原因", "发起整改"} {
		if !strings.Contains(page, words) {
			t.Errorf("the page of the action lacks %q", words)
		}
	}
	a := actionOf(t, bus, id)
	if a.State != improve.Cause || a.RootCause != "通道单一\n没有备用" || a.DueAt != time.Date(2026, 12, 20, 15, 59, 59, 999e6, time.UTC) {
		t.Fatalf("opened as %+v", a)
	}
	step := func(want improve.State, pairs ...string) {
		t.Helper()
		v.follow(v.decide(append([]string{"action", id}, pairs...)...))
		if got := actionOf(t, bus, id); got.State != want {
			t.Errorf("after %s it is %s", pairs[1], got.State)
		}
	}
	step(improve.Measure, "do", "action-update", "measure", "增加备用通道", "owner", "李工")
	if got := actionOf(t, bus, id).Steps; got[len(got)-1].Says["measure"] == "" || got[len(got)-1].Says["owner"] != "" {
		t.Errorf("an update says %v, want what changed alone", got[len(got)-1].Says)
	}
	step(improve.Verifying, "do", "action-done", "at", "2026-11-20", "evidence", "演练记录")
	if got := actionOf(t, bus, id).Done; got != time.Date(2026, 11, 20, 15, 59, 59, 999e6, time.UTC) {
		t.Errorf("done at %s", got)
	}
	step(improve.Verifying, "do", "action-verify", "verdict", "not_effective", "reason", "没有减少")
	step(improve.Closed, "do", "action-close")
	step(improve.Measure, "do", "action-reopen", "reason", "又来了")
	page = v.get("/improvement/" + id)
	if !strings.Contains(page, "又来了") || !strings.Contains(page, "重启 1 次") {
		t.Error("the page does not tell that it was opened again")
	}
	last := actionOf(t, bus, id).Steps
	step(improve.Closed, "do", "undo", "decision", last[len(last)-1].ID)
	if page := v.get("/issues/I-0001"); !strings.Contains(page, "/improvement/"+id) {
		t.Error("the issue does not show its action")
	}
	if page := v.get("/decisions"); !strings.Contains(page, "验证整改") || !strings.Contains(page, "没有减少") {
		t.Error("the log does not tell the steps")
	}
}

func TestTwoPeopleWhoChangeOneActionSeeEachOther(t *testing.T) {
	bus := &topic{to: &sample{}}
	h := desk(t, bus)
	v := person(t, h, "甲", "/improvement/new")
	v.follow(v.decide("do", "action-open", "title", "交接表缺项"))
	id := v.field("action")
	a, b := person(t, h, "甲", "/improvement/"+id), person(t, h, "乙", "/improvement/"+id)
	a.follow(a.decide("do", "action-update", "action", id, "owner", "甲的人"))
	w := b.decide("do", "action-done", "action", id)
	if w.Code != http.StatusConflict || !strings.Contains(b.page, "别人已先改过") || !strings.Contains(b.page, "甲的人") {
		t.Fatalf("%d: the second is not told of the first", w.Code)
	}
	b.follow(b.again())
	if got := actionOf(t, bus, id); got.State != improve.Verifying || got.Owner != "甲的人" {
		t.Errorf("stands as %+v", got)
	}
	// A stale form changes only what its reader changed: the owner that another gave stays.
	c := person(t, h, "丙", "/improvement/"+id)
	a.get("/improvement/" + id)
	a.follow(a.decide("do", "action-update", "action", id, "owner", "甲的人二"))
	if w := c.decide("do", "action-update", "action", id, "owner", "甲的人", "measure", "改表"); w.Code != http.StatusConflict {
		t.Fatalf("answers %d", w.Code)
	}
}

func TestAStepThatMakesNoSenseIsRefused(t *testing.T) {
	for sentence, c := range map[string]struct {
		kind, data string
		status     int
		field      string
	}{
		"an action that is not":           {"action.done", `{"action":"a-none"}`, 400, "data.action"},
		"opened twice":                    {"action.opened", `{"action":"a-closed","title":"x"}`, 409, ""},
		"opened about nothing":            {"action.opened", `{"action":"a-new"}`, 400, "data.title"},
		"against an issue that never was": {"action.opened", `{"action":"a-new","issue":"I-9"}`, 400, "data.issue"},
		"a cause group of its own":        {"action.opened", `{"action":"a-new","title":"x","cause_group":"moon"}`, 400, "data.cause_group"},
		"a title that is too long":        {"action.opened", `{"action":"a-new","title":"` + strings.Repeat("长", 61) + `"}`, 400, "data.title"},
		"an update of nothing":            {"action.updated", `{"action":"a-measure"}`, 400, "data.fields"},
		"done when it is closed":          {"action.done", `{"action":"a-closed"}`, 409, ""},
		"done when it is done":            {"action.done", `{"action":"a-verifying"}`, 409, ""},
		"verified before it is done":      {"action.verified", `{"action":"a-measure","verdict":"effective"}`, 409, ""},
		"a verdict of its own":            {"action.verified", `{"action":"a-verifying","verdict":"splendid"}`, 400, "data.verdict"},
		"closed unverified and unsaid":    {"action.closed", `{"action":"a-verifying"}`, 400, "data.reason"},
		"closed twice":                    {"action.closed", `{"action":"a-closed","reason":"x"}`, 409, ""},
		"opened again while it is open":   {"action.reopened", `{"action":"a-cause","reason":"x"}`, 409, ""},
		"opened again without a reason":   {"action.reopened", `{"action":"a-closed"}`, 400, "data.reason"},
		"an answer to no issue":           {"issue.answered", `{"issue":"I-9","answer":"x"}`, 400, "data.issue"},
		"a good one":                      {"action.verified", `{"action":"a-verifying","verdict":"unclear","reason":"太早"}`, 201, ""},
		"a good opening":                  {"action.opened", `{"action":"a-new","issue":"I-0001"}`, 201, ""},
	} {
		t.Run(sentence, func(t *testing.T) {
			bus := &topic{to: &sample{}}
			w := apiPost(t, desk(t, bus), fmt.Sprintf(`{"event_id":"p","kind":%q,"actor":{"id":"a"},"data":%s}`, c.kind, c.data))
			var p struct{ Field string }
			if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != c.status || p.Field != c.field {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			if (len(bus.sent) == 1) != (c.status == 201) {
				t.Errorf("%d sent", len(bus.sent))
			}
		})
	}
}

func TestTheBoardSortsActionsAndTheListNarrowsThem(t *testing.T) {
	h := open(t, &sample{})
	page := get(t, h, "/improvement").Body.String()
	for _, words := range []string{"登记</span> <i>1</i>", "原因</span> <i>1</i>", "措施</span> <i>1</i>", "逾期 3 天", "5 天后到期", "验证有效", "整改率"} {
		if !strings.Contains(page, words) {
			t.Errorf("the board lacks %q", words)
		}
	}
	if strings.Contains(page, "<b>缺项</b>") {
		t.Error("what people write is part of the page")
	}
	for query, want := range map[string]string{
		"":                 "a-back a-proven a-closed a-verifying a-cause a-opened a-measure",
		"state=cause":      "a-cause",
		"overdue=1":        "a-cause",
		"department=平台技术部": "a-proven a-closed a-measure",
		"owner=李工&department=平台技术部":  "a-measure",
		"cause_group=supplier":       "a-measure",
		"issue=I-0003":               "a-verifying",
		"region=长沙":                  "",
		"part=denominator":           "a-closed a-verifying a-cause",
		"part=numerator":             "a-verifying",
		"part=missed":                "a-closed a-cause",
		"part=pending&period=all":    "",
		"part=effective":             "a-back a-proven a-closed",
		"part=verified":              "a-back a-proven a-closed",
		"as_of=2026-10-20T00:00:00Z": "a-back a-proven a-closed a-verifying a-cause a-opened a-measure",
		"as_of=2026-10-10T00:00:00Z": "a-back a-proven a-closed a-verifying",
	} {
		var got struct {
			Items []struct{ ID string }
			Total int
		}
		w := get(t, h, "/api/v1/actions?"+strings.ReplaceAll(query, " ", "%20"))
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
			t.Fatalf("%s: %s", query, w.Body)
		}
		var ids []string
		for _, item := range got.Items {
			ids = append(ids, item.ID)
		}
		if strings.Join(ids, " ") != want || got.Total != len(ids) {
			t.Errorf("%s gives %v, want %s", query, ids, want)
		}
	}
	for _, target := range []string{"/improvement?state=x", "/improvement?overdue=2", "/improvement?part=x", "/api/v1/actions?state=x"} {
		if w := get(t, h, target); w.Code != http.StatusBadRequest {
			t.Errorf("%s answers %d", target, w.Code)
		}
	}
	if w := get(t, h, "/improvement/a-none"); w.Code != http.StatusNotFound {
		t.Errorf("an unknown action answers %d", w.Code)
	}
}

func TestTheRateOfRectificationOpensItsActions(t *testing.T) {
	page := get(t, open(t, &sample{}), "/kpis").Body.String()
	if !regexp.MustCompile(`/improvement\?form=list&amp;part=(denominator|numerator)`).MatchString(page) {
		t.Error("the figure does not lead to its actions")
	}
}

func TestTheFrontLineIsToldWhatIsKnown(t *testing.T) {
	bus := &topic{to: &sample{}}
	h := desk(t, bus)
	v := person(t, h, "许宁", "/issues/I-0001")
	v.follow(v.decide("do", "answer", "issue", "I-0001", "cause", "通道延迟", "workaround", "用语音验证码", "answer", "请改用 <语音> 验证码"))
	ask := func(body string) (int, string) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, site+"/api/v1/known", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}
	// The page renews what is known; a question alone may be half a minute behind.
	if page := v.get("/known"); !strings.Contains(page, "请改用 &lt;语音&gt; 验证码") || !strings.Contains(page, "许宁") {
		t.Error("the page lacks the answer, or who gave it")
	}
	code, body := ask(`{"text":"验证码一直收不到"}`)
	for _, words := range []string{`"issue":"I-0001"`, `"confidence":"probable"`, `用语音验证码`, `"answered_by":"许宁"`, `"issue":"I-0003"`, `"confidence":"possible"`} {
		if code != http.StatusOK || !strings.Contains(body, words) {
			t.Errorf("%d %s lacks %s", code, body, words)
		}
	}
	if code, body := ask(`{"text":"今天天气很好"}`); code != http.StatusOK || strings.TrimSpace(body) != `{"items":[]}` {
		t.Errorf("what nobody complains of is answered with %d %s", code, body)
	}
	for body, want := range map[string]int{`{"text":" "}`: 400, `{"text":"x","y":1}`: 400, `x`: 400, `{"text":"` + strings.Repeat("长", 2001) + `"}`: 400} {
		if code, answer := ask(body); code != want {
			t.Errorf("%.40s is answered with %d %s", body, code, answer)
		}
	}
	for target, want := range map[string]int{
		"/api/v1/known?text=%E9%AA%8C%E8%AF%81%E7%A0%81": 200, "/api/v1/known?text=%E7%94%B5%E8%AF%9D13800138000": 400, "/api/v1/known": 400,
		"/api/v1/known?text=" + strings.Repeat("x", 41): 400,
	} {
		if w := get(t, h, target); w.Code != want {
			t.Errorf("%s is answered with %d %s", target, w.Code, w.Body)
		}
	}
	v.get("/known")
	w := v.post("/known", map[string][]string{"text": {"验证码 <收不到>"}})
	if w.Code != http.StatusOK || !strings.Contains(v.page, "证据充分") || !strings.Contains(v.page, "验证码 &lt;收不到&gt;") || w.Header().Get("Location") != "" {
		t.Errorf("the page answers %d", w.Code)
	}
	if v.post("/known", map[string][]string{"text": {"今天天气很好"}}); !strings.Contains(v.page, "没有对得上的复发问题") {
		t.Error("the page forces a text into an issue")
	}
}
