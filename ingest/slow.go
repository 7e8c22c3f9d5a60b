package ingest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"
)

// The slow way reads field by field. It runs only for messages that the fast one refused, to name the field at fault,
// and accepts one thing more: "" for an optional instant, which means that it is not given.

func readEnvelopeSlowly(raw []byte) (*envelope, error) {
	if len(raw) == 0 {
		return nil, refuse(ClassNotJSON, FieldMessage, "is empty: send one JSON object")
	}
	if strings.HasPrefix(view(raw), "\uFEFF") {
		return nil, refuse(ClassNotJSON, FieldMessage, "begins with a byte order mark: send plain UTF-8")
	}
	if err := json.Unmarshal(raw, new(json.RawMessage)); err != nil {
		return nil, refuse(ClassNotJSON, FieldMessage, "is no valid JSON: send one JSON object per message")
	}
	fields := map[string]json.RawMessage{}
	if isNull(raw) || json.Unmarshal(raw, &fields) != nil {
		return nil, refuse(ClassWrongType, FieldMessage, "must be a JSON object, not "+shape(raw))
	}
	outer := &envelope{}
	if err := fillSlowly(fields["specversion"], &outer.SpecVersion, "specversion"); err != nil {
		return nil, err
	}
	if outer.SpecVersion != "" {
		outer.Data, outer.ID, outer.Time = lent(fields["data"]), lent(fields["id"]), lent(fields["time"])
		return outer, nil
	}
	if err := fillSlowly(raw, outer, ""); err != nil {
		return nil, err
	}
	return outer, nil
}

// fillSlowly reads raw into what target points to; absent and null leave it as it is.
func fillSlowly(raw []byte, target any, field string) error {
	if err := assign(raw, reflect.ValueOf(target).Elem(), field); err != nil {
		return err
	}
	return nil
}

func assign(raw []byte, target reflect.Value, field string) *Error {
	if len(raw) == 0 || isNull(raw) {
		return nil
	}
	switch target.Interface().(type) {
	case json.RawMessage, lent:
		target.SetBytes(raw)
		return nil
	case time.Time:
		return assignInstant(raw, target, field)
	}
	switch target.Kind() {
	case reflect.Pointer:
		return assignPointer(raw, target, field)
	case reflect.Struct:
		return assignStruct(raw, target, field)
	case reflect.Slice:
		return assignSlice(raw, target, field)
	}
	if json.Unmarshal(raw, target.Addr().Interface()) != nil {
		return refuse(ClassWrongType, field, "must be "+wanted(target.Type())+", not "+shape(raw))
	}
	return nil
}

func assignPointer(raw []byte, target reflect.Value, field string) *Error {
	if target.Type().Elem() == reflect.TypeFor[time.Time]() && strings.TrimSpace(string(raw)) == `""` {
		return nil
	}
	value := reflect.New(target.Type().Elem())
	if err := assign(raw, value.Elem(), field); err != nil {
		return err
	}
	target.Set(value)
	return nil
}

func assignInstant(raw []byte, target reflect.Value, field string) *Error {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return refuse(ClassWrongType, field, "must be an RFC 3339 instant in a string, not "+shape(raw))
	}
	at, err := parseInstant(field, text)
	if err != nil {
		return err
	}
	target.Set(reflect.ValueOf(at))
	return nil
}

func assignStruct(raw []byte, target reflect.Value, field string) *Error {
	fields := map[string]json.RawMessage{}
	if json.Unmarshal(raw, &fields) != nil {
		return refuse(ClassWrongType, field, "must be a JSON object, not "+shape(raw))
	}
	for i := range target.NumField() {
		name, _, _ := strings.Cut(target.Type().Field(i).Tag.Get("json"), ",")
		if err := assign(fields[name], target.Field(i), join(field, name)); err != nil {
			return err
		}
	}
	return nil
}

func assignSlice(raw []byte, target reflect.Value, field string) *Error {
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil {
		return refuse(ClassWrongType, field, "must be a JSON array, not "+shape(raw))
	}
	list := reflect.MakeSlice(target.Type(), len(items), len(items))
	for i, item := range items {
		if err := assign(item, list.Index(i), fmt.Sprintf("%s[%d]", field, i)); err != nil {
			return err
		}
	}
	target.Set(list)
	return nil
}

func join(field, name string) string {
	if field == "" {
		return name
	}
	return field + "." + name
}

// wanted names the JSON that a Go type reads.
func wanted(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.Map:
		return "a JSON object of whole numbers"
	default:
		return "a JSON object"
	}
}

// shape names what was sent, never its content.
func shape(raw []byte) string {
	text := strings.TrimSpace(string(raw))
	switch {
	case strings.HasPrefix(text, "{"):
		return "an object"
	case strings.HasPrefix(text, "["):
		return "an array"
	case strings.HasPrefix(text, `"`):
		return "a string"
	case text == "true" || text == "false":
		return "true or false"
	case text == "null":
		return "null"
	default:
		return "this number"
	}
}
