package contract

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"wenguo/dashboard"
	"wenguo/transform"
	"wenguo/transform/histories"
	"wenguo/transform/kpi"
	"wenguo/transform/sla"
	"wenguo/warehouse"
)

// BenchmarkFiles downloads all of a million complaints (ROWS) as CSV and as XLSX, and tells rows per second and the highest
// resident memory of the program, with its client, and of the engine, both over what they held before.
func BenchmarkFiles(b *testing.B) {
	rows, err := strconv.Atoi(os.Getenv("ROWS"))
	if err != nil {
		rows = 1_000_000
	}
	server := httptest.NewServer(million(b, rows))
	defer server.Close()
	for _, ending := range []string{"csv", "xlsx"} {
		b.Run(ending, func(b *testing.B) {
			for b.Loop() {
				debug.FreeOSMemory()
				before, engineBefore := resident(b, "VmRSS")
				forget(b)
				start := time.Now()
				response, err := http.Get(server.URL + "/api/v1/complaints." + ending + "?period=all")
				if err != nil {
					b.Fatal(err)
				}
				bytes, err := io.Copy(io.Discard, response.Body)
				_ = response.Body.Close()
				if err != nil || response.StatusCode != http.StatusOK {
					b.Fatal(response.StatusCode, err)
				}
				peak, enginePeak := resident(b, "VmHWM")
				b.ReportMetric(float64(rows)/time.Since(start).Seconds(), "rows/s")
				b.ReportMetric(float64(bytes)/1e6, "MB-file")
				b.ReportMetric(before, "MB-before")
				b.ReportMetric(peak, "MB-peak")
				b.ReportMetric(engineBefore, "MB-engine-before")
				b.ReportMetric(enginePeak, "MB-engine-peak")
			}
		})
	}
}

// million is the interface over a store with so many facts, made from some that were folded from events.
func million(b *testing.B, rows int) http.Handler {
	b.Helper()
	store, err := warehouse.Open(b.Context(), engines.DSN(), slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = store.Close() })
	policy, err := sla.ParsePolicy(sla.DefaultPolicy())
	if err != nil {
		b.Fatal(err)
	}
	same := func(s string) string { return s }
	rules := transform.Rules{Revision: 1, Mask: same, CustomerKey: same, History: []transform.Applied{{Revision: 1, Policy: policy}}}
	store.UseRules(rules)
	var like []transform.Complaint
	for _, of := range histories.New(11, begin.UTC(), 20).Complaints(100) {
		if c, known := transform.FoldAt(of, rules, now); known && !c.Orphan {
			like = append(like, c)
		}
	}
	first, batch := begin.AddDate(-2, 0, 0), make([]transform.Complaint, 0, 20_000)
	for i := range rows {
		c := like[i%len(like)]
		c.ID, c.RegisteredAt = fmt.Sprintf("C-%09d", i), first.Add(time.Duration(i)*(2*365*24*time.Hour)/time.Duration(rows)).Truncate(time.Millisecond)
		c.Title, c.Content = "验证码一直收不到，会员中心登录不了", strings.Repeat("从昨天晚上开始登录会员中心，点了十几次获取验证码都没有短信。", 6)
		if batch = append(batch, c); len(batch) == cap(batch) || i == rows-1 {
			if err := store.SaveFacts(b.Context(), batch); err != nil {
				b.Fatal(err)
			}
			batch = batch[:0]
		}
	}
	server, err := dashboard.New(dashboard.DefaultConfig(), dashboard.Deps{Reader: wide{store, first}, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	return server.Handler()
}

var resting = regexp.MustCompile(`(?m)^(VmRSS|VmHWM):\s+(\d+) kB$`)

// processes are this one and its child, the engine.
func processes(b *testing.B) []string {
	b.Helper()
	list, err := filepath.Glob("/proc/self/task/*/children")
	if err != nil {
		b.Fatal(err)
	}
	all := []string{"self"}
	for _, file := range list {
		raw, _ := os.ReadFile(file)
		all = append(all, strings.Fields(string(raw))...)
	}
	if len(all) != 2 {
		b.Fatalf("%d processes, want this and the engine", len(all))
	}
	return all
}

// resident reads a figure of memory of both, in MB.
func resident(b *testing.B, name string) (own, engine float64) {
	b.Helper()
	var mb [2]float64
	for i, p := range processes(b) {
		raw, err := os.ReadFile("/proc/" + p + "/status")
		if err != nil {
			b.Fatal(err)
		}
		for _, m := range resting.FindAllStringSubmatch(string(raw), -1) {
			if m[1] == name {
				kb, _ := strconv.ParseFloat(m[2], 64)
				mb[i] = kb / 1024
			}
		}
	}
	return mb[0], mb[1]
}

// forget makes the highest memory that of now.
func forget(b *testing.B) {
	b.Helper()
	for _, p := range processes(b) {
		if err := os.WriteFile("/proc/"+p+"/clear_refs", []byte("5"), 0); err != nil {
			b.Fatal(err)
		}
	}
}

// wide is a store that knows since when it holds complaints, though no event says so.
type wide struct {
	*warehouse.Store

	first time.Time
}

// Freshness names the first and the last registration.
func (w wide) Freshness(context.Context) (kpi.Freshness, error) {
	return kpi.Freshness{FirstRegisteredAt: w.first, LastRegisteredAt: now, LastEventAt: now}, nil
}
