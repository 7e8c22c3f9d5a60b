package dashboard

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"net/url"
	"slices"
	"strconv"

	"wenguo/transform"
	"wenguo/transform/kpi"
)

// sliceWith is a slice with one dimension set to one value.
func sliceWith(s kpi.Slice, d kpi.Dimension, value string) kpi.Slice {
	out := maps.Clone(s)
	if out == nil {
		out = kpi.Slice{}
	}
	out[d] = []string{value}
	return out
}

// byOffered are the values with most surveys offered first.
func byOffered(values map[string]map[string]kpi.Value) []string {
	offered := func(value string) int64 { return values[value][kpiSatisfaction].More["participation"].N }
	return slices.SortedFunc(maps.Keys(values), func(a, b string) int {
		return cmp.Or(cmp.Compare(offered(b), offered(a)), cmp.Compare(a, b))
	})
}

// signed writes hundredths with a sign: +0.12, −3.40, 0.00.
func signed(hundredths int64) string {
	text := fmt.Sprintf("%d.%02d", abs(hundredths)/100, abs(hundredths)%100)
	switch {
	case hundredths < 0:
		return "−" + text
	case hundredths > 0:
		return "+" + text
	}
	return text
}

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}

// points writes a difference of rates in percentage points with a sign.
func points(f float64) string {
	return signedOne(f * 100)
}

func signedOne(f float64) string {
	f = math.Round(f*10) / 10
	text := strconv.FormatFloat(math.Abs(f), 'f', 1, 64)
	switch {
	case f < 0:
		return "−" + text
	case f > 0:
		return "+" + text
	}
	return text
}

// driversView is what goes with dissatisfaction.
type driversView struct {
	// Top are those below the rest beyond chance, Groups all by factor; Compared counts those with enough ratings.
	Top      []driverRow
	Groups   []driverGroup
	Compared string
	// Chance is how many of them would look different by chance alone.
	Chance  string
	N       string
	Overall string
}

type driverGroup struct {
	Name string
	Rows []driverRow
}

type driverRow struct {
	Factor string
	Value  said
	Rate   figure
	N      string
	// Dissatisfied are the scores 1 to 3, Bad leads to them.
	Dissatisfied, Bad string
	// Gap is the difference to the rest in percentage points, GapRange its interval, GapTone its colour.
	Gap, GapRange, GapTone string
	Rest                   string
	// Excess are the dissatisfied above what the rate of all would give, with its interval.
	Excess, ExcessRange string
	Weak                bool
	ID                  string
}

// driverFactors are the factors in the order of the page.
var driverFactors = []kpi.Factor{ //nolint:gochecknoglobals // a constant list
	kpi.FactorReply, kpi.FactorReopened, kpi.FactorTransfers, kpi.FactorHandling,
	kpi.Factor(kpi.Department), kpi.Factor(kpi.Category), kpi.Factor(kpi.Product), kpi.Factor(kpi.Issue), kpi.Factor(kpi.Channel),
	kpi.Factor(kpi.Priority), kpi.Factor(kpi.Region), kpi.Factor(kpi.Tier), kpi.Factor(kpi.Level), kpi.Factor(kpi.CauseGroup),
}

// Rows of the tables of drivers.
const (
	topDrivers   = 10
	groupDrivers = 20
)

func newDrivers(v view, h kpi.Heard, issues map[string]string) driversView {
	drivers := kpi.Drive(branched(h), minimumShown)
	out := driversView{N: grouped(h.All.N()), Overall: dash}
	if s := h.All.Satisfied(); s.Denominator > 0 {
		out.Overall = percent(float64(s.Numerator)/float64(s.Denominator)) + "%"
	}
	judged := 0
	groups := map[kpi.Factor]*driverGroup{}
	for _, f := range driverFactors {
		groups[f] = &driverGroup{Name: factorName(f)}
	}
	for _, d := range drivers {
		row := newDriverRow(v, d, issues)
		if d.Verdict != kpi.TooFew {
			judged++
		}
		if d.Verdict == kpi.Worse && len(out.Top) < topDrivers {
			top := row
			top.ID = "top-" + row.ID
			out.Top = append(out.Top, top)
		}
		if g := groups[d.Factor]; g != nil && len(g.Rows) < groupDrivers {
			g.Rows = append(g.Rows, row)
		}
	}
	for _, f := range driverFactors {
		if g := groups[f]; len(g.Rows) > 0 {
			out.Groups = append(out.Groups, *g)
		}
	}
	out.Compared, out.Chance = strconv.Itoa(judged), strconv.Itoa(int(math.Round(float64(judged)/20)))
	return out
}

