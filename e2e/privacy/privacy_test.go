package privacy_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"wenguo/e2e/program"
	"wenguo/ingest"
	"wenguo/ingest/kafka"
	"wenguo/warehouse"
)

// known are the tables that hold a customer, without the index of words, which follows behind the facts.
func known(tables []string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(tables), func(table string) bool { return table == "search_texts" }), " ")
}

func TestMain(m *testing.M) { os.Exit(program.Main(m)) }

var begun = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// event is a message about a complaint.
func event(complaint string, number int, kind string, data map[string]any) ingest.Message {
	at := begun.Add(time.Duration(number) * time.Minute)
	value, _ := json.Marshal(map[string]any{ //nolint:errchkjson // strings alone
		"event_id": fmt.Sprintf("%s-%d", complaint, number), "complaint_id": complaint, "kind": kind, "occurred_at": at.Format(time.RFC3339),
		"actor": map[string]any{"role": "agent"}, "data": data,
	})
	return ingest.Message{Key: complaint, Value: value, Time: at, Backfill: true}
}

// tells is what a customer says and what is written about it.
func tells(complaint, customer string) []ingest.Message {
	return []ingest.Message{
		event(complaint, 0, "registered", map[string]any{
			"channel": "phone", "title": "验证码收不到" + customer, "content": "一直收不到验证码，我是" + customer,
			"customer": map[string]any{"id": customer, "name": customer, "phone": customer},
		}),
		event(complaint, 1, "contacted", map[string]any{"direction": "out", "note": "已联系" + customer}),
		event(complaint, 2, "resolved", map[string]any{"outcome": customer + "已恢复"}),
		event(complaint, 3, "surveyed", map[string]any{"score": 2, "comment": customer}),
	}
}

type running struct {
	*program.Up
	t     *testing.T
	data  string
	store *warehouse.Store
}

func start(t *testing.T, data string) *running {
	t.Helper()
	r := &running{Up: program.Start(t, data, nil), t: t, data: data}
	store, err := warehouse.Open(t.Context(), r.ClickHouse, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	r.store = store
	return r
}

// send produces messages and, when told to, waits until their facts are made.
func (r *running) send(wait bool, messages ...ingest.Message) {
	r.t.Helper()
	cfg := kafka.DefaultConfiguration()
	cfg.Brokers = r.Kafka
	producer := kafka.NewProducer(cfg, ingest.TopicEvents)
	if err := producer.Produce(r.t.Context(), messages); err != nil {
		r.t.Fatal(err)
	}
	if err := producer.Close(); err != nil {
		r.t.Fatal(err)
	}
	if wait {
		r.folded(cfg)
	}
}

func (r *running) folded(cfg kafka.Config) {
	r.t.Helper()
	ends, err := kafka.EndOffsets(r.t.Context(), cfg, ingest.TopicEvents)
	if err != nil {
		r.t.Fatal(err)
	}
	for partition, end := range ends {
		if end == 0 {
			delete(ends, partition)
		}
	}
	ctx, cancel := context.WithTimeout(r.t.Context(), time.Minute)
	defer cancel()
	for {
		err := r.store.WaitForFacts(ctx, ends)
		if err == nil {
			return
		}
		if ctx.Err() != nil {
			r.t.Fatalf("%v\n%s", err, r.Log())
		}
		time.Sleep(50 * time.Millisecond) // an engine that was killed is coming back
	}
}

// settled waits until everything on the bus is folded and nothing is left to erase.
func (r *running) settled() {
	r.t.Helper()
	cfg := kafka.DefaultConfiguration()
	cfg.Brokers = r.Kafka
	r.folded(cfg)
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		n, err := r.store.ErasuresDue(r.t.Context())
		if err == nil && n == 0 {
			return
		}
		if time.Now().After(deadline) {
			r.t.Fatalf("%d complaints are still to be erased: %v\n%s", n, err, r.Log())
		}
	}
}

func (r *running) command(args ...string) program.Result {
	r.t.Helper()
	result := program.Run(r.t, nil, append(args, "--data", r.data)...)
	if result.Code != 0 {
		r.t.Fatalf("%v ended with %d: %s%s\n%s", args, result.Code, result.Stdout, result.Stderr, r.Log())
	}
	return result
}

