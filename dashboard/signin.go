package dashboard

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"wenguo/dashboard/account"
	"wenguo/dashboard/account/provider"
)

// signInPage is what templates/sign-in.html shows: the door, or the welcome of a one-time link.
type signInPage struct {
	frame

	Next, Login string
	// Fault says why it did not work.
	Fault string
	// Provider is the name of the other way in, empty without.
	Provider string
	// Welcome shows the form of a link at its address; First asks for a login too.
	Welcome string
	First   bool
	Name    string
}

// The one sentence for every sign-in that is not let in.
const (
	signInRefused = "用户名或密码不对，或者尝试次数太多。过几分钟再试；忘记密码请找管理员要一次性链接。"
	signInTooMany = "从你的网络来的登录太多了，请过一会儿再试。"
)

// doorPage is the page where people sign in.
func (s *Server) doorPage(c *gin.Context, next string) signInPage {
	p := signInPage{frame: s.bareFrame(c, "登录"), Next: next}
	if s.deps.Provider != nil {
		p.Provider = s.deps.Provider.Name()
	}
	return p
}

func (s *Server) signInForm(c *gin.Context) {
	next := nextPath(c.Query("next"))
	if p, known := account.From(c.Request.Context()); known {
		if next == "" {
			next = home(p)
		}
		c.Redirect(http.StatusSeeOther, next)
		return
	}
	s.render(c, http.StatusOK, "sign-in", s.doorPage(c, next))
}

// signIn takes name and password.
func (s *Server) signIn(c *gin.Context) {
	form := c.Request.PostForm
	p := s.doorPage(c, nextPath(form.Get("next")))
	p.Login = clipped(form.Get("login"))
	if !s.gate.open(c.ClientIP(), s.deps.Now()) {
		p.Fault = signInTooMany
		c.Header("Retry-After", "60")
		s.render(c, http.StatusTooManyRequests, "sign-in", p)
		return
	}
	secret, tried, err := s.deps.Accounts.SignIn(c.Request.Context(), form.Get("login"), form.Get("password"))
	switch {
	case errors.Is(err, account.ErrBusy):
		s.fail(c, errBusy)
	case errors.Is(err, account.ErrRefused):
		s.noteRefusedSignIn(c, tried)
		p.Fault = signInRefused
		s.render(c, http.StatusUnauthorized, "sign-in", p)
	case err != nil:
		s.fail(c, err)
	default:
		s.enter(c, tried.Account, secret, "password", p.Next)
	}
}

// enter gives the browser its session, in the place of any before, and leads on.
func (s *Server) enter(c *gin.Context, a account.Account, secret, way, next string) {
	if before, known := account.From(c.Request.Context()); known && before.Session != "" {
		if err := s.deps.Accounts.End(c.Request.Context(), before.Session); err != nil {
			s.fail(c, err)
			return
		}
	}
	a.Person.Address = c.ClientIP()
	c.Request = c.Request.WithContext(account.With(c.Request.Context(), a.Person))
	if err := s.note(c.Request.Context(), noteSignIn, a.Login, way); err != nil {
		s.fail(c, err)
		return
	}
	s.remember(c, secret)
	if next == "" {
		next = home(a.Person)
	}
	c.Redirect(http.StatusSeeOther, next)
}

func (s *Server) signOut(c *gin.Context) {
	p, known := account.From(c.Request.Context())
	if !known {
		c.Redirect(http.StatusSeeOther, "/")
		return
	}
	err := s.deps.Accounts.End(c.Request.Context(), p.Session)
	if err == nil {
		err = s.note(c.Request.Context(), noteSignOut, p.Login, "")
	}
	if err != nil {
		s.fail(c, err)
		return
	}
	s.forget(c)
	c.Header("Clear-Site-Data", `"cache"`)
	c.Redirect(http.StatusSeeOther, "/sign-in")
}

// welcomeForm shows what a one-time link is for.
func (s *Server) welcomeForm(c *gin.Context) { s.welcomePage(c, http.StatusOK, "") }

func (s *Server) welcomePage(c *gin.Context, status int, fault string) {
	link := c.Param("link")
	invited, err := s.deps.Accounts.Invitation(c.Request.Context(), link)
	if errors.Is(err, account.ErrRefused) {
		err = refusal{status: http.StatusNotFound, title: "链接已失效", detail: "一次性链接只能用一次，过期也会失效。", remedy: "请找管理员要一个新的。"}
	}
	if err != nil {
		s.fail(c, err)
		return
	}
	p := signInPage{frame: s.bareFrame(c, "设置密码"), Welcome: "/welcome/" + pathEscape(link), First: invited.First, Login: invited.Account.Login, Name: invited.Account.Name, Fault: fault}
	if invited.First {
		p.Login, p.Name = clipped(c.PostForm("login")), clipped(c.PostForm("name"))
	}
	s.render(c, status, "sign-in", p)
}

