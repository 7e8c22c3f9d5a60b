package tabular

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"wenguo/ingest"
)

// record is one row before its columns have a meaning.
type record struct {
	number int
	text   []byte
	values map[string]string
	names  []string
	reject *ingest.Error
}

// maker turns rows into events.
type maker struct {
	mapping *Mapping
	zone    *time.Location
	// replaced says that the decoder writes U+FFFD where it cannot read.
	replaced bool
	seen     map[string]int
}

func newMaker(m *Mapping, replaced bool) (*maker, error) {
	zone, err := m.location()
	if err != nil {
		return nil, err
	}
	return &maker{mapping: m, zone: zone, replaced: replaced, seen: map[string]int{}}, nil
}

// cell gives what the row holds for a field: the path of all columns for category, else the first that is not empty,
// translated.
func (m *maker) cell(row record, name string) string {
	var parts []string
	for _, column := range m.mapping.Columns[name] {
		if value := strings.TrimSpace(row.values[column]); value != "" && !absent[value] {
			parts = append(parts, value)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	value := parts[0]
	if name == fCategory {
		value = strings.Join(parts, "/")
	}
	if own, ok := m.mapping.Values[name][value]; ok {
		return own
	}
	if word, ok := words[name][value]; ok {
		return word
	}
	return value
}

// label names a field together with its columns.
func (m *maker) label(name string) string {
	if columns := m.mapping.Columns[name]; len(columns) > 0 && columns[0] != name {
		return name + " (" + strings.Join(columns, ", ") + ")"
	}
	return name
}

// messages makes the events of one row; a row is taken whole or not at all.
func (m *maker) messages(row record) ([]ingest.Message, *ingest.Error) {
	if row.reject != nil {
		return nil, row.reject
	}
	if !utf8.Valid(row.text) || m.replaced && strings.ContainsRune(string(row.text), utf8.RuneError) {
		return nil, rejected(ingest.ClassInvalidUTF8, "row", "holds bytes that are no text in the file's encoding: convert the file, or name its encoding in the mapping")
	}
	id, reject := m.complaintID(row)
	if reject != nil {
		return nil, reject
	}
	b := &builder{maker: m, row: row, id: id}
	b.events()
	if b.reject != nil {
		return nil, b.reject
	}
	if len(b.messages) == 0 {
		return nil, rejected(ingest.ClassMissingField, m.label(fRegisteredAt), "is empty: a complaint needs the time at which it came in")
	}
	m.seen[id] = row.number
	return b.messages, nil
}

// complaintID is the row's own id, else one that follows from its content; equal rows are numbered.
func (m *maker) complaintID(row record) (string, *ingest.Error) {
	if len(m.mapping.Columns[fComplaintID]) == 0 {
		sum := sha256.Sum256(row.text)
		base := m.mapping.Prefix + hex.EncodeToString(sum[:8])
		id := base
		for n := 2; m.seen[id] > 0; n++ {
			id = base + "-" + strconv.Itoa(n)
		}
		return id, nil
	}
	id := m.cell(row, fComplaintID)
	if id == "" {
		return "", rejected(ingest.ClassMissingField, m.label(fComplaintID), "is empty: every complaint needs its id")
	}
	id = m.mapping.Prefix + id
	if before := m.seen[id]; before > 0 {
		return "", rejected(ingest.ClassInvalidValue, m.label(fComplaintID), fmt.Sprintf("stands in row %d already: each complaint has one row", before))
	}
	return id, nil
}

// builder makes the events of one row; the first fault wins.
type builder struct {
	*maker
	row      record
	id       string
	messages []ingest.Message
	reject   *ingest.Error
}

// fail keeps the first fault and names the field with its column.
func (b *builder) fail(class ingest.Class, name, reason string) {
	if b.reject != nil {
		return
	}
	b.reject = rejected(class, b.label(name), reason)
}

func (b *builder) text(name string) string { return b.cell(b.row, name) }

// instant gives the first of the fields that is not empty, nil when all are.
func (b *builder) instant(names ...string) *time.Time {
	for _, name := range names {
		text := b.text(name)
		if text == "" {
			continue
		}
		at, err := parseInstant(text, b.zone, b.mapping.Dates)
		if err != nil {
			b.fail(ingest.ClassInvalidValue, name, err.Error())
			return nil
		}
		return &at
	}
	return nil
}

func (b *builder) number(name string) *float64 {
	text := b.text(name)
	if text == "" {
		return nil
	}
	number, err := parseNumber(text)
	if err != nil {
		b.fail(ingest.ClassInvalidValue, name, err.Error())
		return nil
	}
	return &number
}

func (b *builder) whole(name string) int {
	number := b.number(name)
	if number == nil {
		return 0
	}
	if *number != float64(int(*number)) {
		b.fail(ingest.ClassInvalidValue, name, "is no whole number")
	}
	return int(*number)
}

func (b *builder) truth(name string) *bool {
	text := b.text(name)
	if text == "" {
		return nil
	}
	value, err := strconv.ParseBool(text)
	if err != nil {
		b.fail(ingest.ClassInvalidValue, name, "is neither true nor false: write 是 or 否")
		return nil
	}
	return &value
}

// add makes one event. Its id follows from source, complaint and kind; the step keeps events of one instant in the
// order of a complaint's life.
func (b *builder) add(step int, kind ingest.Kind, at *time.Time, name string, actor ingest.Actor, data any) {
	if at == nil || b.reject != nil {
		return
	}
	sum := sha256.Sum256([]byte(b.mapping.Source + "\x00" + b.id))
	event := ingest.Event{
		EventID:     fmt.Sprintf("t-%s-%02d-%s", hex.EncodeToString(sum[:8]), step, kind),
		ComplaintID: b.id, Kind: kind, OccurredAt: *at, Actor: actor, Source: b.mapping.Source, SchemaVersion: 1, Data: data,
	}
	message, err := event.Message(*at, true)
	if err == nil {
		var read ingest.Event
		if read, err = ingest.Decode(message.Value); err == nil {
			err = read.Validate(message.Time)
		}
	}
	if err != nil {
		refused := ingest.AsError(err)
		field := strings.TrimPrefix(refused.Field, "data.")
		if field == "occurred_at" {
			field = name
		}
		b.fail(refused.Class, field, refused.Reason)
		return
	}
	b.messages = append(b.messages, message)
}
