package dashboard

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"

	"wenguo/transform"
	"wenguo/transform/kpi"
	"wenguo/transform/sla"
)

// TimelinessReader is what the page of promises asks beside key figures.
type TimelinessReader interface {
	// Due is the board of open clocks at an instant.
	Due(ctx context.Context, f transform.DueFilter) (transform.DueBoard, error)
	// Survival are the curves of those who still wait for a human reply, of the complaints registered in the period.
	Survival(ctx context.Context, q kpi.Query) (kpi.Waits, error)
}

// stageKPIs are the on-time rates of all stages, in the order a complaint passes them.
var stageKPIs = func() []string { //nolint:gochecknoglobals // derived from a constant list
	var ids []string
	for _, e := range kpi.Catalogue {
		if e.Query == "on_time" {
			ids = append(ids, e.ID)
		}
	}
	return ids
}()

// timelinessKPIs are asked for the period and for those before.
var timelinessKPIs = append([]string{kpiFirstResponse}, stageKPIs...) //nolint:gochecknoglobals // a constant list

// timelinessOwn are the parameters of the page.
var timelinessOwn = []string{"stage", "late_after", "next_after"} //nolint:gochecknoglobals // a constant list

// timelinessPage is what templates/timeliness.html shows.
type timelinessPage struct {
	frame

	Warning  warning
	Stages   part[[]stageRow]
	Columns  []string
	Due      part[dueBoard]
	Survival part[survivalChart]
	Before   []fact
}

// stageRow is one line of the table of stages.
type stageRow struct {
	card

	Stage string
	// Budget is the share of the allowed misses that is used up, BudgetTone its colour; a dash without a target.
	Budget, BudgetTone, BudgetHint string
	Missed, Pending                partLink
	Anomalies, AnomalyRate         string
	AnomalyURL                     string
	Width                          string
	Weak                           bool
	Priorities                     []priorityFigure
	used                           float64
}

// priorityFigure is a stage's rate for one priority.
type priorityFigure struct {
	figure

	Name string
}

func (s *Server) timeliness(c *gin.Context) {
	f, err := s.begin(c, "时效", "/timeliness", timelinessOwn...)
	if err != nil {
		s.fail(c, err)
		return
	}
	filter, err := parseDue(f.View)
	if err != nil {
		s.fail(c, err)
		return
	}
	ctx, r, q := c.Request.Context(), s.deps.Reader, f.View.query()
	var wg sync.WaitGroup
	var choices part[map[kpi.Dimension][]kpi.Choice]
	var result part[kpi.Result]
	var byPriority part[map[string]map[string]kpi.Value]
	var due part[transform.DueBoard]
	var curve part[kpi.Waits]
	ask(s, &wg, "filters", &choices, func() (map[kpi.Dimension][]kpi.Choice, error) { return r.Choices(ctx, q) })
	ask(s, &wg, "stages by priority", &byPriority, func() (map[string]map[string]kpi.Value, error) {
		return r.KPIsBy(ctx, q, kpi.Priority, stageKPIs...)
	})
	ask(s, &wg, "open clocks", &due, func() (transform.DueBoard, error) { return r.Due(ctx, filter) })
	ask(s, &wg, "first replies", &curve, func() (kpi.Waits, error) { return r.Survival(ctx, q) })
	before := s.askFigures(ctx, &wg, f.View, &result, timelinessKPIs...)
	wg.Wait()

	p := timelinessPage{frame: f, Before: before.texts()}
	p.Menus = menus(f.View, choices.V)
	p.Columns = priorityColumns(f.View)
	p.Stages = convert(result, func(k kpi.Result) []stageRow { return stageRows(f.View, k, byPriority.V, before) })
	p.Due = convert(due, func(b transform.DueBoard) dueBoard { return newDueBoard(f.View, b) })
	p.Survival = convert(curve, func(w kpi.Waits) survivalChart {
		return newSurvivalChart(f.View, w, result.V.KPIs[kpiFirstResponse], before)
	})
	p.Warning = calendarWarning(f.Fresh.CalendarValidUntil, f.View.AsOf, p.Due.V.Provisional)
	s.render(c, http.StatusOK, "timeliness", p)
}

