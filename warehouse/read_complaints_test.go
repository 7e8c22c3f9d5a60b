package warehouse

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"wenguo/transform"
	"wenguo/transform/kpi"
	"wenguo/transform/search"
	"wenguo/transform/sla"
)

// listed is what a filter lists, by plain Go from folded facts.
func (h *history) listed(f transform.ComplaintFilter) []transform.Complaint {
	var out []transform.Complaint
	for _, c := range h.facts(f.AsOf) {
		if h.inScope(c, f) && narrowed(c, f) && h.overdue(c, f) && sliced(c, f.Slice) {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b transform.Complaint) int {
		return cmp.Or(b.RegisteredAt.Compare(a.RegisteredAt), cmp.Compare(a.ID, b.ID))
	})
	return out
}

func within(t time.Time, q kpi.Query) bool { return !t.IsZero() && !t.Before(q.From) && t.Before(q.To) }

func (h *history) inScope(c transform.Complaint, f transform.ComplaintFilter) bool {
	switch f.Scope {
	case transform.ScopeOpen:
		return slices.ContainsFunc(c.Rounds, func(r transform.Round) bool {
			return r.StartedAt.Before(f.To) && (r.EndedAt.IsZero() || !r.EndedAt.Before(f.To))
		})
	case transform.ScopeResolved:
		return c.Handling.Known && within(c.EndedAt, f.Query)
	case transform.ScopeRated:
		if len(c.Ratings) == 0 {
			return false
		}
		last := c.Ratings[len(c.Ratings)-1]
		return within(last.At, f.Query) && (len(f.Scores) == 0 || slices.Contains(f.Scores, last.Score))
	case transform.ScopeDue:
		return slices.ContainsFunc(c.Clocks, func(k sla.Clock) bool {
			due := k.DueAt(f.AsOf, h.rules.Calendar(k.Calendar))
			if k.Stage != f.Stage || k.Anomaly || !k.Cancelled.IsZero() || !within(due, f.Query) {
				return false
			}
			pending, met := !due.Before(f.AsOf), !k.Finished.IsZero() && !k.Finished.After(due)
			switch f.Verdict {
			case transform.VerdictPending:
				return pending
			case transform.VerdictMet:
				return !pending && met
			case transform.VerdictBreached:
				return !pending && !met
			default:
				return !pending
			}
		})
	default:
		return within(c.RegisteredAt, f.Query)
	}
}

func narrowed(c transform.Complaint, f transform.ComplaintFilter) bool {
	if len(f.States) > 0 && !slices.Contains(f.States, c.State) {
		return false
	}
	query := search.Parse(f.Text, segmenting())
	return f.Text == "" || query.ID != "" && strings.HasPrefix(c.ID, query.ID) || query.Matches(search.NewDocument(c.Title, c.Content, segmenting()))
}

func (h *history) overdue(c transform.Complaint, f transform.ComplaintFilter) bool {
	return !f.Overdue || slices.ContainsFunc(c.Clocks, func(k sla.Clock) bool {
		return !k.Anomaly && k.Finished.IsZero() && k.Cancelled.IsZero() && f.AsOf.After(k.DueAt(f.AsOf, h.rules.Calendar(k.Calendar)))
	})
}

func sliced(c transform.Complaint, slice kpi.Slice) bool {
	for d, wanted := range slice {
		value := dimension(c, d, nil)
		if len(wanted) > 0 && !slices.ContainsFunc(wanted, func(w string) bool {
			return w == value || d == kpi.Category && w != "" && strings.HasPrefix(value, w+"/")
		}) {
			return false
		}
	}
	return true
}

