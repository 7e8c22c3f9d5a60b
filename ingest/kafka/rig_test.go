package kafka_test

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/prometheus/client_golang/prometheus"
	kafkago "github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kfake"

	"wenguo/e2e/gate"
	"wenguo/ingest"
	"wenguo/ingest/kafka"
	"wenguo/warehouse"
	"wenguo/warehouse/enginetest"
)

var (
	engines *enginetest.Engine
	topics  atomic.Int64
)

func TestMain(m *testing.M) {
	flag.Parse()
	_ = flag.Set("test.parallel", "8") // these tests wait for sessions to end more than they work
	os.Exit(enginetest.Main(m, func(e *enginetest.Engine) { engines = e }))
}

// sharedDSN names their database.
var sharedDSN = sync.OnceValue(func() string { return engines.DSN() })

// sharedStore is the store of all tests that change nothing but rows: each has a topic of its own.
var sharedStore = sync.OnceValues(func() (*warehouse.Store, error) {
	return warehouse.Open(context.Background(), sharedDSN(), slog.New(slog.DiscardHandler))
})

// rig is a broker with a topic, behind a gate, and a store.
type rig struct {
	t       *testing.T
	cfg     kafka.Config
	cluster *kfake.Cluster
	gate    *gate.Gate
	store   *warehouse.Store
	conn    driver.Conn
	sent    int
}

func newRig(t *testing.T) *rig {
	t.Helper()
	store, err := sharedStore()
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, store: store, gate: gate.Start(t, "")}
	r.cluster, err = kfake.NewCluster(kfake.NumBrokers(1), kfake.GroupMinSessionTimeout(time.Second),
		kfake.ListenFn(func(network, _ string) (net.Listener, error) {
			listener, err := net.Listen(network, "127.0.0.1:0")
			if err != nil {
				return nil, err
			}
			r.gate.To(listener.Addr().String())
			return gate.Advertise(listener, r.gate.Address())
		}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.cluster.Close)
	name := fmt.Sprintf("events-%d", topics.Add(1))
	r.cfg = kafka.DefaultConfiguration()
	r.cfg.Brokers = []string{r.gate.Address()}
	r.cfg.Topic, r.cfg.DeadLetters, r.cfg.Group, r.cfg.Partitions = name, name+".dlq", name, 2
	r.cfg.SessionTimeout, r.cfg.DrainTimeout = 2*time.Second, time.Second
	r.cfg.BlockEvents, r.cfg.BlockWait = 50, 20*time.Millisecond
	if err := kafka.EnsureTopics(t.Context(), r.cfg); err != nil {
		t.Fatal(err)
	}
	return r
}

// ownStore gives the rig a database of its own, and a connection that may change its tables.
func (r *rig) ownStore() driver.Conn {
	r.t.Helper()
	r.store, r.conn = r.openStore()
	r.t.Cleanup(func() { _, _ = r.conn.Close(), r.store.Close() })
	return r.conn
}

// openStore makes a database.
func (r *rig) openStore() (*warehouse.Store, driver.Conn) {
	r.t.Helper()
	dsn := engines.DSN()
	store, err := warehouse.Open(context.Background(), dsn, slog.New(slog.DiscardHandler))
	if err != nil {
		r.t.Fatal(err)
	}
	options, err := clickhouse.ParseDSN(dsn)
	if err != nil {
		r.t.Fatal(err)
	}
	conn, err := clickhouse.Open(options)
	if err != nil {
		r.t.Fatal(err)
	}
	return store, conn
}

func (r *rig) change(conn driver.Conn, statement string) {
	r.t.Helper()
	if err := conn.Exec(r.t.Context(), statement); err != nil {
		r.t.Fatal(err)
	}
}

// produce sends n messages; bad says which of them, counted from the first ever sent, are no events.
func (r *rig) produce(n int, bad func(i int) bool) {
	r.t.Helper()
	p := kafka.NewProducer(r.cfg, r.cfg.Topic)
	all := make([]ingest.Message, n)
	for i := range all {
		all[i] = message(r.sent)
		if bad(r.sent) {
			all[i].Value = fmt.Appendf(nil, `{"event_id":"e-%d","complaint_id":"C-1","kind":"no such kind"}`, r.sent)
		}
		r.sent++
	}
	if err := p.Produce(r.t.Context(), all); err != nil {
		r.t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		r.t.Fatal(err)
	}
}

func none(int) bool { return false }

// every says that each nth message is bad.
func every(nth int) func(int) bool { return func(i int) bool { return i%nth == nth-1 } }

// member is one consumer of the group.
type member struct {
	registry *prometheus.Registry
	stop     func()
}

