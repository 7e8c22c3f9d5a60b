package kafka_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"wenguo/ingest"
	"wenguo/ingest/kafka"
)

// forgetful stores, and loses some of the answers.
type forgetful struct {
	kafka.Sink
	mu    sync.Mutex
	calls int
}

func (f *forgetful) InsertBlock(ctx context.Context, b ingest.Block) error {
	if err := f.Sink.InsertBlock(ctx, b); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.calls++; f.calls%3 == 0 {
		return errors.New("the answer was lost")
	}
	return nil
}

// The token is what makes a repeated insert harmless: the same run on a table that ignores tokens must double rows.
func TestWithoutTheTokenLostAnswersDoubleRows(t *testing.T) {
	for name, window := range map[string]string{"with the token": "10000", "without the token": "0"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			if window == "0" {
				r.change(r.ownStore(), "ALTER TABLE events MODIFY SETTING non_replicated_deduplication_window = 0")
			}
			r.produce(400, none)
			m := r.join(&forgetful{Sink: r.store}, nil)
			r.settle()
			m.stop()
			faults := r.faults()
			if window != "0" && len(faults) > 0 {
				t.Errorf("the store is not exact: %q", faults)
			}
			if window == "0" && len(faults) == 0 {
				t.Error("a table without tokens stayed exact: the test proves nothing")
			}
		})
	}
}

// late keeps the first insert under way until the test delivers it.
type late struct {
	kafka.Sink
	mu   sync.Mutex
	held *ingest.Block
	kept chan struct{}
}

func (l *late) InsertBlock(ctx context.Context, b ingest.Block) error {
	l.mu.Lock()
	if l.held == nil {
		l.held = &b
		close(l.kept)
	}
	l.mu.Unlock()
	<-ctx.Done()
	return ctx.Err()
}

// The plan is what makes the next member cut the same block as one whose insert is still on its way: the same run on a
// broker that forgets plans must double rows.
func TestWithoutThePlanAnInsertUnderWayDoublesRows(t *testing.T) {
	for name, forget := range map[string]bool{"with the plan": false, "without the plan": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			if forget {
				r.cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.OffsetCommit}, Count: -1, When: func(request kmsg.Request) bool {
					for _, topic := range request.(*kmsg.OffsetCommitRequest).Topics {
						for i := range topic.Partitions {
							topic.Partitions[i].Metadata = nil
						}
					}
					return false
				}})
			}
			r.produce(120, none)
			sink := &late{Sink: r.store, kept: make(chan struct{})}
			first := r.join(sink, nil)
			<-sink.kept
			first.stop()
			r.cfg.BlockEvents = 37
			r.produce(120, none)
			second := r.join(r.store, nil)
			r.settle()
			second.stop()
			if err := r.store.InsertBlock(t.Context(), *sink.held); err != nil {
				t.Fatal(err)
			}
			faults := r.faults()
			if !forget && len(faults) > 0 {
				t.Errorf("the store is not exact: %q", faults)
			}
			if forget && len(faults) == 0 {
				t.Error("a group without plans stayed exact: the test proves nothing")
			}
		})
	}
}
