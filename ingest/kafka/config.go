package kafka

import (
	"errors"
	"time"

	"wenguo/ingest"
)

// Config of the consumer, the producer and the topics.
type Config struct {
	// Brokers are host:port addresses.
	Brokers []string `yaml:"brokers"`
	// Group is the consumer group's id.
	Group string `yaml:"group"`
	// Partitions of a topic that has to be created.
	Partitions int `yaml:"partitions"`
	// Replicas of a topic that has to be created.
	Replicas int `yaml:"replicas"`
	// Retention of a topic that has to be created; 0 keeps everything. Imported history carries old message times, which
	// Kafka compares with it.
	Retention time.Duration `yaml:"retention"`
	// DeadLetterRetention of the dead-letter topic, if it has to be created, counted from when a message was refused; 0 keeps
	// everything. What is refused cannot be searched for a customer, so time alone removes it.
	DeadLetterRetention time.Duration `yaml:"dead_letter_retention"`
	// BlockEvents, BlockBytes and BlockWait close a block, whichever comes first; BlockWait runs from its first message.
	BlockEvents int           `yaml:"block_events"`
	BlockBytes  int           `yaml:"block_bytes"`
	BlockWait   time.Duration `yaml:"block_wait"`
	// SessionTimeout is after what silence the group gives a partition to another member.
	SessionTimeout time.Duration `yaml:"session_timeout"`
	// DrainTimeout bounds how long a planned block may take to finish when its generation ends; below SessionTimeout.
	DrainTimeout time.Duration `yaml:"drain_timeout"`
	// InFlightBytes bounds the messages that all workers hold together; a worker that finds no room does not fetch.
	InFlightBytes int64 `yaml:"in_flight_bytes"`

	// Topic is what the consumer reads; DeadLetters is where refused messages go.
	Topic       string `yaml:"topic"`
	DeadLetters string `yaml:"dead_letters"`
}

// DefaultConfiguration leaves the brokers to be named.
func DefaultConfiguration() Config {
	return Config{
		Group: "wenguo", Partitions: 4, Replicas: 1, DeadLetterRetention: 30 * 24 * time.Hour,
		BlockEvents: 20_000, BlockBytes: 16 << 20, BlockWait: 300 * time.Millisecond,
		SessionTimeout: 10 * time.Second, DrainTimeout: 6 * time.Second, InFlightBytes: 64 << 20,
		Topic: ingest.TopicEvents, DeadLetters: ingest.TopicDeadLetters,
	}
}

// Validate names the first setting that cannot work.
func (c Config) Validate() error {
	switch {
	case len(c.Brokers) == 0:
		return errors.New("kafka.brokers is empty: name at least one host:port")
	case c.Partitions < 1:
		return errors.New("kafka.partitions must be at least 1")
	case c.BlockEvents < 1 || c.BlockBytes < 1 || c.BlockWait <= 0:
		return errors.New("kafka.block_events, block_bytes and block_wait must be positive")
	case c.DrainTimeout >= c.SessionTimeout:
		return errors.New("kafka.drain_timeout must be below kafka.session_timeout, or a block could outlive its generation")
	case c.InFlightBytes < int64(c.BlockBytes):
		return errors.New("kafka.in_flight_bytes must hold at least one block (kafka.block_bytes)")
	}
	return nil
}
