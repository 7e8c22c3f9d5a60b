package dashboard

import (
	"context"
	"iter"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"wenguo/dashboard/report"
	"wenguo/dashboard/sheet"
	"wenguo/transform/kpi"
	"wenguo/transform/restate"
)

// reportsAnswer are the papers of a period.
type reportsAnswer struct {
	Period string    `json:"period"`
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	AsOf   time.Time `json:"as_of"`
	// DueOn is the day by which they are to be ready.
	DueOn string `json:"due_on"`
	// Edition counts publications of the period; 0 is none.
	Edition int           `json:"edition"`
	Papers  []paperAnswer `json:"papers"`
}

type paperAnswer struct {
	Name    string            `json:"name"`
	Title   string            `json:"title"`
	Formats map[string]string `json:"formats"`
}

func (s *Server) apiReports(c *gin.Context) {
	answer(s, c, []string{"of"}, func(ctx context.Context, v view) (reportsAnswer, error) {
		of, err := s.papersOf(v.Own.Get("of"), s.deps.Now())
		if err != nil {
			return reportsAnswer{}, err
		}
		all, err := s.deps.Reader.Publications(ctx)
		if err != nil {
			return reportsAnswer{}, err
		}
		order, err := PaperMaker(s.deps.Reader, s.cfg.Zone).Settle(ctx, report.Order{Period: of})
		out := reportsAnswer{Period: of.Key, From: of.From, To: of.To, AsOf: order.AsOf, DueOn: dayText(of.Ready()), Papers: []paperAnswer{}}
		_, out.Edition, _ = restate.Last(all, dayText(of.From), dayText(of.To))
		for _, p := range report.Papers {
			one := paperAnswer{p.Name, p.Title, map[string]string{}}
			for _, f := range p.Formats {
				one.Formats[string(f)] = address("/reports/"+p.Name, map[string][]string{"of": {of.Key}, "format": {string(f)}})
			}
			out.Papers = append(out.Papers, one)
		}
		return out, err
	})
}

// publishedAnswer is what was published of a period, beside today.
type publishedAnswer struct {
	Period      string               `json:"period"`
	EventID     string               `json:"event_id"`
	Edition     int                  `json:"edition"`
	PublishedAt time.Time            `json:"published_at"`
	By          string               `json:"by"`
	AsOf        time.Time            `json:"as_of"`
	Revision    uint32               `json:"revision"`
	RevisionNow uint32               `json:"revision_now"`
	Offsets     map[int]int64        `json:"offsets"`
	KPIs        map[string]kpi.Value `json:"kpis"`
	Strip       kpi.Strip            `json:"strip"`
	Differences []restate.Difference `json:"differences"`
	Changes     []restate.Change     `json:"changes"`
	// Whole is false where more complaints changed than were compared.
	Whole bool `json:"whole"`
}

func (s *Server) apiPublished(c *gin.Context) {
	answer(s, c, []string{"of"}, func(ctx context.Context, v view) (publishedAnswer, error) {
		of, err := s.papersOf(v.Own.Get("of"), s.deps.Now())
		if err != nil {
			return publishedAnswer{}, err
		}
		all, err := s.deps.Reader.Publications(ctx)
		if err != nil {
			return publishedAnswer{}, err
		}
		r, err := s.restatedOf(ctx, all, of)
		if err != nil {
			return publishedAnswer{}, err
		}
		if r == nil {
			return publishedAnswer{}, refusal{status: http.StatusNotFound, title: "尚未发布", field: "of", detail: "这个统计期没有发布过。"}
		}
		return publishedAnswer{
			Period: of.Key, EventID: r.ID, Edition: r.Edition, PublishedAt: r.At, By: r.By, AsOf: r.AsOf, Revision: r.Publication.Revision,
			RevisionNow: r.Revision, Offsets: r.Offsets, KPIs: r.Figures.KPIs, Strip: r.Figures.Strip, Differences: r.Differences,
			Changes: list(r.Changes), Whole: r.Whole,
		}, nil
	})
}

func publishedTable() *table {
	columns := []sheet.Column{
		textColumn("编号"), textColumn("指标"), numberColumn("已发布"), countColumn("已发布 n（件）"), numberColumn("现在"), countColumn("现在 n（件）"),
		textColumn("单位"), textColumn("原因"),
	}
	return tableOf("已发布与重述", columns, func(_ view, a publishedAnswer) iter.Seq[[]any] {
		return func(yield func([]any) bool) {
			for _, id := range kpi.IDs() {
				was, published := a.KPIs[id]
				if !published {
					continue
				}
				now, why := was, ""
				if i := slices.IndexFunc(a.Differences, func(d restate.Difference) bool { return d.KPI == id }); i >= 0 {
					now, why = a.Differences[i].Now, PaperWords().Causes(a.Differences[i].Causes)
				}
				d := define(id)
				if !yield([]any{id, d.Name, inUnit(d.Unit, was.Value), was.N, inUnit(d.Unit, now.Value), now.N, unitNames[d.Unit], why}) {
					return
				}
			}
		}
	})
}

// publishRequest is the body of POST /api/v1/reports/published.
type publishRequest struct {
	EventID string  `json:"event_id"`
	Of      string  `json:"of"`
	Actor   decider `json:"actor"`
}

func (s *Server) apiPublish(c *gin.Context) {
	var request publishRequest
	if err := c.ShouldBindJSON(&request); err != nil {
		s.fail(c, badBody("body", "需要一个 JSON 对象，含 event_id、of、actor"))
		return
	}
	of, err := report.ParsePeriod(request.Of, s.cfg.Zone)
	switch {
	case err != nil:
		s.fail(c, badBody("of", "要写成 2026-10 或 2026-Q4 这样"))
		return
	case request.EventID == "":
		s.fail(c, badBody("event_id", "缺少编号：重发时不变"))
		return
	case request.Actor.ID == "":
		s.fail(c, badBody("actor.id", "缺少发布人"))
		return
	}
	p, shown, err := s.publish(c.Request.Context(), request.Actor.actor(), request.EventID, of)
	if err != nil {
		s.fail(c, asRefusal(err))
		return
	}
	c.Header("Location", ofAddress("published", of))
	writeJSON(c, http.StatusCreated, decisionAnswer{p.ID, "period.published", p.At, shown})
}
