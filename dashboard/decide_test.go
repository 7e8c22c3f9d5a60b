package dashboard_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// person opens a page as somebody who gave a name already.
func person(t *testing.T, h http.Handler, name, page string) *visitor {
	t.Helper()
	v := visit(t, h)
	v.get(page)
	if w := v.decide("do", "who", "who", name, "who_department", "客服中心"); w.Code != http.StatusSeeOther {
		t.Fatalf("the name is answered with %d: %s", w.Code, w.Body)
	}
	v.get(page)
	return v
}

func TestTheFirstDecisionAsksForANameAndThenIsMade(t *testing.T) {
	bus := &topic{to: &sample{}}
	v := visit(t, desk(t, bus))
	v.get("/issues/I-0001?period=7d")
	w := v.decide("do", "rename", "issue", "I-0001", "name", "验证码短信延迟")
	if w.Code != http.StatusOK || !strings.Contains(v.page, "以谁的名义") || len(bus.sent) > 0 {
		t.Fatalf("answers %d and sends %d", w.Code, len(bus.sent))
	}
	page := v.follow(v.again("who", "王敏", "who_department", "质量部"))
	if len(bus.sent) != 1 {
		t.Fatalf("%d decisions sent", len(bus.sent))
	}
	sent := string(bus.sent[0].Value)
	for _, part := range []string{`"kind":"issue.renamed"`, `"id":"王敏"`, `"department":"质量部"`, `"role":"department"`, `"name":"验证码短信延迟"`, `"seen":""`, `"source":"dashboard"`} {
		if !strings.Contains(sent, part) {
			t.Errorf("%s lacks %s", sent, part)
		}
	}
	if bus.sent[0].Key != "I-0001" {
		t.Errorf("its key is %q", bus.sent[0].Key)
	}
	for _, words := range []string{"已执行", "验证码短信延迟", "王敏", "撤销", "period=7d"} {
		if !strings.Contains(page, words) {
			t.Errorf("the page lacks %q", words)
		}
	}
	if strings.Contains(w.Header().Get("Location")+v.page, "who=") {
		t.Error("the name stands in an address")
	}
}

func TestTwoPeopleWhoChangeTheSameSeeEachOther(t *testing.T) {
	for sentence, c := range map[string]struct{ first, second []string }{
		"both rename":           {[]string{"do", "rename", "issue", "I-0001", "name", "甲的名称"}, []string{"do", "rename", "issue", "I-0001", "name", "乙的名称"}},
		"both give it an owner": {[]string{"do", "own", "issue", "I-0001", "owner", "甲的人"}, []string{"do", "own", "issue", "I-0001", "owner", "乙的人"}},
		"both write a note":     {[]string{"do", "note", "issue", "I-0001", "note", "甲的备注"}, []string{"do", "note", "issue", "I-0001", "note", "乙的备注"}},
		"both merge":            {[]string{"do", "merge", "issue", "I-0001", "into", "I-0002"}, []string{"do", "merge", "issue", "I-0001", "into", "I-0003"}},
		"both move a complaint": {[]string{"do", "out", "complaint", "C-1", "was", "I-0001"}, []string{"do", "move", "complaint", "C-1", "was", "I-0001", "into", "I-0002"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			bus := &topic{to: &sample{}}
			h := desk(t, bus)
			a, b := person(t, h, "甲", "/issues/I-0001"), person(t, h, "乙", "/issues/I-0001")
			a.follow(a.decide(c.first...))
			w := b.decide(c.second...)
			if w.Code != http.StatusConflict || len(bus.sent) != 1 {
				t.Fatalf("the second is answered with %d, %d sent", w.Code, len(bus.sent))
			}
			for _, words := range []string{"别人已先改过", "甲", "你的修改（未执行）", "仍然执行我的修改", "放弃我的修改"} {
				if !strings.Contains(b.page, words) {
					t.Errorf("the page lacks %q", words)
				}
			}
			b.follow(b.again())
			if len(bus.sent) != 2 {
				t.Fatalf("applied over it, %d are sent", len(bus.sent))
			}
			log := b.get("/decisions")
			if !strings.Contains(log, ">甲<") || !strings.Contains(log, ">乙<") {
				t.Error("the log does not show both")
			}
			if strings.Contains(log, "覆盖了没看到的决定") {
				t.Error("who was shown the other's decision did not go over it unseen")
			}
		})
	}
}

