package warehouse

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"wenguo/transform/issue"
	"wenguo/transform/kpi"
)

// pastWeeks bounds the weeks that the state of an issue looks back on.
const pastWeeks = 104

// Issues is the issue stream of the period, most customers first: the issues with a complaint in it. State, Total,
// FirstSeen and LastSeen are those of the issue, whatever the slice.
func (s *Store) Issues(ctx context.Context, q kpi.Query) (issue.List, error) {
	stream, err := s.issueStream(ctx, q)
	if err != nil {
		return issue.List{}, err
	}
	stream.list.Issues = slices.DeleteFunc(stream.list.Issues, func(i issue.Summary) bool { return i.Complaints == 0 })
	return stream.list, nil
}

// issueStream is the stream with every issue, also those without a complaint in the period.
type issueStream struct {
	list  issue.List
	known map[string]knownIssue
}

// knownIssue is an issue as the last discovery described it.
type knownIssue struct {
	id, name        string
	keywords        []string
	weights         []float64
	representatives []string
	// marks are what people said of it; then found is what the discovery called it.
	marks issue.Marks
	found string
}

// issueCounts are an issue's complaints under a slice.
type issueCounts struct {
	complaints, customers, previous, rated, satisfied uint64

	departments map[string]uint64
	trend       map[uint32]uint64
}

// issuePast are all complaints of an issue.
type issuePast struct {
	complaints uint64
	first      time.Time
	last       time.Time
	weekly     map[uint32]uint64
}

func (s *Store) issueStream(ctx context.Context, q kpi.Query) (issueStream, error) {
	rules, err := s.currentRules()
	if err != nil {
		return issueStream{}, err
	}
	edges, days := trendEdges(q, s.zone())
	ask, err := s.ask(q, edges, "")
	if err != nil {
		return issueStream{}, err
	}
	var (
		known  []knownIssue
		counts map[string]issueCounts
		pasts  map[string]issuePast
		weekly []int64
		open   map[string]uint64
		run    issueRun
	)
	group, inner := errgroup.WithContext(ctx)
	group.Go(func() (err error) { known, err = s.namedIssues(inner); return err })
	group.Go(func() (err error) { run, err = s.lastIssueRun(inner); return err })
	group.Go(func() (err error) { counts, err = ask.issueCounts(inner, previousFrom(q, s.zone())); return err })
	group.Go(func() (err error) { pasts, err = s.issuePasts(inner, q.AsOf); return err })
	group.Go(func() (err error) { open, err = ask.openByIssue(inner); return err })
	group.Go(func() (err error) { weekly, err = s.registeredByWeek(inner, q.AsOf); return err })
	if err := group.Wait(); err != nil {
		return issueStream{}, fmt.Errorf("read issues: %w", err)
	}
	out := issueStream{known: map[string]knownIssue{}}
	out.list = issue.List{TrendStart: edges[0], TrendDays: days, DiscoveredAt: happened(run.at)}
	var all issueCounts
	for id, n := range counts {
		all.complaints, all.rated, all.satisfied = all.complaints+n.complaints, all.rated+n.rated, all.satisfied+n.satisfied
		if id != "" {
			out.list.Inside += int64(n.complaints) //nolint:gosec // a count
		}
	}
	out.list.Registered = int64(all.complaints) //nolint:gosec // a count
	points := begun(edges, q.AsOf)
	for _, k := range known {
		out.known[k.id] = k
		n, past := counts[k.id], pasts[k.id]
		sum := k.summary(n, points, all.complaints)
		sum.Open = int64(open[k.id])                                                                               //nolint:gosec // a count
		sum.Total, sum.FirstSeen, sum.LastSeen = int64(past.complaints), happened(past.first), happened(past.last) //nolint:gosec // a count
		sum.State = issue.StateOf(issue.Past{FirstSeen: sum.FirstSeen, LastSeen: sum.LastSeen, Weeks: byWeek(past.weekly), All: weekly}, q.AsOf)
		sum.satisfy(n, all, rules.Current().MinimumN)
		out.list.Issues = append(out.list.Issues, issue.Summary(*sum))
	}
	slices.SortFunc(out.list.Issues, func(a, b issue.Summary) int {
		return cmp.Or(cmp.Compare(b.Customers, a.Customers), cmp.Compare(b.Complaints, a.Complaints), cmp.Compare(a.ID, b.ID))
	})
	return out, nil
}

// summary is issue.Summary while it is filled.
type summary issue.Summary

func (k knownIssue) summary(n issueCounts, points int, registered uint64) *summary {
	sum := &summary{
		ID: k.id, Name: k.name, Keywords: k.keywords, Trend: make([]int64, points),
		Complaints: int64(n.complaints), Customers: int64(n.customers), Previous: int64(n.previous), //nolint:gosec // counts
		Rated: int64(n.rated), //nolint:gosec // a count
		Marks: k.marks,
	}
	if k.found != k.name {
		sum.FoundName = k.found
	}
	for i := range sum.Trend {
		sum.Trend[i] = int64(n.trend[uint32(i)+1]) //nolint:gosec // counts
	}
	if registered > 0 {
		sum.Share = float64(n.complaints) / float64(registered)
	}
	var most uint64
	for name, count := range n.departments {
		if count > most || count == most && name < sum.Department {
			sum.Department, most = name, count
		}
	}
	return sum
}

