package warehouse

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/restate"
)

// mostArrived bounds the complaints whose facts are compared with what was published.
const mostArrived = 5000

// Publications are the periods that were published, the oldest first.
func (s *Store) Publications(ctx context.Context) ([]restate.Publication, error) {
	raws, err := s.strings(ctx, "publications")
	if err != nil {
		return nil, fmt.Errorf("read published periods: %w", err)
	}
	var out []restate.Publication
	for _, raw := range raws {
		event, err := ingest.DecodeDecision([]byte(raw))
		if err != nil {
			return nil, fmt.Errorf("decode published period: %w", err)
		}
		p, ok, err := restate.Of(event)
		if err != nil {
			return nil, fmt.Errorf("read published period: %w", err)
		}
		if ok {
			out = append(out, p)
		}
	}
	return out, nil
}

// Known says up to which offsets events are in the figures of now, and the revision of the rules they are made by.
func (s *Store) Known(ctx context.Context) (map[int]int64, uint32, error) {
	rules, err := s.currentRules()
	if err != nil {
		return nil, 0, err
	}
	marks, err := s.Watermarks(ctx, FoldWorker, ingest.TopicEvents)
	return marks, rules.Revision, err
}

// Arrived are the complaints that differ, as of the instant of a publication, from what was known when it was published. whole
// is false where there are more than are compared.
func (s *Store) Arrived(ctx context.Context, p restate.Publication) (changes []restate.Change, whole bool, err error) {
	rules, err := s.currentRules()
	if err != nil {
		return nil, false, err
	}
	partitions := slices.Sorted(maps.Keys(p.Offsets))
	numbers, offsets := make([]string, len(partitions)), make([]string, len(partitions))
	for i, n := range partitions {
		numbers[i], offsets[i] = strconv.Itoa(n), strconv.FormatInt(p.Offsets[n], 10)
	}
	ids, err := s.strings(with(ctx, values{
		"topic": text(ingest.TopicEvents), "partitions": "[" + strings.Join(numbers, ",") + "]", "offsets": "[" + strings.Join(offsets, ",") + "]",
		"at": instant(p.AsOf), "most": number(mostArrived + 1),
	}), "arrived_later")
	if err != nil {
		return nil, false, fmt.Errorf("list what arrived after %s was published: %w", p.From, err)
	}
	whole = len(ids) <= mostArrived
	err = s.EventsOf(ctx, ids[:min(len(ids), mostArrived)], func(id string, events []ingest.Stored) error {
		if c, differs := arrived(id, events, p, rules); differs {
			changes = append(changes, c)
		}
		return nil
	})
	return changes, whole, err
}

// arrived compares one complaint with what was known of it.
func arrived(id string, events []ingest.Stored, p restate.Publication, rules transform.Rules) (restate.Change, bool) {
	c := restate.Change{ComplaintID: id}
	var known []ingest.Stored
	for _, e := range events {
		if e.Offset < p.Offsets[e.Partition] {
			known = append(known, e)
			continue
		}
		if e.OccurredAt.After(p.AsOf) && e.Kind != ingest.KindErased {
			continue
		}
		if !slices.Contains(c.Kinds, e.Kind) {
			c.Kinds = append(c.Kinds, e.Kind)
		}
		if e.BusTime.After(c.ArrivedAt) {
			c.ArrivedAt = e.BusTime
		}
	}
	after, registered := transform.FoldAt(events, rules, p.AsOf)
	if !registered {
		return c, false
	}
	var before transform.Complaint
	there := false
	if len(known) > 0 {
		before, there = transform.FoldAt(known, rules, p.AsOf)
	}
	c.Aspects = restate.Between(before, there, after)
	return c, len(c.Aspects) > 0
}
