package dashboard

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"

	"wenguo/dashboard/report"
	"wenguo/transform"
	"wenguo/transform/kpi"
)

// looksPage is what templates/looks.html shows.
type looksPage struct {
	frame

	Rows part[[]lookRow]
}

// secondLooks shows what is worth a second glance in the period of the address, or of a paper.
func (s *Server) secondLooks(c *gin.Context) {
	f, err := s.begin(c, "值得再看一眼", "/reports", "of")
	if err != nil {
		s.fail(c, err)
		return
	}
	if of := f.View.Own.Get("of"); of != "" {
		p, err := report.ParsePeriod(of, s.cfg.Zone)
		if err != nil {
			s.fail(c, badField("of", "要写成 2026-10 或 2026-Q4 这样"))
			return
		}
		f.View.Period = period{periodCustom, p.From, p.To}
		f.View.Own.Del("of")
	}
	ctx, q := c.Request.Context(), f.View.query()
	var wg sync.WaitGroup
	var choices part[map[kpi.Dimension][]kpi.Choice]
	var found part[[]kpi.Look]
	ask(s, &wg, "filters", &choices, func() (map[kpi.Dimension][]kpi.Choice, error) { return s.deps.Reader.Choices(ctx, q) })
	ask(s, &wg, "second looks", &found, func() ([]kpi.Look, error) { return s.deps.Reader.Looks(ctx, q) })
	wg.Wait()
	p := looksPage{frame: f, Rows: convert(found, func(l []kpi.Look) []lookRow { return lookRows(f.View, l) })}
	p.Menus = menus(f.View, choices.V)
	s.render(c, http.StatusOK, "looks", p)
}

func lookRows(v view, found []kpi.Look) []lookRow {
	rows := make([]lookRow, len(found))
	for i, l := range found {
		rows[i] = newLook(v, l)
	}
	return rows
}

// LookFiles are the files of the questions of a page.
func (v view) LookFiles() fileLinks { return v.Files("looks", "") }

// lookAnswer is a question as JSON.
type lookAnswer struct {
	kpi.Look

	Title    string   `json:"title"`
	Question string   `json:"question"`
	Expected *float64 `json:"expected"`
	// Share is Found ÷ Looked, Base the same on the other occasions; neither says anything of a question that counts times.
	Share kpi.Value `json:"share"`
	Base  kpi.Value `json:"base"`
}

func (s *Server) apiLooks(c *gin.Context) {
	answer(s, c, nil, func(ctx context.Context, v view) (envelope, error) {
		found, err := s.deps.Reader.Looks(ctx, v.query())
		var out []lookAnswer
		for _, l := range found {
			out = append(out, lookAnswer{l, looks[l.ID].Title, looks[l.ID].Question, l.Expected(), l.Rate(), l.Base()})
		}
		return v.envelope(out), err
	})
}

// parseLook reads look=, the question whose cases are listed.
func parseLook(f *transform.ComplaintFilter, own url.Values) error {
	f.Look = kpi.LookID(own.Get("look"))
	switch asked := slices.Contains(kpi.LookIDs, f.Look); {
	case f.Scope == transform.ScopeLook && !asked:
		return badField("look", "scope=look 时要写明问题，可用 "+strings.Join(texts(kpi.LookIDs), "、"))
	case f.Scope != transform.ScopeLook && f.Look != "":
		return badField("look", "look 只能和 scope=look 一起用")
	}
	return nil
}

// lookChip names the question, and leads back to the plain list.
func lookChip(v view, f transform.ComplaintFilter) chip {
	return chip{Name: "值得再看一眼", Value: looks[f.Look].Title, Remove: v.With("/complaints", "q", f.Text)}
}
