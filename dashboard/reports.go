package dashboard

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"wenguo/dashboard/report"
	"wenguo/transform/kpi"
	"wenguo/transform/restate"
)

// reportsPage is what templates/reports.html shows.
type reportsPage struct {
	frame

	// Of is the period of the papers, Periods those to choose from.
	Of       report.Period
	Label    string
	Days     string
	Months   []periodTab
	Quarters []periodTab
	// AsOf is the instant of the numbers, Due the day by which the papers are ready, Ended whether the period is over.
	AsOf, Due string
	Ended     bool
	Papers    []paperRow
	Published part[publishedView]
	Publish   publishing
	Looks     part[[]lookRow]
	LooksURL  string
}

// periodTab is a period to choose; Mark says that it is published, or late.
type periodTab struct {
	Name, URL, Mark string
	Chosen          bool
}

// paperRow is a paper with its files.
type paperRow struct {
	report.Paper

	State, Tone string
	Preview     string
	Files       []paperFile
}

type paperFile struct{ Name, URL string }

// publishedView is what is published of a period, and how it stands to today.
type publishedView struct {
	Edition                  int
	At, By, Department, AsOf string
	Revision                 uint32
	Differences              []differenceRow
	Same                     int
	Changes                  []changeRow
	Total                    string
	More, Cut                bool
	JSON, CSV, XLSX          string
}

// differenceRow is one figure, as it was published and as it would be today.
type differenceRow struct {
	Name, Was, WasN, Now, NowN string
	Causes                     []causeShare
}

// causeShare is a cause with how many complaints it moved.
type causeShare struct{ Name, Complaints string }

// changeRow is a complaint that differs from what was known.
type changeRow struct {
	ID, URL, Arrived string
	Kinds, Aspects   []string
}

// publishing is what the form needs.
type publishing struct {
	// Can is whether it may be published now; Why says why not.
	Can     bool
	Why     string
	Key     string
	Author  string
	AsOf    string
	Next    int
	Done    bool
	Late    bool
	Nothing bool
}

// shownChanges is how many complaints the page lists; the file holds all.
const shownChanges = 30

// Tone colours what stands behind a period.
func (reportsPage) Tone(mark string) string {
	if mark == "已发布" {
		return "good"
	}
	return "warn"
}

// papersOf reads of=, the period that papers are about; without it the last month.
func (s *Server) papersOf(text string, now time.Time) (report.Period, error) {
	if text == "" {
		return report.MonthOf(now, s.cfg.Zone, -1), nil
	}
	p, err := report.ParsePeriod(text, s.cfg.Zone)
	if err != nil {
		return p, badField("of", "要写成 2026-10 或 2026-Q4 这样")
	}
	return p, nil
}

func (s *Server) reports(c *gin.Context) {
	f, err := s.begin(c, "报告", "/reports", "of", "done", "late")
	if err != nil {
		s.fail(c, err)
		return
	}
	now := s.deps.Now().In(s.cfg.Zone)
	of, err := s.papersOf(f.View.Own.Get("of"), now)
	if err != nil {
		s.fail(c, err)
		return
	}
	ctx := c.Request.Context()
	var wg sync.WaitGroup
	var looked part[[]kpi.Look]
	var editions part[[]restate.Publication]
	var again part[*restated]
	order := report.Order{Period: of}
	ask(s, &wg, "published periods", &editions, func() ([]restate.Publication, error) { return s.deps.Reader.Publications(ctx) })
	wg.Wait()
	maker := PaperMaker(s.deps.Reader, s.cfg.Zone)
	if order, err = maker.Settle(ctx, order); err != nil {
		s.fail(c, err)
		return
	}
	q := kpi.Query{From: of.From, To: of.To, AsOf: order.AsOf}
	ask(s, &wg, "second looks", &looked, func() ([]kpi.Look, error) { return s.deps.Reader.Looks(ctx, q) })
	ask(s, &wg, "restatement", &again, func() (*restated, error) { return s.restatedOf(ctx, editions.V, of) })
	wg.Wait()

	p := reportsPage{
		frame: f, Of: of, Label: of.Label(), AsOf: order.AsOf.In(s.cfg.Zone).Format("2006-01-02 15:04"),
		Days: of.From.Format(time.DateOnly) + " — " + of.To.Add(-time.Nanosecond).Format(time.DateOnly),
		Due:  of.Ready().Format("2006-01-02"), Ended: !of.To.After(now), LooksURL: f.View.With("/reports/looks", "of", of.Key),
	}
	p.tabs(f, editions.V, now)
	_, edition, _ := restate.Last(editions.V, dayText(of.From), dayText(of.To))
	p.papers(edition, now)
	p.Published = convert(again, func(r *restated) publishedView { return s.newPublished(f.View, of, r) })
	p.Publish = s.publishing(c, f.View, of, again.V, now)
	lookView := f.View
	lookView.Period, lookView.AsOf, lookView.Fixed = period{periodCustom, of.From, of.To}, order.AsOf.In(s.cfg.Zone), true
	p.Looks = convert(looked, func(found []kpi.Look) []lookRow { return lookRows(lookView, found) })
	s.render(c, http.StatusOK, "reports", p)
}

