package dashboard

import (
	"context"
	"maps"
	"time"

	"github.com/gin-gonic/gin"

	"wenguo/transform/kpi"
)

// apiKPIs answers key figures, with compare=1 beside what they were in the periods to compare with.
func (s *Server) apiKPIs(c *gin.Context) {
	answer(s, c, []string{"id", "compare"}, func(ctx context.Context, v view) (any, error) {
		ids := v.Own["id"]
		if err := catalogued(ids); err != nil {
			return nil, err
		}
		q := v.query()
		r, err := s.deps.Reader.KPIs(ctx, q, ids...)
		r.From, r.To, r.AsOf, r.Slice = q.From, q.To, q.AsOf, q.Slice
		switch compare := v.Own.Get("compare"); {
		case err != nil || compare == "":
			return r, err
		case compare != "1":
			return nil, badField("compare", "可用 1，或者不写")
		}
		return s.compared(ctx, q, r, ids)
	})
}

// comparedAnswer is an answer whose figures carry their comparison.
type comparedAnswer struct {
	From  time.Time               `json:"from"`
	To    time.Time               `json:"to"`
	AsOf  time.Time               `json:"as_of"`
	Slice kpi.Slice               `json:"slice"`
	KPIs  map[string]kpi.Compared `json:"kpis"`
}

// compared asks the same figures of every period to compare with.
func (s *Server) compared(ctx context.Context, q kpi.Query, now kpi.Result, ids []string) (comparedAnswer, error) {
	out := comparedAnswer{now.From, now.To, now.AsOf, now.Slice, map[string]kpi.Compared{}}
	from, to := s.deps.Reader.Baseline()
	periods := q.Period().References(kpi.Period{From: from, To: to}, s.cfg.Zone)
	then := map[kpi.Reference]map[string]kpi.Value{}
	for r := range maps.Keys(periods) {
		answer, err := s.deps.Reader.KPIs(ctx, q.In(periods[r]), ids...)
		if err != nil {
			return out, err
		}
		then[r] = answer.KPIs
	}
	for id, v := range now.KPIs {
		e, known := kpi.Lookup(id)
		if !known {
			continue
		}
		of := map[kpi.Reference]kpi.Value{}
		for r, figures := range then {
			if figure, ok := figures[id]; ok {
				of[r] = figure
			}
		}
		out.KPIs[id] = kpi.Compare(e, v, periods, of)
	}
	return out, nil
}
