package tabular_test

import (
	"os"
	"path/filepath"
	"testing"

	"wenguo/ingest"
	"wenguo/ingest/tabular"
)

func FuzzOpen(f *testing.F) {
	f.Add([]byte(ledger))
	f.Add([]byte("id,time,text\n1,2026-01-01,\"a\n2,2026-01-01,b\n"))
	f.Add([]byte(`[{"id":1,"time":"2026-01-01","text":["a",{"b":null}]},2]`))
	f.Add([]byte(`{"bus_time":"2026-11-21T01:05:00Z",` + closed + "}\n"))
	f.Add([]byte("\xff\xfei\x00d\x00"))
	path := filepath.Join(f.TempDir(), "table")
	f.Fuzz(func(t *testing.T, content []byte) {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := tabular.Open(path, nil)
		if err != nil {
			return
		}
		defer r.Close()
		for row := range r.Rows() {
			if (row.Reject == nil) == (len(row.Messages) == 0) {
				t.Fatalf("row %d is neither accepted nor refused, or both", row.Number)
			}
			for _, m := range row.Messages {
				e, err := ingest.Decode(m.Value)
				if err == nil {
					err = e.Validate(m.Time)
				}
				if err != nil || e.ComplaintID != m.Key {
					t.Fatalf("row %d gave %s: %v", row.Number, m.Value, err)
				}
			}
		}
	})
}
