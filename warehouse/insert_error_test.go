package warehouse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"

	"wenguo/ingest"
)

func TestInsertErrorsThatBlameRowsAreTold(t *testing.T) {
	answered := func(code int32, message string) error {
		return fmt.Errorf("send: %w", &clickhouse.Exception{Code: code, Message: message})
	}
	for name, tt := range map[string]struct {
		err       error
		code      string
		permanent bool
		field     string
	}{
		"a violated constraint blames the rows":          {answered(469, "Constraint `numbers` is violated"), "469", true, ingest.FieldMessage},
		"a date that cannot be read names its column":    {answered(41, "Cannot parse DateTime in column `occurred_at`: 李某"), "41", true, "occurred_at"},
		"a column that is not ours is not named":         {answered(6, "in column secret"), "6", true, ingest.FieldMessage},
		"too little memory is of the moment":             {answered(241, "Memory limit exceeded"), "241", false, ingest.FieldMessage},
		"too many parts are of the moment":               {answered(252, "Too many parts"), "252", false, ingest.FieldMessage},
		"a full disk is of the moment":                   {answered(243, "Not enough space"), "243", false, ingest.FieldMessage},
		"an unknown table is the installation's":         {answered(60, "Unknown table"), "60", false, ingest.FieldMessage},
		"a missing column is the installation's":         {answered(16, "No such column raw"), "16", false, ingest.FieldMessage},
		"a body cut on its way is of the moment":         {answered(33, "Cannot read all data"), "33", false, ingest.FieldMessage},
		"an insert whose fate is unknown is tried again": {answered(319, "Unknown status"), "319", false, ingest.FieldMessage},
		"silence is of the moment":                       {fmt.Errorf("send: %w", context.DeadlineExceeded), "timeout", false, ingest.FieldMessage},
		"a cut answer is of the moment":                  {fmt.Errorf("send: %w", io.ErrUnexpectedEOF), "network", false, ingest.FieldMessage},
	} {
		t.Run(name, func(t *testing.T) {
			got := insertError(tt.err)
			if got.Code != tt.code || got.Permanent != tt.permanent || got.Field != tt.field && got.Permanent {
				t.Errorf("got code %s, permanent %v, field %s; want %s, %v, %s", got.Code, got.Permanent, got.Field, tt.code, tt.permanent, tt.field)
			}
			if momentary(tt.err).Permanent {
				t.Error("what is of the moment blames rows")
			}
			if !errors.Is(got, tt.err) {
				t.Error("the store's own error is gone")
			}
		})
	}
}

func TestTheLedgerTellsOfHalfBlocksAndRefusals(t *testing.T) {
	store := openStore(t)
	if start, end, err := store.LastBlock(t.Context(), ingest.TopicEvents, 2); start != 0 || end != 0 || err != nil {
		t.Errorf("an empty store ends with [%d, %d): %v", start, end, err)
	}
	block := sampleBlock(0, 10)
	if err := store.InsertBlock(t.Context(), block); err != nil {
		t.Fatal(err)
	}
	half := sampleBlock(10, 15)
	half.Add(ingest.Record{Offset: 15, BusTime: half.Events[0].BusTime, Value: []byte("no event")})
	half.End = 16
	if err := store.insertEvents(t.Context(), half); err != nil {
		t.Fatal(err)
	}
	if start, end, err := store.LastBlock(t.Context(), ingest.TopicEvents, 2); start != 10 || end != 16 || err != nil {
		t.Errorf("the last block is [%d, %d), want [10, 16): %v", start, end, err)
	}
	for refusals, want := range []int{5, 6} {
		if refusals == 1 {
			if err := store.insertRejects(t.Context(), half); err != nil {
				t.Fatal(err)
			}
		}
		offsets, err := store.Offsets(t.Context(), ingest.TopicEvents, 2, 10, 16)
		if err != nil || len(offsets) != want || offsets[0] != 10 {
			t.Errorf("offsets %v are stored of [10, 16), want %d: %v", offsets, want, err)
		}
	}
	if offsets, err := store.Offsets(t.Context(), ingest.TopicEvents, 1, 0, 100); len(offsets) != 0 || err != nil {
		t.Errorf("another partition holds %v: %v", offsets, err)
	}
}
