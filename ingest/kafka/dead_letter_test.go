package kafka_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	kafkago "github.com/segmentio/kafka-go"

	"wenguo/ingest"
	"wenguo/ingest/kafka"
)

// broken gives, for each class of refusal and each field it can befall on the envelope and in every kind's data, a message
// that is refused for just that.
func broken(t *testing.T) map[string][]byte {
	t.Helper()
	whole := map[string]any{"event_id": "e", "complaint_id": "C-1", "kind": "escalated", "occurred_at": "2026-01-01T00:00:00Z"}
	with := func(kind, field string, value any) []byte {
		m := maps.Clone(whole)
		if kind != "" {
			m["kind"] = kind
		}
		if inner, ok := strings.CutPrefix(field, "data."); ok {
			m["data"] = map[string]any{inner: value}
		} else if value == nil {
			delete(m, field)
		} else {
			m[field] = value
		}
		raw, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	cases := map[string][]byte{
		"oversized message":             append(with("", "source", strings.Repeat("x", ingest.MaxEventBytes)), ' '),
		"invalid_utf8 message":          bytes.Replace(with("", "source", "@@"), []byte("@@"), []byte{0xff, 0xfe}, 1),
		"not_json message":              []byte(`{"event_id":`),
		"unknown_kind kind":             with("no_such_kind", "source", "x"),
		"time_out_of_range occurred_at": with("", "occurred_at", "1999-12-31T23:59:59Z"),
	}
	for _, field := range []string{"event_id", "complaint_id", "kind", "occurred_at"} {
		cases["missing_field "+field] = with("", field, nil)
		cases["wrong_type "+field] = with("", field, 7)
	}
	for _, field := range []string{"event_id", "complaint_id"} {
		cases["invalid_value "+field] = with("", field, strings.Repeat("x", ingest.MaxIDBytes+1))
	}
	for kind, field := range map[string]string{
		"registered": "channel", "dispatched": "department", "confirmed": "department", "transferred": "to", "verified": "accepted", "merged": "into",
	} {
		cases["missing_field data."+field+" of "+kind] = with(kind, "data.other", 1)
		cases["wrong_type data."+field+" of "+kind] = with(kind, "data."+field, []int{1})
	}
	return cases
}

func TestEveryRefusalEndsAsADeadLetterWithItsReason(t *testing.T) {
	cfg := startBroker(t)
	cases := broken(t)
	producer := kafka.NewProducer(cfg, cfg.Topic)
	for name, raw := range cases {
		err := producer.Produce(t.Context(), []ingest.Message{{Key: name, Value: raw, Time: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	if err := producer.Close(); err != nil {
		t.Fatal(err)
	}
	sink := newMemory()
	stop := consume(t, cfg, sink)
	waitFor(t, "all are refused", func() bool {
		sink.mu.Lock()
		defer sink.mu.Unlock()
		return len(sink.rejects) == len(cases)
	})
	stop()
	letters := readDeadLetters(t, cfg, len(cases))
	for name, raw := range cases {
		letter, found := letters[string(raw)]
		if !found {
			t.Errorf("%s: no dead letter holds its bytes", name)
			continue
		}
		got := fmt.Sprintf("%s %s", letter["wenguo-class"], letter["wenguo-field"])
		if want, _, _ := strings.Cut(name, " of "); got != want {
			t.Errorf("%s: the dead letter says %s", name, got)
		}
		if letter["wenguo-time"] != "2026-01-01T00:00:00Z" || letter["letter's own time"] == letter["wenguo-time"] {
			t.Errorf("%s: its retention counts from %s, its message is of %s", name, letter["letter's own time"], letter["wenguo-time"])
		}
		for _, header := range []string{"wenguo-topic", "wenguo-partition", "wenguo-offset", "wenguo-reason"} {
			if letter[header] == "" {
				t.Errorf("%s: the dead letter lacks %s", name, header)
			}
		}
	}
}

// readDeadLetters gives the headers of the dead letters by their bytes.
func readDeadLetters(t *testing.T, cfg kafka.Config, n int) map[string]map[string]string {
	t.Helper()
	found := map[string]map[string]string{}
	ends, err := kafka.EndOffsets(t.Context(), cfg, cfg.DeadLetters)
	if err != nil {
		t.Fatal(err)
	}
	total := int64(0)
	for partition, end := range ends {
		reader := kafkago.NewReader(kafkago.ReaderConfig{Brokers: cfg.Brokers, Topic: cfg.DeadLetters, Partition: partition, MaxBytes: 8 << 20})
		for range end {
			message, err := reader.ReadMessage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			headers := map[string]string{"letter's own time": message.Time.UTC().Format(time.RFC3339)}
			for _, h := range message.Headers {
				headers[h.Key] = string(h.Value)
			}
			found[string(message.Value)] = headers
		}
		if err := reader.Close(); err != nil {
			t.Fatal(err)
		}
		total += end
	}
	if total != int64(n) {
		t.Errorf("%d dead letters, want %d", total, n)
	}
	return found
}
