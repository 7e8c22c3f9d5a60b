package kafka_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/ingest/kafka"
)

func decision(i int) ingest.Message {
	at := time.Date(2026, 1, 1, 0, 0, i, 0, time.UTC)
	action := fmt.Sprintf("A-%d", i%89)
	return ingest.Message{
		Key: action, Time: at,
		Value: fmt.Appendf(nil, `{"event_id":"d-%d","kind":"action.done","occurred_at":%q,"data":{"action":%q}}`, i, at.Format(time.RFC3339), action),
	}
}

func decide(t *testing.T, cfg kafka.Config, messages ...ingest.Message) {
	t.Helper()
	p := kafka.NewProducer(cfg, ingest.TopicDecisions)
	if err := errors.Join(p.Produce(t.Context(), messages), p.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestEveryDecisionIsStoredOnceThroughRebalancesWhileEventsLoad(t *testing.T) {
	cfg := startBroker(t)
	decisions, events := newMemory(), newMemory()
	decisions.fail = func(call int) error {
		if call%5 == 0 {
			return errors.New("the answer was lost")
		}
		return nil
	}
	all := func(from, to int) (messages []ingest.Message) {
		for i := from; i < to; i++ {
			messages = append(messages, decision(i))
		}
		return messages
	}
	stopEvents := consume(t, cfg, events)
	defer stopEvents()
	stopFirst := run(t, kafka.NewDecisionConsumer, cfg, decisions)
	defer stopFirst()
	decide(t, cfg, all(0, 1000)...)
	produce(t, cfg, 0, 1000)
	stopSecond := run(t, kafka.NewDecisionConsumer, cfg, decisions)
	defer stopSecond()
	decide(t, cfg, all(1000, 2000)...)
	stopFirst()
	decide(t, cfg, all(2000, 3000)...)
	waitFor(t, "3000 decisions and 1000 events stored", func() bool {
		d, _ := decisions.stored()
		e, _ := events.stored()
		return d == 3000 && e == 1000
	})
	stopSecond()
	stopEvents()
	for name, sink := range map[string]*memory{"decisions": decisions, "events": events} {
		if distinct, copies := sink.stored(); copies != distinct || len(sink.rejects) > 0 {
			t.Errorf("%d copies of %d %s, %d refused", copies, distinct, name, len(sink.rejects))
		}
	}
	if decisions.repeats == 0 {
		t.Error("no block was ever repeated, so the test proves nothing")
	}
}

func TestRefusedDecisionsEndAsDeadLettersThatNameTheirTopic(t *testing.T) {
	cfg := startBroker(t)
	sink := newMemory()
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	cases := map[string]string{
		"unknown_kind kind":                `{"event_id":"d","complaint_id":"C-1","kind":"registered","occurred_at":"2026-01-01T00:00:00Z","data":{"channel":"web","title":"t"}}`,
		"missing_field event_id":           `{"kind":"action.done","occurred_at":"2026-01-01T00:00:00Z","data":{"action":"A"}}`,
		"missing_field data.action":        `{"event_id":"d","kind":"action.done","occurred_at":"2026-01-01T00:00:00Z"}`,
		"missing_field data.verdict":       `{"event_id":"d","kind":"action.verified","occurred_at":"2026-01-01T00:00:00Z","data":{"action":"A"}}`,
		"invalid_value data.fields.due_at": `{"event_id":"d","kind":"action.updated","occurred_at":"2026-01-01T00:00:00Z","data":{"action":"A","fields":{"due_at":"soon"}}}`,
		"wrong_type data.from":             `{"event_id":"d","kind":"issue.merged","occurred_at":"2026-01-01T00:00:00Z","data":{"from":"I-2","into":"I-1"}}`,
		"time_out_of_range occurred_at":    `{"event_id":"d","kind":"action.done","occurred_at":"2026-01-02T00:00:00.001Z","data":{"action":"A"}}`,
		"not_json message":                 `{"event_id":`,
	}
	messages := []ingest.Message{decision(1)}
	for name, raw := range cases {
		messages = append(messages, ingest.Message{Key: name, Value: []byte(raw), Time: at})
	}
	decide(t, cfg, messages...)
	stop := run(t, kafka.NewDecisionConsumer, cfg, sink)
	waitFor(t, "one is stored and the others are refused", func() bool {
		distinct, _ := sink.stored()
		sink.mu.Lock()
		defer sink.mu.Unlock()
		return distinct == 1 && len(sink.rejects) == len(cases)
	})
	stop()
	letters := readDeadLetters(t, cfg, len(cases))
	for want, raw := range cases {
		letter := letters[raw]
		if got := letter["wenguo-class"] + " " + letter["wenguo-field"]; got != want || letter["wenguo-reason"] == "" {
			t.Errorf("%s: the dead letter says %s and gives the reason %q", want, got, letter["wenguo-reason"])
		}
		if letter["wenguo-topic"] != ingest.TopicDecisions {
			t.Errorf("%s: the dead letter says that it comes from %q", want, letter["wenguo-topic"])
		}
	}
}
