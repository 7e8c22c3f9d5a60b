package warehouse

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"wenguo/transform"
	"wenguo/transform/issue"
	"wenguo/transform/kpi"
	words "wenguo/transform/text"
)

// endOfTime is after every complaint, and the engine's type still holds it.
var endOfTime = time.Date(2299, 1, 1, 0, 0, 0, 0, time.UTC) //nolint:gochecknoglobals // a constant

// IssueMembers are the complaints of the issue that an id leads to, registered up to the question's instant, newest first
// from after on, at most limit of them, each with why it is there; more says that there are others. An issue that is gone
// has none; transform.ErrNotFound if there never was one of the id.
func (s *Store) IssueMembers(
	ctx context.Context, id string, q kpi.Query, after transform.Cursor, limit int,
) (found []issue.Member, more bool, err error) {
	line, err := s.IssueLineage(ctx, id)
	if err != nil {
		return nil, false, err
	}
	known, err := s.namedIssues(ctx)
	if err != nil {
		return nil, false, err
	}
	k := slices.IndexFunc(known, func(k knownIssue) bool { return k.id == line.ID })
	if k < 0 {
		return []issue.Member{}, false, nil
	}
	if after.RegisteredAt.IsZero() {
		after.RegisteredAt = endOfTime
	}
	limit = min(max(limit, 1), mostRead)
	found = []issue.Member{}
	extra := values{
		"id": text(line.ID), "before": instant(after.RegisteredAt), "before_id": text(after.ComplaintID), "limit": number(limit + 1),
	}
	err = s.page(ctx, q, "page_issue_members", extra, func(row scanner) error {
		var m issue.Member
		var assigned int64
		if err := row.Scan(&m.ComplaintID, &m.RegisteredAt, &m.Title, &m.Text, &assigned, &m.Evidence); err != nil {
			return err
		}
		m.RegisteredAt = m.RegisteredAt.UTC()
		if assigned > 0 {
			m.AssignedAt = time.UnixMilli(assigned).UTC()
		}
		m.Words, m.Shared = known[k].evidence(m.Title, m.Text)
		found = append(found, m)
		return nil
	})
	if err != nil {
		return nil, false, err
	}
	if len(found) > limit {
		return found[:limit], true, nil
	}
	return found, false, nil
}

// Why says why a complaint is in its issue, as of an instant; transform.ErrNotFound when it is in none.
func (s *Store) Why(ctx context.Context, complaint string, asOf time.Time) (issue.Reason, error) {
	of, err := s.issuesOf(ctx, []string{complaint})
	if err != nil {
		return issue.Reason{}, err
	}
	id := of[complaint].id
	known, err := s.namedIssues(ctx)
	if err != nil {
		return issue.Reason{}, err
	}
	k := slices.IndexFunc(known, func(k knownIssue) bool { return k.id == id })
	if id == "" || k < 0 {
		return issue.Reason{}, fmt.Errorf("issue of complaint %q: %w", complaint, transform.ErrNotFound)
	}
	out := issue.Reason{IssueID: id, IssueName: known[k].name}
	detail, err := s.Complaint(ctx, complaint, asOf)
	if err != nil {
		return issue.Reason{}, err
	}
	out.ComplaintID = complaint
	out.Words, out.Shared = known[k].evidence(detail.Fact.Title, detail.Fact.Content)
	return out, nil
}

// evidence is what of an issue's keywords stands in a text, and their part of the weight of all.
func (k knownIssue) evidence(title, content string) (in []issue.SharedWord, shared float64) {
	normal := words.Normalize(title + "\n" + content)
	in = []issue.SharedWord{}
	all := 0.0
	for i, word := range k.keywords {
		all += k.weights[i]
		if strings.Contains(normal, word) {
			in = append(in, issue.SharedWord{Word: word, Weight: k.weights[i]})
			shared += k.weights[i]
		}
	}
	if all > 0 {
		shared /= all
	}
	return in, shared
}
