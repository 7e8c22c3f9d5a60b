package faults_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/ingest/kafka"
)

// feed is how the input goes to Kafka: in batches, at a rate, each sent again until it is acknowledged. What was sent
// without an answer may be on the bus twice; order is kept, because nothing is sent before what came before it.
type feed struct {
	// acked and doubtful may be read when done is closed.
	acked, doubtful int
	done            chan struct{}
}

// startFeed sends the messages, in about the time given.
func startFeed(t *testing.T, cfg kafka.Config, messages []ingest.Message, seed uint64, within time.Duration) *feed {
	f := &feed{done: make(chan struct{})}
	rng := rand.New(rand.NewPCG(seed, 3))
	producer := kafka.NewProducer(cfg, ingest.TopicEvents)
	ctx := t.Context()
	go func() {
		defer close(f.done)
		defer func() { _ = producer.Close() }()
		started := time.Now()
		for ctx.Err() == nil && f.acked < len(messages) {
			part := messages[f.acked:min(f.acked+20+rng.IntN(500), len(messages))]
			bounded, cancel := context.WithTimeout(ctx, 20*time.Second)
			err := producer.Produce(bounded, part)
			cancel()
			if err != nil {
				f.doubtful += len(part)
				continue
			}
			f.acked += len(part)
			due := started.Add(time.Duration(float64(within) * float64(f.acked) / float64(len(messages))))
			select {
			case <-time.After(time.Until(due)):
			case <-ctx.Done():
			}
		}
	}()
	return f
}
