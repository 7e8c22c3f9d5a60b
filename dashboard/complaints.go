package dashboard

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"wenguo/transform"
	"wenguo/transform/kpi"
	"wenguo/transform/sla"
)

// ComplaintReader is what the complaint pages ask.
type ComplaintReader interface {
	// Complaints is one page of the list, newest registration first.
	Complaints(ctx context.Context, f transform.ComplaintFilter) (transform.ComplaintPage, error)
	// EachListed gives every row of the list in its order, whatever Limit and After say. It holds a few thousand rows at
	// a time, and stops at the first error of give.
	EachListed(ctx context.Context, f transform.ComplaintFilter, give func(transform.ComplaintRow) error) error
	// Complaint is one complaint as of an instant; transform.ErrNotFound if nothing of it had happened by then.
	Complaint(ctx context.Context, id string, asOf time.Time) (transform.ComplaintDetail, error)
}

// complaintsOwn are the parameters of the list.
var complaintsOwn = []string{ //nolint:gochecknoglobals // a constant list
	"q", "scope", "state", "stage", "verdict", "score", "overdue", "after", "limit", "kpi", "part", "look",
	"with", "step", "reached", "spent", "moved_from", "moved_to", "bounced",
	"sort", customerParameter, orderParameter,
}

// Rows of a page of the list.
const (
	pageRows    = 50
	maxPageRows = 200
	maxQuery    = 200
)

// complaintsPage is what templates/complaints.html shows.
type complaintsPage struct {
	frame

	Search string
	// Found is what goes with a search.
	Found part[*searched]
	Tabs  []scopeTab
	// Narrow says in words which clock or score the list is narrowed to.
	Narrow string
	// Figure is the key figure whose complaints these are; nil on other lists.
	Figure *part[behindFigure]
	List   part[complaintList]
}

type scopeTab struct {
	Name, URL, Hint string
	Chosen          bool
}

type complaintList struct {
	Rows  []complaintRow
	Total string
	// AtLeast says that there are more than Total.
	AtLeast bool
	Next    string
	First   string
}

type complaintRow struct {
	ID, URL                                            string
	Title, Excerpt                                     []piece
	Registered, Channel, Category, Product, Department string
	Priority, PriorityName                             string
	State, StateName                                   string
	Due, DueTone                                       string
	Score                                              string
	IssueName, IssueURL                                string
	Reopened, Breached                                 int
}

func (s *Server) complaints(c *gin.Context) {
	if s.awayFromNumbers(c) {
		return
	}
	f, err := s.begin(c, "投诉", "/complaints", complaintsOwn...)
	if err != nil {
		s.fail(c, err)
		return
	}
	filter, err := parseFilter(f.View)
	if err != nil {
		s.fail(c, err)
		return
	}
	ctx := c.Request.Context()
	var wg sync.WaitGroup
	var list part[transform.ComplaintPage]
	var choices part[map[kpi.Dimension][]kpi.Choice]
	ask(s, &wg, "complaints", &list, func() (transform.ComplaintPage, error) { return s.deps.Reader.Complaints(ctx, filter) })
	ask(s, &wg, "filters", &choices, func() (map[kpi.Dimension][]kpi.Choice, error) {
		return s.deps.Reader.Choices(ctx, f.View.query())
	})
	var found part[*searched]
	ask(s, &wg, "search", &found, func() (*searched, error) { return s.askSearch(ctx, f.View, filter) })
	figure := s.askFigure(ctx, &wg, f.View, filter)
	wg.Wait()
	if filter.Scope == transform.ScopeKPI {
		f.Scoped = []chip{figureChip(f.View, filter)}
	}
	if filter.Scope == transform.ScopeLook {
		f.Scoped = []chip{lookChip(f.View, filter)}
	}
	f.Scoped = append(f.Scoped, journeyChips(f.View, filter)...)
	p := complaintsPage{frame: f, Figure: figure.shown(f.View, filter), Search: filter.Text, Found: found, Tabs: scopeTabs(f.View, filter), Narrow: narrowText(filter)}
	p.Menus = menus(f.View, choices.V)
	p.List = convert(list, func(page transform.ComplaintPage) complaintList { return newComplaintList(f.View, page) })
	s.render(c, http.StatusOK, "complaints", p)
}

// parseFilter reads the list's own parameters.
func parseFilter(v view) (transform.ComplaintFilter, error) {
	own := v.Own
	f := transform.ComplaintFilter{
		Query: v.query(), Scope: transform.Scope(own.Get("scope")), Stage: sla.Stage(own.Get("stage")), Verdict: transform.Verdict(own.Get("verdict")),
		Overdue: own.Get("overdue") == "1", Limit: pageRows,
	}
	if err := parseFigure(&f, own); err != nil {
		return f, err
	}
	scopes := []transform.Scope{
		transform.ScopeRegistered, transform.ScopeOpen, transform.ScopeResolved, transform.ScopeDue, transform.ScopeRated, transform.ScopeKPI,
		transform.ScopeCohort, transform.ScopePlanned, transform.ScopeMoved, transform.ScopeLook,
	}
	if !slices.Contains(scopes, f.Scope) {
		return f, badField("scope", "可用 registered、open、resolved、due、rated、kpi、cohort、planned、moved、look")
	}
	if _, ok := stageNames[f.Stage]; f.Scope == transform.ScopeDue && !ok {
		return f, badField("stage", "scope=due 时要写明环节，如 acknowledge、resolve")
	}
	if !slices.Contains([]transform.Verdict{"", transform.VerdictMet, transform.VerdictBreached, transform.VerdictPending}, f.Verdict) {
		return f, badField("verdict", "可用 met、breached、pending")
	}
	if err := parseLook(&f, own); err != nil {
		return f, err
	}
	if err := parseSearch(&f, own); err != nil {
		return f, err
	}
	for _, s := range own["state"] {
		if s == "" {
			continue
		}
		if _, ok := complaintStateNames[transform.State(s)]; !ok {
			return f, badField("state", "可用 open、resolved、withdrawn、rejected、merged")
		}
		f.States = append(f.States, transform.State(s))
	}
	if err := parseJourney(&f, own); err != nil {
		return f, err
	}
	err := parsePage(&f, own)
	return f, err
}

