package warehouse

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"wenguo/transform/improve"
	"wenguo/transform/issue"
	"wenguo/transform/kpi"
)

// IssueWeeks are the whole weeks of the issue that an id leads to, from the one that holds since, or from when on the store
// knows issues, until asOf, by today's membership; transform.ErrNotFound if there never was one of the id. Exposure are the
// complaints with a text that are not of it. Complaints that were merged into another count nowhere.
func (s *Store) IssueWeeks(ctx context.Context, id string, since, asOf time.Time) (improve.History, error) {
	line, err := s.IssueLineage(ctx, id)
	if err != nil {
		return improve.History{}, err
	}
	out := improve.History{Issue: line.ID, Exposure: improve.ByComplaints}
	for _, c := range line.Changes {
		if c.Kind != issue.Ended {
			out.Moved = append(out.Moved, c.At)
		}
	}
	known, first, err := s.issuesSince(ctx)
	if err != nil || !known || line.ID == "" {
		return out, err
	}
	if first.After(since) {
		since = monday(first, s.zone())
		if since.Before(first) {
			since = since.AddDate(0, 0, 7)
		}
	} else {
		since = monday(since, s.zone())
	}
	until := monday(asOf, s.zone())
	if !until.After(since) {
		return out, nil
	}
	q := kpi.Query{From: since, To: until, AsOf: asOf}
	extra := values{
		"id": text(line.ID), "zone": text(s.zone().String()), "since": instant(since), "since_ms": number(since.UnixMilli()),
	}
	group, inner := errgroup.WithContext(ctx)
	group.Go(func() (err error) { out.Weeks, err = s.effectWeeks(inner, q, extra); return err })
	group.Go(func() error {
		return s.page(inner, q, "effect_delay", extra, func(row scanner) error {
			var delay int64
			var shifted uint64
			err := row.Scan(&delay, &shifted)
			out.Shifted = int64(shifted) //nolint:gosec // a count
			out.Delay = time.Duration(delay) * time.Millisecond
			return err
		})
	})
	if err := group.Wait(); err != nil {
		return improve.History{}, fmt.Errorf("read weeks of issue: %w", err)
	}
	if s.volumes == nil {
		return out, nil
	}
	volumes, err := s.volumes()
	if err != nil {
		return improve.History{}, fmt.Errorf("read volume: %w", err)
	}
	return out.Against(volumes), nil
}

// UseVolumes says where the organisation states its volume of business; it is asked with every question, and nothing
// stated is nothing to count against. It is set before the store is asked anything.
func (s *Store) UseVolumes(volumes func() (improve.Volumes, error)) { s.volumes = volumes }

func (s *Store) effectWeeks(ctx context.Context, q kpi.Query, extra values) ([]improve.Week, error) {
	var weeks []improve.Week
	at := map[string]int{}
	for start := q.From; start.Before(q.To); start = start.AddDate(0, 0, 7) {
		at[start.Format(time.DateOnly)] = len(weeks)
		weeks = append(weeks, improve.Week{Start: start, Channels: map[string]improve.Part{}})
	}
	err := s.page(ctx, q, "effect_weeks", extra, func(row scanner) error {
		var week time.Time
		var channel string
		var complaints, compared, texts, registered uint64
		if err := row.Scan(&week, &channel, &complaints, &compared, &texts, &registered); err != nil {
			return err
		}
		i, whole := at[week.Format(time.DateOnly)]
		if !whole {
			return nil
		}
		w := &weeks[i]
		w.Complaints += int64(complaints) //nolint:gosec // a count
		w.Exposure += float64(compared)
		w.Texts += int64(texts)           //nolint:gosec // a count
		w.Registered += int64(registered) //nolint:gosec // a count
		w.Channels[channel] = improve.Part{Complaints: float64(complaints), Exposure: float64(compared)}
		return nil
	})
	return weeks, err
}

// issuesSince is from when on the last discovery knows which issue a complaint belongs to.
func (s *Store) issuesSince(ctx context.Context) (known bool, since time.Time, err error) {
	if err := s.conn.QueryRow(ctx, s.query("effect_since")).Scan(&known, &since); err != nil {
		return false, since, fmt.Errorf("read since when issues are known: %w", err)
	}
	return known, since, nil
}

// monday is the beginning of the week that holds an instant, in the zone.
func monday(at time.Time, zone *time.Location) time.Time {
	at = at.In(zone)
	return time.Date(at.Year(), at.Month(), at.Day()-(int(at.Weekday())+6)%7, 0, 0, 0, 0, zone)
}
