package ingest_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"wenguo/ingest"
)

func TestEveryKindSurvivesTheWire(t *testing.T) {
	for _, want := range samples() {
		t.Run(string(want.Kind), func(t *testing.T) {
			roundTrip(t, want, ingest.Decode)
		})
	}
	for _, want := range decisions() {
		t.Run(string(want.Kind), func(t *testing.T) {
			roundTrip(t, want, ingest.DecodeDecision)
			if _, err := ingest.Decode(must(ingest.Encode(want))); err == nil {
				t.Fatal("a decision was read as a complaint event")
			}
		})
	}
}

func roundTrip(t *testing.T, want ingest.Event, read func([]byte) (ingest.Event, error)) {
	t.Helper()
	raw := must(ingest.Encode(want))
	got, err := read(raw)
	if err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("read back\n%+v %+v\nwant\n%+v %+v", got, got.Data, want, want.Data)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// event writes an event of the kind with the given data.
func event(kind, data string) string {
	return fmt.Sprintf(`{"event_id":"e1","complaint_id":"C1","kind":%q,"occurred_at":"2026-11-21T09:03:11+08:00","data":%s}`, kind, data)
}

func TestDecodeReads(t *testing.T) {
	cases := map[string]struct {
		raw   string
		check func(ingest.Event) bool
	}{
		"digits beyond the millisecond are cut, not rounded": {
			`{"event_id":"e1","complaint_id":"C1","kind":"closed","occurred_at":"2026-11-21T09:03:11.9999999+08:00"}`,
			func(e ingest.Event) bool {
				return e.OccurredAt.Equal(instantOf("2026-11-21T01:03:11.999Z")) && e.OccurredAt.Location() == time.UTC
			},
		},
		"instants before 1970 are cut downwards too": {
			event("plan_proposed", `{"due_at":"1969-12-31T23:59:59.9999Z"}`),
			func(e ingest.Event) bool {
				return e.Data.(*ingest.Plan).DueAt.Equal(instantOf("1969-12-31T23:59:59.999Z"))
			},
		},
		"to_owner of dispatched is its owner": {
			event("dispatched", `{"department":"d","to_owner":"o"}`),
			func(e ingest.Event) bool {
				return *e.Data.(*ingest.Assigned) == ingest.Assigned{Department: "d", Owner: "o"}
			},
		},
		"owner of dispatched goes before to_owner": {
			event("dispatched", `{"department":"d","owner":"p","to_owner":"o"}`),
			func(e ingest.Event) bool { return e.Data.(*ingest.Assigned).Owner == "p" },
		},
		"absent data is empty": {
			`{"event_id":"e1","complaint_id":"C1","kind":"resolved","occurred_at":"2026-11-21T09:03:11Z"}`,
			func(e ingest.Event) bool { return *e.Data.(*ingest.Resolved) == ingest.Resolved{} },
		},
		"null data is empty": {
			event("resolved", `null`),
			func(e ingest.Event) bool { return *e.Data.(*ingest.Resolved) == ingest.Resolved{} },
		},
		"unknown fields of any type are left alone": {
			`{"event_id":"e1","id":7,"time":[1],"complaint_id":"C1","kind":"closed","occurred_at":"2026-11-21T09:03:11Z","x":{"y":[1]},"data":{"z":1,"reason":"r","Reason":"another","REASON":5},"KIND":"resolved"}`,
			func(e ingest.Event) bool { return e.Data.(*ingest.Reasoned).Reason == "r" },
		},
		"values outside an enumeration are kept": {
			event("registered", `{"channel":"鸽子","title":"t","priority":"P0"}`),
			func(e ingest.Event) bool {
				d := e.Data.(*ingest.Registered)
				return d.Channel == "鸽子" && d.Priority == "P0"
			},
		},
		"a role outside the list is kept": {
			`{"event_id":"e1","complaint_id":"C1","kind":"closed","occurred_at":"2026-11-21T09:03:11Z","actor":{"role":"manager"}}`,
			func(e ingest.Event) bool { return e.Actor.Role == "manager" && !e.Actor.Role.Human() },
		},
		"an empty optional instant is not given": {
			event("registered", `{"channel":"web","title":"t","incident_at":"","priority":"low"}`),
			func(e ingest.Event) bool {
				d := e.Data.(*ingest.Registered)
				return d.IncidentAt == nil && d.Priority == "low"
			},
		},
		"an id has 128 bytes": {
			strings.Replace(event("closed", `{}`), "e1", strings.Repeat("x", 128), 1),
			func(e ingest.Event) bool { return len(e.EventID) == 128 },
		},
		"control characters in texts are kept": {
			event("registered", `{"channel":"web","content":"a\u0000b\tc"}`),
			func(e ingest.Event) bool { return e.Data.(*ingest.Registered).Content == "a\x00b\tc" },
		},
		"a lone surrogate becomes the replacement character": {
			event("registered", `{"channel":"web","content":"a\ud800b"}`),
			func(e ingest.Event) bool { return e.Data.(*ingest.Registered).Content == "a\ufffdb" },
		},
		"a score outside 1 to 5 is kept": {
			event("surveyed", `{"score":4.5}`),
			func(e ingest.Event) bool { return *e.Data.(*ingest.Surveyed).Score == 4.5 },
		},
		"an assist needs no department": {
			event("assist_done", `{}`),
			func(e ingest.Event) bool { return e.Kind == ingest.KindAssistDone },
		},
		"a CloudEvents envelope gives id and time where the event has none": {
			`{"specversion":"1.0","id":"ce-1","time":"2026-11-21T09:03:11.5Z","type":"t","source":"/s","kind":5,"data":{"complaint_id":"C1","kind":"closed","data":{"reason":"r"}}}`,
			func(e ingest.Event) bool {
				return e.EventID == "ce-1" && e.OccurredAt.Equal(instantOf("2026-11-21T09:03:11.5Z")) && e.Data.(*ingest.Reasoned).Reason == "r"
			},
		},
		"the event's own id and time go before the envelope's": {
			`{"specversion":"1.0","id":"ce-1","time":"2026-11-21T09:03:11.5Z","data":` + event("closed", `{}`) + `}`,
			func(e ingest.Event) bool {
				return e.EventID == "e1" && e.OccurredAt.Equal(instantOf("2026-11-21T01:03:11Z"))
			},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			e, err := ingest.Decode([]byte(c.raw))
			if err != nil {
				t.Fatal(err)
			}
			if !c.check(e) {
				t.Fatalf("read %+v with data %+v", e, e.Data)
			}
			roundTrip(t, e, ingest.Decode)
		})
	}
}

