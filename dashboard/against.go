package dashboard

import (
	"slices"
	"strings"

	"wenguo/transform/kpi"
)

// againstNone compares with nothing.
const againstNone = "none"

// comparison is one choice of what to compare with; the empty key is all that the store holds.
type comparison struct{ Key, Name, Short string }

var comparisons = []comparison{ //nolint:gochecknoglobals // a constant list
	{"", "上期与去年同期", "上期、去年"},
	{string(kpi.Previous), "只与上期", namePrevious},
	{string(kpi.LastYear), "只与去年同期", nameYear},
	{string(kpi.Baseline), "只与基准期", nameBaseline},
	{againstNone, "不比较", "不比较"},
}

// parseAgainst reads against=.
func parseAgainst(s string) (string, error) {
	known := func(c comparison) bool { return c.Key == s }
	if slices.ContainsFunc(comparisons, known) {
		return s, nil
	}
	keys := make([]string, 0, len(comparisons))
	for _, c := range comparisons[1:] {
		keys = append(keys, c.Key)
	}
	return "", badField("against", "没有名为“"+s+"”的比较，可用 "+strings.Join(keys, "、")+"，或者不写")
}

// comparedWith is the choice in force in few words.
func (v view) comparedWith() comparison {
	for _, c := range comparisons {
		if c.Key == v.Against {
			return c
		}
	}
	return comparisons[0]
}

// ComparedWith says in few words what figures are compared with.
func (v view) ComparedWith() string { return v.comparedWith().Short }

// beside is the period whose course a chart shows beside the view's own; false where none is compared with or the store
// does not hold it.
func (v view) beside() (string, period, bool) {
	span, zone := v.Period.span(), v.Period.From.Location()
	var p period
	var words string
	switch v.Against {
	case "", string(kpi.Previous):
		words, p = namePrevious, named(periodCustom, span.Previous(zone))
	case string(kpi.LastYear):
		words, p = nameYear, named(periodCustom, span.LastYear(zone))
	default:
		return "", period{}, false
	}
	return words, p, v.holds(p)
}

// PeriodName is the name of the period in force, empty where it has none.
func (v view) PeriodName() string {
	for _, p := range namedPeriods {
		if p.Key == v.Period.Key {
			return p.Name
		}
	}
	return ""
}

// FarPeriod says that the period in force is none of those that stand in the bar.
func (v view) FarPeriod() bool {
	return !slices.ContainsFunc(namedPeriods, func(p namedPeriod) bool { return p.Near && p.Key == v.Period.Key })
}

// uncompared are the pages whose figures are compared with nothing, by their place in the navigation.
var uncompared = []string{"/issues", "/complaints", "/quality", "/alerts"} //nolint:gochecknoglobals // a constant list

// Compares says whether the page offers a choice of what to compare with.
func (f frame) Compares() bool { return !slices.Contains(uncompared, f.Nav) }
