package main

import (
	"context"
	"fmt"
	"strings"

	"wenguo/ingest"
	"wenguo/ingest/tabular"
)

// shownEvents is how many events a dry run shows.
const shownEvents = 20

// importEvent is an event as a dry run shows it.
type importEvent struct {
	Row int `json:"row"`
	// Event is the JSON that would go onto the bus.
	Event rawJSON `json:"event"`
}

// rawJSON is JSON already.
type rawJSON []byte

// MarshalJSON gives the bytes.
func (r rawJSON) MarshalJSON() ([]byte, error) { return r, nil }

// nowhere is the bus of a dry run.
type nowhere struct{}

// Produce drops the messages.
func (nowhere) Produce(context.Context, []ingest.Message) error { return nil }

// Visible has nothing to wait for.
func (nowhere) Visible(context.Context) error { return nil }

func (nowhere) close() error { return nil }

// show keeps the first events of a dry run.
func (i *importer) show(row tabular.Row) {
	for _, m := range row.Messages {
		if len(i.summary.Sample) == shownEvents {
			return
		}
		i.summary.Sample = append(i.summary.Sample, importEvent{Row: row.Number, Event: rawJSON(m.Value)})
	}
}

// printDry says what an import would do: its first events, and every refused row.
func (s importSummary) printDry(out *strings.Builder) {
	for _, e := range s.Sample {
		fmt.Fprintf(out, "第 %d 行  %s\n", e.Row, e.Event)
	}
	if more := s.Events - len(s.Sample); more > 0 {
		fmt.Fprintf(out, "……另有 %d 个事件\n", more)
	}
	for _, r := range s.Rejects {
		fmt.Fprintf(out, "拒绝 第 %d 行  %s\n", r.Row, fault(&ingest.Error{Class: r.Class, Field: r.Field, Reason: r.Reason}))
	}
	fmt.Fprintf(out, "%s：试运行，未发送任何内容。共 %d 行，将接受 %d 行（%d 个事件），将拒绝 %d 行\n", s.File, s.Rows, s.Accepted, s.Events, s.Rejected)
}
