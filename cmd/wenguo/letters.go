package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"

	"wenguo/ingest/kafka"
	"wenguo/transform/quality"
	"wenguo/transform/text"
)

// shownLetters is how many of the newest letters of each partition samples are taken from, shownRunes how much of one is shown.
const (
	shownLetters = 200
	shownRunes   = 160
)

// letters shows refused messages to the pages.
type letters struct{ box *kafka.Mailbox }

// Letters are the newest refused messages, masked and cut.
func (l letters) Letters(ctx context.Context) ([]quality.Letter, error) {
	found, err := l.box.Latest(ctx, shownLetters)
	if err != nil {
		return nil, fmt.Errorf("read dead letters: %w", err)
	}
	out := make([]quality.Letter, 0, len(found))
	for _, f := range found {
		out = append(out, quality.Letter{Reason: quality.Reason{Class: f.Class, Field: f.Field, Reason: f.Reason}, Text: specimen(f.Value)})
	}
	return out, nil
}

// Replay puts the messages of one reason on the bus again.
func (l letters) Replay(ctx context.Context, r quality.Reason) (quality.Replayed, error) {
	sent, cut, err := l.box.Replay(ctx, r.Class, r.Field, r.Reason)
	if err != nil {
		return quality.Replayed{}, fmt.Errorf("replay: %w", err)
	}
	return quality.Replayed{Sent: sent, Cut: cut}, nil
}

// plainFields are those of an event that say nothing of a person: a sample shows them as they came.
//
//nolint:gochecknoglobals // a constant table
var plainFields = map[string]bool{
	"kind": true, "occurred_at": true, "schema_version": true, "source": true, "channel": true, "category": true, "priority": true,
	"level": true, "by": true, "confidence": true, "valid": true, "cause_group": true, "due_at": true, "offered_at": true, "answered": true,
	"score": true, "accepted": true, "first_contact": true, "direction": true, "internal": true, "incident_at": true, "department": true,
	"affected_customers": true, "role": true,
}

// specimen shows how a message is built without what it says: plain fields stay, of everything else only the shape is left. A
// message that is no JSON object is all shape.
func specimen(raw []byte) string {
	var fields any
	shown := shape(string(raw))
	if json.Unmarshal(raw, &fields) == nil {
		if out, err := json.Marshal(masked(fields, "")); err == nil {
			shown = string(out)
		}
	}
	runes := []rune(shown)
	if len(runes) > shownRunes {
		return string(runes[:shownRunes]) + "…"
	}
	return shown
}

// masked keeps the values of plain fields and the shape of all others.
func masked(value any, key string) any {
	switch v := value.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, inner := range v {
			out[shortKey(k)] = masked(inner, k)
		}
		return out
	case []any:
		for i := range v {
			v[i] = masked(v[i], key)
		}
		return v
	case string:
		if plainFields[key] {
			return text.Mask(shortKey(v))
		}
		return shape(v)
	case float64:
		if !plainFields[key] {
			return shape(fmt.Sprint(v))
		}
	}
	return value
}

// shortKey cuts what should be short, such as a field's name, where it is not.
func shortKey(s string) string {
	const most = 40
	if len(s) > most {
		return shape(s)
	}
	return s
}

// shape replaces digits by 9 and letters by x or 〇, and shortens what repeats.
func shape(s string) string {
	var b strings.Builder
	var last rune
	run := 0
	for _, r := range s {
		switch {
		case unicode.IsDigit(r):
			r = '9'
		case unicode.Is(unicode.Han, r):
			r = '〇'
		case unicode.IsLetter(r):
			r = 'x'
		case !unicode.IsPrint(r):
			r = '\ufffd'
		}
		if run++; r != last {
			last, run = r, 1
		}
		if run <= 3 {
			b.WriteRune(r)
		}
		if b.Len() > 4*shownRunes {
			break
		}
	}
	return b.String()
}
