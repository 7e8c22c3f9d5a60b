package ingest

import (
	"bytes"
	"reflect"
	"strings"
	"time"
	"unsafe"

	"github.com/bytedance/sonic"
	"github.com/bytedance/sonic/utf8"
)

// fast reads in encoding/json's sense, but field names are exact: a field of another spelling is an unknown one.
// Strings point into the message: no allocation instead of one for each.
var fast = sonic.Config{ValidateString: true, CompactMarshaler: true, SortMapKeys: true, CaseSensitive: true}.Froze() //nolint:gochecknoglobals // a constant configuration

// envelope is the outer JSON object: an event's own fields, and those of a CloudEvents 1.0 structured envelope.
// SpecVersion tells them apart.
type envelope struct {
	EventID       string `json:"event_id,omitempty"`
	ComplaintID   string `json:"complaint_id,omitempty"`
	Kind          Kind   `json:"kind,omitempty"`
	OccurredAt    string `json:"occurred_at,omitempty"`
	Actor         Actor  `json:"actor,omitzero"`
	Source        string `json:"source,omitempty"`
	SchemaVersion int    `json:"schema_version,omitempty"`
	Data          lent   `json:"data,omitempty"`
	SpecVersion   string `json:"specversion,omitempty"`
	ID            lent   `json:"id,omitempty"`
	Time          lent   `json:"time,omitempty"`
}

// lent is raw JSON that still belongs to the message; it is read before Decode returns.
type lent = sonic.NoCopyRawMessage

// family tells what the two topics ask of their events.
type family struct {
	newData        func(Kind) any
	needsComplaint bool
	kinds          string
}

// Decode reads one message of complaints.events. It is a function of the bytes alone, so that a block that is read
// again gives the same rows. Every error is an *Error.
func Decode(raw []byte) (Event, error) { return DecodeOwned(bytes.Clone(raw)) }

// DecodeOwned is Decode of bytes that nobody writes to any more: the event's strings point into them.
func DecodeOwned(raw []byte) (Event, error) {
	return decode(raw, family{newData: Kind.NewData, needsComplaint: true, kinds: "complaint"})
}

// DecodeDecision reads one message of complaints.decisions: the same envelope, the kinds of what people decide,
// and no complaint_id needed.
func DecodeDecision(raw []byte) (Event, error) {
	return decode(bytes.Clone(raw), family{newData: Kind.newDecision, kinds: "decision"})
}

// DecodeAs is DecodeOwned for a reader that wants other fields of an event's data: newData gives what to fill for a kind, nil
// for an unknown one. What a kind requires of its data is not looked at.
func DecodeAs(raw []byte, newData func(Kind) any) (Event, error) {
	return decode(raw, family{newData: newData, needsComplaint: true, kinds: "complaint"})
}

func decode(raw []byte, f family) (Event, error) {
	outer, err := open(raw)
	if err != nil {
		return Event{}, err
	}
	event, err := outer.head(f)
	if err != nil {
		return Event{}, err
	}
	data := f.newData(event.Kind)
	if data == nil {
		return Event{}, refuse(ClassUnknownKind, "kind", "is not one of the "+f.kinds+" kinds: see the schema for the list")
	}
	if err := fill(outer.Data, data); err != nil {
		return Event{}, err
	}
	if err := settle(event, data); err != nil {
		return Event{}, err
	}
	event.Data = data
	return event, nil
}

// open reads the outer object and unwraps a CloudEvents envelope.
func open(raw []byte) (*envelope, error) {
	if len(raw) > MaxEventBytes {
		return nil, refuse(ClassOversized, FieldMessage, "is larger than 1 MiB: send references instead of contents")
	}
	if !utf8.Validate(raw) {
		return nil, refuse(ClassInvalidUTF8, FieldMessage, "holds bytes that are no UTF-8: convert the text before sending")
	}
	outer, err := readEnvelope(raw)
	if err != nil {
		return nil, err
	}
	if outer.SpecVersion == "" {
		return outer, nil
	}
	if !strings.HasPrefix(outer.SpecVersion, "1.") {
		return nil, refuse(ClassInvalidValue, "specversion", "is not 1.0: send a CloudEvents 1.0 envelope or a plain event")
	}
	return unwrap(outer)
}

