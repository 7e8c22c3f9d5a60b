package dashboard

import (
	"context"
	"net/http"
	"sync"

	"github.com/gin-gonic/gin"

	"wenguo/transform/kpi"
)

// JourneyReader is what the page of flow asks beside key figures.
type JourneyReader interface {
	// Journey is how the complaints of the period went their way; of a zero period before nothing is asked.
	Journey(ctx context.Context, q kpi.Query, before kpi.Period) (kpi.Journey, error)
	// Moves are the transfers of the complaints first dispatched in the period.
	Moves(ctx context.Context, q kpi.Query) ([]kpi.Move, error)
}

// loopKPIs are the loops of the catalogue, in the order of the page.
var loopKPIs = []string{kpiReopen, kpiBounce, kpiVerified, kpiRedo} //nolint:gochecknoglobals // a constant list

// journeyPage is what templates/flow.html shows.
type journeyPage struct {
	frame

	Empty            bool
	DataFrom, DataTo string

	Funnel   part[funnelView]
	Coverage part[[]coverageRow]
	Stays    part[staysView]
	Moves    part[matrixView]
	Loops    part[[]loopRow]
	Before   []fact
}

func (s *Server) journey(c *gin.Context) {
	f, err := s.begin(c, "流转", "/flow")
	if err != nil {
		s.fail(c, err)
		return
	}
	ctx, r, q := c.Request.Context(), s.deps.Reader, f.View.query()
	var wg sync.WaitGroup
	var choices part[map[kpi.Dimension][]kpi.Choice]
	var journey part[kpi.Journey]
	var moves part[[]kpi.Move]
	var result part[kpi.Result]
	var departments, categories part[map[string]map[string]kpi.Value]
	ask(s, &wg, "filters", &choices, func() (map[kpi.Dimension][]kpi.Choice, error) { return r.Choices(ctx, q) })
	against := s.reference(f.View)
	ask(s, &wg, "journey", &journey, func() (kpi.Journey, error) { return r.Journey(ctx, q, against.Period) })
	ask(s, &wg, "transfers", &moves, func() ([]kpi.Move, error) { return r.Moves(ctx, q) })
	ask(s, &wg, "loops by department", &departments, func() (map[string]map[string]kpi.Value, error) {
		return r.KPIsBy(ctx, q, kpi.Department, loopKPIs...)
	})
	ask(s, &wg, "loops by category", &categories, func() (map[string]map[string]kpi.Value, error) {
		return r.KPIsBy(ctx, q, kpi.Category, loopKPIs...)
	})
	before := s.askFigures(ctx, &wg, f.View, &result, loopKPIs...)
	wg.Wait()

	v := f.View
	p := journeyPage{frame: f, Before: before.texts()}
	p.Menus = menus(v, choices.V)
	p.DataFrom, p.DataTo = p.dataDays()
	p.Empty = !journey.Failed && cohortN(journey.V.Funnel) == 0 && cohortN(journey.V.Coverage) == 0 && len(moves.V) == 0
	p.Funnel = convert(journey, func(j kpi.Journey) funnelView { return newFunnel(v, j.Funnel) })
	p.Coverage = convert(journey, func(j kpi.Journey) []coverageRow { return newCoverage(v, j, against.Name) })
	p.Stays = convert(journey, func(j kpi.Journey) staysView { return newStays(v, j) })
	p.Moves = convert(moves, func(m []kpi.Move) matrixView { return newMatrix(v, m) })
	p.Loops = convert(result, func(k kpi.Result) []loopRow {
		rows := newLoops(v, k, before, departments.V, categories.V)
		if !journey.Failed {
			rows = append(rows, newPlanLoop(v, journey.V.Plans))
		}
		return rows
	})
	s.render(c, http.StatusOK, "flow", p)
}

// cohortN is how many complaints the passages are of.
func cohortN(passages []kpi.Passage) int64 {
	if len(passages) == 0 {
		return 0
	}
	return passages[0].Reached.N
}
