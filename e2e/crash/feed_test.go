package crash_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"wenguo/e2e/program"
	"wenguo/ingest"
	"wenguo/ingest/kafka"
)

// batch is how many messages are sent at once: few enough for the producer to send those of one partition as one batch,
// which the broker takes or refuses whole, so that a resent batch cannot change places with itself.
const batch = 2000

// What is killed.
const (
	everything = "everything"
	parent     = "the parent only"
	engine     = "the engine only"
)

// fault is a kill some time after a number of messages has been acknowledged.
type fault struct {
	at    int
	delay time.Duration
	kill  string
}

// plan draws the moments, each from its share of the messages. The last one comes when all is acknowledged and only the
// store and the facts are behind.
func plan(rng *rand.Rand, size int) []fault {
	faults := []fault{{kill: everything}, {kill: everything}, {kill: parent}, {kill: engine}}
	rng.Shuffle(len(faults), func(i, j int) { faults[i], faults[j] = faults[j], faults[i] })
	share := size / len(faults)
	for i := range faults {
		faults[i].at = i*share + rng.IntN(share*3/4)
	}
	faults = append(faults, fault{at: size, kill: everything})
	for i := range faults {
		faults[i].delay = time.Duration(rng.IntN(500)) * time.Millisecond
	}
	return faults
}

// feeder sends the input, kills according to plan, starts again and sends again what was not acknowledged.
type feeder struct {
	t        *testing.T
	data     string
	up       *program.Up
	producer *kafka.Producer
	// doubtful counts messages sent without an answer; each may be on the bus twice.
	doubtful int
	end      context.CancelFunc
	closing  sync.WaitGroup
}

func (f *feeder) start() {
	f.up = program.Start(f.t, f.data, nil)
	f.producer = kafka.NewProducer(f.bus(), ingest.TopicEvents)
	f.t.Logf("everything runs after %.1f s", f.up.Took.Seconds())
}

func (f *feeder) bus() kafka.Config {
	cfg := kafka.DefaultConfiguration()
	cfg.Brokers = f.up.Kafka
	return cfg
}

func (f *feeder) feed(messages []ingest.Message, faults []fault) {
	f.t.Helper()
	life := f.live()
	defer func() { f.end() }()
	var killed chan struct{}
	for acked := 0; ; {
		if killed == nil && len(faults) > 0 && acked >= faults[0].at {
			next := faults[0]
			f.t.Logf("%d acknowledged: kill %s in %s", acked, next.kill, next.delay)
			faults, killed = faults[1:], make(chan struct{})
			go func() {
				defer close(killed)
				time.Sleep(next.delay)
				f.strike(next.kill)
			}()
		}
		if acked < len(messages) {
			part := messages[acked:min(acked+batch, len(messages))]
			err := f.producer.Produce(life, part)
			if err == nil {
				acked += len(part)
				select {
				case <-killed:
				default:
					continue
				}
			} else if killed == nil {
				f.t.Fatalf("produce: %v\n%s", err, f.up.Log())
			} else {
				f.doubtful += len(part)
			}
		} else if killed == nil {
			return
		}
		<-killed
		killed = nil
		if life.Err() != nil {
			producer := f.producer
			f.closing.Go(func() { _ = producer.Close() })
			f.start()
			life = f.live()
		}
	}
}

// live gives a context that lasts until the broker is killed.
func (f *feeder) live() context.Context {
	life, end := context.WithCancel(f.t.Context())
	f.end = end
	return life
}

func (f *feeder) strike(what string) {
	switch what {
	case everything:
		f.up.KillAll(f.t)
		f.end()
	case parent:
		pid := f.up.EnginePID()
		if pid == 0 {
			f.t.Error("there is no engine")
		}
		f.up.Kill()
		f.end()
		f.t.Logf("the engine followed its parent after %.1f s", program.Gone(f.t, pid).Seconds())
	case engine:
		f.up.KillEngine(f.t)
	}
}
