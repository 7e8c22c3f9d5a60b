package faults_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"wenguo/e2e/gate"
	"wenguo/e2e/program"
	"wenguo/ingest/kafka"
)

func TestMain(m *testing.M) { os.Exit(program.Main(m)) }

// patience is how long something may take that has to come.
const patience = 3 * time.Minute

// rig is a company's installation: one Kafka, one store, `wenguo up` beside the store and further consumers, all of one
// group. Everything that goes to Kafka passes one gate, everything that the further consumers send to the store another.
type rig struct {
	t       *testing.T
	rng     *rand.Rand
	cluster *kfake.Cluster
	bus     *gate.Gate
	store   *gate.Gate
	data    string
	session time.Duration
	members []*member
	heard   heard
	// atStep counts kills and freezes at a step of the protocol, started the processes that were started again.
	atStep, started int

	mu         sync.Mutex
	generation int32
	newest     string // the member that leads the newest generation
}

// newRig starts a broker and as many members; the first is `wenguo up`.
func newRig(t *testing.T, seed uint64, members int, session time.Duration) *rig {
	t.Helper()
	r := &rig{
		t: t, rng: rand.New(rand.NewPCG(seed, 1)), data: t.TempDir(), session: session,
		bus: gate.Start(t, ""), store: gate.Start(t, ""),
	}
	var err error
	r.cluster, err = kfake.NewCluster(kfake.NumBrokers(1), kfake.GroupMinSessionTimeout(time.Second),
		kfake.ListenFn(func(network, _ string) (net.Listener, error) {
			listener, err := net.Listen(network, "127.0.0.1:0")
			if err != nil {
				return nil, err
			}
			r.bus.To(listener.Addr().String())
			return gate.Advertise(listener, r.bus.Address())
		}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.cluster.Close)
	r.cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.SyncGroup}, Group: r.config().Group, Count: -1, When: func(request kmsg.Request) bool {
		sync := request.(*kmsg.SyncGroupRequest) //nolint:forcetypeassert // the key says so
		r.mu.Lock()
		defer r.mu.Unlock()
		if sync.Generation >= r.generation {
			r.generation, r.newest = sync.Generation, sync.MemberID
		}
		return false
	}})
	for i := range members {
		r.members = append(r.members, &member{rig: r, name: fmt.Sprintf("member %d", i)})
	}
	for _, m := range r.members {
		m.start()
	}
	return r
}

// config is what the test itself uses to speak to Kafka.
func (r *rig) config() kafka.Config {
	cfg := kafka.DefaultConfiguration()
	cfg.Brokers, cfg.Partitions = []string{r.bus.Address()}, partitions
	return cfg
}

// partitions are shared by at most three members, so that each has some.
const partitions = 6

// up is the member that owns the store.
func (r *rig) up() *member { return r.members[0] }

// rebalances is the group's generation, which the broker counts.
func (r *rig) rebalances() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return int(r.generation)
}

// member is one process of the group.
type member struct {
	rig     *rig
	name    string
	process *program.Process
	// dsn is that of the store, for the member that owns it.
	dsn string

	mu      sync.Mutex
	waiting string
	act     func()
	done    chan struct{}
}

// start runs the member with blocks of another size than those of its earlier life and of the others: blocks cut alike
// would hide one that nobody planned.
func (m *member) start() {
	r := m.rig
	r.t.Helper()
	environ := []string{
		fmt.Sprintf("WENGUO_KAFKA_SESSION_TIMEOUT=%s", r.session),
		fmt.Sprintf("WENGUO_KAFKA_DRAIN_TIMEOUT=%s", r.session*3/4),
		fmt.Sprintf("WENGUO_KAFKA_PARTITIONS=%d", partitions),
		fmt.Sprintf("WENGUO_KAFKA_BLOCK_EVENTS=%d", 40+r.rng.IntN(260)),
		"WENGUO_KAFKA_BLOCK_WAIT=100ms", "WENGUO_FACTS_POLL=300ms", "WENGUO_ISSUES_EVERY=100h",
	}
	if m != r.up() {
		m.process = program.Spawn(r.t, environ, m.hear, "ingest", "--verbose", "--listen", "127.0.0.1:0",
			"--kafka", r.bus.Address(), "--clickhouse", "http://"+r.store.Address()+"/wenguo")
		return
	}
	began := time.Now()
	defer func() { r.t.Logf("up runs after %.1f s", time.Since(began).Seconds()) }()
	r.store.To("") // nothing listens there until it has started
	m.process = program.Spawn(r.t, environ, m.hear, "up", "--verbose", "--listen", "127.0.0.1:0", "--demo", "none", "--alerts=false",
		"--data", r.data, "--kafka", r.bus.Address())
	m.dsn = r.described(m.process)
	address, err := url.Parse(m.dsn)
	if err != nil {
		r.t.Fatal(err)
	}
	r.store.To(address.Host)
}

// described waits until `up` has described itself, and gives the address of its store.
func (r *rig) described(p *program.Process) string {
	r.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		var found program.Instance
		content, err := os.ReadFile(filepath.Join(r.data, "instance.json"))
		if err == nil && json.Unmarshal(content, &found) == nil && found.PID == p.Pid() {
			return found.ClickHouse
		}
		select {
		case <-p.Ended():
			r.t.Fatalf("wenguo up ended:\n%s", r.heard.end())
		default:
		}
	}
	r.t.Fatalf("wenguo up did not start within %s:\n%s", patience, r.heard.end())
	return ""
}

// ended says that the process has ended, by itself or by a fault.
func (m *member) ended() bool {
	select {
	case <-m.process.Ended():
		return true
	default:
		return false
	}
}

// hear takes a line of the log; at the one that is waited for it acts at once.
func (m *member) hear(line string) {
	m.rig.heard.add(m.name, line)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.act == nil || !has(line, m.waiting) {
		return
	}
	m.act()
	m.act = nil
	close(m.done)
}

// listen gives a channel that is closed at the next line of the log that says step.
func (m *member) listen(step string) <-chan struct{} {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.waiting, m.act, m.done = step, func() {}, make(chan struct{})
	return m.done
}

// at acts once at the next line of the log that says step, or after the time if none does; without a step at once.
func (m *member) at(step string, wait time.Duration, act func()) (met bool) {
	if step == "" {
		act()
		return false
	}
	m.mu.Lock()
	done := make(chan struct{})
	m.waiting, m.act, m.done = step, act, done
	m.mu.Unlock()
	select {
	case <-done:
		return true
	case <-time.After(wait):
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.act == nil {
		return true
	}
	m.act = nil
	act()
	return false
}
