// Package lifecycle_test starts and stops the whole program, well and badly.
package lifecycle_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wenguo/e2e/program"
	"wenguo/ingest"
	"wenguo/ingest/kafka"
	"wenguo/warehouse"
	"wenguo/warehouse/engine"
)

func TestMain(m *testing.M) { os.Exit(program.Main(m)) }

// message is a small valid event; number decides everything in it.
func message(number int) ingest.Message {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC).Add(time.Duration(number) * time.Second)
	id := fmt.Sprintf("C-%d", number/3)
	kind, data := "registered", `{"channel":"phone","title":"验证码收不到","content":"一直收不到验证码"}`
	switch number % 3 {
	case 1:
		kind, data = "acknowledged", `{"channel":"phone"}`
	case 2:
		kind, data = "resolved", `{"outcome":"已恢复"}`
	}
	return ingest.Message{
		Key: id, Time: at, Backfill: true,
		Value: fmt.Appendf(nil, `{"event_id":"e-%d","complaint_id":%q,"kind":%q,"occurred_at":%q,"actor":{"role":"agent"},"data":%s}`,
			number, id, kind, at.Format(time.RFC3339), data),
	}
}

func bus(up *program.Up) kafka.Config {
	cfg := kafka.DefaultConfiguration()
	cfg.Brokers = up.Kafka
	return cfg
}

// produce sends messages from on, in batches, until ctx ends or limit is reached, and returns the first that was not
// acknowledged.
func produce(ctx context.Context, up *program.Up, from, limit int) int {
	p := kafka.NewProducer(bus(up), ingest.TopicEvents)
	defer func() {
		go p.Close() // when ctx has ended, what is left has nowhere to go
	}()
	for from < limit {
		batch := make([]ingest.Message, 0, 300)
		for n := from; n < min(from+cap(batch), limit); n++ {
			batch = append(batch, message(n))
		}
		if err := p.Produce(ctx, batch); err != nil {
			return from
		}
		from += len(batch)
	}
	return from
}

