package dashboard

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"github.com/gin-gonic/gin"

	"wenguo/transform/improve"
	"wenguo/transform/issue"
	"wenguo/transform/kpi"
	"wenguo/transform/sla"
)

// BurdenReader is what the page of what to fix next asks.
type BurdenReader interface {
	// Burdens are what each recurring issue cost in the period, and what all complaints came from.
	Burdens(ctx context.Context, q kpi.Query) (improve.Burdens, error)
}

// nextPage is what templates/next.html shows.
type nextPage struct {
	frame

	Weights []weightField
	List    part[ranking]
	Causes  part[causeMatrix]
	Needs   part[[]needRow]
	Files   fileLinks
	JSON    string
}

// weightField is one weight of the form.
type weightField struct {
	Key, Name, Hint string
	Value           int
}

// ranking is the list in words.
type ranking struct {
	Rows  []rankRow
	Total string
	// Half says how many issues make half of the complaints.
	Half, Complaints string
}

type rankRow struct {
	Rank                    int
	ID, Name, URL           string
	Complaints, ComplainURL string
	Cumulative              string
	Score                   string
	Parts                   []rankPart
	Bars                    []rankBar
	// Action leads to the action under way, OpenURL to the form of a new one.
	Action, OpenURL string
}

// rankPart is one component: its value in its own unit and what it adds.
type rankPart struct{ Name, Value, Hint, Points string }

// rankBar is a component's share of the bar.
type rankBar struct {
	Factor   improve.Factor
	X, Width float64
}

// causeMatrix is cause groups × departments.
type causeMatrix struct {
	Columns []namedValue
	Rows    []causeRow
	Unknown string
}

// namedValue is a value of a dimension.
type namedValue struct {
	Name, URL string
	Data      bool
}

type causeRow struct {
	Name  string
	Total string
	URL   string
	Cells []causeCell
}

type causeCell struct {
	Count, URL string
	Level      int
}

// needRow is one need for training.
type needRow struct {
	Department namedValue
	Step       string
	Complaints string
}

// weightPrefix begins the parameters of weights; maxWeight is the greatest.
const (
	weightPrefix = "w_"
	maxWeight    = 10
)

// shownRanks bounds the list of the page; files have all. shownDepartments bounds the columns.
const (
	shownRanks       = 40
	shownDepartments = 8
)

func weightKeys() []string {
	var keys []string
	for _, f := range improve.Factors {
		keys = append(keys, weightPrefix+string(f))
	}
	return keys
}

// parseWeights reads the weights of an address; one that says nothing keeps the shipped one.
func parseWeights(v view) (improve.Weights, error) {
	w := improve.DefaultWeights()
	for _, f := range improve.Factors {
		text := v.Own.Get(weightPrefix + string(f))
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > maxWeight {
			return nil, badField(weightPrefix+string(f), "权重是 0 到 10 的整数")
		}
		w[f] = n
	}
	return w, nil
}

// ranked are the issues in order, with the actions under way against them.
func (s *Server) ranked(ctx context.Context, v view, w improve.Weights) ([]improve.Ranked, improve.Burdens, error) {
	burdens, err := s.deps.Reader.Burdens(ctx, v.query())
	if err != nil {
		return nil, burdens, err
	}
	actions, err := s.deps.Reader.Actions(ctx, v.AsOf)
	if err != nil {
		return nil, burdens, err
	}
	names, err := s.deps.Reader.IssueNames(ctx)
	if err != nil {
		return nil, burdens, err
	}
	under := underWay(actions, names)
	list := slices.Clone(burdens.Issues)
	for i := range list {
		list[i].Action = under[list[i].Issue]
	}
	return improve.Rank(list, w), burdens, nil
}

// underWay is the newest action that is not closed, by the issue that its own leads to.
func underWay(actions []improve.Action, names map[string]issue.Named) map[string]string {
	out := map[string]string{}
	for _, a := range actions {
		if a.Issue != "" && a.State != improve.Closed {
			out[cmp.Or(names[a.Issue].Leads, a.Issue)] = a.ID
		}
	}
	return out
}

func (s *Server) next(c *gin.Context) {
	f, err := s.begin(c, "先改什么", improvementPath, weightKeys()...)
	if err != nil {
		s.fail(c, err)
		return
	}
	w, err := parseWeights(f.View)
	if err != nil {
		s.fail(c, err)
		return
	}
	ctx := c.Request.Context()
	var wg sync.WaitGroup
	var found part[nextFound]
	var choices part[map[kpi.Dimension][]kpi.Choice]
	ask(s, &wg, "what to fix next", &found, func() (nextFound, error) {
		list, burdens, err := s.ranked(ctx, f.View, w)
		return nextFound{list, burdens}, err
	})
	ask(s, &wg, "filters", &choices, func() (map[kpi.Dimension][]kpi.Choice, error) {
		return s.deps.Reader.Choices(ctx, f.View.query())
	})
	wg.Wait()
	v := f.View
	p := nextPage{frame: f, Files: v.ListFiles("improvement/next", "", weightKeys()...), JSON: v.withOwn(apiRoot + "/improvement/next")}
	p.Menus = menus(v, choices.V)
	for _, factor := range improve.Factors {
		p.Weights = append(p.Weights, weightField{weightPrefix + string(factor), burdenNames[factor], burdenHints[factor], w[factor]})
	}
	p.List = convert(found, func(n nextFound) ranking { return newRanking(v, n.list, w) })
	p.Causes = convert(found, func(n nextFound) causeMatrix { return newCauses(v, n.burdens.Causes) })
	p.Needs = convert(found, func(n nextFound) []needRow { return newNeeds(v, n.burdens.Causes) })
	s.render(c, http.StatusOK, "next", p)
}

