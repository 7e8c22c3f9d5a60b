package warehouse

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"wenguo/transform/issue"
	"wenguo/transform/kpi"
	words "wenguo/transform/text"
)

// whereDimensions say where an issue occurs.
var whereDimensions = []kpi.Dimension{kpi.Department, kpi.Product, kpi.Region, kpi.Channel, kpi.Category} //nolint:gochecknoglobals // a constant list

// Issue is one issue for the period; transform.ErrNotFound if there never was one of the id. An id that was merged away
// answers the issue that took it over, and one whose complaints recur no longer what it was called, archived.
func (s *Store) Issue(ctx context.Context, id string, q kpi.Query) (issue.Detail, error) {
	stream, err := s.issueStream(ctx, q)
	if err != nil {
		return issue.Detail{}, err
	}
	into, err := s.issueLineage(ctx)
	if err != nil {
		return issue.Detail{}, err
	}
	d := issue.Detail{TrendStart: stream.list.TrendStart, TrendDays: stream.list.TrendDays}
	current, found := standing(id, into, stream.known)
	line, err := s.lineage(ctx, id, current, into, stream.known)
	if err != nil {
		return issue.Detail{}, err
	}
	d.MergedFrom, d.SplitFrom, d.SplitInto, d.Changes = line.MergedFrom, line.SplitFrom, line.SplitInto, line.Changes
	if !found {
		c, err := s.Curation(ctx)
		marks := c.Marks(line.ID)
		d.Summary = issue.Summary{ID: line.ID, Name: cmp.Or(marks.Name, line.name()), State: issue.Archived, Marks: marks}
		return d, err
	}
	for _, sum := range stream.list.Issues {
		if sum.ID == current {
			d.Summary = sum
		}
	}
	group, inner := errgroup.WithContext(ctx)
	group.Go(func() (err error) { d.Where, err = s.issueWhere(inner, current, q); return err })
	group.Go(func() error { return s.issueTexts(inner, stream.known[current], q, &d) })
	if err := group.Wait(); err != nil {
		return issue.Detail{}, fmt.Errorf("read issue: %w", err)
	}
	return d, nil
}

// issueLineage tells which issue took over each id that is gone.
func (s *Store) issueLineage(ctx context.Context) (map[string]string, error) {
	rows, err := s.conn.Query(ctx, s.query("page_issue_lineage"))
	if err != nil {
		return nil, fmt.Errorf("read lineage of issues: %w", err)
	}
	defer rows.Close()
	into := map[string]string{}
	for rows.Next() {
		var from, to string
		if err := rows.Scan(&from, &to); err != nil {
			return nil, fmt.Errorf("scan lineage of issues: %w", err)
		}
		into[from] = to
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read lineage of issues: %w", err)
	}
	return into, nil
}

// standing follows an id to the issue that holds its complaints today.
func standing[T any](id string, into map[string]string, known map[string]T) (string, bool) {
	for range len(into) + 1 {
		if _, ok := known[id]; ok {
			return id, true
		}
		next, ok := into[id]
		if !ok {
			return "", false
		}
		id = next
	}
	return "", false
}

// issueWhere counts the issue's complaints of the period and slice by the values of some dimensions.
func (s *Store) issueWhere(ctx context.Context, id string, q kpi.Query) ([]issue.Where, error) {
	q.Slice = maps.Clone(q.Slice)
	if q.Slice == nil {
		q.Slice = kpi.Slice{}
	}
	q.Slice[kpi.Issue] = []string{id}
	found, err := s.dimensionValues(ctx, q)
	if err != nil {
		return nil, err
	}
	out := make([]issue.Where, 0, len(whereDimensions))
	for _, d := range whereDimensions {
		w := issue.Where{Dimension: string(d)}
		for _, c := range found[d] {
			w.Counts = append(w.Counts, issue.Count{Value: c.Value, Complaints: c.Count})
		}
		out = append(out, w)
	}
	return out, nil
}

// issueTexts fills the representatives, and counts the complaints of the issue that use each of its words.
func (s *Store) issueTexts(ctx context.Context, k knownIssue, q kpi.Query, d *issue.Detail) error {
	texts := map[string]issue.Representative{}
	uses := make([]int64, len(k.keywords))
	err := s.page(ctx, q, "page_issue_texts", values{"id": text(k.id)}, func(row scanner) error {
		var r issue.Representative
		var at time.Time
		if err := row.Scan(&r.ComplaintID, &at, &r.Title, &r.Text); err != nil {
			return err
		}
		r.RegisteredAt = at.UTC()
		if slices.Contains(k.representatives, r.ComplaintID) {
			texts[r.ComplaintID] = r
		}
		normal := words.Normalize(r.Title + "\n" + r.Text)
		for i, word := range k.keywords {
			if strings.Contains(normal, word) {
				uses[i]++
			}
		}
		return nil
	})
	for _, id := range k.representatives {
		if r := texts[id]; r.Title+r.Text != "" { // an erased complaint stands for nothing
			d.Representatives = append(d.Representatives, r)
		}
	}
	for i, word := range k.keywords {
		d.Words = append(d.Words, issue.Keyword{Word: word, Weight: k.weights[i], Complaints: uses[i]})
	}
	return err
}