func TestComplaintsListsExactly(t *testing.T) {
	h := openHistory(t, 300)
	all := kpi.Query{From: historyStart, To: h.end, AsOf: h.end.AddDate(0, 6, 0)}
	past := kpi.Query{From: historyStart.AddDate(0, 0, 5), To: historyStart.AddDate(0, 0, 15), AsOf: historyStart.AddDate(0, 0, 12).Add(7 * time.Hour)}
	filters := map[string]transform.ComplaintFilter{
		"some words, each somewhere": {Query: all, Text: " error  件 "},
		"a percent sign is a sign":   {Query: all, Text: "费100%"},
		"quotes and backslashes":     {Query: all, Text: `\态度'差`},
		"an id":                      {Query: all, Text: "c-17"},
		"words, open ones":           {Query: all, Scope: transform.ScopeOpen, Text: "退款"},
		"words of the past":          {Query: past, Text: "不到账 -门票"},
		"words of a branch":          {Query: kpi.Query{From: all.From, To: all.To, AsOf: all.AsOf, Slice: kpi.Slice{kpi.Category: {"物流"}}}, Text: "第 件"},
		"nothing but punctuation":    {Query: all, Text: "，。！"},
		"ended ones":                 {Query: all, States: []transform.State{transform.Resolved, transform.Merged}},
		"a branch of the tree":       {Query: kpi.Query{From: all.From, To: all.To, AsOf: all.AsOf, Slice: kpi.Slice{kpi.Category: {"物流"}, kpi.Channel: {"web", ""}}}},
		"overdue at the time":        {Query: past, Overdue: true},
		"low scores":                 {Query: all, Scope: transform.ScopeRated, Scores: []int{1, 2}},
	}
	for _, c := range h.facts(all.AsOf) {
		if c.State == transform.Resolved && c.EndedAt.After(c.RegisteredAt) && c.EndedAt.Before(h.end) {
			filters["open at the very end"] = transform.ComplaintFilter{Query: kpi.Query{From: all.From, To: c.EndedAt, AsOf: all.AsOf}, Scope: transform.ScopeOpen}
			filters["resolved at the beginning"] = transform.ComplaintFilter{Query: kpi.Query{From: c.EndedAt, To: h.end, AsOf: all.AsOf}, Scope: transform.ScopeResolved}
		}
	}
	for when, q := range map[string]kpi.Query{"all": all, "past": past} {
		for _, scope := range []transform.Scope{transform.ScopeRegistered, transform.ScopeOpen, transform.ScopeResolved, transform.ScopeRated} {
			filters[fmt.Sprintf("%s: %s", when, scope)] = transform.ComplaintFilter{Query: q, Scope: scope}
		}
		for _, stage := range []sla.Stage{sla.Acknowledge, sla.Confirm, sla.Resolve, sla.Assist} {
			for _, verdict := range []transform.Verdict{"", transform.VerdictMet, transform.VerdictBreached, transform.VerdictPending} {
				filters[fmt.Sprintf("%s: due %s %s", when, stage, verdict)] = transform.ComplaintFilter{Query: q, Scope: transform.ScopeDue, Stage: stage, Verdict: verdict}
			}
		}
	}
	listed := 0
	for name, f := range filters {
		f.Limit = 120
		want := h.listed(f)
		var got []transform.ComplaintRow
		for {
			page, err := h.Complaints(t.Context(), f)
			if err != nil {
				t.Fatal(name, err)
			}
			if page.Total != int64(len(want)) {
				t.Errorf("%s: total %d, want %d", name, page.Total, len(want))
			}
			got = append(got, page.Rows...)
			if f.After = page.Next; f.After.IsZero() {
				break
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: %d rows, want %d", name, len(got), len(want))
			continue
		}
		for i, c := range want {
			h.compareRow(t, name, got[i], c, f.AsOf)
		}
		listed += len(want)
		if strings.Contains(name, ": due") {
			continue // one is like another there, and each costs a question for every few days
		}
		var every []transform.ComplaintRow
		err := h.eachListed(t.Context(), f, 90, func(r transform.ComplaintRow) error { every = append(every, r); return nil })
		for i := range got { // a file has no marks
			got[i].TitleMarks, got[i].ExcerptMarks = nil, nil
		}
		if err != nil || !slices.EqualFunc(every, got, equalRows) {
			t.Errorf("%s: a file holds %d rows that are not the %d of the pages: %v", name, len(every), len(got), err)
		}
	}
	if listed < 1000 {
		t.Errorf("only %d rows compared", listed)
	}
}

func equalRows(a, b transform.ComplaintRow) bool { return reflect.DeepEqual(a, b) }

func (h *history) compareRow(t *testing.T, name string, got transform.ComplaintRow, c transform.Complaint, at time.Time) {
	t.Helper()
	want := transform.ComplaintRow{
		ComplaintID: c.ID, RegisteredAt: c.RegisteredAt, Title: c.Title, Excerpt: c.Content, Channel: dimension(c, kpi.Channel, nil),
		Category: c.Category, Priority: dimension(c, kpi.Priority, nil), Product: c.Product, Department: c.Department, Owner: c.Owner,
		State: c.State, EndedAt: c.EndedAt, Reopened: len(c.Rounds) - 1,
	}
	want.Paused = c.State == transform.Open && len(c.Pauses) > 0 && c.Pauses[len(c.Pauses)-1].EndedAt.IsZero()
	if len(c.Ratings) > 0 {
		want.Score = c.Ratings[len(c.Ratings)-1].Score
	}
	for _, k := range c.Clocks {
		cal := h.rules.Calendar(k.Calendar)
		if k.StateAt(at, cal) == sla.Breached {
			want.Breached++
		}
		open := c.State == transform.Open && k.Finished.IsZero() && k.Cancelled.IsZero() && !k.Anomaly
		if due := k.DueAt(at, cal); open && (want.NextDue.IsZero() || due.Before(want.NextDue)) {
			want.NextStage, want.NextDue = k.Stage, due
		}
	}
	got.TitleMarks, got.ExcerptMarks = nil, nil
	if !equalRows(got, want) {
		t.Errorf("%s:\n got %+v\nwant %+v", name, got, want)
	}
}
