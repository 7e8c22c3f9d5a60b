package watch

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	promv1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"
)

// Span is a stretch of time in which an alert fired, known to the step of the question.
type Span struct {
	Name   string            `json:"name"`
	Labels map[string]string `json:"labels"`
	From   time.Time         `json:"from"`
	// To is the last step in which it fired; Open says that it still does.
	To   time.Time `json:"to"`
	Open bool      `json:"open,omitempty"`
}

// History are the spans in [from, to] that Prometheus still knows, the newest first. An alert that fired at any instant of
// a step fired in it, so that a short one is not missed.
func (c *Client) History(ctx context.Context, from, to time.Time, step time.Duration) ([]Span, error) {
	if c.prometheus == nil {
		return nil, ErrAway
	}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	found, _, _, err := c.prometheus.QueryRange(ctx, fmt.Sprintf(`max_over_time(ALERTS{alertstate="firing"}[%ds])`, int(step.Seconds())),
		promv1.Range{Start: from, End: to, Step: step})
	if err != nil {
		return nil, fmt.Errorf("prometheus: %w: %w", ErrAway, err)
	}
	matrix, ok := found.(model.Matrix)
	if !ok {
		return nil, fmt.Errorf("prometheus: a %s came instead of a matrix", found.Type())
	}
	var out []Span
	for _, series := range matrix {
		labels := plain(model.LabelSet(series.Metric))
		for _, internal := range []string{"__name__", "alertstate"} {
			delete(labels, internal)
		}
		var last *Span
		for _, sample := range series.Values {
			at := sample.Timestamp.Time()
			if last == nil || at.Sub(last.To) > step {
				out = append(out, Span{Name: labels["alertname"], Labels: labels, From: at.Add(-step), To: at})
				last = &out[len(out)-1]
				continue
			}
			last.To = at
		}
		if last != nil {
			last.Open = to.Sub(last.To) < step
		}
	}
	slices.SortFunc(out, func(a, b Span) int {
		return cmp.Or(b.From.Compare(a.From), cmp.Compare(a.Name, b.Name), cmp.Compare(labelKey(a.Labels), labelKey(b.Labels)))
	})
	return out, nil
}