func TestAForgottenCustomerIsInNoTableAndNoFile(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	r := start(t, data)
	conn := connect(t, r.Up)
	lay(t, conn)
	asked, other := secret(1), secret(2)
	r.send(true, append(tells("C-1", asked), tells("C-2", other)...)...)
	r.send(true, append(tells("C-3", asked), event("C-1", 9, "corrected", map[string]any{"fields": map[string]any{"title": asked}}))...)
	r.send(true, ingest.Message{Key: "C-4", Value: []byte("not JSON, and of " + asked), Time: begun})
	if in := inTables(t, conn, asked); known(in) != "complaints events" {
		t.Fatalf("before the erasure the value is in %v", in)
	}
	if in := strings.Join(inFiles(t, data, asked), " "); !strings.Contains(in, "/raw.bin") && !strings.Contains(in, "/data.bin") {
		t.Fatalf("the search of files does not see what is there: %s", in)
	}
	result := r.command("erase", "--customer", asked)
	if !strings.Contains(result.Stdout, "2 件") {
		t.Errorf("erase says %q, want two complaints", result.Stdout)
	}
	if in := inTables(t, conn, asked); len(in) > 0 {
		t.Errorf("the value is still in %v", in)
	}
	gone(t, data, asked)
	if in := inTables(t, conn, other); known(in) != "complaints events" {
		t.Errorf("the other customer is in %v", in)
	}
	if strings.Contains(r.Log(), asked) {
		t.Error("the log names the customer")
	}
	if v := r.command("verify"); !strings.Contains(v.Stdout, "every message is stored once") {
		t.Errorf("verify says\n%s", v.Stdout)
	}
	if again := r.command("erase", "--customer", asked); !strings.Contains(again.Stdout, "0 件") {
		t.Errorf("a second erasure says %q", again.Stdout)
	}
	r.command("rebuild")
	if in := inTables(t, conn, asked); len(in) > 0 {
		t.Errorf("a rebuild brings the value back into %v", in)
	}
	if code, _ := r.Stop(t); code != 0 {
		t.Errorf("the stop ended with %d\n%s", code, r.Log())
	}
	if in := inFiles(t, data, asked); len(in) > 0 {
		t.Errorf("after the stop the value is in %v", in)
	}
}

func TestAnErasureIsFinishedWhateverIsKilled(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(6, 1))
	data := t.TempDir()
	r := start(t, data)
	lay(t, connect(t, r.Up))
	const rounds = 3
	for round := range rounds {
		var all []ingest.Message
		for n := range 40 {
			all = append(all, tells(fmt.Sprintf("K-%d-%d", round, n), secret(round+10))...)
		}
		r.send(true, all...)
		var erasures []ingest.Message
		for n := range 40 {
			erasures = append(erasures, event(fmt.Sprintf("K-%d-%d", round, n), 20, "erased", map[string]any{"reason": "客户要求"}))
		}
		r.send(false, erasures...)
		wait := time.Duration(rng.IntN(1500)) * time.Millisecond
		time.Sleep(wait)
		if round%2 == 0 {
			r.KillAll(t)
			r = start(t, data)
		} else {
			r.KillEngine(t)
		}
		t.Logf("killed after %s", wait)
	}
	r.settled()
	conn := connect(t, r.Up)
	for round := range rounds {
		if in := inTables(t, conn, secret(round+10)); len(in) > 0 {
			t.Errorf("the customer of round %d is still in %v", round, in)
		}
		gone(t, data, secret(round+10))
	}
	if v := r.command("verify"); !strings.Contains(v.Stdout, "every message is stored once") {
		t.Errorf("verify says\n%s", v.Stdout)
	}
}

func TestPersonalDataEndsWithItsTime(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	r := &running{Up: program.Start(t, data, []string{"WENGUO_PRIVACY_KEEP=1h"}), t: t, data: data}
	store, err := warehouse.Open(t.Context(), r.ClickHouse, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	r.store = store
	ended, open := secret(30), secret(31)
	r.send(true, append(tells("C-1", ended), tells("C-2", open)[0])...)
	if code, _ := r.Stop(t); code != 0 { // it looks at a start, then every hour
		t.Fatalf("the stop ended with %d\n%s", code, r.Log())
	}
	r.Up = program.Start(t, data, []string{"WENGUO_PRIVACY_KEEP=1h"})
	conn := connect(t, r.Up)
	for deadline := time.Now().Add(time.Minute); len(inTables(t, conn, ended)) > 0; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("what ended eight months ago is still known\n%s", r.Log())
		}
	}
	if in := inTables(t, conn, open); known(in) != "complaints events" {
		t.Errorf("a complaint that has not ended is in %v", in)
	}
}
