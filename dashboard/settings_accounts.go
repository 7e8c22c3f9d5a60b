package dashboard

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"wenguo/dashboard/account"
)

// accountsPage is what templates/accounts.html shows.
type accountsPage struct {
	settingsFrame

	Rows  []accountRow
	Roles []account.RoleName
	// Link is a one-time link, shown once, and LinkFor whom it is for.
	Link, LinkFor string
	// Departments are names to choose from.
	Departments []string
	LinkHours   string
}

type accountRow struct {
	account.Account

	MadeText, RoleName string
	Me                 bool
}

func (s *Server) accounts(c *gin.Context) { s.accountsPage(c, http.StatusOK, "", "", "") }

func (s *Server) accountsPage(c *gin.Context, status int, fault, link, linkFor string) {
	all, err := s.deps.Accounts.All(c.Request.Context())
	if err != nil {
		s.fail(c, err)
		return
	}
	me, _ := account.From(c.Request.Context())
	p := accountsPage{settingsFrame: s.settingsFrame(c, "账户", "/settings/accounts"), Roles: account.Roles, Link: link, LinkFor: linkFor}
	p.Fault = fault
	p.LinkHours = strconv.Itoa(int(s.deps.Accounts.Config().LinkAge.Hours()))
	for _, a := range all {
		p.Rows = append(p.Rows, accountRow{a, s.minute(a.Made), a.Role.Name(), a.ID == me.ID})
	}
	s.render(c, status, "accounts", p)
}

// newAccount makes one, and a one-time link by which its person sets a password.
func (s *Server) newAccount(c *gin.Context) {
	form, ctx := c.Request.PostForm, c.Request.Context()
	a, err := s.deps.Accounts.Add(ctx, account.Person{
		Login: strings.TrimSpace(form.Get("login")), Name: strings.TrimSpace(form.Get("name")), Role: account.Role(form.Get("role")), Departments: listed(form.Get("departments")),
	}, "")
	if errors.Is(err, account.ErrTaken) {
		s.accountsPage(c, http.StatusConflict, "这个用户名已经有人用了。", "", "")
		return
	}
	if err != nil {
		s.accountsPage(c, http.StatusBadRequest, accountFault, "", "")
		return
	}
	link, err := s.deps.Accounts.Link(ctx, a.ID)
	if err == nil {
		err = s.note(ctx, noteAccount, a.Login, "add "+string(a.Role)+" "+strings.Join(a.Departments, ","))
	}
	if err != nil {
		s.fail(c, err)
		return
	}
	s.accountsPage(c, http.StatusOK, "", "/welcome/"+link, a.Login)
}

const accountFault = "没有保存：用户名 1 到 60 个字符、不含空格；“部门”角色要写明部门，其他角色不写。"

// listed are the parts of a text between commas of either kind.
func listed(text string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",，、;；\n", r) }) {
		if part = strings.TrimSpace(part); part != "" && !slices.Contains(out, part) {
			out = append(out, part)
		}
	}
	return out
}

// changeAccount changes one: its role and departments, whether it is disabled, or gives a one-time link for a new password.
func (s *Server) changeAccount(c *gin.Context) {
	form, ctx := c.Request.PostForm, c.Request.Context()
	a, err := s.deps.Accounts.ByID(ctx, wholeNumber(c.Param("id")))
	if err != nil {
		s.settled(c, err, "", "", "", "")
		return
	}
	switch form.Get("do") {
	case "link":
		link, err := s.deps.Accounts.Link(ctx, a.ID)
		if err == nil {
			err = s.note(ctx, noteAccount, a.Login, "link")
		}
		if err != nil {
			s.fail(c, err)
			return
		}
		s.accountsPage(c, http.StatusOK, "", "/welcome/"+link, a.Login)
		return
	case "sign-out":
		_, err := s.deps.Accounts.EndAll(ctx, a.ID, "")
		s.settled(c, err, noteAccount, a.Login, "sign out", "/settings/accounts?done=account")
		return
	case "disable", "enable":
		err = s.deps.Accounts.Change(ctx, a.ID, a.Person, form.Get("do") == "disable")
	case "role":
		changed := a.Person
		changed.Role, changed.Departments = account.Role(form.Get("role")), listed(form.Get("departments"))
		err = s.deps.Accounts.Change(ctx, a.ID, changed, a.Disabled)
	default:
		err = badBody("do", "没有这个操作")
	}
	if errors.Is(err, account.ErrLast) {
		s.accountsPage(c, http.StatusConflict, "这是最后一个管理员：先让别人成为管理员。", "", "")
		return
	}
	if err != nil {
		s.accountsPage(c, http.StatusBadRequest, accountFault, "", "")
		return
	}
	detail := form.Get("do")
	if detail == "role" {
		detail = "role " + form.Get("role") + " " + strings.Join(listed(form.Get("departments")), ",")
	}
	s.settled(c, nil, noteAccount, a.Login, detail, "/settings/accounts?done=account")
}

