package kafka

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"time"

	kafkago "github.com/segmentio/kafka-go"

	"wenguo/ingest"
)

// idleCommit is after what quiet the last block is committed by itself instead of with the next plan.
const idleCommit = time.Second

// First and longest wait before something is tried again.
const (
	firstWait   = 100 * time.Millisecond
	longestWait = 5 * time.Second
)

// errFenced says that Kafka refused a commit because this generation is over.
var errFenced = errors.New("the generation is over")

// errAborted is what a failure point of the tests answers with from the moment of a kill.
var errAborted = errors.New("aborted")

// final are the errors that asking again cannot help.
var final = []error{errFenced, errAborted, errCutLog, kafkago.OffsetOutOfRange} //nolint:gochecknoglobals // a constant list

// step is a moment between two effects of the protocol.
type step string

// The moments, in the order of a block.
const (
	stepRead       step = "messages are read"
	stepLettering  step = "dead letters are about to be written"
	stepLettered   step = "dead letters are written"
	stepCommitting step = "a commit is about to be sent"
	stepCommitted  step = "a commit is acknowledged"
	stepInserting  step = "a block is about to be inserted"
	stepInserted   step = "a block is inserted"
	stepTakenOver  step = "the group's offset is read"
	stepLookedUp   step = "the last stored block is known"
)

// at is a failure point. The log names it for whoever looks, or kills, from outside.
func (w *worker) at(s step) error {
	w.log.Debug(string(s), "next", w.next) //nolint:sloglint // steps are constants
	if w.c.steps == nil {
		return nil
	}
	return w.c.steps(w.partition, s)
}

// restError says that the partition must not go on for a while. What was read is dropped, nothing of it was planned.
type restError struct {
	time time.Duration
	why  error
}

func (e *restError) Error() string { return e.why.Error() }
func (e *restError) Unwrap() error { return e.why }

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
	// lettered is the offset below which this worker has written all dead letters of what it planned.
	lettered int64
	// failing is the end of a block that the store refused for good; until next reaches it blocks are halved.
	failing int64
	flood   flood
	reader
}

func newWorker(c *Consumer, generation *kafkago.Generation, topic string, partition int) *worker {
	w := &worker{
		c: c, generation: generation, topic: topic, partition: partition, label: strconv.Itoa(partition),
		log:    c.log.With("topic", topic, "partition", partition, "generation", generation.ID),
		reader: reader{client: c.client, topic: topic, partition: partition},
	}
	w.reader.patiently = w.patiently
	return w
}

// run works until the generation ends. It returns earlier only when it cannot be sure of its place; the group then starts
// a new generation.
func (w *worker) run(generation context.Context) {
	ctx, cancel := context.WithCancel(generation)
	defer cancel()
	defer w.c.metrics.forget(w.label)
	err := w.takeOver(ctx)
	for err == nil && ctx.Err() == nil {
		err = w.step(ctx)
	}
	if w.dirty && !errors.Is(err, errFenced) {
		err = errors.Join(err, w.bounded(ctx, func(ctx context.Context) error { return w.commit(ctx, "") }))
	}
	switch {
	case err == nil:
	case errors.Is(err, errFenced):
		w.log.Info("partition went to another member")
	case ctx.Err() != nil:
		w.log.Info("generation ended before the work did, whoever comes next does it", "error", err)
	default:
		w.log.Error("partition worker stopped, the group will assign it again", "error", err)
		pause(ctx, time.Second)
	}
}

// step carries one block through while the process has room for it, or rests.
func (w *worker) step(ctx context.Context) error {
	if err := w.takeRoom(ctx); err != nil {
		return nil //nolint:nilerr // the generation ended, the caller looks at ctx
	}
	err := w.block(ctx)
	w.c.room.Release(int64(w.c.cfg.BlockBytes))
	resting, ok := errors.AsType[*restError](err)
	if !ok {
		return err
	}
	w.ahead, w.failing = nil, 0
	if w.dirty {
		if err := w.commit(ctx, ""); err != nil {
			return err
		}
	}
	for left := resting.time; left > 0 && pause(ctx, min(left, longestWait)); left -= longestWait {
		w.measureLag(ctx)
	}
	return nil
}

// block reads, plans and stores one block, or commits when there is nothing to read.
func (w *worker) block(ctx context.Context) error {
	records, err := w.gather(ctx, w.next, w.bounds())
	if err == nil {
		err = w.at(stepRead)
	}
	if errors.Is(err, kafkago.OffsetOutOfRange) {
		return w.outOfRange(ctx)
	}
	if err != nil || ctx.Err() != nil { // what is not planned yet is read again by whoever comes next
		return err
	}
	w.c.metrics.lag.WithLabelValues(w.label).Set(float64(max(0, w.highWater-w.next)))
	if len(records) == 0 {
		if w.dirty && w.quietFor >= idleCommit {
			return w.commit(ctx, "")
		}
		return nil
	}
	block := w.build(records, records[len(records)-1].Offset+1)
	before := w.flood
	flooded := w.flood.judge(w.c.cfg, block)
	if flooded && !w.flood.probing {
		return w.dam(block)
	}
	if err := w.deadLetter(ctx, block); err != nil {
		w.flood = before // the same messages come again
		return err
	}
	if err := w.commit(ctx, plan{End: block.End, Decoder: block.Decoder}.String()); err != nil {
		return err
	}
	w.c.metrics.planned.WithLabelValues(w.label).Set(float64(block.End))
	if err := w.store(ctx, block, records, 0); err != nil {
		return err
	}
	if !w.flood.probing {
		return nil
	}
	if flooded {
		return w.dam(block)
	}
	w.undam()
	return nil
}

// bounds are those of the next block: the configured ones, fewer messages while a fault is looked for.
func (w *worker) bounds() Config {
	cfg := w.c.cfg
	if w.flood.probing {
		cfg.BlockEvents = min(cfg.BlockEvents, cfg.FloodWindow)
	}
	if w.next >= w.failing {
		return cfg
	}
	n := 0
	for n < len(w.ahead) && w.ahead[n].Offset < w.failing {
		n++
	}
	cfg.BlockEvents = max(1, min(cfg.BlockEvents, n/2))
	return cfg
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

// patiently asks again, each time within the drain time, until an answer comes, ctx ends or asking again cannot help.
func (w *worker) patiently(ctx context.Context, what string, ask func(context.Context) error) error {
	for wait := firstWait; ; wait = min(2*wait, longestWait) {
		attempt, cancel := context.WithTimeout(ctx, w.c.cfg.DrainTimeout)
		err := ask(attempt)
		cancel()
		if err == nil || slices.ContainsFunc(final, func(f error) bool { return errors.Is(err, f) }) {
			return err
		}
		if ctx.Err() != nil {
			return fmt.Errorf("%s: %w", what, errors.Join(ctx.Err(), err))
		}
		w.c.metrics.asked.WithLabelValues(what).Inc()
		w.log.Warn("no answer, asked again", "what", what, "error", err, "wait_seconds", wait.Seconds())
		pause(ctx, wait)
	}
}
