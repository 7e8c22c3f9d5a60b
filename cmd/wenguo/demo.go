package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"wenguo/ingest"
	"wenguo/ingest/kafka"
	"wenguo/ingest/simulate"
	"wenguo/transform/sla"
)

// Size of the demo's past, and how many records are written at once.
const (
	demoMonths = 13
	demoBatch  = 4000
	demoSeed   = 20260101
)

// demo feeds a simulated company into the bus: its past first, then its present as it happens. What it has fed it keeps
// in the data folder, so that a later start fills the gap and goes on.
type demo struct {
	path     string
	producer *kafka.Producer
	policy   *sla.Policy
	now      func() time.Time
	log      *slog.Logger
	// lock guards state: the committee decides beside the feed.
	lock  sync.Mutex
	state demoState
}

type demoState struct {
	Seed uint64 `json:"seed"`
	// Start is the first instant of the company's history.
	Start time.Time `json:"start"`
	// FedUntil is the instant before which every record is on the bus.
	FedUntil time.Time `json:"fed_until"`
	// Decided says that the committee of the demo has decided about its issues.
	Decided bool `json:"decided,omitempty"`
}

// loadDemo reads how far the demo came on this folder.
func loadDemo(data string, producer *kafka.Producer, policy *sla.Policy, now func() time.Time, log *slog.Logger) (*demo, error) {
	d := &demo{path: filepath.Join(data, "demo.json"), producer: producer, policy: policy, now: now, log: log}
	content, err := os.ReadFile(d.path)
	if errors.Is(err, os.ErrNotExist) {
		today := now().In(policy.Zone)
		start := time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, policy.Zone).AddDate(0, -demoMonths, 0)
		d.state = demoState{Seed: demoSeed, Start: start, FedUntil: start}
		return d, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read demo: %w", err)
	}
	if err := json.Unmarshal(content, &d.state); err != nil {
		return nil, fmt.Errorf("read %s: %w", d.path, err)
	}
	return d, nil
}

// Run feeds until ctx ends.
func (d *demo) Run(ctx context.Context) error {
	world, err := simulate.New(simulate.Config{
		Seed: d.state.Seed, Start: d.state.Start, Zone: d.policy.Zone, IsWorkday: d.workday(),
	})
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	started := d.now()
	n, err := d.past(ctx, world, started)
	if err != nil {
		return d.ended(ctx, err)
	}
	d.log.Info("demo: the past is on the bus", "records", n, "seconds", d.now().Sub(started).Seconds())
	return d.ended(ctx, d.live(ctx, world))
}

// live writes each record at the instant it arrives. Going through them once matters: each beginning looks ninety days
// back for complaints that are still open.
func (d *demo) live(ctx context.Context, world *simulate.World) error {
	const ahead = 10 * 365 * 24 * time.Hour
	for record := range world.Records(d.state.FedUntil, d.now().Add(ahead)) {
		timer := time.NewTimer(record.Arrives.Sub(d.now()))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil
		}
		if err := d.produce(ctx, []ingest.Message{{Key: record.Key, Value: record.Value, Time: record.Arrives}}); err != nil {
			return err
		}
		if err := d.fedUntil(record.Arrives); err != nil {
			return err
		}
	}
	return nil
}

// ended is err, unless the demo was asked to stop.
func (d *demo) ended(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	return nil
}

// workday says which days of the simulated company are working days: those on which the policy's working hours count.
func (d *demo) workday() func(time.Time) bool {
	for _, calendar := range d.policy.Calendars() {
		if calendar.DayLength() < 24*time.Hour {
			return func(t time.Time) bool {
				t = t.In(d.policy.Zone)
				day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, d.policy.Zone)
				return calendar.Between(day, day.AddDate(0, 0, 1)) > 0
			}
		}
	}
	return func(time.Time) bool { return true }
}

// past writes the records that arrived before until. They carry the backfill mark: their message time is not when they
// reached this bus.
func (d *demo) past(ctx context.Context, world *simulate.World, until time.Time) (int, error) {
	total := 0
	batch := make([]ingest.Message, 0, demoBatch)
	flush := func(fed time.Time) error {
		if len(batch) == 0 {
			return nil
		}
		if err := d.produce(ctx, batch); err != nil {
			return err
		}
		total += len(batch)
		batch = batch[:0]
		return d.fedUntil(fed)
	}
	for record := range world.Records(d.state.FedUntil, until) {
		if len(batch) >= demoBatch && record.Arrives.After(batch[len(batch)-1].Time) {
			if err := flush(record.Arrives); err != nil {
				return total, err
			}
		}
		batch = append(batch, ingest.Message{Key: record.Key, Value: record.Value, Time: record.Arrives, Backfill: true})
	}
	if err := flush(until); err != nil {
		return total, err
	}
	return total, d.fedUntil(until)
}

// produce tries until the bus takes the batch: a full disk or a broker that is away must not end everything else.
func (d *demo) produce(ctx context.Context, batch []ingest.Message) error {
	return d.send(ctx, d.producer, batch)
}

func (d *demo) send(ctx context.Context, to *kafka.Producer, batch []ingest.Message) error {
	for {
		err := to.Produce(ctx, batch)
		if err == nil || ctx.Err() != nil {
			return err
		}
		d.log.Warn("demo: the bus takes nothing, trying again", "error", err)
		select {
		case <-time.After(5 * time.Second):
		case <-ctx.Done():
			return fmt.Errorf("feed the bus: %w", ctx.Err())
		}
	}
}

// fedUntil keeps how far the feed came.
func (d *demo) fedUntil(at time.Time) error {
	d.lock.Lock()
	defer d.lock.Unlock()
	d.state.FedUntil = at
	return d.keep()
}

// markDecided keeps that the committee has decided.
func (d *demo) markDecided() error {
	d.lock.Lock()
	defer d.lock.Unlock()
	d.state.Decided = true
	return d.keep()
}

// keep writes the state, with the lock.
func (d *demo) keep() error {
	content, err := json.Marshal(d.state)
	if err != nil {
		return fmt.Errorf("keep demo: %w", err)
	}
	if err := os.WriteFile(d.path+".new", content, 0o600); err != nil {
		return fmt.Errorf("keep demo: %w", err)
	}
	if err := os.Rename(d.path+".new", d.path); err != nil {
		return fmt.Errorf("keep demo: %w", err)
	}
	return nil
}
