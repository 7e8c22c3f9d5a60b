package dashboard

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"wenguo/transform/improve"
	"wenguo/transform/issue"
	"wenguo/transform/kpi"
)

// ActionReader is what the pages of improvement actions ask.
type ActionReader interface {
	// Actions are the improvement actions as of an instant, by the instant they were opened.
	Actions(ctx context.Context, asOf time.Time) ([]improve.Action, error)
}

const kpiRectification = "rectification"

// improvementPath is the address of the board; that of an action follows it.
const improvementPath = "/improvement"

// improvementPage is what templates/improvement.html shows.
type improvementPage struct {
	frame

	// AsList says that the actions stand in one table; BoardURL and ListURL lead to either form.
	AsList            bool
	BoardURL, ListURL string
	Card              part[card]
	Board             part[board]
	Picks             []pick
	Tabs              []partTab
	Curate            curating
	Before            []fact
}

// board is the actions in the reader's words.
type board struct {
	Columns []boardColumn
	Rows    []actionCard
	// Counters are over what the filters leave.
	Counters []counter
	Total    string
	// Never says that there is no action at all.
	Never bool
}

type boardColumn struct {
	State       improve.State
	Name, Count string
	Cards       []actionCard
	// MoreURL lists the cards beyond those shown.
	More, MoreURL string
}

// counter is one number over the board with the list behind it.
type counter struct{ Name, Count, URL, Tone string }

// pick is one filter of the list: a menu of one value.
type pick struct {
	Name, Key string
	Choices   []choice
}

// shownClosed is how many closed actions the board shows; the list has all.
const shownClosed = 8

// Parameters of the pages of actions.
const (
	ownState   = "state"
	ownOverdue = "overdue"
	ownPart    = "part"
	ownForm    = "form"
)

func (s *Server) improvement(c *gin.Context) {
	f, err := s.begin(c, "改进闭环", improvementPath, ownForm, ownState, ownOverdue, ownPart, "done", "late")
	if err != nil {
		s.fail(c, err)
		return
	}
	filter, err := parseActions(f.View)
	if err != nil {
		s.fail(c, err)
		return
	}
	ctx, r := c.Request.Context(), s.deps.Reader
	var wg sync.WaitGroup
	var result part[kpi.Result]
	var actions part[[]improve.Action]
	var names part[map[string]issue.Named]
	ask(s, &wg, "actions", &actions, func() ([]improve.Action, error) { return s.actionsOf(ctx, f.View, filter) })
	ask(s, &wg, "names of issues", &names, func() (map[string]issue.Named, error) { return r.IssueNames(ctx) })
	earlier := s.askFigures(ctx, &wg, f.View, &result, kpiRectification)
	wg.Wait()

	v := f.View
	p := improvementPage{frame: f, AsList: v.Own.Get(ownForm) == "list" || filter.part != "", Before: earlier.texts()}
	p.BoardURL, p.ListURL = v.With(improvementPath), withOwn(v, ownForm, "list")
	p.Card = convert(result, func(k kpi.Result) card { return newCard(v, kpiRectification, k.KPIs[kpiRectification], earlier) })
	p.Board = convert(actions, func(all []improve.Action) board { return newBoard(v, filter, all, names.V) })
	p.Picks = picks(v, actions.V, names.V)
	if filter.part != "" {
		for _, link := range p.Card.V.Parts {
			p.Tabs = append(p.Tabs, partTab{link, link.Part == filter.part})
		}
	}
	p.Curate = s.curatingPage(c, f.View, "")
	s.render(c, http.StatusOK, "improvement", p)
}

// withOwn is the page of actions with parameters of its own, which the view's shared address does not carry.
func withOwn(v view, pairs ...string) string {
	q := v.shared()
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return address(improvementPath, q)
}

