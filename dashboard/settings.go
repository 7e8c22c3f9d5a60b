package dashboard

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"wenguo/dashboard/account"
)

// settingsFrame is what every page under /settings shows around its content.
type settingsFrame struct {
	frame

	Tabs []settingsTab
	// Done says what was just done; Fault what was not.
	Done, Fault string
}

type settingsTab struct {
	URL, Name string
	Current   bool
}

// settingsTabs are the pages, each with what it takes to open it; those of accounts only exist with them.
var settingsTabs = []struct { //nolint:gochecknoglobals // a constant table
	url, name string
	action    account.Action
	accounts  bool
}{
	{"/settings", "我的账户", account.Own, true},
	{"/settings/views", "保存的视图", account.Own, false},
	{"/settings/policy", "策略与日历", account.Settings, false},
	{"/settings/words", "词典", account.Settings, false},
	{"/settings/tokens", "API 令牌", account.Own, true},
	{"/settings/accounts", "账户", account.Accounts, true},
	{"/settings/audit", "审计日志", account.Audit, true},
}

func (s *Server) settingsFrame(c *gin.Context, title, path string) settingsFrame {
	f := settingsFrame{frame: s.bareFrame(c, title)}
	f.Nav = "/settings"
	for _, t := range settingsTabs {
		if f.May(string(t.action)) && (!t.accounts || s.deps.Accounts != nil) && (t.url != "/settings/views" || s.deps.Views != nil) {
			f.Tabs = append(f.Tabs, settingsTab{t.url, t.name, t.url == path})
		}
	}
	f.Done = settingsDone[c.Query("done")]
	return f
}

// settingsDone are the words behind done=.
var settingsDone = map[string]string{ //nolint:gochecknoglobals // a constant table
	"password": "密码已更改，别处的会话都已退出。", "sessions": "别处的会话都已退出。", "token": "令牌已停用。", "account": "账户已更改。",
	"view": "视图已保存。", "unview": "视图已删除。",
}

// selfPage is what templates/settings.html shows: one's own account.
type selfPage struct {
	settingsFrame

	Account  account.Account
	Role     string
	Means    string
	Sessions []sessionRow
	Allowed  []string
}

type sessionRow struct {
	Made, Seen, Way string
	Here            bool
}

var wayNames = map[string]string{"password": "密码", "link": "一次性链接", "provider": "统一登录"} //nolint:gochecknoglobals // a constant table

func (s *Server) settings(c *gin.Context) { s.selfPage(c, http.StatusOK, "") }

func (s *Server) selfPage(c *gin.Context, status int, fault string) {
	me, known := account.From(c.Request.Context())
	if !known {
		c.Redirect(http.StatusSeeOther, "/settings/policy")
		return
	}
	ctx := c.Request.Context()
	a, err := s.deps.Accounts.ByID(ctx, me.ID)
	if err != nil {
		s.fail(c, err)
		return
	}
	open, err := s.deps.Accounts.Sessions(ctx, me.ID)
	if err != nil {
		s.fail(c, err)
		return
	}
	p := selfPage{settingsFrame: s.settingsFrame(c, "设置", "/settings"), Account: a, Role: a.Role.Name()}
	p.Fault = fault
	for _, r := range account.Roles {
		if r.Role == a.Role {
			p.Means = r.Means
		}
	}
	for _, r := range account.Rules {
		if a.Role.May(r.Action) {
			p.Allowed = append(p.Allowed, r.Name)
		}
	}
	for _, o := range open {
		p.Sessions = append(p.Sessions, sessionRow{s.minute(o.Made), s.minute(o.Seen), wayNames[o.Way], o.Hash == me.Session})
	}
	s.render(c, status, "settings", p)
}

// minute is an instant as pages of settings write it, empty for none.
func (s *Server) minute(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(s.cfg.Zone).Format("2006-01-02 15:04")
}

// password changes one's own, with the present one, so that nobody does who finds an open browser.
func (s *Server) password(c *gin.Context) {
	me, known := account.From(c.Request.Context())
	if !known {
		s.fail(c, errNobody)
		return
	}
	form, ctx := c.Request.PostForm, c.Request.Context()
	if form.Get("password") != form.Get("again") {
		s.selfPage(c, http.StatusBadRequest, "两次输入的新密码不一样。")
		return
	}
	err := s.deps.Accounts.CheckPassword(ctx, me.ID, form.Get("present"))
	if errors.Is(err, account.ErrRefused) {
		s.selfPage(c, http.StatusForbidden, "现在的密码不对，或者尝试次数太多。")
		return
	}
	if err == nil {
		err = s.deps.Accounts.SetPassword(ctx, me.ID, form.Get("password"), me.Session)
	}
	if weak, is := errors.AsType[account.ErrWeak](err); is {
		s.selfPage(c, http.StatusBadRequest, weak.Why+"。")
		return
	}
	s.settled(c, err, notePassword, me.Login, "", "/settings?done=password")
}