// satisfy fills the rate of the issue's complaints and its distance from that of all others.
func (sum *summary) satisfy(n, all issueCounts, minimum int) {
	if n.rated == 0 || n.rated < uint64(minimum) { //nolint:gosec // not negative
		return
	}
	rate := float64(n.satisfied) / float64(n.rated)
	sum.Satisfaction = &rate
	if others := all.rated - n.rated; others > 0 && others >= uint64(minimum) { //nolint:gosec // not negative
		gap := rate - float64(all.satisfied-n.satisfied)/float64(others)
		sum.SatisfactionGap = &gap
	}
}

func (s *Store) knownIssues(ctx context.Context) ([]knownIssue, error) {
	return s.readIssues(ctx, "page_issues")
}

// readIssues reads the issues that a query gives.
func (s *Store) readIssues(ctx context.Context, query string) ([]knownIssue, error) {
	rows, err := s.conn.Query(ctx, s.query(query))
	if err != nil {
		return nil, fmt.Errorf("list issues: %w", err)
	}
	defer rows.Close()
	var found []knownIssue
	for rows.Next() {
		var k knownIssue
		if err := rows.Scan(&k.id, &k.name, &k.keywords, &k.weights, &k.representatives); err != nil {
			return nil, fmt.Errorf("scan issue: %w", err)
		}
		found = append(found, k)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("list issues: %w", err)
	}
	return found, nil
}

func (q question) issueCounts(ctx context.Context, previous time.Time) (map[string]issueCounts, error) {
	found := map[string]issueCounts{}
	err := q.read(ctx, "page_issue_counts", nil, values{"previous": instant(previous)}, func(row scanner) error {
		var id string
		var n issueCounts
		err := row.Scan(&id, &n.complaints, &n.customers, &n.previous, &n.rated, &n.satisfied, &n.departments, &n.trend)
		found[id] = n
		return err
	})
	return found, err
}

// openByIssue counts the open complaints of each issue under the slice.
func (q question) openByIssue(ctx context.Context) (map[string]uint64, error) {
	found := map[string]uint64{}
	err := q.read(ctx, "page_issue_open", nil, nil, func(row scanner) error {
		var id string
		var n uint64
		err := row.Scan(&id, &n)
		found[id] = n
		return err
	})
	return found, err
}

// issuePasts are all complaints of each issue as of an instant.
func (s *Store) issuePasts(ctx context.Context, at time.Time) (map[string]issuePast, error) {
	found := map[string]issuePast{}
	p := values{"at": instant(at), "t": number(at.UnixMilli()), "weeks": number(pastWeeks)}
	err := s.read(ctx, "page_issue_pasts", s.query("page_issue_pasts"), p, func(row scanner) error {
		var id string
		var p issuePast
		err := row.Scan(&id, &p.complaints, &p.first, &p.last, &p.weekly)
		found[id] = p
		return err
	})
	return found, err
}

// registeredByWeek counts all complaints, in an issue or not, by weeks that end at an instant, newest first. A day belongs
// to the week that holds its noon.
func (s *Store) registeredByWeek(ctx context.Context, at time.Time) ([]int64, error) {
	weekly := map[uint32]uint64{}
	state, err := s.tallyState(ctx)
	if err != nil {
		return nil, err
	}
	if state.ready && at.UnixMilli() >= state.made && len(state.ahead) == 0 {
		months, current, err := s.held(ctx, "", state)
		if err != nil {
			return nil, err
		}
		if current {
			for _, month := range months {
				for _, day := range month.decided[kpi.MarkRegistered] {
					noon := time.UnixMilli(day.at).Add(12 * time.Hour)
					if week := max(at.Sub(noon), 0) / (7 * 24 * time.Hour); week < pastWeeks {
						weekly[uint32(week)] += uint64(day.n) //nolint:gosec // counts
					}
				}
			}
			return byWeek(weekly), nil
		}
	}
	p := values{"at": instant(at), "t": number(at.UnixMilli()), "weeks": number(pastWeeks), "zone": text(s.zone().String())}
	err = s.read(ctx, "page_issue_weeks", s.query("page_issue_weeks"), p, func(row scanner) error {
		var week, n int64
		err := row.Scan(&week, &n)
		weekly[uint32(week)] = uint64(n) //nolint:gosec // counts
		return err
	})
	return byWeek(weekly), err
}

// byWeek turns counts by week into a list without a gap, newest first.
func byWeek(weekly map[uint32]uint64) []int64 {
	var out []int64
	for week, n := range weekly {
		if missing := int(week) + 1 - len(out); missing > 0 {
			out = append(out, make([]int64, missing)...)
		}
		out[week] += int64(n) //nolint:gosec // a count
	}
	return out
}