func TestTheReadersBufferMayBeUsedAgain(t *testing.T) {
	raw := []byte(event("registered", `{"channel":"web","content":"验证码","attachments":[{"name":"a"}]}`))
	e := must(ingest.Decode(raw))
	want := must(ingest.Encode(e))
	clear(raw)
	if got := must(ingest.Encode(e)); string(got) != string(want) {
		t.Fatalf("the event changed with the buffer: %s", got)
	}
	figures := []byte(`{"event_id":"d","kind":"period.published","occurred_at":"2026-11-21T09:03:11Z","data":{"from":"a","to":"b","offsets":{"0":1},"figures":{"n": 1}}}`)
	d := must(ingest.DecodeDecision(figures))
	clear(figures)
	if got := d.Data.(*ingest.PeriodPublished); string(got.Figures) != `{"n":1}` || got.Offsets["0"] != 1 {
		t.Fatalf("the decision changed with the buffer: %+v", got)
	}
}

func TestValidateTime(t *testing.T) {
	bus := instantOf("2026-11-21T00:00:00Z")
	cases := map[string]struct {
		at string
		ok bool
	}{
		"the first instant of 2000 is accepted":            {"2000-01-01T00:00:00Z", true},
		"the last millisecond of 1999 is refused":          {"1999-12-31T23:59:59.999Z", false},
		"24 hours ahead of the message is accepted":        {"2026-11-22T00:00:00Z", true},
		"a millisecond more than 24 hours is refused":      {"2026-11-22T00:00:00.001Z", false},
		"a zone's midnight of 2000 still is 1999 in UTC":   {"2000-01-01T00:00:00+08:00", false},
		"an event long before its message is merely late":  {"2001-01-01T00:00:00Z", true},
		"an event at the very message time is nothing odd": {"2026-11-21T00:00:00Z", true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			err := ingest.Event{OccurredAt: instantOf(c.at)}.Validate(bus)
			if c.ok && err != nil {
				t.Fatal(err)
			}
			if !c.ok {
				wantError(t, err, ingest.ClassTimeOutOfRange, "occurred_at")
			}
		})
	}
}

func wantError(t *testing.T, err error, class ingest.Class, field string) {
	t.Helper()
	var refused *ingest.Error
	if !errors.As(err, &refused) {
		t.Fatalf("got %v, want a refusal", err)
	}
	if refused.Class != class || refused.Field != field {
		t.Fatalf("refused as %s %s (%v), want %s %s", refused.Class, refused.Field, err, class, field)
	}
	if !strings.HasPrefix(err.Error(), field+" ") || !strings.Contains(err.Error(), ":") && class != ingest.ClassWrongType {
		t.Fatalf("%q names no field and remedy", err)
	}
}

func TestNormal(t *testing.T) {
	for value, want := range map[string]string{"": "", "phone": "phone", "鸽子": "other", "other": "other"} {
		if got := ingest.Normal(value, ingest.Channels); got != want {
			t.Errorf("Normal(%q) = %q, want %q", value, got, want)
		}
	}
}

// BenchmarkDecode gives the processor's time as well: the wall clock says little on a busy machine.
func BenchmarkDecode(b *testing.B) {
	full := samples()[0]
	full.Data.(*ingest.Registered).Content = strings.Repeat("换了三个号都收不到验证码，", 12)
	for name, e := range map[string]ingest.Event{"registered": full, "dispatched": samples()[3]} {
		raw := must(ingest.Encode(e))
		b.Run(fmt.Sprintf("%s of %d bytes", name, len(raw)), func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			b.ReportAllocs()
			start := processorTime(b)
			for b.Loop() {
				if _, err := ingest.Decode(raw); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64((processorTime(b)-start).Nanoseconds())/float64(b.N), "cpu-ns/op")
		})
	}
}

func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		b.Fatal(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

func TestUnlistedNamesTheFieldsThatCountAsOther(t *testing.T) {
	cases := map[string]struct {
		raw  string
		want []string
	}{
		"listed values are nothing to tell": {event("registered", `{"channel":"web","title":"t","priority":"low"}`), nil},
		"a channel and a priority":          {event("registered", `{"channel":"鸽子","title":"t","priority":"P0"}`), []string{"data.channel", "data.priority"}},
		"a reason of a kind with a list":    {event("reopened", `{"reason":"心情"}`), []string{"data.reason"}},
		"a reason of a kind without":        {event("closed", `{"reason":"心情"}`), nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := ingest.Unlisted(must(ingest.Decode([]byte(c.raw)))); !slices.Equal(got, c.want) {
				t.Fatalf("got %v, want %v", got, c.want)
			}
		})
	}
}
