package dashboard_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"wenguo/dashboard"
	"wenguo/transform/kpi"
)

// moving is a store that goes on: each tick is one more folded event, waiting are those that no fact contains yet.
type moving struct {
	sample
	ticks, waiting, asked atomic.Int64
}

func (m *moving) Freshness(context.Context) (kpi.Freshness, error) {
	m.asked.Add(1)
	return kpi.Freshness{Events: m.ticks.Load() + m.waiting.Load(), Unfolded: m.waiting.Load(), LastFactAt: sampleNow().Add(time.Duration(m.ticks.Load()) * time.Second)}, nil
}

// liveServer runs pages on a store that moves.
func liveServer(t *testing.T) (*moving, *dashboard.Server, string, func() error) {
	t.Helper()
	listening, done := make(chan string, 1), make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	cfg, store := dashboard.DefaultConfig(), &moving{}
	cfg.OldestMoment = 0 // its clock stands still
	cfg.Listen = "127.0.0.1:0"
	server, err := dashboard.New(cfg, dashboard.Deps{
		Reader: store, Now: sampleNow, Log: slog.New(slog.DiscardHandler), Listening: func(a string) { listening <- a },
	})
	if err != nil {
		t.Fatal(err)
	}
	go func() { done <- server.Run(ctx) }()
	stop := func() error { cancel(); return <-done }
	return store, server, "http://" + <-listening, stop
}

// hear opens the stream; next gives the marks as they come.
func hear(t *testing.T, base string) (next func() map[string]string, ended func() error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip, br") // a stream must not wait in a compressor
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	if kind := resp.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/event-stream") || resp.Header.Get("Content-Encoding") != "" {
		t.Fatalf("%s: %s, encoding %q", resp.Status, kind, resp.Header.Get("Content-Encoding"))
	}
	lines, event := bufio.NewScanner(resp.Body), ""
	next = func() map[string]string {
		t.Helper()
		for lines.Scan() {
			if name, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				event = name
			}
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok && event == "marks" {
				var m map[string]string
				if err := json.Unmarshal([]byte(data), &m); err != nil {
					t.Fatal(err)
				}
				return m
			}
		}
		t.Fatalf("the stream ended: %v", lines.Err())
		return nil
	}
	return next, func() error { _, err := io.Copy(io.Discard, resp.Body); return err }
}

func TestStreamTellsWhichTopicsMoved(t *testing.T) {
	store, server, base, stop := liveServer(t)
	one, _ := hear(t, base)
	other, _ := hear(t, base)
	first := one()
	if got := other(); got["facts"] != first["facts"] {
		t.Errorf("two listeners hear %v and %v", first, got)
	}
	store.ticks.Add(1)
	second, same := one(), other()
	if second["facts"] == first["facts"] || second["issues"] != first["issues"] || same["facts"] != second["facts"] {
		t.Errorf("an event was folded: %v became %v, and %v for the other", first, second, same)
	}
	server.Touch(dashboard.TopicIssues)
	if third := one(); third["issues"] == second["issues"] || third["facts"] != second["facts"] {
		t.Errorf("an issue was renamed: %v became %v", second, third)
	}
	before := map[string]string{}
	store.waiting.Add(1)
	for range 2 { // the touch above may be told once more
		if before = one(); before["store"] != second["store"] {
			break
		}
	}
	if before["store"] == second["store"] || before["facts"] != second["facts"] {
		t.Errorf("an event waits: %v became %v", second, before)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestNobodyListensNobodyAsks(t *testing.T) {
	store, _, base, stop := liveServer(t)
	if n := store.asked.Load(); n != 0 {
		t.Errorf("the store was asked %d times before anybody listened", n)
	}
	for range 8 {
		next, _ := hear(t, base)
		next()
	}
	if n := store.asked.Load(); n > 3 {
		t.Errorf("eight listeners made %d questions at once", n)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestStreamsEndWithTheServer(t *testing.T) {
	_, _, base, stop := liveServer(t)
	next, ended := hear(t, base)
	next()
	began := time.Now()
	if err := stop(); err != nil {
		t.Error(err)
	}
	if err := ended(); err != nil {
		t.Errorf("the stream was cut: %v", err)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("an open stream held the server for %s", took)
	}
}

func TestPageCarriesTheMarksItWasMadeOf(t *testing.T) {
	h := open(t, &sample{})
	if body := get(t, h, "/").Body.String(); !strings.Contains(body, `data-marks="{&#34;facts&#34;:`) {
		t.Error("the page cannot be compared with the stream")
	}
}

func TestMoreListenersThanBoundAreSentAway(t *testing.T) {
	_, _, base, stop := liveServer(t)
	for range 512 {
		resp, err := http.Get(base + "/events")
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
	}
	code, body := fetch(t, base+"/events")
	if code != http.StatusServiceUnavailable || !strings.Contains(body, "too many") {
		t.Errorf("the 513th listener gets %d %s", code, body)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}
