package kpi

import (
	"fmt"
	"math"
	"strconv"
)

// Unit of a KPI's value.
type Unit string

// Units. Rates are fractions 0–1, durations seconds, counts complaints.
const (
	UnitRate     Unit = "rate"
	UnitDuration Unit = "duration"
	UnitCount    Unit = "count"
)

// Direction says which way is better.
type Direction string

// Directions.
const (
	Higher Direction = "higher"
	Lower  Direction = "lower"
)

// Target of a KPI.
type Target struct {
	// Value is the absolute target in the KPI's unit, or with OnBaseline the wanted change as a fraction, such as −0.25.
	Value float64 `json:"value,omitempty"`
	// OnBaseline says that the target is a change on the declared baseline period.
	OnBaseline bool `json:"on_baseline,omitempty"`
	// None says that only the direction is wanted.
	None bool `json:"none,omitempty"`
	// Figure names what the target is about, a key of Value.More, where it is not the value itself; FigureName is that in
	// Chinese.
	Figure     string `json:"figure,omitempty"`
	FigureName string `json:"figure_name,omitempty"`
	// Stage names the clock whose promised time is the target as well. It differs by priority, so it is no single number.
	Stage string `json:"stage,omitempty"`
}

// Figure is what stands beside an entry's value. Key is its place in Value: p50, mean, distribution, anomalies, or
// more.NAME.
type Figure struct {
	Key string `json:"key"`
	// Name is Chinese, with what it counts; English the same.
	Name    string `json:"name"`
	English string `json:"english"`
}

// Entry is one key figure: everything that the page's tooltip, the API, the report, the alert and the documents say of it.
type Entry struct {
	ID string `json:"id"`
	// Name is Chinese, as the product shows it; English is its name in the documents.
	Name    string `json:"name"`
	English string `json:"english"`
	// Formula is Chinese, FormulaEnglish the same in English.
	Formula        string    `json:"formula"`
	FormulaEnglish string    `json:"formula_english"`
	Unit           Unit      `json:"unit"`
	Direction      Direction `json:"direction"`
	Target         Target    `json:"target"`
	// MinimumN is the least n at which the value may be judged, where the policy names no other; counts have none.
	MinimumN int64 `json:"minimum_n"`
	// Edges are the rules that two honest people would otherwise settle differently, beside those of General;
	// EdgesEnglish are the same in English, in the same order.
	Edges        []string `json:"edges"`
	EdgesEnglish []string `json:"edges_english"`
	// Beside are the figures that stand beside the value.
	Beside []Figure `json:"beside,omitempty"`
	// Query is the name of its query; empty where it is a sum of marks (Terms). Stage is the clock it asks about, if it is
	// about one.
	Query string `json:"-"`
	Stage string `json:"stage,omitempty"`
}

// minimumN holds for every KPI but the counts.
const minimumN = 30

// Lookup finds an entry.
func Lookup(id string) (Entry, bool) {
	for _, e := range Catalogue {
		if e.ID == id {
			return e, true
		}
	}
	return Entry{}, false
}

// IDs lists the catalogue's ids in its order.
func IDs() []string {
	ids := make([]string, len(Catalogue))
	for i, e := range Catalogue {
		ids[i] = e.ID
	}
	return ids
}

// Aim is the target in Chinese, as the product shows it where there is no baseline to make a number of it.
func (e Entry) Aim() string {
	t := e.Target
	switch {
	case t.None && e.Direction == Higher:
		return "越高越好"
	case t.None:
		return "越低越好"
	case t.OnBaseline:
		aim := fmt.Sprintf("较基准期 %s%.0f%%", sign(t.Value), 100*math.Abs(t.Value))
		if t.Figure != "" {
			aim = t.FigureName + aim
		}
		if t.Stage != "" {
			aim += "，并在时限之内"
		}
		return aim
	case e.Unit == UnitRate && t.Value == 1:
		return "100%"
	case e.Direction == Higher:
		return "≥ " + write(e.Unit, t.Value, "天", "分钟")
	default:
		return "≤ " + write(e.Unit, t.Value, "天", "分钟")
	}
}

// AimEnglish is the same in English.
func (e Entry) AimEnglish() string {
	t := e.Target
	switch {
	case t.None && e.Direction == Higher:
		return "higher is better"
	case t.None:
		return "lower is better"
	case t.OnBaseline:
		aim := fmt.Sprintf("%s%.0f %% on baseline", sign(t.Value), 100*math.Abs(t.Value))
		if t.Figure != "" {
			aim += " of " + t.Figure
		}
		if t.Stage != "" {
			aim += ", and within the " + t.Stage + " target"
		}
		return aim
	case e.Unit == UnitRate && t.Value == 1:
		return "100%"
	case e.Direction == Higher:
		return "≥ " + write(e.Unit, t.Value, "d", "min")
	default:
		return "≤ " + write(e.Unit, t.Value, "d", "min")
	}
}

func sign(v float64) string {
	if v < 0 {
		return "−"
	}
	return "+"
}

// write is a target in its unit: of a duration whole days or minutes.
func write(u Unit, v float64, days, minutes string) string {
	switch {
	case u == UnitRate:
		return strconv.FormatFloat(math.Round(1000*v)/10, 'f', -1, 64) + "%"
	case u == UnitDuration && v >= 86400:
		return strconv.FormatFloat(v/86400, 'f', -1, 64) + " " + days
	case u == UnitDuration:
		return strconv.FormatFloat(v/60, 'f', -1, 64) + " " + minutes
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}
