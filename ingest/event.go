package ingest

import (
	"time"
)

// Limits of the contract, in bytes. Larger ids are producers' errors; a larger event would stall a partition.
const (
	MaxIDBytes    = 128
	MaxEventBytes = 1 << 20
)

// MaxAhead is how far occurred_at may lie after the Kafka message time before the event is refused.
const MaxAhead = 24 * time.Hour

// Topics of the wire.
const (
	TopicEvents      = "complaints.events"
	TopicDeadLetters = "complaints.events.dlq"
	TopicDecisions   = "complaints.decisions"
)

// HeaderBackfill marks a message whose Kafka time is not the time it reached the bus (history, tables):
// it leaves the sync KPI and the alerts alone.
const HeaderBackfill = "backfill"

// Event is one decoded lifecycle event. OccurredAt is UTC, cut (never rounded) to the millisecond.
type Event struct {
	EventID       string
	ComplaintID   string
	Kind          Kind
	OccurredAt    time.Time
	Actor         Actor
	Source        string
	SchemaVersion int
	// Data holds a pointer to the struct of the event's kind (see Kind.NewData): *Registered, *Classified, …
	Data any
}

// Position is where an event stands on the bus. Offset decides between two contents of one event_id.
type Position struct {
	Topic     string
	Partition int
	Offset    int64
	// BusTime is Kafka's message time, UTC, milliseconds; it is the only clock of ingestion.
	BusTime time.Time
	// Backfill says that BusTime is not the instant of arrival.
	Backfill bool
}

// Stored is an event together with its place on the bus: what the fold reads.
type Stored struct {
	Event
	Position
}

// Actor is who did it. Role decides whether a reply is a human's.
type Actor struct {
	ID         string `json:"id,omitempty"`
	Department string `json:"department,omitempty"`
	Role       Role   `json:"role,omitempty"`
}

// Role of an actor. A value outside the list is kept raw.
type Role string

// Roles.
const (
	RoleAgent      Role = "agent"
	RoleDepartment Role = "department"
	RoleCustomer   Role = "customer"
	RoleBot        Role = "bot"
	RoleSystem     Role = "system"
)

// Human says whether the role is a person of the organisation; no role is no human.
func (r Role) Human() bool { return r == RoleAgent || r == RoleDepartment }
