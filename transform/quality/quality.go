package quality

import (
	"time"

	"wenguo/transform/kpi"
)

// Report is the state of the data for a period of registrations, and of the ways in which they come.
type Report struct {
	// Registered are the complaints registered in the period; the counts below are of these.
	Registered int64 `json:"registered"`
	// Anomalous have an impossible order of events, Conflicting two contents under one event id, Provisional a clock in a
	// year whose holidays are not known.
	Anomalous   int64 `json:"anomalous"`
	Conflicting int64 `json:"conflicting"`
	Provisional int64 `json:"provisional"`
	// Anomalies counts complaints by what cannot have happened in the order given, most first.
	Anomalies []Count `json:"anomalies"`
	// Missing counts, by dimension, the complaints that say nothing of it.
	Missing []Missing `json:"missing"`
	// Orphans have events but no registration yet, whenever they came.
	Orphans Orphans `json:"orphans"`
	// Channels are the delays between what happened and its arrival on the bus, in the last hour.
	Channels []kpi.ChannelSync `json:"channels"`
	// Refused are the messages of the last thirty days that no reading could accept, most first.
	Refused []Refused `json:"refused"`
}

// Count is a name and how many complaints it is true of.
type Count struct {
	Name       string `json:"name"`
	Complaints int64  `json:"complaints"`
}

// Missing counts complaints that say nothing of a dimension.
type Missing struct {
	Dimension  kpi.Dimension `json:"dimension"`
	Complaints int64         `json:"complaints"`
}

// Orphans are complaints without a registration. OldestAt and NewestAt are the first events of the oldest and newest one,
// zero without any.
type Orphans struct {
	Complaints int64     `json:"complaints"`
	Events     int64     `json:"events"`
	OldestAt   time.Time `json:"oldest_at,omitzero"`
	NewestAt   time.Time `json:"newest_at,omitzero"`
}

// Reason is why messages were refused: the class, the field that is at fault if one is, and a sentence.
type Reason struct {
	Class  string `json:"class"`
	Field  string `json:"field,omitempty"`
	Reason string `json:"reason"`
}

// Refused counts messages refused for one reason; FirstAt and LastAt are the bus times of the oldest and newest one.
type Refused struct {
	Reason

	Messages int64     `json:"messages"`
	FirstAt  time.Time `json:"first_at"`
	LastAt   time.Time `json:"last_at"`
}

// Letter is a refused message as it may be shown: its text is masked and cut.
type Letter struct {
	Reason

	Text string `json:"text"`
}

// Replayed says what became of a replay.
type Replayed struct {
	// Sent were put on the bus again; Cut could not be, because only their beginning was kept.
	Sent int64 `json:"sent"`
	Cut  int64 `json:"cut"`
}
