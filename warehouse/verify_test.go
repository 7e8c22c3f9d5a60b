package warehouse

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"wenguo/ingest"
)

func TestCheckBlocks(t *testing.T) {
	whole := func(start, end int64) storedBlock {
		return storedBlock{start: start, end: end, stored: end - start, offsets: end - start, firstOffset: start, lastOffset: end - 1}
	}
	tests := map[string]struct {
		blocks []storedBlock
		want   PartitionCheck
		faults int
	}{
		"blocks that follow one another are fine":        {[]storedBlock{whole(0, 10), whole(10, 30)}, PartitionCheck{}, 0},
		"a hole between blocks is a fault":               {[]storedBlock{whole(0, 10), whole(12, 30)}, PartitionCheck{}, 1},
		"blocks that share offsets are a fault":          {[]storedBlock{whole(0, 10), whole(8, 30)}, PartitionCheck{}, 1},
		"a row stored twice is a duplicate":              {[]storedBlock{{end: 2, stored: 3, offsets: 2, lastOffset: 1}}, PartitionCheck{Duplicates: 1}, 0},
		"an offset without a row is unaccounted for":     {[]storedBlock{{end: 3, stored: 2, offsets: 2, lastOffset: 2}}, PartitionCheck{Unaccounted: 1}, 0},
		"an offset outside its block is a fault":         {[]storedBlock{{end: 2, stored: 2, offsets: 2, lastOffset: 5}}, PartitionCheck{}, 1},
		"an event that is also refused is a duplicate":   {[]storedBlock{{end: 2, stored: 2, refused: 1, offsets: 2, lastOffset: 1}}, PartitionCheck{Duplicates: 1}, 0},
		"a retained log need not begin at offset naught": {[]storedBlock{whole(700, 800)}, PartitionCheck{}, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := checkBlocks(tt.blocks)
			if len(got) != 1 {
				t.Fatalf("%d partitions, want 1", len(got))
			}
			if got[0].Duplicates != tt.want.Duplicates || got[0].Unaccounted != tt.want.Unaccounted || len(got[0].Faults) != tt.faults {
				t.Errorf("got %+v, want %+v with %d faults", got[0], tt.want, tt.faults)
			}
			if clean := tt.want.Duplicates == 0 && tt.want.Unaccounted == 0 && tt.faults == 0; got[0].OK() != clean {
				t.Errorf("OK is %v, want %v", got[0].OK(), clean)
			}
		})
	}
}

func TestVerifySeesAStoredDuplicate(t *testing.T) {
	store := openStore(t)
	if err := store.InsertBlock(t.Context(), sampleBlock(0, 100)); err != nil {
		t.Fatal(err)
	}
	other := sampleBlock(50, 60)
	if err := store.InsertBlock(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	checks, err := store.Verify(t.Context(), ingest.TopicEvents)
	if err != nil {
		t.Fatal(err)
	}
	if len(checks) != 1 || checks[0].OK() {
		t.Errorf("offsets 50 to 60 were stored twice and nothing was found: %+v", checks)
	}
}

func TestVerifyFindsTheFactOfARegistrationThatMovedToAnotherMonth(t *testing.T) {
	store := openStore(t)
	folder := NewFolder(store, testRules(t), time.Second, slog.New(slog.DiscardHandler))
	for offset, month := range []string{"03", "02"} {
		b := ingest.Block{Topic: ingest.TopicEvents, Start: int64(offset), End: int64(offset) + 1, Decoder: ingest.DecoderVersion}
		b.Add(ingest.Record{Offset: int64(offset), BusTime: time.Date(2026, 3, 9, 0, 0, 0, 0, time.UTC), Value: fmt.Appendf(nil,
			`{"event_id":"e-%s","complaint_id":"C-1","kind":"registered","occurred_at":"2026-%s-01T00:00:00Z","data":{"channel":"phone","title":"t"}}`, month, month)})
		if err := store.InsertBlock(t.Context(), b); err != nil {
			t.Fatal(err)
		}
		if _, err := folder.Pass(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := store.count(t, "SELECT count() FROM complaints WHERE is_deleted = 1", nil); n != 1 {
		t.Errorf("%d tombstones, want the one in March", n)
	}
	check, err := store.VerifyFacts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !check.OK() || check.Facts != 1 {
		t.Errorf("the fact of the only complaint is not found: %+v", check)
	}
}

func TestVerifyWaitsForTheOtherHalfOfABlock(t *testing.T) {
	store := openStore(t)
	block := sampleBlock(0, 10)
	block.Add(ingest.Record{Offset: 10, BusTime: block.Events[0].BusTime, Value: []byte("no event")})
	block.End = 11
	if err := store.insertEvents(t.Context(), block); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		time.Sleep(lookAgain / 2)
		done <- store.insertRejects(context.WithoutCancel(t.Context()), block)
	}()
	checks, err := store.Verify(t.Context(), ingest.TopicEvents)
	if err := errors.Join(err, <-done); err != nil {
		t.Fatal(err)
	}
	if len(checks) != 1 || !checks[0].OK() || checks[0].Refused != 1 {
		t.Errorf("a block between its two inserts was reported: %+v", checks)
	}
}
