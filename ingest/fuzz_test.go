package ingest_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"testing"
	"unicode/utf8"

	"wenguo/ingest"
)

func FuzzDecode(f *testing.F) {
	for _, e := range samples() {
		f.Add(must(ingest.Encode(e)))
	}
	f.Add([]byte(`{"specversion":"1.0","id":"ce-1","time":"2026-11-21T09:03:11.5Z","data":` + event("closed", `{}`) + `}`))
	f.Add([]byte(event("registered", `{"channel":"web","title":"\ud800\u0000","incident_at":"","attachments":[null,{}],"priority":null}`)))
	f.Add([]byte(event("surveyed", `{"score":-0.0,"offered_at":"2026-11-21T09:03:11.99999999999+08:00"}`)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, err := ingest.Decode(raw)
		if err != nil {
			var refused *ingest.Error
			if !errors.As(err, &refused) || !slices.Contains(ingest.Classes, refused.Class) || refused.Field == "" {
				t.Fatalf("refused without class or field: %v", err)
			}
			return
		}
		if !json.Valid(raw) || !utf8.Valid(raw) {
			t.Fatal("accepted what is no JSON in UTF-8")
		}
		again, err := ingest.Decode(raw)
		if err != nil || !reflect.DeepEqual(again, e) {
			t.Fatalf("the same bytes gave %+v, then %+v (%v)", e, again, err)
		}
		wire, err := ingest.Encode(e)
		if err != nil {
			t.Fatal(err)
		}
		back, err := ingest.Decode(wire)
		if err != nil || !reflect.DeepEqual(back, e) {
			t.Fatalf("%s\nread back %+v %+v (%v), want %+v %+v", wire, back, back.Data, err, e, e.Data)
		}
	})
}

func FuzzDecodeDecision(f *testing.F) {
	for _, e := range decisions() {
		f.Add(must(ingest.Encode(e)))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, err := ingest.DecodeDecision(raw)
		if err != nil {
			return
		}
		wire := must(ingest.Encode(e))
		back, err := ingest.DecodeDecision(wire)
		if err != nil || !reflect.DeepEqual(back, e) {
			t.Fatalf("%s\nread back %+v %+v (%v), want %+v %+v", wire, back, back.Data, err, e, e.Data)
		}
	})
}