// exact waits for the facts and proves that the acknowledged messages are stored, each once.
func exact(t *testing.T, up *program.Up, data string, acked int) {
	t.Helper()
	ends, err := kafka.EndOffsets(t.Context(), bus(up), ingest.TopicEvents)
	if err != nil {
		t.Fatal(err)
	}
	store, err := warehouse.Open(t.Context(), up.ClickHouse, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	if err := store.WaitForFacts(ctx, ends); err != nil {
		t.Fatalf("%v\n%s", err, up.Log())
	}
	result := program.Run(t, nil, "verify", "--json", "--data", data)
	var v struct {
		OK         bool                       `json:"ok"`
		Partitions []warehouse.PartitionCheck `json:"partitions"`
		Facts      warehouse.FactsCheck       `json:"facts"`
	}
	if err := json.Unmarshal([]byte(result.Stdout), &v); err != nil {
		t.Fatalf("verify printed %q and %q: %v", result.Stdout, result.Stderr, err)
	}
	if !v.OK || result.Code != 0 {
		t.Errorf("verify ended with %d: %s", result.Code, result.Stdout)
	}
	stored := int64(0)
	for _, p := range v.Partitions {
		stored += p.Stored
		if p.To != ends[p.Partition] {
			t.Errorf("partition %d is stored up to %d of %d", p.Partition, p.To, ends[p.Partition])
		}
	}
	if stored < int64(acked) || v.Facts.Complaints < int64(acked/3) {
		t.Errorf("%d messages were acknowledged, %d are stored, of %d complaints", acked, stored, v.Facts.Complaints)
	}
	t.Logf("%d acknowledged, %d stored, %d complaints", acked, stored, v.Facts.Complaints)
}

func TestAStopUnderLoadIsCleanAndTheNextStartFindsEverything(t *testing.T) {
	data := t.TempDir()
	up := program.Start(t, data, nil, "--verbose")
	load, end := context.WithCancel(t.Context())
	acked := make(chan int, 1)
	go func() { acked <- produce(load, up, 0, 1_000_000) }()
	time.Sleep(3 * time.Second)
	code, took := up.Stop(t)
	end()
	sent := <-acked
	if sent == 0 {
		t.Fatal("nothing was produced before the stop")
	}
	for line := range strings.Lines(up.Log()) {
		if strings.Contains(line, "msg=stopped") {
			t.Log(strings.TrimSpace(line))
		}
	}
	if code != 0 {
		t.Errorf("exit code %d\n%s", code, up.Log())
	}
	if took > 10*time.Second {
		t.Errorf("the stop took %s", took)
	}
	if _, err := os.Stat(filepath.Join(data, "instance.json")); err == nil {
		t.Error("instance.json is left, as if it still ran")
	}
	metrics := freeAddress(t)
	again := program.Start(t, data, []string{"WENGUO_METRICS_LISTEN=" + metrics})
	t.Logf("stopped in %.1f s, ready again in %.1f s", took.Seconds(), again.Took.Seconds())
	if again.Took > 30*time.Second {
		t.Errorf("the second start took %s", again.Took)
	}
	for address, want := range map[string]int{
		again.Listen + "/readyz": http.StatusOK, metrics + "/readyz": http.StatusOK, metrics + "/healthz": http.StatusOK,
		metrics + "/metrics": http.StatusOK, metrics + "/": http.StatusNotFound, metrics + "/api/v1/complaints": http.StatusNotFound,
	} {
		answer, err := http.Get("http://" + address)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != want {
			t.Errorf("%s answers %s, want %d", address, answer.Status, want)
		}
	}
	exact(t, again, data, sent)
	if code, took := again.Stop(t); code != 0 || took > 10*time.Second {
		t.Errorf("the second stop took %s and ended with %d\n%s", took, code, again.Log())
	}
	if r := program.Run(t, nil, "verify", "--data", data); r.Code != 0 || !strings.Contains(r.Stdout, "every message is stored once") {
		t.Errorf("verify on a folder that nothing runs on ended with %d: %s%s", r.Code, r.Stdout, r.Stderr)
	}
}

func TestTheEngineDiesWithItsParent(t *testing.T) {
	up := program.Start(t, t.TempDir(), nil)
	pid := up.EnginePID()
	if pid == 0 {
		t.Fatal("there is no engine")
	}
	up.Kill()
	t.Logf("the engine followed its parent after %.1f s", program.Gone(t, pid).Seconds())
}

func TestACrashedEngineIsReplaced(t *testing.T) {
	data := t.TempDir()
	up := program.Start(t, data, nil)
	before := up.EnginePID()
	up.KillEngine(t)
	sent := produce(t.Context(), up, 0, 900)
	exact(t, up, data, sent)
	if after := up.EnginePID(); after == 0 || after == before {
		t.Errorf("the engine was %d and is %d", before, after)
	}
}

func TestASecondProcessOnAFolderIsRefused(t *testing.T) {
	data := t.TempDir()
	up := program.Start(t, data, nil)
	refused(t, program.Run(t, nil, "up", "--data", data, "--listen", "127.0.0.1:0"),
		"another wenguo runs on "+data, "stop it, or use another folder with --data")
	exact(t, up, data, produce(t.Context(), up, 0, 30))
}

func TestAnAddressInUseIsRefused(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	address := taken.Addr().String()
	refused(t, program.Run(t, nil, "up", "--data", t.TempDir(), "--listen", address),
		"address "+address+" is in use", "choose another with --listen")
	refused(t, program.Run(t, []string{"WENGUO_BROKER_LISTEN=" + address}, "up", "--data", t.TempDir(), "--listen", "127.0.0.1:0"),
		"address "+address+" is in use", "choose another as broker.listen")
}

func TestAnEngineLibraryThatCannotWorkIsRefused(t *testing.T) {
	path, err := engine.LibraryPath()
	if err != nil {
		t.Fatal(err)
	}
	library := path[strings.LastIndex(path, "wenguo/engine/"):] // below the cache folder
	tests := map[string]struct {
		content string // of the library; empty for none
		cached  bool   // in the cache, not named by the configuration
		want    []string
	}{
		"missing in the cache":           {"", true, []string{"the engine library is missing at ", "run `make deps-run`"}},
		"damaged in the cache":           {"\x7fELF, then nothing", true, []string{"the engine library at ", "is damaged", "run `make deps-run`"}},
		"missing where it was named":     {"", false, []string{"the engine library cannot be used", "run `make deps-run`"}},
		"another file where it is named": {"no library", false, []string{"the engine library cannot be used", "run `make deps-run`"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			cache := t.TempDir()
			path := filepath.Join(cache, library)
			environ := []string{"WENGUO_ENGINE_LIBRARY=" + path}
			if tt.cached {
				environ = []string{"XDG_CACHE_HOME=" + cache}
			}
			if tt.content != "" {
				if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(tt.content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			refused(t, program.Run(t, environ, "up", "--data", t.TempDir(), "--listen", "127.0.0.1:0"), tt.want...)
		})
	}
}

func TestABrokenConfigurationIsRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "wenguo.yaml")
	if err := os.WriteFile(file, []byte("kafka:\n  grup: other\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, program.Run(t, nil, "up", "--data", t.TempDir(), "--config", file), "kafka.grup sets nothing", "`wenguo config` lists the keys")
	refused(t, program.Run(t, []string{"WENGUO_LISTN=127.0.0.1:0"}, "up", "--data", t.TempDir()), "WENGUO_LISTN sets nothing", "`wenguo config` lists the keys")
	refused(t, program.Run(t, []string{"WENGUO_POLICY=/nowhere/policy.yaml"}, "up", "--data", t.TempDir()), "read policy", "/nowhere/policy.yaml")
}

// refused expects exit code 1 and one sentence that holds everything wanted.
func refused(t *testing.T, r program.Result, want ...string) {
	t.Helper()
	if r.Code != 1 {
		t.Errorf("exit code %d, want 1", r.Code)
	}
	if n := strings.Count(r.Stderr, "wenguo: "); n != 1 || !strings.HasPrefix(r.LastLine(), "wenguo: ") {
		t.Errorf("want one sentence at the end, got\n%s", r.Stderr)
	}
	for _, w := range want {
		if !strings.Contains(r.LastLine(), w) {
			t.Errorf("the sentence lacks %q: %s", w, r.LastLine())
		}
	}
}

// freeAddress is one that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}
