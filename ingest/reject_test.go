package ingest_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"wenguo/ingest"
)

// leaf is one field of the wire form: the keys and indexes that lead to it, and its Go type.
type leaf struct {
	path []any
	kind reflect.Type
}

func (l leaf) name() string {
	var b strings.Builder
	for _, step := range l.path {
		if i, ok := step.(int); ok {
			fmt.Fprintf(&b, "[%d]", i)
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(step.(string))
	}
	return b.String()
}

// leaves walks a Go type as the wire shows it, objects and lists included.
func leaves(t reflect.Type, path ...any) []leaf {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	found := []leaf{{path: append([]any{}, path...), kind: t}}
	switch {
	case t == reflect.TypeFor[time.Time](), t == reflect.TypeFor[json.RawMessage]():
	case t.Kind() == reflect.Struct:
		for f := range t.Fields() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			found = append(found, leaves(f.Type, append(path, name)...)...)
		}
	case t.Kind() == reflect.Slice:
		found = append(found, leaves(t.Elem(), append(path, 0)...)...)
	}
	return found
}

func fieldsOf(e ingest.Event) []leaf {
	found := []leaf{
		{[]any{"event_id"}, reflect.TypeFor[string]()},
		{[]any{"complaint_id"}, reflect.TypeFor[string]()},
		{[]any{"kind"}, reflect.TypeFor[string]()},
		{[]any{"occurred_at"}, reflect.TypeFor[string]()},
		{[]any{"source"}, reflect.TypeFor[string]()},
		{[]any{"schema_version"}, reflect.TypeFor[int]()},
		{[]any{"specversion"}, reflect.TypeFor[string]()},
	}
	found = append(found, leaves(reflect.TypeFor[ingest.Actor](), "actor")...)
	return append(found, leaves(reflect.TypeOf(e.Data), "data")...)
}

// with gives the event's JSON with another value at the path; absent parents are made.
func with(t *testing.T, e ingest.Event, path []any, value any) []byte {
	t.Helper()
	var tree any
	if err := json.Unmarshal(must(ingest.Encode(e)), &tree); err != nil {
		t.Fatal(err)
	}
	return must(json.Marshal(put(tree, path, value)))
}

type gone struct{}

func put(tree any, path []any, value any) any {
	if len(path) == 0 {
		return value
	}
	if index, ok := path[0].(int); ok {
		list, _ := tree.([]any)
		for len(list) <= index {
			list = append(list, nil)
		}
		list[index] = put(list[index], path[1:], value)
		return list
	}
	object, _ := tree.(map[string]any)
	if object == nil {
		object = map[string]any{}
	}
	key := path[0].(string)
	if value == (gone{}) && len(path) == 1 {
		delete(object, key)
		return object
	}
	object[key] = put(object[key], path[1:], value)
	return object
}

// wrongFor lists values of every JSON type that the Go type does not read.
func wrongFor(t reflect.Type) []any {
	all := map[string]any{"string": "text", "number": 12.5, "bool": true, "list": []any{1}, "object": map[string]any{"x": 1}}
	switch {
	case t == reflect.TypeFor[time.Time](), t.Kind() == reflect.String:
		delete(all, "string")
	case t == reflect.TypeFor[json.RawMessage]():
		return nil
	case t.Kind() == reflect.Bool:
		delete(all, "bool")
	case t.Kind() == reflect.Float64:
		delete(all, "number")
	case t.Kind() == reflect.Slice:
		delete(all, "list")
	case t.Kind() == reflect.Struct:
		delete(all, "object")
	}
	var list []any
	for _, v := range all {
		list = append(list, v)
	}
	return list
}

func TestEveryFieldOfAWrongTypeIsNamed(t *testing.T) {
	checked := 0
	try := func(e ingest.Event, read func([]byte) (ingest.Event, error)) {
		for _, field := range fieldsOf(e) {
			for _, wrong := range wrongFor(field.kind) {
				raw := with(t, e, field.path, wrong)
				_, err := read(raw)
				name := field.name()
				if field.kind.Kind() == reflect.Map && reflect.TypeOf(wrong).Kind() == reflect.Map {
					continue
				}
				t.Run(fmt.Sprintf("%s %s %T", e.Kind, name, wrong), func(t *testing.T) {
					wantError(t, err, ingest.ClassWrongType, name)
				})
				checked++
			}
		}
	}
	for _, e := range samples() {
		try(e, ingest.Decode)
	}
	for _, e := range decisions() {
		try(e, ingest.DecodeDecision)
	}
	if checked < 1000 {
		t.Fatalf("only %d combinations were tried", checked)
	}
}

