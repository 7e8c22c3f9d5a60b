package warehouse

import (
	"context"
	"fmt"
	"slices"
	"time"

	"wenguo/ingest"
	"wenguo/transform"
)

// Complaint is one complaint as of an instant, folded from its events; transform.ErrNotFound if nothing of it had
// happened by then.
func (s *Store) Complaint(ctx context.Context, id string, asOf time.Time) (transform.ComplaintDetail, error) {
	detail := transform.ComplaintDetail{AsOf: asOf}
	rules, err := s.currentRules()
	if err != nil {
		return detail, err
	}
	var events []ingest.Stored
	err = s.EventsOf(ctx, []string{id}, func(_ string, found []ingest.Stored) error {
		events = found
		return nil
	})
	if err != nil {
		return detail, err
	}
	detail.Fact, _ = transform.FoldAt(events, rules, asOf)
	if detail.Fact.ID == "" {
		return detail, fmt.Errorf("complaint %q: %w", id, transform.ErrNotFound)
	}
	detail.Events = shownEvents(detail.Fact, events, rules.Mask)
	for _, clock := range detail.Fact.Clocks {
		detail.Clocks = append(detail.Clocks, detail.Fact.ReadClock(clock, rules.Calendar(clock.Calendar), asOf))
	}
	issues, err := s.issuesOf(ctx, []string{id})
	if err != nil {
		return detail, err
	}
	detail.IssueID, detail.IssueName = issues[id].id, issues[id].name
	if detail.Duplicates, err = s.mergedWith(ctx, detail.Fact, asOf); err != nil {
		return detail, err
	}
	near, err := s.likeIt(ctx, detail.Fact, asOf)
	detail.Duplicates = append(detail.Duplicates, near...)
	return detail, err
}

// shownEvents are the distinct events on the fact's timeline, made safe. Of two contents under one id the lowest offset
// counts, as in the fold. Nothing that was written remains of an erased complaint.
func shownEvents(fact transform.Complaint, stored []ingest.Stored, mask func(string) string) []ingest.Stored {
	if fact.Erased {
		mask = func(string) string { return "" }
	}
	first := map[string]ingest.Stored{}
	for _, e := range stored {
		if known, ok := first[e.EventID]; !ok || e.Offset < known.Offset {
			first[e.EventID] = e
		}
	}
	shown := make([]ingest.Stored, 0, len(fact.Timeline))
	for _, step := range fact.Timeline {
		e := first[step.EventID]
		e.Event = transform.Redact(e.Event, mask)
		shown = append(shown, e)
	}
	return shown
}

// membership is the recurring issue that a complaint belongs to.
type membership struct{ id, name string }

// issuesOf finds the recurring issues of complaints; those in none are left out.
func (s *Store) issuesOf(ctx context.Context, complaints []string) (map[string]membership, error) {
	rows, err := s.conn.Query(with(ctx, values{"ids": list(complaints)}), s.query("page_issues_of"))
	if err != nil {
		return nil, fmt.Errorf("read issues of complaints: %w", err)
	}
	defer rows.Close()
	found := map[string]membership{}
	for rows.Next() {
		var complaint string
		var of membership
		if err := rows.Scan(&complaint, &of.id, &of.name); err != nil {
			return nil, fmt.Errorf("scan issue of complaint: %w", err)
		}
		found[complaint] = of
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read issues of complaints: %w", err)
	}
	return found, s.curatedNames(ctx, found)
}

// mergedWith lists the complaints that were merged into this one by the instant, and the one it was merged into.
func (s *Store) mergedWith(ctx context.Context, fact transform.Complaint, asOf time.Time) ([]transform.Duplicate, error) {
	ctx = with(ctx, values{"complaint": text(fact.ID), "into": text(fact.MergedInto), "as_of": number(asOf.UnixMilli())})
	rows, err := s.conn.Query(ctx, s.query("page_merged"))
	if err != nil {
		return nil, fmt.Errorf("read merged complaints: %w", err)
	}
	defer rows.Close()
	var found []transform.Duplicate
	for rows.Next() {
		d := transform.Duplicate{Merged: true}
		if err := rows.Scan(&d.ComplaintID, &d.RegisteredAt, &d.Channel, &d.Title); err != nil {
			return nil, fmt.Errorf("scan merged complaint: %w", err)
		}
		d.RegisteredAt = d.RegisteredAt.UTC()
		found = append(found, d)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read merged complaints: %w", err)
	}
	return slices.Clip(found), nil
}
