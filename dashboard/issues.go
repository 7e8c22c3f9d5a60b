package dashboard

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"wenguo/transform"
	"wenguo/transform/issue"
	"wenguo/transform/kpi"
)

// IssueReader is what the issue pages ask.
type IssueReader interface {
	// Issues is the issue stream of the period, most customers first.
	Issues(ctx context.Context, q kpi.Query) (issue.List, error)
	// Issue is one issue for the period; transform.ErrNotFound if there never was one of the id. An id that was merged away
	// answers the issue that took it over, and one whose complaints recur no longer what it was called, archived.
	Issue(ctx context.Context, id string, q kpi.Query) (issue.Detail, error)
	// IssueLineage says where an issue comes from and what became of its parts, found as Issue finds it.
	IssueLineage(ctx context.Context, id string) (issue.Lineage, error)
	// IssueMembers are the complaints of an issue registered up to the question's instant, newest first, those behind
	// after, at most limit; more says that there are others.
	IssueMembers(ctx context.Context, id string, q kpi.Query, after transform.Cursor, limit int) (found []issue.Member, more bool, err error)
	// Why says why a complaint is in its issue; transform.ErrNotFound when it is in none.
	Why(ctx context.Context, complaint string, asOf time.Time) (issue.Reason, error)
}

// issuesPage is what templates/issues.html shows.
type issuesPage struct {
	frame

	List   part[issueList]
	Pareto part[pareto]
	Curate curating
}

// issueList is the stream, in the reader's words.
type issueList struct {
	Rows []issueRow
	// More counts the issues beyond the rows shown, and MoreURL shows more of them; both empty when all are.
	More, MoreURL string
	Total, Muted  string
	States        []stateTab
	// Inside and Share say how many complaints are in any issue; Outside the rest.
	Inside, Share, Outside, OutsideShare string
	Discovered                           string
	Never                                bool
}

// stateTab filters the stream by state.
type stateTab struct {
	Name, Count, URL, Hint string
	State                  issue.State
	Chosen                 bool
}

type issueRow struct {
	Rank                int
	ID, Name, URL       string
	State               issue.State
	StateName           string
	StateHint           string
	Keywords            []string
	Complaints          string
	Customers           string
	Share               string
	Change              delta
	FirstSeen, LastSeen string
	Trend               spark
	TrendLabel          string
	Gap, GapTone        string
	Open                string
	Department          string
	// Owner is who the issue was given to; Muted that a person took it out of the stream.
	Owner string
	Muted bool
}

// issueRows is how many issues the stream shows at first, and how many more with each step.
const issueRows = 60

// issueStates in the order of the tabs.
var issueStates = []issue.State{issue.Regressed, issue.Escalating, issue.New, issue.Ongoing, issue.Improved, issue.Archived} //nolint:gochecknoglobals // a constant list

func (s *Server) issues(c *gin.Context) {
	f, err := s.begin(c, "复发问题", "/issues", "state", "shown", "done", "late")
	if err != nil {
		s.fail(c, err)
		return
	}
	ctx, q := c.Request.Context(), f.View.query()
	var wg sync.WaitGroup
	var list part[issue.List]
	var choices part[map[kpi.Dimension][]kpi.Choice]
	ask(s, &wg, "issues", &list, func() (issue.List, error) { return s.deps.Reader.Issues(ctx, q) })
	ask(s, &wg, "filters", &choices, func() (map[kpi.Dimension][]kpi.Choice, error) {
		return s.deps.Reader.Choices(ctx, q)
	})
	wg.Wait()
	p := issuesPage{frame: f}
	p.Menus = menus(f.View, choices.V)
	state := issue.State(f.View.Own.Get("state"))
	shown, err := strconv.Atoi(f.View.Own.Get("shown"))
	if err != nil || shown < issueRows {
		shown = issueRows
	}
	p.List = convert(list, func(l issue.List) issueList { return newIssueList(f.View, l, state, shown) })
	p.Pareto = convert(list, newPareto)
	p.Curate = s.curatingPage(c, f.View, "")
	s.render(c, http.StatusOK, "issues", p)
}

// newIssueList writes the stream, at most limit rows of it.
func newIssueList(v view, l issue.List, state issue.State, limit int) issueList {
	now := v.AsOf
	out := issueList{
		Total: grouped(int64(len(l.Issues))), Muted: grouped(muted(l)), Inside: grouped(l.Inside), Outside: grouped(l.Registered - l.Inside),
		Share: dash, OutsideShare: dash, Never: l.DiscoveredAt.IsZero(), Discovered: ago(l.DiscoveredAt, now),
	}
	if l.Registered > 0 {
		out.Share = percent(float64(l.Inside)/float64(l.Registered)) + "%"
		out.OutsideShare = percent(float64(l.Registered-l.Inside)/float64(l.Registered)) + "%"
	}
	out.States = stateTabs(v, l, state)
	shown := slices.DeleteFunc(slices.Clone(l.Issues), func(i issue.Summary) bool {
		return i.Marks.Muted != (state == mutedTab) || state != "" && state != mutedTab && i.State != state
	})
	for i, sum := range shown {
		if i >= limit {
			out.More = grouped(int64(len(shown) - limit))
			out.MoreURL = v.Set("shown", strconv.Itoa(limit+issueRows)) + "#issue-" + strconv.Itoa(limit)
			break
		}
		out.Rows = append(out.Rows, newIssueRow(v, l, i, sum))
	}
	return out
}

