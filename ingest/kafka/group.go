package kafka

import (
	"context"
	"fmt"

	kafkago "github.com/segmentio/kafka-go"

	"wenguo/ingest"
)

// groupOf is the consumer group that reads the topic.
func (c Config) groupOf(topic string) string {
	if topic == ingest.TopicDecisions {
		return c.Group + "-decisions"
	}
	return c.Group
}

// Committed gives, for each partition of the topic, the offset below which everything was stored when the group said so; 0
// where it has said nothing yet.
func Committed(ctx context.Context, cfg Config, topic string) (map[int]int64, error) {
	ends, err := EndOffsets(ctx, cfg, topic)
	if err != nil {
		return nil, err
	}
	partitions := make([]int, 0, len(ends))
	for partition := range ends {
		partitions = append(partitions, partition)
	}
	answer, err := newClient(cfg).OffsetFetch(ctx, &kafkago.OffsetFetchRequest{
		GroupID: cfg.groupOf(topic), Topics: map[string][]int{topic: partitions},
	})
	if err == nil {
		err = answer.Error
	}
	if err != nil {
		return nil, fmt.Errorf("read the group's offsets of %s: %w", topic, err)
	}
	offsets := make(map[int]int64, len(ends))
	for _, p := range answer.Topics[topic] {
		if p.Error != nil {
			return nil, fmt.Errorf("read the group's offset of %s/%d: %w", topic, p.Partition, p.Error)
		}
		offsets[p.Partition] = max(p.CommittedOffset, 0)
	}
	return offsets, nil
}

// SetCommitted makes the group go on at the offsets; a plan that stood there is forgotten. No member may be in the group. A
// topic that ends before an offset is an error: what comes next would be taken for what is stored.
func SetCommitted(ctx context.Context, cfg Config, topic string, offsets map[int]int64) error {
	ends, err := EndOffsets(ctx, cfg, topic)
	if err != nil {
		return err
	}
	commits := make([]kafkago.OffsetCommit, 0, len(offsets))
	for partition, offset := range offsets {
		end, exists := ends[partition]
		if !exists || end < offset {
			return fmt.Errorf("%s/%d ends at %d and is stored up to %d: this is not the topic that the store was filled from", topic, partition, end, offset)
		}
		commits = append(commits, kafkago.OffsetCommit{Partition: partition, Offset: offset})
	}
	answer, err := newClient(cfg).OffsetCommit(ctx, &kafkago.OffsetCommitRequest{
		GroupID: cfg.groupOf(topic), GenerationID: -1, Topics: map[string][]kafkago.OffsetCommit{topic: commits},
	})
	if err != nil {
		return fmt.Errorf("set the group's offsets of %s: %w", topic, err)
	}
	for _, p := range answer.Topics[topic] {
		if p.Error != nil {
			return fmt.Errorf("set the group's offset of %s/%d: %w", topic, p.Partition, p.Error)
		}
	}
	return nil
}
