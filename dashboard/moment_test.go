package dashboard_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wenguo/dashboard"
	"wenguo/transform/kpi"
)

// counting is a store that counts how often its heat map was asked for, and waits or fails as it is told.
type counting struct {
	sample
	heat, facts atomic.Int64
	fail        atomic.Bool
	hold        chan struct{}
}

func (s *counting) Heat(ctx context.Context, q kpi.Query) ([]kpi.HeatCell, error) {
	s.heat.Add(1)
	if s.hold != nil {
		<-s.hold
	}
	if s.fail.Load() {
		return nil, errors.New("the engine is away")
	}
	return s.sample.Heat(ctx, q)
}

func (s *counting) Freshness(ctx context.Context) (kpi.Freshness, error) {
	f, err := s.sample.Freshness(ctx)
	f.Complaints += s.facts.Load()
	return f, err
}

// shownBy runs pages whose clock is moved by hand, and opens one.
func shownBy(t *testing.T, store *counting) (open func(path string) string, clock *atomic.Int64, touch func()) {
	t.Helper()
	clock = &atomic.Int64{}
	cfg, listening, done := dashboard.DefaultConfig(), make(chan string, 1), make(chan error, 1)
	cfg.Listen = "127.0.0.1:0"
	server, err := dashboard.New(cfg, dashboard.Deps{
		Reader: store, Now: func() time.Time { return sampleNow().Add(time.Duration(clock.Load())) }, Log: slog.New(slog.DiscardHandler),
		Listening: func(a string) { listening <- a },
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() { done <- server.Run(ctx) }()
	<-listening
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return func(path string) string {
		w := httptest.NewRecorder()
		server.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1"+path, nil))
		if w.Code != http.StatusOK {
			t.Errorf("%s answers %d", path, w.Code)
		}
		return w.Body.String()
	}, clock, func() { server.Touch(dashboard.TopicIssues) }
}

func TestReadersOfAMomentShareItsAnswers(t *testing.T) {
	store := &counting{hold: make(chan struct{})}
	open, _, touch := shownBy(t, store)
	var readers sync.WaitGroup
	for range 8 {
		readers.Go(func() { open("/") })
	}
	close(store.hold)
	readers.Wait()
	if n := store.heat.Load(); n != 1 {
		t.Errorf("eight readers of one page asked the store %d times", n)
	}
	open("/?department=配送部")
	if n := store.heat.Load(); n != 2 {
		t.Errorf("another question brought the asking to %d, want 2", n)
	}
	touch()
	open("/")
	if n := store.heat.Load(); n != 3 {
		t.Errorf("after something was decided the store was asked %d times, want 3: the reader wants to see it", n)
	}
}

func TestAPageSaysTheInstantItIsOfAndIsNeverOlderThanTheBound(t *testing.T) {
	store := &counting{}
	open, clock, _ := shownBy(t, store)
	first := sampleNow().In(dashboard.DefaultConfig().Zone).Format("15:04:05")
	if page := open("/"); !strings.Contains(page, first) {
		t.Fatalf("the page does not say %s", first)
	}
	clock.Store(int64(500 * time.Millisecond))
	if page := open("/"); !strings.Contains(page, first) || store.heat.Load() != 1 {
		t.Errorf("half a second later the page asks %d times and should still be of %s", store.heat.Load(), first)
	}
	clock.Store(int64(dashboard.DefaultConfig().OldestMoment))
	later := sampleNow().Add(dashboard.DefaultConfig().OldestMoment).In(dashboard.DefaultConfig().Zone).Format("15:04:05")
	if page := open("/"); !strings.Contains(page, later) || strings.Contains(page, first) {
		t.Errorf("a page older than the bound is shown; it should be of %s", later)
	}
}

func TestTheNextMomentIsAnsweredBeforeItIsShown(t *testing.T) {
	store := &counting{}
	open, clock, _ := shownBy(t, store)
	open("/")
	clock.Store(int64(3 * time.Second))
	later := sampleNow().Add(3 * time.Second).In(dashboard.DefaultConfig().Zone).Format("15:04:05")
	page := open("/") // finds the moment old, and is of it all the same
	for deadline := time.Now().Add(10 * time.Second); !strings.Contains(page, later); page = open("/") {
		if time.Now().After(deadline) {
			t.Fatalf("no page is of %s", later)
		}
		time.Sleep(time.Millisecond)
	}
	if n := store.heat.Load(); n != 2 {
		t.Errorf("two moments asked %d times, want 2: a reader asked what was being answered for all", n)
	}
}

func TestAFailureIsNobodyElsesAnswer(t *testing.T) {
	store := &counting{}
	open, _, _ := shownBy(t, store)
	store.fail.Store(true)
	open("/")
	store.fail.Store(false)
	open("/")
	if n := store.heat.Load(); n != 2 {
		t.Errorf("after a failure the store was asked %d times, want 2", n)
	}
}
