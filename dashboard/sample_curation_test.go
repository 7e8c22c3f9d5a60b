package dashboard_test

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"time"

	"wenguo/dashboard"
	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/issue"
	"wenguo/transform/kpi"
)

// Curation implements dashboard.CurationReader.
func (s *sample) Curation(context.Context) (issue.Curation, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return issue.Curate(s.decided), s.fail("curation")
}

// IssueNames implements dashboard.CurationReader.
func (s *sample) IssueNames(ctx context.Context) (map[string]issue.Named, error) {
	l, err := s.Issues(ctx, kpi.Query{})
	c, _ := s.Curation(ctx)
	into := c.MergedInto()
	out := map[string]issue.Named{}
	for _, i := range l.Issues {
		out[i.ID] = issue.Named{ID: i.ID, Name: cmp.Or(c.Marks(i.ID).Name, i.Name), Leads: cmp.Or(into[i.ID], i.ID), Muted: c.Marks(i.ID).Muted, Marks: c.Marks(i.ID)}
	}
	return out, err
}

// topic is a bus whose messages the sample reads back; while held they stay on the way.
type topic struct {
	mu   sync.Mutex
	to   *sample
	sent []ingest.Message
	err  error
	held bool
}

// Produce implements dashboard.Bus.
func (b *topic) Produce(_ context.Context, messages []ingest.Message) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err != nil {
		return b.err
	}
	b.sent = append(b.sent, messages...)
	if !b.held {
		b.deliver()
	}
	return nil
}

// deliver gives the store all that was sent.
func (b *topic) deliver() {
	b.to.mu.Lock()
	defer b.to.mu.Unlock()
	b.to.decided, b.to.acted = nil, nil
	seen := map[string]bool{}
	for i, m := range b.sent {
		event, err := ingest.DecodeDecision(m.Value)
		if err != nil {
			panic(err)
		}
		if !seen[event.EventID] {
			b.to.decided = append(b.to.decided, transform.DecisionOf(event))
		}
		b.to.acted = append(b.to.acted, ingest.Stored{Event: event, Position: ingest.Position{Offset: int64(i)}})
		seen[event.EventID] = true
	}
}

// desk starts the handlers on a sample store where people can decide.
func desk(t *testing.T, bus *topic) http.Handler {
	t.Helper()
	n := 0
	cfg := dashboard.DefaultConfig()
	if bus.held {
		cfg.DecisionWait = 100 * time.Millisecond
	}
	server, err := dashboard.New(cfg, dashboard.Deps{
		Reader: bus.to, Now: sampleNow, Log: slog.New(slog.DiscardHandler), Bus: bus, Secret: []byte("a key for tests"),
		NewID: func() string { n++; return time.Unix(int64(n), 0).UTC().Format("id-150405") },
	})
	if err != nil {
		t.Fatal(err)
	}
	return server.Handler()
}
