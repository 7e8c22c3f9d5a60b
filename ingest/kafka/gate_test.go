package kafka_test

import (
	"log/slog"
	"math/rand/v2"
	"net/url"
	"testing"
	"time"

	"wenguo/e2e/gate"
	"wenguo/warehouse"
)

// misbehave does to a gate what networks do, one thing after another.
func misbehave(rng *rand.Rand, g *gate.Gate) {
	switch rng.IntN(4) {
	case 0:
		g.Cut()
	case 1:
		g.CutAfter(int64(rng.IntN(2000)))
	case 2:
		g.Stall()
		time.Sleep(time.Duration(100+rng.IntN(400)) * time.Millisecond)
		g.Pass()
	case 3:
		g.Refuse()
		g.Cut()
		time.Sleep(time.Duration(rng.IntN(300)) * time.Millisecond)
		g.Pass()
	}
}

func TestABadNetworkToKafkaLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	const seed = 7
	rng := rand.New(rand.NewPCG(seed, 1))
	r := newRig(t)
	r.produce(1200, every(100))
	m := r.join(r.store, nil)
	waitFor(t, "something is held", func() bool { return r.held() > 0 })
	for range 10 {
		misbehave(rng, r.gate)
		time.Sleep(150 * time.Millisecond)
	}
	r.gate.Pass()
	r.settle()
	m.stop()
	r.verify()
	t.Logf("seed %d: %d connections cut, %g questions asked again, %g generations", seed, r.gate.Cuts(), m.total(t, "retries_total"), m.total(t, "rebalances_total"))
	if r.gate.Cuts() == 0 {
		t.Error("no connection was cut")
	}
}

// behind gives the store through a gate.
func behind(t *testing.T) (*warehouse.Store, *gate.Gate) {
	t.Helper()
	if _, err := sharedStore(); err != nil {
		t.Fatal(err)
	}
	dsn, err := url.Parse(sharedDSN())
	if err != nil {
		t.Fatal(err)
	}
	g := gate.Start(t, dsn.Host)
	dsn.Host = g.Address()
	store, err := warehouse.Open(t.Context(), dsn.String(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store, g
}

func TestABadNetworkToTheStoreLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	const seed = 8
	rng := rand.New(rand.NewPCG(seed, 1))
	r := newRig(t)
	var g *gate.Gate
	r.store, g = behind(t)
	r.produce(1200, every(100))
	m := r.join(r.store, nil)
	for range 12 {
		misbehave(rng, g)
		time.Sleep(150 * time.Millisecond)
	}
	g.Pass()
	r.settle()
	m.stop()
	r.verify()
	retries := m.total(t, "insert_retries_total")
	t.Logf("seed %d: %d connections cut, %g inserts tried again", seed, g.Cuts(), retries)
	if retries == 0 {
		t.Error("no insert was tried again, so the test proves nothing")
	}
}
