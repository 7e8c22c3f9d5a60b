package dashboard

import (
	"time"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/sla"
)

// complaintAnswer is one complaint as JSON: the page's content, with names in the code's language.
type complaintAnswer struct {
	ID           string          `json:"complaint_id"`
	AsOf         time.Time       `json:"as_of"`
	State        transform.State `json:"state"`
	RegisteredAt time.Time       `json:"registered_at,omitzero"`
	EndedAt      time.Time       `json:"ended_at,omitzero"`
	MergedInto   string          `json:"merged_into,omitempty"`

	Title       string `json:"title,omitempty"`
	Content     string `json:"content,omitempty"`
	Expectation string `json:"expectation,omitempty"`

	Channel    string `json:"channel,omitempty"`
	Category   string `json:"category,omitempty"`
	Priority   string `json:"priority,omitempty"`
	Level      int    `json:"level,omitempty"`
	Product    string `json:"product,omitempty"`
	Region     string `json:"region,omitempty"`
	Tier       string `json:"tier,omitempty"`
	Department string `json:"department,omitempty"`
	Owner      string `json:"owner,omitempty"`
	CauseGroup string `json:"cause_group,omitempty"`

	IssueID    string                `json:"issue_id,omitempty"`
	IssueName  string                `json:"issue_name,omitempty"`
	Rounds     int                   `json:"rounds"`
	Anomalies  []string              `json:"anomalies,omitempty"`
	Clocks     []clockAnswer         `json:"clocks"`
	Events     []eventAnswer         `json:"events"`
	Duplicates []transform.Duplicate `json:"duplicates"`
}

// clockAnswer is a clock as of the answer's instant; durations are seconds.
type clockAnswer struct {
	Stage     sla.Stage     `json:"stage"`
	Round     int           `json:"round"`
	Rule      string        `json:"rule"`
	State     sla.State     `json:"state"`
	Started   time.Time     `json:"started"`
	Due       time.Time     `json:"due"`
	Finished  time.Time     `json:"finished,omitzero"`
	Cancelled time.Time     `json:"cancelled,omitzero"`
	Target    float64       `json:"target_seconds"`
	Counted   float64       `json:"counted_seconds"`
	Paused    float64       `json:"paused_seconds"`
	Segments  []sla.Segment `json:"segments"`
}

// eventAnswer is one redacted event.
type eventAnswer struct {
	EventID    string       `json:"event_id"`
	Kind       ingest.Kind  `json:"kind"`
	OccurredAt time.Time    `json:"occurred_at"`
	Actor      ingest.Actor `json:"actor,omitzero"`
	Source     string       `json:"source,omitempty"`
	Data       any          `json:"data,omitempty"`
}

func newComplaintAnswer(d transform.ComplaintDetail) complaintAnswer {
	k := d.Fact
	a := complaintAnswer{
		ID: k.ID, AsOf: d.AsOf, State: k.State, RegisteredAt: k.RegisteredAt, EndedAt: k.EndedAt, MergedInto: k.MergedInto,
		Title: k.Title, Content: k.Content, Expectation: k.Expectation, Channel: k.Channel, Category: k.Category, Priority: k.Priority,
		Level: k.Level, Product: k.Product, Region: k.Region, Tier: k.Tier, Department: k.Department, Owner: k.Owner, CauseGroup: k.CauseGroup,
		IssueID: d.IssueID, IssueName: d.IssueName, Rounds: len(k.Rounds), Anomalies: k.Anomalies,
		Clocks: []clockAnswer{}, Events: []eventAnswer{}, Duplicates: []transform.Duplicate{},
	}
	a.Duplicates = append(a.Duplicates, d.Duplicates...)
	for _, r := range d.Clocks {
		c := r.Clock
		a.Clocks = append(a.Clocks, clockAnswer{
			Stage: c.Stage, Round: c.Round, Rule: c.Rule, State: r.State, Started: c.Started, Due: r.Due, Finished: c.Finished, Cancelled: c.Cancelled,
			Target: c.Target.Seconds(), Counted: r.Counted.Seconds(), Paused: c.PausedFor.Seconds(), Segments: list(r.Segments),
		})
	}
	for _, e := range d.Events {
		a.Events = append(a.Events, eventAnswer{e.EventID, e.Kind, e.OccurredAt, e.Actor, e.Source, e.Data})
	}
	return a
}
