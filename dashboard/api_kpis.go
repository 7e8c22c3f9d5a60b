package dashboard

import (
	"context"
	"maps"

	"github.com/gin-gonic/gin"

	"wenguo/transform/kpi"
)

// kpisAnswer are key figures as JSON, those with compare=1 beside what they were.
type kpisAnswer struct {
	question

	KPIs map[string]kpiAnswer `json:"kpis"`
}

type kpiAnswer struct {
	kpi.Value

	Compare *kpi.Comparison `json:"compare,omitempty"`
}

// apiKPIs answers key figures, with compare=1 beside what they were in the periods to compare with.
func (s *Server) apiKPIs(c *gin.Context) {
	answer(s, c, []string{"id", "compare"}, func(ctx context.Context, v view) (kpisAnswer, error) {
		ids, compare := v.Own["id"], v.Own.Get("compare")
		if err := catalogued(ids); err != nil {
			return kpisAnswer{}, err
		}
		if compare != "" && compare != "1" {
			return kpisAnswer{}, badField("compare", "可用 1，或者不写")
		}
		out := kpisAnswer{question: v.question(), KPIs: map[string]kpiAnswer{}}
		got, err := s.deps.Reader.KPIs(ctx, v.query(), ids...)
		for id, value := range got.KPIs {
			out.KPIs[id] = kpiAnswer{Value: value}
		}
		if err != nil || compare == "" {
			return out, err
		}
		return out, s.compare(ctx, v.query(), out.KPIs, ids)
	})
}

// compare asks the same figures of every period to compare with.
func (s *Server) compare(ctx context.Context, q kpi.Query, figures map[string]kpiAnswer, ids []string) error {
	from, to := s.deps.Reader.Baseline()
	periods := q.Period().References(kpi.Period{From: from, To: to}, s.cfg.Zone)
	then := map[kpi.Reference]map[string]kpi.Value{}
	for r := range maps.Keys(periods) {
		answer, err := s.deps.Reader.KPIs(ctx, q.In(periods[r]), ids...)
		if err != nil {
			return err
		}
		then[r] = answer.KPIs
	}
	for id, v := range figures {
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
		v.Compare = new(kpi.Compare(e, v.Value, periods, of).Compare)
		figures[id] = v
	}
	return nil
}
