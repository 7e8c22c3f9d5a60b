// Package readers opens the pages of a running wenguo as a whole organisation does, while events pour in.
package readers

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wenguo/e2e/program"
	"wenguo/ingest"
	"wenguo/ingest/kafka"
	"wenguo/ingest/simulate"
)

var (
	number   = flag.Int("readers", 100, "how many people read at once")
	thought  = flag.Duration("thought", 5*time.Second, "how long one looks at a page, by and large")
	duration = flag.Duration("duration", 5*time.Minute, "how long they read")
	perSec   = flag.Int("events", 500, "events a second that arrive meanwhile")
)

const historyDays = 400

func TestMain(m *testing.M) { os.Exit(program.Main(m)) }

// usual are the pages that everybody opens as they are; narrowed are opened with a filter or period drawn for each visit.
var (
	usual = []string{
		"/", "/timeliness", "/kpis", "/issues", "/satisfaction", "/flow", "/complaints", "/quality", "/alerts", "/decisions",
		"/?period=month", "/timeliness?period=7d", "/issues?period=90d",
	}
	narrowed = []string{"/", "/timeliness", "/issues", "/complaints", "/satisfaction"}
	filters  = []string{"priority=urgent", "priority=high", "channel=phone", "channel=app", "period=last_month", "period=7d", "period=quarter"}
)

// visit is one page opened.
type visit struct {
	page        string
	took        time.Duration
	bytes       int64
	status      int
	err         error
	whileWarmed bool
}

// BenchmarkReaders lets people read for some minutes and tells how long pages took, what they weigh, and the memory.
func BenchmarkReaders(b *testing.B) {
	up, ids, messages := filled(b)
	b.ResetTimer()
	for b.Loop() {
		reading(b, up, ids, messages)
	}
}

func reading(b *testing.B, up *program.Up, ids []string, messages []ingest.Message) {
	b.Helper()
	ctx, stop := context.WithTimeout(b.Context(), *duration)
	defer stop()
	before := memory(up)
	var sent atomic.Int64
	var all sync.WaitGroup
	all.Go(func() { pour(b, ctx, up, messages, &sent) })
	var lock sync.Mutex
	var visits []visit
	began := time.Now()
	for i := range *number {
		all.Go(func() {
			for v := range reader(ctx, up, ids, rand.New(rand.NewPCG(uint64(i), 7)), began) {
				lock.Lock()
				visits = append(visits, v)
				lock.Unlock()
			}
		})
	}
	all.Wait()
	tell(b, visits, sent.Load(), before, memory(up))
}

// reader opens one page after the other, mostly the usual ones, some narrowed, and some complaints of its own.
func reader(ctx context.Context, up *program.Up, ids []string, rng *rand.Rand, began time.Time) func(yield func(visit) bool) {
	return func(yield func(visit) bool) {
		for {
			wait := time.Duration((0.5 + rng.Float64()) * float64(*thought))
			if time.Since(began) < *thought {
				wait = time.Duration(rng.Float64() * float64(*thought)) // they don't come in step
			}
			select {
			case <-time.After(wait):
			case <-ctx.Done():
				return
			}
			page := usual[rng.IntN(len(usual))]
			switch rng.IntN(10) {
			case 0, 1:
				page = narrowed[rng.IntN(len(narrowed))] + "?" + filters[rng.IntN(len(filters))]
			case 2:
				page = "/complaints/" + ids[rng.IntN(len(ids))]
			}
			v := open(up, page)
			v.whileWarmed = time.Since(began) > 30*time.Second
			if ctx.Err() != nil || !yield(v) {
				return
			}
		}
	}
}

// open reads a page as a browser would: compressed.
func open(up *program.Up, page string) visit {
	v := visit{page: page}
	request, err := http.NewRequest(http.MethodGet, "http://"+up.Listen+page, nil)
	if err != nil {
		v.err = err
		return v
	}
	request.Header.Set("Accept-Encoding", "gzip")
	started := time.Now()
	response, err := client.Do(request)
	if err != nil {
		v.err = err
		return v
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	v.took, v.bytes, v.status, v.err = time.Since(started), int64(len(raw)), response.StatusCode, err
	if err == nil && response.Header.Get("Content-Encoding") == "gzip" {
		if text, err := gzip.NewReader(strings.NewReader(string(raw))); err == nil {
			content, _ := io.ReadAll(text)
			if strings.Contains(string(content), "data-failed") {
				v.err = fmt.Errorf("a part of %s failed", page)
			}
		}
	}
	return v
}

var client = &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 200, DisableCompression: true}}

