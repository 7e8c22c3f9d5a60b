package kafka_test

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"wenguo/ingest/kafka"
	"wenguo/warehouse"
)

// refusing is a store of its own that refuses some rows, shared by the tests of that.
var refusing struct {
	once  sync.Once
	store *warehouse.Store
	conn  driver.Conn
}

func (r *rig) refuseSome() {
	r.t.Helper()
	refusing.once.Do(func() {
		refusing.store, refusing.conn = r.openStore()
		r.change(refusing.conn, refuseSome)
	})
	r.store, r.conn = refusing.store, refusing.conn
}

// refuseSome makes the table refuse the events whose number ends with 77.
const refuseSome = "ALTER TABLE events ADD CONSTRAINT numbers CHECK NOT endsWith(event_id, '77')"

func TestRowsThatTheStoreRefusesBecomeDeadLettersAndTheRestIsStored(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.cfg.BlockEvents = 500
	r.refuseSome()
	r.produce(1000, every(90))
	m := r.join(r.store, nil)
	r.settle()
	m.stop()
	r.verify()
	refused := unstorable(r)
	if refused != 10 {
		t.Errorf("%d messages are refused as unstorable, want 10 of 1000", refused)
	}
	if letters := r.letters(); letters != 10+1000/90 {
		t.Errorf("%d dead letters, want %d", letters, 10+1000/90)
	}
	if splits := m.total(t, "block_splits_total"); splits == 0 || splits > 200 {
		t.Errorf("%g splits for 10 rows in blocks of 500", splits)
	}
}

// unstorable counts rows of rejects of that class.
func unstorable(r *rig) (n uint64) {
	r.t.Helper()
	if err := r.conn.QueryRow(r.t.Context(), "SELECT count() FROM rejects WHERE class = 'unstorable' AND k_topic = '"+r.cfg.Topic+"'").Scan(&n); err != nil {
		r.t.Fatal(err)
	}
	return n
}

func TestKillsWhileABlockIsHalvedLoseAndDoubleNothing(t *testing.T) {
	t.Parallel()
	const seed = 9
	rng := rand.New(rand.NewPCG(seed, 1))
	r := newRig(t)
	r.refuseSome()
	r.produce(400, every(90))
	kills := 0
	for range 12 {
		k := newKiller(kafka.Steps[rng.IntN(len(kafka.Steps))], 1+rng.IntN(8))
		m := r.join(r.store, k.at)
		select {
		case <-k.died:
			kills++
		case <-time.After(time.Second):
		}
		m.stop()
	}
	r.join(r.store, nil)
	r.settle()
	r.verify()
	if n := unstorable(r); n != 4 {
		t.Errorf("%d messages are refused as unstorable, want 4", n)
	}
	t.Logf("seed %d: %d kills", seed, kills)
}

// A fault of the installation is no fault of the rows.
func TestATableThatIsAwayIsWaitedForAndNothingIsRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	conn := r.ownStore()
	r.produce(100, none)
	m := r.join(r.store, nil)
	r.settle()
	r.change(conn, "RENAME TABLE events TO events_away")
	r.produce(100, none)
	waitFor(t, "an insert is tried again", func() bool { return m.total(t, "insert_retries_total") > 1 })
	r.change(conn, "RENAME TABLE events_away TO events")
	r.settle()
	m.stop()
	r.verify()
	if n := r.letters(); n != 0 {
		t.Errorf("%d dead letters because a table was away", n)
	}
}

func TestAFloodOfRefusalsStopsThePartitionUntilItIsOver(t *testing.T) {
	for name, bad := range map[string]func(i int) bool{
		"a run of refusals":          func(i int) bool { return i >= 100 && i < 500 },
		"more refusals than allowed": func(i int) bool { return i >= 100 && i < 500 && i%10 < 7 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.cfg.FloodRun, r.cfg.FloodRatio, r.cfg.FloodWindow, r.cfg.FloodPause = 60, .5, 40, time.Second
			r.produce(500, bad)
			m := r.join(r.store, nil)
			waitFor(t, "both partitions rest", func() bool { return m.total(t, "flooded") == 2 })
			if n := r.letters(); n > 200 {
				t.Errorf("%d dead letters before the partitions rested", n)
			}
			r.produce(200, none)
			r.settle()
			waitFor(t, "no partition rests any more", func() bool { return m.total(t, "flooded") == 0 })
			m.stop()
			r.verify()
			if floods := m.total(t, "floods_total"); floods < 4 {
				t.Errorf("the partitions rested %g times; each probe of the flood should let them rest again", floods)
			}
		})
	}
}

func TestAPoisonMessageInEveryThousandIsNoFlood(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.cfg.BlockEvents = 2000
	r.produce(8000, every(1000))
	m := r.join(r.store, nil)
	r.settle()
	m.stop()
	r.verify()
	if letters, floods := r.letters(), m.total(t, "floods_total"); letters != 8 || floods != 0 {
		t.Errorf("%d dead letters and %g floods, want 8 and none", letters, floods)
	}
}
