package tabular_test

import (
	"fmt"
	"testing"
	"time"

	"wenguo/ingest/tabular"
)

const (
	closed   = `"event_id":"e1","complaint_id":"C1","kind":"closed","occurred_at":"2026-11-21T09:03:11+08:00"`
	envelope = `"specversion":"1.0","id":"x","data":{` + closed + `}`
)

func TestLinesOfEventsGoAsTheyAre(t *testing.T) {
	cases := map[string]struct {
		line, value, at string
		backfill        bool
	}{
		"an event without bus time is history":   {"{" + closed + "}", "{" + closed + "}", "2026-11-21T01:03:11Z", true},
		"an envelope without bus time too":       {"{" + envelope + "}", "{" + envelope + "}", "2026-11-21T01:03:11Z", true},
		"bus time in front is taken out":         {`{"bus_time":"2026-11-21T09:05:00.123456+08:00",` + closed + "}", "{" + closed + "}", "2026-11-21T01:05:00.123Z", false},
		"bus time at the end is taken out":       {`{` + closed + `, "bus_time": "2026-11-21T01:05:00Z" }`, "{" + closed + "}", "2026-11-21T01:05:00Z", false},
		"bus time inside data is the producer's": {`{` + closed + `,"data":{"bus_time":1}}`, `{` + closed + `,"data":{"bus_time":1}}`, "2026-11-21T01:03:11Z", true},
		"bus time of an envelope is taken out":   {`{"bus_time":"2026-11-21T01:05:00Z",` + envelope + "}", "{" + envelope + "}", "2026-11-21T01:05:00Z", false},
		"unknown fields stay, with their blanks": {`{"x": {"y" : [1, 2]}, "bus_time":"2026-11-21T01:05:00Z",` + closed + "}", `{"x": {"y" : [1, 2]},` + closed + "}", "2026-11-21T01:05:00Z", false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			r, err := tabular.Open(file(t, "events.ndjson", c.line+"\n\n"), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			rows := 0
			for row := range r.Rows() {
				rows++
				if row.Reject != nil {
					t.Fatal(row.Reject)
				}
				m := row.Messages[0]
				if string(m.Value) != c.value || m.Key != "C1" || m.Backfill != c.backfill || m.Time.Format(time.RFC3339Nano) != c.at {
					t.Errorf("got %s at %s, backfill %v", m.Value, m.Time, m.Backfill)
				}
			}
			if rows != 1 || r.Format() != tabular.FormatEvents {
				t.Errorf("%d rows of %s", rows, r.Format())
			}
		})
	}
}

func TestFaultyLinesOfEventsCostNoOther(t *testing.T) {
	good := "{" + closed + "}\n"
	cases := map[string]struct{ line, want string }{
		"no JSON":                    {"oops", "2 message not_json"},
		"a field of a wrong type":    {`{"event_id":"e1","complaint_id":"C1","kind":"surveyed","occurred_at":"2026-11-21T09:03:11Z","data":{"score":"5"}}`, "2 data.score wrong_type"},
		"a bus time that is none":    {`{"bus_time":"now",` + closed + "}", "2 bus_time invalid_value"},
		"an event ahead of its bus":  {`{"bus_time":"2026-11-19T00:00:00Z",` + closed + "}", "2 occurred_at time_out_of_range"},
		"an event before 2000":       {`{"event_id":"e1","complaint_id":"C1","kind":"closed","occurred_at":"1999-11-21T09:03:11Z"}`, "2 occurred_at time_out_of_range"},
		"a line with a bad bus time": {`{"bus_time":5,` + closed + "}", "2 bus_time invalid_value"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			r, err := tabular.Open(file(t, "events.ndjson", good+c.line+"\n"+good), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			var got []string
			for row := range r.Rows() {
				if row.Reject != nil {
					got = append(got, fmt.Sprintf("%d %s %s", row.Number, row.Reject.Field, row.Reject.Class))
				} else {
					got = append(got, fmt.Sprintf("%d ok", row.Number))
				}
			}
			same(t, got, []string{"1 ok", c.want, "3 ok"})
		})
	}
}
