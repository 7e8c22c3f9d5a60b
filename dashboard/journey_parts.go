package dashboard

import (
	"cmp"
	"maps"
	"math"
	"net/url"
	"slices"

	"wenguo/transform"
	"wenguo/transform/kpi"
)

// funnelView is how far the complaints registered in the period came.
type funnelView struct {
	N, URL string
	Rows   []funnelRow
}

type funnelRow struct {
	Name, Hint             string
	Count, URL             string
	Share, Range, Width    string
	Missed, MissedURL      string
	Median, P90, Backwards string
	// Never says that nobody came here: a step that is not sent is no step that is not done.
	Never bool
}

func newFunnel(v view, passages []kpi.Passage) funnelView {
	own := func(m kpi.Milestone, reached string) string {
		q := url.Values{"scope": {string(transform.ScopeCohort)}}
		if m != "" {
			q.Set("step", string(m))
		}
		if reached != "" {
			q.Set("reached", reached)
		}
		return lists(v, nil, q)
	}
	out := funnelView{N: grouped(cohortN(passages)), URL: own("", "")}
	for _, p := range passages {
		n := p.Reached.Numerator
		row := funnelRow{
			Name: milestoneNames[p.Milestone], Hint: milestoneHints[p.Milestone], Count: grouped(n), Share: dash, Median: dash, P90: dash,
			Never: n == 0 && p.Reached.N > 0,
		}
		if p.Reached.Value != nil {
			row.Share, row.Width = percent(*p.Reached.Value)+"%", num(*p.Reached.Value*100)
			row.Range = percent(p.Reached.Interval[0]) + "–" + percent(p.Reached.Interval[1]) + "%"
		}
		if n > 0 {
			row.URL = own(p.Milestone, "")
		}
		if missed := p.Reached.N - n; missed > 0 {
			row.Missed, row.MissedURL = grouped(missed), own(p.Milestone, "0")
		}
		if p.Median != nil && p.Milestone != kpi.Registered {
			row.Median, row.P90 = spanText(*p.Median), spanText(*p.P90)
		}
		if p.Backwards > 0 {
			row.Backwards = grouped(p.Backwards)
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// coverageRow is one milestone of the complaints resolved in the period.
type coverageRow struct {
	Name, Hint, Event   string
	Share, Basis, Width string
	Missed, MissedURL   string
	URL                 string
	Never               bool
	Change              delta
	// Late says that a complaint comes there after its resolution: the newest may not have had the time.
	Late bool
	Weak bool
}

// coverageEntry compares coverages: more of it is better.
var coverageEntry = definition{Entry: kpi.Entry{ID: "step", Unit: kpi.UnitRate, Direction: kpi.Higher}} //nolint:gochecknoglobals // a constant

func newCoverage(v view, j kpi.Journey, against string) []coverageRow {
	var out []coverageRow
	for i, p := range j.Coverage {
		if p.Milestone == kpi.Registered || p.Milestone == kpi.Resolved || p.Reached.N == 0 {
			continue
		}
		own := url.Values{"scope": {string(transform.ScopeResolved)}, "step": {string(p.Milestone)}}
		row := coverageRow{
			Name: milestoneNames[p.Milestone], Hint: milestoneHints[p.Milestone], Event: milestoneEvents[p.Milestone],
			Share: percent(*p.Reached.Value) + "%", Basis: basis(coverageEntry, p.Reached), Width: num(*p.Reached.Value * 100),
			Never: p.Reached.Numerator == 0, Change: delta{None: true}, Weak: p.Reached.State != kpi.OK,
		}
		if p.Reached.Numerator > 0 {
			row.URL = lists(v, nil, own)
		}
		if missed := p.Reached.N - p.Reached.Numerator; missed > 0 {
			own.Set("reached", "0")
			row.Missed, row.MissedURL = grouped(missed), lists(v, nil, own)
		}
		row.Late = p.Milestone == kpi.Surveyed || p.Milestone == kpi.Closed
		if i < len(j.CoverageBefore) && !row.Late {
			row.Change = coverageEntry.compare(against, p.Reached, j.CoverageBefore[i].Reached)
		}
		out = append(out, row)
	}
	return out
}

// staysView is where the time of the complaints resolved in the period went.
type staysView struct {
	N, URL string
	Rows   []stayRow
	// After is what follows the resolution; it has no share.
	After []stayRow
	// Bar is the whole time, cut by spending.
	Bar []stayCut
	// Columns and Departments are the medians by department.
	Columns     []string
	Departments []stayLine
	Total       string
}

type stayCut struct{ Kind, X, Width, Label string }

type stayRow struct {
	Name, Hint, Kind                            string
	N, URL                                      string
	Median, P90, Total, Share, Width            string
	WorkedMedian, WorkedP90, WorkedTotal, Touch string
}

type stayLine struct {
	Name  said
	URL   string
	Total string
	Cells []stayCell
}

// stayCell has a level from 0 to 6 by its median beside the others of its column.
type stayCell struct {
	Text, Hint, URL string
	Level           int
	Weak            bool
}

// mostStayLines bounds the table by department.
const mostStayLines = 12

func newStays(v view, j kpi.Journey) staysView {
	resolved := func(spent kpi.Spending) url.Values {
		q := url.Values{"scope": {string(transform.ScopeResolved)}}
		if spent != "" {
			q.Set("spent", string(spent))
		}
		return q
	}
	out := staysView{N: grouped(cohortN(j.Coverage)), URL: lists(v, nil, resolved(""))}
	at, whole := 0.0, 0.0
	for _, s := range j.Stays {
		row := stayRow{
			Name: spendingNames[s.On], Hint: spendingHints[s.On], Kind: string(s.On), N: grouped(s.N), URL: lists(v, nil, resolved(s.On)),
			Median: spanText(s.Median), P90: spanText(s.P90), Total: totalText(s.Total), Share: dash,
			WorkedMedian: spanText(s.WorkedMedian), WorkedP90: spanText(s.WorkedP90), WorkedTotal: totalText(s.WorkedTotal),
		}
		if !s.On.Handling() {
			out.After = append(out.After, row)
			continue
		}
		whole += s.Total
		if s.Share != nil {
			row.Share, row.Width = percent(*s.Share)+"%", num(*s.Share*100)
			out.Bar = append(out.Bar, stayCut{Kind: row.Kind, X: num(at * 100), Width: num(*s.Share * 100), Label: row.Name + " " + row.Share})
			at += *s.Share
		}
		out.Rows = append(out.Rows, row)
	}
	out.Total = totalText(whole)
	out.columns(v, j, resolved)
	return out
}

// totalText writes a sum of durations: long ones in whole days.
func totalText(seconds float64) string {
	const day = 86400
	if seconds >= 1000*day {
		return grouped(int64(math.Round(seconds/day))) + " 天"
	}
	return spanText(seconds)
}

// columns are the medians by department, the departments with most complaints first.
func (s *staysView) columns(v view, j kpi.Journey, resolved func(kpi.Spending) url.Values) {
	for _, stay := range j.Stays {
		s.Columns = append(s.Columns, spendingNames[stay.On])
	}
	most := func(name string) (n int64) {
		for _, stay := range j.Departments[name] {
			n = max(n, stay.N)
		}
		return n
	}
	names := slices.SortedFunc(maps.Keys(j.Departments), func(a, b string) int {
		return cmp.Or(cmp.Compare(most(b), most(a)), cmp.Compare(a, b))
	})
	for _, name := range names[:min(len(names), mostStayLines)] {
		line := stayLine{Name: saidValue(kpi.Department, name), URL: departmentURL(v, "/flow", name), Total: grouped(most(name))}
		for _, stay := range j.Stays {
			line.Cells = append(line.Cells, newStayCell(v, name, stay, j, resolved))
		}
		s.Departments = append(s.Departments, line)
	}
}

// newStayCell compares a department's median with that of all: the level says how many times longer it is.
func newStayCell(v view, department string, all kpi.Stay, j kpi.Journey, resolved func(kpi.Spending) url.Values) stayCell {
	i := slices.IndexFunc(j.Departments[department], func(s kpi.Stay) bool { return s.On == all.On })
	if i < 0 {
		return stayCell{Text: dash}
	}
	own := j.Departments[department][i]
	cell := stayCell{
		Text: spanText(own.Median), URL: lists(v, kpi.Slice{kpi.Department: {department}}, resolved(all.On)), Weak: own.N < minimumShown,
		Hint: "n=" + grouped(own.N) + "，P90 " + spanText(own.P90) + "；全部部门中位 " + spanText(all.Median),
	}
	if all.Median > 0 && !cell.Weak {
		for _, times := range []float64{1.15, 1.5, 2, 3} {
			if own.Median >= times*all.Median {
				cell.Level++
			}
		}
	}
	return cell
}

// matrixView is who passes complaints to whom.
type matrixView struct {
	Columns []said
	Rows    []matrixRow
	// Transfers and Bounces are all of them, Outside those between departments that are not shown.
	Transfers, Bounces, Outside string
	URL, BouncedURL             string
	Top                         []matrixPair
}

type matrixRow struct {
	Name  said
	Cells []matrixCell
}

// matrixCell has a level from 0 (none) to 6 (the most).
type matrixCell struct {
	Count, Label, URL string
	Level             int
	// Bounced marks a cell with returns; Self is the diagonal.
	Bounced string
	Self    bool
}

// matrixPair is one way that bounces.
type matrixPair struct {
	From, To                  said
	Bounced, URL, Transfers   string
	Complaints, ComplaintsURL string
}

// Bounds of the matrix.
const (
	mostMoved = 12
	topBounce = 5
)

func newMatrix(v view, moves []kpi.Move) matrixView {
	var out matrixView
	involved := map[string]int64{}
	var transfers, bounces, shownTransfers int64
	for _, m := range moves {
		involved[m.From] += m.Transfers
		involved[m.To] += m.Transfers
		transfers, bounces = transfers+m.Transfers, bounces+m.Bounces
	}
	names := slices.SortedFunc(maps.Keys(involved), func(a, b string) int {
		return cmp.Or(cmp.Compare(involved[b], involved[a]), cmp.Compare(a, b))
	})
	names = names[:min(len(names), mostMoved)]
	of := map[[2]string]kpi.Move{}
	var most int64
	for _, m := range moves {
		of[[2]string{m.From, m.To}] = m
		if slices.Contains(names, m.From) && slices.Contains(names, m.To) {
			most, shownTransfers = max(most, m.Complaints), shownTransfers+m.Transfers
		}
	}
	for _, name := range names {
		out.Columns = append(out.Columns, saidValue(kpi.Department, name))
		row := matrixRow{Name: saidValue(kpi.Department, name)}
		for _, to := range names {
			row.Cells = append(row.Cells, newMatrixCell(v, of[[2]string{name, to}], name == to, most))
		}
		out.Rows = append(out.Rows, row)
	}
	out.Transfers, out.Bounces = grouped(transfers), grouped(bounces)
	if left := transfers - shownTransfers; left > 0 {
		out.Outside = grouped(left)
	}
	out.URL = lists(v, nil, url.Values{"scope": {string(transform.ScopeMoved)}})
	out.BouncedURL = lists(v, nil, url.Values{"scope": {string(transform.ScopeMoved)}, "bounced": {"1"}})
	out.Top = topBounces(v, moves)
	return out
}

func newMatrixCell(v view, m kpi.Move, self bool, most int64) matrixCell {
	cell := matrixCell{Self: self}
	if m.Complaints == 0 {
		return cell
	}
	cell.Count, cell.Level, cell.URL = grouped(m.Complaints), heatLevel(m.Complaints, most), movedURL(v, m, false)
	cell.Label = grouped(m.Complaints) + " 件投诉，转派 " + grouped(m.Transfers) + " 次，其中推诿或退回 " + grouped(m.Bounces) + " 次"
	if m.Bounced > 0 {
		cell.Bounced = grouped(m.Bounced)
	}
	return cell
}

func movedURL(v view, m kpi.Move, bounced bool) string {
	q := url.Values{"scope": {string(transform.ScopeMoved)}, "moved_from": {m.From}, "moved_to": {m.To}}
	if bounced {
		q.Set("bounced", "1")
	}
	return lists(v, nil, q)
}

func topBounces(v view, moves []kpi.Move) []matrixPair {
	moves = slices.Clone(moves)
	slices.SortFunc(moves, func(a, b kpi.Move) int {
		return cmp.Or(cmp.Compare(b.Bounced, a.Bounced), cmp.Compare(b.Complaints, a.Complaints), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	var out []matrixPair
	for _, m := range moves[:min(len(moves), topBounce)] {
		if m.Bounced == 0 {
			break
		}
		out = append(out, matrixPair{
			From: saidValue(kpi.Department, m.From), To: saidValue(kpi.Department, m.To), Bounced: grouped(m.Bounced), URL: movedURL(v, m, true),
			Transfers: grouped(m.Transfers), Complaints: grouped(m.Complaints), ComplaintsURL: movedURL(v, m, false),
		})
	}
	return out
}

// heatLevel is 1 to 6; the root keeps one great cell from drowning all others.
func heatLevel(n, most int64) int {
	level := 1
	for step := int64(1); step < 6; step++ {
		if n*36 > most*step*step {
			level++
		}
	}
	return min(level, 6)
}
