package dashboard_test

import (
	"html"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// visitor is a browser without scripts: it keeps cookies and sends the token of the page it saw last.
type visitor struct {
	t       *testing.T
	handler http.Handler
	jar     http.CookieJar
	page    string
	headers map[string]string
}

func visit(t *testing.T, h http.Handler) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t: t, handler: h, jar: jar, headers: map[string]string{}}
}

const site = "http://127.0.0.1:8420"

func (v *visitor) send(method, target, kind, body string) *httptest.ResponseRecorder {
	v.t.Helper()
	r := httptest.NewRequestWithContext(v.t.Context(), method, site+target, strings.NewReader(body))
	r.Header.Set("Accept", "text/html")
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for name, value := range v.headers {
		r.Header.Set(name, value)
	}
	for _, c := range v.jar.Cookies(r.URL) {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	v.handler.ServeHTTP(w, r)
	v.jar.SetCookies(r.URL, w.Result().Cookies())
	return w
}

func (v *visitor) get(target string) string {
	v.t.Helper()
	w := v.send(http.MethodGet, target, "", "")
	if w.Code != http.StatusOK {
		v.t.Fatalf("%s: %d %s", target, w.Code, w.Body)
	}
	v.page = w.Body.String()
	return v.page
}

// field is a hidden field of the page seen last.
func (v *visitor) field(name string) string {
	found := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(v.page)
	if found == nil {
		return ""
	}
	return html.UnescapeString(found[1])
}

// post sends a form with the token of the page seen last, and remembers the page it leads to.
func (v *visitor) post(target string, form url.Values) *httptest.ResponseRecorder {
	v.t.Helper()
	form.Set("csrf", v.field("csrf"))
	w := v.send(http.MethodPost, target, "application/x-www-form-urlencoded", form.Encode())
	if strings.Contains(w.Header().Get("Content-Type"), "text/html") {
		v.page = w.Body.String()
	}
	return w
}

// decide sends a form of a page as the page would: with its key, with what the reader saw and where to go back.
func (v *visitor) decide(pairs ...string) *httptest.ResponseRecorder {
	v.t.Helper()
	form := url.Values{"key": {v.field("key")}, "seen": {v.field("seen")}, "back": {v.field("back")}}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return v.post("/decisions", form)
}

// again sends what the page seen last asks for with its hidden fields.
func (v *visitor) again(pairs ...string) *httptest.ResponseRecorder {
	v.t.Helper()
	form := url.Values{}
	_, asked, _ := strings.Cut(v.page, `class="card decide"`)
	for _, f := range regexp.MustCompile(`type="hidden" name="([^"]*)" value="([^"]*)"`).FindAllStringSubmatch(asked, -1) {
		form.Add(html.UnescapeString(f[1]), html.UnescapeString(f[2]))
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return v.post("/decisions", form)
}

// follow opens where an answer leads.
func (v *visitor) follow(w *httptest.ResponseRecorder) string {
	v.t.Helper()
	if w.Code != http.StatusSeeOther {
		v.t.Fatalf("answers %d: %s", w.Code, w.Body)
	}
	return v.get(w.Header().Get("Location"))
}
