package dashboard_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"wenguo/dashboard"
	"wenguo/dashboard/account"
)

// entries are the newest lines of the audit log, as “who action object”.
func (h *house) entries() []string {
	h.t.Helper()
	found, err := h.book.Entries(h.t.Context(), account.Filter{Limit: 20})
	if err != nil {
		h.t.Fatal(err)
	}
	var out []string
	for _, e := range found {
		out = append(out, strings.TrimSpace(e.Who+" "+e.Action+" "+e.Object))
	}
	return out
}

func TestSigningInGivesANewSessionAndLeadsOn(t *testing.T) {
	h := settle(t, nil)
	v := visit(t, h.handler)
	w := v.send(http.MethodGet, "/issues?period=7d", "", "")
	door := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || door != "/sign-in?next=%2Fissues%3Fperiod%3D7d" {
		t.Fatalf("%d %s", w.Code, door)
	}
	v.get(door)
	w = v.post("/sign-in", url.Values{"login": {"analyst"}, "password": {good}, "next": {v.field("next")}})
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/issues?period=7d" {
		t.Fatalf("%d %s %s", w.Code, w.Header().Get("Location"), w.Body)
	}
	for _, c := range w.Result().Cookies() {
		if c.Name == h.server.Cookie() && (!c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.MaxAge != 0 || c.Value == h.secrets[account.Analyst]) {
			t.Errorf("the session's cookie is %+v", c)
		}
	}
	if page := v.get("/issues?period=7d"); !strings.Contains(page, "分析员") || !strings.Contains(page, "退出") {
		t.Error("the page does not say who is in")
	}
	if log := h.entries(); log[0] != "analyst sign-in analyst" {
		t.Errorf("the log says %v", log)
	}
	v.post("/sign-out", url.Values{})
	if w := v.send(http.MethodGet, "/issues", "", ""); w.Code != http.StatusSeeOther {
		t.Errorf("after signing out: %d", w.Code)
	}
	if log := h.entries(); log[0] != "analyst sign-out analyst" {
		t.Errorf("the log says %v", log)
	}
}

func TestNobodyIsLedToAnotherSite(t *testing.T) {
	h := settle(t, nil)
	for _, next := range []string{"https://example.com/", "//example.com", `/\example.com`, "/\t/example.com", "javascript:alert(1)", "/sign-in", "/fragments/due"} {
		v := visit(t, h.handler)
		v.get("/sign-in")
		if w := v.post("/sign-in", url.Values{"login": {"analyst"}, "password": {good}, "next": {next}}); w.Header().Get("Location") != "/" {
			t.Errorf("%q leads to %q", next, w.Header().Get("Location"))
		}
	}
}

func TestEveryRefusedSignInLooksTheSame(t *testing.T) {
	h := settle(t, nil)
	answer := func(login, password string) string {
		v := visit(t, h.handler)
		v.get("/sign-in")
		w := v.post("/sign-in", url.Values{"login": {login}, "password": {password}})
		if w.Code != http.StatusUnauthorized || len(w.Result().Cookies()) > 0 && w.Result().Cookies()[0].Name == h.server.Cookie() {
			t.Fatalf("%s is answered with %d", login, w.Code)
		}
		return strings.ReplaceAll(varying.ReplaceAllString(w.Body.String(), ""), login, "")
	}
	wrong := answer("analyst", "not the password")
	if missing := answer("analysts", "not the password"); missing != wrong {
		t.Error("an account that does not exist is told apart")
	}
	for range 5 {
		answer("executive", "not the password")
	}
	if locked := answer("executive", good); locked != wrong {
		t.Error("a locked account is told apart")
	}
	h.ask(account.Administrator, http.MethodGet, "/settings")
	log := strings.Join(h.entries(), "\n")
	if !strings.Contains(log, "executive locked executive") || !strings.Contains(log, "analyst sign-in-refused analyst") || strings.Contains(log, "analysts") {
		t.Errorf("the log says %s", log)
	}
}

func TestOneAddressIsSlowedDownWhoeverItSaysToBe(t *testing.T) {
	h := settle(t, nil)
	v := visit(t, h.handler)
	v.get("/sign-in")
	for i := range 21 {
		w := v.post("/sign-in", url.Values{"login": {"nobody" + string(rune('a'+i))}, "password": {"x"}})
		if slowed := w.Code == http.StatusTooManyRequests; slowed != (i == 20) {
			t.Fatalf("try %d: %d", i+1, w.Code)
		}
	}
	*h.now = h.now.Add(time.Minute)
	if w := v.post("/sign-in", url.Values{"login": {"analyst"}, "password": {good}}); w.Code != http.StatusSeeOther {
		t.Errorf("after a minute: %d", w.Code)
	}
}