// parsePage reads scores, page length and cursor.
func parsePage(f *transform.ComplaintFilter, own url.Values) error {
	for _, s := range own["score"] {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > 5 {
			return badField("score", "评分是 1 到 5 的整数")
		}
		f.Scores = append(f.Scores, n)
	}
	if s := own.Get("limit"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > maxPageRows {
			return badField("limit", "每页 1 到 "+strconv.Itoa(maxPageRows)+" 行")
		}
		f.Limit = n
	}
	if s := own.Get("after"); s != "" {
		cursor, ok := decodeCursor(s)
		if !ok {
			return badField("after", "翻页标记读不懂，请从第一页开始")
		}
		f.After = cursor
	}
	return nil
}

func scopeTabs(v view, f transform.ComplaintFilter) []scopeTab {
	q := v.Own.Get("q")
	plain := f.Scope == transform.ScopeRegistered && !f.Overdue
	return []scopeTab{
		{"本期登记", v.With("/complaints", "q", q, customerParameter, v.Own.Get(customerParameter), orderParameter, v.Own.Get(orderParameter)), "时间范围内登记的投诉", plain},
		{"在办", v.With("/complaints", "scope", string(transform.ScopeOpen), "q", q), "期末或截至时刻仍未结束的投诉", f.Scope == transform.ScopeOpen && !f.Overdue},
		{"超期", v.With("/complaints", "scope", string(transform.ScopeOpen), "overdue", "1", "q", q), "在办且有环节已过期限的投诉", f.Overdue},
		{"已办结", v.With("/complaints", "scope", string(transform.ScopeResolved), "q", q), "时间范围内办结的投诉", f.Scope == transform.ScopeResolved},
		{"已评价", v.With("/complaints", "scope", string(transform.ScopeRated), "q", q), "时间范围内收到有效评分的投诉", f.Scope == transform.ScopeRated},
	}
}

func narrowText(f transform.ComplaintFilter) string {
	if f.Scope != transform.ScopeDue {
		return ""
	}
	verdicts := map[transform.Verdict]string{"": "", transform.VerdictMet: "且按时", transform.VerdictBreached: "且超时", transform.VerdictPending: "、尚未到期"}
	return "“" + stageNames[f.Stage] + "”期限在本期内" + verdicts[f.Verdict] + "的投诉"
}

func newComplaintList(v view, page transform.ComplaintPage) complaintList {
	out := complaintList{Total: grouped(page.Total)}
	if page.AtLeast {
		out.Total, out.AtLeast = out.Total+"+", true
	}
	for _, r := range page.Rows {
		out.Rows = append(out.Rows, newComplaintRow(v, r))
	}
	if !page.Next.IsZero() {
		out.Next = v.Set("after", encodeCursor(page.Next))
	}
	if v.Own.Get("after") != "" {
		out.First = v.Set("after", "")
	}
	return out
}

func newComplaintRow(v view, r transform.ComplaintRow) complaintRow {
	now := v.AsOf
	row := complaintRow{
		ID: r.ComplaintID, URL: v.To("/complaints/" + pathEscape(r.ComplaintID)), Title: pieces(r.Title, r.TitleMarks), Excerpt: pieces(r.Excerpt, r.ExcerptMarks),
		Registered: clockTime(r.RegisteredAt, now), Channel: valueName(kpi.Channel, r.Channel), Category: r.Category, Product: r.Product,
		Department: r.Department, Priority: r.Priority, PriorityName: name(priorityNames, r.Priority),
		State: string(r.State), StateName: name(complaintStateNames, r.State), IssueName: r.IssueName, Reopened: r.Reopened, Breached: r.Breached,
	}
	if len(row.Title) == 0 {
		row.Title, row.Excerpt = row.Excerpt, nil
	}
	if len(row.Title) == 0 {
		row.Title = pieces(r.ComplaintID, nil)
	}
	if r.IssueID != "" {
		row.IssueURL = v.To("/issues/" + pathEscape(r.IssueID))
	}
	if r.Paused {
		row.State, row.StateName = "paused", "挂起"
	}
	if r.Score > 0 {
		row.Score = strconv.Itoa(r.Score) + " 分"
	}
	if !r.NextDue.IsZero() {
		row.Due, row.DueTone = dueText(r.NextStage, r.NextDue, now)
	}
	return row
}

// soon is when a deadline begins to be called near.
const soon = 4 * time.Hour

func dueText(stage sla.Stage, due, now time.Time) (text, tone string) {
	left := due.Sub(now)
	switch {
	case left < 0:
		return stageNames[stage] + " 超期 " + durationText(-left), "bad"
	case left < soon:
		return stageNames[stage] + " 剩 " + durationText(left), "warn"
	}
	return stageNames[stage] + " 剩 " + durationText(left), ""
}

func pathEscape(s string) string { return url.PathEscape(s) }
