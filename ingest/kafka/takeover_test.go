package kafka_test

import (
	"fmt"
	"testing"

	kafkago "github.com/segmentio/kafka-go"

	"wenguo/ingest"
)

// read gives the messages of a partition as a worker reads them.
func (r *rig) read(partition int, start, end int64) (records []ingest.Record) {
	r.t.Helper()
	reader := kafkago.NewReader(kafkago.ReaderConfig{Brokers: r.cfg.Brokers, Topic: r.cfg.Topic, Partition: partition})
	defer reader.Close()
	if err := reader.SetOffset(start); err != nil {
		r.t.Fatal(err)
	}
	for offset := start; offset < end; offset++ {
		m, err := reader.ReadMessage(r.t.Context())
		if err != nil {
			r.t.Fatal(err)
		}
		records = append(records, ingest.Record{Offset: m.Offset, BusTime: m.Time.UTC(), Value: m.Value})
	}
	return records
}

// Where the group's offset is after a torn log, a reset, a restored backup or a late commit.
func TestAGroupsOffsetThatIsNotWhereTheStoreEndsDoublesNothing(t *testing.T) {
	for name, place := range map[string]func(start, end int64) (offset int64, metadata string){
		"the offset is lost":                   nil,
		"it fell back to the beginning":        func(_, _ int64) (int64, string) { return 0, "" },
		"it fell back into a stored block":     func(start, end int64) (int64, string) { return (start + end) / 2, "" },
		"it fell back to the last block":       func(start, _ int64) (int64, string) { return start, "" },
		"it fell back to a plan long done":     func(_, _ int64) (int64, string) { return 0, `{"end":7,"decoder":1}` },
		"it fell back to a plan of more":       func(start, end int64) (int64, string) { return start, fmt.Sprintf(`{"end":%d,"decoder":1}`, end+5) },
		"it fell back to a plan since halved":  func(start, end int64) (int64, string) { return start - 5, fmt.Sprintf(`{"end":%d,"decoder":1}`, end) },
		"it is ahead of the store":             func(_, end int64) (int64, string) { return end + 20, "" },
		"it is ahead of the store with a plan": func(_, end int64) (int64, string) { return end + 20, fmt.Sprintf(`{"end":%d,"decoder":1}`, end+30) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.produce(160, every(30))
			m := r.join(r.store, nil)
			r.settle()
			m.stop()
			r.produce(120, every(30))
			if place == nil {
				r.cfg.Group += "-anew"
			} else {
				start, end, err := r.store.LastBlock(t.Context(), r.cfg.Topic, 0)
				if err != nil {
					t.Fatal(err)
				}
				r.move(0, 0, "") // the offset of an empty group may go anywhere
				r.move(0, first(place(start, end)), second(place(start, end)))
			}
			r.cfg.BlockEvents = 31
			m = r.join(r.store, nil)
			r.settle()
			if m.total(t, "offset_disagreements_total") == 0 {
				t.Error("nobody noticed")
			}
			m.stop()
			r.verify()
		})
	}
}

func first(offset int64, _ string) int64     { return offset }
func second(_ int64, metadata string) string { return metadata }

// A plan of another decoder version may be stored not at all, in part, or whole.
func TestAPlanOfAnotherDecoderIsFinished(t *testing.T) {
	const end = 40
	for name, store := range map[string]func(r *rig, b ingest.Block){
		"nothing of it is stored": func(*rig, ingest.Block) {},
		"its events are stored and its refusals are not": func(r *rig, b ingest.Block) {
			b.Rejects = nil
			r.insert(b)
		},
		"all of it is stored": (*rig).insert,
		"the other decoder refused everything": func(r *rig, b ingest.Block) {
			for _, e := range b.Events {
				b.Rejects = append(b.Rejects, ingest.Refused{Record: e.Record, Err: ingest.AsError(fmt.Errorf("an older rule"))})
			}
			b.Events = nil
			r.insert(b)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.produce(200, every(7))
			b := ingest.Block{Topic: r.cfg.Topic, End: end, Decoder: ingest.DecoderVersion + 1}
			for _, record := range r.read(0, 0, end) {
				b.Add(record)
			}
			store(r, b)
			r.move(0, 0, fmt.Sprintf(`{"end":%d,"decoder":%d}`, end, b.Decoder))
			m := r.join(r.store, nil)
			r.settle()
			if m.total(t, "foreign_plans_total") == 0 {
				t.Error("nobody noticed")
			}
			m.stop()
			r.verify()
		})
	}
}

func (r *rig) insert(b ingest.Block) {
	r.t.Helper()
	if err := r.store.InsertBlock(r.t.Context(), b); err != nil {
		r.t.Fatal(err)
	}
}
