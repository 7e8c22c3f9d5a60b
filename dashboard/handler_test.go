package dashboard_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"wenguo/dashboard"
	"wenguo/transform"
	"wenguo/transform/kpi"
	"wenguo/transform/sla"
)

// open starts the handlers on a sample store.
func open(t *testing.T, s *sample) http.Handler {
	t.Helper()
	server, err := dashboard.New(dashboard.DefaultConfig(), dashboard.Deps{Reader: s, Now: sampleNow, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return server.Handler()
}

func get(t *testing.T, h http.Handler, target string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1:8420"+target, nil)
	if !strings.HasPrefix(target, dashboard.APIRoot) {
		r.Header.Set("Accept", "text/html")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
			continue
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

var everyPage = []string{
	"/", "/timeliness", "/kpis", "/quality", "/satisfaction", "/flow", "/improvement", "/improvement?form=list", "/improvement?form=list&part=denominator", "/improvement/a-measure", "/improvement/a-closed", "/improvement/a-proven", "/improvement/a-back", "/improvement/new", "/improvement/new?issue=I-0001", "/known", "/fragments/due", "/complaints?kpi=repeat&part=numerator", "/issues", "/issues/I-0001", "/decisions", "/complaints", "/complaints/C-2026-000123", "/fragments/overview", "/fragments/freshness", "/improvement/next", "/improvement/next?w_trend=9&w_customers=0", "/reports", "/reports/looks", "/complaints?scope=look&look=bot_only",
}

func TestEveryPageShowsItsContent(t *testing.T) {
	for target, words := range map[string][]string{
		"/":                         {"按时响应率", "参评率 37.7%", "95% 区间", "1,682", "3 天内", "68.4%", "92.1%", "99.6%", "账平", "物流部", "会员中心验证码收不到", `截至 <time datetime="2026-11-22T10:32:08&#43;08:00">2026-11-22 10:32:08`},
		"/issues":                   {"会员中心验证码收不到", "激增", "前 2 个问题占了复发投诉的一半", "36.3%"},
		"/issues/I-0001":            {"大家怎么说", "活动今天就截止了", "平台技术部", "/complaints?issue=I-0001"},
		"/complaints":               {"共 <b>1,682</b> 件", "C-2026-000123", "下一页"},
		"/complaints/C-2026-000123": {"超时 20 分钟后完成", "等供应商", "期限怎么算出来的", "李**", "未计入", "文本相似 86.0%"},
		"/fragments/overview":       {`id="live"`, "98.3"},
		"/fragments/freshness":      {`id="freshness"`, "最近事件 7 秒前"},
	} {
		t.Run(target, func(t *testing.T) {
			w := get(t, open(t, &sample{}), target)
			if w.Code != http.StatusOK {
				t.Fatalf("status %d: %s", w.Code, w.Body)
			}
			for _, word := range words {
				if !strings.Contains(w.Body.String(), word) {
					t.Errorf("page lacks %q", word)
				}
			}
		})
	}
}

func TestHostileTextIsShownAndNeverRun(t *testing.T) {
	const attack = `</script><script>alert(1)</script><img src=x onerror=alert(2)>"'` + "`{{.}}"
	h := open(t, &sample{title: attack})
	for _, target := range append(slices.Clone(everyPage), "/complaints?q="+url.QueryEscape(attack), "/?category="+url.QueryEscape(attack)) {
		body := get(t, h, target).Body.String()
		for _, forbidden := range []string{"<script>alert", "<img src=x", "onerror=alert(2)>\""} {
			if strings.Contains(body, forbidden) {
				t.Errorf("%s contains %q unescaped", target, forbidden)
			}
		}
	}
	if body := get(t, h, "/complaints").Body.String(); !strings.Contains(body, "&lt;script&gt;alert(1)") {
		t.Error("the hostile title is not shown at all, so the test proves nothing")
	}
}

func TestPagesCarryNoInlineScriptOrStyle(t *testing.T) {
	h := open(t, &sample{})
	for _, target := range append(slices.Clone(everyPage), "/nowhere", "/?period=nonsense") {
		w := get(t, h, target)
		csp := w.Header().Get("Content-Security-Policy")
		if !strings.Contains(csp, "script-src 'self'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: content security policy %q", target, csp)
		}
		body := w.Body.String()
		for _, tag := range strings.Split(body, "<script")[1:] {
			open, _, _ := strings.Cut(tag, ">")
			if !strings.Contains(open, "src=") && !strings.Contains(open, `type="application/json"`) {
				t.Errorf("%s: inline script %q", target, open)
			}
		}
		if strings.Contains(body, " style=") || strings.Contains(body, " onclick=") || strings.Contains(body, "https://") {
			t.Errorf("%s: inline style, handler, or a foreign address", target)
		}
	}
}

func TestAddressBecomesTheQuestion(t *testing.T) {
	day := func(s string) string { return s + "T00:00:00+08:00" }
	for sentence, c := range map[string]struct{ address, from, to, slice string }{
		"without a period it is the last 30 days, today included": {"", day("2026-10-24"), day("2026-11-23"), "{}"},
		"7d is seven days, today included":                        {"?period=7d", day("2026-11-16"), day("2026-11-23"), "{}"},
		"month is the calendar month":                             {"?period=month", day("2026-11-01"), day("2026-12-01"), "{}"},
		"last_month is the calendar month before":                 {"?period=last_month", day("2026-10-01"), day("2026-11-01"), "{}"},
		"all spans the registrations":                             {"?period=all", day("2025-10-22"), day("2026-11-23"), "{}"},
		"bare dates are midnights and to is exclusive":            {"?from=2026-01-05&to=2026-01-12", day("2026-01-05"), day("2026-01-12"), "{}"},
		"until is the last day included":                          {"?from=2026-01-05&until=2026-01-11", day("2026-01-05"), day("2026-01-12"), "{}"},
		"a filter holds several values and the absent one":        {"?channel=phone&channel=app&department=", day("2026-10-24"), day("2026-11-23"), `{"channel":["app","phone"],"department":[""]}`},
	} {
		t.Run(sentence, func(t *testing.T) {
			s := &sample{}
			w := get(t, open(t, s), "/api/v1/kpis"+c.address)
			var got kpi.Result
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
				t.Fatalf("%v in %s", err, w.Body)
			}
			slice, _ := json.Marshal(got.Slice)
			const layout = "2006-01-02T15:04:05Z07:00"
			if got.From.Format(layout) != c.from || got.To.Format(layout) != c.to || string(slice) != c.slice {
				t.Errorf("asked [%s, %s) %s", got.From.Format(layout), got.To.Format(layout), slice)
			}
			if q := s.queries[0]; !q.From.Equal(got.From) || !q.AsOf.Equal(sampleNow()) {
				t.Errorf("the store was asked %+v", q)
			}
		})
	}
}

func TestPageComparesWithThePeriodBefore(t *testing.T) {
	for sentence, c := range map[string]struct{ address, from, to string }{
		"a calendar month with the month before, whatever its length": {"?from=2026-03-01&to=2026-04-01", "2026-02-01", "2026-03-01"},
		"a quarter with the quarter before":                           {"?from=2026-04-01&to=2026-07-01", "2026-01-01", "2026-04-01"},
		"any other range with one of equal length":                    {"?from=2026-03-03&to=2026-03-10", "2026-02-24", "2026-03-03"},
	} {
		t.Run(sentence, func(t *testing.T) {
			s := &sample{}
			get(t, open(t, s), "/"+c.address)
			found := slices.ContainsFunc(s.queries, func(q kpi.Query) bool {
				return q.From.Format("2006-01-02") == c.from && q.To.Format("2006-01-02") == c.to
			})
			if !found {
				t.Errorf("no question for [%s, %s): %+v", c.from, c.to, s.queries)
			}
		})
	}
}

func TestNothingIsComparedWithAPeriodThatIsNotStored(t *testing.T) {
	h := open(t, &sample{})
	if body := get(t, h, "/?period=all").Body.String(); strings.Contains(body, "▲") || !strings.Contains(body, "不作比较") {
		t.Error("the whole history is compared with what was before it")
	}
	if body := get(t, h, "/").Body.String(); !strings.Contains(body, "▲") {
		t.Error("thirty days in the middle of the history are not compared")
	}
}

func TestWrongAddressIsAnsweredWithTheNameOfTheField(t *testing.T) {
	h := open(t, &sample{})
	for target, field := range map[string]string{
		"/api/v1/kpis?period=year":                         "period",
		"/api/v1/kpis?from=yesterday&to=2026-01-01":        "from",
		"/api/v1/kpis?from=2026-01-02&to=2026-01-01":       "from",
		"/api/v1/kpis?from=2026-01-02":                     "until",
		"/api/v1/kpis?as_of=now":                           "as_of",
		"/api/v1/kpis?chanel=phone":                        "chanel",
		"/api/v1/series?step=minute":                       "step",
		"/api/v1/kpis?id=happiness":                        "id",
		"/api/v1/series?id=a%27b":                          "id",
		"/api/v1/complaints?scope=everything":              "scope",
		"/api/v1/complaints?scope=due":                     "stage",
		"/api/v1/complaints?score=6":                       "score",
		"/api/v1/complaints?after=!":                       "after",
		"/api/v1/complaints?limit=100000":                  "limit",
		"/api/v1/kpis?channel=" + strings.Repeat("x", 300): "channel",
	} {
		w := get(t, h, target)
		var p struct {
			Status int    `json:"status"`
			Field  string `json:"field"`
			Title  string `json:"title"`
		}
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
			t.Fatalf("%s: %v", target, err)
		}
		if w.Code != http.StatusBadRequest || p.Status != w.Code || p.Field != field || p.Title == "" {
			t.Errorf("%s: %d %+v", target, w.Code, p)
		}
		if ct := w.Header().Get("Content-Type"); !strings.HasPrefix(ct, "application/problem+json") {
			t.Errorf("%s: content type %q", target, ct)
		}
	}
}

func TestErrorsOfTheStoreAreMappedAndHidden(t *testing.T) {
	for sentence, c := range map[string]struct {
		target, part string
		err          error
		status       int
	}{
		"an unknown error is 500":       {"/api/v1/strip", "strip", errors.New("dial tcp 10.0.0.7: password of user admin"), http.StatusInternalServerError},
		"a slow store is 504":           {"/api/v1/strip", "strip", fmt.Errorf("read strip: %w", context.DeadlineExceeded), http.StatusGatewayTimeout},
		"a missing complaint is 404":    {"/api/v1/complaints/C-none", "", nil, http.StatusNotFound},
		"a missing issue's page is 404": {"/issues/I-none", "", nil, http.StatusNotFound},
		"an unknown address is 404":     {"/nowhere", "", nil, http.StatusNotFound},
	} {
		t.Run(sentence, func(t *testing.T) {
			w := get(t, open(t, &sample{err: map[string]error{c.part: c.err}}), c.target)
			if w.Code != c.status || strings.Contains(w.Body.String(), "password") {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
}

func TestOnePartFailsAndTheRestOfThePageStays(t *testing.T) {
	for _, part := range []string{"strip", "flow", "series", "heat", "departments", "issues", "choices", "freshness", "kpis"} {
		w := get(t, open(t, &sample{err: map[string]error{part: errors.New("secret detail")}}), "/")
		body := w.Body.String()
		if w.Code != http.StatusOK || strings.Contains(body, "secret") {
			t.Errorf("%s: status %d, or the cause is shown", part, w.Code)
		}
		if part != "departments" && !strings.Contains(body, "平台技术部") {
			t.Errorf("%s: the ranking is gone with it", part)
		}
		if visible := !slices.Contains([]string{"series", "choices", "freshness"}, part); visible && !strings.Contains(body, "这一块没有取到") {
			t.Errorf("%s: the failure is not shown", part)
		}
	}
}

func TestNothingToShowSaysWhyAndWhatToDo(t *testing.T) {
	empty := get(t, open(t, &sample{noData: true}), "/").Body.String()
	if !strings.Contains(empty, "还没有投诉数据") || !strings.Contains(empty, "wenguo import") {
		t.Error("an empty store does not say how to begin")
	}
	if list := get(t, open(t, &sample{noData: true}), "/complaints?q=abc").Body.String(); !strings.Contains(list, "没有符合条件的投诉") {
		t.Error("an empty list does not say so")
	}
}

func TestListFilterIsRead(t *testing.T) {
	s := &sample{}
	h := open(t, s)
	get(t, h, "/complaints?scope=due&stage=resolve&verdict=breached&q=+验证码++短信&priority=high")
	f := s.asked
	if f.Scope != transform.ScopeDue || f.Stage != sla.Resolve || f.Verdict != transform.VerdictBreached || f.Text != "验证码  短信" || f.Limit != 50 {
		t.Errorf("filter %+v", f)
	}
	if !slices.Equal(f.Slice[kpi.Priority], []string{"high"}) {
		t.Errorf("slice %v", f.Slice)
	}
}

func TestCursorLeadsToTheNextPage(t *testing.T) {
	s := &sample{}
	h := open(t, s)
	var answer struct {
		Next  string `json:"next"`
		Total int64  `json:"total"`
	}
	if err := json.Unmarshal(get(t, h, "/api/v1/complaints").Body.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	get(t, h, "/api/v1/complaints?after="+answer.Next)
	if answer.Total != 1682 || s.asked.After.ComplaintID != "C-2026-000136" || !s.asked.After.RegisteredAt.Equal(sampleNow().AddDate(0, 0, -4).Truncate(1e6)) {
		t.Errorf("total %d, after %+v", answer.Total, s.asked.After)
	}
}

func TestSameAnswerIsNotSentTwice(t *testing.T) {
	h := open(t, &sample{})
	first := get(t, h, "/api/v1/strip")
	again := get(t, h, "/api/v1/strip", "If-None-Match", first.Header().Get("ETag"))
	if first.Code != http.StatusOK || again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("%d, then %d with %d bytes", first.Code, again.Code, again.Body.Len())
	}
}

func TestForeignHostNameIsRefused(t *testing.T) {
	h := open(t, &sample{})
	for host, want := range map[string]int{
		"127.0.0.1:8420": http.StatusOK, "localhost:8420": http.StatusOK, "[::1]:8420": http.StatusOK,
		"evil.example:8420": http.StatusMisdirectedRequest, "127.0.0.1.evil.example": http.StatusMisdirectedRequest,
	} {
		if w := get(t, h, "/api/v1/strip", "Host", host); w.Code != want {
			t.Errorf("%s: %d", host, w.Code)
		}
	}
}

func TestThemeIsKeptAndLeadsBackHome(t *testing.T) {
	h := open(t, &sample{})
	for back, want := range map[string]string{"/issues?period=7d": "/issues?period=7d", "//evil.example": "/", "https://evil.example": "/", `/\evil.example`: "/"} {
		v := visit(t, h)
		v.get("/issues")
		w := v.post("/theme", url.Values{"theme": {"dark"}, "back": {back}})
		if w.Code != http.StatusSeeOther || w.Header().Get("Location") != want || !strings.Contains(w.Header().Get("Set-Cookie"), "theme=dark") {
			t.Errorf("%s: %d %s", back, w.Code, w.Header())
		}
	}
	if body := get(t, h, "/issues", "Cookie", "theme=dark").Body.String(); !strings.Contains(body, `data-theme="dark"`) {
		t.Error("the page does not follow the cookie")
	}
}