// join starts a member; steps may be nil.
func (r *rig) join(sink kafka.Sink, steps func(int, kafka.Step) error) *member {
	r.t.Helper()
	m := &member{registry: prometheus.NewRegistry()}
	c, err := kafka.NewConsumer(r.cfg, sink, kafka.NewMetrics(m.registry), slog.New(slog.NewTextHandler(r.t.Output(), &slog.HandlerOptions{Level: slog.LevelError})))
	if err != nil {
		r.t.Fatal(err)
	}
	c.OnStep(steps)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx) }()
	m.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil && !strings.Contains(err.Error(), "leave group") {
			r.t.Errorf("member: %v", err)
		}
	})
	r.t.Cleanup(m.stop)
	return m
}

// total sums a metric over its labels.
func (m *member) total(t *testing.T, name string) (sum float64) {
	t.Helper()
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if family.GetName() != "wenguo_ingest_"+name {
			continue
		}
		for _, metric := range family.GetMetric() {
			sum += metric.GetCounter().GetValue() + metric.GetGauge().GetValue()
		}
	}
	return sum
}

// held is how many offsets of the topic the store holds.
func (r *rig) held() (held int) {
	r.t.Helper()
	for partition := range r.cfg.Partitions {
		offsets, err := r.store.Offsets(r.t.Context(), r.cfg.Topic, partition, 0, 1<<40)
		if err != nil {
			r.t.Fatal(err)
		}
		held += len(offsets)
	}
	return held
}

// settle waits until all that was sent is held.
func (r *rig) settle() {
	r.t.Helper()
	waitFor(r.t, fmt.Sprintf("%d messages are held", r.sent), func() bool {
		time.Sleep(200 * time.Millisecond) // asking costs more than the work that is waited for
		return r.held() >= r.sent
	})
}

// verify proves that each message is stored or refused once, in blocks that follow one another.
func (r *rig) verify() {
	r.t.Helper()
	for _, fault := range r.faults() {
		r.t.Error(fault)
	}
}

// faults lists what the verifier has to say.
func (r *rig) faults() (faults []string) {
	r.t.Helper()
	checks, err := r.store.Verify(r.t.Context(), r.cfg.Topic)
	if err != nil {
		r.t.Fatal(err)
	}
	ends, err := kafka.EndOffsets(r.t.Context(), r.cfg, r.cfg.Topic)
	if err != nil {
		r.t.Fatal(err)
	}
	total := int64(0)
	for _, c := range checks {
		total += c.Stored + c.Refused
		if !c.OK() || c.From != 0 || c.To != ends[c.Partition] {
			faults = append(faults, fmt.Sprintf("partition %d ends at %d: %+v", c.Partition, ends[c.Partition], c))
		}
	}
	if total != int64(r.sent) {
		faults = append(faults, fmt.Sprintf("%d messages were sent, %d rows are stored", r.sent, total))
	}
	return faults
}

// letters is how many dead letters there are.
func (r *rig) letters() (total int64) {
	r.t.Helper()
	ends, err := kafka.EndOffsets(r.t.Context(), r.cfg, r.cfg.DeadLetters)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, end := range ends {
		total += end
	}
	return total
}

// move sets the group's offset of a partition by hand, as a torn log or an operator does. The group must be empty.
func (r *rig) move(partition int, offset int64, metadata string) {
	r.t.Helper()
	client := &kafkago.Client{Addr: kafkago.TCP(r.cfg.Brokers...), Timeout: 5 * time.Second}
	answer, err := client.OffsetCommit(r.t.Context(), &kafkago.OffsetCommitRequest{
		GroupID: r.cfg.Group, GenerationID: -1,
		Topics: map[string][]kafkago.OffsetCommit{r.cfg.Topic: {{Partition: partition, Offset: offset, Metadata: metadata}}},
	})
	if err == nil {
		err = answer.Topics[r.cfg.Topic][0].Error
	}
	if err != nil {
		r.t.Fatalf("move offset: %v", err)
	}
}

// killer ends a member at the nth time of a step; from then on the member has no effect on anything.
type killer struct {
	mu    sync.Mutex
	step  kafka.Step
	after int
	died  chan struct{}
}

func newKiller(s kafka.Step, nth int) *killer {
	return &killer{step: s, after: nth, died: make(chan struct{})}
}

func (k *killer) at(_ int, s kafka.Step) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	select {
	case <-k.died:
		return kafka.ErrAborted
	default:
	}
	if s != k.step {
		return nil
	}
	if k.after--; k.after > 0 {
		return nil
	}
	close(k.died)
	return kafka.ErrAborted
}