// filled is a running wenguo with a year of complaints, and the messages that arrive while people read.
func filled(b *testing.B) (*program.Up, []string, []ingest.Message) {
	b.Helper()
	today := time.Now().UTC().Truncate(24 * time.Hour)
	world, err := simulate.New(simulate.Config{
		Seed: 7, Start: today.AddDate(0, 0, -historyDays), IsWorkday: func(t time.Time) bool { return t.Weekday()%6 != 0 },
		PerDay: func(day int) float64 {
			if day >= historyDays-2 {
				return 20_000 // what arrives while people read
			}
			return simulate.Growth(day)
		},
	})
	if err != nil {
		b.Fatal(err)
	}
	line, end := today.AddDate(0, 0, -2), time.Now().UTC()
	var history, arriving []ingest.Message
	var ids []string
	for record := range world.Records(today.AddDate(0, 0, -historyDays), end) {
		m := ingest.Message{Key: record.Key, Value: record.Value, Time: record.Arrives, Backfill: true}
		if record.Arrives.Before(line) {
			if history = append(history, m); record.Kind == ingest.KindRegistered && record.Bad == "" {
				ids = append(ids, record.ComplaintID)
			}
			continue
		}
		m.Backfill = false
		if arriving = append(arriving, m); len(arriving) >= *perSec*int(duration.Seconds()+1) {
			break
		}
	}
	up := program.Start(b, filepath.Join(b.TempDir(), "data"), nil)
	produce(b, b.Context(), up, history)
	for settled := time.Now(); time.Since(settled) < 10*time.Second; time.Sleep(time.Second) {
		var f struct {
			Events, Unfolded int64
			Discovered       time.Time `json:"last_discovery_at"`
		}
		if err := json.Unmarshal(get(b, up, "/api/v1/freshness"), &f); err != nil {
			b.Fatal(err)
		}
		if f.Unfolded > 0 || f.Events < int64(len(history))*9/10 || f.Discovered.IsZero() {
			settled = time.Now()
		}
	}
	b.Logf("%d events of %d days are stored", len(history), historyDays-2)
	return up, ids, arriving
}

func get(b *testing.B, up *program.Up, path string) []byte {
	b.Helper()
	response, err := client.Get("http://" + up.Listen + path)
	if err != nil {
		b.Fatal(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		b.Fatal(response.Status, err)
	}
	return raw
}

func produce(b *testing.B, ctx context.Context, up *program.Up, messages []ingest.Message) {
	b.Helper()
	cfg := kafka.DefaultConfiguration()
	cfg.Brokers = up.Kafka
	producer := kafka.NewProducer(cfg, cfg.Topic)
	defer producer.Close()
	for batch := range slices.Chunk(messages, 20_000) {
		if err := producer.Produce(ctx, batch); err != nil {
			b.Error(err)
			return
		}
	}
}

// pour sends messages at their pace until the time is over.
func pour(b *testing.B, ctx context.Context, up *program.Up, messages []ingest.Message, sent *atomic.Int64) {
	b.Helper()
	cfg := kafka.DefaultConfiguration()
	cfg.Brokers = up.Kafka
	producer := kafka.NewProducer(cfg, cfg.Topic)
	defer producer.Close()
	const beats = 2
	beat := time.NewTicker(time.Second / beats)
	defer beat.Stop()
	for batch := range slices.Chunk(messages, max(*perSec/beats, 1)) {
		select {
		case <-beat.C:
		case <-ctx.Done():
			return
		}
		if err := producer.Produce(context.WithoutCancel(ctx), batch); err != nil {
			b.Error(err)
			return
		}
		sent.Add(int64(len(batch)))
	}
}

// memory is what the program and its engine have in memory, MiB.
func memory(up *program.Up) [2]int64 {
	return [2]int64{resident(up.Pid()), resident(up.EnginePID())}
}

func resident(pid int) int64 {
	raw, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/statm")
	if err != nil {
		return 0
	}
	var size, pages int64
	if _, err := fmt.Sscan(string(raw), &size, &pages); err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize()) >> 20
}

// tell prints a line for each page and the whole.
func tell(b *testing.B, visits []visit, sent int64, before, after [2]int64) {
	b.Helper()
	byPage := map[string][]visit{}
	var whole []visit
	failed := 0
	for _, v := range visits {
		if v.err != nil || v.status != http.StatusOK {
			if failed++; failed <= 5 {
				b.Logf("%s: %d %v", v.page, v.status, v.err)
			}
		}
		path, _, _ := strings.Cut(v.page, "?")
		if strings.HasPrefix(path, "/complaints/") {
			path = "/complaints/…"
		}
		byPage[path] = append(byPage[path], v)
		if whole = append(whole, v); !v.whileWarmed {
			whole = whole[:len(whole)-1]
		}
	}
	for _, path := range sorted(byPage) {
		b.Logf("%-14s %5d visits  p50 %5d ms  p95 %5d ms  max %5d ms  %4d KB", path, len(byPage[path]),
			at(byPage[path], .50), at(byPage[path], .95), at(byPage[path], 1), heaviest(byPage[path])>>10)
	}
	b.Logf("%d visits, %d after the first half minute, %d failed, %d events arrived; memory %d + %d MiB before, %d + %d after",
		len(visits), len(whole), failed, sent, before[0], before[1], after[0], after[1])
	b.ReportMetric(float64(at(visits, .95)), "ms-p95")
	b.ReportMetric(float64(at(whole, .95)), "ms-p95-later")
	b.ReportMetric(float64(at(visits, .50)), "ms-p50")
	b.ReportMetric(float64(failed), "failed")
	if failed > 0 {
		b.Errorf("%d of %d visits failed", failed, len(visits))
	}
}

func sorted(m map[string][]visit) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// at is a quantile of the time, milliseconds.
func at(visits []visit, q float64) int64 {
	if len(visits) == 0 {
		return 0
	}
	took := make([]int64, len(visits))
	for i, v := range visits {
		took[i] = v.took.Milliseconds()
	}
	slices.Sort(took)
	return took[min(int(q*float64(len(took))), len(took)-1)]
}

func heaviest(visits []visit) int64 {
	var most int64
	for _, v := range visits {
		most = max(most, v.bytes)
	}
	return most
}
