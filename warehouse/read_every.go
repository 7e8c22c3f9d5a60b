package warehouse

import (
	"context"
	"time"

	"wenguo/transform"
)

// mostRead bounds the rows that are read at once where somebody reads a whole list.
const mostRead = 5000

// EachListed gives every row of a list in its order, newest registration first, then by id, whatever Limit and After
// say. The list is read in spans of days with a few thousand rows each, so memory does not grow with it; each span is asked
// of the store as it is then, as of the same instant.
func (s *Store) EachListed(ctx context.Context, f transform.ComplaintFilter, give func(transform.ComplaintRow) error) error {
	return s.eachListed(ctx, f, mostRead, give)
}

func (s *Store) eachListed(ctx context.Context, f transform.ComplaintFilter, most int, give func(transform.ComplaintRow) error) error {
	if f.Scope == "" {
		f.Scope = transform.ScopeRegistered
	}
	f.After, f.AsOf = transform.Cursor{}, f.AsOf.Truncate(time.Millisecond)
	query, typed, err := s.asked(ctx, f)
	if err != nil {
		return err
	}
	by := typed.lines(query)
	spans, err := s.spansOf(ctx, f, by, uint64(most)) //nolint:gosec // a small number
	if err != nil {
		return err
	}
	for _, span := range spans {
		if err := s.eachWithin(ctx, f, by, span, most, give); err != nil {
			return err
		}
	}
	return nil
}

// daySpan is [Oldest, Newer) of registrations.
type daySpan struct{ Oldest, Newer time.Time }

// spansOf cuts a list into spans, the newest first, with at most so many rows each unless one day has more. What nobody
// registered yet when the days were counted is after the as-of instant, and no part of the list.
func (s *Store) spansOf(ctx context.Context, f transform.ComplaintFilter, by found, most uint64) ([]daySpan, error) {
	q, err := s.ask(f.Query, []time.Time{f.From, f.To}, "")
	if err != nil {
		return nil, err
	}
	needs, extra, err := conditions(f, by, 1)
	if err != nil {
		return nil, err
	}
	needs["days"], needs["first"] = true, false
	var spans []daySpan
	rows := uint64(0)
	err = q.read(ctx, "page_matched", needs, extra, func(row scanner) error {
		var day time.Time
		var complaints uint64
		if err := row.Scan(&day, &complaints); err != nil {
			return err
		}
		day = time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC)
		if len(spans) == 0 || rows+complaints > most {
			spans, rows = append(spans, daySpan{Newer: day.AddDate(0, 0, 1)}), 0
		}
		rows += complaints
		spans[len(spans)-1].Oldest = day
		return nil
	})
	return spans, err
}

// eachWithin gives the rows of one span, with the names of their issues.
func (s *Store) eachWithin(ctx context.Context, f transform.ComplaintFilter, by found, span daySpan, most int, give func(transform.ComplaintRow) error) error {
	q, err := s.ask(f.Query, []time.Time{f.From, f.To}, "")
	if err != nil {
		return err
	}
	rules, err := s.currentRules()
	if err != nil {
		return err
	}
	needs, extra, err := conditions(f, by, 1)
	if err != nil {
		return err
	}
	needs["rows"], needs["first"] = true, false
	extra["oldest"], extra["newer"] = instant(span.Oldest), instant(span.Newer)
	var rows []transform.ComplaintRow
	flush := func() error {
		if err := s.nameIssues(ctx, rows); err != nil {
			return err
		}
		for _, r := range rows {
			if err := give(r); err != nil {
				return err
			}
		}
		rows = rows[:0]
		return nil
	}
	err = q.read(ctx, "page_matched", needs, extra, func(row scanner) error {
		r, err := scanComplaint(row, rules, f.AsOf)
		if err != nil {
			return err
		}
		if rows = append(rows, r); len(rows) < most {
			return nil
		}
		return flush()
	})
	if err != nil || len(rows) == 0 {
		return err
	}
	return flush()
}
