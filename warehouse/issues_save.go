package warehouse

import (
	"context"
	"fmt"
	"time"

	"wenguo/transform/issue"
)

type issueRun struct {
	run, messages uint64
	at            time.Time
}

func (s *Store) lastIssueRun(ctx context.Context) (issueRun, error) {
	var last issueRun
	if err := s.conn.QueryRow(ctx, s.query("last_issue_run")).Scan(&last.run, &last.messages, &last.at); err != nil {
		return last, fmt.Errorf("read last discovery: %w", err)
	}
	return last, nil
}

// messages reads the masked texts of the complaints registered last.
func (s *Store) messages(ctx context.Context, limit int) ([]issue.Message, error) {
	rows, err := s.conn.Query(with(ctx, values{"limit": number(limit)}), s.query("messages"))
	if err != nil {
		return nil, fmt.Errorf("read texts: %w", err)
	}
	defer rows.Close()
	var found []issue.Message
	for rows.Next() {
		var m issue.Message
		if err := rows.Scan(&m.ID, &m.User, &m.Title, &m.Text, &m.Time); err != nil {
			return nil, fmt.Errorf("scan text: %w", err)
		}
		found = append(found, m)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read texts: %w", err)
	}
	return found, nil
}

// issueMembers tells the issue of each complaint that is in one.
func (s *Store) issueMembers(ctx context.Context) (map[string]string, error) {
	rows, err := s.conn.Query(ctx, s.query("issue_members"))
	if err != nil {
		return nil, fmt.Errorf("read members: %w", err)
	}
	defer rows.Close()
	members := map[string]string{}
	for rows.Next() {
		var complaint, id string
		if err := rows.Scan(&complaint, &id); err != nil {
			return nil, fmt.Errorf("scan member: %w", err)
		}
		members[complaint] = id
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read members: %w", err)
	}
	return members, nil
}

// saveIssues writes a whole run and publishes it with its last row; a run that failed half-way is never seen.
func (s *Store) saveIssues(ctx context.Context, issues []issue.Issue, messages []issue.Message, at time.Time) error {
	last, err := s.lastIssueRun(ctx)
	if err != nil {
		return err
	}
	run := max(last.run+1, uint64(at.UnixMilli())) //nolint:gosec // after 1970
	if err := s.insertIssues(ctx, run, issues, messages); err != nil {
		return err
	}
	if err := s.insertLineage(ctx, run, issues); err != nil {
		return err
	}
	ctx = with(ctx, values{"run": number(run), "at": instant(at), "messages": number(len(messages))})
	if err := s.conn.Exec(ctx, s.query("insert_issue_run")); err != nil {
		return fmt.Errorf("publish discovery: %w", err)
	}
	return s.dropIssueRuns(ctx, last.run)
}

func (s *Store) insertIssues(ctx context.Context, run uint64, issues []issue.Issue, messages []issue.Message) error {
	var (
		runs, memberRuns            []uint64
		ids, names                  []string
		keywords, samples, takeOver [][]string
		weights                     [][]float64
		complaints, of              []string
	)
	for _, found := range issues {
		runs, ids, names, takeOver = append(runs, run), append(ids, found.ID), append(names, found.Name), append(takeOver, found.MergedFrom)
		words, shares := make([]string, len(found.Keywords)), make([]float64, len(found.Keywords))
		for i, k := range found.Keywords {
			words[i], shares[i] = k.Word, k.Weight
		}
		keywords, weights = append(keywords, words), append(weights, shares)
		texts := make([]string, len(found.Representatives))
		for i, member := range found.Representatives {
			texts[i] = messages[member].ID
		}
		samples = append(samples, texts)
		for _, member := range found.Members {
			memberRuns, complaints, of = append(memberRuns, run), append(complaints, messages[member].ID), append(of, found.ID)
		}
	}
	if len(issues) == 0 {
		return nil
	}
	if err := s.insert(ctx, "insert_issue_members", []any{memberRuns, complaints, of}); err != nil {
		return fmt.Errorf("save members: %w", err)
	}
	if err := s.insert(ctx, "insert_issues", []any{runs, ids, names, keywords, weights, samples, takeOver}); err != nil {
		return fmt.Errorf("save issues: %w", err)
	}
	return nil
}

func (s *Store) insertLineage(ctx context.Context, run uint64, issues []issue.Issue) error {
	var (
		from, into []string
		runs       []uint64
	)
	for _, found := range issues {
		for _, old := range found.MergedFrom {
			from, into, runs = append(from, old), append(into, found.ID), append(runs, run)
		}
	}
	if len(from) == 0 {
		return nil
	}
	if err := s.insert(ctx, "insert_issue_lineage", []any{from, into, runs}); err != nil {
		return fmt.Errorf("save lineage: %w", err)
	}
	return nil
}

// dropIssueRuns forgets the runs before keep, which a slow reader may still be using.
func (s *Store) dropIssueRuns(ctx context.Context, keep uint64) error {
	rows, err := s.conn.Query(with(ctx, values{"run": number(keep)}), s.query("old_issue_partitions"))
	if err != nil {
		return fmt.Errorf("list old discoveries: %w", err)
	}
	defer rows.Close()
	var old []uint64
	for rows.Next() {
		var run uint64
		if err := rows.Scan(&run); err != nil {
			return fmt.Errorf("list old discoveries: %w", err)
		}
		old = append(old, run)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("list old discoveries: %w", err)
	}
	for _, run := range old {
		for _, drop := range []string{"drop_issue_members", "drop_issues"} {
			if err := s.conn.Exec(with(ctx, values{"run": number(run)}), s.query(drop)); err != nil {
				return fmt.Errorf("drop old discovery: %w", err)
			}
		}
	}
	return nil
}
