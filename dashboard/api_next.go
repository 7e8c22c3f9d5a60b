package dashboard

import (
	"context"
	"iter"

	"github.com/gin-gonic/gin"

	"wenguo/dashboard/openapi"
	"wenguo/dashboard/sheet"
	"wenguo/transform/improve"
)

// nextAnswer is what to fix next. Points are what each factor adds, Score their sum by that of the weights, 0 to 1.
type nextAnswer struct {
	question

	Weights map[string]int    `json:"weights"`
	Items   []improve.Ranked  `json:"items"`
	Causes  []improve.Finding `json:"causes"`
}

func (s *Server) apiNext(c *gin.Context) {
	answer(s, c, weightKeys(), func(ctx context.Context, v view) (nextAnswer, error) {
		w, err := parseWeights(v)
		if err != nil {
			return nextAnswer{}, err
		}
		ranked, burdens, err := s.ranked(ctx, v, w)
		out := nextAnswer{question: v.question(), Weights: map[string]int{}, Items: list(ranked), Causes: list(burdens.Causes)}
		for f, n := range w {
			out.Weights[string(f)] = n
		}
		return out, err
	})
}

func nextTable() *table {
	columns := []sheet.Column{
		countColumn("名次"), textColumn("问题编号"), textColumn("复发问题"), countColumn("客户数"), countColumn("投诉（件）"), countColumn("上期（件）"),
		countColumn("不满意（件）"), countColumn("评分（件）"), numberColumn("处理用时（小时，不含挂起）"), countColumn("超时或失约（件）"), shareColumn("得分"), textColumn("进行中的整改"),
	}
	return tableOf("先改什么", columns, func(_ view, n nextAnswer) iter.Seq[[]any] {
		return func(yield func([]any) bool) {
			for i, r := range n.Items {
				if !yield([]any{i + 1, r.Issue, r.Name, r.Customers, r.Complaints, r.Previous, r.Dissatisfied, r.Rated, r.Handling / 3600, r.Breached, r.Score, r.Action}) {
					return
				}
			}
		}
	})
}

// weightParameters are those of what to fix next.
func weightParameters() []openapi.Parameter {
	var out []openapi.Parameter
	for _, f := range improve.Factors {
		out = append(out, openapi.Parameter{Name: weightPrefix + string(f), Kind: openapi.Whole, Min: 0, Max: maxWeight, Description: "权重：" + burdenNames[f]})
	}
	return out
}
