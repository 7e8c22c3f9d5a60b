package ingest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// earliest is the first instant an event may have; older ones are clocks that were never set.
var earliest = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC) //nolint:gochecknoglobals // a constant instant

// Validate refuses an event whose time cannot be true: before 2000 (UTC), or more than MaxAhead after busTime,
// the Kafka message time. It reads no clock.
func (e Event) Validate(busTime time.Time) error {
	if e.OccurredAt.Before(earliest) {
		return refuse(ClassTimeOutOfRange, "occurred_at", "lies before 2000: check the sending system's clock and date format")
	}
	if e.OccurredAt.After(busTime.Add(MaxAhead)) {
		return refuse(ClassTimeOutOfRange, "occurred_at", "lies more than 24 h after the message time: check the sending system's clock and zone")
	}
	return nil
}

// settle checks what the kind requires and brings its data to one form: instants cut, synonyms read, empty lists nil.
func settle(e Event, data any) *Error {
	switch d := data.(type) {
	case *Registered:
		d.Attachments = nilWhenEmpty(d.Attachments)
		if strings.TrimSpace(d.Title) == "" && strings.TrimSpace(d.Content) == "" {
			if d.Channel != "" {
				return refuse(ClassMissingField, "data.content", "is missing: send a title or a content")
			}
		}
		return firstOf(need("data.channel", d.Channel), instant("data.incident_at", d.IncidentAt))
	case *Assigned:
		if d.Owner == "" && e.Kind == KindDispatched {
			d.Owner = d.ToOwner
		}
		d.ToOwner = ""
		return need("data.department", d.Department)
	case *Transferred:
		return need("data.to", d.To)
	case *Plan:
		return instant("data.due_at", d.DueAt)
	case *Verified:
		if d.Accepted == nil {
			return missing("data.accepted")
		}
	case *Surveyed:
		return instant("data.offered_at", d.OfferedAt)
	case *Merged:
		return needID("data.into", d.Into)
	case *Corrected:
		d.Fields.Attachments = nilWhenEmpty(d.Fields.Attachments)
		return instant("data.fields.incident_at", d.Fields.IncidentAt)
	case *AssistRequested:
		return instant("data.due_at", d.DueAt)
	}
	return settleDecision(data)
}

func settleDecision(data any) *Error {
	switch d := data.(type) {
	case *IssueMerged:
		if len(d.From) == 0 {
			return missing("data.from")
		}
		return needID("data.into", d.Into)
	case *IssueSplit:
		d.Groups = nilWhenEmpty(d.Groups)
		return needID("data.issue", d.Issue)
	case *IssueRenamed:
		return firstOf(needID("data.issue", d.Issue), need("data.name", d.Name))
	case *IssueMuted:
		return needID("data.issue", d.Issue)
	case *IssueOwned:
		return needID("data.issue", d.Issue)
	case *IssueNoted:
		return needID("data.issue", d.Issue)
	case *IssueAnswered:
		return needID("data.issue", d.Issue)
	case *ComplaintPlaced:
		if d.Issue == "" && !d.None {
			return firstOf(needID("data.complaint_id", d.ComplaintID), refuse(ClassMissingField, "data.issue", "is missing: name an issue, or send none: true"))
		}
		return needID("data.complaint_id", d.ComplaintID)
	case *DecisionUndone:
		return needID("data.event_id", d.EventID)
	case *ActionOpened:
		return firstOf(needID("data.action", d.Action), instant("data.due_at", d.DueAt))
	case *ActionUpdated:
		return firstOf(needID("data.action", d.Action), instant("data.fields.due_at", d.Fields.DueAt))
	case *ActionDone:
		return firstOf(needID("data.action", d.Action), instant("data.at", d.At))
	case *ActionVerified:
		return firstOf(needID("data.action", d.Action), need("data.verdict", d.Verdict))
	case *ActionEnded:
		return needID("data.action", d.Action)
	case *PeriodPublished:
		d.Figures = compact(d.Figures)
		if len(d.Offsets) == 0 {
			d.Offsets = nil
		}
		return firstOf(need("data.from", d.From), need("data.to", d.To), instant("data.as_of", d.AsOf))
	case *PolicyApplied:
		return need("data.content", d.Content)
	}
	return nil
}

func firstOf(found ...*Error) *Error {
	for _, err := range found {
		if err != nil {
			return err
		}
	}
	return nil
}

func missing(field string) *Error {
	return refuse(ClassMissingField, field, "is missing: this kind of event requires it")
}

func need(field, value string) *Error {
	if strings.TrimSpace(value) == "" {
		return missing(field)
	}
	return nil
}

// needID demands an id that can be a key, a path and a line in a log.
func needID(field, id string) *Error {
	if strings.TrimSpace(id) == "" {
		return missing(field)
	}
	if len(id) > MaxIDBytes {
		return refuse(ClassInvalidValue, field, fmt.Sprintf("has %d bytes: an id has at most %d", len(id), MaxIDBytes))
	}
	for _, r := range id {
		if r < ' ' || r == 0x7f {
			return refuse(ClassInvalidValue, field, "holds a control character: send printable characters only")
		}
	}
	return nil
}

// instant cuts an optional instant in place.
func instant(field string, at *time.Time) *Error {
	if at == nil {
		return nil
	}
	*at = cut(*at)
	if at.Year() < 1 || at.Year() > 9999 {
		return refuse(ClassInvalidValue, field, "lies outside the years 1 to 9999 in UTC: send a real date or leave it out")
	}
	return nil
}

func nilWhenEmpty[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

// compact copies free JSON out of the message, without its white space; null is nothing.
func compact(raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 || isNull(raw) {
		return nil
	}
	var out bytes.Buffer
	if json.Compact(&out, raw) != nil {
		return nil
	}
	return out.Bytes()
}
