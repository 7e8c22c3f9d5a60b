package warehouse

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"wenguo/transform"
	"wenguo/transform/issue"
	"wenguo/transform/kpi"
)

// discover stores a run of two issues, one of which took over the issue "old", which had taken over "older".
func (h *history) discover(t *testing.T) map[string]string {
	t.Helper()
	of := map[string]string{}
	var messages []issue.Message
	found := []issue.Issue{
		{ID: "I1", Name: "退款不到账", Keywords: []issue.Keyword{{Word: "退款", Weight: 0.6}, {Word: "express", Weight: 0.4}}},
		{ID: "I2", Name: "登录报错", MergedFrom: []string{"old"}},
	}
	erased, standing := -1, []int(nil)
	for i, c := range h.facts(h.end.AddDate(10, 0, 0)) {
		messages = append(messages, issue.Message{ID: c.ID, Time: c.RegisteredAt})
		switch {
		case i%3 == 0:
			of[c.ID], found[0].Members = "I1", append(found[0].Members, i)
			if c.Erased {
				erased = i
			} else {
				standing = append(standing, i)
			}
		case i%7 == 2:
			of[c.ID], found[1].Members = "I2", append(found[1].Members, i)
		}
	}
	if found[0].Representatives = standing[1:3]; erased >= 0 {
		found[0].Representatives = append(found[0].Representatives, erased) // which represents nothing
	}
	at := historyStart.AddDate(0, 0, 20)
	if _, err := h.saveIssues(t.Context(), []issue.Issue{{ID: "old", MergedFrom: []string{"older"}}}, messages, at); err != nil {
		t.Fatal(err)
	}
	if _, err := h.saveIssues(t.Context(), found, messages, at.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	return of
}

// summaries are the issue stream by plain Go, without trend, state and keywords.
func (h *history) summaries(q kpi.Query, previous time.Time, of map[string]string) map[string]issue.Summary {
	customers, departments, rated, happy := map[string]map[string]bool{}, map[string]map[string]int{}, map[string]int64{}, map[string]int64{}
	out := map[string]issue.Summary{}
	registered := 0.0
	for _, c := range h.facts(q.AsOf) {
		id := of[c.ID]
		sum := out[id]
		sum.Total++
		sum.LastSeen = later(sum.LastSeen, c.RegisteredAt)
		if sum.FirstSeen.IsZero() || c.RegisteredAt.Before(sum.FirstSeen) {
			sum.FirstSeen = c.RegisteredAt
		}
		if sliced(c, q.Slice) {
			if c.State == transform.Open {
				sum.Open++
			}
			if within(c.RegisteredAt, kpi.Query{From: previous, To: q.From}) {
				sum.Previous++
			}
			if within(c.RegisteredAt, q) {
				registered++
				sum.Complaints++
				customer := c.CustomerKey
				if customer == "" {
					customer = c.ID
				}
				if customers[id] == nil {
					customers[id], departments[id] = map[string]bool{}, map[string]int{}
				}
				customers[id][customer] = true
				if c.Department != "" {
					departments[id][c.Department]++
				}
				if n := len(c.Ratings); n > 0 {
					rated[id]++
					if c.Ratings[n-1].Score >= 4 {
						happy[id]++
					}
				}
			}
		}
		out[id] = sum
	}
	for id, sum := range out {
		sum.ID, sum.Customers, sum.Rated, sum.Share = id, int64(len(customers[id])), rated[id], float64(sum.Complaints)/registered
		for name, n := range departments[id] {
			if most := departments[id][sum.Department]; n > most || n == most && name < sum.Department {
				sum.Department = name
			}
		}
		if rated[id] >= 30 {
			rate := float64(happy[id]) / float64(rated[id])
			var others, happyOthers int64
			for other := range out {
				if other != id {
					others, happyOthers = others+rated[other], happyOthers+happy[other]
				}
			}
			gap := rate - float64(happyOthers)/float64(others)
			sum.Satisfaction, sum.SatisfactionGap = &rate, &gap
		}
		out[id] = sum
	}
	return out
}

func TestIssues(t *testing.T) {
	h := openHistory(t, 1000)
	if list, err := h.Issues(t.Context(), kpi.Query{From: historyStart, To: h.end, AsOf: h.end}); err != nil || len(list.Issues) != 0 || !list.DiscoveredAt.IsZero() {
		t.Errorf("before a discovery: %+v, %v", list, err)
	}
	of := h.discover(t)
	rated := 0
	for name, q := range map[string]kpi.Query{
		"all":        {From: historyStart, To: h.end, AsOf: h.end.AddDate(1, 0, 0)},
		"a week":     {From: historyStart.AddDate(0, 0, 14), To: historyStart.AddDate(0, 0, 21), AsOf: historyStart.AddDate(0, 0, 18)},
		"of a slice": {From: historyStart.AddDate(0, 0, 14), To: h.end, AsOf: h.end, Slice: kpi.Slice{kpi.Channel: {"phone"}}},
	} {
		list, err := h.Issues(t.Context(), q)
		if err != nil {
			t.Fatal(name, err)
		}
		want := h.summaries(q, q.From.Add(-q.To.Sub(q.From)), of)
		if inside := want["I1"].Complaints + want["I2"].Complaints; list.Inside != inside || list.Registered != inside+want[""].Complaints {
			t.Errorf("%s: %d of %d inside, want %d of %d", name, list.Inside, list.Registered, inside, inside+want[""].Complaints)
		}
		if !list.DiscoveredAt.Equal(historyStart.AddDate(0, 0, 20).Add(time.Hour)) {
			t.Errorf("%s: discovered at %s", name, list.DiscoveredAt)
		}
		for _, got := range list.Issues {
			var points int64
			for _, n := range got.Trend {
				points += n
			}
			if points != got.Complaints || len(got.Trend) != begun(mustEdges(q, h.zone()), q.AsOf) {
				t.Errorf("%s: trend %v of %d complaints", name, got.Trend, got.Complaints)
			}
			if got.Rated >= 30 {
				rated++
			}
			if state := issue.StateOf(h.past(q.AsOf, got, of), q.AsOf); got.State != state {
				t.Errorf("%s: %s is %s, want %s", name, got.ID, got.State, state)
			}
			got.Trend, got.State, got.Keywords, got.Name = nil, "", nil, ""
			if !reflect.DeepEqual(got, want[got.ID]) {
				t.Errorf("%s:\n got %+v\nwant %+v", name, got, want[got.ID])
			}
		}
		if len(list.Issues) != 2 || list.Issues[0].Customers < list.Issues[1].Customers {
			t.Errorf("%s: %d issues", name, len(list.Issues))
		}
	}
	if rated == 0 {
		t.Error("no satisfaction compared")
	}
}

// past counts an issue's and all complaints by weeks before the instant.
func (h *history) past(at time.Time, sum issue.Summary, of map[string]string) issue.Past {
	p := issue.Past{FirstSeen: sum.FirstSeen, LastSeen: sum.LastSeen, Weeks: make([]int64, 80), All: make([]int64, 80)}
	for _, c := range h.facts(at) {
		y, m, d := c.RegisteredAt.In(h.zone()).Date()
		noon := time.Date(y, m, d, 12, 0, 0, 0, h.zone())
		p.All[max(at.Sub(noon), 0)/(7*24*time.Hour)]++
		if of[c.ID] == sum.ID {
			p.Weeks[at.Sub(c.RegisteredAt)/(7*24*time.Hour)]++
		}
	}
	return p
}

func mustEdges(q kpi.Query, zone *time.Location) []time.Time {
	edges, _ := trendEdges(q, zone)
	return edges
}

func TestIssue(t *testing.T) {
	h := openHistory(t, 300)
	of := h.discover(t)
	q := kpi.Query{From: historyStart, To: h.end, AsOf: h.end}
	if _, err := h.Issue(t.Context(), "I9", q); !errors.Is(err, transform.ErrNotFound) {
		t.Errorf("an unknown issue answers %v", err)
	}
	taken, err := h.Issue(t.Context(), "older", q)
	if err != nil {
		t.Fatal(err)
	}
	if taken.ID != "I2" || !slices.Equal(taken.MergedFrom, []string{"old", "older"}) {
		t.Errorf("older leads to %s, made of %v", taken.ID, taken.MergedFrom)
	}
	got, err := h.Issue(t.Context(), "I1", q)
	if err != nil {
		t.Fatal(err)
	}
	uses, departments := [2]int64{}, map[string]int64{}
	for _, c := range h.facts(q.AsOf) {
		if of[c.ID] != "I1" {
			continue
		}
		if c.Title == titles[0] {
			uses[0]++
		}
		if !c.Erased {
			uses[1]++
		}
		if within(c.RegisteredAt, q) {
			departments[c.Department]++
		}
	}
	if got.Name != "退款不到账" || len(got.Words) != 2 || got.Words[0] != (issue.Keyword{Word: "退款", Weight: 0.6, Complaints: uses[0]}) ||
		got.Words[1] != (issue.Keyword{Word: "express", Weight: 0.4, Complaints: uses[1]}) {
		t.Errorf("%s: words %+v, want uses %v", got.Name, got.Words, uses)
	}
	for _, c := range got.Where[0].Counts {
		if got.Where[0].Dimension != "department" || departments[c.Value] != c.Complaints {
			t.Errorf("where: %+v, want %v", got.Where[0], departments)
		}
	}
	if len(got.Where[0].Counts) != len(departments) || len(departments) < 2 {
		t.Errorf("where: %+v, want %v", got.Where[0], departments)
	}
	if len(got.Representatives) != 2 || got.Representatives[0].ComplaintID == got.Representatives[1].ComplaintID {
		t.Fatalf("representatives %+v", got.Representatives)
	}
	for _, r := range got.Representatives {
		if of[r.ComplaintID] != "I1" || r.Text != h.rules.Mask(r.Text) || r.Text == "" {
			t.Errorf("representative %+v", r)
		}
	}
	detail, err := h.Complaint(t.Context(), got.Representatives[0].ComplaintID, q.AsOf)
	if err != nil || detail.IssueID != "I1" || detail.IssueName != "退款不到账" {
		t.Errorf("the representative is in issue %q %q: %v", detail.IssueID, detail.IssueName, err)
	}
}

func TestTrendEdges(t *testing.T) {
	day := func(n int) time.Time { return historyStart.AddDate(0, 0, n) }
	for name, c := range map[string]struct{ days, width, points int }{
		"a month counts days":         {31, 1, 31},
		"one more day counts weeks":   {32, 7, 5},
		"a year counts fortnights":    {365, 14, 27},
		"three years count six weeks": {1096, 42, 27},
	} {
		edges, width := trendEdges(kpi.Query{From: day(0), To: day(c.days)}, historyStart.Location())
		if width != c.width || len(edges)-1 != c.points || !edges[len(edges)-1].Equal(day(c.days)) || !edges[1].Equal(day(width)) {
			t.Errorf("%s: %d points of %d days, want %d of %d", name, len(edges)-1, width, c.points, c.width)
		}
	}
}

func TestPreviousFrom(t *testing.T) {
	zone := historyStart.Location()
	on := func(m time.Month, d int) time.Time { return time.Date(2026, m, d, 0, 0, 0, 0, zone) }
	for name, c := range map[string]struct{ from, to, want time.Time }{
		"a month follows a shorter one":  {on(3, 1), on(4, 1), on(2, 1)},
		"a quarter follows a quarter":    {on(4, 1), on(7, 1), on(1, 1)},
		"three months are no quarter":    {on(3, 1), on(6, 1), on(3, 1).AddDate(0, 0, -92)},
		"a range follows its own length": {on(3, 10), on(3, 17), on(3, 3)},
		"hours as well":                  {on(3, 10).Add(time.Hour), on(3, 10).Add(4 * time.Hour), on(3, 9).Add(22 * time.Hour)},
	} {
		if got := previousFrom(kpi.Query{From: c.from, To: c.to}, zone); !got.Equal(c.want) {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}
