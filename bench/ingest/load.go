package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"wenguo/ingest"
	"wenguo/ingest/kafka"
	"wenguo/ingest/simulate"
)

// meanBytes is the size of an event, as it is published for the consumers beside which wenguo is measured.
const meanBytes = 850

// chunk is how many messages are handed to the producer at once.
const chunk = 20_000

// produce writes n events onto the topic: lives of complaints, as from a system that sends the complaint's whole form with
// every step, so that each of the ten columns is filled. It gives the mean size.
func produce(ctx context.Context, cfg kafka.Config, n int) (mean float64, err error) {
	producer := kafka.NewProducer(cfg, cfg.Topic)
	defer producer.Close()
	batches := make(chan []ingest.Message, 2)
	written := make(chan error, 1)
	go func() {
		var failed error
		for batch := range batches {
			if failed == nil {
				failed = producer.Produce(ctx, batch)
			}
		}
		written <- failed
	}()
	size, sent := 0, 0
	var batch []ingest.Message
	for m, failed := range messages(7) {
		if err = failed; err != nil || sent == n {
			break
		}
		batch, size, sent = append(batch, m), size+len(m.Value), sent+1
		if len(batch) == chunk || sent == n {
			batches <- batch
			batch = nil
		}
	}
	close(batches)
	return float64(size) / float64(n), errors.Join(err, <-written)
}

// form is what every event of a complaint carries beside its own fields.
type form struct {
	Title    string `json:"title"`
	Content  string `json:"content"`
	Category string `json:"category,omitempty"`
	Priority string `json:"priority,omitempty"`
}

// messages gives simulated events of one company, each id once and each one sound.
func messages(seed uint64) func(yield func(ingest.Message, error) bool) {
	return func(yield func(ingest.Message, error) bool) {
		from := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
		world, err := simulate.New(simulate.Config{
			Seed: seed, Start: from, Zone: time.FixedZone("Asia/Shanghai", 8*60*60),
			PerDay: func(int) float64 { return 2000 }, IsWorkday: func(t time.Time) bool { return t.Weekday()%6 != 0 },
		})
		if err != nil {
			yield(ingest.Message{}, fmt.Errorf("simulate: %w", err))
			return
		}
		forms, seen := map[string]form{}, map[string]bool{}
		for r := range world.Records(from, from.AddDate(20, 0, 0)) {
			if r.Bad != "" {
				continue
			}
			value, id, err := filled(r, forms)
			if err != nil {
				yield(ingest.Message{}, err)
				return
			}
			if seen[id] {
				continue
			}
			seen[id] = true
			if !yield(ingest.Message{Key: r.Key, Value: value, Time: r.Arrives, Backfill: true}, nil) {
				return
			}
		}
	}
}

// filled puts the complaint's form into the event's data and brings it to about meanBytes.
func filled(r simulate.Record, forms map[string]form) (value []byte, id string, err error) {
	_, rest, found := bytes.Cut(r.Value, []byte(`"event_id":"`))
	name, _, ended := bytes.Cut(rest, []byte(`"`))
	head, data, holds := bytes.Cut(r.Value, []byte(`"data":{`))
	if !found || !ended {
		return nil, "", errors.New("a simulated event has no id")
	}
	f := forms[r.ComplaintID]
	if r.Kind == ingest.KindRegistered {
		event, err := ingest.Decode(r.Value)
		if err != nil {
			return nil, "", fmt.Errorf("read simulated event: %w", err)
		}
		d := event.Data.(*ingest.Registered) //nolint:forcetypeassert // it is of that kind
		forms[r.ComplaintID] = form{d.Title, d.Content, d.Category, d.Priority}
		return r.Value, string(name), nil
	}
	if !holds || f.Content == "" {
		return r.Value, string(name), nil
	}
	if room := meanBytes - len(r.Value) - len(f.Title) - len(f.Category) - len(f.Priority) - 55; room > 0 {
		f.Content = cutTo(strings.Repeat(f.Content, room/len(f.Content)+1), room)
	}
	if r.Kind == ingest.KindClassified { // has these itself
		f.Category, f.Priority = "", ""
	}
	own, err := json.Marshal(f)
	if err != nil {
		return nil, "", fmt.Errorf("write form: %w", err)
	}
	if own[len(own)-1] = ','; data[0] == '}' {
		own = own[:len(own)-1]
	}
	return slices.Concat(head, []byte(`"data":`), own, data), string(name), nil
}

// cutTo cuts a text to at most n bytes between characters.
func cutTo(text string, n int) string {
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}