// welcome uses a one-time link.
func (s *Server) welcome(c *gin.Context) {
	form := c.Request.PostForm
	if !s.gate.open(c.ClientIP(), s.deps.Now()) {
		s.welcomePage(c, http.StatusTooManyRequests, signInTooMany)
		return
	}
	if form.Get("password") != form.Get("again") {
		s.welcomePage(c, http.StatusBadRequest, "两次输入的密码不一样。")
		return
	}
	secret, a, err := s.deps.Accounts.Accept(c.Request.Context(), c.Param("link"), strings.TrimSpace(form.Get("login")), strings.TrimSpace(form.Get("name")), form.Get("password"))
	weak, isWeak := errors.AsType[account.ErrWeak](err)
	switch {
	case isWeak:
		s.welcomePage(c, http.StatusBadRequest, weak.Why+"。")
	case errors.Is(err, account.ErrTaken):
		s.welcomePage(c, http.StatusBadRequest, "这个用户名已经有人用了。")
	case errors.Is(err, account.ErrRefused):
		s.welcomePage(c, http.StatusNotFound, "")
	case errors.Is(err, account.ErrBusy):
		s.fail(c, errBusy)
	case err != nil:
		s.log.Warn("a one-time link was not accepted", slog.Any("error", err))
		s.welcomePage(c, http.StatusBadRequest, "用户名要有 1 到 60 个字符，不含空格。")
	default:
		s.enter(c, a, secret, "link", "")
	}
}

// attemptCookie keeps what belongs to the browser while its person is at the identity provider.
func (s *Server) attemptCookie() string { return s.cookie() + "_attempt" }

func (s *Server) toProvider(c *gin.Context) {
	if s.deps.Provider == nil {
		s.fail(c, refusal{status: http.StatusNotFound, title: "没有找到", detail: "没有配置统一登录。"})
		return
	}
	address, attempt, err := s.deps.Provider.Begin(c.Request.Context(), nextPath(c.Query("next")))
	if err != nil {
		s.providerFailed(c, err)
		return
	}
	raw, err := json.Marshal(attempt)
	if err != nil {
		s.fail(c, err)
		return
	}
	s.keepAttempt(c, base64.RawURLEncoding.EncodeToString(raw), int(provider.AttemptAge.Seconds()))
	c.Redirect(http.StatusSeeOther, address)
}

func (s *Server) keepAttempt(c *gin.Context, value string, age int) {
	http.SetCookie(c.Writer, &http.Cookie{
		Name: s.attemptCookie(), Value: value, Path: "/", MaxAge: age, HttpOnly: true, Secure: s.cfg.Front.encrypted(), SameSite: http.SameSiteLaxMode,
	})
}

// fromProvider is where the identity provider leads people back to. An attempt works once.
func (s *Server) fromProvider(c *gin.Context) {
	if s.deps.Provider == nil {
		s.toProvider(c)
		return
	}
	var attempt provider.Attempt
	kept, err := c.Cookie(s.attemptCookie())
	if err == nil {
		raw, decodeErr := base64.RawURLEncoding.DecodeString(kept)
		if decodeErr != nil || json.Unmarshal(raw, &attempt) != nil {
			attempt = provider.Attempt{}
		}
	}
	s.keepAttempt(c, "", -1)
	ctx := c.Request.Context()
	who, subject, err := s.deps.Provider.Finish(ctx, attempt, c.Request.URL.Query())
	var a account.Account
	if err == nil {
		a, err = s.deps.Accounts.Foreign(ctx, who, subject)
	}
	var secret string
	if err == nil {
		secret, err = s.deps.Accounts.Begin(ctx, a.ID, "provider")
	}
	if err != nil {
		s.providerFailed(c, err)
		return
	}
	s.enter(c, a, secret, "provider", nextPath(attempt.Next))
}

// providerFailed shows the door again; the log has the reason, the reader does not.
func (s *Server) providerFailed(c *gin.Context, err error) {
	refused, isRefused := errors.AsType[provider.ErrRefused](err)
	p := s.doorPage(c, "")
	status := http.StatusBadGateway
	p.Fault = "身份提供方现在没有答复，请稍后再试，或用本地账户登录。"
	if isRefused || errors.Is(err, account.ErrTaken) || errors.Is(err, account.ErrRefused) {
		status = http.StatusForbidden
		p.Fault = "统一登录没有通过：登录已过期、重复使用，或者你还没有这里的角色。重新登录一次；仍然不行请联系管理员。"
	}
	s.log.Warn("sign-in at the provider failed", slog.String("why", refused.Why), slog.Any("error", err))
	s.render(c, status, "sign-in", p)
}

// nextPath is a path of this site to go on to, empty for any other, and for pages that no reader opens.
func nextPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") ||
		strings.HasPrefix(u.Path, "/sign-in") || strings.HasPrefix(u.Path, "/api/") || strings.HasPrefix(u.Path, "/fragments/") || strings.HasPrefix(u.Path, "/welcome") {
		return ""
	}
	return next
}

// clipped bounds what is written back into a form.
func clipped(text string) string {
	runes := []rune(text)
	return string(runes[:min(len(runes), maxNameRunes)])
}