func readEnvelope(raw []byte) (*envelope, error) {
	outer := &envelope{}
	if properStrings(raw) && fast.UnmarshalFromString(view(raw), outer) == nil && !isNull(raw) {
		return outer, nil
	}
	return readEnvelopeSlowly(raw)
}

// unwrap takes the event out of a CloudEvents envelope; its id and time stand in where the event has none.
func unwrap(outer *envelope) (*envelope, error) {
	if len(outer.Data) == 0 || isNull(outer.Data) {
		return nil, refuse(ClassMissingField, "data", "is missing: the envelope's data is the event itself, as a JSON object")
	}
	inner, err := readEnvelope(outer.Data)
	if err != nil {
		return nil, err
	}
	if inner.EventID == "" {
		if err := fillSlowly(outer.ID, &inner.EventID, "id"); err != nil {
			return nil, err
		}
	}
	if inner.OccurredAt == "" {
		if err := fillSlowly(outer.Time, &inner.OccurredAt, "time"); err != nil {
			return nil, err
		}
	}
	return inner, nil
}

// head checks and converts the fields that every event has.
func (e *envelope) head(f family) (Event, error) {
	if err := needID("event_id", e.EventID); err != nil {
		return Event{}, err
	}
	if f.needsComplaint || e.ComplaintID != "" {
		if err := needID("complaint_id", e.ComplaintID); err != nil {
			return Event{}, err
		}
	}
	if e.Kind == "" {
		return Event{}, missing("kind")
	}
	if e.OccurredAt == "" {
		return Event{}, missing("occurred_at")
	}
	at, err := parseInstant("occurred_at", e.OccurredAt)
	if err != nil {
		return Event{}, err
	}
	return Event{
		EventID: e.EventID, ComplaintID: e.ComplaintID, Kind: e.Kind, OccurredAt: at,
		Actor: e.Actor, Source: e.Source, SchemaVersion: e.SchemaVersion,
	}, nil
}

// fill reads the kind's own data; absent and null are empty.
func fill(raw []byte, data any) error {
	if len(raw) == 0 || isNull(raw) || fast.UnmarshalFromString(view(raw), data) == nil {
		return nil
	}
	reflect.ValueOf(data).Elem().SetZero() // what the fast way left half filled
	return fillSlowly(raw, data, "data")
}

// parseInstant reads RFC 3339 with an offset. Digits beyond the millisecond are cut.
func parseInstant(field, text string) (time.Time, *Error) {
	var at time.Time
	if err := at.UnmarshalText([]byte(text)); err != nil {
		return time.Time{}, refuse(ClassInvalidValue, field, "is no RFC 3339 instant: send one like 2026-11-21T09:03:11.250+08:00, with its offset")
	}
	at = cut(at)
	if at.Year() < 1 || at.Year() > 9999 {
		return time.Time{}, refuse(ClassInvalidValue, field, "lies outside the years 1 to 9999 in UTC: send a real date or leave it out")
	}
	return at, nil
}

// cut drops what is finer than a millisecond, never rounding, and turns to UTC.
func cut(at time.Time) time.Time {
	nanos := int64(at.Nanosecond())
	return time.Unix(at.Unix(), nanos-nanos%int64(time.Millisecond)).UTC()
}

// view gives the bytes as a string without copying; nobody writes to them any more.
func view(raw []byte) string { return unsafe.String(unsafe.SliceData(raw), len(raw)) }

func isNull(raw []byte) bool { return strings.TrimSpace(view(raw)) == "null" }
