package dashboard

import (
	"context"
	"iter"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"wenguo/dashboard/sheet"
	"wenguo/transform"
	"wenguo/transform/improve"
)

// effectAnswer is what the figures say of an action. Rates are complaints by exposure.
type effectAnswer struct {
	improve.Effect

	Action string    `json:"action"`
	Issue  string    `json:"issue,omitempty"`
	AsOf   time.Time `json:"as_of"`
	// Delay is how many seconds after its incident a complaint is registered, the 95th percentile.
	Delay    float64         `json:"delay"`
	Weeks    []effectWeekRow `json:"weeks"`
	Returned *returnAnswer   `json:"returned,omitempty"`
}

// effectWeekRow is one week with its limits.
type effectWeekRow struct {
	Start      time.Time    `json:"start"`
	Complaints int64        `json:"complaints"`
	Exposure   float64      `json:"exposure"`
	Rate       *float64     `json:"rate"`
	Role       improve.Role `json:"role"`
	Centre     *float64     `json:"centre"`
	Upper      *float64     `json:"upper"`
}

// returnAnswer is an issue that came back after people accepted its action.
type returnAnswer struct {
	Week  time.Time          `json:"week"`
	Ratio improve.Comparison `json:"ratio"`
	Now   improve.Window     `json:"now"`
	Then  improve.Window     `json:"then"`
}

func (s *Server) apiEffect(c *gin.Context) {
	answer(s, c, nil, func(ctx context.Context, v view) (effectAnswer, error) {
		all, err := s.deps.Reader.Actions(ctx, v.AsOf)
		if err != nil {
			return effectAnswer{}, err
		}
		i := slices.IndexFunc(all, func(a improve.Action) bool { return a.ID == c.Param("id") })
		if i < 0 {
			return effectAnswer{}, transform.ErrNotFound
		}
		names, err := s.deps.Reader.IssueNames(ctx)
		if err != nil {
			return effectAnswer{}, err
		}
		p, err := s.prove(ctx, all[i], all, names, v.AsOf)
		if err != nil {
			return effectAnswer{}, err
		}
		return newEffectAnswer(v, p), nil
	})
}

func newEffectAnswer(v view, p proof) effectAnswer {
	out := effectAnswer{
		Effect: p.Effect, Action: p.Action.ID, Issue: p.History.Issue, AsOf: v.AsOf, Delay: p.History.Delay.Seconds(), Weeks: []effectWeekRow{},
	}
	for i, w := range p.Evidence.Weeks {
		point := p.Chart.Points[i]
		row := effectWeekRow{Start: w.Start, Complaints: w.Complaints, Exposure: w.Exposure, Rate: point.Value, Centre: point.Centre, Upper: point.Upper}
		if i < len(p.Effect.Roles) {
			row.Role = p.Effect.Roles[i]
		}
		out.Weeks = append(out.Weeks, row)
	}
	if r := p.Returned; r != nil {
		out.Returned = &returnAnswer{r.Week, r.Ratio, r.Now, r.Then}
	}
	return out
}

func effectTable() *table {
	columns := []sheet.Column{
		instantColumn("周一"), countColumn("投诉（件）"), numberColumn("对照量"), numberColumn("每件对照量的投诉"), textColumn("算作"),
		numberColumn("均值"), numberColumn("上限"),
	}
	return tableOf("整改效果", columns, func(_ view, e effectAnswer) iter.Seq[[]any] {
		return func(yield func([]any) bool) {
			for _, w := range e.Weeks {
				if !yield([]any{w.Start, w.Complaints, w.Exposure, cell(w.Rate), weekRoleNames[w.Role], cell(w.Centre), cell(w.Upper)}) {
					return
				}
			}
		}
	})
}

// cell is a number or an empty cell.
func cell(f *float64) any {
	if f == nil {
		return nil
	}
	return *f
}
