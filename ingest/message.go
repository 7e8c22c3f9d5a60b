package ingest

import "time"

// Message is one record for the bus, before it has a place there.
type Message struct {
	// Key is the complaint's id, so that all its events share a partition.
	Key string
	// Value is the event's JSON.
	Value []byte
	// Time becomes Kafka's message time, UTC, milliseconds.
	Time time.Time
	// Backfill becomes the header of that name: Time is not the instant of arrival.
	Backfill bool
}
