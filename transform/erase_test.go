package transform_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"wenguo/ingest"
	"wenguo/transform"
)

func TestErasedEventsGiveTheFactThatTheyGaveBefore(t *testing.T) {
	r := rules(t)
	rapid.Check(t, func(rt *rapid.T) {
		events := draw(rt)
		if len(events) == 0 {
			return
		}
		for i, e := range events { // contents that differ in nothing that is kept
			for n := range 2 {
				if d, ok := e.Data.(*ingest.Registered); ok {
					other := *d
					other.Title = strings.Repeat("又", n+1)
					e.Data, e.Offset = &other, e.Offset+int64(10_000*(n+1)+i)
					events = append(events, e)
				}
			}
		}
		known, _ := transform.Fold(events, r)
		asked := events[len(events)-1]
		asked.EventID, asked.Kind, asked.Offset, asked.Data = "asked", ingest.KindErased, asked.Offset+100_000, &ingest.Reasoned{}
		events = append(slices.Clone(events), asked)
		want, _ := transform.Fold(events, r)
		if want.Version <= known.Version {
			rt.Fatalf("the version falls from %x to %x, so the store would keep the fact that knows the customer", known.Version, want.Version)
		}
		blank := slices.Clone(events)
		for i := range blank {
			blank[i].Event = transform.Erase(blank[i].Event)
			if again := transform.Erase(blank[i].Event); !reflect.DeepEqual(again, blank[i].Event) {
				rt.Fatalf("erasing twice: %+v and %+v", blank[i].Event, again)
			}
			raw, err := ingest.Encode(blank[i].Event)
			if err != nil {
				rt.Fatal(err)
			}
			read, err := ingest.Decode(raw)
			if err != nil {
				rt.Fatalf("what is kept cannot be read: %v\n%s", err, raw)
			}
			blank[i].Event = read
		}
		got, _ := transform.Fold(blank, r)
		if !reflect.DeepEqual(want, got) {
			rt.Fatalf("facts differ:\n%s\n%s", text(want), text(got))
		}
		at := begin.Add(time.Duration(rapid.IntRange(0, 60*24).Draw(rt, "T")) * time.Hour)
		want, _ = transform.FoldAt(events, r, at)
		if got, _ = transform.FoldAt(blank, r, at); !reflect.DeepEqual(want, got) {
			rt.Fatalf("facts as of %s differ:\n%s\n%s", at, text(want), text(got))
		}
	})
}
