package dashboard

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"wenguo/transform"
	"wenguo/transform/kpi"
)

// strip is the reconciliation: terms with their signs, and whether they add up.
type strip struct {
	Terms    []term
	Balanced bool
	// Off is what is missing when it does not balance.
	Off string
}

// term of the strip. URL is the list behind it, empty where there is none.
type term struct{ Sign, Name, Value, URL, Hint string }

func newStrip(v view, k kpi.Strip) strip {
	s := strip{Balanced: k.Balanced(), Terms: []term{
		{"", "期初", grouped(k.Opening), "", "时间范围开始时在办的投诉"},
		{"+", "登记", grouped(k.Registered), v.With("/complaints"), "期内登记的投诉"},
		{"+", "重开", grouped(k.Reopened), "", "期内结束后重新打开，按次计"},
		{"−", "办结", grouped(k.Resolved), "", "期内办结，按次计：同一投诉重开后再办结算两次"},
		{"−", "撤诉/不成立", grouped(k.Withdrawn), "", "期内撤诉或认定不成立"},
		{"−", "并单", grouped(k.Merged), "", "期内并入其他投诉"},
		{"=", "期末", grouped(k.Closing), v.With("/complaints", "scope", string(transform.ScopeOpen)), "时间范围结束时（或截至时刻）在办的投诉"},
	}}
	if !s.Balanced {
		sum := k.Opening + k.Registered + k.Reopened - k.Resolved - k.Withdrawn - k.Merged
		s.Off = "各项相加为 " + grouped(sum) + "，与期末相差 " + grouped(k.Closing-sum)
	}
	return s
}

// distribution says within how many days complaints were resolved.
type distribution struct {
	Rows []share
	// N is what the shares are of; P50, P90 and Mean are durations in words.
	N, P50, P90, Mean string
	State             string
}

// share is one bar; Width is 0 to 100.
type share struct {
	Label, Value, Width string
	Target              bool
}

func newDistribution(v kpi.Value) distribution {
	d := distribution{N: grouped(v.N), P50: dash, P90: dash, Mean: dash, State: stateWords[v.State]}
	for _, q := range []struct {
		from *float64
		to   *string
	}{{v.P50, &d.P50}, {v.P90, &d.P90}, {v.Mean, &d.Mean}} {
		if q.from != nil {
			*q.to = spanText(*q.from)
		}
	}
	if v.P50 == nil && v.Value != nil {
		d.P50 = spanText(*v.Value)
	}
	for _, days := range []string{"3", "7", "15", "30"} {
		f, ok := v.Distribution[days]
		if !ok || v.N == 0 {
			continue
		}
		d.Rows = append(d.Rows, share{
			Label: days + " 天内", Value: percent(f) + "%", Width: strconv.FormatFloat(round1(f*100), 'f', -1, 64), Target: days == "3",
		})
	}
	return d
}

// newMix is the first level of categories, the greatest first.
func newMix(v view, paths []kpi.Choice) []whereBar {
	sums, all := map[string]int64{}, int64(0)
	for _, p := range paths {
		root, _, _ := strings.Cut(p.Value, "/")
		sums[root] += p.Count
		all += p.Count
	}
	names := slices.SortedFunc(maps.Keys(sums), func(a, b string) int { return cmp.Or(cmp.Compare(sums[b], sums[a]), cmp.Compare(a, b)) })
	var bars []whereBar
	for _, n := range names[:min(len(names), maxBars)] {
		share := float64(sums[n]) / float64(max(all, 1))
		q := v.shared()
		q[string(kpi.Category)] = []string{n}
		bars = append(bars, whereBar{
			Name: valueName(kpi.Category, n), Count: grouped(sums[n]), Share: percent(share) + "%",
			Width: strconv.FormatFloat(round1(share*100), 'f', -1, 64), URL: address("/", q),
		})
	}
	return bars
}

// flowChart is what the chart of arrivals and resolutions is drawn from; its table says the same.
type flowChart struct {
	Step string    `json:"step"`
	Rows []flowRow `json:"rows"`
	// Before is what the period compared with is called, empty without one.
	Before string   `json:"before,omitempty"`
	Sums   flowSums `json:"-"`
}

type flowSums struct{ Registered, Resolved string }

type flowRow struct {
	Label      string `json:"label"`
	Registered int64  `json:"registered"`
	Resolved   int64  `json:"resolved"`
	Backlog    int64  `json:"backlog"`
	// Before is what was registered at the same place of the period compared with, nil where that one was shorter.
	Before *int64 `json:"before,omitempty"`
}

var stepNames = map[kpi.Step]string{kpi.Day: "日", kpi.Week: "周", kpi.Month: "月"} //nolint:gochecknoglobals // a constant table

func stepLabel(p kpi.FlowPoint, step kpi.Step) string {
	if step == kpi.Month {
		return p.Start.Format("2006-01")
	}
	return p.Start.Format("01-02")
}

func newFlowChart(points []kpi.FlowPoint, step kpi.Step) flowChart {
	c := flowChart{Step: stepNames[step]}
	var in, out int64
	for _, p := range points {
		c.Rows = append(c.Rows, flowRow{Label: stepLabel(p, step), Registered: p.Registered, Resolved: p.Resolved, Backlog: p.Closing})
		in, out = in+p.Registered, out+p.Resolved
	}
	c.Sums = flowSums{grouped(in), grouped(out)}
	return c
}

// compare puts the registrations of another period beside, step by step from its start.
func (c *flowChart) compare(name string, points []kpi.FlowPoint) {
	if len(points) == 0 {
		return
	}
	c.Before = name
	for i := range min(len(c.Rows), len(points)) {
		c.Rows[i].Before = &points[i].Registered
	}
}

