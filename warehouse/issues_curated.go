package warehouse

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/issue"
)

// curated is what people decided about issues, folded once for each new decision.
type curated struct {
	lock   sync.Mutex
	rows   uint64
	folded issue.Curation
}

// Curation is all that people decided about issues and that is stored by now.
func (s *Store) Curation(ctx context.Context) (issue.Curation, error) {
	var rows uint64
	if err := s.conn.QueryRow(ctx, s.query("decisions_curating_count")).Scan(&rows); err != nil {
		return issue.Curation{}, fmt.Errorf("count decisions about issues: %w", err)
	}
	s.curated.lock.Lock() // not before: many ask at once, and counting takes its time
	defer s.curated.lock.Unlock()
	if rows == s.curated.rows {
		return s.curated.folded, nil
	}
	decisions, err := s.decisionsOf(ctx, "decisions_curating")
	if err != nil {
		return issue.Curation{}, err
	}
	s.curated.rows, s.curated.folded = rows, issue.Curate(decisions)
	return s.curated.folded, nil
}

// decisionsOf reads the decisions that a query gives.
func (s *Store) decisionsOf(ctx context.Context, query string) ([]issue.Decision, error) {
	raws, err := s.strings(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("read decisions about issues: %w", err)
	}
	decisions := make([]issue.Decision, 0, len(raws))
	for _, raw := range raws {
		event, err := ingest.DecodeDecision([]byte(raw))
		if err != nil {
			return nil, fmt.Errorf("decode decision about issues: %w", err)
		}
		decisions = append(decisions, transform.DecisionOf(event))
	}
	return decisions, nil
}

// namedIssues are the issues of the last discovery with what people said of them.
func (s *Store) namedIssues(ctx context.Context) ([]knownIssue, error) {
	known, err := s.knownIssues(ctx)
	if err != nil {
		return nil, err
	}
	c, err := s.Curation(ctx)
	if err != nil || len(c.Log) == 0 {
		return known, err
	}
	into, err := s.issueLineage(ctx)
	if err != nil {
		return nil, err
	}
	inherited := inherit(c, known, into)
	for i := range known {
		k := &known[i]
		k.found, k.marks = k.name, c.Marks(k.id)
		if from := inherited[k.id]; len(from) > 0 {
			k.marks = completed(c, *k, from)
		}
		k.name = cmp.Or(k.marks.Name, k.found)
	}
	return known, nil
}

// inherit lists, for each issue that goes on, the issues that discovery let it take over: what people said of them is not
// lost with them. Where a person merged issues, the one that remained was chosen.
func inherit(c issue.Curation, known []knownIssue, into map[string]string) map[string][]string {
	standingIDs, merged := map[string]bool{}, c.MergedInto()
	for _, k := range known {
		standingIDs[k.id] = true
	}
	out := map[string][]string{}
	for _, from := range slices.Sorted(maps.Keys(into)) {
		if _, chosen := merged[from]; chosen || standingIDs[from] {
			continue
		}
		if id, ok := standing(from, into, standingIDs); ok {
			out[id] = append(out[id], from)
		}
	}
	return out
}

// completed are an issue's marks, those that nobody decided taken from issues it took over: of several the newest decision.
// Nobody muted what they became.
func completed(c issue.Curation, k knownIssue, from []string) issue.Marks {
	m := k.marks
	newest := func(f issue.Facet) (issue.Marks, bool) {
		var out issue.Marks
		var at time.Time
		if _, own := c.Holding(issue.Key{Facet: f, ID: k.id}); own {
			return out, false
		}
		for _, id := range from {
			if e, ok := c.Holding(issue.Key{Facet: f, ID: id}); ok && e.At.After(at) {
				at, out = e.At, c.Marks(id)
			}
		}
		return out, !at.IsZero()
	}
	if other, ok := newest(issue.FacetName); ok {
		m.Name = other.Name
	}
	if other, ok := newest(issue.FacetOwner); ok {
		m.Department, m.Owner = other.Department, other.Owner
	}
	if other, ok := newest(issue.FacetNote); ok {
		m.Note = other.Note
	}
	if other, ok := newest(issue.FacetReply); ok {
		m.Cause, m.Workaround, m.Answer = other.Cause, other.Workaround, other.Answer
	}
	return m
}

// IssueNames are all issues that there ever were, by id: what they are called, and where their addresses lead.
func (s *Store) IssueNames(ctx context.Context) (map[string]issue.Named, error) {
	known, err := s.namedIssues(ctx)
	if err != nil {
		return nil, err
	}
	into, err := s.issueLineage(ctx)
	if err != nil {
		return nil, err
	}
	called := map[string]string{}
	if err := s.pairs(ctx, "page_issue_called", func(id, name string) { called[id] = name }); err != nil {
		return nil, fmt.Errorf("read names of issues: %w", err)
	}
	c, err := s.Curation(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[string]issue.Named, len(known)+len(called))
	present := map[string]bool{}
	for _, k := range known {
		present[k.id] = true
		out[k.id] = issue.Named{ID: k.id, Name: k.name, Leads: k.id, Muted: k.marks.Muted, Marks: k.marks}
	}
	gone := slices.Collect(maps.Keys(called))
	for from := range into {
		gone = append(gone, from)
	}
	for _, id := range gone {
		if present[id] {
			continue
		}
		leads, _ := standing(id, into, present)
		out[id] = issue.Named{ID: id, Name: cmp.Or(c.Marks(id).Name, called[id]), Leads: leads}
	}
	return out, nil
}

// curatedNames puts people's names over those of the discovery.
func (s *Store) curatedNames(ctx context.Context, found map[string]membership) error {
	if len(found) == 0 {
		return nil
	}
	known, err := s.namedIssues(ctx)
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, k := range known {
		names[k.id] = k.name
	}
	for complaint, of := range found {
		if name, ok := names[of.id]; ok {
			of.name = name
			found[complaint] = of
		}
	}
	return nil
}
