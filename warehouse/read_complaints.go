package warehouse

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"wenguo/transform"
	"wenguo/transform/search"
	"wenguo/transform/sla"
)

// Rows of a page.
const (
	usualRows = 50
	mostRows  = 200
)

// Complaints is one page of a list, newest registration first, then by id; or by relevance.
func (s *Store) Complaints(ctx context.Context, f transform.ComplaintFilter) (transform.ComplaintPage, error) {
	limit := min(f.Limit, mostRows)
	if limit < 1 {
		limit = usualRows
	}
	if f.Scope == "" {
		f.Scope = transform.ScopeRegistered
	}
	edges := []time.Time{f.From, f.To}
	ask, err := s.ask(f.Query, edges, "")
	if err != nil {
		return transform.ComplaintPage{}, err
	}
	query, typed, err := s.asked(ctx, f)
	if err != nil {
		return transform.ComplaintPage{}, err
	}
	page, keys, err := ask.matched(ctx, f, query, typed, limit+1)
	if err != nil || len(keys) == 0 {
		return page, err
	}
	if len(keys) > limit {
		keys = keys[:limit]
		page.Next = keys[limit-1].cursor()
	}
	if page.Rows, err = ask.complaintRows(ctx, keys, f.AsOf, typed == aboutTexts); err != nil {
		return page, err
	}
	if typed == aboutTexts {
		markRows(page.Rows, query)
	}
	return page, s.nameIssues(ctx, page.Rows)
}

// listed is the key of a row, as lists are ordered: minus the registration in milliseconds, and the id.
type listed struct {
	before      int64
	complaintID string
	// score is how well it answers, in a list by relevance.
	score int64
}

func (k listed) cursor() transform.Cursor {
	return transform.Cursor{RegisteredAt: time.UnixMilli(-k.before).UTC(), ComplaintID: k.complaintID, Score: k.score}
}

// matched counts the list and finds the rows of the page.
func (q question) matched(ctx context.Context, f transform.ComplaintFilter, query search.Query, typed about, limit int) (transform.ComplaintPage, []listed, error) {
	if typed == aboutTexts {
		return q.found(ctx, f, query, limit)
	}
	return q.matchedBy(ctx, f, typed.lines(query), limit)
}

// matchedBy does it from the facts, narrowed by what was typed.
func (q question) matchedBy(ctx context.Context, f transform.ComplaintFilter, by found, limit int) (transform.ComplaintPage, []listed, error) {
	var page transform.ComplaintPage
	var keys []listed
	needs, extra, err := conditions(f, by, limit)
	if err != nil {
		return page, nil, err
	}
	needs["page"] = true
	err = q.read(ctx, "page_matched", needs, extra, func(row scanner) error {
		var total uint64
		var pairs [][]any
		if err := row.Scan(&total, &pairs); err != nil {
			return err
		}
		page.Total = int64(total) //nolint:gosec // a count
		for _, p := range pairs {
			keys = append(keys, listed{before: p[0].(int64), complaintID: p[1].(string)}) //nolint:forcetypeassert // the query's own types
		}
		return nil
	})
	return page, keys, err
}

// conditions are the lines of page_matched.sql that a filter and what was typed need, and their parameters.
func conditions(f transform.ComplaintFilter, by found, limit int) (map[string]bool, values, error) {
	needs, extra := filterNeeds(f), filterValues(f, limit)
	maps.Copy(needs, by.needs)
	maps.Copy(extra, by.params)
	if f.Scope == transform.ScopeLook {
		needs["look "+string(f.Look)] = true
	}
	if f.Scope != transform.ScopeKPI {
		return needs, extra, nil
	}
	lines, terms, err := behind(f)
	if err != nil {
		return nil, nil, err
	}
	maps.Copy(needs, lines)
	maps.Copy(extra, terms)
	return needs, extra, nil
}

// filterNeeds says which lines of page_matched.sql the filter needs.
func filterNeeds(f transform.ComplaintFilter) map[string]bool {
	verdict := f.Verdict
	if verdict == "" {
		verdict = "any"
	}
	return map[string]bool{
		string(f.Scope): true, string(f.Scope) + " " + string(verdict): true, "scores": len(f.Scores) > 0, "states": len(f.States) > 0,
		"traits": len(f.Traits) > 0, "milestone": f.Milestone != "" && !f.Missed, "no milestone": f.Milestone != "" && f.Missed, "spent": f.Spent != "",
		"overdue": f.Overdue, "key": f.Key != "", "after": !f.After.IsZero(), "first": f.After.IsZero(),
	}
}

