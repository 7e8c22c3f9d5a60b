package decisions_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"wenguo/ingest"
	"wenguo/ingest/broker"
	"wenguo/ingest/kafka"
	"wenguo/warehouse"
	"wenguo/warehouse/enginetest"
)

var engines *enginetest.Engine

// What a re-executed test program needs to play a consumer; killAfter is the insert after which it kills itself.
const (
	childBroker = "WENGUO_TEST_BROKER"
	childStore  = "WENGUO_TEST_STORE"
	killAfter   = "WENGUO_TEST_KILL_AFTER"
)

func TestMain(m *testing.M) {
	if os.Getenv(childBroker) != "" {
		if err := consume(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(enginetest.Main(m, func(e *enginetest.Engine) { engines = e }))
}

// bus is small in all times, so that a dead member is soon missed.
func bus(address string) kafka.Config {
	cfg := kafka.DefaultConfiguration()
	cfg.Brokers = []string{address}
	cfg.SessionTimeout, cfg.DrainTimeout = 2*time.Second, time.Second
	cfg.BlockEvents, cfg.Partitions = 40, 2
	return cfg
}

// consume is the child: a consumer that kills itself after an insert, before the next commit.
func consume() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	store, err := warehouse.Open(ctx, os.Getenv(childStore), log)
	if err != nil {
		return err
	}
	defer store.Close()
	left, err := strconv.Atoi(os.Getenv(killAfter))
	if err != nil {
		return err
	}
	sink := kafka.Into{Ledger: store, Insert: func(ctx context.Context, b ingest.Block) error {
		if err := store.InsertDecisions(ctx, b); err != nil {
			return err
		}
		if left--; left == 0 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // nothing after the insert
		}
		return nil
	}}
	cfg := bus(os.Getenv(childBroker))
	cfg.InFlightBytes = int64(cfg.BlockBytes) // one block at a time
	c, err := kafka.NewDecisionConsumer(cfg, sink, kafka.NewMetrics(prometheus.NewRegistry()), log)
	if err != nil {
		return err
	}
	return c.Run(ctx)
}

// child runs a consumer until it ends, or until stop ends it, and gives what it logged.
func child(t *testing.T, address, dsn string, inserts int) (wait func() (string, error), stop func()) {
	t.Helper()
	var out bytes.Buffer
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childBroker+"="+address, childStore+"="+dsn, killAfter+"="+strconv.Itoa(inserts))
	cmd.Stderr = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	wait = func() (string, error) {
		select {
		case err := <-ended:
			return out.String(), err
		case <-time.After(time.Minute):
			return out.String(), errors.Join(errors.New("it did not end within a minute"), cmd.Process.Kill(), <-ended)
		}
	}
	return wait, func() { _ = cmd.Process.Signal(syscall.SIGTERM) }
}

func startBroker(t *testing.T) string {
	t.Helper()
	cfg := broker.DefaultConfiguration()
	cfg.Dir = t.TempDir()
	b, err := broker.Start(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("broker: %v", err)
		}
	})
	if err := kafka.EnsureTopics(t.Context(), bus(b.Address())); err != nil {
		t.Fatal(err)
	}
	return b.Address()
}

// message is a decision; every eleventh is sent again with another content, every seventeenth is none.
func message(i int) ingest.Message {
	at := time.Date(2026, 3, 1, 0, 0, i, 0, time.UTC)
	action, id := fmt.Sprintf("A-%d", i%97), fmt.Sprintf("d-%d", i)
	kind := "action.done"
	switch {
	case i%17 == 0:
		kind = "action.danced"
	case i%11 == 0 && i > 97:
		id = fmt.Sprintf("d-%d", i-97)
	}
	return ingest.Message{Key: action, Time: at, Value: fmt.Appendf(nil,
		`{"event_id":%q,"kind":%q,"occurred_at":%q,"data":{"action":%q}}`, id, kind, at.Format(time.RFC3339), action)}
}

// produce sends decisions [from, to) and says how many of them are none.
func produce(t *testing.T, cfg kafka.Config, from, to int) (bad int) {
	t.Helper()
	p := kafka.NewProducer(cfg, ingest.TopicDecisions)
	var all []ingest.Message
	for i := from; i < to; i++ {
		if all = append(all, message(i)); i%17 == 0 {
			bad++
		}
	}
	if err := errors.Join(p.Produce(t.Context(), all), p.Close()); err != nil {
		t.Fatal(err)
	}
	return bad
}

// untilStored waits until the store reaches the ends of the decisions' partitions, and gives what it holds.
func untilStored(t *testing.T, cfg kafka.Config, store *warehouse.Store) []warehouse.PartitionCheck {
	t.Helper()
	ends, err := kafka.EndOffsets(t.Context(), cfg, ingest.TopicDecisions)
	if err != nil {
		t.Fatal(err)
	}
	var checks []warehouse.PartitionCheck
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if checks, err = store.Verify(t.Context(), ingest.TopicDecisions); err != nil {
			t.Fatal(err)
		}
		behind := len(ends)
		for _, c := range checks {
			if c.To == ends[c.Partition] {
				behind--
			}
		}
		if behind == 0 {
			return checks
		}
	}
	t.Fatalf("the store reaches %+v of %v", checks, ends)
	return nil
}

// exact proves that of all decisions each is stored once, and the bad ones refused once.
func exact(t *testing.T, checks []warehouse.PartitionCheck, all, bad int) {
	t.Helper()
	stored, refused := int64(0), int64(0)
	for _, c := range checks {
		stored, refused = stored+c.Stored, refused+c.Refused
		if !c.OK() || c.From != 0 {
			t.Errorf("not everything once: %+v", c)
		}
	}
	if stored != int64(all-bad) || refused != int64(bad) {
		t.Errorf("%d stored and %d refused, want %d and %d", stored, refused, all-bad, bad)
	}
}

func TestADecisionIsStoredOnceWhenItsConsumerIsKilledBetweenInsertAndCommit(t *testing.T) {
	const seed, kills, all = 20261122, 4, 2000
	address, dsn := startBroker(t), engines.DSN()
	store, err := warehouse.Open(t.Context(), dsn, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	bad := produce(t, bus(address), 0, all)
	rng, logs := rand.New(rand.NewPCG(seed, 0)), ""
	for range kills {
		wait, _ := child(t, address, dsn, 1+rng.IntN(6))
		log, err := wait()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || !exit.Sys().(syscall.WaitStatus).Signaled() {
			t.Fatalf("a consumer that kills itself ended with %v:\n%s", err, log)
		}
		logs += log
	}
	wait, stop := child(t, address, dsn, -1)
	checks := untilStored(t, bus(address), store)
	stop()
	log, err := wait()
	if err != nil {
		t.Errorf("the last consumer: %v\n%s", err, log)
	}
	exact(t, checks, all, bad)
	// The insert of a killed consumer is mostly in the store when the next one asks; then there is only the commit to make.
	replays := strings.Count(logs+log, "carrying out a plan that was left") + strings.Count(logs+log, "a plan that was left is stored already")
	if replays < kills {
		t.Errorf("%d kills left %d plans, so the test proves little:\n%s", kills, replays, logs+log)
	}
	letters, err := kafka.EndOffsets(t.Context(), bus(address), ingest.TopicDeadLetters)
	if err != nil {
		t.Fatal(err)
	}
	total := int64(0)
	for _, end := range letters {
		total += end
	}
	if total < int64(bad) {
		t.Errorf("%d dead letters of %d messages that are no decision", total, bad)
	}
	t.Logf("%d kills, %d plans found, %d dead letters of %d bad messages", kills, replays, total, bad)
}
