package kafka_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/ingest/kafka"
)

// holder keeps a member at the nth time of a step until it is let go.
type holder struct {
	mu      sync.Mutex
	step    kafka.Step
	nth     int
	reached chan struct{}
	release chan struct{}
}

func newHolder(s kafka.Step, nth int) *holder {
	return &holder{step: s, nth: nth, reached: make(chan struct{}), release: make(chan struct{})}
}

func (h *holder) at(_ int, s kafka.Step) error {
	h.mu.Lock()
	hit := false
	if s == h.step {
		h.nth--
		hit = h.nth == 0
	}
	h.mu.Unlock()
	if hit {
		close(h.reached)
		<-h.release
	}
	return nil
}

// A member that is held beyond its session, as by a stopped process, wakes up when another has its partitions.
func TestAZombieBetweenAnyTwoStepsChangesNothing(t *testing.T) {
	for _, s := range kafka.Steps {
		t.Run(string(s), func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.produce(300, every(40))
			h := newHolder(s, 2)
			zombie := r.join(r.store, h.at)
			select {
			case <-h.reached:
			case <-time.After(20 * time.Second):
				t.Fatal("the step was never reached")
			}
			r.cfg.BlockEvents = 37 // blocks cut alike would hide one that nobody planned
			r.join(r.store, nil)
			r.settle()
			close(h.release)
			r.produce(100, every(40))
			r.settle()
			zombie.stop()
			r.verify()
		})
	}
}

func TestRollingRestartsOfThreeMembersUnderLoad(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.produce(200, every(50))
	members := []*member{r.join(r.store, nil), r.join(r.store, nil), r.join(r.store, nil)}
	for i := range members {
		r.produce(200, every(50))
		members[i].stop()
		r.produce(200, every(50))
		members[i] = r.join(r.store, nil)
	}
	r.settle()
	r.verify()
}

// slowSink takes its time for each insert.
type slowSink struct {
	kafka.Sink
	time    time.Duration
	started chan struct{}
}

func (s *slowSink) InsertBlock(ctx context.Context, b ingest.Block) error {
	select {
	case s.started <- struct{}{}:
	default:
	}
	select {
	case <-time.After(s.time):
	case <-ctx.Done():
		return ctx.Err()
	}
	return s.Sink.InsertBlock(ctx, b)
}

func TestAPlannedBlockIsFinishedUnderItsOwnGeneration(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.cfg.SessionTimeout, r.cfg.DrainTimeout = 10*time.Second, 8*time.Second
	r.produce(100, none)
	sink := &slowSink{Sink: r.store, time: time.Second, started: make(chan struct{}, 1)}
	first := r.join(sink, nil)
	<-sink.started
	first.stop()
	if r.held() == 0 {
		t.Error("the block that was planned was not finished")
	}
	second := r.join(r.store, nil)
	r.settle()
	if n := second.total(t, "plan_replays_total"); n != 0 {
		t.Errorf("%g plans were left behind by a member that had time to finish", n)
	}
	r.verify()
}

func TestADrainIsBounded(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.produce(100, none)
	sink := &slowSink{Sink: r.store, time: time.Hour, started: make(chan struct{}, 1)}
	first := r.join(sink, nil)
	<-sink.started
	began := time.Now()
	first.stop()
	if took := time.Since(began); took > 3*r.cfg.DrainTimeout {
		t.Errorf("a member that cannot finish left after %s, its drain time is %s", took, r.cfg.DrainTimeout)
	}
	second := r.join(r.store, nil)
	r.settle()
	if second.total(t, "plan_replays_total") == 0 {
		t.Error("nobody carried out the plan that was left")
	}
	r.verify()
}