// newBoard sorts what the filters leave into columns.
func newBoard(v view, f actionFilter, all []improve.Action, names map[string]issue.Named) board {
	b := board{Never: len(all) == 0}
	columns := map[improve.State][]actionCard{}
	var overdue, soon, unjudged, effective, not int64
	for _, a := range f.apply(v, all) {
		one := newActionCard(v, a, names)
		b.Rows = append(b.Rows, one)
		columns[a.State] = append(columns[a.State], one)
		switch {
		case a.Overdue(v.AsOf):
			overdue++
		case a.Working() && !a.DueAt.IsZero() && a.DueAt.Sub(v.AsOf) < soonDue:
			soon++
		}
		switch {
		case a.State == improve.Verifying && a.Verdict == "":
			unjudged++
		case a.Verdict == improve.Effective:
			effective++
		case a.Verdict == improve.NotEffective:
			not++
		}
	}
	for _, state := range improve.States {
		cards := columns[state]
		column := boardColumn{State: state, Name: actionStateNames[state], Count: grouped(int64(len(cards)))}
		if most := len(cards); state == improve.Closed && most > shownClosed {
			slices.Reverse(cards) // the newest first
			cards = cards[:shownClosed]
			column.More, column.MoreURL = grouped(int64(most-shownClosed)), withOwn(v, ownForm, "list", ownState, string(state))
		}
		column.Cards = cards
		b.Columns = append(b.Columns, column)
	}
	b.Total = grouped(int64(len(b.Rows)))
	b.Counters = []counter{
		{"全部整改", b.Total, withOwn(v, ownForm, "list"), ""},
		{"已逾期", grouped(overdue), withOwn(v, ownForm, "list", ownOverdue, "1"), toneIf(overdue > 0, "bad")},
		{"7 天内到期", grouped(soon), "", toneIf(soon > 0, "warn")},
		{"完成待验证", grouped(unjudged), withOwn(v, ownForm, "list", ownState, string(improve.Verifying)), ""},
		{"验证有效", grouped(effective), "", toneIf(effective > 0, "good")},
		{"验证无效", grouped(not), "", toneIf(not > 0, "bad")},
	}
	return b
}

func toneIf(on bool, tone string) string {
	if on {
		return tone
	}
	return ""
}

// picks are the filters of the list: the values that actions have.
func picks(v view, all []improve.Action, names map[string]issue.Named) []pick {
	dims := []struct {
		dimension kpi.Dimension
		of        func(improve.Action) string
	}{
		{kpi.Department, func(a improve.Action) string { return a.Department }},
		{kpi.Owner, func(a improve.Action) string { return a.Owner }},
		{kpi.CauseGroup, func(a improve.Action) string { return a.CauseGroup }},
		{kpi.Issue, func(a improve.Action) string { return a.Issue }},
	}
	states := pick{Name: "状态", Key: ownState, Choices: []choice{{Label: "全部", Chosen: v.Own.Get(ownState) == ""}}}
	for _, state := range improve.States {
		states.Choices = append(states.Choices, choice{Value: string(state), Label: actionStateNames[state], Chosen: v.Own.Get(ownState) == string(state)})
	}
	late := pick{Name: "期限", Key: ownOverdue, Choices: []choice{
		{Label: "全部", Chosen: v.Own.Get(ownOverdue) == ""}, {Value: "1", Label: "已逾期", Chosen: v.Own.Get(ownOverdue) != ""},
	}}
	out := []pick{states, late}
	for _, d := range dims {
		values := map[string]bool{}
		for _, a := range all {
			if value := d.of(a); value != "" {
				values[value] = true
			}
		}
		for _, value := range v.Slice[d.dimension] {
			values[value] = value != ""
		}
		p := pick{Name: dimensionNames[d.dimension], Key: string(d.dimension), Choices: []choice{{Label: "全部", Chosen: len(v.Slice[d.dimension]) == 0}}}
		for _, value := range sortedKeys(values) {
			if value == "" {
				continue
			}
			one := choice{Value: value, Label: valueName(d.dimension, value), Chosen: v.Has(d.dimension, value), Data: fromData(d.dimension, value)}
			if n := names[value].Name; d.dimension == kpi.Issue && n != "" {
				one.Label = n
			}
			p.Choices = append(p.Choices, one)
		}
		out = append(out, p)
	}
	return out
}
