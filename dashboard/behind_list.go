package dashboard

import (
	"context"
	"net/url"
	"slices"
	"sync"

	"wenguo/transform"
	"wenguo/transform/kpi"
)

// parseFigure reads kpi= and part=, which name a term of a key figure, and the scope.
func parseFigure(f *transform.ComplaintFilter, own url.Values) error {
	f.KPI, f.Part = own.Get("kpi"), own.Get("part")
	switch {
	case f.Scope == "" && f.KPI != "":
		f.Scope = transform.ScopeKPI
	case f.Scope == "":
		f.Scope = transform.ScopeRegistered
	}
	if f.Scope != transform.ScopeKPI {
		if f.KPI != "" || f.Part != "" {
			return badField("kpi", "kpi 与 part 只能和 scope=kpi 一起用")
		}
		return nil
	}
	e, known := kpi.Lookup(f.KPI)
	if !known {
		return badField("kpi", "没有这个指标："+f.KPI)
	}
	if f.Part == "" {
		f.Part = transform.PartDenominator
	}
	if slices.Contains(withoutComplaints, e.ID) {
		return badField("kpi", "“"+e.Name+"”计的不是投诉，没有可列的清单")
	}
	if _, ok := partName(e, f.Part); !ok {
		return badField("part", "“"+e.Name+"”没有这一部分，可用 numerator、denominator、missed、pending、anomalies 中它有的")
	}
	return nil
}

// figureChip names the figure and its part, and leads back to the plain list.
func figureChip(v view, f transform.ComplaintFilter) chip {
	e, _ := kpi.Lookup(f.KPI)
	words, _ := partName(e, f.Part)
	return chip{Name: e.Name, Value: words, Remove: v.With("/complaints", "q", f.Text)}
}

// behindFigure is the key figure above the list of its complaints.
type behindFigure struct {
	Card card
	// Tabs are the figure's parts; the chosen one is listed.
	Tabs []partTab
	// Note says why the figure may count more than the list has rows.
	Note string
}

type partTab struct {
	partLink

	Chosen bool
}

// asked is a figure that is being asked for; nil when the list stands behind none.
type asked struct{ result part[kpi.Result] }

// askFigure asks for the figure behind which the list stands, so that the reader sees the number that was clicked.
func (s *Server) askFigure(ctx context.Context, wg *sync.WaitGroup, v view, f transform.ComplaintFilter) *asked {
	if f.Scope != transform.ScopeKPI {
		return nil
	}
	a := &asked{}
	ask(s, wg, "figure of the list", &a.result, func() (kpi.Result, error) { return s.deps.Reader.KPIs(ctx, v.query(), f.KPI) })
	return a
}

func (a *asked) shown(v view, f transform.ComplaintFilter) *part[behindFigure] {
	if a == nil {
		return nil
	}
	p := convert(a.result, func(r kpi.Result) behindFigure {
		out := behindFigure{Card: newCard(v, f.KPI, r.KPIs[f.KPI], nil)}
		for _, link := range out.Card.Parts {
			out.Tabs = append(out.Tabs, partTab{link, link.Part == f.Part})
		}
		if unit, several := countsEvents[f.KPI]; several || f.KPI == kpiSatisfaction && (f.Part == transform.PartPending || f.Part == transform.PartOffered) {
			if !several {
				unit = "发出的回访"
			}
			out.Note = "指标按" + unit + "计数，同一件投诉可能计多次；清单中每件投诉只列一行。"
		}
		return out
	})
	return &p
}
