package kafka

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	kafkago "github.com/segmentio/kafka-go"

	"wenguo/ingest"
)

// idleCommit is after what quiet the last block is committed by itself instead of with the next plan.
const idleCommit = time.Second

// errFenced says that Kafka refused a commit because this generation is over.
var errFenced = errors.New("the generation is over")

// worker carries one partition through one generation.
type worker struct {
	c          *Consumer
	generation *kafkago.Generation
	log        *slog.Logger
	label      string

	topic     string
	partition int
	// next is the first offset not yet stored; dirty says that the group does not know it yet.
	next  int64
	dirty bool
	reader
}

func newWorker(c *Consumer, generation *kafkago.Generation, topic string, partition int) *worker {
	return &worker{
		c: c, generation: generation, topic: topic, partition: partition, label: strconv.Itoa(partition),
		log:    c.log.With("topic", topic, "partition", partition, "generation", generation.ID),
		reader: reader{client: c.client, topic: topic, partition: partition},
	}
}

// run works until the generation ends. It returns earlier only when it cannot be sure of its place; the group then starts
// a new generation.
func (w *worker) run(ctx context.Context) {
	err := w.takeOver(ctx)
	for err == nil && ctx.Err() == nil {
		err = w.step(ctx)
	}
	if w.dirty && !errors.Is(err, errFenced) {
		err = errors.Join(err, w.bounded(ctx, func(ctx context.Context) error { return w.commit(ctx, "") }))
	}
	switch {
	case err == nil || ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, errFenced)):
	case errors.Is(err, errFenced):
		w.log.Info("partition went to another member")
	default:
		w.log.Error("partition worker stopped, the group will assign it again", "error", err)
		pause(ctx, time.Second)
	}
}

// takeOver finds where the partition stands and carries out a plan that was left.
func (w *worker) takeOver(ctx context.Context) error {
	offset, metadata, err := w.fetchOffset(ctx)
	if err != nil {
		return err
	}
	if offset < 0 {
		if offset, err = w.firstOffset(ctx); err != nil {
			return err
		}
	}
	w.next = offset
	p, found, err := parsePlan(metadata, offset)
	if err != nil {
		return fmt.Errorf("take over %s/%d at %d: %w", w.topic, w.partition, offset, err)
	}
	if !found {
		return nil
	}
	if p.Decoder != ingest.DecoderVersion {
		return fmt.Errorf("the plan at %d was made by decoder %d, this program has %d: let the version that planned it finish its block first",
			offset, p.Decoder, ingest.DecoderVersion)
	}
	records, err := w.exactly(ctx, offset, p.End)
	if err != nil {
		return err
	}
	w.c.metrics.replays.WithLabelValues(w.label).Inc()
	w.log.Info("carrying out a plan that was left", "start", offset, "end", p.End, "messages", len(records))
	return w.store(ctx, w.build(records, p.End))
}

// step reads, plans and stores one block, or commits when there is nothing to read.
func (w *worker) step(ctx context.Context) error {
	if err := w.takeRoom(ctx); err != nil {
		return nil
	}
	defer w.c.room.Release(int64(w.c.cfg.BlockBytes))
	records, err := w.gather(ctx, w.next, w.c.cfg)
	if err != nil {
		return err
	}
	if ctx.Err() != nil {
		return nil // not planned yet: whoever comes next reads it again
	}
	if len(records) == 0 {
		if w.dirty && w.quietFor >= idleCommit {
			return w.commit(ctx, "")
		}
		return nil
	}
	block := w.build(records, records[len(records)-1].Offset+1)
	if err := w.deadLetter(ctx, block); err != nil {
		return err
	}
	if err := w.commit(ctx, plan{End: block.End, Decoder: block.Decoder}.String()); err != nil {
		return err
	}
	w.c.metrics.planned.WithLabelValues(w.label).Set(float64(block.End))
	return w.store(ctx, block)
}

