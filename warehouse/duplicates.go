package warehouse

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"wenguo/transform"
	"wenguo/transform/duplicate"
	"wenguo/transform/issue"
)

// keptDuplicates is how many near-duplicates of one complaint are kept: a text sent ten thousand times has fifty million
// pairs, of which nobody reads more than a few.
const keptDuplicates = 20

// saveDuplicates finds the complaints whose texts are nearly the same and publishes them. It changes no figure: only a
// merged event does.
func (s *Store) saveDuplicates(ctx context.Context, messages []issue.Message, at time.Time) error {
	complaints, others, similarities, err := nearDuplicates(ctx, messages)
	if err != nil {
		return err
	}
	var last uint64
	if err := s.conn.QueryRow(ctx, s.query("last_duplicate_run")).Scan(&last); err != nil {
		return fmt.Errorf("read last search for duplicates: %w", err)
	}
	run := max(last+1, uint64(at.UnixMilli())) //nolint:gosec // after 1970
	if len(complaints) > 0 {
		runs := slices.Repeat([]uint64{run}, len(complaints))
		if err := s.insert(ctx, "insert_duplicates", []any{runs, complaints, others, similarities}); err != nil {
			return fmt.Errorf("save duplicates: %w", err)
		}
	}
	published := with(ctx, values{"run": number(run), "at": instant(at), "pairs": number(len(complaints))})
	if err := s.conn.Exec(published, s.query("insert_duplicate_run")); err != nil {
		return fmt.Errorf("publish duplicates: %w", err)
	}
	return s.dropDuplicateRuns(ctx, last)
}

// nearDuplicates lists, per complaint, the nearest others: by similarity, then the later registered. Compared is the text, or
// the title where there is none.
func nearDuplicates(ctx context.Context, messages []issue.Message) (complaints, others []string, similarities []float64, err error) {
	index, err := duplicate.New(ctx, issue.Bodies(messages))
	if err != nil {
		return nil, nil, nil, err
	}
	for i, m := range messages {
		if err := ctx.Err(); err != nil {
			return nil, nil, nil, fmt.Errorf("find near-duplicates: %w", err)
		}
		near := index.Of(i)
		if len(near) > keptDuplicates {
			slices.SortFunc(near, func(a, b duplicate.Match) int {
				return cmp.Or(cmp.Compare(b.Similarity, a.Similarity), messages[b.Text].Time.Compare(messages[a.Text].Time),
					cmp.Compare(messages[a.Text].ID, messages[b.Text].ID))
			})
			near = near[:keptDuplicates]
		}
		for _, n := range near {
			complaints, others = append(complaints, m.ID), append(others, messages[n.Text].ID)
			similarities = append(similarities, n.Similarity)
		}
	}
	return complaints, others, similarities, nil
}

// dropDuplicateRuns forgets the runs before keep, which a slow reader may still be using.
func (s *Store) dropDuplicateRuns(ctx context.Context, keep uint64) error {
	rows, err := s.conn.Query(with(ctx, values{"run": number(keep)}), s.query("old_duplicate_partitions"))
	if err != nil {
		return fmt.Errorf("list old duplicates: %w", err)
	}
	defer rows.Close()
	var old []uint64
	for rows.Next() {
		var run uint64
		if err := rows.Scan(&run); err != nil {
			return fmt.Errorf("list old duplicates: %w", err)
		}
		old = append(old, run)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("list old duplicates: %w", err)
	}
	for _, run := range old {
		if err := s.conn.Exec(with(ctx, values{"run": number(run)}), s.query("drop_duplicates")); err != nil {
			return fmt.Errorf("drop old duplicates: %w", err)
		}
	}
	return nil
}

// likeIt lists the complaints, not merged by the instant, whose texts are nearly the same as this one's, the most similar
// first; none when this one is merged itself.
func (s *Store) likeIt(ctx context.Context, fact transform.Complaint, asOf time.Time) ([]transform.Duplicate, error) {
	if fact.MergedInto != "" {
		return nil, nil
	}
	ctx = with(ctx, values{"complaint": text(fact.ID), "as_of": number(asOf.UnixMilli()), "limit": number(keptDuplicates)})
	rows, err := s.conn.Query(ctx, s.query("page_duplicates"))
	if err != nil {
		return nil, fmt.Errorf("read near-duplicates: %w", err)
	}
	defer rows.Close()
	var found []transform.Duplicate
	for rows.Next() {
		var d transform.Duplicate
		if err := rows.Scan(&d.ComplaintID, &d.RegisteredAt, &d.Channel, &d.Title, &d.Similarity); err != nil {
			return nil, fmt.Errorf("scan near-duplicate: %w", err)
		}
		d.RegisteredAt = d.RegisteredAt.UTC()
		found = append(found, d)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read near-duplicates: %w", err)
	}
	return found, nil
}
