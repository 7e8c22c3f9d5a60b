package dashboard

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"wenguo/transform/issue"
	"wenguo/transform/kpi"
)

// issuePage is what templates/issue.html shows.
type issuePage struct {
	frame

	Row        issueRow
	Total      string
	Satisfied  string
	Trend      trendChart
	Words      []wordBar
	Texts      []representative
	Where      []whereBlock
	Complaints string
	Lineage    []lineageRow
	Curate     issueCuration
	Members    part[memberList]
	// Reply is what is known of the issue, with who said so.
	Reply knownRow
	// Actions are the improvement actions against the issue.
	Actions part[[]actionCard]
	// Gone is set when the complaints recur no longer by the evidence.
	Gone bool
}

// lineageRow is one step of where the issue comes from and what became of its parts.
type lineageRow struct{ Day, Words, Name, URL, Count string }

// trendChart is the issue's complaints per step.
type trendChart struct {
	Days int        `json:"days"`
	Rows []trendRow `json:"rows"`
}

type trendRow struct {
	Label string `json:"label"`
	Count int64  `json:"count"`
}

type wordBar struct{ Word, Count, Width string }

type representative struct{ ID, URL, Day, Title, Text string }

type whereBlock struct {
	Name string
	Bars []whereBar
}

type whereBar struct{ Name, Count, Share, Width, URL string }

func (s *Server) issue(c *gin.Context) {
	f, err := s.begin(c, "复发问题", "/issues", "done", "late", "members")
	if err != nil {
		s.fail(c, err)
		return
	}
	d, err := s.deps.Reader.Issue(c.Request.Context(), c.Param("id"), f.View.query())
	if err != nil {
		s.fail(c, err)
		return
	}
	p := newIssuePage(f, d)
	if p.Curate, err = s.issueCuration(c, f.View, d); err != nil {
		s.fail(c, err)
		return
	}
	p.Reply = s.issueReply(c, f.View, d)
	var wg sync.WaitGroup
	ask(s, &wg, "members", &p.Members, func() (memberList, error) { return s.members(c.Request.Context(), f.View, d.ID) })
	ask(s, &wg, "actions", &p.Actions, func() ([]actionCard, error) { return s.issueActions(c.Request.Context(), f.View, d) })
	wg.Wait()
	s.render(c, http.StatusOK, "issue", p)
}

func newIssuePage(f frame, d issue.Detail) issuePage {
	l := issue.List{TrendDays: d.TrendDays}
	p := issuePage{
		frame: f, Row: newIssueRow(f.View, l, 0, d.Summary), Total: grouped(d.Total), Satisfied: dash,
		Complaints: f.View.With("/complaints", string(kpi.Issue), d.ID),
	}
	p.Title, p.TitleData = p.Row.Name, true
	if d.Satisfaction != nil {
		p.Satisfied = percent(*d.Satisfaction) + "%（n=" + grouped(d.Rated) + "）"
	}
	p.Trend = newTrendChart(d, f.View.AsOf)
	p.Words = wordBars(d.Words)
	for _, t := range d.Representatives {
		p.Texts = append(p.Texts, representative{
			ID: t.ComplaintID, URL: f.View.To("/complaints/" + pathEscape(t.ComplaintID)), Day: day(t.RegisteredAt, f.View.AsOf), Title: t.Title, Text: t.Text,
		})
	}
	for _, change := range d.Changes {
		p.Lineage = append(p.Lineage, newLineageRow(f.View, d.ID, change))
		p.Gone = p.Gone || change.Kind == issue.Ended && change.From == d.ID && d.Total == 0
	}
	for _, w := range d.Where {
		p.Where = append(p.Where, newWhere(f.View, d, w))
	}
	return p
}

// newLineageRow tells a change as the issue sees it: the other issue's name, and where it leads.
func newLineageRow(v view, id string, c issue.Change) lineageRow {
	other, called := c.From, c.Name
	r := lineageRow{Day: day(c.At, v.AsOf), Count: grouped(c.Complaints)}
	switch {
	case c.Kind == issue.Ended:
		return lineageRow{Day: r.Day, Words: "证据不足，不再算复发问题", Name: c.Name}
	case c.Kind == issue.Parted && c.From == id:
		r.Words, other, called = "拆出", c.Into, c.IntoName
	case c.Kind == issue.Parted:
		r.Words = "拆自"
	default:
		r.Words = "并入了"
	}
	if called == "" {
		called = other
	}
	r.Name = called
	if c.Kind == issue.Parted {
		r.URL = v.To("/issues/" + pathEscape(other))
	}
	return r
}

func newTrendChart(d issue.Detail, now time.Time) trendChart {
	t := trendChart{Days: d.TrendDays}
	layout := "01-02"
	if d.TrendDays*len(d.Trend) > 366 {
		layout = "2006-01-02"
	}
	for i, n := range d.Trend {
		start := d.TrendStart.In(now.Location()).AddDate(0, 0, i*d.TrendDays)
		t.Rows = append(t.Rows, trendRow{start.Format(layout), n})
	}
	return t
}

// maxWords bounds the keywords shown.
const maxWords = 16

func wordBars(words []issue.Keyword) []wordBar {
	var out []wordBar
	for _, w := range words[:min(len(words), maxWords)] {
		width := 0.0
		if words[0].Weight > 0 {
			width = round1(w.Weight / words[0].Weight * 100)
		}
		out = append(out, wordBar{w.Word, grouped(w.Complaints), strconv.FormatFloat(width, 'f', -1, 64)})
	}
	return out
}

// maxBars bounds one dimension's values.
const maxBars = 6

func newWhere(v view, d issue.Detail, w issue.Where) whereBlock {
	dim := kpi.Dimension(w.Dimension)
	b := whereBlock{Name: name(dimensionNames, dim)}
	var all int64
	for _, c := range w.Counts {
		all += c.Complaints
	}
	for _, c := range w.Counts[:min(len(w.Counts), maxBars)] {
		share := float64(c.Complaints) / float64(max(all, 1))
		b.Bars = append(b.Bars, whereBar{
			Name: valueName(dim, c.Value), Count: grouped(c.Complaints), Share: percent(share) + "%",
			Width: fmt.Sprintf("%g", round1(share*100)), URL: v.With("/complaints", string(kpi.Issue), d.ID, w.Dimension, c.Value),
		})
	}
	return b
}