func TestFormsOfOthersDoNothing(t *testing.T) {
	h := settle(t, nil)
	for name, try := range map[string]func() int{
		"signing somebody in from another site": func() int {
			v := visit(t, h.handler)
			return v.send(http.MethodPost, "/sign-in", "application/x-www-form-urlencoded", "login=analyst&password="+url.QueryEscape(good)).Code
		},
		"signing in with the token of another browser": func() int {
			other, v := visit(t, h.handler), visit(t, h.handler)
			other.get("/sign-in")
			v.get("/sign-in")
			v.page = other.page
			return v.post("/sign-in", url.Values{"login": {"analyst"}, "password": {good}}).Code
		},
		"a form without token": func() int {
			return h.as(account.Analyst).send(http.MethodPost, "/settings/sessions", "application/x-www-form-urlencoded", "").Code
		},
		"a decision over the API by the session's cookie alone": func() int {
			return h.ask(account.Analyst, http.MethodPost, "/api/v1/decisions", "Content-Type", "application/json").Code
		},
		"a form that says to come from another site": func() int {
			v := h.as(account.Analyst)
			v.get("/settings")
			v.headers["Origin"] = "https://example.com"
			return v.post("/settings/sessions", url.Values{}).Code
		},
	} {
		if code := try(); code != http.StatusForbidden {
			t.Errorf("%s: %d", name, code)
		}
	}
	if log := h.entries(); len(log) > 0 {
		t.Errorf("something was done: %v", log)
	}
}

func TestAnOriginalIsShownToWhoMayAndAsksAndStandsInTheLog(t *testing.T) {
	h := settle(t, nil)
	const page, phone = "/complaints/C-2026-000123", "13800000000"
	for _, r := range account.Roles {
		if !r.Role.May(account.Complaints) {
			continue
		}
		v := h.as(r.Role)
		body := v.get(page)
		may := r.Role.May(account.Reveal)
		if strings.Contains(body, phone) || strings.Contains(body, "李建国") || strings.Contains(body, "显示原文") != may {
			t.Errorf("%s opens the page: phone %t, offered %t", r.Role, strings.Contains(body, phone), strings.Contains(body, "显示原文"))
		}
		before := len(h.entries())
		w := v.post(page, url.Values{"why": {"回访"}})
		if shown := w.Code == http.StatusOK && strings.Contains(w.Body.String(), phone) && strings.Contains(w.Body.String(), "DD20260001"); shown != may {
			t.Errorf("%s asks: %d, shown %t", r.Role, w.Code, shown)
		}
		log := h.entries()
		if noted := len(log) == before+1 && log[0] == string(r.Role)+" reveal C-2026-000123"; noted != may {
			t.Errorf("%s: the log says %v", r.Role, log)
		}
	}
	v := h.as(account.Department)
	v.get(page)
	before := len(h.entries())
	if w := v.post("/complaints/"+foreignID, url.Values{"why": {"x"}}); w.Code != http.StatusNotFound || len(h.entries()) != before {
		t.Errorf("a foreign original: %d", w.Code)
	}
}

func TestWithoutAccountsNobodySeesOriginals(t *testing.T) {
	v := visit(t, full(t).Handler())
	if strings.Contains(v.get("/complaints/C-2026-000123"), "显示原文") {
		t.Error("it is offered")
	}
	if w := v.post("/complaints/C-2026-000123", url.Values{"why": {"x"}}); w.Code != http.StatusForbidden || strings.Contains(w.Body.String(), "13800000000") {
		t.Errorf("%d", w.Code)
	}
}

func TestAnExportStandsInTheLogWithoutWhatWasSearched(t *testing.T) {
	h := settle(t, nil)
	if w := h.ask(account.Analyst, http.MethodGet, "/api/v1/complaints.csv?period=7d&q="+url.QueryEscape("王女士")+"&customer="+foreignKey); w.Code != http.StatusOK {
		t.Fatal(w.Code, w.Body)
	}
	if log := h.entries(); len(log) != 1 || log[0] != "analyst export /api/v1/complaints.csv?customer=…&period=7d&q=…" {
		t.Errorf("the log says %v", log)
	}
}

func TestADecisionIsItsAccountsWhateverTheFormSays(t *testing.T) {
	bus := &topic{to: &sample{}}
	h := settle(t, func(_ *dashboard.Config, d *dashboard.Deps) { d.Bus = bus })
	v := h.as(account.Analyst)
	v.get("/issues/I-0001")
	if w := v.decide("do", "rename", "issue", "I-0001", "name", "新名字", "who", "somebody else"); w.Code != http.StatusSeeOther || len(bus.sent) != 1 {
		t.Fatalf("%d, %d sent: %s", w.Code, len(bus.sent), w.Body)
	}
	if sent := string(bus.sent[0].Value); !strings.Contains(sent, `"actor":{"id":"analyst","role":"agent"}`) {
		t.Errorf("sent %s", sent)
	}
	if log := h.entries(); len(log) != 1 || !strings.HasPrefix(log[0], "analyst decision d-") {
		t.Errorf("the log says %v", log)
	}
}

