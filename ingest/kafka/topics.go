package kafka

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	kafkago "github.com/segmentio/kafka-go"

	"wenguo/ingest"
	"wenguo/ingest/wire"
)

// maxMessageBytes lets a message that breaks the contract's limit reach us, so that it is refused with a reason.
const maxMessageBytes = 4 * ingest.MaxEventBytes

func newClient(cfg Config) *kafkago.Client {
	return &kafkago.Client{Addr: kafkago.TCP(cfg.Brokers...), Transport: cfg.transport(), Timeout: cfg.DrainTimeout}
}

// EnsureTopics creates the topics that are missing and waits until Kafka answers, as long as ctx lasts. It does not wait
// when Kafka refuses this program, or this program refuses Kafka's certificate: only a person can change that.
func EnsureTopics(ctx context.Context, cfg Config) error {
	client := newClient(cfg)
	defer release(client.Transport)
	var configs []kafkago.TopicConfig
	for _, name := range []string{cfg.Topic, cfg.DeadLetters, ingest.TopicDecisions} {
		kept, most := cfg.Retention, maxMessageBytes
		if name == cfg.DeadLetters {
			kept, most = cfg.DeadLetterRetention, maxLetterBytes
		}
		configs = append(configs, kafkago.TopicConfig{
			Topic: name, NumPartitions: cfg.Partitions, ReplicationFactor: cfg.Replicas,
			ConfigEntries: []kafkago.ConfigEntry{
				{ConfigName: "retention.ms", ConfigValue: retentionValue(kept)},
				{ConfigName: "max.message.bytes", ConfigValue: strconv.Itoa(most)},
			},
		})
	}
	var last error // that is not merely the end of ctx
	for {
		err := cfg.probe(ctx)
		if err == nil {
			err = cfg.explain(createTopics(ctx, client, configs))
		}
		if err == nil {
			return nil
		}
		if _, refused := errors.AsType[*wire.Refusal](err); refused {
			return fmt.Errorf("create topics: %w", err)
		}
		if last == nil || ctx.Err() == nil {
			last = err
		}
		if !pause(ctx, 500*time.Millisecond) {
			return fmt.Errorf("create topics on %v: %w", cfg.Brokers, last)
		}
	}
}

// retentionValue is retention.ms; -1 keeps everything.
func retentionValue(kept time.Duration) string {
	if kept <= 0 {
		return "-1"
	}
	return strconv.FormatInt(kept.Milliseconds(), 10)
}

func createTopics(ctx context.Context, client *kafkago.Client, configs []kafkago.TopicConfig) error {
	answer, err := client.CreateTopics(ctx, &kafkago.CreateTopicsRequest{Topics: configs})
	if err != nil {
		return fmt.Errorf("ask kafka: %w", err)
	}
	for name, err := range answer.Errors {
		if err != nil && !errors.Is(err, kafkago.TopicAlreadyExists) {
			return fmt.Errorf("topic %s: %w", name, err)
		}
	}
	return nil
}

// EndOffsets gives, for each partition of the topic, the offset that the next message will get.
func EndOffsets(ctx context.Context, cfg Config, topic string) (map[int]int64, error) {
	client := newClient(cfg)
	defer release(client.Transport)
	meta, err := client.Metadata(ctx, &kafkago.MetadataRequest{Topics: []string{topic}})
	if err != nil {
		return nil, fmt.Errorf("list partitions of %s: %w", topic, cfg.explain(err))
	}
	var ask []kafkago.OffsetRequest
	for _, t := range meta.Topics {
		if t.Error != nil {
			return nil, fmt.Errorf("list partitions of %s: %w", topic, t.Error)
		}
		for _, p := range t.Partitions {
			ask = append(ask, kafkago.LastOffsetOf(p.ID))
		}
	}
	answer, err := client.ListOffsets(ctx, &kafkago.ListOffsetsRequest{Topics: map[string][]kafkago.OffsetRequest{topic: ask}})
	if err != nil {
		return nil, fmt.Errorf("list end offsets of %s: %w", topic, err)
	}
	ends := make(map[int]int64, len(ask))
	for _, p := range answer.Topics[topic] {
		if p.Error != nil {
			return nil, fmt.Errorf("end offset of %s/%d: %w", topic, p.Partition, p.Error)
		}
		ends[p.Partition] = p.LastOffset
	}
	return ends, nil
}

// pause waits; it says false when ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
