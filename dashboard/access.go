package dashboard

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"wenguo/dashboard/account"
	"wenguo/transform"
)

// access says of every address what somebody does there; package account says who may. An address without an entry is
// nobody's: a test fails for it, and where accounts are on it answers as if it did not exist.
var access = map[string]account.Action{ //nolint:gochecknoglobals // a constant table
	"GET /static/*name": account.Public, "GET /healthz": account.Public,
	"GET /readyz": account.Scrape, "GET /metrics": account.Scrape,
	"POST /api/v1/events": account.Keyed, "POST /api/v1/notify/:robot": account.Keyed,
	"GET /events": account.Own, "POST /theme": account.Public, "POST /language": account.Public,

	"GET /": account.Figures, "GET /timeliness": account.Figures, "GET /kpis": account.Figures, "GET /satisfaction": account.Figures,
	"GET /flow": account.Figures, "GET /styleguide": account.Own, "GET /fragments/overview": account.Figures, "GET /fragments/due": account.Figures,
	"GET /fragments/freshness": account.Own,
	"GET /issues":              account.Issues, "GET /issues/:id": account.Issues,
	"POST /search": account.Complaints, "GET /complaints": account.Complaints, "GET /complaints/:id": account.Complaints,
	"POST /complaints/:id": account.Reveal,
	"GET /alerts":          account.Alerts, "GET /fragments/alerts": account.Alerts, "POST /alerts/silences": account.Silence, "POST /alerts/silences/end": account.Silence,
	"GET /quality": account.Quality, "POST /quality/replay": account.Replay,
	"GET /decisions": account.Decide, "POST /decisions": account.Decide,

	"GET /improvement": account.Improvement, "GET /improvement/new": account.Improve, "GET /improvement/:id": account.Improvement, "GET /improvement/next": account.Improvement,
	"GET /known": account.Improvement, "POST /known": account.Improvement,
	"GET /reports": account.Reports, "GET /reports/looks": account.Reports, "GET /reports/:paper": account.Reports, "POST /reports/publish": account.Publish,

	"GET /sign-in": account.Public, "POST /sign-in": account.Public, "GET /sign-in/provider": account.Public, "GET /sign-in/provider/back": account.Public,
	"GET /welcome/:link": account.Public, "POST /welcome/:link": account.Public, "POST /sign-out": account.Own,
	"GET /settings": account.Own, "POST /settings/password": account.Own, "POST /settings/sessions": account.Own,
	"GET /settings/tokens": account.Own, "POST /settings/tokens": account.Own, "POST /settings/tokens/end": account.Own,
	"GET /settings/views": account.Own, "POST /settings/views": account.Own, "POST /settings/views/end": account.Own,
	"GET /settings/accounts": account.Accounts, "POST /settings/accounts": account.Accounts, "POST /settings/accounts/:id": account.Accounts,
	"GET /settings/audit": account.Audit, "GET /settings/audit.csv": account.Audit,
	"GET /settings/policy": account.Settings, "GET /settings/words": account.Settings, "POST /settings/words": account.Settings,

	"GET /api/v1/openapi.json": account.Own, "GET /api/v1/freshness": account.Quality, "GET /api/v1/quality": account.Quality,
	"GET /api/v1/kpis": account.Figures, "GET /api/v1/strip": account.Figures, "GET /api/v1/series": account.Figures, "GET /api/v1/flow": account.Figures,
	"GET /api/v1/departments": account.Figures, "GET /api/v1/heat": account.Figures, "GET /api/v1/due": account.Figures, "GET /api/v1/waiting": account.Figures,
	"GET /api/v1/satisfaction": account.Figures, "GET /api/v1/satisfaction/drivers": account.Figures, "GET /api/v1/satisfaction/mix": account.Figures,
	"GET /api/v1/satisfaction/waiting": account.Figures, "GET /api/v1/lifecycle": account.Figures, "GET /api/v1/lifecycle/transfers": account.Figures,
	"GET /api/v1/alerts": account.Alerts,
	"GET /api/v1/issues": account.Issues, "GET /api/v1/issues/:id": account.Issues, "GET /api/v1/issues/:id/lineage": account.Issues, "GET /api/v1/issues/:id/members": account.Issues,
	"GET /api/v1/improvement/next": account.Improvement, "GET /api/v1/actions": account.Improvement, "GET /api/v1/actions/:id": account.Improvement, "GET /api/v1/actions/:id/effect": account.Improvement,
	"GET /api/v1/known": account.Improvement, "POST /api/v1/known": account.Improvement,
	"GET /api/v1/reports": account.Reports, "GET /api/v1/reports/published": account.Reports, "POST /api/v1/reports/published": account.Publish, "GET /api/v1/looks": account.Reports,
	"GET /api/v1/search": account.Complaints, "POST /api/v1/search": account.Complaints,
	"GET /api/v1/complaints": account.Complaints, "GET /api/v1/complaints/:id": account.Complaints, "GET /api/v1/complaints/:id/issue": account.Complaints,
	"GET /api/v1/decisions": account.Decide, "POST /api/v1/decisions": account.Decide,
}

// actionOf is what somebody does at an address, given by its route. A file of an answer is the answer, and an export: see
// download.
func actionOf(method, route string) (account.Action, bool) {
	key := method + " " + route
	if a, known := access[key]; known {
		return a, true
	}
	if strings.HasPrefix(route, apiRoot+"/") {
		for _, form := range []string{".csv", ".xlsx"} {
			if base, is := strings.CutSuffix(key, form); is {
				a, known := access[base]
				return a, known
			}
		}
	}
	return "", false
}

