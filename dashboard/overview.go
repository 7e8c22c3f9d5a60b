package dashboard

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"wenguo/transform/issue"
	"wenguo/transform/kpi"
)

// OverviewReader is what the overview asks.
type OverviewReader interface {
	// Strip reconciles opening and closing.
	Strip(ctx context.Context, q kpi.Query) (kpi.Strip, error)
	// Flow is the strip of every step of the period, none left out, up to the as-of instant.
	Flow(ctx context.Context, q kpi.Query, step kpi.Step) ([]kpi.FlowPoint, error)
	// Series answers the named figures for every step of the period, in the order named, up to the as-of instant.
	Series(ctx context.Context, q kpi.Query, step kpi.Step, ids ...string) ([]kpi.Series, error)
	// Departments is one row for each department that registered, resolved or held anything in the period.
	Departments(ctx context.Context, q kpi.Query) ([]kpi.DepartmentRow, error)
	// Heat counts registrations by weekday and hour.
	Heat(ctx context.Context, q kpi.Query) ([]kpi.HeatCell, error)
	// Issues is the issue stream of the period, most customers first.
	Issues(ctx context.Context, q kpi.Query) (issue.List, error)
}

// overviewKPIs are asked for the period and for those to compare with.
var overviewKPIs = []string{ //nolint:gochecknoglobals // a constant list
	kpiResponse, kpiResolve, kpiSatisfaction, kpiRepeat, kpiFirstResponse, kpiHandling, kpiCompletion, kpiBacklog,
}

// sparkKPIs have a line on their card.
var sparkKPIs = []string{kpiResponse, kpiResolve, kpiSatisfaction, kpiRepeat, kpiHandling} //nolint:gochecknoglobals // a constant list

// topIssues is how many issues the overview shows.
const topIssues = 8

// overviewPage is what templates/overview.html shows.
type overviewPage struct {
	frame

	// Empty says that nothing was registered, open or ended in the period; EmptyWhy is the reason.
	Empty bool
	// DataFrom and DataTo are the days of the first and last registration, empty without any.
	DataFrom, DataTo string

	Cards        part[[]card]
	Strip        part[strip]
	Distribution part[distribution]
	Flow         part[flowChart]
	Issues       part[issueList]
	Heat         part[heatMap]
	Departments  part[[]departmentRow]
	// Mix is what complaints are about, by the first level of their category; the choices ignore filters, so a filtered
	// page has none.
	Mix []whereBar
	// Warning is said only where deadlines of now are a guess.
	Warning warning
	// Before names the periods compared with.
	Before []fact
}

// live is the part of the overview that renews itself.
type live struct {
	result part[kpi.Result]
	before *before
	series part[[]kpi.Series]
	strip  part[kpi.Strip]
	flow   part[[]kpi.FlowPoint]
	// beside is the flow of the period compared with, without points where there is none.
	beside part[[]kpi.FlowPoint]
}

func (s *Server) overview(c *gin.Context) {
	f, err := s.begin(c, "总览", "/")
	if err != nil {
		s.fail(c, err)
		return
	}
	ctx, r, q := c.Request.Context(), s.deps.Reader, f.View.query()
	var wg sync.WaitGroup
	var choices part[map[kpi.Dimension][]kpi.Choice]
	var issues part[issue.List]
	var heat part[[]kpi.HeatCell]
	var departments part[[]kpi.DepartmentRow]
	l := s.askLive(ctx, &wg, f.View)
	ask(s, &wg, "filters", &choices, func() (map[kpi.Dimension][]kpi.Choice, error) { return r.Choices(ctx, q) })
	ask(s, &wg, "top issues", &issues, func() (issue.List, error) { return r.Issues(ctx, q) })
	ask(s, &wg, "heat map", &heat, func() ([]kpi.HeatCell, error) { return r.Heat(ctx, q) })
	ask(s, &wg, "departments", &departments, func() ([]kpi.DepartmentRow, error) { return r.Departments(ctx, q) })
	wg.Wait()

	p := overviewPage{frame: f}
	p.Menus = menus(f.View, choices.V)
	p.fill(l)
	if !f.View.Filtered() {
		p.Mix = newMix(f.View, choices.V[kpi.Category])
	}
	if w := calendarWarning(f.Fresh.CalendarValidUntil, f.View.AsOf, 0); w.Tone == "bad" {
		p.Warning = w
	}
	p.Issues = convert(issues, func(l issue.List) issueList { return newIssueList(f.View, l, "", topIssues) })
	p.Heat = convert(heat, newHeatMap)
	p.Departments = convert(departments, func(rows []kpi.DepartmentRow) []departmentRow { return departmentRows(f.View, rows) })
	s.render(c, http.StatusOK, "overview", p)
}

// overviewFragment renews cards, strip and header without the rest.
func (s *Server) overviewFragment(c *gin.Context) {
	f, err := s.begin(c, "总览", "/", anything...)
	if err != nil {
		s.fail(c, err)
		return
	}
	f.View.Path = "/"
	var wg sync.WaitGroup
	l := s.askLive(c.Request.Context(), &wg, f.View)
	wg.Wait()
	p := overviewPage{frame: f}
	p.fill(l)
	s.renderFragment(c, "overview-live", p)
}

