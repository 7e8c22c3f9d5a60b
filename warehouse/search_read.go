package warehouse

import (
	"context"
	"fmt"
	"strings"
	"time"

	"wenguo/transform"
	"wenguo/transform/kpi"
	"wenguo/transform/search"
)

// Bounds of a search. What a common word finds is counted up to a bound; a list with filters looks at the newest texts a
// window at a time, at most so many windows for a page; the order by relevance is among the newest.
const (
	searchBound   = 10_000
	searchWindows = 5
	searchRanked  = 1_000
)

// excerptRunes is how much of a content a list shows, in characters.
const excerptRunes = 120

// searchedRunes is how much of a content an excerpt is looked for in.
const searchedRunes = 20_000

// about says what of a complaint a filter's text is about.
type about int

const (
	aboutNothing about = iota // no text
	aboutNumber               // the beginning of complaints' numbers
	aboutTexts
)

// asked reads a filter's text.
func (s *Store) asked(ctx context.Context, f transform.ComplaintFilter) (search.Query, about, error) {
	if strings.TrimSpace(f.Text) == "" {
		return search.Query{}, aboutNothing, nil
	}
	query := s.parse(f.Text)
	number, err := s.isPrefix(ctx, query.ID, f.Slice[kpi.Department])
	if number {
		return query, aboutNumber, nil
	}
	return query, aboutTexts, err
}

// lines are those of page_matched.sql for the whole of what was asked.
func (a about) lines(query search.Query) found {
	switch {
	case a == aboutNothing:
		return found{}
	case a == aboutNumber:
		return found{needs: map[string]bool{"prefix": true}, params: values{"prefix": text(query.ID)}}
	case query.Empty():
		return found{needs: map[string]bool{"nothing": true}}
	}
	return findBy(query)
}

// markRows cuts the excerpts of rows around what was found, and says what to mark.
func markRows(rows []transform.ComplaintRow, query search.Query) {
	for i := range rows {
		r := &rows[i]
		r.Title, r.TitleMarks = search.Excerpt(r.Title, query, len(r.Title)+1)
		r.Excerpt, r.ExcerptMarks = search.Excerpt(r.Excerpt, query, excerptRunes)
	}
}

// UseSegmenter gives the store what cuts queries as the texts were cut; until then a query's words are those between its
// blanks.
func (s *Store) UseSegmenter(segmenter search.Segmenter) { s.segmenter.Store(&segmenter) }

// parse reads a query.
func (s *Store) parse(text string) search.Query {
	if segmenter := s.segmenter.Load(); segmenter != nil {
		return search.Parse(text, *segmenter)
	}
	return search.Parse(text, nil)
}

