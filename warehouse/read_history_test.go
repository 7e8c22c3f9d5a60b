package warehouse

import (
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/histories"
	"wenguo/transform/sla"
	masking "wenguo/transform/text"
)

// history is a store with invented complaints, beside what plain Go makes of the same events.
type history struct {
	*Store

	rules  transform.Rules
	events map[string][]ingest.Stored
	end    time.Time
}

var historyStart = time.Date(2026, 3, 2, 0, 0, 0, 0, time.FixedZone("UTC+8", 8*60*60))

func testRules(t testing.TB) transform.Rules {
	t.Helper()
	policy, err := sla.ParsePolicy(sla.DefaultPolicy())
	if err != nil {
		t.Fatal(err)
	}
	return transform.Rules{
		Revision: 1, History: []transform.Applied{{Revision: 1, Policy: policy}}, Mask: masking.Mask,
		CustomerKey: func(identity string) string { return "key of " + identity },
	}
}

// openHistory fills a store with n complaints that begin within 30 days, and folds them.
func openHistory(t *testing.T, n int) *history {
	t.Helper()
	return openEvents(t, histories.New(11, historyStart, 30).Complaints(n))
}

// openEvents fills a store with the events of complaints, by their ids, and folds them.
func openEvents(t *testing.T, events map[string][]ingest.Stored) *history {
	t.Helper()
	h := &history{Store: openStore(t), rules: testRules(t), events: events, end: historyStart.AddDate(0, 0, 30)}
	h.UseRules(h.rules)
	block := ingest.Block{Topic: ingest.TopicEvents, Decoder: ingest.DecoderVersion}
	for i, id := range slices.Sorted(maps.Keys(h.events)) {
		for j := range h.events[id] {
			e := &h.events[id][j]
			if r, ok := e.Data.(*ingest.Registered); ok {
				r.Title, r.Content = titles[i%len(titles)], fmt.Sprintf("第%d件，电话13800138000，Express %d%%", i, i%7)
			}
			raw, err := ingest.Encode(e.Event)
			if err != nil {
				t.Fatal(err)
			}
			block.End = max(block.End, e.Offset+1)
			block.Events = append(block.Events, ingest.Accepted{
				Record: ingest.Record{Offset: e.Offset, BusTime: e.BusTime, Backfill: e.Backfill, Value: raw}, Event: e.Event,
			})
		}
	}
	if err := h.InsertBlock(t.Context(), block); err != nil {
		t.Fatal(err)
	}
	folder := NewFolder(h.Store, h.rules, time.Second, slog.New(slog.DiscardHandler))
	if err := folder.Fold(t.Context(), slices.Sorted(maps.Keys(h.events))); err != nil {
		t.Fatal(err)
	}
	if err := h.SetWatermark(t.Context(), FoldWorker, ingest.TopicEvents, 0, block.End); err != nil {
		t.Fatal(err)
	}
	return h
}

var titles = []string{"退款迟迟不到账", "门票无法使用", "登录Error 500", "会员扣费100%", "客服\\态度'差"}

// facts are the facts at an instant, by plain folding; orphans are left out.
func (h *history) facts(at time.Time) []transform.Complaint {
	var out []transform.Complaint
	for _, events := range h.events {
		if c, known := transform.FoldAt(events, h.rules, at); known {
			out = append(out, c)
		}
	}
	return out
}