// wholeNumber is a number that stands in an address, 0 for what is none.
func wholeNumber(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// tokensPage is what templates/tokens.html shows.
type tokensPage struct {
	settingsFrame

	Rows   []tokenRow
	Scopes []account.Rule
	// Text is a new token, shown once.
	Text string
	// All says that the tokens of all accounts are shown.
	All bool
}

type tokenRow struct {
	account.Token

	MadeText, EndsText, UsedText string
	Means                        []string
	Ended                        bool
}

func (s *Server) tokens(c *gin.Context) { s.tokensPage(c, http.StatusOK, "", "") }

func (s *Server) tokensPage(c *gin.Context, status int, fault, text string) {
	me, _ := account.From(c.Request.Context())
	of := me.ID
	if me.May(account.Accounts) {
		of = 0
	}
	found, err := s.deps.Accounts.Tokens(c.Request.Context(), of)
	if err != nil {
		s.fail(c, err)
		return
	}
	p := tokensPage{settingsFrame: s.settingsFrame(c, "API 令牌", "/settings/tokens"), Text: text, All: of == 0}
	p.Fault = fault
	for _, r := range account.Rules {
		if r.Token && me.Role.May(r.Action) {
			p.Scopes = append(p.Scopes, r)
		}
	}
	now := s.deps.Now()
	for _, t := range found {
		row := tokenRow{Token: t, MadeText: s.minute(t.Made), EndsText: s.minute(t.Ends), Ended: !now.Before(t.Ends)}
		if !t.Used.IsZero() {
			row.UsedText = t.Used.In(s.cfg.Zone).Format(time.DateOnly)
		}
		for _, a := range t.Scopes {
			row.Means = append(row.Means, a.Name())
		}
		p.Rows = append(p.Rows, row)
	}
	s.render(c, status, "tokens", p)
}

// newToken makes an API token of one's own account.
func (s *Server) newToken(c *gin.Context) {
	me, _ := account.From(c.Request.Context())
	form := c.Request.PostForm
	var scopes []account.Action
	for _, text := range form["scope"] {
		scopes = append(scopes, account.Action(text))
	}
	life := time.Duration(wholeNumber(form.Get("days"))) * 24 * time.Hour
	if days := wholeNumber(form.Get("days")); days < 1 || days > 365 {
		s.tokensPage(c, http.StatusBadRequest, "有效期是 1 到 365 天。", "")
		return
	}
	text, t, err := s.deps.Accounts.NewToken(c.Request.Context(), me.ID, form.Get("name"), scopes, life)
	if err != nil {
		s.tokensPage(c, http.StatusBadRequest, "没有生成：名称要有 1 到 60 个字符，至少选一项你自己也有的权限。", "")
		return
	}
	if err := s.note(c.Request.Context(), noteToken, t.ID, "add "+strings.Join(texts(scopes), ",")); err != nil {
		s.fail(c, err)
		return
	}
	s.tokensPage(c, http.StatusOK, "", text)
}

// endToken ends a token: one's own, or anybody's for an administrator.
func (s *Server) endToken(c *gin.Context) {
	me, _ := account.From(c.Request.Context())
	of := me.ID
	if me.May(account.Accounts) {
		of = 0
	}
	id := c.PostForm("id")
	s.settled(c, s.deps.Accounts.EndToken(c.Request.Context(), id, of), noteToken, id, "end", "/settings/tokens?done=token")
}