func TestDecisionsAboutDifferentThingsDoNotClash(t *testing.T) {
	bus := &topic{to: &sample{}}
	h := desk(t, bus)
	a, b := person(t, h, "甲", "/issues/I-0001"), person(t, h, "乙", "/issues/I-0001")
	a.follow(a.decide("do", "rename", "issue", "I-0001", "name", "新的名称"))
	b.follow(b.decide("do", "note", "issue", "I-0001", "note", "备注"))
	a.follow(a.decide("do", "mute", "issue", "I-0001", "issue", "I-0002"))
	if len(bus.sent) != 4 {
		t.Errorf("%d sent", len(bus.sent))
	}
}

func TestWhatIsOnTheWayIsKnownToTheNext(t *testing.T) {
	bus := &topic{to: &sample{}, held: true}
	h := desk(t, bus)
	a, b := person(t, h, "甲", "/issues/I-0001"), person(t, h, "乙", "/issues/I-0001")
	if page := a.follow(a.decide("do", "rename", "issue", "I-0001", "name", "甲的名称")); !strings.Contains(page, "已提交，稍后生效") {
		t.Error("the page does not say that the store has not read it")
	}
	if w := b.decide("do", "rename", "issue", "I-0001", "name", "乙的名称"); w.Code != http.StatusConflict {
		t.Errorf("a decision that the store has not read yet is gone over: %d", w.Code)
	}
}

func TestUndoing(t *testing.T) {
	bus := &topic{to: &sample{}}
	v := person(t, desk(t, bus), "甲", "/issues/I-0001")
	name := func() string { c, _ := bus.to.Curation(t.Context()); return c.Marks("I-0001").Name }
	page := v.follow(v.decide("do", "rename", "issue", "I-0001", "name", "第一个"))
	first := v.field("decision")
	if first == "" || !strings.Contains(page, "第一个") {
		t.Fatal("nothing to undo")
	}
	v.follow(v.decide("do", "undo", "decision", first))
	if name() != "" {
		t.Errorf("undone, the name is %q", name())
	}
	if w := v.decide("do", "undo", "decision", first); w.Code != http.StatusConflict {
		t.Errorf("undone twice: %d", w.Code)
	}
	v.get("/decisions")
	c, _ := bus.to.Curation(t.Context())
	v.follow(v.decide("do", "undo", "decision", c.Head()))
	if name() != "第一个" {
		t.Errorf("restored, the name is %q", name())
	}
	v.get("/issues/I-0001")
	v.follow(v.decide("do", "rename", "issue", "I-0001", "name", "第二个"))
	v.get("/decisions")
	if w := v.decide("do", "undo", "decision", first); w.Code != http.StatusOK || !strings.Contains(v.page, "之后还有决定建立在它上面") || !strings.Contains(v.page, "第二个") {
		t.Fatalf("an older one is undone without a word: %d", w.Code)
	}
	v.follow(v.again())
	if name() != "第二个" {
		t.Errorf("the later name does not hold: %q", name())
	}
	if w := v.decide("do", "undo", "decision", "no-such"); w.Code != http.StatusBadRequest {
		t.Errorf("what was never decided is undone: %d", w.Code)
	}
}

func TestAFormWithoutItsTokenDecidesNothing(t *testing.T) {
	bus := &topic{to: &sample{}}
	h := desk(t, bus)
	for sentence, change := range map[string]func(v *visitor){
		"without a session":                 func(v *visitor) { v.jar = visit(t, h).jar },
		"with another session's token":      func(v *visitor) { o := visit(t, h); o.get("/issues"); v.page = o.page },
		"with no token":                     func(v *visitor) { v.page = "" },
		"with a made-up token":              func(v *visitor) { v.page = `name="csrf" value="` + strings.Repeat("QUJD", 22) + `"` },
		"sent by another site's page":       func(v *visitor) { v.headers["Origin"] = "http://evil.example" },
		"sent by a page of another port":    func(v *visitor) { v.headers["Origin"] = "http://127.0.0.1:9999" },
		"with a token but of another start": func(v *visitor) { v.handler = desk(t, &topic{to: &sample{title: "x"}}); v.jar = visit(t, h).jar },
	} {
		t.Run(sentence, func(t *testing.T) {
			for _, path := range []string{"/decisions", "/theme"} {
				v := person(t, h, "甲", "/issues/I-0001")
				key, back := v.field("key"), v.field("back")
				change(v)
				form := map[string][]string{"do": {"rename"}, "issue": {"I-0001"}, "name": {"x"}, "key": {key}, "back": {back}, "who": {"乙"}}
				if w := v.post(path, form); w.Code != http.StatusForbidden {
					t.Errorf("%s answers %d", path, w.Code)
				}
			}
		})
	}
	if len(bus.sent) > 0 {
		t.Errorf("%d decisions were made", len(bus.sent))
	}
}

