package ingest

import "errors"

// Class says why an event is refused; it labels dead letters, rows of rejects and metrics.
type Class string

// Classes of refusal.
const (
	ClassOversized      Class = "oversized"
	ClassInvalidUTF8    Class = "invalid_utf8"
	ClassNotJSON        Class = "not_json"
	ClassMissingField   Class = "missing_field"
	ClassWrongType      Class = "wrong_type"
	ClassInvalidValue   Class = "invalid_value"
	ClassUnknownKind    Class = "unknown_kind"
	ClassTimeOutOfRange Class = "time_out_of_range"
	// ClassUnstorable is the only one that decoding does not give: the store refused the row.
	ClassUnstorable Class = "unstorable"
)

// Classes lists every class, in the order in which an event is examined.
var Classes = []Class{ //nolint:gochecknoglobals // a constant list
	ClassOversized, ClassInvalidUTF8, ClassNotJSON, ClassWrongType,
	ClassMissingField, ClassInvalidValue, ClassUnknownKind, ClassTimeOutOfRange, ClassUnstorable,
}

// FieldMessage names the whole message where no single field is at fault.
const FieldMessage = "message"

// Error is why an event is refused. It never quotes the event's text, which is personal.
type Error struct {
	Class Class
	// Field is the path inside the event, e.g. data.score or data.attachments[0].name; FieldMessage for all of it.
	Field string
	// Reason continues the field's name to a sentence and says what to send instead.
	Reason string
}

// Error gives one sentence that names the field and the remedy.
func (e *Error) Error() string { return e.Field + " " + e.Reason }

func refuse(class Class, field, reason string) *Error {
	return &Error{Class: class, Field: field, Reason: reason}
}

// AsError gives the refusal inside err. Decode and Validate return nothing else, but a caller must not depend on it.
func AsError(err error) *Error {
	if refusal, ok := errors.AsType[*Error](err); ok {
		return refusal
	}
	return refuse(ClassInvalidValue, FieldMessage, "cannot be read: "+err.Error())
}
