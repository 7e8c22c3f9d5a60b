package warehouse

import (
	"context"
	"fmt"
	"time"

	"wenguo/ingest"
)

// AppliedPolicy is a policy's YAML and the instant (UTC, milliseconds) from which it is in force.
type AppliedPolicy struct {
	From    time.Time
	Content string
}

// AppliedPolicies reads the history of policies from the stored decisions, the oldest first. What a policy decided stays
// decided, so none is undone; the next one replaces it.
func (s *Store) AppliedPolicies(ctx context.Context) ([]AppliedPolicy, error) {
	raws, err := s.strings(ctx, "decision_policies")
	if err != nil {
		return nil, fmt.Errorf("read applied policies: %w", err)
	}
	var history []AppliedPolicy
	for _, raw := range raws {
		event, err := ingest.DecodeDecision([]byte(raw))
		if err != nil {
			return nil, fmt.Errorf("decode applied policy: %w", err)
		}
		if data, ok := event.Data.(*ingest.PolicyApplied); ok {
			history = append(history, AppliedPolicy{event.OccurredAt, data.Content})
		}
	}
	return history, nil
}
