// Package catalogue holds the catalogue of key figures against everything that speaks of them: the queries in the real
// engine, the pages, the alert rules, the exported series, the documents.
package catalogue

import (
	"fmt"
	"log/slog"
	"os"
	"slices"
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/histories"
	"wenguo/transform/sla"
	"wenguo/warehouse"
	"wenguo/warehouse/enginetest"
)

var engines *enginetest.Engine

func TestMain(m *testing.M) {
	os.Exit(enginetest.Main(m, func(e *enginetest.Engine) { engines = e }))
}

var (
	zone  = time.FixedZone("Asia/Shanghai", 8*3600)
	begin = time.Date(2026, 3, 1, 0, 0, 0, 0, zone)
	now   = time.Date(2026, 5, 1, 12, 0, 0, 0, zone)
)

// filled is a store with enough complaints for every figure to count something, and its address.
func filled(t *testing.T) (*warehouse.Store, string) {
	t.Helper()
	log, dsn := slog.New(slog.DiscardHandler), engines.DSN()
	store, err := warehouse.Open(t.Context(), dsn, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	policy, err := sla.ParsePolicy(sla.DefaultPolicy())
	if err != nil {
		t.Fatal(err)
	}
	same := func(s string) string { return s }
	rules := transform.Rules{Revision: 1, Mask: same, CustomerKey: same, History: []transform.Applied{{Revision: 1, Policy: policy}}}
	store.UseRules(rules)

	var events []ingest.Stored
	for _, of := range histories.New(11, begin.UTC(), 20).Complaints(300) {
		events = append(events, of...)
	}
	slices.SortFunc(events, func(a, b ingest.Stored) int { return int(a.Offset - b.Offset) })
	block := ingest.Block{Topic: ingest.TopicEvents, Decoder: ingest.DecoderVersion}
	for i, e := range events {
		raw, err := ingest.Encode(e.Event)
		if err != nil {
			t.Fatal(err)
		}
		block.Add(ingest.Record{Offset: int64(i), BusTime: e.BusTime, Backfill: e.Backfill, Value: raw})
	}
	for _, refused := range block.Rejects {
		t.Fatal(fmt.Errorf("offset %d: %w", refused.Offset, refused.Err))
	}
	block.End = int64(len(events))
	if err := store.InsertBlock(t.Context(), block); err != nil {
		t.Fatal(err)
	}
	if _, err := warehouse.NewFolder(store, rules, time.Second, log).Pass(t.Context()); err != nil {
		t.Fatal(err)
	}
	return store, dsn
}
