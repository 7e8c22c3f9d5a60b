package kafka

import (
	"context"
	"errors"
	"fmt"

	kafkago "github.com/segmentio/kafka-go"
)

// fetchOffset reads the group's offset of the partition and its metadata; -1 when there is none.
func (w *worker) fetchOffset(ctx context.Context) (offset int64, metadata string, err error) {
	err = w.patiently(ctx, "fetch offset", func(ctx context.Context) error {
		answer, err := w.c.client.OffsetFetch(ctx, &kafkago.OffsetFetchRequest{
			GroupID: w.generation.GroupID, Topics: map[string][]int{w.topic: {w.partition}},
		})
		if err == nil {
			err = answer.Error
		}
		if err != nil {
			return fmt.Errorf("read the group's offset: %w", err)
		}
		for _, p := range answer.Topics[w.topic] {
			if p.Partition == w.partition {
				offset, metadata = p.CommittedOffset, p.Metadata
				return p.Error
			}
		}
		return errors.New("read the group's offset: the answer lacks the partition")
	})
	return offset, metadata, err
}

// commit tells the group that everything before next is stored, and, when metadata is a plan, what comes next.
func (w *worker) commit(ctx context.Context, metadata string) error {
	err := w.patiently(ctx, "commit", func(ctx context.Context) error {
		if err := w.at(stepCommitting); err != nil {
			return err
		}
		answer, err := w.c.client.OffsetCommit(ctx, &kafkago.OffsetCommitRequest{
			GroupID: w.generation.GroupID, GenerationID: int(w.generation.ID), MemberID: w.generation.MemberID,
			Topics: map[string][]kafkago.OffsetCommit{w.topic: {{Partition: w.partition, Offset: w.next, Metadata: metadata}}},
		})
		if err != nil {
			return fmt.Errorf("commit offset %d: %w", w.next, err)
		}
		for _, p := range answer.Topics[w.topic] {
			if p.Partition == w.partition {
				return w.judged(p.Error)
			}
		}
		return fmt.Errorf("commit offset %d: the answer lacks the partition", w.next)
	})
	if err != nil {
		return err
	}
	w.dirty = false
	w.c.metrics.committed.WithLabelValues(w.label).Set(float64(w.next))
	return w.at(stepCommitted)
}

// judged tells a commit that was refused because of its generation from other failures.
func (w *worker) judged(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, kafkago.IllegalGeneration) || errors.Is(err, kafkago.UnknownMemberId) || errors.Is(err, kafkago.RebalanceInProgress) {
		w.c.metrics.fenced.WithLabelValues(w.label).Inc()
		return fmt.Errorf("commit offset %d: %w: %w", w.next, errFenced, err)
	}
	return fmt.Errorf("commit offset %d: %w", w.next, err)
}

// firstOffset is that of the oldest message which the log still has.
func (w *worker) firstOffset(ctx context.Context) (first int64, err error) {
	err = w.patiently(ctx, "first offset", func(ctx context.Context) error {
		p, err := w.listOffset(ctx, kafkago.FirstOffsetOf(w.partition))
		first = p.FirstOffset
		return err
	})
	return first, err
}

// measureLag asks for the end of the log, for a worker that stands still and so does not learn it by fetching.
func (w *worker) measureLag(ctx context.Context) {
	bounded, cancel := context.WithTimeout(ctx, w.c.cfg.DrainTimeout)
	defer cancel()
	if p, err := w.listOffset(bounded, kafkago.LastOffsetOf(w.partition)); err == nil {
		w.c.metrics.lag.WithLabelValues(w.label).Set(float64(max(0, p.LastOffset-w.next)))
	}
}

func (w *worker) listOffset(ctx context.Context, ask kafkago.OffsetRequest) (kafkago.PartitionOffsets, error) {
	answer, err := w.c.client.ListOffsets(ctx, &kafkago.ListOffsetsRequest{Topics: map[string][]kafkago.OffsetRequest{w.topic: {ask}}})
	if err != nil {
		return kafkago.PartitionOffsets{}, fmt.Errorf("list offsets: %w", err)
	}
	for _, p := range answer.Topics[w.topic] {
		if p.Partition == w.partition {
			return p, p.Error
		}
	}
	return kafkago.PartitionOffsets{}, fmt.Errorf("list offsets of %s/%d: no answer for it", w.topic, w.partition)
}
