package dashboard

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"wenguo/dashboard/account"
	"wenguo/dashboard/sheet"
	"wenguo/ingest"
	"wenguo/transform/issue"
)

// What the audit log tells of.
const (
	noteSignIn        = "sign-in"
	noteSignInRefused = "sign-in-refused"
	noteLocked        = "locked"
	noteSignOut       = "sign-out"
	notePassword      = "password"
	noteReveal        = "reveal"
	noteExport        = "export"
	noteDecision      = "decision"
	noteToken         = "token"
	noteAccount       = "account"
	noteSilence       = "silence"
	noteReplay        = "replay"
	noteWord          = "word"
)

// noteNames are the actions of the log in words, in the order of the page's filter.
var noteNames = []struct{ Action, Name string }{ //nolint:gochecknoglobals // a constant table
	{noteSignIn, "登录"},
	{noteSignInRefused, "登录被拒"},
	{noteLocked, "锁定"},
	{noteSignOut, "退出"},
	{notePassword, "改密码"},
	{noteReveal, "显示原文"},
	{noteExport, "导出"},
	{noteDecision, "决定"},
	{noteToken, "令牌"},
	{noteAccount, "账户"},
	{noteSilence, "静默"},
	{noteReplay, "重放"},
	{noteWord, "词典"},
}

// note adds a line to the audit log, with who asks; nothing while nobody signs in.
func (s *Server) note(ctx context.Context, action, object, detail string) error {
	if s.deps.Accounts == nil {
		return nil
	}
	p, _ := account.From(ctx)
	e := account.Entry{Who: p.Login, Role: p.Role, Action: action, Object: object, Detail: detail, Address: p.Address}
	if p.Token != "" {
		e.Who += " (" + p.Token + ")"
	}
	return s.deps.Accounts.Note(context.WithoutCancel(ctx), e) // what somebody did is kept though they went away meanwhile
}

// noteRefusedSignIn keeps a refused sign-in of an account that exists. A name that nobody has is not kept: people type
// passwords there.
func (s *Server) noteRefusedSignIn(c *gin.Context, tried account.Tried) {
	if !tried.Known || tried.Locked {
		return
	}
	e := account.Entry{Who: tried.Account.Login, Role: tried.Account.Role, Action: noteSignInRefused, Object: tried.Account.Login, Address: c.ClientIP()}
	if tried.Now {
		e.Action = noteLocked
	}
	if err := s.deps.Accounts.Note(context.WithoutCancel(c.Request.Context()), e); err != nil {
		s.log.Error("a refused sign-in is not in the audit log", slog.Any("error", err))
	}
}

// noteDecisions keeps what was decided; the bus has it with its author already.
func (s *Server) noteDecisions(ctx context.Context, made []issue.Decision) {
	for _, d := range made {
		if err := s.note(ctx, noteDecision, d.ID, string(kindOf(d))); err != nil {
			s.log.Error("a decision is not in the audit log", slog.String("decision", d.ID), slog.Any("error", err))
		}
	}
}

// personAuthor is the author of what a person with an account decides.
func personAuthor(p account.Person) ingest.Actor {
	if len(p.Departments) > 0 {
		return newAuthor(p.Login, p.Departments[0])
	}
	return newAuthor(p.Login, "")
}

// auditPage is what templates/audit.html shows.
type auditPage struct {
	settingsFrame

	Rows        []auditRow
	Actions     []auditTab
	Who, Object string
	Day, Until  string
	NextURL     string
	CSV         string
	Chain       account.Chain
	Broken      bool
	Entries     string
}

type auditTab struct {
	Action, Name string
	Chosen       bool
}

type auditRow struct {
	Seq                             string
	When, Full                      string
	Who, Role, What, Object, Detail string
	Address, Hash                   string
	ObjectURL                       string
}

// auditRows is how many entries a page shows, and a file reads at once.
const auditRows = 100

// auditFilter reads the address of the log.
func (s *Server) auditFilter(q url.Values) (account.Filter, error) {
	f := account.Filter{Who: q.Get("who"), Action: q.Get("action"), Object: q.Get("object"), Limit: auditRows}
	for name, to := range map[string]*time.Time{"from": &f.From, "until": &f.To} {
		text := q.Get(name)
		if text == "" {
			continue
		}
		day, err := time.ParseInLocation(time.DateOnly, text, s.cfg.Zone)
		if err != nil {
			return f, badField(name, "日期要写成 2026-11-01 这样")
		}
		if name == "until" {
			day = day.AddDate(0, 0, 1)
		}
		*to = day
	}
	if text := q.Get("before"); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 1 {
			return f, badField("before", "翻页标记读不懂，请从第一页开始")
		}
		f.Before = n
	}
	return f, nil
}

