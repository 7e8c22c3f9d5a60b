package kafka

import (
	"context"
	"errors"
	"fmt"

	kafkago "github.com/segmentio/kafka-go"
)

// fetchOffset reads the group's offset of the partition and its metadata; -1 when there is none.
func (w *worker) fetchOffset(ctx context.Context) (int64, string, error) {
	answer, err := w.c.client.OffsetFetch(ctx, &kafkago.OffsetFetchRequest{
		GroupID: w.generation.GroupID, Topics: map[string][]int{w.topic: {w.partition}},
	})
	if err == nil {
		err = answer.Error
	}
	if err != nil {
		return 0, "", fmt.Errorf("read the group's offset: %w", err)
	}
	for _, p := range answer.Topics[w.topic] {
		if p.Partition == w.partition {
			if p.Error != nil {
				return 0, "", fmt.Errorf("read the group's offset: %w", p.Error)
			}
			return p.CommittedOffset, p.Metadata, nil
		}
	}
	return 0, "", errors.New("read the group's offset: the answer lacks the partition")
}

// commit tells the group that everything before next is stored, and, when metadata is a plan, what comes next.
func (w *worker) commit(ctx context.Context, metadata string) error {
	answer, err := w.c.client.OffsetCommit(ctx, &kafkago.OffsetCommitRequest{
		GroupID: w.generation.GroupID, GenerationID: int(w.generation.ID), MemberID: w.generation.MemberID,
		Topics: map[string][]kafkago.OffsetCommit{w.topic: {{Partition: w.partition, Offset: w.next, Metadata: metadata}}},
	})
	if err != nil {
		return fmt.Errorf("commit offset %d: %w", w.next, err)
	}
	for _, p := range answer.Topics[w.topic] {
		if p.Partition != w.partition || p.Error == nil {
			continue
		}
		if errors.Is(p.Error, kafkago.IllegalGeneration) || errors.Is(p.Error, kafkago.UnknownMemberId) || errors.Is(p.Error, kafkago.RebalanceInProgress) {
			w.c.metrics.fenced.WithLabelValues(w.label).Inc()
			return fmt.Errorf("commit offset %d: %w: %w", w.next, errFenced, p.Error)
		}
		return fmt.Errorf("commit offset %d: %w", w.next, p.Error)
	}
	w.dirty = false
	w.c.metrics.committed.WithLabelValues(w.label).Set(float64(w.next))
	return nil
}

func (w *worker) firstOffset(ctx context.Context) (int64, error) {
	answer, err := w.c.client.ListOffsets(ctx, &kafkago.ListOffsetsRequest{
		Topics: map[string][]kafkago.OffsetRequest{w.topic: {kafkago.FirstOffsetOf(w.partition)}},
	})
	if err != nil {
		return 0, fmt.Errorf("find the first offset: %w", err)
	}
	for _, p := range answer.Topics[w.topic] {
		if p.Partition == w.partition && p.Error == nil {
			return p.FirstOffset, nil
		}
	}
	return 0, fmt.Errorf("find the first offset of %s/%d: no answer for it", w.topic, w.partition)
}
