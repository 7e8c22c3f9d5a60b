package dashboard

import (
	"cmp"
	"maps"
	"net/url"
	"slices"

	"wenguo/transform"
	"wenguo/transform/kpi"
)

// loopRow is one way in which work comes back.
type loopRow struct {
	card

	Title string
	// Count is how many came back, with the list of them; Unit what is counted.
	Count, CountURL, Unit string
	Width                 string
	Weak                  bool
	// Departments and Categories are where most of them come from.
	Departments, Categories []loopSource
}

type loopSource struct {
	Name             said
	Count, Rate, URL string
	Hint             string
}

// loops of the catalogue: what comes back is the part that counts, and what to call it.
var loops = map[string]struct{ Title, Part string }{ //nolint:gochecknoglobals // a constant table
	kpiReopen: {"重开", transform.PartNumerator}, kpiBounce: {"推诿", transform.PartNumerator},
	kpiVerified: {"客户验证不通过", transform.PartMissed}, kpiRedo: {"低分后二次处置", transform.PartNumerator},
}

// mostSources is how many departments and categories a loop names.
const mostSources = 3

func newLoops(v view, r kpi.Result, b *before, departments, categories map[string]map[string]kpi.Value) []loopRow {
	var out []loopRow
	for _, id := range loopKPIs {
		value, known := r.KPIs[id]
		if !known {
			continue
		}
		loop := loops[id]
		row := loopRow{card: newCard(v, id, value, b), Title: loop.Title, Unit: cmp.Or(countsEvents[id], "件"), Weak: value.State != kpi.OK}
		back := row.part(loop.Part)
		row.Count, row.CountURL = cmp.Or(back.Count, "0"), back.URL
		if value.Value != nil {
			row.Width = num(*value.Value * 100)
		}
		row.Departments = loopSources(v, kpi.Department, id, loop.Part, ratios(departments, id, plain))
		row.Categories = loopSources(v, kpi.Category, id, loop.Part, ratios(categories, id, kpi.Root))
		out = append(out, row)
	}
	return out
}

func plain(s string) string { return s }

// ratios are a figure's terms by value, values of one name added up.
func ratios(by map[string]map[string]kpi.Value, id string, name func(string) string) map[string]kpi.Ratio {
	out := map[string]kpi.Ratio{}
	for value, figures := range by {
		f, known := figures[id]
		if !known {
			continue
		}
		sum := out[name(value)]
		sum.Numerator, sum.Denominator = sum.Numerator+f.Numerator, sum.Denominator+f.Denominator
		out[name(value)] = sum
	}
	return out
}

// loopSources are the values from which most came back.
func loopSources(v view, d kpi.Dimension, id, part string, by map[string]kpi.Ratio) []loopSource {
	link := func(value string) string {
		w := v
		w.Slice = sliceWith(v.Slice, d, value)
		return behind(w, id, part)
	}
	return sources(d, by, part == transform.PartMissed, link)
}

func sources(d kpi.Dimension, by map[string]kpi.Ratio, missed bool, link func(string) string) []loopSource {
	back := func(value string) int64 {
		if missed {
			return by[value].Denominator - by[value].Numerator
		}
		return by[value].Numerator
	}
	names := slices.SortedFunc(maps.Keys(by), func(a, b string) int { return cmp.Or(cmp.Compare(back(b), back(a)), cmp.Compare(a, b)) })
	var out []loopSource
	for _, name := range names[:min(len(names), mostSources)] {
		if back(name) == 0 {
			break
		}
		rate := kpi.Rate(back(name), by[name].Denominator, 0, minimumShown, false)
		source := loopSource{Name: saidValue(d, name), Count: grouped(back(name)), URL: link(name), Rate: percent(*rate.Value) + "%"}
		source.Hint = basis(coverageEntry, rate)
		out = append(out, source)
	}
	return out
}

// derivedRejected is the share of plans that customers refuse.
var derivedRejected = derived{ //nolint:gochecknoglobals // a constant
	"plan_rejected", "方案被拒率", "截至时刻有过方案被客户拒绝的 ÷ 首次提出方案在期内的投诉", []string{"一件投诉计一次，不论被拒几次"}, kpi.Lower,
}

func newPlanLoop(v view, r kpi.Rejections) loopRow {
	value := kpi.Rate(r.All.Numerator, r.All.Denominator, 0, minimumShown, false)
	row := loopRow{card: newDerived(derivedRejected, value, "", nil), Title: "方案被拒", Unit: "件", Weak: value.State != kpi.OK, Count: grouped(r.All.Numerator)}
	list := func(slice kpi.Slice, rejected bool) string {
		q := url.Values{"scope": {string(transform.ScopePlanned)}}
		if rejected {
			q.Set("step", string(kpi.PlanRejected))
		}
		return lists(v, slice, q)
	}
	if value.N > 0 {
		row.Behind, row.Width = list(nil, false), num(*value.Value*100)
	}
	if value.Numerator > 0 {
		row.CountURL = list(nil, true)
	}
	row.Departments = sources(kpi.Department, r.ByDepartment, false, func(value string) string {
		return list(kpi.Slice{kpi.Department: {value}}, true)
	})
	categories := map[string]kpi.Ratio{}
	for path, ratio := range r.ByCategory {
		sum := categories[kpi.Root(path)]
		sum.Numerator, sum.Denominator = sum.Numerator+ratio.Numerator, sum.Denominator+ratio.Denominator
		categories[kpi.Root(path)] = sum
	}
	row.Categories = sources(kpi.Category, categories, false, func(value string) string {
		return list(kpi.Slice{kpi.Category: {value}}, true)
	})
	return row
}

// Card is the figure that the row is about.
func (r loopRow) Card() card { return r.card }