// required lists what each kind cannot be without, besides the fields of every event.
var required = map[ingest.Kind][]string{
	ingest.KindRegistered: {"channel"}, ingest.KindDispatched: {"department"}, ingest.KindConfirmed: {"department"},
	ingest.KindTransferred: {"to"}, ingest.KindVerified: {"accepted"}, ingest.KindMerged: {"into"},
	ingest.KindIssueMerged: {"from", "into"}, ingest.KindIssueSplit: {"issue"}, ingest.KindIssueRenamed: {"issue", "name"},
	ingest.KindIssueMuted: {"issue"}, ingest.KindIssueOwned: {"issue"}, ingest.KindIssueNoted: {"issue"},
	ingest.KindIssueAnswered: {"issue"}, ingest.KindComplaintPlaced: {"complaint_id", "issue"},
	ingest.KindDecisionUndone: {"event_id"}, ingest.KindActionOpened: {"action"}, ingest.KindActionUpdated: {"action"},
	ingest.KindActionDone: {"action"}, ingest.KindActionVerified: {"action", "verdict"}, ingest.KindActionClosed: {"action"},
	ingest.KindActionReopened: {"action"}, ingest.KindPeriodPublished: {"from", "to"}, ingest.KindPolicyApplied: {"content"},
}

func TestARequiredFieldThatIsMissingIsNamed(t *testing.T) {
	try := func(e ingest.Event, read func([]byte) (ingest.Event, error), envelope ...string) {
		for _, field := range fieldsOf(e) {
			name := field.name()
			needed := false
			for _, want := range envelope {
				needed = needed || name == want
			}
			for _, want := range required[e.Kind] {
				needed = needed || name == "data."+want
			}
			if len(field.path) == 0 || field.path[len(field.path)-1] == 0 {
				continue
			}
			for _, empty := range []any{gone{}, nil, ""} {
				if empty == "" && field.kind.Kind() != reflect.String {
					continue
				}
				t.Run(fmt.Sprintf("%s %s %#v", e.Kind, name, empty), func(t *testing.T) {
					_, err := read(with(t, e, field.path, empty))
					if needed {
						wantError(t, err, ingest.ClassMissingField, name)
					} else if err != nil && name != "data" {
						t.Fatalf("%s is optional: %v", name, err)
					}
				})
			}
		}
	}
	for _, e := range samples() {
		try(e, ingest.Decode, "event_id", "complaint_id", "kind", "occurred_at")
	}
	for _, e := range decisions() {
		try(e, ingest.DecodeDecision, "event_id", "kind", "occurred_at")
	}
}

func TestEveryInstantThatIsNoneIsNamed(t *testing.T) {
	for _, e := range samples() {
		for _, field := range fieldsOf(e) {
			if field.kind != reflect.TypeFor[time.Time]() && field.name() != "occurred_at" {
				continue
			}
			for _, text := range []string{"昨天", "2026-11-21", "2026-11-21 09:03:11", "2026-11-21T09:03:11", "2026-13-01T00:00:00Z", "9999-12-31T23:59:59-08:00", "0001-01-01T00:00:00+08:00"} {
				t.Run(fmt.Sprintf("%s %s %s", e.Kind, field.name(), text), func(t *testing.T) {
					_, err := ingest.Decode(with(t, e, field.path, text))
					wantError(t, err, ingest.ClassInvalidValue, field.name())
				})
			}
		}
	}
}