// found lists the rows that a query finds: page.Total, and the keys of the page's rows, one more than limit where there are
// more.
func (q question) found(ctx context.Context, f transform.ComplaintFilter, query search.Query, limit int) (transform.ComplaintPage, []listed, error) {
	if query.Empty() {
		return transform.ComplaintPage{}, nil, nil
	}
	by := findBy(query)
	if f.Scope == transform.ScopeRegistered {
		by = by.within(f.From, earlier(f.To, f.AsOf.Add(time.Millisecond)))
	}
	if f.ByRelevance {
		return q.ranked(ctx, f, by, limit)
	}
	key, err := q.asofKey(ctx)
	if err != nil {
		return transform.ComplaintPage{}, nil, err
	}
	if plainly(f) && key == 0 {
		return q.fromTexts(ctx, f, by, limit)
	}
	return q.fromBoth(ctx, f, by, limit)
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// fromTexts answers from the texts alone.
func (q question) fromTexts(ctx context.Context, f transform.ComplaintFilter, by found, limit int) (transform.ComplaintPage, []listed, error) {
	var page transform.ComplaintPage
	var total uint64
	counted := q.store.searching(q.store.query("search_counted"), by.needs)
	if err := q.store.conn.QueryRow(with(final(ctx), by.with(values{"bound": number(searchBound + 1)})), counted).Scan(&total); err != nil {
		return page, nil, fmt.Errorf("count what is found: %w", err)
	}
	page.Total, page.AtLeast = int64(min(total, searchBound)), total > searchBound //nolint:gosec // bounded
	if !f.After.IsZero() {
		by = by.behind(listed{before: minusMS(f.After.RegisteredAt), complaintID: f.After.ComplaintID})
	}
	keys, err := q.store.searchListed(ctx, by, limit)
	return page, keys, err
}

func (s *Store) searchListed(ctx context.Context, by found, limit int) ([]listed, error) {
	var keys []listed
	name := "search_listed"
	err := s.read(ctx, name, s.searching(s.query(name), by.needs), by.with(values{"limit": number(limit)}), func(row scanner) error {
		var k listed
		err := row.Scan(&k.before, &k.complaintID)
		keys = append(keys, k)
		return err
	})
	return keys, err
}

// fromBoth finds texts a window at a time, newest first, and asks the facts about each window.
func (q question) fromBoth(ctx context.Context, f transform.ComplaintFilter, by found, limit int) (transform.ComplaintPage, []listed, error) {
	var page transform.ComplaintPage
	var keys []listed
	after := f.After
	for range searchWindows {
		one, some, last, err := q.window(ctx, f, by, after, limit-len(keys))
		if err != nil {
			return page, nil, err
		}
		page.Total += one.Total
		keys = append(keys, some...)
		page.AtLeast = last != nil
		if last == nil || len(keys) >= limit {
			break
		}
		after = last.cursor()
	}
	if page.AtLeast && len(keys) < limit {
		page.Next = after // where the next page goes on, since this one does not fill
	}
	if f.After.IsZero() {
		return page, keys, nil
	}
	f.After = transform.Cursor{}
	first, _, last, err := q.window(ctx, f, by, f.After, 1)
	page.Total, page.AtLeast = first.Total, last != nil
	return page, keys, err
}

// window asks the facts about the first texts behind a row; last is the window's last text where there are more.
func (q question) window(ctx context.Context, f transform.ComplaintFilter, by found, after transform.Cursor, limit int) (page transform.ComplaintPage, keys []listed, last *listed, err error) {
	if !after.IsZero() {
		by = by.behind(listed{before: minusMS(after.RegisteredAt), complaintID: after.ComplaintID})
	}
	texts, err := q.store.searchWindow(ctx, by)
	if err != nil {
		return page, nil, nil, err
	}
	if texts != nil {
		by, last = by.until(*texts), texts
	}
	f.After = after
	page, keys, err = q.matchedBy(ctx, f, by, limit)
	return page, keys, last, err
}

// searchWindow finds the last text of a window, nil when it holds all there are.
func (s *Store) searchWindow(ctx context.Context, by found) (*listed, error) {
	var last *listed
	name := "search_window"
	p := by.with(values{"skip": number(searchBound - 1)})
	err := s.read(ctx, name, s.searching(s.query(name), by.needs), p, func(row scanner) error {
		last = &listed{}
		return row.Scan(&last.before, &last.complaintID)
	})
	return last, err
}

// ranked orders the newest of what is found by how well it answers. Facts are asked only where a filter or an instant needs
// them.
func (q question) ranked(ctx context.Context, f transform.ComplaintFilter, by found, limit int) (transform.ComplaintPage, []listed, error) {
	plain := f
	plain.ByRelevance, plain.After = false, transform.Cursor{}
	page, newest, err := q.found(ctx, plain, by.query, searchRanked)
	if err != nil || len(newest) == 0 {
		return page, nil, err
	}
	page.Next = transform.Cursor{}
	wanted := make(map[listed]bool, len(newest))
	for _, k := range newest {
		wanted[k] = true
	}
	terms := make([]string, len(by.query.Want))
	for i, t := range by.query.Want {
		terms[i] = t.Text
	}
	var keys []listed
	by = by.until(newest[len(newest)-1])
	name := "search_scored"
	p := by.with(values{"terms": list(terms), "limit": number(searchBound)})
	err = q.store.read(ctx, name, q.store.searching(q.store.query(name), by.needs), p, func(row scanner) error {
		var k listed
		if err := row.Scan(&k.before, &k.complaintID, &k.score); err != nil {
			return err
		}
		bare := listed{before: k.before, complaintID: k.complaintID}
		if wanted[bare] && len(keys) < limit && k.follows(f.After) {
			keys = append(keys, k)
		}
		return nil
	})
	return page, keys, err
}

// follows says whether a row stands behind a cursor in the order by relevance.
func (k listed) follows(c transform.Cursor) bool {
	if c.IsZero() || k.score != c.Score {
		return c.IsZero() || k.score < c.Score
	}
	at := minusMS(c.RegisteredAt)
	return k.before > at || k.before == at && k.complaintID > c.ComplaintID
}

// KnowsKey says whether a complaint is found by a key of transform.PhoneKey or transform.OrderKey.
func (s *Store) KnowsKey(ctx context.Context, key string) (bool, error) {
	return s.any(ctx, "search_known_keys", values{"key": text(key)})
}

// isPrefix says whether a complaint's number is, or begins with, what was typed; with departments, a complaint of theirs, so
// that nobody learns by the answer which numbers others have.
func (s *Store) isPrefix(ctx context.Context, typed string, departments []string) (bool, error) {
	if typed == "" {
		return false, nil
	}
	return s.any(ctx, "search_prefixed", values{"prefix": text(typed), "departments": list(departments)})
}

func (s *Store) any(ctx context.Context, name string, p values) (bool, error) {
	var n uint64
	if err := s.conn.QueryRow(with(ctx, p), s.query(name)).Scan(&n); err != nil {
		return false, fmt.Errorf("ask %s: %w", name, err)
	}
	return n > 0, nil
}
