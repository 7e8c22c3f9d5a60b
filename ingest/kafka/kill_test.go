package kafka_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"wenguo/ingest/kafka"
)

func TestAKillBetweenAnyTwoStepsLosesAndDoublesNothing(t *testing.T) {
	for _, s := range kafka.Steps {
		t.Run(string(s), func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.produce(300, every(20))
			for nth := 1; nth <= 3; nth++ {
				k, patience := newKiller(s, nth), 3*time.Second // a later life may have nothing left to do
				if nth == 1 {
					patience = time.Minute
				}
				m := r.join(r.store, k.at)
				select {
				case <-k.died:
				case <-time.After(patience):
					if nth == 1 {
						t.Errorf("the step was never reached")
					}
				}
				m.stop()
			}
			r.produce(50, every(40))
			r.join(r.store, nil)
			r.settle()
			r.verify()
		})
	}
}

func TestKillsAtRandomStepsLoseAndDoubleNothing(t *testing.T) {
	t.Parallel()
	const seed = 6
	rng := rand.New(rand.NewPCG(seed, 1))
	r := newRig(t)
	kills := 0
	for range 25 {
		r.produce(60+rng.IntN(100), every(23))
		k := newKiller(kafka.Steps[rng.IntN(len(kafka.Steps))], 1+rng.IntN(3))
		m := r.join(r.store, k.at)
		select {
		case <-k.died:
			kills++
		case <-time.After(3 * time.Second):
		}
		m.stop()
	}
	r.join(r.store, nil)
	r.settle()
	r.verify()
	t.Logf("seed %d: %d events, %d kills", seed, r.sent, kills)
	if kills < 10 {
		t.Errorf("only %d of 25 lives ended by a kill", kills)
	}
}