// takeRoom waits until the process may hold one more block.
func (w *worker) takeRoom(ctx context.Context) error {
	if w.c.room.TryAcquire(int64(w.c.cfg.BlockBytes)) {
		return nil
	}
	started := time.Now()
	err := w.c.room.Acquire(ctx, int64(w.c.cfg.BlockBytes))
	w.c.metrics.backPressure.Add(time.Since(started).Seconds())
	if err != nil {
		return fmt.Errorf("wait for room: %w", err)
	}
	return nil
}

func (w *worker) build(records []ingest.Record, end int64) ingest.Block {
	b := ingest.Block{Topic: w.topic, Partition: w.partition, Start: w.next, End: end, Decoder: ingest.DecoderVersion}
	b.Events = make([]ingest.Accepted, 0, len(records))
	for _, r := range records {
		w.c.add(&b, r)
	}
	return b
}

// deadLetter writes the refused messages before the plan, so that none is skipped; while it fails the partition waits.
func (w *worker) deadLetter(ctx context.Context, b ingest.Block) error {
	if len(b.Rejects) == 0 {
		return nil
	}
	for {
		err := w.c.dead.deadLetters(ctx, b)
		if err == nil {
			break
		}
		if ctx.Err() != nil {
			return fmt.Errorf("dead letters: %w", ctx.Err())
		}
		w.c.metrics.deadLetterErrors.Inc()
		w.log.Error("dead-letter topic does not take messages, the partition waits", "error", err)
		if !pause(ctx, time.Second) {
			return fmt.Errorf("dead letters: %w", ctx.Err())
		}
	}
	for _, r := range b.Rejects {
		w.c.metrics.rejects.WithLabelValues(string(r.Err.Class)).Inc()
		w.log.Debug("message refused", "offset", r.Offset, "class", r.Err.Class, "field", r.Err.Field)
	}
	first := b.Rejects[0]
	w.log.Warn("messages refused and written to the dead-letter topic", "count", len(b.Rejects),
		"first_offset", first.Offset, "first_class", first.Err.Class, "first_field", first.Err.Field)
	return nil
}

// store inserts a planned block, again and again until it is in. When the generation ends meanwhile it has the drain
// time left; a block that is not in by then is carried out by whoever finds its plan.
func (w *worker) store(ctx context.Context, b ingest.Block) error {
	err := w.bounded(ctx, func(ctx context.Context) error {
		for wait := 100 * time.Millisecond; ; wait = min(2*wait, 5*time.Second) {
			started := time.Now()
			err := w.c.sink.InsertBlock(ctx, b)
			if err == nil {
				w.c.metrics.inserts.Observe(time.Since(started).Seconds())
				return nil
			}
			if ctx.Err() != nil {
				return fmt.Errorf("insert %s: %w", b.Token(), errors.Join(ctx.Err(), err))
			}
			w.c.metrics.retries.WithLabelValues(w.label).Inc()
			w.log.Warn("insert failed, the same block is tried again", "token", b.Token(), "error", err, "wait_seconds", wait.Seconds())
			pause(ctx, wait)
		}
	})
	if err != nil {
		return err
	}
	w.next, w.dirty = b.End, true
	m, bytes := w.c.metrics, 0
	for _, e := range b.Events {
		bytes += len(e.Value)
	}
	m.events.WithLabelValues(w.label).Add(float64(len(b.Events)))
	m.bytes.WithLabelValues(w.label).Add(float64(bytes))
	m.blockRows.Observe(float64(len(b.Events) + len(b.Rejects)))
	m.lag.WithLabelValues(w.label).Set(float64(max(0, w.highWater-b.End)))
	return nil
}

// bounded runs f with ctx, and for the drain time longer when ctx ends.
func (w *worker) bounded(ctx context.Context, f func(context.Context) error) error {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	stop := context.AfterFunc(ctx, func() {
		started := time.Now()
		timer := time.AfterFunc(w.c.cfg.DrainTimeout, cancel)
		<-longer.Done()
		timer.Stop()
		w.c.metrics.drain.Add(time.Since(started).Seconds())
	})
	defer stop()
	return f(longer)
}
