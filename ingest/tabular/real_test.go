package tabular_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

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

// BenchmarkRealComplaintsInEveryForm reads every file of the folder that TEXT_DATA names which has complaints with their
// time, as it is and in GBK: no row is refused, and both give the same events. It says so when there is no folder.
func BenchmarkRealComplaintsInEveryForm(b *testing.B) {
	folder := os.Getenv("TEXT_DATA")
	if folder == "" {
		b.Log("TEXT_DATA names no folder: the real complaints are not read")
		return
	}
	for b.Loop() {
		for name, rows := range map[string]int{"car_complaints.jsonl": 900, "recurring_issues.jsonl": 2383, "messages_with_replies.jsonl": 2566} {
			path := filepath.Join(folder, name)
			raw, err := os.ReadFile(path)
			if err != nil {
				b.Fatal(err)
			}
			packed, err := simplifiedchinese.GB18030.NewEncoder().Bytes(raw)
			if err != nil {
				b.Fatal(err)
			}
			other := filepath.Join(b.TempDir(), name)
			if err := os.WriteFile(other, packed, 0o600); err != nil {
				b.Fatal(err)
			}
			one, two := readWhole(b, path), readWhole(b, other)
			if len(one) != rows || !reflect.DeepEqual(one, two) {
				b.Fatalf("%s: %d rows, in GBK %d, of %d, or they differ", name, len(one), len(two), rows)
			}
		}
	}
}

// readWhole gives what each row became, and fails on a refused one.
func readWhole(b *testing.B, path string) (rows []string) {
	b.Helper()
	r, err := tabular.Open(path, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	for row := range r.Rows() {
		if row.Reject != nil {
			b.Fatalf("%s row %d: %v", path, row.Number, row.Reject)
		}
		all := ""
		for _, m := range row.Messages {
			all += string(m.Value) + "\n"
		}
		rows = append(rows, all)
	}
	if r.Err() != nil {
		b.Fatal(r.Err())
	}
	return rows
}
