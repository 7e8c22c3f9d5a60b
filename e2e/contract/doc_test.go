// Package contract holds the interface against its OpenAPI document, with the real store behind it: every answer is what
// its schema says, everything else is refused in words, and what strangers wrote does no harm on any way out.
package contract

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"testing"
	"time"

	"wenguo/dashboard"
	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/histories"
	"wenguo/transform/issue"
	"wenguo/transform/kpi"
	"wenguo/transform/sla"
	"wenguo/transform/text"
	"wenguo/warehouse"
	"wenguo/warehouse/enginetest"
)

var engines *enginetest.Engine

var whole = flag.Bool("whole", false, "send every kind of request to every address; takes minutes")

func TestMain(m *testing.M) {
	os.Exit(enginetest.Main(m, func(e *enginetest.Engine) { engines = e }))
}

var (
	zone  = time.FixedZone("Asia/Shanghai", 8*3600)
	begin = time.Date(2026, 3, 1, 0, 0, 0, 0, zone)
	now   = time.Date(2026, 4, 20, 12, 0, 0, 0, zone)
)

// rig is the interface over a store with complaints, clocks, an issue and refused messages.
type rig struct {
	handler http.Handler
	store   *warehouse.Store
	log     *bytes.Buffer
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{log: &bytes.Buffer{}}
	log := slog.New(slog.NewTextHandler(r.log, nil))
	var err error
	if r.store, err = warehouse.Open(t.Context(), engines.DSN(), log); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.store.Close() })
	policy, err := sla.ParsePolicy(sla.DefaultPolicy())
	if err != nil {
		t.Fatal(err)
	}
	rules := transform.Rules{
		Revision: 1, Mask: text.Mask, CustomerKey: func(s string) string { return s },
		History: []transform.Applied{{Revision: 1, Policy: policy}},
	}
	r.store.UseRules(rules)
	r.fill(t)
	if _, err := warehouse.NewFolder(r.store, rules, time.Second, log).Pass(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.discover(t, log)
	cfg := dashboard.DefaultConfig()
	cfg.QueryTimeout = 5 * time.Minute // the machine may be busy with other tests
	server, err := dashboard.New(cfg, dashboard.Deps{
		Reader: r.store, Now: func() time.Time { return now }, Log: log, Events: http.NotFoundHandler(),
	})
	if err != nil {
		t.Fatal(err)
	}
	r.handler = server.Handler()
	return r
}

// fill stores histories, enough complaints of one matter for an issue, hostile ones, and messages that are refused.
func (r *rig) fill(t *testing.T) {
	t.Helper()
	var events []ingest.Stored
	for _, of := range histories.New(11, begin.UTC(), 20).Complaints(40) {
		events = append(events, of...)
	}
	slices.SortFunc(events, func(a, b ingest.Stored) int { return int(a.Offset - b.Offset) })
	block := ingest.Block{Topic: ingest.TopicEvents, Decoder: ingest.DecoderVersion}
	add := func(at time.Time, value []byte) {
		block.Add(ingest.Record{Offset: block.End, BusTime: at, Value: value})
		block.End++
	}
	encode := func(e ingest.Event) []byte {
		raw, err := ingest.Encode(e)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	for _, e := range events {
		add(e.BusTime, encode(e.Event))
	}
	for i := range 40 {
		at := begin.AddDate(0, 0, i)
		add(at, encode(registered(fmt.Sprintf("L-%02d", i), at, "电梯坏了", fmt.Sprintf("%d 号楼的电梯又停在半路，报修三天没有人来修电梯", i%3))))
	}
	for i, h := range hostile {
		at := now.AddDate(0, 0, -1).Add(time.Duration(i) * time.Minute)
		e := registered(hostileID(i), at, h, h)
		data, _ := e.Data.(*ingest.Registered)
		data.Product, data.Category = short(h), short(h)
		e.Actor = ingest.Actor{ID: short(h), Department: short(h), Role: ingest.RoleAgent}
		add(at, encode(e))
		add(at, encode(ingest.Event{
			EventID: e.EventID + "-d", ComplaintID: e.ComplaintID, Kind: ingest.KindDispatched, OccurredAt: at.Add(time.Minute), Source: "test",
			Data: &ingest.Assigned{Department: short(h), Owner: short(h)},
		}))
	}
	add(now.AddDate(0, 0, -1), []byte(`{"kind":"<script>alert(1)</script>"}`))
	if err := r.store.InsertBlock(t.Context(), block); err != nil {
		t.Fatal(err)
	}
	decided := ingest.Block{Topic: ingest.TopicDecisions, Decoder: ingest.DecoderVersion}
	decided.AddDecision(ingest.Record{BusTime: now, Value: []byte(
		`{"event_id":"d-1","kind":"action.opened","occurred_at":"2026-03-10T09:00:00+08:00","data":{"action":"a-1","measure":"换门锁","department":"工程部"}}`)})
	decided.End = 1
	if err := r.store.InsertDecisions(t.Context(), decided); err != nil || len(decided.Events) != 1 {
		t.Fatal(err, decided.Rejects)
	}
	if len(block.Rejects) != 1+unstorable {
		t.Fatalf("%d messages were refused: %v", len(block.Rejects), block.Rejects)
	}
}

func registered(id string, at time.Time, title, content string) ingest.Event {
	return ingest.Event{
		EventID: "e-" + id, ComplaintID: id, Kind: ingest.KindRegistered, OccurredAt: at, Source: "test",
		Data: &ingest.Registered{Channel: "web", Title: title, Content: content, Customer: ingest.Customer{ID: "u-" + id}},
	}
}

// discover waits for the first issue.
func (r *rig) discover(t *testing.T, log *slog.Logger) {
	t.Helper()
	segmenter, err := text.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer segmenter.Close()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	job := warehouse.NewDiscovery(r.store, segmenter, issue.Options{}, time.Hour, func() time.Time { return now }, log)
	go func() { ended <- job.Run(ctx) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	for range 600 {
		list, err := r.store.Issues(t.Context(), kpi.Query{From: begin, To: now, AsOf: now})
		if err != nil {
			t.Fatal(err)
		}
		if len(list.Issues) > 0 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("no issue was discovered")
}