// audit is the page of the log.
func (s *Server) audit(c *gin.Context) {
	q := c.Request.URL.Query()
	f, err := s.auditFilter(q)
	if err != nil {
		s.fail(c, err)
		return
	}
	found, err := s.deps.Accounts.Entries(c.Request.Context(), f)
	if err != nil {
		s.fail(c, err)
		return
	}
	chain, err := s.deps.Accounts.VerifyAudit(c.Request.Context())
	if err != nil {
		s.fail(c, err)
		return
	}
	p := auditPage{
		settingsFrame: s.settingsFrame(c, "审计日志", "/settings/audit"), Who: f.Who, Object: f.Object, Day: q.Get("from"), Until: q.Get("until"),
		Chain: chain, Broken: chain.Fault != "", Entries: grouped(chain.Entries),
	}
	for _, n := range noteNames {
		p.Actions = append(p.Actions, auditTab{n.Action, n.Name, n.Action == f.Action})
	}
	for _, e := range found {
		p.Rows = append(p.Rows, s.auditRow(e))
	}
	if len(found) == auditRows {
		q.Set("before", strconv.FormatInt(found[len(found)-1].Seq, 10))
		p.NextURL = address("/settings/audit", q)
	}
	q.Del("before")
	p.CSV = address("/settings/audit.csv", q)
	s.render(c, http.StatusOK, "audit", p)
}

func (s *Server) auditRow(e account.Entry) auditRow {
	at := e.At.In(s.cfg.Zone)
	r := auditRow{
		Seq: strconv.FormatInt(e.Seq, 10), When: at.Format("2006-01-02 15:04:05"), Full: at.Format(time.RFC3339), Who: e.Who, Role: e.Role.Name(),
		What: noteName(e.Action), Object: e.Object, Detail: e.Detail, Address: e.Address, Hash: e.Hash[:min(len(e.Hash), 12)],
	}
	switch e.Action {
	case noteReveal:
		r.ObjectURL = "/complaints/" + pathEscape(e.Object)
	case noteDecision:
		r.ObjectURL = address("/decisions", url.Values{"done": {e.Object}})
	}
	return r
}

func noteName(action string) string {
	for _, n := range noteNames {
		if n.Action == action {
			return n.Name
		}
	}
	return action
}

// auditCSV is the log as a file, the newest first; its hashes let anybody check the chain.
func (s *Server) auditCSV(c *gin.Context) {
	f, err := s.auditFilter(c.Request.URL.Query())
	if err == nil {
		err = s.note(c.Request.Context(), noteExport, "/settings/audit.csv", "")
	}
	if err != nil {
		s.fail(c, err)
		return
	}
	var columns []sheet.Column
	for _, name := range []string{"序号", "时刻（毫秒）", "人", "角色", "动作", "对象", "说明", "网络地址", "前一条的散列", "散列"} {
		columns = append(columns, sheet.Column{Header: s.say(c, name)})
	}
	c.Header("Content-Type", sheet.MediaCSV)
	c.Header("Content-Disposition", `attachment; filename="wenguo_audit.csv"`)
	c.Header("Cache-Control", "private, no-store")
	w, err := sheet.New(sheet.CSV, c.Writer, s.cfg.Zone, "", columns)
	if err != nil {
		s.fail(c, err)
		return
	}
	defer w.Discard()
	for {
		found, err := s.deps.Accounts.Entries(c.Request.Context(), f)
		for _, e := range found {
			if err == nil {
				err = w.Row(strconv.FormatInt(e.Seq, 10), strconv.FormatInt(e.At.UnixMilli(), 10), e.Who, string(e.Role), e.Action, e.Object, e.Detail, e.Address, e.Before, e.Hash)
			}
		}
		if err != nil {
			s.log.Error("file cut off", slog.String("path", c.FullPath()), slog.Any("error", err))
			panic(http.ErrAbortHandler)
		}
		if len(found) < f.Limit {
			break
		}
		f.Before = found[len(found)-1].Seq
	}
	if err := w.Close(); err != nil {
		panic(http.ErrAbortHandler)
	}
}

// exported is what a file is called in the audit log: its address with the filters, without what somebody searched for.
func exported(u *url.URL) string {
	q := u.Query()
	for _, name := range []string{"q", customerParameter, orderParameter} {
		if q.Has(name) {
			q.Set(name, "…")
		}
	}
	text, err := url.QueryUnescape(address(u.Path, q))
	if err != nil {
		text = u.Path
	}
	return strings.ToValidUTF8(sheet.Plain(text), "?")
}
