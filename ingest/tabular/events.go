package tabular

import (
	"bytes"
	"encoding/json"
	"errors"
	"time"

	"wenguo/ingest"
)

// busTimeField is what an exported line adds to an event: when the bus got it.
const busTimeField = "bus_time"

// SplitBusTime takes bus_time out of a line: the event's own bytes, and the time when the line has one.
func SplitBusTime(line []byte) (value []byte, busTime time.Time, found bool, err error) {
	if !bytes.Contains(line, []byte(`"`+busTimeField+`"`)) {
		return line, time.Time{}, false, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(line))
	if start, err := decoder.Token(); err != nil || start != json.Delim('{') {
		return line, time.Time{}, false, nil //nolint:nilerr // what is no object is refused as an event
	}
	rest := []byte{'{'}
	for decoder.More() {
		begin := decoder.InputOffset()
		key, err := decoder.Token()
		if err != nil {
			return line, time.Time{}, false, nil //nolint:nilerr // as above
		}
		var member json.RawMessage
		if err := decoder.Decode(&member); err != nil {
			return line, time.Time{}, false, nil //nolint:nilerr // as above
		}
		if key != busTimeField {
			if len(rest) > 1 {
				rest = append(rest, ',')
			}
			rest = append(rest, bytes.TrimLeft(line[begin:decoder.InputOffset()], ", \t\r\n")...)
			continue
		}
		if err := json.Unmarshal(member, &busTime); err != nil {
			return nil, time.Time{}, false, errors.New("is no RFC 3339 instant: leave it out, or write it like 2026-11-21T09:03:11.250+08:00")
		}
		found = true
	}
	end := decoder.InputOffset()
	return append(rest, bytes.TrimLeft(line[end:], " \t\r\n")...), busTime.UTC(), found, nil
}

// eventLines reads NDJSON events as they are.
type eventLines struct {
	in     *lines
	number int
}

func (e *eventLines) row() (Row, error) {
	for {
		line, err := e.in.next()
		e.number++
		if errors.Is(err, errLineTooLong) {
			return Row{Number: e.number, Reject: rejected(ingest.ClassOversized, "message", "is longer than 4 MiB")}, nil
		}
		if err != nil {
			return Row{}, err
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		row := Row{Number: e.number}
		message, reject := eventMessage(line)
		if reject != nil {
			row.Reject = reject
		} else {
			row.Messages = []ingest.Message{message}
		}
		return row, nil
	}
}

func eventMessage(line []byte) (ingest.Message, *ingest.Error) {
	value, busTime, found, err := SplitBusTime(line)
	if err != nil {
		return ingest.Message{}, rejected(ingest.ClassInvalidValue, busTimeField, err.Error())
	}
	event, err := ingest.Decode(value)
	if err == nil {
		if !found {
			busTime = event.OccurredAt
		}
		err = event.Validate(busTime)
	}
	if err != nil {
		return ingest.Message{}, ingest.AsError(err)
	}
	return ingest.Message{
		Key: event.ComplaintID, Value: bytes.Clone(value), Time: busTime.Truncate(time.Millisecond), Backfill: !found,
	}, nil
}

func rejected(class ingest.Class, field, reason string) *ingest.Error {
	return &ingest.Error{Class: class, Field: field, Reason: reason}
}

// looksLikeEvent tells a line of events from a row of a table.
func looksLikeEvent(line []byte) bool {
	var probe struct {
		EventID     json.RawMessage `json:"event_id"`
		ComplaintID json.RawMessage `json:"complaint_id"`
		Kind        json.RawMessage `json:"kind"`
		SpecVersion json.RawMessage `json:"specversion"`
	}
	if err := json.Unmarshal(line, &probe); err != nil {
		return false
	}
	return probe.SpecVersion != nil || probe.Kind != nil && (probe.EventID != nil || probe.ComplaintID != nil)
}
