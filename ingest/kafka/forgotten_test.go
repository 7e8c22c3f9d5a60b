package kafka_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"wenguo/ingest"
	"wenguo/ingest/kafka"
)

// forgetting writes down every third token, forgets the rows and is killed; from then on it takes the block for repeated.
// The engine writes its log of tokens before it keeps the rows, so that a kill between the two leaves exactly this.
type forgetting struct {
	kafka.Sink
	mu     sync.Mutex
	known  map[string]bool
	tokens int
}

func (f *forgetting) InsertBlock(ctx context.Context, b ingest.Block) error {
	f.mu.Lock()
	lost, met := f.known[b.Token()]
	if !met {
		f.tokens++
		lost = f.tokens%3 == 0
		f.known[b.Token()] = lost
	}
	f.mu.Unlock()
	switch {
	case lost && met:
		return nil
	case lost:
		return errors.New("the connection was cut")
	}
	return f.Sink.InsertBlock(ctx, b)
}

func TestABlockThatTheStoreKnowsAndDoesNotHaveIsSentAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.produce(400, every(30))
	sink := &forgetting{Sink: r.store, known: map[string]bool{}}
	m := r.join(sink, nil)
	r.settle()
	if m.total(t, "forgotten_blocks_total") == 0 {
		t.Error("nothing was forgotten, so the test proves nothing")
	}
	m.stop()
	r.verify()
}
