package kafka

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"wenguo/ingest"
)

// deadLetter writes the refused messages before the plan, so that none is skipped; while it fails the partition rests.
func (w *worker) deadLetter(ctx context.Context, b ingest.Block) error {
	fresh := b
	fresh.Rejects = slices.DeleteFunc(slices.Clone(b.Rejects), func(r ingest.Refused) bool { return r.Offset < w.lettered })
	if err := w.letters(ctx, fresh); err != nil {
		return err
	}
	w.lettered = max(w.lettered, b.End)
	return nil
}

// letters writes a block's refusals to the dead-letter topic.
func (w *worker) letters(ctx context.Context, b ingest.Block) error {
	if len(b.Rejects) == 0 {
		return nil
	}
	attempt, cancel := context.WithTimeout(ctx, w.c.cfg.DrainTimeout)
	defer cancel()
	if err := w.at(stepLettering); err != nil {
		return err
	}
	if err := w.c.dead.deadLetters(attempt, b); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("dead letters: %w", errors.Join(ctx.Err(), err))
		}
		w.c.metrics.deadLetterErrors.Inc()
		w.log.Error("dead-letter topic does not take messages, the partition waits", "error", err)
		return &restError{time: time.Second, why: err}
	}
	for _, r := range b.Rejects {
		w.c.metrics.rejects.WithLabelValues(string(r.Err.Class)).Inc()
		w.log.Debug("message refused", "offset", r.Offset, "class", r.Err.Class, "field", r.Err.Field)
	}
	if err := w.at(stepLettered); err != nil {
		return err
	}
	first := b.Rejects[0]
	w.log.Warn("messages refused and written to the dead-letter topic", "count", len(b.Rejects),
		"first_offset", first.Offset, "first_class", first.Err.Class, "first_field", first.Err.Field)
	return nil
}

// store inserts a planned block of these records. A block that the store refuses for good is planned again in halves,
// until the message is found that is to blame.
func (w *worker) store(ctx context.Context, b ingest.Block, records []ingest.Record, how int) error {
	refused, err := w.insert(ctx, b, how|divisible)
	if err != nil {
		return err
	}
	if refused != nil {
		return w.split(ctx, b, records, refused)
	}
	w.stored(b)
	return nil
}

// How an insert may go.
const (
	divisible = 1 << iota // the caller wants to know when the store refuses the rows for good
	tried                 // the same block may have been sent before
)

// insert sends the same block under the same token until it is in, or until the store refuses its rows for good and such
// an answer is wanted. When the generation ends meanwhile it has the drain time left; a block that is not in by then is
// carried out by whoever finds its plan.
func (w *worker) insert(ctx context.Context, b ingest.Block, how int) (refused *ingest.StoreError, err error) {
	err = w.bounded(ctx, func(ctx context.Context) error {
		for wait := firstWait; ; wait = min(2*wait, longestWait) {
			err := w.attempt(ctx, b)
			whole := true
			if err == nil && how&tried != 0 {
				whole, err = w.whole(ctx, &b)
			}
			if err == nil && whole || errors.Is(err, errAborted) {
				return err
			}
			if how |= tried; err == nil {
				continue
			}
			failure, ok := errors.AsType[*ingest.StoreError](err)
			if ok && failure.Permanent && how&divisible != 0 {
				refused = failure
				return nil
			}
			if ctx.Err() != nil {
				return fmt.Errorf("insert %s: %w", b.Token(), errors.Join(ctx.Err(), err))
			}
			code := "unknown"
			if ok {
				code = failure.Code
			}
			w.c.metrics.retries.WithLabelValues(code).Inc()
			w.log.Warn("insert failed, the same block is tried again", "token", b.Token(), "code", code, "error", err, "wait_seconds", wait.Seconds())
			pause(ctx, wait)
			w.measureLag(ctx)
		}
	})
	return refused, err
}