// heatMap is the week by hours.
type heatMap struct {
	Rows []heatRow
	Max  string
	Peak string
}

type heatRow struct {
	Day   string
	Cells []heatCell
}

// heatCell has a level from 0 (none) to 6 (the most).
type heatCell struct {
	Level int
	Count string
	Label string
}

var weekdays = []string{"周一", "周二", "周三", "周四", "周五", "周六", "周日"} //nolint:gochecknoglobals // a constant list

func newHeatMap(cells []kpi.HeatCell) heatMap {
	var counts [7][24]int64
	var most int64
	var peak string
	for _, c := range cells {
		if c.Weekday < 1 || c.Weekday > 7 || c.Hour < 0 || c.Hour > 23 {
			continue
		}
		counts[c.Weekday-1][c.Hour] += c.Count
		if n := counts[c.Weekday-1][c.Hour]; n > most {
			most, peak = n, fmt.Sprintf("%s %d 时", weekdays[c.Weekday-1], c.Hour)
		}
	}
	h := heatMap{Max: grouped(most), Peak: peak}
	for d, name := range weekdays {
		row := heatRow{Day: name}
		for hour, n := range counts[d] {
			level := 0
			if n > 0 {
				// The root keeps one busy hour from drowning all others.
				level = int(math.Ceil(6 * math.Sqrt(float64(n)/float64(most))))
			}
			row.Cells = append(row.Cells, heatCell{
				Level: min(level, 6), Count: grouped(n), Label: fmt.Sprintf("%s %02d:00–%02d:00：%s 件", name, hour, hour+1, grouped(n)),
			})
		}
		h.Rows = append(h.Rows, row)
	}
	return h
}

// departmentRow is one line of the ranking.
type departmentRow struct {
	Rank, Name, URL                        string
	Registered, Resolved, Backlog, Overdue string
	RegisteredURL, ResolvedURL             string
	HasOverdue                             bool
	Response, Resolve, Handling, Satisfied figure
	BacklogURL                             string
}

// figure is a value in a table's cell.
type figure struct {
	Text, Tone, Hint string
	// Weak says that n is below the minimum.
	Weak bool
	// Width of the cell's bar, 0 to 100; empty without one.
	Width string
	// URL is the list behind it; empty without one.
	URL string
}

func newFigure(id string, v kpi.Value) figure {
	d := define(id)
	if v.Value == nil {
		return figure{Text: dash, Weak: true, Hint: stateHints[v.State]}
	}
	f := figure{Text: d.text(*v.Value), Hint: d.Name + "，" + basis(d, v) + "。" + d.Formula, Weak: v.State == kpi.Insufficient}
	if w := stateWords[v.State]; w != "" {
		f.Hint = w + "。" + f.Hint
	}
	f.Tone, _ = d.judge(v)
	if d.Unit == kpi.UnitRate {
		f.Width = strconv.FormatFloat(round1(*v.Value*100), 'f', -1, 64)
	}
	return f
}

// departmentRows ranks by resolve on time, best first; what cannot be judged stands below, by size.
func departmentRows(v view, rows []kpi.DepartmentRow) []departmentRow {
	ranked := func(r kpi.DepartmentRow) bool { return r.Department != "" && r.ResolveOnTime.State == kpi.OK }
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b kpi.DepartmentRow) int {
		switch {
		case ranked(a) != ranked(b):
			if ranked(a) {
				return -1
			}
			return 1
		case ranked(a):
			return cmp.Or(cmp.Compare(*b.ResolveOnTime.Value, *a.ResolveOnTime.Value), cmp.Compare(b.Registered, a.Registered))
		}
		return cmp.Or(cmp.Compare(b.Registered, a.Registered), cmp.Compare(a.Department, b.Department))
	})
	out := make([]departmentRow, 0, len(rows))
	for i, r := range rows {
		rank := dash
		if ranked(r) {
			rank = strconv.Itoa(i + 1)
		}
		out = append(out, departmentRow{
			Rank: rank, Name: valueName(kpi.Department, r.Department), URL: departmentURL(v, "/", r.Department),
			Registered: grouped(r.Registered), Resolved: grouped(r.Resolved), Backlog: grouped(r.Backlog), Overdue: grouped(r.Overdue),
			HasOverdue: r.Overdue > 0, Response: departmentFigure(v, r.Department, kpiResponse, r.ResponseOnTime),
			Resolve:       departmentFigure(v, r.Department, kpiResolve, r.ResolveOnTime),
			Handling:      departmentFigure(v, r.Department, kpiHandling, r.HandlingTime),
			Satisfied:     departmentFigure(v, r.Department, kpiSatisfaction, r.Satisfaction),
			RegisteredURL: departmentURL(v, "/complaints", r.Department), ResolvedURL: withValue(v, kpi.Department, r.Department, "throughput"),
			BacklogURL: departmentURL(v, "/complaints", r.Department, "scope", string(transform.ScopeOpen)),
		})
	}
	return out
}

// departmentFigure is a department's figure with the complaints behind it.
func departmentFigure(v view, department, id string, value kpi.Value) figure {
	f := newFigure(id, value)
	if value.N > 0 {
		f.URL = withValue(v, kpi.Department, department, id)
	}
	return f
}

// departmentURL narrows a page to one department; the absent one is the empty value.
func departmentURL(v view, path, department string, pairs ...string) string {
	q := v.shared()
	q[string(kpi.Department)] = []string{department}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return address(path, q)
}