// admitted lets a request pass to its handler only when its person may do what the address does. Without accounts whoever
// reaches the loopback address may do everything.
func (s *Server) admitted(c *gin.Context) {
	if s.deps.Accounts == nil {
		c.Next()
		return
	}
	action, known := actionOf(c.Request.Method, c.FullPath())
	if c.FullPath() == "" { // no such address: only people hear so
		action, known = account.Own, true
	}
	person, err := s.whoAsks(c)
	if err == nil {
		person.Address = c.ClientIP()
		c.Request = c.Request.WithContext(account.With(c.Request.Context(), person))
	}
	switch {
	case !known:
		s.log.Error("an address without an entry in the table of access was asked for", slog.String("path", c.FullPath()))
		s.failBefore(c, transform.ErrNotFound)
	case action == account.Public || action == account.Keyed:
		c.Next()
	case errors.Is(err, account.ErrRefused):
		s.askWho(c)
	case err != nil:
		s.failBefore(c, err)
	case !person.May(action):
		s.log.Warn("not allowed", slog.String("path", c.FullPath()), slog.Int64("account", person.ID), slog.String("role", string(person.Role)))
		s.failBefore(c, forbidden(action))
	default:
		c.Next()
	}
}

// forbidden is the answer to somebody who may not.
func forbidden(a account.Action) error {
	return refusal{
		status: http.StatusForbidden, title: "没有这项权限", detail: "你的角色不能做这件事：" + a.Name() + "。", remedy: "需要时请联系管理员。",
	}
}

// errNobody is the answer to a program that nobody knows.
var errNobody = refusal{
	status: http.StatusUnauthorized, title: "需要登录", detail: "没有有效的会话或令牌。", remedy: "在浏览器里登录，或带上 Authorization: Bearer 令牌。",
}

// failBefore answers an error before the form's session was looked at; a page needs one for its own forms.
func (s *Server) failBefore(c *gin.Context, err error) {
	if c.Request.Method == http.MethodGet && !strings.HasPrefix(c.Request.URL.Path, "/api/") && !s.formed(c) {
		return
	}
	s.fail(c, err)
}

// askWho leads a reader to the page where people sign in, and tells a program.
func (s *Server) askWho(c *gin.Context) {
	s.forget(c)
	html := strings.Contains(c.GetHeader("Accept"), "text/html") && !strings.HasPrefix(c.Request.URL.Path, "/api/")
	switch {
	case c.GetHeader("HX-Request") != "":
		c.Header("HX-Redirect", "/sign-in")
		c.AbortWithStatus(http.StatusUnauthorized)
	case html && c.Request.Method == http.MethodGet:
		c.Redirect(http.StatusSeeOther, "/sign-in?"+url.Values{"next": {c.Request.URL.RequestURI()}}.Encode())
		c.Abort()
	case html:
		c.Redirect(http.StatusSeeOther, "/sign-in")
		c.Abort()
	default:
		c.Header("WWW-Authenticate", `Bearer realm="wenguo"`)
		s.fail(c, errNobody)
	}
}

// whoAsks is the person of a token, or of the session cookie; account.ErrRefused when nobody is known.
func (s *Server) whoAsks(c *gin.Context) (account.Person, error) {
	if header := c.GetHeader("Authorization"); header != "" {
		text, is := strings.CutPrefix(header, "Bearer ")
		if !is || !strings.HasPrefix(c.Request.URL.Path, apiRoot+"/") && c.FullPath() != "/metrics" && c.FullPath() != "/readyz" {
			return account.Person{}, account.ErrRefused
		}
		return s.deps.Accounts.Bearer(c.Request.Context(), strings.TrimSpace(text))
	}
	secret, err := c.Cookie(s.cookie())
	if err != nil || secret == "" {
		return account.Person{}, account.ErrRefused
	}
	return s.deps.Accounts.Session(c.Request.Context(), secret, !renewing(c))
}

// renewing says that a page asks by itself, not its reader.
func renewing(c *gin.Context) bool {
	return strings.HasPrefix(c.FullPath(), "/fragments/") || c.FullPath() == "/events"
}

// cookie is the name of the cookie that holds the session of an account. With TLS its prefix binds it to this host alone;
// without, it is named after the folder's key, because a browser sends the cookies of a host to all its ports.
func (s *Server) cookie() string {
	if s.cfg.Front.encrypted() {
		return "__Host-wenguo"
	}
	return "wenguo_" + strings.TrimPrefix(s.forms.cookie, "session_")
}

// remember gives the browser its session.
func (s *Server) remember(c *gin.Context, secret string) {
	http.SetCookie(c.Writer, &http.Cookie{
		Name: s.cookie(), Value: secret, Path: "/", HttpOnly: true, Secure: s.cfg.Front.encrypted(), SameSite: http.SameSiteLaxMode,
	})
	http.SetCookie(c.Writer, &http.Cookie{Name: s.forms.cookie, Path: "/", MaxAge: -1, HttpOnly: true, Secure: s.cfg.Front.encrypted(), SameSite: http.SameSiteLaxMode})
}

// forget takes the session from the browser.
func (s *Server) forget(c *gin.Context) {
	if _, err := c.Cookie(s.cookie()); err == nil {
		http.SetCookie(c.Writer, &http.Cookie{
			Name: s.cookie(), Path: "/", MaxAge: -1, HttpOnly: true, Secure: s.cfg.Front.encrypted(), SameSite: http.SameSiteLaxMode,
		})
	}
}

// home is the first page that a person may open.
func home(p account.Person) string {
	for _, page := range []struct {
		path   string
		action account.Action
	}{{"/", account.Figures}, {"/complaints", account.Complaints}, {"/alerts", account.Alerts}, {"/quality", account.Quality}} {
		if p.May(page.action) {
			return page.path
		}
	}
	return "/settings"
}
