package dashboard_test

import (
	"crypto/rand"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"wenguo/dashboard"
	"wenguo/dashboard/account"
)

const good = "correct horse battery"

// house is a server with accounts: one of each role, named after it.
type house struct {
	t       *testing.T
	server  *dashboard.Server
	handler http.Handler
	book    *account.Book
	now     *time.Time
	secrets map[account.Role]string
}

// logins are made once for each test: sessions come from the book, so that no password is hashed.
func settle(t *testing.T, change func(*dashboard.Config, *dashboard.Deps)) *house {
	t.Helper()
	h := &house{t: t, now: new(sampleNow()), secrets: map[account.Role]string{}}
	settings := account.DefaultConfiguration()
	settings.Enabled, settings.Hash = true, account.HashCost{MemoryKiB: 8, Rounds: 1, Threads: 1}
	clock := func() time.Time { return *h.now }
	var err error
	if h.book, err = account.Open(t.Context(), filepath.Join(t.TempDir(), account.File), settings, clock, rand.Reader); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.book.Close() })
	for _, r := range account.Roles {
		p := account.Person{Login: string(r.Role), Role: r.Role}
		if r.Role == account.Department {
			p.Departments = []string{ownDepartment}
		}
		a, err := h.book.Add(t.Context(), p, good)
		if err == nil {
			h.secrets[r.Role], err = h.book.Begin(t.Context(), a.ID, "password")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	cfg := dashboard.DefaultConfig()
	cfg.Accounts = true
	deps := dashboard.Deps{
		Reader: &spy{&sample{}, t}, Now: clock, Log: slog.New(slog.DiscardHandler), Accounts: h.book, Views: h.book, Bus: &topic{to: &sample{}},
		NewID: rand.Text, Mailbox: &postbox{}, Alerts: &alertDesk{}, Timers: clocks{}, CustomerKey: func(string) string { return foreignKey }, Secret: []byte("the same secret for every server."),
		Events: http.NotFoundHandler(), Robots: http.NotFoundHandler(), Metrics: http.NotFoundHandler(),
	}
	if change != nil {
		change(&cfg, &deps)
	}
	if h.server, err = dashboard.New(cfg, deps); err != nil {
		t.Fatal(err)
	}
	h.handler = h.server.Handler()
	return h
}

// ask sends a request as a role, as nobody for none.
func (h *house) ask(role account.Role, method, target string, headers ...string) *httptest.ResponseRecorder {
	h.t.Helper()
	r := httptest.NewRequestWithContext(h.t.Context(), method, site+target, nil)
	if !strings.HasPrefix(target, "/api/") {
		r.Header.Set("Accept", "text/html")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if secret := h.secrets[role]; secret != "" {
		r.AddCookie(&http.Cookie{Name: h.server.Cookie(), Value: secret})
	}
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	return w
}

// as is a browser that a role has signed in with.
func (h *house) as(role account.Role) *visitor {
	h.t.Helper()
	v := visit(h.t, h.handler)
	r := httptest.NewRequestWithContext(h.t.Context(), http.MethodGet, site, nil)
	v.jar.SetCookies(r.URL, []*http.Cookie{{Name: h.server.Cookie(), Value: h.secrets[role], Path: "/"}})
	return v
}

const notAllowed = "没有这项权限"

// targets are the addresses of a route: own and foreign rows, and every other way to ask for them.
func targets(route string) []string {
	at := strings.NewReplacer(":link", "nothing", ":robot", "nobody", "*name", "app.css")
	path := at.Replace(route)
	if !strings.Contains(path, ":id") {
		return []string{path, path + "?department=" + foreign, path + "?issue=" + foreignIssue, path + "?period=all"}
	}
	return []string{
		strings.ReplaceAll(path, ":id", "C-2026-000123"), strings.ReplaceAll(path, ":id", "I-0001"),
		strings.ReplaceAll(path, ":id", foreignID), strings.ReplaceAll(path, ":id", foreignIssue),
	}
}

func TestEveryRouteIsOpenToTheRolesOfTheTableAndLeaksNothing(t *testing.T) {
	h := settle(t, nil)
	leaked := 0
	for _, route := range h.server.Routes() {
		action, known := dashboard.ActionOf(route.Method, route.Path)
		if !known {
			t.Errorf("%s %s has no entry in the table of access (dashboard/access.go): say what somebody does there", route.Method, route.Path)
			continue
		}
		open := action == account.Public || action == account.Keyed
		if route.Path == "/events" {
			continue // it does not end: see the test of streams
		}
		for _, target := range targets(route.Path) {
			if w := h.ask("", route.Method, target); !open && w.Code != http.StatusUnauthorized && (w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/sign-in")) {
				t.Errorf("nobody asks %s %s: %d %.200s", route.Method, target, w.Code, w.Body)
			}
			for _, r := range account.Roles {
				w := h.ask(r.Role, route.Method, target)
				body := w.Body.String()
				may := r.Role.May(action)
				if file := strings.HasPrefix(route.Path, dashboard.APIRoot) && (strings.HasSuffix(route.Path, ".csv") || strings.HasSuffix(route.Path, ".xlsx")); file {
					may = may && r.Role.May(account.Export)
				}
				if refused := w.Code == http.StatusForbidden && strings.Contains(body, notAllowed); refused == may && !open {
					t.Errorf("%s asks %s %s: %d, and the table says %t", r.Role, route.Method, target, w.Code, may)
				}
				if w.Code == http.StatusInternalServerError {
					t.Errorf("%s asks %s %s: %d %.200s", r.Role, route.Method, target, w.Code, body)
				}
				shows := strings.Contains(body, secret) || strings.Contains(strings.ReplaceAll(body, target, ""), foreignID)
				if shows {
					leaked++
				}
				if shows && r.Role == account.Department && !strings.Contains(body, "没有找到") {
					at := max(strings.Index(body, secret), 0)
					t.Errorf("a department sees rows of others at %s %s: …%s…", route.Method, target, body[max(at-80, 0):min(at+80, len(body))])
				}
			}
		}
	}
	if leaked < 60 {
		t.Errorf("foreign rows were shown %d times to those who may see them, so the test proves little", leaked)
	}
}

func TestAnAddressWithoutEntryIsNobodys(t *testing.T) {
	h := settle(t, nil)
	h.server.AddRoute("/new")
	for _, r := range account.Roles {
		if w := h.ask(r.Role, http.MethodGet, "/new"); w.Code != http.StatusNotFound || strings.Contains(w.Body.String(), "wide open") {
			t.Errorf("%s: %d %.100s", r.Role, w.Code, w.Body)
		}
	}
	if _, known := dashboard.ActionOf(http.MethodGet, "/new"); known {
		t.Error("the new address has an entry")
	}
}

// varying are the parts of an answer that differ from one request to the next.
var varying = regexp.MustCompile(`name="csrf" value="[^"]*"|C-2026-(FOREIGN|MISSING)|I-(FOREIGN|MISSING)`)

func TestAForeignRowAnswersAsOneThatDoesNotExist(t *testing.T) {
	h := settle(t, nil)
	for _, route := range []string{
		"/complaints/C-2026-X", "/api/v1/complaints/C-2026-X", "/api/v1/complaints/C-2026-X/issue", "/issues/I-X", "/api/v1/issues/I-X",
		"/api/v1/issues/I-X/lineage", "/api/v1/issues/I-X/members", "/api/v1/issues/I-X/members.csv",
	} {
		answer := func(id string) (int, string, http.Header) {
			w := h.ask(account.Department, http.MethodGet, strings.Replace(route, "X", id, 1))
			w.Header().Del("Set-Cookie")
			return w.Code, varying.ReplaceAllString(w.Body.String(), ""), w.Header()
		}
		code, body, header := answer("FOREIGN")
		code2, body2, header2 := answer("MISSING")
		if code != http.StatusNotFound || code != code2 || body != body2 || len(header) != len(header2) {
			t.Errorf("%s: %d and %d, bodies equal: %t", route, code, code2, body == body2)
		}
		if w := h.ask(account.Analyst, http.MethodGet, strings.Replace(route, "X", "FOREIGN", 1)); w.Code != http.StatusOK {
			t.Errorf("%s: an analyst gets %d, so the test proves nothing", route, w.Code)
		}
	}
}

func TestAPhoneOfAForeignComplaintIsNotFoundByADepartment(t *testing.T) {
	h := settle(t, nil)
	for role, found := range map[account.Role]bool{account.Analyst: true, account.Department: false} {
		v := h.as(role)
		v.get("/complaints")
		w := v.post("/search", map[string][]string{"q": {"8888888"}})
		if got := strings.Contains(w.Header().Get("Location"), "customer="); w.Code != http.StatusSeeOther || got != found {
			t.Errorf("%s: %d %s", role, w.Code, w.Header().Get("Location"))
		}
	}
}

func TestAnswersSharedByReadersAreNotSharedAcrossScopes(t *testing.T) {
	h := settle(t, nil)
	for _, page := range []string{"/?period=7d", "/issues?period=7d", "/complaints?period=7d", "/satisfaction?period=7d", "/flow?period=7d"} {
		for range 2 {
			for _, role := range []account.Role{account.Committee, account.Department} {
				if body := h.as(role).get(page); strings.Contains(body, secret) && role == account.Department {
					t.Errorf("%s: a department gets what was answered to the committee", page)
				}
			}
		}
	}
}

func TestMarksOfChangesTellNoCounts(t *testing.T) {
	h := settle(t, nil)
	body := h.as(account.Department).get("/")
	for _, count := range []string{"187342", "187,342", "21034", "21,034"} {
		if strings.Contains(body, count) {
			t.Errorf("the page of a department holds the store's count %s", count)
		}
	}
	if !strings.Contains(h.as(account.Committee).get("/"), "187,342") {
		t.Error("nobody sees the count, so the test proves nothing")
	}
}

func TestTheNavigationOffersWhatTheRoleMay(t *testing.T) {
	h := settle(t, nil)
	for role, want := range map[account.Role]string{
		account.Operations: "/alerts /quality /settings", account.Department: "/ /timeliness /issues /satisfaction /flow /complaints /kpis /settings",
		account.Executive: "/ /timeliness /alerts /issues /satisfaction /flow /complaints /kpis /settings",
	} {
		page := "/settings"
		nav, _, _ := strings.Cut(h.as(role).get(page), "</nav>")
		var got []string
		for _, m := range regexp.MustCompile(`<a href="([^"?]*)[^"]*"[^>]*><svg viewBox="0 0 20`).FindAllStringSubmatch(nav, -1) {
			got = append(got, m[1])
		}
		known := strings.Fields(want)
		if extra := slices.DeleteFunc(slices.Clone(got), func(s string) bool { return slices.Contains(known, s) }); len(got) < len(known) || len(extra) > 0 && role == account.Operations {
			t.Errorf("%s is offered %v, want %s", role, got, want)
		}
	}
}
