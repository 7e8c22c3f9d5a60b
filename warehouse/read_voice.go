package warehouse

import (
	"context"
	"time"

	"wenguo/transform"
	"wenguo/transform/kpi"
)

// Voice is what the last ratings of the period say, and of an earlier one, which must end before the period begins or there;
// a zero one is not asked.
func (s *Store) Voice(ctx context.Context, q kpi.Query, before kpi.Period) (kpi.Voice, error) {
	edges, compared := bucketsBefore(q, before)
	ask, err := s.ask(q, edges, kpi.Issue)
	if err != nil {
		return kpi.Voice{}, err
	}
	heard := make([]kpi.Heard, len(edges))
	for i := range heard {
		heard[i].By = map[kpi.Factor]map[string]kpi.Scores{}
	}
	err = ask.read(ctx, "page_voice", nil, nil, func(row scanner) error {
		var factor, value string
		var bucket uint32
		var counts []int64
		if err := row.Scan(&factor, &value, &bucket, &counts); err != nil {
			return err
		}
		h, f := &heard[bucket], kpi.Factor(factor)
		if f == "" {
			h.All = kpi.Scores(counts)
			return nil
		}
		if h.By[f] == nil {
			h.By[f] = map[string]kpi.Scores{}
		}
		h.By[f][value] = kpi.Scores(counts)
		return nil
	})
	v := kpi.Voice{Now: heard[len(edges)-1], Issues: map[string]string{}}
	if compared {
		v.Before = &heard[1]
	}
	if err != nil {
		return v, err
	}
	return v, s.read(ctx, "page_issue_names", s.query("page_issue_names"), nil, func(row scanner) error {
		var id, name string
		err := row.Scan(&id, &name)
		v.Issues[id] = name
		return err
	})
}

// bucketsBefore are the edges of a period, in the last bucket, and of an earlier one in the first, if that is asked.
func bucketsBefore(q kpi.Query, before kpi.Period) ([]time.Time, bool) {
	if before.From.IsZero() {
		return []time.Time{q.From, q.To}, false
	}
	if before.To.Before(q.From) {
		return []time.Time{before.From, before.To, q.From, q.To}, true
	}
	return []time.Time{before.From, q.From, q.To}, true
}

// LowScores are the complaints with a score of 1 to 3 in the period that nobody took up again since the first of these,
// oldest score first.
func (s *Store) LowScores(ctx context.Context, q kpi.Query, limit int) ([]transform.LowScore, error) {
	ask, err := s.ask(q, []time.Time{q.From, q.To}, "")
	if err != nil {
		return nil, err
	}
	var found []transform.LowScore
	err = ask.read(ctx, "page_low", nil, values{"limit": number(limit)}, func(row scanner) error {
		var l transform.LowScore
		var state string
		var at int64
		var score uint8
		if err := row.Scan(&l.ComplaintID, &l.Title, &l.Excerpt, &l.Category, &l.Department, &l.Owner, &state, &at, &score); err != nil {
			return err
		}
		l.State, l.RatedAt, l.Score = transform.State(state), millis(at), int(score)
		found = append(found, l)
		return nil
	})
	return found, err
}
