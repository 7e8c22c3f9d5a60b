package oracle

import (
	"bytes"
	"context"
	"log/slog"
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/warehouse"
)

// topic and its partitions, as the product would have them.
const partitions = 2

// sent is one message in the order of its arrival.
type sent struct {
	event    ingest.Event
	bus      instant
	backfill bool
}

// bench is a store and the same events as the judge reads them.
type bench struct {
	store  *warehouse.Store
	dsn    string
	folder *warehouse.Folder
	// next offset of each partition.
	next [partitions]int64
	// stored events by complaint.
	stored map[string][]ingest.Stored
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{dsn: engines.DSN(), stored: map[string][]ingest.Stored{}}
	store, err := warehouse.Open(t.Context(), b.dsn, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	rules := theirRules(t)
	store.UseRules(rules)
	// The worker does this when it starts; from then on every pass keeps the sums.
	if err := store.TallyAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.store = store
	b.folder = warehouse.NewFolder(store, rules, time.Second, slog.New(slog.DiscardHandler))
	return b
}

// arrive stores messages, in blocks, and lets the product make its facts of them.
func (b *bench) arrive(t *testing.T, messages []sent) {
	t.Helper()
	var blocks [partitions]ingest.Block
	for p := range partitions {
		blocks[p] = ingest.Block{Topic: ingest.TopicEvents, Partition: p, Start: b.next[p], Decoder: ingest.DecoderVersion}
	}
	for _, m := range messages {
		p := partition(m.event.ComplaintID)
		raw := wire(t, m.event)
		at := time.UnixMilli(m.bus).UTC()
		blocks[p].Add(ingest.Record{Offset: b.next[p], BusTime: at, Backfill: m.backfill, Value: raw})
		b.stored[m.event.ComplaintID] = append(b.stored[m.event.ComplaintID], ingest.Stored{
			Event:    m.event,
			Position: ingest.Position{Topic: ingest.TopicEvents, Partition: p, Offset: b.next[p], BusTime: at, Backfill: m.backfill},
		})
		b.next[p]++
	}
	for p, block := range blocks {
		for _, refused := range block.Rejects {
			t.Fatalf("offset %d of partition %d was refused: %v", refused.Offset, p, refused.Err)
		}
		block.End = b.next[p]
		if err := b.store.InsertBlock(t.Context(), block); err != nil {
			t.Fatal(err)
		}
	}
	b.fold(t.Context(), t)
}

func (b *bench) fold(ctx context.Context, t *testing.T) {
	t.Helper()
	if _, err := b.folder.Pass(ctx); err != nil {
		t.Fatal(err)
	}
}

// wire writes an event as a producer of the zone would, whose clock is finer than a millisecond.
func wire(t *testing.T, e ingest.Event) []byte {
	t.Helper()
	raw, err := ingest.Encode(e)
	if err != nil {
		t.Fatal(err)
	}
	ours := e.OccurredAt.UTC().Format("2006-01-02T15:04:05.999Z07:00")
	fine := e.OccurredAt.Add(999_999).In(time.FixedZone("", int(zoneOffset/second))).Format(time.RFC3339Nano)
	if bytes.Count(raw, []byte(`"occurred_at":"`+ours+`"`)) != 1 {
		t.Fatalf("no instant %s in the event", ours)
	}
	return bytes.Replace(raw, []byte(`"occurred_at":"`+ours), []byte(`"occurred_at":"`+fine), 1)
}

// partition keeps all events of a complaint together.
func partition(complaint string) int {
	sum := 0
	for _, c := range []byte(complaint) {
		sum += int(c)
	}
	return sum % partitions
}
