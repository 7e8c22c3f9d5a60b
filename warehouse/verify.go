package warehouse

import (
	"context"
	"fmt"
	"slices"
	"time"

	"wenguo/ingest"
	"wenguo/transform/quality"
)

type (
	// PartitionCheck is what was found of one partition.
	PartitionCheck = quality.Partition
	// FactsCheck compares facts with events.
	FactsCheck = quality.Facts
	// SumsCheck compares sums with facts.
	SumsCheck = quality.Sums
)

// storedBlock is a block as its rows tell of it.
type storedBlock struct {
	partition                int
	start, end               int64
	stored, refused, offsets int64
	firstOffset, lastOffset  int64
}

// looks and lookAgain bound how long Verify waits for a block to be whole: it is stored by two inserts, first its events,
// then its refusals, and a consumer may be between them.
const (
	looks     = 4
	lookAgain = time.Second
)

// Verify reads the blocks of the topic back from the rows themselves: per partition they must follow one another without
// gap or overlap, and hold each of their offsets once, as an event or as a refusal. What is at fault is looked at again a
// few times before it is reported.
func (s *Store) Verify(ctx context.Context, topic string) ([]PartitionCheck, error) {
	for look := 1; ; look++ {
		checks, err := s.verify(ctx, topic)
		fault := func(p PartitionCheck) bool { return !p.OK() }
		if err != nil || look == looks || !slices.ContainsFunc(checks, fault) {
			return checks, err
		}
		select {
		case <-time.After(lookAgain):
		case <-ctx.Done():
			return nil, fmt.Errorf("verify: %w", ctx.Err())
		}
	}
}

func (s *Store) verify(ctx context.Context, topic string) ([]PartitionCheck, error) {
	rows, err := s.conn.Query(with(ctx, values{"topic": text(topic)}), s.query("blocks"))
	if err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	defer rows.Close()
	var blocks []storedBlock
	for rows.Next() {
		var (
			partition                        uint32
			start, end, stored, refused, all uint64
			first, last                      uint64
		)
		if err := rows.Scan(&partition, &start, &end, &stored, &refused, &all, &first, &last); err != nil {
			return nil, fmt.Errorf("verify: scan: %w", err)
		}
		blocks = append(blocks, storedBlock{ //nolint:gosec // Kafka's offsets fit
			partition: int(partition), start: int64(start), end: int64(end), stored: int64(stored), refused: int64(refused),
			offsets: int64(all), firstOffset: int64(first), lastOffset: int64(last),
		})
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	return checkBlocks(blocks), nil
}

// checkBlocks judges blocks that are sorted by partition and start.
func checkBlocks(blocks []storedBlock) []PartitionCheck {
	var checks []PartitionCheck
	for _, b := range blocks {
		if len(checks) == 0 || checks[len(checks)-1].Partition != b.partition {
			checks = append(checks, PartitionCheck{Partition: b.partition, From: b.start, To: b.start})
		}
		c := &checks[len(checks)-1]
		switch {
		case b.start < c.To:
			c.Faults = append(c.Faults, fmt.Sprintf("block [%d, %d) overlaps the one before, which ends at %d", b.start, b.end, c.To))
		case b.start > c.To:
			c.Faults = append(c.Faults, fmt.Sprintf("nothing is stored of [%d, %d)", c.To, b.start))
		}
		if b.firstOffset < b.start || b.lastOffset >= b.end {
			c.Faults = append(c.Faults, fmt.Sprintf("block [%d, %d) holds offsets %d to %d", b.start, b.end, b.firstOffset, b.lastOffset))
		}
		c.Blocks++
		c.Stored += b.stored
		c.Refused += b.refused
		c.Duplicates += b.stored + b.refused - b.offsets
		c.Unaccounted += b.end - b.start - b.offsets
		c.To = max(c.To, b.end)
	}
	return checks
}

// VerifyFacts counts complaints that have no fact or one that lacks events.
func (s *Store) VerifyFacts(ctx context.Context) (FactsCheck, error) {
	var complaints, facts, behind uint64
	if err := s.conn.QueryRow(final(ctx), s.query("verify_facts")).Scan(&complaints, &facts, &behind); err != nil {
		return FactsCheck{}, fmt.Errorf("verify facts: %w", err)
	}
	return FactsCheck{Complaints: int64(complaints), Facts: int64(facts), Behind: int64(behind)}, nil //nolint:gosec // counts
}

// VerifySums counts the months whose daily sums differ from their facts. The worker may be between a fact and its sum, so
// what is at fault is looked at again a few times before it is reported.
func (s *Store) VerifySums(ctx context.Context) (SumsCheck, error) {
	for look := 1; ; look++ {
		var months, wrong uint64
		if err := s.conn.QueryRow(final(ctx), s.query("verify_sums")).Scan(&months, &wrong); err != nil {
			return SumsCheck{}, fmt.Errorf("verify sums: %w", err)
		}
		check := SumsCheck{Months: int64(months), Wrong: int64(wrong)} //nolint:gosec // counts
		if wrong == 0 {
			return check, nil
		}
		done, err := s.folded(ctx)
		if err != nil {
			return SumsCheck{}, err
		}
		state, err := s.tallyState(ctx)
		if err != nil {
			return SumsCheck{}, err
		}
		if !done || state.twice > 0 {
			check.Wrong, check.Behind = 0, check.Wrong
		}
		if look == looks {
			return check, nil
		}
		select {
		case <-time.After(lookAgain):
		case <-ctx.Done():
			return SumsCheck{}, fmt.Errorf("verify sums: %w", ctx.Err())
		}
	}
}

// folded says whether the facts' worker has done all stored events.
func (s *Store) folded(ctx context.Context) (bool, error) {
	reach, err := s.Reach(ctx, ingest.TopicEvents)
	if err != nil {
		return false, err
	}
	marks, err := s.Watermarks(ctx, FoldWorker, ingest.TopicEvents)
	if err != nil {
		return false, err
	}
	for partition, end := range reach {
		if marks[partition] < end {
			return false, nil
		}
	}
	return true, nil
}

// VerifyAll looks at everything once. now is the clock that dates it.
func (s *Store) VerifyAll(ctx context.Context, now func() time.Time) (quality.Verification, error) {
	v := quality.Verification{At: now()}
	var err error
	if v.Partitions, err = s.Verify(ctx, ingest.TopicEvents); err != nil {
		return v, err
	}
	if v.Decisions, err = s.Verify(ctx, ingest.TopicDecisions); err != nil {
		return v, err
	}
	if v.Facts, err = s.VerifyFacts(ctx); err != nil {
		return v, err
	}
	if v.Sums, err = s.VerifySums(ctx); err != nil {
		return v, err
	}
	v.Took = now().Sub(v.At)
	return v, nil
}
