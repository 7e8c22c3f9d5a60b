package ingest

import (
	"fmt"
	"time"
)

// DecoderVersion rises when Decode or Validate changes what they make of the same bytes. It is part of a block's token,
// because a token promises equal content.
const DecoderVersion = 1

// Record is one message as it was read from the bus.
type Record struct {
	Offset   int64
	BusTime  time.Time
	Backfill bool
	// Value is never written to again: the event decoded from it points into it.
	Value []byte
}

// Accepted is a record that is an event.
type Accepted struct {
	Record
	Event Event
}

// Refused is a record that is none, and why.
type Refused struct {
	Record
	Err *Error
}

// Block is what one partition's worker read from offset Start up to, excluding, End. The same Topic, Partition, Start,
// End and Decoder always hold the same rows, so that the store can drop a repetition whole by its Token.
type Block struct {
	Topic      string
	Partition  int
	Start, End int64
	Decoder    int
	Events     []Accepted
	Rejects    []Refused
	// Rest says that the block holds only those messages of [Start, End) that the store lacked when it was asked.
	Rest bool
	// Again counts how often the store had the block's token and not its rows.
	Again int
}

// Token identifies the block's content to the store.
func (b Block) Token() string {
	token := fmt.Sprintf("%s/%d/%d-%d/%d", b.Topic, b.Partition, b.Start, b.End, b.Decoder)
	if b.Rest && len(b.Events) > 0 {
		token += fmt.Sprintf("/rest-%d-%d-%d", b.Events[0].Offset, b.Events[len(b.Events)-1].Offset, len(b.Events))
	}
	if b.Again > 0 {
		token += fmt.Sprintf("/again-%d", b.Again)
	}
	return token
}

// Add decodes a record of complaints.events into the block, as an event or as a refusal.
func (b *Block) Add(r Record) { b.add(r, DecodeOwned) }

// AddDecision does the same with a record of complaints.decisions.
func (b *Block) AddDecision(r Record) { b.add(r, DecodeDecision) }

func (b *Block) add(r Record, decode func([]byte) (Event, error)) {
	event, err := decode(r.Value)
	if err == nil {
		err = event.Validate(r.BusTime)
	}
	if err != nil {
		b.Rejects = append(b.Rejects, Refused{Record: r, Err: AsError(err)})
		return
	}
	b.Events = append(b.Events, Accepted{Record: r, Event: event})
}
