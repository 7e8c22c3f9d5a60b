package warehouse

import (
	"context"
	"fmt"
	"maps"
	"slices"
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
	return s.texts(with(ctx, values{"limit": number(limit)}), "messages")
}

// texts reads the masked texts that a query gives.
func (s *Store) texts(ctx context.Context, query string) ([]issue.Message, error) {
	rows, err := s.conn.Query(ctx, s.query(query))
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
	members := map[string]string{}
	if err := s.pairs(ctx, "issue_members", func(complaint, id string) { members[complaint] = id }); err != nil {
		return nil, fmt.Errorf("read members: %w", err)
	}
	return members, nil
}

// pairs reads the rows of a query that gives two strings.
func (s *Store) pairs(ctx context.Context, query string, each func(a, b string)) error {
	rows, err := s.conn.Query(ctx, s.query(query))
	if err != nil {
		return fmt.Errorf("query: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var a, b string
		if err := rows.Scan(&a, &b); err != nil {
			return fmt.Errorf("scan: %w", err)
		}
		each(a, b)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("rows: %w", err)
	}
	return nil
}

// savedRun is a published discovery.
type savedRun struct {
	run    uint64
	issues []issue.Issue
	// of tells the issue of each complaint that is in one.
	of map[string]member
}

// member is a complaint's place in an issue; the instant of its registration bounds later questions.
type member struct {
	issue      string
	registered time.Time
}

// saveIssues writes a whole run and publishes it with its last row; a run that failed half-way is never seen.
// A complaint that was registered before all messages, and so was not compared, stays in its issue.
func (s *Store) saveIssues(ctx context.Context, issues []issue.Issue, messages []issue.Message, at time.Time) (savedRun, error) {
	last, err := s.lastIssueRun(ctx)
	if err != nil {
		return savedRun{}, err
	}
	known, err := s.knownIssues(ctx)
	if err != nil {
		return savedRun{}, err
	}
	carried, err := s.carriedMembers(ctx, issues, messages)
	if err != nil {
		return savedRun{}, err
	}
	saved := savedRun{run: max(last.run+1, uint64(at.UnixMilli())), issues: issues, of: carried} //nolint:gosec // after 1970
	for _, found := range issues {
		for _, i := range found.Members {
			saved.of[messages[i].ID] = member{found.ID, messages[i].Time}
		}
	}
	if err := s.insertIssues(ctx, saved, known, messages); err != nil {
		return savedRun{}, err
	}
	if err := s.insertLineage(ctx, saved.run, issues); err != nil {
		return savedRun{}, err
	}
	if err := s.insertHistory(ctx, saved, known, at); err != nil {
		return savedRun{}, err
	}
	ctx = with(ctx, values{"run": number(saved.run), "at": instant(at), "messages": number(len(messages))})
	if err := s.conn.Exec(ctx, s.query("insert_issue_run")); err != nil {
		return savedRun{}, fmt.Errorf("publish discovery: %w", err)
	}
	return saved, s.dropIssueRuns(ctx, last.run)
}

// carriedMembers are the earlier members that are older than all messages, by the issue that goes on for theirs.
func (s *Store) carriedMembers(ctx context.Context, issues []issue.Issue, messages []issue.Message) (map[string]member, error) {
	carried := map[string]member{}
	if len(messages) == 0 {
		return carried, nil
	}
	oldest, compared, into := messages[0].Time, map[string]bool{}, map[string]string{}
	for _, m := range messages {
		compared[m.ID] = true
		if m.Time.Before(oldest) {
			oldest = m.Time
		}
	}
	for _, found := range issues {
		for _, old := range found.MergedFrom {
			into[old] = found.ID
		}
	}
	query := "issue_members_before"
	err := s.read(ctx, query, s.query(query), values{"before": instant(oldest)}, func(row scanner) error {
		var complaint string
		var m member
		if err := row.Scan(&complaint, &m.issue, &m.registered); err != nil {
			return fmt.Errorf("scan: %w", err)
		}
		if to, gone := into[m.issue]; gone {
			m.issue = to
		}
		if !compared[complaint] {
			carried[complaint] = m
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read older members: %w", err)
	}
	return carried, nil
}

// insertIssues writes the issues found, and of those known before the ones that older complaints keep.
func (s *Store) insertIssues(ctx context.Context, saved savedRun, known []knownIssue, messages []issue.Message) error {
	var (
		ids, names                  []string
		keywords, samples, takeOver [][]string
		weights                     [][]float64
	)
	written := map[string]bool{}
	for _, found := range saved.issues {
		written[found.ID] = true
		ids, names, takeOver = append(ids, found.ID), append(names, found.Name), append(takeOver, found.MergedFrom)
		words, shares := make([]string, len(found.Keywords)), make([]float64, len(found.Keywords))
		for i, k := range found.Keywords {
			words[i], shares[i] = k.Word, k.Weight
		}
		keywords, weights = append(keywords, words), append(weights, shares)
		texts := make([]string, len(found.Representatives))
		for i, text := range found.Representatives {
			texts[i] = messages[text].ID
		}
		samples = append(samples, texts)
	}
	kept := saved.held()
	for _, k := range known {
		if kept[k.id] && !written[k.id] {
			ids, names, takeOver = append(ids, k.id), append(names, k.name), append(takeOver, []string{})
			keywords, weights, samples = append(keywords, k.keywords), append(weights, k.weights), append(samples, k.representatives)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	complaints := slices.Sorted(maps.Keys(saved.of))
	of, registered := make([]string, len(complaints)), make([]time.Time, len(complaints))
	for i, complaint := range complaints {
		of[i], registered[i] = saved.of[complaint].issue, saved.of[complaint].registered
	}
	if len(complaints) > 0 {
		if err := s.insert(ctx, "insert_issue_members", []any{slices.Repeat([]uint64{saved.run}, len(of)), complaints, of, registered}); err != nil {
			return fmt.Errorf("save members: %w", err)
		}
	}
	runs := slices.Repeat([]uint64{saved.run}, len(ids))
	if err := s.insert(ctx, "insert_issues", []any{runs, ids, names, keywords, weights, samples, takeOver}); err != nil {
		return fmt.Errorf("save issues: %w", err)
	}
	return nil
}

// held are the issues that have a complaint.
func (r savedRun) held() map[string]bool {
	held := map[string]bool{}
	for _, m := range r.of {
		held[m.issue] = true
	}
	return held
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
		for _, drop := range []string{"drop_issue_members", "drop_issue_moves", "drop_issues"} {
			if err := s.conn.Exec(with(ctx, values{"run": number(run)}), s.query(drop)); err != nil {
				return fmt.Errorf("drop old discovery: %w", err)
			}
		}
	}
	return nil
}
