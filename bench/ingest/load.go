package main

import (
	"context"
	"encoding/json"
	"fmt"
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
	bytes, sent := 0, 0
	batch := make([]ingest.Message, 0, chunk)
	for m, err := range messages() {
		if err != nil {
			return 0, err
		}
		batch = append(batch, m)
		bytes += len(m.Value)
		sent++
		if len(batch) == chunk || sent == n {
			if err := producer.Produce(ctx, batch); err != nil {
				return 0, fmt.Errorf("produce: %w", err)
			}
			batch = batch[:0]
		}
		if sent == n {
			return float64(bytes) / float64(n), nil
		}
	}
	return 0, fmt.Errorf("the simulated company gave %d events, want %d", sent, n)
}

// form is what every event of a complaint carries beside its own fields.
type form struct {
	Title    string `json:"title"`
	Content  string `json:"content"`
	Category string `json:"category"`
	Priority string `json:"priority"`
}

// messages gives simulated events, each id once and each one sound.
func messages() func(yield func(ingest.Message, error) bool) {
	return func(yield func(ingest.Message, error) bool) {
		from := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
		world, err := simulate.New(simulate.Config{
			Seed: 7, Start: from, Zone: time.FixedZone("Asia/Shanghai", 8*60*60),
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
	var event map[string]json.RawMessage
	if err := json.Unmarshal(r.Value, &event); err != nil {
		return nil, "", fmt.Errorf("read simulated event: %w", err)
	}
	if err := json.Unmarshal(event["event_id"], &id); err != nil {
		return nil, "", fmt.Errorf("read event_id: %w", err)
	}
	data := map[string]any{}
	if len(event["data"]) > 0 {
		if err := json.Unmarshal(event["data"], &data); err != nil {
			return nil, "", fmt.Errorf("read data: %w", err)
		}
	}
	f, known := forms[r.ComplaintID]
	if !known || r.Kind == ingest.KindRegistered {
		f = form{Title: "网络投诉", Content: "客户来电反映问题，详见附件。", Category: "其他", Priority: "normal"}
		for name, field := range map[string]*string{"title": &f.Title, "content": &f.Content, "category": &f.Category, "priority": &f.Priority} {
			if s, ok := data[name].(string); ok && s != "" {
				*field = s
			}
		}
		forms[r.ComplaintID] = f
	}
	content := f.Content
	if room := meanBytes - len(r.Value) - len(f.Title) - len(f.Category) - 70; r.Kind != ingest.KindRegistered && room > 0 {
		content = cutTo(strings.Repeat(f.Content, room/len(f.Content)+1), room)
	}
	for name, s := range map[string]string{"title": f.Title, "content": content, "category": f.Category, "priority": f.Priority} {
		if _, own := data[name]; !own {
			data[name] = s
		}
	}
	if event["data"], err = json.Marshal(data); err == nil {
		value, err = json.Marshal(event)
	}
	if err != nil {
		return nil, "", fmt.Errorf("write event: %w", err)
	}
	return value, id, nil
}

// cutTo cuts a text to at most n bytes between characters.
func cutTo(text string, n int) string {
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}