func stateTabs(v view, l issue.List, chosen issue.State) []stateTab {
	counts := map[issue.State]int64{}
	for _, i := range l.Issues {
		if !i.Marks.Muted {
			counts[i.State]++
		}
	}
	away := muted(l)
	tabs := []stateTab{{Name: "全部", Count: grouped(int64(len(l.Issues)) - away), URL: v.Set("state", ""), Chosen: chosen == ""}}
	for _, state := range issueStates {
		if counts[state] > 0 || state == chosen {
			tabs = append(tabs, stateTab{
				Name: issueStateNames[state], Count: grouped(counts[state]), URL: v.Set("state", string(state)),
				Hint: issueStateHints[state], State: state, Chosen: state == chosen,
			})
		}
	}
	if away > 0 || chosen == mutedTab {
		tabs = append(tabs, stateTab{
			Name: "已屏蔽", Count: grouped(away), URL: v.Set("state", string(mutedTab)), Hint: "有人把它们移出了列表；投诉照常计入各项指标", State: mutedTab, Chosen: chosen == mutedTab,
		})
	}
	return tabs
}

// mutedTab shows the issues that people muted, whatever their state.
const mutedTab issue.State = "muted"

func muted(l issue.List) (n int64) {
	for _, i := range l.Issues {
		if i.Marks.Muted {
			n++
		}
	}
	return n
}

func newIssueRow(v view, l issue.List, i int, sum issue.Summary) issueRow {
	r := issueRow{
		Rank: i + 1, ID: sum.ID, Name: sum.Name, URL: v.To("/issues/" + pathEscape(sum.ID)), State: sum.State,
		StateName: name(issueStateNames, sum.State), StateHint: issueStateHints[sum.State], Keywords: sum.Keywords[:min(len(sum.Keywords), 6)],
		Complaints: grouped(sum.Complaints), Customers: grouped(sum.Customers), Share: percent(sum.Share) + "%", Open: grouped(sum.Open),
		Change: countChange(sum.Complaints, sum.Previous), FirstSeen: day(sum.FirstSeen, v.AsOf), LastSeen: day(sum.LastSeen, v.AsOf),
		Trend: countSpark(sum.Trend), Department: sum.Department, Gap: dash,
	}
	r.Owner, r.Muted = ownerText(sum.Marks), sum.Marks.Muted
	r.TrendLabel = fmt.Sprintf("每 %d 天一个点，共 %d 个点", l.TrendDays, len(sum.Trend))
	if v.Alone {
		r.Change = delta{Text: dash, Hint: "上期：" + noBefore}
	}
	r.Gap, r.GapTone = gapText(sum.SatisfactionGap)
	if r.Name == "" {
		r.Name = sum.ID
	}
	return r
}

// gapText is a satisfaction gap in percentage points.
func gapText(gap *float64) (text, tone string) {
	if gap == nil {
		return dash, ""
	}
	if *gap < 0 {
		return fmt.Sprintf("−%.1f 点", -*gap*100), "bad"
	}
	return fmt.Sprintf("+%.1f 点", *gap*100), ""
}

// countChange compares counts. Complaints rising is bad, but only beyond what chance alone does to a count.
func countChange(now, before int64) delta {
	d := delta{Hint: "上期 " + grouped(before) + " 件"}
	switch diff := now - before; {
	case before == 0 && now > 0:
		d.Arrow, d.Text = "▲", "上期没有"
	case before > 0 && now >= 3*before:
		d.Arrow, d.Text = "▲", strconv.FormatFloat(round1(float64(now)/float64(before)), 'f', -1, 64)+" 倍"
	case diff == 0:
		d.Arrow, d.Text = "＝", "持平"
	case diff > 0:
		d.Arrow, d.Text = "▲", fmt.Sprintf("%.0f%%", float64(diff)/float64(before)*100)
	default:
		d.Arrow, d.Text = "▼", fmt.Sprintf("%.0f%%", -float64(diff)/float64(before)*100)
	}
	// Two Poisson counts differ beyond chance when (a−b)² > 1.96² (a+b).
	if float64((now-before)*(now-before)) > 3.8415*float64(now+before) {
		d.Tone, d.Word = "good", "明显减少"
		if now > before {
			d.Tone, d.Word = "bad", "明显增多"
		}
	} else if now != before {
		d.Hint += "，差异在波动范围内"
	}
	return d
}

// pareto says how few issues make most of the complaints.
type pareto struct {
	Rows []paretoRow `json:"rows"`
	// Words is the finding in a sentence; empty with too little to say.
	Words string `json:"-"`
}

type paretoRow struct {
	Name       string  `json:"name"`
	URL        string  `json:"url"`
	Complaints int64   `json:"complaints"`
	Cumulative float64 `json:"cumulative"`
}

// maxPareto bounds the bars of the chart.
const maxPareto = 20

func newPareto(l issue.List) pareto {
	sorted := slices.DeleteFunc(slices.Clone(l.Issues), func(i issue.Summary) bool { return i.Marks.Muted })
	slices.SortStableFunc(sorted, func(a, b issue.Summary) int { return int(b.Complaints - a.Complaints) })
	var p pareto
	var sum, all int64
	for _, i := range sorted {
		all += i.Complaints
	}
	half := 0
	for i, is := range sorted {
		sum += is.Complaints
		if half == 0 && sum*2 >= all && all > 0 {
			half = i + 1
		}
		if i < maxPareto && is.Complaints > 0 {
			p.Rows = append(p.Rows, paretoRow{is.Name, "/issues/" + pathEscape(is.ID), is.Complaints, round1(float64(sum) / float64(all) * 100)})
		}
	}
	if half > 0 && len(sorted) > 2 {
		p.Words = "前 " + strconv.Itoa(half) + " 个问题占了复发投诉的一半"
	}
	return p
}
