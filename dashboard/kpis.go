package dashboard

import (
	"net/http"
	"sync"

	"github.com/gin-gonic/gin"

	"wenguo/transform/kpi"
)

// theme is a group of key figures that answer one question.
type theme struct {
	ID, Name, Question string
	IDs                []string
}

var themes = []theme{ //nolint:gochecknoglobals // a constant list
	{"promises", "时效", "答应的时间做到了吗", []string{
		"first_response", "response_on_time", "dispatch_on_time", "confirm_on_time", "plan_on_time", "resolve_on_time", "survey_on_time",
		"redo_on_time", "assist_on_time", "promise_kept", "handling_time", "longest_silence", "sync_lag",
	}},
	{"load", "来件与积压", "处理得过来吗", []string{"completion", "throughput", "backlog", "backlog_age", "self_service"}},
	{"voice", "客户评价", "客户满意吗", []string{"satisfaction", "dissatisfied_redo", "verified_ok"}},
	{"again", "重复与复发", "同一件事又来了吗", []string{"reopen", "repeat", "repeat_issue", "first_contact", "issue_share"}},
	{"flow", "流转质量", "过程中出了什么岔子", []string{
		"missed", "deviation", "escalation", "bounce", "handover_unnamed", "step_coverage",
	}},
	{"improve", "改进", "整改落实了吗", []string{"rectification"}},
}

// kpisPage is what templates/kpis.html shows.
type kpisPage struct {
	frame

	Themes part[[]themeCards]
	Before []fact
	// Compared are the names of the periods compared with, one column each.
	Compared []string
	Asked    int
	// General are the conventions of all figures.
	General []kpi.Convention
}

// themeCards are the figures of a theme.
type themeCards struct {
	theme

	Cards []card
}

func (s *Server) kpis(c *gin.Context) {
	f, err := s.begin(c, "指标", "/kpis")
	if err != nil {
		s.fail(c, err)
		return
	}
	ctx, r, q := c.Request.Context(), s.deps.Reader, f.View.query()
	var wg sync.WaitGroup
	var choices part[map[kpi.Dimension][]kpi.Choice]
	var result part[kpi.Result]
	ask(s, &wg, "filters", &choices, func() (map[kpi.Dimension][]kpi.Choice, error) { return r.Choices(ctx, q) })
	before := s.askFigures(ctx, &wg, f.View, &result)
	wg.Wait()

	p := kpisPage{frame: f, Before: before.texts(), Asked: len(kpi.Catalogue), General: kpi.General}
	p.Menus = menus(f.View, choices.V)
	for _, e := range p.Before {
		p.Compared = append(p.Compared, e.Name)
	}
	p.Themes = convert(result, func(k kpi.Result) []themeCards { return themedCards(f.View, k, before) })
	s.render(c, http.StatusOK, "kpis", p)
}

// themedCards are all figures of the catalogue; one that the store does not know yet has no data.
func themedCards(v view, r kpi.Result, b *before) []themeCards {
	var out []themeCards
	for _, t := range themes {
		group := themeCards{theme: t}
		for _, id := range t.IDs {
			value, known := r.KPIs[id]
			if !known {
				value = kpi.Value{State: kpi.NoData}
			}
			group.Cards = append(group.Cards, newCard(v, id, value, b))
		}
		out = append(out, group)
	}
	return out
}
