package faults_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"wenguo/e2e/program"
	"wenguo/e2e/truth"
	"wenguo/ingest"
	"wenguo/warehouse"
)

// The engine writes a block's token down before it keeps the rows. Killed between the two it knows the block and does not
// have it, which is why a consumer looks wherever a block may have been sent before. Were the engine ever to look itself,
// this would fail, and that look could go.
func TestTheEngineKnowsATokenWhoseRowsItLost(t *testing.T) {
	t.Parallel()
	up := program.Start(t, t.TempDir(), nil)
	store, err := warehouse.Open(t.Context(), up.ClickHouse, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	block := ingest.Block{Topic: "probe", End: 1, Decoder: ingest.DecoderVersion}
	block.Add(ingest.Record{BusTime: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), Value: []byte(
		`{"event_id":"e-1","complaint_id":"C-1","kind":"registered","occurred_at":"2026-03-01T00:00:00Z","source":"s","data":{"channel":"phone","title":"t"}}`)})
	insert := func() (held int) {
		t.Helper()
		for deadline := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
			err := store.InsertBlock(t.Context(), block)
			if err == nil {
				break
			}
			if time.Now().After(deadline) {
				t.Fatal(err)
			}
		}
		offsets, err := store.Offsets(t.Context(), block.Topic, 0, 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		return len(offsets)
	}
	if insert() != 1 {
		t.Fatal("the block is not stored")
	}
	var folder string
	conn := truth.Connect(t, up.ClickHouse)
	if err := conn.QueryRow(t.Context(), "SELECT data_paths[1] FROM system.tables WHERE database = currentDatabase() AND name = 'events'").Scan(&folder); err != nil {
		t.Fatal(err)
	}
	up.KillEngine(t)
	parts, err := filepath.Glob(filepath.Join(folder, "*", "columns.txt"))
	if err != nil || len(parts) == 0 {
		t.Fatalf("no parts in %s: %v", folder, err)
	}
	for _, part := range parts {
		if err := os.RemoveAll(filepath.Dir(part)); err != nil {
			t.Fatal(err)
		}
	}
	if insert() != 0 {
		t.Error("the engine took a block that it had lost: nobody needs to look any more")
	}
	block.Again = 1
	if insert() != 1 {
		t.Error("another token does not bring the rows back")
	}
}
