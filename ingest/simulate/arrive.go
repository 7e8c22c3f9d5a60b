package simulate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"

	"wenguo/ingest"
)

// records puts a life on the bus: mostly within seconds, some of it late, some twice.
func (l *life) records() []Record {
	r := stream(l.w.cfg.Seed, purposeArrival, uint64(l.day), uint64(l.seq), uint64(l.role))
	out := make([]Record, 0, len(l.events))
	for _, e := range l.events {
		value, err := ingest.Encode(e)
		if err != nil {
			panic(fmt.Errorf("encode an event that was just made: %w", err)) // its types have no value that JSON lacks
		}
		rec := Record{
			Arrives:     l.w.arrives(r, e, l.registeredAt),
			ComplaintID: l.id, Key: l.id, Value: value, Kind: e.Kind, order: e.EventID,
		}
		out = append(out, rec)
		if chance(r, .006) { // the producer did not hear the broker's answer
			rec.Arrives = rec.Arrives.Add(time.Duration(between(r, .2, 90) * float64(time.Second))).Truncate(time.Millisecond)
			out = append(out, rec)
		}
	}
	return out
}

// arrives draws when an event reaches the bus: never before it happened, nor before its complaint was registered.
func (w *World) arrives(r *rand.Rand, e ingest.Event, registered time.Time) time.Time {
	late := time.Duration((.05 + 6*r.ExpFloat64()) * float64(time.Second))
	switch x := r.Float64(); {
	case x < .002:
		late = time.Duration(between(r, 2, 30) * float64(time.Hour))
	case x < .012:
		late = time.Duration(between(r, 5, 100) * float64(time.Minute))
	case x < .035:
		late = time.Duration(between(r, 50, 280) * float64(time.Second))
	}
	at := e.OccurredAt.Add(late)
	if over, stalled := w.stalled(e.Source, e.OccurredAt); stalled && at.Before(over) {
		at = over.Add(time.Duration(between(r, .1, 240) * float64(time.Second)))
	}
	if at.Before(registered) {
		at = registered.Add(late)
	}
	return at.Truncate(time.Millisecond)
}

// stalled says whether a source system could not deliver at an instant, and until when: one source in twenty a week.
func (w *World) stalled(source string, at time.Time) (over time.Time, ok bool) {
	day := w.dayOf(at)
	r := stream(w.cfg.Seed, purposeStall, hashName(source), uint64(day/7))
	if !chance(r, .05) || r.IntN(7) != day%7 {
		return time.Time{}, false
	}
	from := w.dayStart(day).Add(time.Duration(between(r, 8, 20) * float64(time.Hour)))
	over = from.Add(time.Duration(between(r, .4, 2.6) * float64(time.Hour)))
	return over, !at.Before(from) && at.Before(over)
}

// broken makes a day's records that must be refused.
func (w *World) broken(day int) []Record {
	r := stream(w.cfg.Seed, purposeBad, uint64(day))
	var out []Record
	for i := range poisson(r, w.cfg.PerDay(day)*.014) {
		at := w.dayStart(day).Add(time.Duration(r.Float64() * 24 * float64(time.Hour))).Truncate(time.Millisecond)
		id := complaintID(day, r.IntN(40), roleFirst)
		value, class := brokenValue(r, id, fmt.Sprintf("e%s-x%d", id[2:], i), at)
		kind := ingest.KindContacted
		if class == ingest.ClassUnknownKind {
			kind = ""
		}
		out = append(out, Record{Arrives: at, ComplaintID: id, Key: id, Value: value, Kind: kind, Bad: string(class), order: fmt.Sprintf("x%d", i)})
	}
	return out
}

// brokenValue breaks a sound event in one way.
func brokenValue(r *rand.Rand, id, event string, at time.Time) ([]byte, ingest.Class) {
	fields := map[string]any{
		"event_id": event, "complaint_id": id, "kind": "contacted", "occurred_at": at.Add(-time.Minute).Format(time.RFC3339), "source": workSystem,
		"data": map[string]any{"direction": "out", "note": "已电话告知处理进度"},
	}
	class := pick(r, []ingest.Class{
		ingest.ClassNotJSON, ingest.ClassInvalidUTF8, ingest.ClassMissingField, ingest.ClassUnknownKind, ingest.ClassTimeOutOfRange,
		ingest.ClassWrongType, ingest.ClassMissingField, ingest.ClassTimeOutOfRange,
	})
	switch class { //nolint:exhaustive // the other classes are broken below, in the bytes
	case ingest.ClassMissingField:
		delete(fields, pick(r, []string{"event_id", "complaint_id", "kind", "occurred_at"}))
	case ingest.ClassUnknownKind:
		fields["kind"] = pick(r, []string{"reminded", "call_back", "Registered", "audit"})
	case ingest.ClassTimeOutOfRange:
		fields["occurred_at"] = pick(r, []string{"1970-01-01T08:00:00+08:00", at.AddDate(1, 0, 0).Format(time.RFC3339), "1999-12-31T16:00:00+08:00"})
	case ingest.ClassWrongType:
		fields["complaint_id"] = r.IntN(1e6)
	}
	raw, err := json.Marshal(fields)
	if err != nil {
		panic(fmt.Errorf("encode a map of strings: %w", err))
	}
	switch class { //nolint:exhaustive // the other classes are broken above, in the fields
	case ingest.ClassNotJSON:
		raw = pick(r, [][]byte{raw[:len(raw)*2/3], []byte("<event>contacted</event>"), append([]byte("data="), raw...)})
	case ingest.ClassInvalidUTF8: // what a GBK system sends for 已电话
		raw = bytes.Replace(raw, []byte("已电话"), []byte{0xd2, 0xd1, 0xb5, 0xe7, 0xbb, 0xb0}, 1)
	}
	return raw, class
}
