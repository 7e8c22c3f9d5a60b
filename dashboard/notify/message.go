package notify

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"
)

// Message is what Alertmanager posts, version 4: one group of alerts. What is not listed here is not read.
type Message struct {
	GroupKey string  `json:"groupKey"`
	Alerts   []Alert `json:"alerts"`
	// Truncated is how many alerts of the group Alertmanager left out.
	Truncated int `json:"truncatedAlerts"`
}

// Alert is one of a group.
type Alert struct {
	Status      string    `json:"status"`
	Labels      Labels    `json:"labels"`
	Annotations Notes     `json:"annotations"`
	StartsAt    time.Time `json:"startsAt"`
	EndsAt      time.Time `json:"endsAt"`
	Fingerprint string    `json:"fingerprint"`
}

// Labels are the only ones that a card may show.
type Labels struct {
	Alert      string `json:"alertname"`
	Severity   string `json:"severity"`
	Department string `json:"department"`
	Stage      string `json:"stage"`
	Priority   string `json:"priority"`
	Case       string `json:"case_id"`
}

// Notes are the annotations that a card may show. The rules write them of labels and instants.
type Notes struct {
	Summary     string `json:"summary"`
	Description string `json:"description"`
	// Owner is who must act, as the policy names them.
	Owner string `json:"owner"`
	// Page is the path of the page behind the alert.
	Page string `json:"page"`
}

const (
	firing   = "firing"
	resolved = "resolved"
	critical = "critical"
)

// identity is the same for a message and its repetition after a lost answer, and another for whatever has changed.
func (m Message) identity() string {
	lines := make([]string, 0, len(m.Alerts))
	for _, a := range m.Alerts {
		lines = append(lines, fmt.Sprintf("%s %s %d %+v", a.Fingerprint, a.Status, a.StartsAt.UnixNano(), a.Labels))
	}
	slices.Sort(lines)
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%q", m.GroupKey, lines))
	return hex.EncodeToString(sum[:])
}

// ordered are the alerts as a reader wants them: what fires before what is over, the critical first, then the oldest.
func (m Message) ordered() []Alert {
	rank := func(a Alert) int {
		switch {
		case a.Status == resolved:
			return 2
		case a.Labels.Severity == critical:
			return 0
		}
		return 1
	}
	return slices.SortedStableFunc(slices.Values(m.Alerts), func(a, b Alert) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), a.StartsAt.Compare(b.StartsAt), cmp.Compare(a.Fingerprint, b.Fingerprint))
	})
}