// branched are ratings whose categories hold those below them, as a filter on a category does.
func branched(h kpi.Heard) kpi.Heard {
	h.By = maps.Clone(h.By)
	if paths, ok := h.By[kpi.Factor(kpi.Category)]; ok {
		h.By[kpi.Factor(kpi.Category)] = kpi.Branches(paths)
	}
	return h
}

func factorName(f kpi.Factor) string {
	if name, ok := factorNames[f]; ok {
		return name
	}
	return dimensionNames[kpi.Dimension(f)]
}

func newDriverRow(v view, d kpi.Driver, issues map[string]string) driverRow {
	row := driverRow{
		Factor: factorName(d.Factor), Rate: newFigure(kpiSatisfaction, d.Satisfied), N: grouped(d.Satisfied.N),
		Dissatisfied: grouped(d.Scores.Dissatisfied()), Gap: points(*d.Change),
		GapRange: points(d.Spread[0]) + " 至 " + points(d.Spread[1]), Excess: signedOne(*d.Excess),
		ExcessRange: signedOne(d.ExcessSpread[0]) + " 至 " + signedOne(d.ExcessSpread[1]),
		Weak:        d.Verdict == kpi.TooFew, ID: string(d.Factor) + "-" + d.Value, Rest: percent(*d.Rest.Value) + "%",
	}
	row.Rate.Tone = ""
	switch d.Verdict {
	case kpi.Worse:
		row.GapTone = "bad"
	case kpi.Better:
		row.GapTone = "good"
	case kpi.Noise, kpi.TooFew, kpi.Unjudged:
	}
	slice, own := kpi.Slice(nil), url.Values{"scope": {string(transform.ScopeRated)}}
	switch traits, known := traitNames[d.Factor]; {
	case known:
		row.Value = said{Text: traits[d.Value]}
		own.Set("with", string(d.Factor)+"."+d.Value)
	default:
		dimension := kpi.Dimension(d.Factor)
		row.Value = saidValue(dimension, d.Value)
		if name := issues[d.Value]; dimension == kpi.Issue && name != "" {
			row.Value.Text = name
		}
		slice = kpi.Slice{dimension: {d.Value}}
	}
	row.Rate.URL = lists(v, slice, own)
	if d.Scores.Dissatisfied() > 0 {
		own["score"] = []string{"1", "2", "3"}
		row.Bad = lists(v, slice, own)
	}
	return row
}

// lowView are the low scores that wait for somebody to take the complaint up again.
type lowView struct {
	Rows []lowRow
	// Total is how many there are, URL lists them.
	Total, URL string
	More       bool
}

type lowRow struct {
	ID, URL, Title, Score, Age, RatedAt string
	Category, Department, Owner         said
	Tone                                string
}

// lowOverdue is after how many days a low score has waited too long: the promise of a second treatment.
const lowOverdue = 2

func newLow(v view, rows []transform.LowScore, redo kpi.Value) lowView {
	left := redo.Denominator - redo.Numerator
	out := lowView{Total: grouped(left), URL: behind(v, kpiRedo, transform.PartMissed), More: left > int64(len(rows))}
	for _, l := range rows {
		row := lowRow{
			ID: l.ComplaintID, URL: v.To("/complaints/" + pathEscape(l.ComplaintID)), Title: cmp.Or(l.Title, l.Excerpt, l.ComplaintID),
			Score: strconv.Itoa(l.Score), Age: durationText(v.AsOf.Sub(l.RatedAt)), RatedAt: clockTime(l.RatedAt, v.AsOf),
			Category: saidValue(kpi.Category, l.Category), Department: saidValue(kpi.Department, l.Department),
			Owner: said{Text: "无负责人"},
		}
		if l.Owner != "" {
			row.Owner = said{l.Owner, true}
		}
		if v.AsOf.Sub(l.RatedAt).Hours() > lowOverdue*24 {
			row.Tone = "bad"
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}
