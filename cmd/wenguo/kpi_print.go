package main

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"wenguo/transform/kpi"
)

// json is the answer as the API gives it; what was not asked is absent.
func (f figures) json() any {
	type envelope struct {
		From  time.Time                       `json:"from"`
		To    time.Time                       `json:"to"`
		AsOf  time.Time                       `json:"as_of"`
		Slice kpi.Slice                       `json:"slice"`
		KPIs  any                             `json:"kpis"`
		By    map[string]map[string]kpi.Value `json:"by,omitempty"`
	}
	e := envelope{f.From, f.To, f.AsOf, f.Slice, f.KPIs, f.by}
	if f.compared != nil {
		e.KPIs = f.compared
	}
	return e
}

func (f figures) print(out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	head := "id\t名称\tvalue\t95 % interval\tn\tpending\tstate"
	if f.compared != nil {
		head += "\tprevious\tlast year\tbaseline\ttarget"
	}
	_, _ = fmt.Fprintln(table, head)
	for _, e := range kpi.Catalogue {
		v, known := f.KPIs[e.ID]
		if !known {
			continue
		}
		line := figureLine(e, v)
		if c, ok := f.compared[e.ID]; ok {
			line += "\t" + strings.Join([]string{
				against(e, c.Compare.Previous), against(e, c.Compare.LastYear), against(e, c.Compare.Baseline), target(e, c.Compare.Target),
			}, "\t")
		}
		_, _ = fmt.Fprintln(table, line)
	}
	for _, value := range slices.Sorted(maps.Keys(f.by)) {
		name := value
		if name == "" {
			name = "(absent)"
		}
		_, _ = fmt.Fprintf(table, "\n%s\n", name)
		for _, e := range kpi.Catalogue {
			if v, known := f.by[value][e.ID]; known {
				_, _ = fmt.Fprintln(table, figureLine(e, v))
			}
		}
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

func figureLine(e kpi.Entry, v kpi.Value) string {
	interval := ""
	if v.Interval != nil {
		interval = writeFigure(e.Unit, v.Interval[0]) + " … " + writeFigure(e.Unit, v.Interval[1])
	}
	return fmt.Sprintf("%s\t%s\t%s\t%s\t%d\t%d\t%s", e.ID, e.Name, figure(e, v.Value), interval, v.N, v.Pending, v.State)
}

func figure(e kpi.Entry, v *float64) string {
	if v == nil {
		return "–"
	}
	return writeFigure(e.Unit, *v)
}

// against is what a figure was, how far it is from that, and what this means.
func against(e kpi.Entry, a *kpi.Against) string {
	if a == nil {
		return "–"
	}
	text := figure(e, a.Value.Value)
	if a.Change == nil {
		return text
	}
	change := writeFigure(e.Unit, math.Abs(*a.Change))
	if e.Unit == kpi.UnitRate {
		change = strings.TrimSuffix(change, "%") + "pp"
	}
	sign := "+"
	if *a.Change < 0 {
		sign = "−"
	}
	text += " (" + sign + change
	if a.Verdict != kpi.Unjudged {
		text += ", " + string(a.Verdict)
	}
	return text + ")"
}

// target is the number to reach, or in words what is wanted while there is none.
func target(e kpi.Entry, goal *float64) string {
	if goal == nil || !e.Target.OnBaseline || e.Target.Figure != "" {
		return e.AimEnglish()
	}
	sign := "≥ "
	if e.Direction == kpi.Lower {
		sign = "≤ "
	}
	return sign + writeFigure(e.Unit, *goal)
}

func writeFigure(unit kpi.Unit, v float64) string {
	switch unit {
	case kpi.UnitRate:
		return strconv.FormatFloat(100*v, 'f', 2, 64) + " %"
	case kpi.UnitDuration:
		return time.Duration(v * float64(time.Second)).Round(time.Second).String()
	default:
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
}

// catalogued is an entry with its target in words.
type catalogued struct {
	kpi.Entry

	Aim        string `json:"aim"`
	AimEnglish string `json:"aim_english"`
}

// printCatalogue prints what the figures are, all of them without an id.
func printCatalogue(out io.Writer, ids []string, asJSON bool) error {
	entries := []catalogued{}
	for _, e := range kpi.Catalogue {
		if len(ids) == 0 || slices.Contains(ids, e.ID) {
			entries = append(entries, catalogued{e, e.Aim(), e.AimEnglish()})
		}
	}
	if asJSON {
		return printJSON(out, entries)
	}
	for i, e := range entries {
		if i > 0 {
			_, _ = fmt.Fprintln(out)
		}
		minimum := "–"
		if e.MinimumN > 0 {
			minimum = strconv.FormatInt(e.MinimumN, 10)
		}
		_, _ = fmt.Fprintf(out, "%s  %s  %s\n", e.ID, e.Name, e.English)
		_, _ = fmt.Fprintf(out, "  公式 formula      %s\n                    %s\n", e.Formula, e.FormulaEnglish)
		_, _ = fmt.Fprintf(out, "  单位 unit         %s\n", e.Unit)
		_, _ = fmt.Fprintf(out, "  方向 direction    %s\n", e.Direction)
		_, _ = fmt.Fprintf(out, "  目标 target       %s; %s\n", e.Aim, e.AimEnglish)
		_, _ = fmt.Fprintf(out, "  最少样本 min. n   %s\n", minimum)
		for _, b := range e.Beside {
			_, _ = fmt.Fprintf(out, "  旁列 beside       %s: %s\n", b.Key, b.Name)
		}
		for k, edge := range e.Edges {
			_, _ = fmt.Fprintf(out, "  规则 rule         %s\n                    %s\n", edge, e.EdgesEnglish[k])
		}
	}
	return nil
}
