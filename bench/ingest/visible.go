package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"wenguo/ingest"
	"wenguo/ingest/kafka"
)

// What is asked of produced → visible: so many events a second for so long, in batches of one tick.
const (
	visibleRate = 2000
	visibleTick = 100 * time.Millisecond
)

// visible produces events at a steady rate onto the topic of a running wenguo, registers one complaint after another among
// them, and asks the API for each until it is there.
func (r *running) visible(ctx context.Context) error {
	cfg := r.o.config()
	producer := kafka.NewProducer(cfg, cfg.Topic)
	defer producer.Close()
	bounded, stop := context.WithTimeout(ctx, r.o.visible)
	defer stop()
	steady := make(chan error, 1)
	sent := 0
	started := time.Now()
	go func() { steady <- r.steady(bounded, &sent) }()
	var took []time.Duration
	for i := 0; bounded.Err() == nil; i++ {
		one, err := r.appears(ctx, producer, fmt.Sprintf("probe-%s-%d", r.o.group, i))
		if err != nil {
			return errors.Join(err, <-steady)
		}
		took = append(took, one)
		time.Sleep(time.Duration(i%7) * 15 * time.Millisecond) // so that probes do not fall into step with ticks
	}
	err := <-steady
	slices.Sort(took)
	fmt.Printf("\nproduced → visible at %.0f events/s with %d events stored: p50 %.2f s, p95 %.2f s, longest %.2f s, %d complaints asked for, load %s\n",
		float64(sent)/time.Since(started).Seconds(), r.o.events, took[len(took)/2].Seconds(), took[len(took)*95/100].Seconds(),
		took[len(took)-1].Seconds(), len(took), load())
	return err
}

// steady produces until ctx ends.
func (r *running) steady(ctx context.Context, sent *int) error {
	cfg := r.o.config()
	producer := kafka.NewProducer(cfg, cfg.Topic)
	defer producer.Close()
	tick := time.NewTicker(visibleTick)
	defer tick.Stop()
	var batch []ingest.Message
	for m, err := range messages(8) {
		if err != nil {
			return err
		}
		if batch = append(batch, m); len(batch) < int(visibleRate*visibleTick/time.Second) {
			continue
		}
		if err := producer.Produce(context.WithoutCancel(ctx), batch); err != nil {
			return fmt.Errorf("produce: %w", err)
		}
		*sent += len(batch)
		batch = nil
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
	return nil
}

// appears registers a complaint and says how long it took until the API showed it.
func (r *running) appears(ctx context.Context, producer *kafka.Producer, id string) (time.Duration, error) {
	started := time.Now()
	value := fmt.Sprintf(`{"event_id":"%[1]s","complaint_id":"%[1]s","kind":"registered","occurred_at":"%[2]s","source":"bench",`+
		`"data":{"channel":"web","title":"网络中断","content":"网络中断两天，没有人处理。"}}`, id, started.Format(time.RFC3339Nano))
	if err := producer.Produce(ctx, []ingest.Message{{Key: id, Value: []byte(value), Time: started}}); err != nil {
		return 0, fmt.Errorf("produce: %w", err)
	}
	for time.Since(started) < time.Minute {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+r.address+"/api/v1/complaints/"+id, nil)
		if err != nil {
			return 0, fmt.Errorf("ask for %s: %w", id, err)
		}
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			return 0, fmt.Errorf("ask for %s: %w", id, err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode == http.StatusOK {
			return time.Since(started), nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return 0, fmt.Errorf("%s was not visible within a minute", id)
}