// dueFragment renews the lists of clocks without the rest.
func (s *Server) dueFragment(c *gin.Context) {
	f, err := s.begin(c, "时效", "/timeliness", anything...)
	if err != nil {
		s.fail(c, err)
		return
	}
	f.View.Path = "/timeliness"
	filter, err := parseDue(f.View)
	if err != nil {
		s.fail(c, err)
		return
	}
	var wg sync.WaitGroup
	var due part[transform.DueBoard]
	ask(s, &wg, "open clocks", &due, func() (transform.DueBoard, error) { return s.deps.Reader.Due(c.Request.Context(), filter) })
	wg.Wait()
	p := timelinessPage{frame: f, Due: convert(due, func(b transform.DueBoard) dueBoard { return newDueBoard(f.View, b) })}
	s.renderFragment(c, "due-board", p)
}

// priorities in the order of the columns, the most urgent first.
var priorities = []string{"urgent", "high", "normal", "low"} //nolint:gochecknoglobals // a constant list

// shownPriorities are those that the filter leaves.
func shownPriorities(v view) []string {
	if len(v.Slice[kpi.Priority]) == 0 {
		return priorities
	}
	return slices.DeleteFunc(slices.Clone(priorities), func(p string) bool { return !v.Has(kpi.Priority, p) })
}

func priorityColumns(v view) []string {
	var names []string
	for _, p := range shownPriorities(v) {
		names = append(names, priorityNames[p])
	}
	return names
}

// stageRows are all stages, the one that used up most of its allowed misses first; below them those that can't be judged.
func stageRows(v view, r kpi.Result, byPriority map[string]map[string]kpi.Value, b *before) []stageRow {
	var rows []stageRow
	for _, id := range stageKPIs {
		value, known := r.KPIs[id]
		if !known {
			continue
		}
		rows = append(rows, newStageRow(v, id, value, byPriority, b))
	}
	slices.SortStableFunc(rows, func(x, y stageRow) int {
		switch {
		case x.used > y.used:
			return -1
		case x.used < y.used:
			return 1
		}
		return 0
	})
	return rows
}

// Places of rows without a used budget, below all that have one.
const (
	placeNoTarget     = -1
	placeInsufficient = -2
	placeNoData       = -3
)

func newStageRow(v view, id string, value kpi.Value, byPriority map[string]map[string]kpi.Value, b *before) stageRow {
	e, _ := kpi.Lookup(id)
	row := stageRow{card: newCard(v, id, value, b), Stage: name(stageNames, sla.Stage(e.Stage)), Budget: dash, Weak: value.State != kpi.OK}
	row.Missed, row.Pending = row.part(transform.PartMissed), row.part(transform.PartPending)
	if value.Value != nil {
		row.Width = num(*value.Value * 100)
	}
	if a := value.Anomalies; a != nil && a.Denominator > 0 {
		row.Anomalies = grouped(a.Numerator)
		if a.Numerator > 0 {
			row.AnomalyRate = percent(float64(a.Numerator)/float64(a.Denominator)) + "%"
		}
		row.AnomalyURL = row.part(transform.PartAnomalies).URL
	}
	allowed, hasTarget := kpi.Budget(e.Stage)
	switch {
	case value.State == kpi.NoData || value.Value == nil:
		row.used = placeNoData
	case value.State == kpi.Insufficient:
		row.used = placeInsufficient
	case !hasTarget || allowed <= 0:
		row.used = placeNoTarget
	default:
		row.used = (1 - *value.Value) / allowed
		row.Budget, row.BudgetTone = percentWhole(row.used), row.Tone
		row.BudgetHint = "目标容许 " + percent(allowed) + "% 未按时，实际 " + percent(1-*value.Value) + "%"
	}
	for _, p := range shownPriorities(v) {
		f := priorityFigure{Name: priorityNames[p], figure: newFigure(id, byPriority[p][id])}
		if byPriority[p][id].N > 0 {
			f.URL = withValue(v, kpi.Priority, p, id)
		}
		row.Priorities = append(row.Priorities, f)
	}
	return row
}

// percentWhole writes how much of something is used up: 340 % of a budget is more telling than 3.4.
func percentWhole(f float64) string {
	return strings.TrimSuffix(percent(f), ".0") + "%"
}

// withValue is the list behind a figure, narrowed to one value of a dimension.
func withValue(v view, d kpi.Dimension, value, id string) string {
	w := v
	w.Slice = kpi.Slice{}
	maps.Copy(w.Slice, v.Slice)
	w.Slice[d] = []string{value}
	return behind(w, id, transform.PartDenominator)
}
