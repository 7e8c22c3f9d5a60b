package kafka_test

import (
	"fmt"
	"testing"
	"time"

	kafkago "github.com/segmentio/kafka-go"

	"wenguo/ingest"
	"wenguo/ingest/kafka"
)

// post writes dead letters as a consumer of another version would have: their values can be read today.
func (r *rig) post(class, reason string, at time.Time, numbers ...int) {
	r.t.Helper()
	w := &kafkago.Writer{Addr: kafkago.TCP(r.cfg.Brokers...), Topic: r.cfg.DeadLetters, RequiredAcks: kafkago.RequireAll, BatchTimeout: time.Millisecond}
	defer w.Close()
	var letters []kafkago.Message
	for _, n := range numbers {
		value := fmt.Sprintf(`{"event_id":"e-%d","complaint_id":"C-%d","kind":"escalated","occurred_at":"2026-01-01T00:00:00Z"}`, n, n)
		letters = append(letters, kafkago.Message{Value: []byte(value), Headers: []kafkago.Header{
			{Key: "wenguo-class", Value: []byte(class)},
			{Key: "wenguo-field", Value: []byte("kind")},
			{Key: "wenguo-reason", Value: []byte(reason)},
			{Key: "wenguo-time", Value: []byte(at.Format(time.RFC3339Nano))},
		}})
	}
	if err := w.WriteMessages(r.t.Context(), letters...); err != nil {
		r.t.Fatal(err)
	}
}

func TestAReplaySendsTheLettersOfOneReasonOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	at := time.Date(2026, 1, 1, 0, 0, 5, 0, time.UTC)
	r.post("unknown_kind", "no such kind", at, 1, 2, 3)
	r.post("not_json", "broken", at, 4)
	box := kafka.NewMailbox(r.cfg)
	defer box.Close()
	replay := func(want int64) {
		t.Helper()
		sent, cut, err := box.Replay(t.Context(), "unknown_kind", "kind", "no such kind")
		if err != nil || sent != want || cut != 0 {
			t.Fatalf("%d sent, %d cut, %v; want %d sent", sent, cut, err, want)
		}
	}
	replay(3)
	replay(0) // they were sent
	r.post("unknown_kind", "no such kind", at, 5)
	replay(1)
	var many []int
	for n := range 1300 { // more than are sent at once
		many = append(many, 10+n)
	}
	r.post("unknown_kind", "no such kind", at, many...)
	replay(1300)
	replay(0)

	letters, err := box.Latest(t.Context(), 2)
	if err != nil || len(letters) == 0 || len(letters) > 2*r.cfg.Partitions {
		t.Errorf("%d letters are shown of the latest two of each partition, %v", len(letters), err)
	}
	seen := map[string]bool{}
	reader := &kafkago.Client{Addr: kafkago.TCP(r.cfg.Brokers...)}
	for partition := range r.cfg.Partitions {
		answer, err := reader.Fetch(t.Context(), &kafkago.FetchRequest{Topic: r.cfg.Topic, Partition: partition, MaxBytes: 1 << 20, MaxWait: 100 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		for {
			record, err := answer.Records.ReadRecord()
			if err != nil {
				break
			}
			value, err := kafkago.ReadAll(record.Value)
			if err != nil {
				t.Fatal(err)
			}
			event, err := ingest.Decode(value)
			key, _ := kafkago.ReadAll(record.Key)
			if err != nil || string(key) != event.ComplaintID || !record.Time.Equal(at) {
				t.Errorf("%s came back with key %q and time %s, %v", value, key, record.Time, err)
			}
			seen[event.EventID] = true
		}
	}
	if len(seen) != 1304 || seen["e-4"] {
		t.Errorf("%d events are on the bus", len(seen))
	}
}
