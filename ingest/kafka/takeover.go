package kafka

import (
	"context"
	"errors"
	"fmt"
	"slices"

	kafkago "github.com/segmentio/kafka-go"

	"wenguo/ingest"
)

// takeOver finds where the partition stands and carries out a plan that was left. The group's offset says where the last
// member was; the store says what is in it. They agree unless the offset was lost, reset or late, or the store came from
// a backup, and then the store is right.
func (w *worker) takeOver(ctx context.Context) error {
	committed, metadata, err := w.fetchOffset(ctx)
	if err != nil {
		return err
	}
	if err := w.at(stepTakenOver); err != nil {
		return err
	}
	p, planned, err := parsePlan(metadata, committed)
	if err != nil {
		return fmt.Errorf("take over %s/%d at %d: %w", w.topic, w.partition, committed, err)
	}
	foreign := planned && p.Decoder != ingest.DecoderVersion
	if foreign {
		// Its insert may still be under way; ours would not have the same token.
		w.log.Warn("a plan of another decoder was left, its insert is waited for", "start", committed, "end", p.End, "decoder", p.Decoder)
		w.c.metrics.foreign.WithLabelValues(w.label).Inc()
		if !pause(ctx, 2*w.c.cfg.DrainTimeout) {
			return nil
		}
	}
	start, end, err := w.lastBlock(ctx)
	if err == nil {
		err = w.at(stepLookedUp)
	}
	if err != nil {
		return err
	}
	place := end
	if end == 0 {
		if place, err = w.firstOffset(ctx); err != nil {
			return err
		}
	}
	w.next = place
	switch {
	case planned && committed == place:
		return w.carryOut(ctx, p, foreign)
	case planned && committed == start && p.End == end:
		w.c.metrics.replays.WithLabelValues(w.label).Inc()
		w.log.Info("a plan that was left is stored already", "start", start, "end", end)
		return w.mend(ctx, start, end, foreign)
	case !planned && (committed == place || committed < 0 && end == 0):
		return nil
	}
	w.c.metrics.disagreements.WithLabelValues(w.label).Inc()
	w.log.Warn("the group's offset is not where the store ends, the store decides", "committed", committed, "planned_end", p.End, "stored_start", start, "stored_end", end)
	if end > 0 {
		return w.mend(ctx, start, end, false)
	}
	w.dirty = true
	return nil
}

// carryOut does what was planned at next, of which nothing is stored. The plan is committed again first: only the member
// that owns the partition may insert.
func (w *worker) carryOut(ctx context.Context, p plan, foreign bool) error {
	records, err := w.exactly(ctx, w.next, p.End)
	if errors.Is(err, kafkago.OffsetOutOfRange) {
		return w.outOfRange(ctx)
	}
	if err != nil {
		return err
	}
	w.c.metrics.replays.WithLabelValues(w.label).Inc()
	w.log.Info("carrying out a plan that was left", "start", w.next, "end", p.End, "messages", len(records))
	block := w.build(records, p.End)
	if p.Refused != nil && len(records) == 1 {
		block = w.unstorable(records[0], p.End, *p.Refused)
	}
	if foreign { // this decoder may refuse others
		if err := w.letters(ctx, block); err != nil {
			return err
		}
	}
	p.Decoder = ingest.DecoderVersion
	if err := w.commit(ctx, p.String()); err != nil {
		return err
	}
	w.c.metrics.planned.WithLabelValues(w.label).Set(float64(p.End))
	return w.store(ctx, block, records, tried)
}

// mend completes the stored block [start, end), which may lack its refusals, and goes on behind it. Messages that the
// log has lost meanwhile stay missing.
func (w *worker) mend(ctx context.Context, start, end int64, foreign bool) error {
	records, err := w.exactly(ctx, start, end)
	if errors.Is(err, kafkago.OffsetOutOfRange) || errors.Is(err, errCutLog) {
		w.log.Warn("the log does not hold the last stored block any more, it is taken as whole", "start", start, "end", end)
		w.next, w.dirty = end, true
		return nil
	}
	if err != nil {
		return err
	}
	kept, err := w.offsets(ctx, start, end)
	if err != nil {
		return err
	}
	missing := slices.DeleteFunc(records, func(r ingest.Record) bool {
		_, found := slices.BinarySearch(kept, r.Offset)
		return found
	})
	if len(missing) == 0 {
		w.next, w.dirty = end, true
		return nil
	}
	w.log.Info("completing a block that was stored in part", "start", start, "end", end, "missing", len(missing))
	w.next = start
	block := w.build(missing, end)
	block.Rest = true
	if foreign {
		if err := w.letters(ctx, block); err != nil {
			return err
		}
	}
	if err := w.commit(ctx, plan{End: end, Decoder: block.Decoder}.String()); err != nil {
		return err
	}
	if _, err := w.insert(ctx, block, tried); err != nil {
		return err
	}
	w.stored(block)
	return nil
}

// errCutLog says that the log ends before what was read of it.
var errCutLog = errors.New("the log ends before messages that were acknowledged")

// outOfRange goes on at the log's first message when those before it are gone by retention: nobody can read them any
// more. A log that ends before next has lost messages or was made anew; going on would skip or mix, so the partition stops.
func (w *worker) outOfRange(ctx context.Context) error {
	first, err := w.firstOffset(ctx)
	if err != nil {
		return err
	}
	if first <= w.next {
		return fmt.Errorf("%s/%d holds nothing at %d: %w; if the topic was made anew, use another kafka.group and database", w.topic, w.partition, w.next, errCutLog)
	}
	w.c.metrics.lost.WithLabelValues(w.label).Add(float64(first - w.next))
	w.log.Error("messages were deleted by retention before they were stored", "from", w.next, "to", first)
	w.next, w.dirty, w.ahead, w.failing = first, true, nil, 0
	return nil
}

func (w *worker) lastBlock(ctx context.Context) (start, end int64, err error) {
	err = w.patiently(ctx, "last block", func(ctx context.Context) error {
		start, end, err = w.c.sink.LastBlock(ctx, w.topic, w.partition)
		return err
	})
	return start, end, err
}

func (w *worker) offsets(ctx context.Context, start, end int64) (kept []int64, err error) {
	err = w.patiently(ctx, "stored offsets", func(ctx context.Context) error {
		kept, err = w.c.sink.Offsets(ctx, w.topic, w.partition, start, end)
		return err
	})
	return kept, err
}