func (s *Server) askLive(ctx context.Context, wg *sync.WaitGroup, v view) *live {
	l, r, q := &live{}, s.deps.Reader, v.query()
	l.before = s.askFigures(ctx, wg, v, &l.result, overviewKPIs...)
	ask(s, wg, "series", &l.series, func() ([]kpi.Series, error) { return r.Series(ctx, q, v.step(), sparkKPIs...) })
	ask(s, wg, "strip", &l.strip, func() (kpi.Strip, error) { return r.Strip(ctx, q) })
	ask(s, wg, "flow", &l.flow, func() ([]kpi.FlowPoint, error) { return r.Flow(ctx, q, v.step()) })
	if _, p, ok := v.beside(); ok {
		ask(s, wg, "flow before", &l.beside, func() ([]kpi.FlowPoint, error) { return r.Flow(ctx, q.In(p.span()), v.step()) })
	}
	return l
}

func (p *overviewPage) fill(l *live) {
	p.Refresh = p.View.With("/fragments/overview")
	p.Before = l.before.texts()
	p.Cards = convert(l.result, func(r kpi.Result) []card { return overviewCards(p.View, r, l) })
	p.Strip = convert(l.strip, func(k kpi.Strip) strip { return newStrip(p.View, k) })
	p.Flow = convert(l.flow, func(points []kpi.FlowPoint) flowChart {
		c := newFlowChart(points, p.View.step())
		words, _, _ := p.View.beside()
		c.compare(words, l.beside.V)
		return c
	})
	p.Distribution = convert(l.result, func(r kpi.Result) distribution { return newDistribution(r.KPIs[kpiHandling]) })
	p.Empty = !l.strip.Failed && l.strip.V == kpi.Strip{}
	if !p.Fresh.FirstRegisteredAt.IsZero() {
		p.DataFrom = p.Fresh.FirstRegisteredAt.In(p.Now.Location()).Format(time.DateOnly)
		p.DataTo = p.Fresh.LastRegisteredAt.In(p.Now.Location()).Format(time.DateOnly)
	}
}

// convert carries a part's failure over to what the page shows of it.
func convert[A, B any](a part[A], to func(A) B) part[B] {
	b := part[B]{Failed: a.Failed, Words: a.Words}
	if !a.Failed {
		b.V = to(a.V)
	}
	return b
}

// overviewCards are the five figures, each with its line and the complaints behind it.
func overviewCards(v view, r kpi.Result, l *live) []card {
	fourth := kpiHandling
	if k, ok := r.KPIs[kpiRepeat]; ok && k.State != kpi.NoData {
		fourth = kpiRepeat
	}
	lines := map[string]kpi.Series{}
	for _, s := range l.series.V {
		lines[s.KPI] = s
	}
	var cards []card
	for _, id := range []string{kpiResponse, kpiResolve, kpiSatisfaction, fourth, kpiBacklog} {
		c := newCard(v, id, r.KPIs[id], l.before)
		if s, ok := lines[id]; ok {
			d := define(id)
			c.Spark, c.Signal = withSignals(d, newSpark(seriesValues(s.Points), c.goal, d.Unit != kpi.UnitRate), s, v.AsOf)
			c.Facts = append(c.Facts, fact{"走势", c.Signal.Hint})
		}
		switch id {
		case kpiResponse:
			c.Side = firstResponseText(r.KPIs[kpiFirstResponse])
		case kpiSatisfaction:
			c.Side = participationText(r.KPIs[id])
		case kpiHandling:
			if p90 := r.KPIs[id].P90; p90 != nil {
				c.Side = "P50；P90 为 " + spanText(*p90)
			}
		case kpiResolve:
			c.Side = completionText(r.KPIs[kpiCompletion])
		case kpiBacklog:
			c.Spark = closingSpark(l.flow.V)
			c.Side = "期末仍在办，含挂起"
		}
		cards = append(cards, c)
	}
	return cards
}

func firstResponseText(v kpi.Value) string {
	if v.Value == nil {
		return ""
	}
	return "首次响应中位 " + spanText(*v.Value)
}

func participationText(v kpi.Value) string {
	p, ok := v.More["participation"]
	if !ok || p.Value == nil {
		return "参评率 " + dash
	}
	return "参评率 " + percent(*p.Value) + "%（" + grouped(p.Numerator) + " / " + grouped(p.Denominator) + "）"
}

func completionText(v kpi.Value) string {
	if v.Value == nil {
		return ""
	}
	s := "办结率 " + percent(*v.Value) + "%"
	if v.State == kpi.Immature {
		s += "（尚未成熟）"
	}
	return s
}

func closingSpark(points []kpi.FlowPoint) spark {
	counts := make([]int64, len(points))
	for i, p := range points {
		counts[i] = p.Closing
	}
	return countSpark(counts)
}