// dayText is a bare date, as publications name days.
func dayText(t time.Time) string { return t.Format(time.DateOnly) }

// restatedOf compares the last edition of a period with today; nil before there is one.
func (s *Server) restatedOf(ctx context.Context, all []restate.Publication, of report.Period) (*restated, error) {
	last, edition, published := restate.Last(all, dayText(of.From), dayText(of.To))
	if !published {
		return nil, nil //nolint:nilnil // nothing is published
	}
	r, err := restatement(ctx, s.deps.Reader, last, s.cfg.Zone)
	r.Edition = edition
	return &r, err
}

// Periods to choose from.
const (
	offeredMonths   = 12
	offeredQuarters = 4
)

// tabs offers the last months and quarters that the store holds something of, the newest first.
func (p *reportsPage) tabs(f frame, published []restate.Publication, now time.Time) {
	first := f.Fresh.FirstRegisteredAt
	tab := func(of report.Period, name string) periodTab {
		t := periodTab{Name: name, URL: f.View.With("/reports", "of", of.Key), Chosen: of.Key == p.Of.Key}
		switch _, _, is := restate.Last(published, dayText(of.From), dayText(of.To)); {
		case is:
			t.Mark = "已发布"
		case !of.To.After(now) && now.After(of.Due()):
			t.Mark = "未发布"
		}
		return t
	}
	for i := range offeredMonths {
		of := report.MonthOf(now, p.Of.From.Location(), -i)
		if !first.IsZero() && !of.To.After(first) {
			break
		}
		p.Months = append(p.Months, tab(of, of.From.Format("2006-01")))
	}
	for i := range offeredQuarters {
		of := report.QuarterOf(now, p.Of.From.Location(), -i)
		if !first.IsZero() && !of.To.After(first) {
			break
		}
		p.Quarters = append(p.Quarters, tab(of, of.Key))
	}
}

// papers lists what can be made, with the state that the 5th gives it.
func (p *reportsPage) papers(edition int, now time.Time) {
	state, tone := "", ""
	switch days := int(p.Of.Due().Sub(now).Hours() / 24); {
	case edition > 0:
		state, tone = "已发布", "good"
	case !p.Ended:
		state = "统计期未结束"
	case now.After(p.Of.Due()):
		state, tone = "已过 5 日，未发布", "bad"
	case days == 0:
		state, tone = "今天到期", "warn"
	default:
		state, tone = "还有 "+strconv.Itoa(days)+" 天", "warn"
	}
	for _, paper := range report.Papers {
		row := paperRow{Paper: paper, State: state, Tone: tone, Preview: address("/reports/"+paper.Name, map[string][]string{"of": {p.Of.Key}})}
		for _, format := range paper.Formats {
			if format != report.HTML {
				row.Files = append(row.Files, paperFile{fileNames[format], address("/reports/"+paper.Name, map[string][]string{"of": {p.Of.Key}, "format": {string(format)}})})
			}
		}
		p.Papers = append(p.Papers, row)
	}
}

var fileNames = map[report.Format]string{report.PDF: "PDF", report.XLSX: "XLSX", report.CSV: "CSV", report.HTML: "HTML"} //nolint:gochecknoglobals // a constant table

