package warehouse

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"wenguo/transform/issue"
)

// decisionCount is how many decisions about the grouping of complaints are stored.
func (s *Store) decisionCount(ctx context.Context) (uint64, error) {
	var n uint64
	if err := s.conn.QueryRow(ctx, s.query("decisions_of_issues_count")).Scan(&n); err != nil {
		return 0, fmt.Errorf("count decisions about issues: %w", err)
	}
	return n, nil
}

// boundDecisions are those about the grouping so far. One that is read for the first time is bound to what the issues it names
// hold now, once and for good.
func (s *Store) boundDecisions(ctx context.Context, now time.Time) ([]issue.Decision, error) {
	s.settling.lock.Lock()
	defer s.settling.lock.Unlock()
	decisions, err := s.decisionsOf(ctx, "decisions_of_issues")
	if err != nil {
		return nil, err
	}
	return decisions, s.bind(ctx, decisions, now)
}

// decisionKey is one decision: the ids of decisions about different things may be equal.
type decisionKey struct{ subject, id string }

// bind completes decisions with what the issues they name held when they were first read, and stores that for those read
// now.
func (s *Store) bind(ctx context.Context, decisions []issue.Decision, now time.Time) error {
	held, err := s.heldIssues(ctx)
	if err != nil {
		return err
	}
	fresh := map[decisionKey]map[string]issue.Held{}
	var present *presentIssues
	for i := range decisions {
		d := &decisions[i]
		key := decisionKey{d.Subject, d.ID}
		d.Held = map[string]issue.Held{}
		for _, named := range d.Issues() {
			if h, known := held[key][named]; known {
				d.Held[named] = h
				continue
			}
			if present == nil {
				if present, err = s.presentIssues(ctx); err != nil {
					return err
				}
			}
			d.Held[named] = present.hold(named, d.Place != nil)
			if fresh[key] == nil {
				fresh[key] = map[string]issue.Held{}
			}
			fresh[key][named] = d.Held[named]
		}
	}
	return s.keepHeld(ctx, fresh, now)
}

func (s *Store) heldIssues(ctx context.Context) (map[decisionKey]map[string]issue.Held, error) {
	rows, err := s.conn.Query(ctx, s.query("issue_held"))
	if err != nil {
		return nil, fmt.Errorf("read what decisions found: %w", err)
	}
	defer rows.Close()
	held := map[decisionKey]map[string]issue.Held{}
	for rows.Next() {
		var key decisionKey
		var named string
		var h issue.Held
		if err := rows.Scan(&key.subject, &key.id, &named, &h.Issue, &h.Complaints); err != nil {
			return nil, fmt.Errorf("scan what decisions found: %w", err)
		}
		if held[key] == nil {
			held[key] = map[string]issue.Held{}
		}
		held[key][named] = h
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read what decisions found: %w", err)
	}
	return held, nil
}

func (s *Store) keepHeld(ctx context.Context, fresh map[decisionKey]map[string]issue.Held, now time.Time) error {
	var (
		subjects, ids, named, issues []string
		complaints                   [][]string
		at                           []time.Time
	)
	for key, held := range fresh {
		for _, name := range slices.Sorted(maps.Keys(held)) {
			subjects, ids, named = append(subjects, key.subject), append(ids, key.id), append(named, name)
			issues, complaints, at = append(issues, held[name].Issue), append(complaints, held[name].Complaints), append(at, now)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	if err := s.insert(ctx, "insert_issue_held", []any{subjects, ids, named, issues, complaints, at}); err != nil {
		return fmt.Errorf("keep what decisions found: %w", err)
	}
	return nil
}

// presentIssues are the issues of the last run.
type presentIssues struct {
	members map[string][]string
	typical map[string][]string
	into    map[string]string
}

func (s *Store) presentIssues(ctx context.Context) (*presentIssues, error) {
	of, err := s.issueMembers(ctx)
	if err != nil {
		return nil, err
	}
	known, err := s.knownIssues(ctx)
	if err != nil {
		return nil, err
	}
	into, err := s.issueLineage(ctx)
	if err != nil {
		return nil, err
	}
	p := &presentIssues{members: map[string][]string{}, typical: map[string][]string{}, into: into}
	for _, k := range known {
		p.members[k.id], p.typical[k.id] = []string{}, k.representatives
	}
	for _, complaint := range slices.Sorted(maps.Keys(of)) {
		p.members[of[complaint]] = append(p.members[of[complaint]], complaint)
	}
	return p, nil
}

// hold is what an id leads to: all complaints of the issue, or the typical ones. An unknown id leads to nothing.
func (p *presentIssues) hold(named string, typical bool) issue.Held {
	id, ok := standing(named, p.into, p.members)
	if !ok {
		return issue.Held{Issue: named, Complaints: []string{}}
	}
	if typical {
		return issue.Held{Issue: id, Complaints: p.typical[id]}
	}
	return issue.Held{Issue: id, Complaints: p.members[id]}
}
