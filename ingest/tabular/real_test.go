package tabular_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/ingest/tabular"
)

// BenchmarkRealMessagesWithReplies reads the folder of real text that TEXT_DATA names with the guessed mapping, and
// holds the shares answered within 3, 7 and 30 days against the file's own. It says so when there is no folder.
func BenchmarkRealMessagesWithReplies(b *testing.B) {
	folder := os.Getenv("TEXT_DATA")
	if folder == "" {
		b.Log("TEXT_DATA names no folder: the real messages are not read")
		return
	}
	path := filepath.Join(folder, "messages_with_replies.jsonl")
	for b.Loop() {
		registered, handled := readReal(b, path)
		if registered != 2566 || len(handled) != 2566 {
			b.Fatalf("%d registered, %d answered", registered, len(handled))
		}
		for days, want := range map[int]string{3: ".162", 7: ".358", 30: ".839"} {
			within := 0
			for _, d := range handled {
				if d <= time.Duration(days)*24*time.Hour {
					within++
				}
			}
			if got := fmt.Sprintf("%.3f", float64(within)/float64(registered))[1:]; got != want {
				b.Fatalf("share answered within %d days is %s, want %s", days, got, want)
			}
		}
	}
	b.ReportMetric(2566*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func readReal(b *testing.B, path string) (registered int, handled []time.Duration) {
	b.Helper()
	r, err := tabular.Open(path, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	for row := range r.Rows() {
		if row.Reject != nil {
			b.Fatalf("row %d: %v", row.Number, row.Reject)
		}
		var came time.Time
		for _, m := range row.Messages {
			e, err := ingest.Decode(m.Value)
			if err != nil {
				b.Fatal(err)
			}
			switch e.Kind {
			case ingest.KindRegistered:
				registered, came = registered+1, e.OccurredAt
			case ingest.KindResolved:
				handled = append(handled, e.OccurredAt.Sub(came))
			}
		}
	}
	if r.Err() != nil {
		b.Fatal(r.Err())
	}
	return registered, handled
}