// newPublished writes a publication and how it stands to today.
func (s *Server) newPublished(v view, of report.Period, r *restated) publishedView {
	if r == nil {
		return publishedView{}
	}
	out := publishedView{
		Edition: r.Edition, At: r.At.In(s.cfg.Zone).Format("2006-01-02 15:04"), By: r.By, Department: r.Department,
		AsOf: r.AsOf.In(s.cfg.Zone).Format("2006-01-02 15:04"), Revision: r.Publication.Revision, Total: grouped(int64(len(r.Changes))), Cut: !r.Whole,
		Same: len(r.Figures.KPIs) - len(r.Differences), JSON: ofAddress("published", of), CSV: ofAddress("published.csv", of), XLSX: ofAddress("published.xlsx", of),
	}
	for _, d := range r.Differences {
		row := differenceRow{Name: define(d.KPI).Name, Was: figureText(d.KPI, d.Published), WasN: grouped(d.Published.N), Now: figureText(d.KPI, d.Now), NowN: grouped(d.Now.N)}
		for _, share := range d.Causes {
			c := causeShare{Name: name(restateNames, share.Cause)}
			if share.Complaints > 0 {
				c.Complaints = grouped(int64(share.Complaints))
			}
			row.Causes = append(row.Causes, c)
		}
		out.Differences = append(out.Differences, row)
	}
	for _, change := range r.Changes[:min(len(r.Changes), shownChanges)] {
		row := changeRow{ID: change.ComplaintID, URL: v.To("/complaints/" + pathEscape(change.ComplaintID)), Arrived: change.ArrivedAt.In(s.cfg.Zone).Format("2006-01-02 15:04")}
		for _, k := range change.Kinds {
			row.Kinds = append(row.Kinds, name(kindNames, k))
		}
		for _, a := range change.Aspects {
			row.Aspects = append(row.Aspects, aspectName(a))
		}
		out.Changes = append(out.Changes, row)
	}
	out.More = len(r.Changes) > shownChanges
	return out
}

// ofAddress is an address of the API about a period of papers.
func ofAddress(path string, of report.Period) string {
	return address(apiRoot+"/reports/"+path, map[string][]string{"of": {of.Key}})
}

func figureText(id string, v kpi.Value) string {
	if v.Value == nil {
		return dash
	}
	return define(id).text(*v.Value)
}

var aspectNames = map[restate.Aspect]string{ //nolint:gochecknoglobals // a constant table
	restate.AspectRegistered: "登记", restate.AspectEnds: "办结与状态", restate.AspectReply: "人工答复", restate.AspectVoice: "回访与评分", restate.AspectFlow: "流转",
	restate.AspectEscalated: "升级", restate.AspectPromise: "承诺", restate.AspectVerified: "客户验证", restate.AspectSilence: "静默", restate.AspectLag: "归集延迟",
	restate.AspectValues: "类别、部门等字段", restate.AspectCustomer: "客户",
}

// aspectName is a part of a fact in words; a clock's is that of its stage.
func aspectName(a restate.Aspect) string {
	if n, ok := aspectNames[a]; ok {
		return n
	}
	for stage, n := range stageNames {
		if string(stage) == string(a) {
			return n
		}
	}
	return string(a)
}

// publishing says whether a period may be published now.
func (s *Server) publishing(c *gin.Context, v view, of report.Period, r *restated, now time.Time) publishing {
	p := publishing{Next: 1, Done: v.Own.Get("done") != "", Late: v.Own.Get("late") != "", AsOf: publishAsOf(of, now).In(s.cfg.Zone).Format("2006-01-02 15:04")}
	if r != nil {
		p.Next = r.Edition + 1
	}
	if kept, ok := keptAuthor(c); ok {
		p.Author = kept.ID
	}
	switch {
	case s.deps.Bus == nil:
		p.Why = "这里只能查看，不能发布。"
	case of.To.After(now):
		p.Why = "统计期结束后才能发布。"
	case r != nil && len(r.Differences) == 0 && r.AsOf.Equal(publishAsOf(of, now)):
		p.Nothing = true
	default:
		p.Can, p.Key = true, "p-"+s.deps.NewID()
	}
	return p
}

// publishAsOf is the instant that a publication freezes: the 5th, or now before it.
func publishAsOf(of report.Period, now time.Time) time.Time {
	if now.Before(of.Ready()) {
		return now.Truncate(time.Millisecond)
	}
	return of.Ready()
}

// publishForm takes the form.
func (s *Server) publishForm(c *gin.Context) {
	form := c.Request.PostForm
	of, err := s.papersOf(form.Get("of"), s.deps.Now())
	if err != nil {
		s.fail(c, err)
		return
	}
	actor, known := s.author(c, form)
	if !known {
		s.fail(c, badBody("who", "请写明发布人"))
		return
	}
	if key := form.Get("key"); key == "" {
		s.fail(c, badBody("key", "缺少编号，请刷新页面重新提交"))
		return
	}
	_, shown, err := s.publish(c.Request.Context(), actor, form.Get("key"), of)
	if err != nil {
		s.fail(c, err)
		return
	}
	q := map[string][]string{"of": {of.Key}, "done": {"1"}}
	if !shown {
		q["late"] = []string{"1"}
	}
	c.Redirect(http.StatusSeeOther, address("/reports", q))
}