// apiPost sends one decision as a program does.
func apiPost(t *testing.T, h http.Handler, body string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, site+"/api/v1/decisions", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestTheAPISaysWhyADecisionIsNotTaken(t *testing.T) {
	good := `{"event_id":"p-1","kind":"issue.renamed","actor":{"id":"a"},"data":{"issue":"I-0001","name":"n"}}`
	with := func(was, now string) string { return strings.Replace(good, was, now, 1) }
	for sentence, c := range map[string]struct {
		body    string
		headers []string
		status  int
		field   string
	}{
		"a good one is taken":                      {good, nil, 201, ""},
		"its id may be the idempotency key":        {with(`"event_id":"p-1",`, ""), []string{"Idempotency-Key", `"p-9"`}, 201, ""},
		"two ids contradict each other":            {good, []string{"Idempotency-Key", "other"}, 400, "event_id"},
		"it has no id":                             {with(`"event_id":"p-1",`, ""), nil, 400, "event_id"},
		"nobody decided it":                        {with(`"id":"a"`, `"id":" "`), nil, 400, "actor.id"},
		"a field is missing":                       {with(`,"name":"n"`, ""), nil, 400, "data.name"},
		"the issue never was":                      {with("I-0001", "I-9"), nil, 400, "data.issue"},
		"the name is too long":                     {with(`"n"`, `"`+strings.Repeat("长", 61)+`"`), nil, 400, "data.name"},
		"a kind of another place":                  {with("issue.renamed", "policy.applied"), nil, 400, "kind"},
		"an instant of its own":                    {with(`"kind"`, `"occurred_at":"2026-01-01T00:00:00Z","kind"`), nil, 400, "body"},
		"no JSON":                                  {"name=1", nil, 400, "body"},
		"two of them":                              {good + good, nil, 400, "body"},
		"sent as text, as a foreign page can":      {good, []string{"Content-Type", "text/plain"}, 415, ""},
		"sent by another site":                     {good, []string{"Sec-Fetch-Site", "cross-site"}, 403, ""},
		"seen what never was":                      {with(`"name"`, `"seen":"x","name"`), nil, 400, "data.seen"},
		"larger than a form":                       {with(`"n"`, `"`+strings.Repeat("x", 70_000)+`"`), nil, 413, ""},
		"merged with itself":                       {`{"event_id":"p","kind":"issue.merged","actor":{"id":"a"},"data":{"from":["I-0001"],"into":"I-0001"}}`, nil, 409, ""},
		"a split into nothing":                     {`{"event_id":"p","kind":"issue.split","actor":{"id":"a"},"data":{"issue":"I-0001","groups":[[]]}}`, nil, 400, "data.groups"},
		"moved to where it is":                     {`{"event_id":"p","kind":"complaint.placed","actor":{"id":"a"},"data":{"complaint_id":"C","issue":"I-0001","was":"I-0001"}}`, nil, 409, ""},
		"undone what is no decision about issues":  {`{"event_id":"p","kind":"decision.undone","actor":{"id":"a"},"data":{"event_id":"q"}}`, nil, 400, "data.event_id"},
		"an unknown field beside the known ones":   {with(`"kind"`, `"colour":"red","kind"`), nil, 400, "body"},
		"a control character in the decision's id": {with("p-1", `p\u0001`), nil, 400, "event_id"},
	} {
		t.Run(sentence, func(t *testing.T) {
			bus := &topic{to: &sample{}}
			w := apiPost(t, desk(t, bus), c.body, c.headers...)
			var p struct {
				Status int
				Field  string
				Title  string
			}
			if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
				t.Fatalf("%d %s: %v", w.Code, w.Body, err)
			}
			if w.Code != c.status || p.Field != c.field || (c.status != 201) != strings.HasPrefix(w.Header().Get("Content-Type"), "application/problem+json") {
				t.Errorf("%d %s %s", w.Code, w.Header().Get("Content-Type"), w.Body)
			}
			if (len(bus.sent) == 1) != (c.status == 201) {
				t.Errorf("%d sent", len(bus.sent))
			}
		})
	}
}

