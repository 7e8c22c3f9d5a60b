package kafka

import (
	"errors"
	"time"

	"wenguo/ingest"
	"wenguo/ingest/wire"
)

// Config of the consumer, the producer and the topics.
type Config struct {
	// Brokers are host:port addresses.
	Brokers []string `yaml:"brokers"`
	// TLS of every connection to the brokers.
	TLS wire.TLS `yaml:"tls"`
	// SASL is the login at the brokers.
	SASL SASL `yaml:"sasl"`
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
	// DrainTimeout bounds how long a planned block may take to finish when its generation ends, and each single question to
	// Kafka or the store; below SessionTimeout.
	DrainTimeout time.Duration `yaml:"drain_timeout"`
	// InFlightBytes bounds the messages that all workers hold together; a worker that finds no room does not fetch.
	InFlightBytes int64 `yaml:"in_flight_bytes"`
	// InsertsInFlight bounds the inserts that run at once in this process.
	InsertsInFlight int `yaml:"inserts_in_flight"`

	// FloodRun and FloodRatio are when a partition's refused messages are a flood: so many one after another, or such a
	// share of the last FloodWindow messages. 0 leaves that sign aside. A flooded partition writes no dead letters: it
	// rests for FloodPause, then tries as many messages as the window holds, and rests again when they are no better.
	FloodRun    int           `yaml:"flood_run"`
	FloodRatio  float64       `yaml:"flood_ratio"`
	FloodWindow int           `yaml:"flood_window"`
	FloodPause  time.Duration `yaml:"flood_pause"`

	// Topic is what the consumer reads; DeadLetters is where refused messages go.
	Topic       string `yaml:"topic"`
	DeadLetters string `yaml:"dead_letters"`
}

// DefaultConfiguration leaves the brokers to be named.
func DefaultConfiguration() Config {
	return Config{
		Group: "wenguo", Partitions: 4, Replicas: 1, DeadLetterRetention: 30 * 24 * time.Hour,
		BlockEvents: 20_000, BlockBytes: 16 << 20, BlockWait: 300 * time.Millisecond,
		SessionTimeout: 10 * time.Second, DrainTimeout: 6 * time.Second, InFlightBytes: 64 << 20, InsertsInFlight: 4,
		FloodRun: 1000, FloodRatio: .5, FloodWindow: 1000, FloodPause: 5 * time.Minute,
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
	case c.InsertsInFlight < 1:
		return errors.New("kafka.inserts_in_flight must be at least 1")
	case c.FloodRun < 0 || c.FloodRatio < 0 || c.FloodRatio > 1:
		return errors.New("kafka.flood_run must not be negative, kafka.flood_ratio between 0 and 1 (0 turns either off)")
	case c.FloodWindow < 1 || c.FloodPause <= 0:
		return errors.New("kafka.flood_window and flood_pause must be positive")
	}
	return c.validateSecurity()
}