// whole looks whether a block is stored that the store has taken, and makes of it what is not. A store that was killed
// between writing down a token and keeping the rows knows the token when it is back, and takes the rows for repeated.
// Whoever meets that sends the same rest under the same next token.
func (w *worker) whole(ctx context.Context, b *ingest.Block) (bool, error) {
	kept, err := w.offsets(ctx, b.Start, b.End)
	if err != nil {
		return false, err
	}
	stored := func(offset int64) bool {
		_, found := slices.BinarySearch(kept, offset)
		return found
	}
	rest := *b
	rest.Events = slices.DeleteFunc(slices.Clone(b.Events), func(e ingest.Accepted) bool { return stored(e.Offset) })
	rest.Rejects = slices.DeleteFunc(slices.Clone(b.Rejects), func(r ingest.Refused) bool { return stored(r.Offset) })
	if len(rest.Events)+len(rest.Rejects) == 0 {
		return true, nil
	}
	rest.Again++
	w.c.metrics.forgotten.WithLabelValues(w.label).Inc()
	w.log.Warn("the store knows a block and does not have it, its rows are sent under another token",
		"token", b.Token(), "missing", len(rest.Events)+len(rest.Rejects))
	*b = rest
	return false, nil
}

// attempt is one insert, bounded in time and in its number beside others.
func (w *worker) attempt(ctx context.Context, b ingest.Block) error {
	waiting := time.Now()
	if err := w.c.inserts.Acquire(ctx, 1); err != nil {
		return fmt.Errorf("wait for other inserts: %w", err)
	}
	defer w.c.inserts.Release(1)
	w.c.metrics.backPressure.Add(time.Since(waiting).Seconds())
	ctx, cancel := context.WithTimeout(ctx, w.c.cfg.DrainTimeout)
	defer cancel()
	if err := w.at(stepInserting); err != nil {
		return err
	}
	started := time.Now()
	if err := w.c.sink.InsertBlock(ctx, b); err != nil {
		return err
	}
	if err := w.at(stepInserted); err != nil {
		return err
	}
	w.c.metrics.inserts.Observe(time.Since(started).Seconds())
	return nil
}

// stored goes on behind a block that is in.
func (w *worker) stored(b ingest.Block) {
	w.next, w.dirty = b.End, true
	m, bytes := w.c.metrics, 0
	for _, e := range b.Events {
		bytes += len(e.Value)
	}
	m.events.WithLabelValues(w.label).Add(float64(len(b.Events)))
	m.bytes.WithLabelValues(w.label).Add(float64(bytes))
	m.blockRows.Observe(float64(len(b.Events) + len(b.Rejects)))
	m.lag.WithLabelValues(w.label).Set(float64(max(0, w.highWater-b.End)))
}

// split deals with a planned block that the store refuses for good. Nothing of it is stored, so it may be planned again,
// shorter: the next plan is the first half, from the same offset and fenced like any other, and a crash at any moment
// leaves one plan to carry out. A message that is refused alone becomes a dead letter.
func (w *worker) split(ctx context.Context, b ingest.Block, records []ingest.Record, refused *ingest.StoreError) error {
	if ctx.Err() != nil {
		return fmt.Errorf("insert %s: %w", b.Token(), errors.Join(ctx.Err(), refused))
	}
	kept, err := w.offsets(ctx, b.Start, b.End)
	if err != nil {
		return err
	}
	if len(kept) > 0 { // an earlier attempt went through
		return w.mend(ctx, b.Start, b.End, false)
	}
	w.c.metrics.splits.WithLabelValues(refused.Code).Inc()
	if len(records) > 1 {
		w.log.Warn("the store refuses a block for good, it is planned again in halves", "token", b.Token(), "code", refused.Code, "messages", len(records))
		w.ahead, w.failing = slices.Concat(records, w.ahead), b.End
		return nil
	}
	said := refusal{Field: refused.Field, Code: refused.Code}
	letter := w.unstorable(records[0], b.End, said)
	if !w.flood.probing && w.flood.judge(w.c.cfg, letter) {
		return w.dam(letter)
	}
	if err := w.letters(ctx, letter); err != nil {
		return err
	}
	if err := w.commit(ctx, plan{End: b.End, Decoder: b.Decoder, Refused: &said}.String()); err != nil {
		return err
	}
	if _, err := w.insert(ctx, letter, tried); err != nil {
		return err
	}
	w.stored(letter)
	return nil
}

// unstorable is the block of a message that the store refuses.
func (w *worker) unstorable(r ingest.Record, end int64, said refusal) ingest.Block {
	return ingest.Block{
		Topic: w.topic, Partition: w.partition, Start: w.next, End: end, Decoder: ingest.DecoderVersion,
		Rejects: []ingest.Refused{{Record: r, Err: ingest.Unstorable(said.Field, said.Code)}},
	}
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