// sessions ends all of one's own but this one.
func (s *Server) sessions(c *gin.Context) {
	me, _ := account.From(c.Request.Context())
	_, err := s.deps.Accounts.EndAll(c.Request.Context(), me.ID, me.Session)
	s.settled(c, err, noteSignOut, me.Login, "everywhere", "/settings?done=sessions")
}

// settled notes what was done and leads back, or answers the error.
func (s *Server) settled(c *gin.Context, err error, action, object, detail, back string) {
	if errors.Is(err, account.ErrUnknown) {
		err = refusal{status: http.StatusNotFound, title: "没有找到", detail: "没有这一项，或者它不是你的。"}
	}
	if err == nil {
		err = s.note(c.Request.Context(), action, object, detail)
	}
	if err != nil {
		s.fail(c, err)
		return
	}
	c.Redirect(http.StatusSeeOther, back)
}

// viewsPage is what templates/views.html shows.
type viewsPage struct {
	settingsFrame

	Mine, Shared []viewRow
	// Address is what a new view would hold, from the page that the reader came from.
	Address  string
	MayShare bool
}

type viewRow struct {
	ID            int64
	Name, Address string
	By            string
	Shared, Mine  bool
	MayEnd        bool
}

func (s *Server) views(c *gin.Context) { s.viewsPage(c, http.StatusOK, "") }

func (s *Server) viewsPage(c *gin.Context, status int, fault string) {
	me, _ := account.From(c.Request.Context())
	found, err := s.deps.Views.Views(c.Request.Context(), me.ID)
	if err != nil {
		s.fail(c, err)
		return
	}
	p := viewsPage{settingsFrame: s.settingsFrame(c, "保存的视图", "/settings/views"), Address: nextPath(c.Query("address"))}
	p.Fault, p.MayShare = fault, p.frame.May(string(account.Share))
	for _, v := range found {
		row := viewRow{v.ID, v.Name, v.Address, v.By, v.Shared, v.Mine, v.Mine || p.MayShare}
		if v.Shared {
			p.Shared = append(p.Shared, row)
		} else {
			p.Mine = append(p.Mine, row)
		}
	}
	s.render(c, status, "views", p)
}

// saveView keeps the address of a page.
func (s *Server) saveView(c *gin.Context) {
	me, _ := account.From(c.Request.Context())
	form := c.Request.PostForm
	shared := form.Get("shared") != "" && s.may(c, account.Share)
	if err := s.deps.Views.SaveView(c.Request.Context(), me.ID, form.Get("name"), nextPath(form.Get("address")), shared); err != nil {
		s.viewsPage(c, http.StatusBadRequest, "没有保存：名称要有 1 到 60 个字符，地址要是本站的一个页面，最多 100 个视图。")
		return
	}
	c.Redirect(http.StatusSeeOther, "/settings/views?done=view")
}

func (s *Server) endView(c *gin.Context) {
	me, _ := account.From(c.Request.Context())
	err := s.deps.Views.EndView(c.Request.Context(), wholeNumber(c.PostForm("id")), me.ID, s.may(c, account.Share))
	if errors.Is(err, account.ErrUnknown) {
		err = refusal{status: http.StatusNotFound, title: "没有找到", detail: "没有这一项，或者它不是你的。"}
	}
	if err != nil {
		s.fail(c, err)
		return
	}
	c.Redirect(http.StatusSeeOther, "/settings/views?done=unview")
}

// may says whether the asker may do an action; without accounts everybody may.
func (s *Server) may(c *gin.Context, a account.Action) bool {
	p, known := account.From(c.Request.Context())
	return s.deps.Accounts == nil || known && p.May(a)
}

// SaveURL leads from a page to saving its view.
func (f frame) SaveURL() string {
	return "/settings/views?" + url.Values{"address": {f.View.URL()}}.Encode()
}

// May says whether the reader may do an action, for the templates; without accounts everybody may.
func (f frame) May(action string) bool {
	if !f.Accounts {
		return true
	}
	return f.Person != nil && f.Person.May(account.Action(action))
}

// Limited says that the reader sees only the rows of some departments.
func (f frame) Limited() bool { return f.Person != nil && f.Person.Limited() }

// RoleName is the reader's role in words.
func (f frame) RoleName() string {
	if f.Person == nil {
		return ""
	}
	return f.Person.Role.Name()
}

// Rows are the departments that the reader's rows are of.
func (f frame) Rows() string {
	if f.Person == nil {
		return ""
	}
	return strings.Join(f.Person.Departments, "、")
}

// viewOn is a view with its page, for the template.
type viewOn struct {
	Row  viewRow
	Page viewsPage
}

// With is for the template.
func (p viewsPage) With(r viewRow) viewOn { return viewOn{r, p} }