func TestADecisionSentAgainIsMadeOnce(t *testing.T) {
	bus := &topic{to: &sample{}}
	h := desk(t, bus)
	body := `{"event_id":"p-1","kind":"issue.muted","actor":{"id":"a"},"data":{"issue":"I-0001"}}`
	for range 3 {
		if w := apiPost(t, h, body); w.Code != http.StatusCreated {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	if len(bus.sent) != 1 {
		t.Errorf("%d sent", len(bus.sent))
	}
	if w := apiPost(t, h, strings.Replace(body, "I-0001", "I-0002", 1)); w.Code != http.StatusConflict {
		t.Errorf("another decision under the same id: %d", w.Code)
	}
	if w := apiPost(t, h, strings.Replace(body, "p-1", "p-2", 1)); w.Code != http.StatusConflict {
		t.Errorf("muted twice: %d", w.Code)
	}
}

func TestTheAPITellsOfAClashAndLetsThePersonGoOn(t *testing.T) {
	bus := &topic{to: &sample{}}
	h := desk(t, bus)
	rename := func(id, name, seen string) *httptest.ResponseRecorder {
		return apiPost(t, h, fmt.Sprintf(`{"event_id":%q,"kind":"issue.renamed","actor":{"id":"a"},"data":{"issue":"I-0001","name":%q,"seen":%q}}`, id, name, seen))
	}
	if w := rename("p-1", "一", ""); w.Code != http.StatusCreated {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	w := rename("p-2", "二", "")
	var p struct {
		Revision  string
		Decisions []string
	}
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != http.StatusConflict || p.Revision != "p-1" || len(p.Decisions) != 1 || p.Decisions[0] != "p-1" {
		t.Fatalf("%d %s: %v", w.Code, w.Body, err)
	}
	if w := rename("p-2", "二", p.Revision); w.Code != http.StatusCreated {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	var log struct {
		Items []struct {
			EventID string `json:"event_id"`
			Before  struct{ Name string }
			After   struct{ Name string }
		}
		Total    int
		Revision string
	}
	if err := json.Unmarshal(get(t, h, "/api/v1/decisions?issue=I-0001").Body.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	if log.Total != 2 || log.Revision != "p-2" || log.Items[0].Before.Name != "一" || log.Items[0].After.Name != "二" {
		t.Errorf("the log says %+v", log)
	}
	if got := get(t, h, "/api/v1/decisions?kind=issue.muted").Body.String(); !strings.Contains(got, `"items":[]`) {
		t.Errorf("of muting it says %s", got)
	}
}

func TestABusThatDoesNotAnswerIsNoDecision(t *testing.T) {
	bus := &topic{to: &sample{}, err: errors.New("away")}
	h := desk(t, bus)
	body := `{"event_id":"p-1","kind":"issue.muted","actor":{"id":"a"},"data":{"issue":"I-0001"}}`
	if w := apiPost(t, h, body); w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	bus.err = nil
	if w := apiPost(t, h, body); w.Code != http.StatusCreated || len(bus.sent) != 1 {
		t.Errorf("sent again: %d, %d on the bus", w.Code, len(bus.sent))
	}
}

func TestFormsAskForWhatIsMissing(t *testing.T) {
	bus := &topic{to: &sample{}}
	v := person(t, desk(t, bus), "甲", "/issues?state=new")
	if w := v.decide("do", "merge", "issue", "I-0002", "issue", "I-0003"); w.Code != http.StatusOK || !strings.Contains(v.page, "合并后保留哪一个") {
		t.Fatalf("a merge of two rows: %d", w.Code)
	}
	page := v.follow(v.again("into", "I-0003"))
	if !strings.Contains(page, "合并问题") || !strings.Contains(string(bus.sent[0].Value), `"from":["I-0002"],"into":"I-0003"`) {
		t.Errorf("sent %s", bus.sent[0].Value)
	}
	v.get("/issues/I-0001")
	if w := v.decide("do", "merge", "issue", "I-0001", "into_name", "不存在的名字"); w.Code != http.StatusOK || !strings.Contains(v.page, "没有名称含有这些字的问题") {
		t.Errorf("a name that no issue has: %d", w.Code)
	}
	if w := v.again("into_name", "不"); w.Code != http.StatusOK || !strings.Contains(v.page, "预售不发货") || !strings.Contains(v.page, "地址修改不生效") || strings.Contains(v.page, "快递柜超时收费") {
		t.Errorf("words of several names: %d %s", w.Code, v.page)
	}
	v.follow(v.again("into", "I-0009"))
	if w := v.decide("do", "merge", "issue", "I-0004"); w.Code != http.StatusBadRequest {
		t.Errorf("a merge of one: %d", w.Code)
	}
	for sentence, pairs := range map[string][]string{
		"nothing ticked":        {"do", "mute"},
		"a key without a field": {"do", "enter", "issue", "I-0004"},
		"no owner":              {"do", "assign", "issue", "I-0004"},
		"an empty name":         {"do", "rename", "issue", "I-0004", "name", " "},
	} {
		if w := v.decide(pairs...); w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d", sentence, w.Code)
		}
	}
}