type nextFound struct {
	list    []improve.Ranked
	burdens improve.Burdens
}

func newRanking(v view, list []improve.Ranked, w improve.Weights) ranking {
	all := 0
	for _, f := range improve.Factors {
		all += w[f]
	}
	out := ranking{Total: grouped(int64(len(list)))}
	total, half := int64(0), 0
	for _, r := range list {
		total += r.Complaints
	}
	sum := int64(0)
	for i, r := range list {
		if 2*sum < total {
			half = i + 1
		}
		sum += r.Complaints
		if i >= shownRanks {
			continue
		}
		row := rankRow{
			Rank: i + 1, ID: r.Issue, Name: cmp.Or(r.Name, r.Issue), URL: v.To("/issues/" + pathEscape(r.Issue)), Complaints: grouped(r.Complaints),
			ComplainURL: v.With("/complaints", string(kpi.Issue), r.Issue), Score: decimal(r.Score*100, 0),
			Cumulative: percent(float64(sum)/float64(max(total, 1))) + "%", OpenURL: v.With("/improvement/new", string(kpi.Issue), r.Issue),
		}
		if r.Action != "" {
			row.Action = v.To(improvementPath + "/" + pathEscape(r.Action))
		}
		x := 0.0
		for _, f := range improve.Factors {
			row.Parts = append(row.Parts, rankPart{burdenNames[f], factorValue(f, r.Burden), factorBasis(f, r.Burden), decimal(r.Points[f], 1)})
			if width := round1(r.Points[f] / float64(max(all, 1)) * 100); width > 0 {
				row.Bars = append(row.Bars, rankBar{f, x, width})
				x = round1(x + width)
			}
		}
		out.Rows = append(out.Rows, row)
	}
	out.Half, out.Complaints = strconv.Itoa(half), grouped(total)
	return out
}

// factorValue is a component in its own unit.
func factorValue(f improve.Factor, b improve.Burden) string {
	switch f {
	case improve.ByTrend:
		if n := b.Complaints - b.Previous; n > 0 {
			return "+" + grouped(n)
		}
		return grouped(b.Complaints - b.Previous)
	case improve.ByHandling:
		return decimal(b.Handling/86400, 1)
	case improve.ByCustomers, improve.ByDissatisfied, improve.ByBreaches:
	}
	return grouped(int64(b.Value(f)))
}

// factorBasis is what a component is of.
func factorBasis(f improve.Factor, b improve.Burden) string {
	switch f {
	case improve.ByCustomers, improve.ByBreaches:
		return "投诉 " + grouped(b.Complaints) + " 件"
	case improve.ByTrend:
		return "上期 " + grouped(b.Previous) + " 件"
	case improve.ByDissatisfied:
		return "评分 " + grouped(b.Rated) + " 件"
	case improve.ByHandling:
		return "办结 " + grouped(b.Handled) + " 件"
	}
	return ""
}

// newCauses counts cause groups by department.
func newCauses(v view, list []improve.Finding) causeMatrix {
	byDepartment, byGroup, cells := map[string]int64{}, map[string]int64{}, map[[2]string]int64{}
	unknown, most := int64(0), int64(1)
	for _, c := range list {
		if c.Group == "" {
			unknown += c.Complaints
			continue
		}
		key := [2]string{c.Group, c.Department}
		byDepartment[c.Department] += c.Complaints
		byGroup[c.Group] += c.Complaints
		cells[key] += c.Complaints
		most = max(most, cells[key])
	}
	out := causeMatrix{Unknown: grouped(unknown)}
	departments := byCount(byDepartment)
	departments = departments[:min(len(departments), shownDepartments)]
	for _, d := range departments {
		out.Columns = append(out.Columns, namedValue{valueName(kpi.Department, d), withValues(v, map[kpi.Dimension]string{kpi.Department: d}), fromData(kpi.Department, d)})
	}
	for _, g := range byCount(byGroup) {
		row := causeRow{Name: valueName(kpi.CauseGroup, g), Total: grouped(byGroup[g]), URL: v.With("/complaints", string(kpi.CauseGroup), g)}
		for _, d := range departments {
			n := cells[[2]string{g, d}]
			if n == 0 {
				row.Cells = append(row.Cells, causeCell{})
				continue
			}
			row.Cells = append(row.Cells, causeCell{
				Count: grouped(n), Level: 1 + int(n*4/(most+1)), URL: withValues(v, map[kpi.Dimension]string{kpi.CauseGroup: g, kpi.Department: d}),
			})
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// withValues is the list of complaints of values, of which one may be the empty one.
func withValues(v view, values map[kpi.Dimension]string) string {
	q := v.shared()
	for d, value := range values {
		q[string(d)] = []string{value}
	}
	return address("/complaints", q)
}

// newNeeds are the complaints that people caused, by department and the step they were late at.
func newNeeds(v view, list []improve.Finding) []needRow {
	var out []needRow
	for _, c := range list {
		if c.Group != causePeople {
			continue
		}
		step := "没有超时"
		if c.Step != "" {
			step = name(stageNames, sla.Stage(c.Step))
		}
		out = append(out, needRow{
			namedValue{valueName(kpi.Department, c.Department), withValues(v, map[kpi.Dimension]string{kpi.Department: c.Department, kpi.CauseGroup: causePeople}), fromData(kpi.Department, c.Department)},
			step, grouped(c.Complaints),
		})
	}
	return out[:min(len(out), 12)]
}

// causePeople is the cause group that training answers to.
const causePeople = "people"

// byCount are the keys of counts, the greatest first.
func byCount(counts map[string]int64) []string {
	return slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
}