func TestEveryIDThatIsNoneIsNamed(t *testing.T) {
	merged := ingest.Event{}
	for _, e := range samples() {
		if e.Kind == ingest.KindMerged {
			merged = e
		}
	}
	for name, id := range map[string]string{"129 bytes": strings.Repeat("x", 129), "43 characters of three bytes": strings.Repeat("诉", 43), "NUL": "a\x00b", "line feed": "a\nb", "delete": "a\x7f"} {
		for _, path := range [][]any{{"event_id"}, {"complaint_id"}, {"data", "into"}} {
			field := leaf{path: path}.name()
			t.Run(field+" "+name, func(t *testing.T) {
				_, err := ingest.Decode(with(t, merged, path, id))
				wantError(t, err, ingest.ClassInvalidValue, field)
			})
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	head := `{"event_id":"e1","complaint_id":"C1","kind":"closed","occurred_at":"2026-11-21T09:03:11Z"`
	cases := map[string]struct {
		raw   string
		class ingest.Class
		field string
	}{
		"nothing at all":                       {"", ingest.ClassNotJSON, "message"},
		"white space":                          {" \n", ingest.ClassNotJSON, "message"},
		"text":                                 {"hello", ingest.ClassNotJSON, "message"},
		"an object that does not end":          {head, ingest.ClassNotJSON, "message"},
		"two objects":                          {head + "}{}", ingest.ClassNotJSON, "message"},
		"a raw control character in a string":  {head + ",\"source\":\"a\x01\"}", ingest.ClassNotJSON, "message"},
		"an unknown escape in what is skipped": {head + `,"somewhere":"hot\ine","x":1}`, ingest.ClassNotJSON, "message"},
		"an unknown escape of four":            {head + `,"somewhere":"hot\u12x4ine","x":1}`, ingest.ClassNotJSON, "message"},
		"a raw tab in what is skipped":         {head + ",\"somewhere\":\"hot\tine\",\"x\":1}", ingest.ClassNotJSON, "message"},
		"a byte order mark":                    {"\ufeff" + head + "}", ingest.ClassNotJSON, "message"},
		"null":                                 {"null", ingest.ClassWrongType, "message"},
		"a list":                               {"[]", ingest.ClassWrongType, "message"},
		"a string":                             {`"x"`, ingest.ClassWrongType, "message"},
		"broken UTF-8":                         {head + ",\"source\":\"\xff\"}", ingest.ClassInvalidUTF8, "message"},
		"broken UTF-8 in an unknown field":     {head + ",\"x\":\"\xc3\x28\"}", ingest.ClassInvalidUTF8, "message"},
		"GBK":                                  {head + ",\"source\":\"\xd6\xd0\xce\xc4\"}", ingest.ClassInvalidUTF8, "message"},
		"a byte more than 1 MiB":               {head + `,"x":"` + strings.Repeat("x", 1<<20-len(head)-7) + `"}`, ingest.ClassOversized, "message"},
		"a kind nobody knows":                  {strings.Replace(head, "closed", "vanished", 1) + "}", ingest.ClassUnknownKind, "kind"},
		"a kind of another spelling":           {strings.Replace(head, "closed", "Closed", 1) + "}", ingest.ClassUnknownKind, "kind"},
		"a decision among the complaints":      {strings.Replace(head, "closed", "issue.muted", 1) + "}", ingest.ClassUnknownKind, "kind"},
		"registered without title and content": {event("registered", `{"channel":"web","title":" "}`), ingest.ClassMissingField, "data.content"},
		"registered without data":              {event("registered", `null`), ingest.ClassMissingField, "data.channel"},
		"a whole number with a fraction":       {event("classified", `{"level":1.5}`), ingest.ClassWrongType, "data.level"},
		"a number too large for its field":     {event("classified", `{"level":1e30}`), ingest.ClassWrongType, "data.level"},
		"a number no float holds":              {event("surveyed", `{"score":1e999}`), ingest.ClassWrongType, "data.score"},
		"a CloudEvents envelope of version 0.3": {
			`{"specversion":"0.3","id":"1","data":{}}`, ingest.ClassInvalidValue, "specversion",
		},
		"an envelope without data":       {`{"specversion":"1.0","id":"1"}`, ingest.ClassMissingField, "data"},
		"an envelope with a list":        {`{"specversion":"1.0","id":"1","data":[]}`, ingest.ClassWrongType, "message"},
		"an envelope whose id is 7":      {`{"specversion":"1.0","id":7,"data":{"complaint_id":"C1"}}`, ingest.ClassWrongType, "id"},
		"an envelope whose time is none": {`{"specversion":"1.0","id":"1","time":"now","data":{"complaint_id":"C1","kind":"closed"}}`, ingest.ClassInvalidValue, "occurred_at"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := ingest.Decode([]byte(c.raw))
			wantError(t, err, c.class, c.field)
		})
	}
	largest := head + `,"x":"` + strings.Repeat("x", 1<<20-len(head)-8) + `"}`
	if _, err := ingest.Decode([]byte(largest)); err != nil || len(largest) != 1<<20 {
		t.Errorf("an event of %d bytes: %v", len(largest), err)
	}
}
