package warehouse

import (
	"context"
	"fmt"
	"slices"
	"time"

	"wenguo/transform"
	"wenguo/transform/issue"
)

// insertHistory writes what became of the issues known before: taken over, split, ended.
func (s *Store) insertHistory(ctx context.Context, saved savedRun, known []knownIssue, at time.Time) error {
	before, err := s.issueMembers(ctx)
	if err != nil {
		return err
	}
	shared := map[[2]string]uint64{}
	for complaint, id := range before {
		shared[[2]string{id, saved.of[complaint].issue}]++
	}
	names, gone := map[string]string{}, map[string]bool{}
	held := saved.held()
	for _, k := range known {
		names[k.id] = k.name
		if !held[k.id] {
			gone[k.id] = true
		}
	}
	var changes []issue.Change
	for _, found := range saved.issues {
		for _, old := range found.MergedFrom {
			changes = append(changes, issue.Change{Kind: issue.Taken, From: old, Into: found.ID})
			delete(gone, old)
		}
		for _, old := range found.SplitFrom {
			changes = append(changes, issue.Change{Kind: issue.Parted, From: old, Into: found.ID})
		}
	}
	for _, k := range known {
		if gone[k.id] {
			changes = append(changes, issue.Change{Kind: issue.Ended, From: k.id})
		}
	}
	for i := range changes {
		changes[i].Name = names[changes[i].From]
		changes[i].Complaints = int64(shared[[2]string{changes[i].From, changes[i].Into}]) //nolint:gosec // a count
	}
	return s.insertChanges(ctx, saved.run, changes, at)
}

// insertChanges writes what became of issues in a run.
func (s *Store) insertChanges(ctx context.Context, run uint64, changes []issue.Change, at time.Time) error {
	if len(changes) == 0 {
		return nil
	}
	var (
		kinds, from, into, called []string
		complaints                []uint64
	)
	for _, c := range changes {
		kinds, from, into, called = append(kinds, string(c.Kind)), append(from, c.From), append(into, c.Into), append(called, c.Name)
		complaints = append(complaints, uint64(c.Complaints)) //nolint:gosec // a count
	}
	n := len(changes)
	columns := []any{slices.Repeat([]uint64{run}, n), slices.Repeat([]time.Time{at}, n), kinds, from, into, called, complaints}
	if err := s.insert(ctx, "insert_issue_history", columns); err != nil {
		return fmt.Errorf("save history: %w", err)
	}
	return nil
}

// issueHistory is what became of the issues, oldest first: every change that names one of them.
func (s *Store) issueHistory(ctx context.Context, ids []string) ([]issue.Change, error) {
	rows, err := s.conn.Query(with(ctx, values{"ids": list(ids)}), s.query("page_issue_history"))
	if err != nil {
		return nil, fmt.Errorf("read history of issues: %w", err)
	}
	defer rows.Close()
	found := []issue.Change{}
	for rows.Next() {
		var c issue.Change
		var kind string
		var complaints uint64
		if err := rows.Scan(&c.At, &kind, &c.From, &c.Into, &c.Name, &complaints); err != nil {
			return nil, fmt.Errorf("scan history of issues: %w", err)
		}
		c.At, c.Kind, c.Complaints = c.At.UTC(), issue.ChangeKind(kind), int64(complaints) //nolint:gosec // a count
		found = append(found, c)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read history of issues: %w", err)
	}
	return found, nil
}

// lineage is that of the issue which id leads to: current, or with an empty one an issue that is gone;
// transform.ErrNotFound when there never was one.
func (s *Store) lineage(
	ctx context.Context, id, current string, into map[string]string, known map[string]knownIssue,
) (lineage, error) {
	out := lineage{ID: current, Standing: current != "", MergedFrom: []string{}, SplitFrom: []string{}, SplitInto: []string{}}
	if current == "" {
		out.ID = last(id, into)
	}
	out.MergedFrom = append(out.MergedFrom, mergedFrom(out.ID, into)...)
	changes, err := s.issueHistory(ctx, append(slices.Clone(out.MergedFrom), out.ID))
	if err != nil {
		return out, err
	}
	if current == "" && !slices.ContainsFunc(changes, func(c issue.Change) bool { return c.From == out.ID }) {
		return out, fmt.Errorf("issue %q: %w", id, transform.ErrNotFound)
	}
	out.Changes = changes
	for i, c := range changes {
		changes[i].IntoName = known[c.Into].name
		switch {
		case c.Kind != issue.Parted:
		case c.Into == out.ID && !slices.Contains(out.SplitFrom, c.From):
			out.SplitFrom = append(out.SplitFrom, c.From)
		case c.From == out.ID && !slices.Contains(out.SplitInto, c.Into):
			out.SplitInto = append(out.SplitInto, c.Into)
		}
	}
	return out, nil
}

// lineage is issue.Lineage while it is read.
type lineage issue.Lineage

// name is what an issue that is gone was called last.
func (l lineage) name() string {
	name := ""
	for _, c := range l.Changes {
		if c.From == l.ID && c.Name != "" {
			name = c.Name
		}
	}
	return name
}

// last follows an id as far as it leads.
func last(id string, into map[string]string) string {
	for range into {
		next, ok := into[id]
		if !ok {
			break
		}
		id = next
	}
	return id
}

// mergedFrom lists every id whose address leads to the issue.
func mergedFrom(id string, into map[string]string) []string {
	var out []string
	for from := range into {
		if from == id {
			continue
		}
		if _, ok := standing(from, into, map[string]bool{id: true}); ok {
			out = append(out, from)
		}
	}
	slices.Sort(out)
	return out
}

// IssueLineage says where the issue that an id leads to comes from, and what became of its parts; transform.ErrNotFound if
// there never was one of the id.
func (s *Store) IssueLineage(ctx context.Context, id string) (issue.Lineage, error) {
	into, err := s.issueLineage(ctx)
	if err != nil {
		return issue.Lineage{}, err
	}
	known, err := s.namedIssues(ctx)
	if err != nil {
		return issue.Lineage{}, err
	}
	byID := map[string]knownIssue{}
	for _, k := range known {
		byID[k.id] = k
	}
	current, _ := standing(id, into, byID)
	line, err := s.lineage(ctx, id, current, into, byID)
	return issue.Lineage(line), err
}
