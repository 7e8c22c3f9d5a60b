package warehouse

import (
	"slices"
	"testing"
	"time"

	"wenguo/ingest"
)

func sampleBlock(start, end int64) ingest.Block {
	at := time.Date(2026, 3, 1, 1, 2, 3, 456e6, time.UTC)
	b := ingest.Block{Topic: ingest.TopicEvents, Partition: 2, Start: start, End: end, Decoder: ingest.DecoderVersion}
	for offset := start; offset < end; offset++ {
		b.Add(ingest.Record{Offset: offset, BusTime: at, Value: []byte(
			`{"event_id":"e","complaint_id":"C-1","kind":"registered","occurred_at":"2026-03-01T01:02:03.456Z",` +
				`"data":{"channel":"phone","title":"'\\; -- \n"}}`)})
	}
	return b
}

func (s *Store) count(t *testing.T, statement string, v values) uint64 {
	t.Helper()
	var n uint64
	if err := s.conn.QueryRow(with(t.Context(), v), statement).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestInsertBlock(t *testing.T) {
	store := openStore(t)
	for range 3 {
		if err := store.InsertBlock(t.Context(), sampleBlock(0, 500)); err != nil {
			t.Fatal(err)
		}
	}
	if n := store.count(t, "SELECT count() FROM events", nil); n != 500 {
		t.Errorf("a block sent three times left %d rows, want 500", n)
	}
	if err := store.InsertBlock(t.Context(), sampleBlock(500, 600)); err != nil {
		t.Fatal(err)
	}
	if n := store.count(t, "SELECT count() FROM events", nil); n != 600 {
		t.Errorf("the next block with equal content was dropped: %d rows, want 600", n)
	}
	raw := string(sampleBlock(0, 1).Events[0].Value)
	if n := store.count(t, "SELECT count() FROM events WHERE raw = {raw:String}", values{"raw": text(raw)}); n != 600 {
		t.Errorf("%d rows hold the bytes that were sent, want 600", n)
	}
}

func TestParametersArriveUnchanged(t *testing.T) {
	store := openStore(t)
	hostile := []string{"", "plain", "it's", `back\slash`, `\n`, "tab\tand\nline", "'; DROP TABLE events --", "中文", `\'`, `\N`, "nul\x00", `["a"]`}
	for _, sent := range hostile {
		var got string
		if err := store.conn.QueryRow(with(t.Context(), values{"x": text(sent)}), "SELECT {x:String}").Scan(&got); err != nil {
			t.Errorf("%q: %v", sent, err)
			continue
		}
		if got != sent {
			t.Errorf("sent %q, engine read %q", sent, got)
		}
	}
	var got []string
	if err := store.conn.QueryRow(with(t.Context(), values{"x": list(hostile)}), "SELECT {x:Array(String)}").Scan(&got); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, hostile) {
		t.Errorf("sent %q, engine read %q", hostile, got)
	}
}
