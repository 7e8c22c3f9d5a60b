package transform_test

import (
	"reflect"
	"slices"
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
		known, _ := transform.Fold(events, r)
		asked := events[len(events)-1]
		asked.EventID, asked.Kind, asked.Offset, asked.Data = "asked", ingest.KindErased, asked.Offset+1000, &ingest.Reasoned{}
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