func TestATokenDoesWhatItsScopesSay(t *testing.T) {
	h := settle(t, nil)
	analyst, err := h.book.ByLogin(t.Context(), "analyst")
	if err != nil {
		t.Fatal(err)
	}
	text, token, err := h.book.NewToken(t.Context(), analyst.ID, "nightly", []account.Action{account.Figures}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(target, header string) int {
		return h.ask("", http.MethodGet, target, "Authorization", header).Code
	}
	for name, want := range map[string]struct {
		target, header string
		code           int
	}{
		"what it may":                         {"/api/v1/kpis", "Bearer " + text, http.StatusOK},
		"what its account may and it may not": {"/api/v1/complaints", "Bearer " + text, http.StatusForbidden},
		"a file without the scope":            {"/api/v1/kpis.csv", "Bearer " + text, http.StatusForbidden},
		"a page":                              {"/", "Bearer " + text, http.StatusSeeOther},
		"a wrong secret":                      {"/api/v1/kpis", "Bearer " + text + "x", http.StatusUnauthorized},
		"another scheme":                      {"/api/v1/kpis", "Basic " + text, http.StatusUnauthorized},
		"metrics without the scope":           {"/metrics", "Bearer " + text, http.StatusForbidden},
	} {
		if code := ask(want.target, want.header); code != want.code {
			t.Errorf("%s: %d, want %d", name, code, want.code)
		}
	}
	if w := h.ask(account.Analyst, http.MethodGet, "/api/v1/complaints", "Authorization", "Bearer "+text+"x"); w.Code != http.StatusUnauthorized {
		t.Errorf("a wrong token beside a right session: %d", w.Code)
	}
	if err := h.book.EndToken(t.Context(), token.ID, analyst.ID); err != nil {
		t.Fatal(err)
	}
	if code := ask("/api/v1/kpis", "Bearer "+text); code != http.StatusUnauthorized {
		t.Errorf("after its end: %d", code)
	}
}

func TestAPasswordIsChangedWithThePresentOneAlone(t *testing.T) {
	h := settle(t, nil)
	v := h.as(account.Analyst)
	v.get("/settings")
	for name, try := range map[string]struct {
		form url.Values
		code int
	}{
		"a wrong present one":  {url.Values{"present": {"x"}, "password": {"a new good sentence"}, "again": {"a new good sentence"}}, http.StatusForbidden},
		"two that differ":      {url.Values{"present": {good}, "password": {"a new good sentence"}, "again": {"another"}}, http.StatusBadRequest},
		"one that is too weak": {url.Values{"present": {good}, "password": {"short"}, "again": {"short"}}, http.StatusBadRequest},
	} {
		if w := v.post("/settings/password", try.form); w.Code != try.code {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	w := v.post("/settings/password", url.Values{"present": {good}, "password": {"a new good sentence"}, "again": {"a new good sentence"}})
	if w.Code != http.StatusSeeOther || h.entries()[0] != "analyst password analyst" {
		t.Fatalf("%d %v", w.Code, h.entries())
	}
	if w := v.send(http.MethodGet, "/settings", "", ""); w.Code != http.StatusOK {
		t.Errorf("the own session ended: %d", w.Code)
	}
}

func TestAFirstAdministratorComesInByTheLinkAndInvitesOthers(t *testing.T) {
	h := settle(t, nil)
	v := h.as(account.Administrator)
	v.get("/settings/accounts")
	w := v.post("/settings/accounts", url.Values{"login": {"zhao"}, "name": {"赵敏"}, "role": {"department"}, "departments": {"物流部、支付部"}})
	_, rest, _ := strings.Cut(w.Body.String(), `<code translate="no">/welcome/`)
	link, _, _ := strings.Cut(rest, "<")
	if w.Code != http.StatusOK || len(link) != 43 {
		t.Fatalf("%d %q", w.Code, link)
	}
	guest := visit(t, h.handler)
	if !strings.Contains(guest.get("/welcome/"+link), "zhao") {
		t.Error("the link does not say whom it is for")
	}
	if w := guest.post("/welcome/"+link, url.Values{"password": {good}, "again": {good}}); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if page := guest.get("/settings"); !strings.Contains(page, "物流部、支付部") {
		t.Error("the account is not of its departments")
	}
	if w := visit(t, h.handler).send(http.MethodGet, "/welcome/"+link, "", ""); w.Code != http.StatusNotFound {
		t.Errorf("the link works again: %d", w.Code)
	}
	me, _ := h.book.ByLogin(t.Context(), "administrator")
	if w := v.post("/settings/accounts/"+itoa(me.ID), url.Values{"do": {"disable"}}); w.Code != http.StatusConflict {
		t.Errorf("the last administrator is disabled: %d", w.Code)
	}
}
