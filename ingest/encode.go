package ingest

import (
	"fmt"
	"time"
)

// instantLayout is RFC 3339 in UTC with as many of the three millisecond digits as are needed.
const instantLayout = "2006-01-02T15:04:05.999Z07:00"

// Encode gives the wire form of an event or a decision: what Decode or DecodeDecision reads back as the same event.
func Encode(e Event) ([]byte, error) {
	out := envelope{
		EventID: e.EventID, ComplaintID: e.ComplaintID, Kind: e.Kind,
		OccurredAt: cut(e.OccurredAt).Format(instantLayout),
		Actor:      e.Actor, Source: e.Source, SchemaVersion: e.SchemaVersion,
	}
	if e.Data != nil {
		data, err := fast.Marshal(e.Data)
		if err != nil {
			return nil, fmt.Errorf("encode data of %s: %w", e.Kind, err)
		}
		out.Data = data
	}
	raw, err := fast.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("encode event: %w", err)
	}
	return raw, nil
}

// Key is the message key of the event: its complaint, or what a decision is about, so that everything about
// one thing keeps its order on one partition. Decisions about no single thing keep theirs by kind.
func (e Event) Key() string {
	switch e.Data.(type) {
	case *DecisionUndone, *PeriodPublished, *PolicyApplied:
		return string(e.Kind)
	}
	if subject := e.Subject(); subject != "" {
		return subject
	}
	if e.ComplaintID != "" {
		return e.ComplaintID
	}
	return string(e.Kind)
}

// Message gives the event as a record for the bus, at the given message time.
func (e Event) Message(busTime time.Time, backfill bool) (Message, error) {
	value, err := Encode(e)
	if err != nil {
		return Message{}, err
	}
	return Message{Key: e.Key(), Value: value, Time: cut(busTime), Backfill: backfill}, nil
}
