package kafka

import (
	"encoding/json"
	"fmt"
)

// plan is the metadata of a committed offset S: the block [S, End) is about to be inserted, or was.
type plan struct {
	End     int64 `json:"end"`
	Decoder int   `json:"decoder"`
	// Refused is set when the block is the one message that the store refused for good.
	Refused *refusal `json:"refused,omitempty"`
}

// refusal is what the store said about a message.
type refusal struct {
	Field string `json:"field"`
	Code  string `json:"code"`
}

func (p plan) String() string {
	if p.Refused == nil {
		return fmt.Sprintf(`{"end":%d,"decoder":%d}`, p.End, p.Decoder)
	}
	return fmt.Sprintf(`{"end":%d,"decoder":%d,"refused":{"field":%q,"code":%q}}`, p.End, p.Decoder, p.Refused.Field, p.Refused.Code)
}

// parsePlan reads the metadata of offset start; found is false for an empty one.
func parsePlan(metadata string, start int64) (p plan, found bool, err error) {
	if metadata == "" {
		return plan{}, false, nil
	}
	if err := json.Unmarshal([]byte(metadata), &p); err != nil {
		return plan{}, false, fmt.Errorf("the group's offset carries metadata that is no plan of ours: %w", err)
	}
	if p.End <= start {
		return plan{}, false, fmt.Errorf("the plan ends at %d, at or before its start %d", p.End, start)
	}
	return p, true, nil
}