// filterValues are the parameters of page_matched.sql.
func filterValues(f transform.ComplaintFilter, limit int) values {
	scores := make([]string, len(f.Scores))
	for i, n := range f.Scores {
		scores[i] = strconv.Itoa(n)
	}
	states := make([]string, len(f.States))
	for i, state := range f.States {
		states[i] = string(state)
	}
	traits := make([]string, len(f.Traits))
	for i, t := range f.Traits {
		traits[i] = string(t.Factor) + "." + t.Value
	}
	return values{
		"traits": list(traits), "milestone": text(string(f.Milestone)), "spent": text(string(f.Spent)),
		"senders": list(f.Moved.Senders), "receivers": list(f.Moved.Receivers), "bounced": number(int(flag(f.Moved.Bounced))),
		"stage": text(string(f.Stage)), "scores": "[" + strings.Join(scores, ",") + "]", "states": list(states),
		"key": text(f.Key), "after": number(f.After.RegisteredAt.UnixMilli()), "after_id": text(f.After.ComplaintID),
		"limit": number(limit),
	}
}

// complaintRows are the rows of the keys, in their order; whole says that excerpts are to be cut from the whole content.
func (q question) complaintRows(ctx context.Context, keys []listed, at time.Time, whole bool) ([]transform.ComplaintRow, error) {
	rules, err := q.store.currentRules()
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(keys))
	place := make(map[string]int, len(keys))
	newest, oldest := keys[0].before, keys[0].before
	for i, k := range keys {
		ids[i], place[k.complaintID] = k.complaintID, i
		newest, oldest = min(newest, k.before), max(oldest, k.before)
	}
	extra := values{
		"ids": list(ids), "newest": instant(time.UnixMilli(-newest)), "oldest": instant(time.UnixMilli(-oldest)),
		"excerpt": number(excerptRunes),
	}
	if whole {
		extra["excerpt"] = number(searchedRunes)
	}
	var rows []transform.ComplaintRow
	err = q.read(ctx, "page_complaints", nil, extra, func(row scanner) error {
		r, err := scanComplaint(row, rules, at)
		rows = append(rows, r)
		return err
	})
	slices.SortFunc(rows, func(a, b transform.ComplaintRow) int { return place[a.ComplaintID] - place[b.ComplaintID] })
	return rows, err
}

// scanComplaint reads a row of page_complaints.sql, or of page_matched.sql for a file.
func scanComplaint(row scanner, rules transform.Rules, at time.Time) (transform.ComplaintRow, error) {
	var (
		r                 transform.ComplaintRow
		c                 clockLists
		state             string
		pausedMS, endedMS int64
		rounds            uint64
		score             uint8
	)
	if err := row.Scan(
		&r.ComplaintID, &r.RegisteredAt, &r.Title, &r.Excerpt, &r.Channel, &r.Category, &r.Priority, &r.Product,
		&r.Department, &r.Owner, &state, &pausedMS, &endedMS, &c.stages, &c.calendars, &c.due, &c.frozen, &c.remaining,
		&c.finished, &c.cancelled, &c.anomalous, &rounds, &score,
	); err != nil {
		return r, fmt.Errorf("scan: %w", err)
	}
	r.RegisteredAt, r.State, r.Score = r.RegisteredAt.UTC(), transform.State(state), int(score)
	r.Paused = r.State == transform.Open && pausedMS != 0
	r.Reopened = max(int(rounds)-1, 0) //nolint:gosec // a count
	if r.State != transform.Open {
		r.EndedAt = time.UnixMilli(endedMS).UTC()
	}
	c.fill(&r, rules, at)
	return r, nil
}

// nameIssues adds the recurring issues of the rows.
func (s *Store) nameIssues(ctx context.Context, rows []transform.ComplaintRow) error {
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ComplaintID
	}
	issues, err := s.issuesOf(ctx, ids)
	for i := range rows {
		of := issues[rows[i].ComplaintID]
		rows[i].IssueID, rows[i].IssueName = of.id, of.name
	}
	return err
}

// clockLists are the clocks of one complaint as its row holds them.
type clockLists struct {
	stages, calendars                   []string
	due, remaining, finished, cancelled []int64
	frozen, anomalous                   []bool
}

// fill counts the breached clocks and finds the one that is due next.
func (c clockLists) fill(r *transform.ComplaintRow, rules transform.Rules, at time.Time) {
	for i := range c.stages {
		clock := sla.Clock{
			Stage: sla.Stage(c.stages[i]), Due: millis(c.due[i]), Frozen: c.frozen[i], Remaining: time.Duration(c.remaining[i]) * time.Millisecond,
			Finished: millis(c.finished[i]), Cancelled: millis(c.cancelled[i]), Anomaly: c.anomalous[i],
		}
		calendar := rules.Calendar(c.calendars[i])
		if clock.StateAt(at, calendar) == sla.Breached {
			r.Breached++
		}
		unfinished := clock.Finished.IsZero() && clock.Cancelled.IsZero() && !clock.Anomaly
		if due := clock.DueAt(at, calendar); r.State == transform.Open && unfinished && (r.NextDue.IsZero() || due.Before(r.NextDue)) {
			r.NextStage, r.NextDue = clock.Stage, due.UTC()
		}
	}
}

// millis is an instant as the facts hold it; the zero time for 0.
func millis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
