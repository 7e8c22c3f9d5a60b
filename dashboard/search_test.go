package dashboard_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"wenguo/dashboard"
)

// finder is a server that can hide numbers.
func finder(t *testing.T, s *sample) http.Handler {
	t.Helper()
	server, err := dashboard.New(dashboard.DefaultConfig(), dashboard.Deps{Reader: s, Now: sampleNow, Log: slog.New(slog.DiscardHandler), CustomerKey: sampleKey})
	if err != nil {
		t.Fatal(err)
	}
	return server.Handler()
}

func post(t *testing.T, h http.Handler, path, kind, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(body))
	r.Host = "127.0.0.1:8420"
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestNumbersNeverStandInAnAddress(t *testing.T) {
	h := finder(t, &sample{})
	phone := sampleKey("phone:13812345678")
	for typed, want := range map[string]string{
		"13812345678":            "customer=" + phone,
		"138 1234 5678":          "customer=" + phone,
		"+86 138-1234-5678":      "customer=" + phone,
		"0731-8888 8888":         "customer=" + sampleKey("phone:073188888888"),
		"１３８１２３４５６７８":            "customer=" + phone,
		"8888888":                "customer=" + sampleKey("phone:8888888"), // known
		"7777777":                "q=7777777",                              // not known: it may be any number
		"dd-2026 0001":           "order=" + sampleKey("order:DD20260001"),
		"C-2026-000123":          "q=C-2026-000123",
		"电梯 异响":                  "q=" + url.QueryEscape("电梯 异响"),
		`"13812345678"`:          "q=" + url.QueryEscape(`"13812345678"`),
		"":                       "",
		strings.Repeat("长", 400): "q=" + url.QueryEscape(strings.Repeat("长", 200)),
	} {
		reader := visit(t, h)
		reader.get("/complaints")
		w := reader.post("/search", url.Values{"q": {typed}, "channel": {"app"}, "customer": {"old"}, "after": {"x"}})
		to := w.Header().Get("Location")
		wanted := "/complaints?channel=app&" + want
		if strings.HasPrefix(want, "customer") || want == "" {
			wanted = strings.Trim("/complaints?channel=app&"+want, "&")
		}
		if w.Code != http.StatusSeeOther || to != wanted {
			t.Errorf("%q leads with %d to %q, want %q", typed, w.Code, to, wanted)
		}
	}
	if w := get(t, h, "/complaints?q=13812345678&channel=app"); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/complaints?channel=app&customer="+phone {
		t.Errorf("an address with a phone answers %d %q", w.Code, w.Header().Get("Location"))
	}
	for _, path := range []string{"/api/v1/search?q=13812345678", "/api/v1/complaints?q=13812345678", "/api/v1/complaints.csv?q=%2B8613812345678", "/complaints?customer=13812345678", "/complaints?sort=best&q=a"} {
		if w := get(t, h, path); w.Code != http.StatusBadRequest || strings.Contains(w.Body.String(), "13812345678") {
			t.Errorf("%s answers %d %s", path, w.Code, w.Body)
		}
	}
	if w := post(t, h, "/search", "application/x-www-form-urlencoded", "q=a"); w.Code != http.StatusForbidden {
		t.Errorf("a form without a token is answered %d", w.Code)
	}
}

func TestSearchResolvesForTheAPI(t *testing.T) {
	h := finder(t, &sample{})
	for typed, want := range map[string]string{
		`{"q":"138 1234 5678"}`: `{"parameter":"customer","value":"` + sampleKey("phone:13812345678") + `"}`,
		`{"q":" 电梯 "}`:          `{"parameter":"q","value":"电梯"}`,
	} {
		if w := post(t, h, "/api/v1/search", "application/json", typed); w.Code != http.StatusOK || strings.TrimSpace(w.Body.String()) != want {
			t.Errorf("%s answers %d %s", typed, w.Code, w.Body)
		}
	}
	for _, body := range []string{"", "{}", `{"q":1}`, `{"q":"` + strings.Repeat("a", 500) + `"}`, "\x00"} {
		if w := post(t, h, "/api/v1/search", "application/json", body); w.Code != http.StatusBadRequest {
			t.Errorf("%.20q answers %d", body, w.Code)
		}
	}
}

func TestSearchIsShownSafely(t *testing.T) {
	s := &sample{title: `<script>alert(1)</script>验证码`, atLeast: true, searchBehind: 1234}
	h := finder(t, s)
	page := get(t, h, "/complaints?q="+url.QueryEscape(`"><img src=x onerror=alert(1)>`)+"&sort=relevance").Body.String()
	for _, want := range []string{
		"<mark>&lt;sc</mark>ript&gt;", "1,682&#43;", "1,234", `value="&#34;&gt;&lt;img`, "最相关在前", "验证码 收不到 &lt;", `href="/issues/I-0001"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page, "<script>alert") || strings.Contains(page, "<img src=x") {
		t.Error("hostile text is markup")
	}
	if !s.asked.ByRelevance || s.asked.Text == "" {
		t.Errorf("asked %+v", s.asked)
	}
	key := sampleKey("phone:1")
	if page := get(t, h, "/complaints?customer="+key).Body.String(); !strings.Contains(page, "按电话找到") || s.asked.Key != key {
		t.Errorf("by key asked %q", s.asked.Key)
	}
	if page := get(t, h, "/").Body.String(); !strings.Contains(page, `action="/search"`) {
		t.Error("the overview has no box to search in")
	}
}

func TestSearchAnswersAsJSON(t *testing.T) {
	h := finder(t, &sample{atLeast: true})
	var answer struct {
		Items []struct {
			Title      string                     `json:"title"`
			TitleMarks []struct{ Start, End int } `json:"title_marks"`
		} `json:"items"`
		Total   int64  `json:"total"`
		AtLeast bool   `json:"at_least"`
		Next    string `json:"next"`
		Issues  []struct {
			ID string `json:"issue_id"`
		} `json:"issues"`
	}
	w := get(t, h, "/api/v1/search?q=%E9%AA%8C%E8%AF%81%E7%A0%81")
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != http.StatusOK {
		t.Fatal(w.Code, err, w.Body)
	}
	row := answer.Items[0]
	if marked := string([]rune(row.Title)[row.TitleMarks[0].Start:row.TitleMarks[0].End]); marked != "验证码" || answer.Total != 1682 || !answer.AtLeast || answer.Next == "" {
		t.Errorf("%q marked in %+v", marked, answer)
	}
	if len(answer.Issues) != 1 || !slices.Contains([]string{"I-0001"}, answer.Issues[0].ID) {
		t.Errorf("issues %v", answer.Issues)
	}
}
