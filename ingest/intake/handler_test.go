package intake_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"wenguo/ingest"
	"wenguo/ingest/intake"
	"wenguo/ingest/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const token = "0123456789abcdef-intake"

// now is finer than Kafka's milliseconds, so that the edge of 24 hours ahead can be tried.
var now = time.Date(2026, 11, 22, 8, 0, 0, 999_999, time.UTC)

// gate is a bus that can be shut: it stands for a Kafka that is slow or away.
type gate struct {
	open     chan struct{}
	fail     error
	messages []ingest.Message
}

func (g *gate) Produce(ctx context.Context, messages []ingest.Message) error {
	if g.open != nil {
		select {
		case <-g.open:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if g.fail == nil {
		g.messages = append(g.messages, messages...)
	}
	return g.fail
}

type setup struct {
	*httptest.Server
	handler *intake.Handler
	full    atomic.Bool
	answers map[int]int
}

func serve(t *testing.T, bus intake.Bus, change func(*intake.Config)) *setup {
	t.Helper()
	cfg := intake.DefaultConfiguration()
	cfg.Token = token
	change(&cfg)
	s := &setup{answers: map[int]int{}}
	h, err := intake.New(cfg, intake.Deps{
		Bus: bus, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler), Full: s.full.Load,
		Answered: func(status, events int) { s.answers[status] += events },
	})
	if err != nil {
		t.Fatal(err)
	}
	s.handler, s.Server = h, httptest.NewServer(h)
	t.Cleanup(h.Close)
	t.Cleanup(s.Close)
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	return s
}

type answer struct {
	status int
	header http.Header
	intake.Problem
	Accepted int `json:"accepted"`
}

func (s *setup) post(t *testing.T, body, contentType string, header ...string) answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", contentType)
	request.Header.Set("Authorization", "Bearer "+token)
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{status: response.StatusCode, header: response.Header}
	if err := json.Unmarshal(raw, &a); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	wantType := "application/problem+json; charset=utf-8"
	if a.status < 300 {
		wantType = "application/json; charset=utf-8"
	} else if a.Status != a.status || a.Title == "" || a.Detail == "" {
		t.Errorf("status %d with the problem %s", a.status, raw)
	}
	if got := a.header.Get("Content-Type"); got != wantType {
		t.Errorf("content type %q", got)
	}
	return a
}

func event(n int) string {
	return fmt.Sprintf(`{"event_id":"e-%d","complaint_id":"C-%d","kind":"escalated","occurred_at":"2026-11-22T07:00:00Z"}`, n, n%7)
}

const (
	asJSON  = "application/json"
	asLines = "application/x-ndjson"
)

func TestEventsInEveryFormReachTheBusAsTheyAre(t *testing.T) {
	spaced := "{ \"event_id\" : \"e-9\", \"complaint_id\":\"C-9\",\"kind\":\"closed\", \"occurred_at\":\"2026-11-22T15:00:00+08:00\", \"更多\":[1, 2] }"
	cloud := `{"specversion":"1.0","id":"ce-1","time":"2026-11-22T07:00:00Z","type":"t","source":"/s","data":{"complaint_id":"C-8","kind":"closed"}}`
	for sentence, c := range map[string]struct {
		body, kind string
		want       []string
		keys       []string
	}{
		"one event":                          {spaced, asJSON, []string{spaced}, []string{"C-9"}},
		"one event with its charset":         {spaced, "application/json; charset=UTF-8", []string{spaced}, []string{"C-9"}},
		"one event in lines of its own":      {"{\n\"event_id\":\"e\",\"complaint_id\":\"C\",\"kind\":\"closed\",\"occurred_at\":\"2026-11-22T07:00:00Z\"\n}\n", asJSON, []string{"{\n\"event_id\":\"e\",\"complaint_id\":\"C\",\"kind\":\"closed\",\"occurred_at\":\"2026-11-22T07:00:00Z\"\n}"}, []string{"C"}},
		"an array":                           {" [" + event(1) + ",\n" + spaced + "] ", asJSON, []string{event(1), spaced}, []string{"C-1", "C-9"}},
		"an empty array":                     {"[]", asJSON, nil, nil},
		"lines, some empty, some of Windows": {event(1) + "\r\n\n" + event(2) + "\n" + event(8), asLines, []string{event(1), event(2), event(8)}, []string{"C-1", "C-2", "C-1"}},
		"a CloudEvents envelope":             {cloud, "application/cloudevents+json", []string{cloud}, []string{"C-8"}},
		"a batch of envelopes":               {"[" + cloud + "]", "application/cloudevents-batch+json; charset=utf-8", []string{cloud}, []string{"C-8"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			bus := &gate{}
			s := serve(t, bus, func(*intake.Config) {})
			for _, packed := range []bool{false, true} {
				bus.messages = nil
				body, header := c.body, []string(nil)
				if packed {
					body, header = pack(t, c.body), []string{"Content-Encoding", "gzip"}
				}
				a := s.post(t, body, c.kind, header...)
				if a.status != http.StatusAccepted || a.Accepted != len(c.want) || len(bus.messages) != len(c.want) {
					t.Fatalf("%d %+v, %d on the bus", a.status, a.Problem, len(bus.messages))
				}
				for i, m := range bus.messages {
					if string(m.Value) != c.want[i] || m.Key != c.keys[i] || !m.Time.Equal(now.Truncate(time.Millisecond)) || m.Backfill {
						t.Errorf("message %d is %s %s at %s", i, m.Key, m.Value, m.Time)
					}
				}
			}
		})
	}
}

func pack(t *testing.T, text string) string {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestABatchWithAFaultIsRefusedWholeAndEachFaultIsNamed(t *testing.T) {
	bus := &gate{}
	s := serve(t, bus, func(*intake.Config) {})
	at := func(when string) string { return strings.Replace(event(3), "2026-11-22T07:00:00Z", when, 1) }
	bad := []string{
		event(1),
		`{"event_id":"e","complaint_id":"13800000000","kind":"registered","occurred_at":"2026-11-22T07:00:00Z","data":{"title":"13800000000"}}`,
		event(2),
		`{"event_id":`,
		`"text"`,
		strings.Replace(event(5), "escalated", "exploded", 1),
		at("1999-12-31T00:00:00Z"),
		at("2026-11-23T08:00:00.001Z"), // a millisecond more than a day after the message's own time
		at("2026-11-23T08:00:00.000Z"),
	}
	a := s.post(t, strings.Join(bad, "\n"), asLines)
	want := "1 missing_field data.channel, 3 not_json message, 4 wrong_type message, 5 unknown_kind kind, 6 time_out_of_range occurred_at, 7 time_out_of_range occurred_at"
	var got []string
	for _, f := range a.Errors {
		got = append(got, fmt.Sprintf("%d %s %s", f.Index, f.Class, f.Field))
		if f.Reason == "" || strings.Contains(f.Reason, "13800000000") {
			t.Errorf("reason %q", f.Reason)
		}
	}
	if a.status != http.StatusBadRequest || strings.Join(got, ", ") != want {
		t.Errorf("%d %s\nwant %s", a.status, strings.Join(got, ", "), want)
	}
	if len(bus.messages) != 0 {
		t.Errorf("%d events of a refused batch are on the bus", len(bus.messages))
	}
	for sentence, body := range map[string]string{
		"a broken array": "[" + event(1) + ", {", "an array without end": "[" + event(1), "an array and more": "[" + event(1) + "]" + event(2),
		"nothing at all": "", "an array of arrays": "[[" + event(1) + "]]", "no UTF-8": strings.Replace(event(1), "e-1", "\xff", 1),
	} {
		if a := s.post(t, body, asJSON); a.status != http.StatusBadRequest || len(a.Errors) != 1 {
			t.Errorf("%s: %d %+v", sentence, a.status, a.Problem)
		}
	}
	if a := s.post(t, strings.Repeat("x\n", 500), asLines); len(a.Errors) != 100 || !strings.Contains(a.Detail, "500 个事件中有 500 个不合规") {
		t.Errorf("%d faults listed: %s", len(a.Errors), a.Detail)
	}
}

// FuzzWhatIsTakenInIsAnEvent holds every message on the bus against what the consumer does with it.
func FuzzWhatIsTakenInIsAnEvent(f *testing.F) {
	for _, seed := range []string{event(1), "[" + event(1) + "," + event(2) + "]", event(1) + "\n" + event(2), "[", "[1]", "{}"} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	f.Fuzz(func(t *testing.T, body string, lines bool) {
		bus := &gate{}
		cfg := intake.DefaultConfiguration()
		cfg.Token = token
		h, err := intake.New(cfg, intake.Deps{Bus: bus, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		defer h.Close()
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("Content-Type", map[bool]string{true: asLines, false: asJSON}[lines])
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != http.StatusAccepted && (w.Code < 400 || w.Code > 499 || len(bus.messages) > 0) {
			t.Fatalf("answer %d with %d messages", w.Code, len(bus.messages))
		}
		block := ingest.Block{}
		for i, m := range bus.messages {
			block.Add(ingest.Record{Offset: int64(i), BusTime: m.Time, Value: m.Value})
		}
		if len(block.Rejects) > 0 || len(block.Events) != len(bus.messages) {
			t.Fatalf("the consumer refuses what was taken in: %+v", block.Rejects)
		}
		for i, e := range block.Events {
			if e.Event.ComplaintID != bus.messages[i].Key {
				t.Fatalf("key %q of complaint %q", bus.messages[i].Key, e.Event.ComplaintID)
			}
		}
		if h.Held() != 0 {
			t.Fatalf("%d bytes stay reserved", h.Held())
		}
	})
}

func TestOnlyABearerOfATokenMaySend(t *testing.T) {
	bus := &gate{}
	s := serve(t, bus, func(*intake.Config) {})
	for _, header := range []string{"", "Bearer", "Bearer ", "Bearer " + token + "x", "Bearer " + token[1:], "Basic " + token, token, "Bearer wrong"} {
		a := s.post(t, event(1), asJSON, "Authorization", header)
		if a.status != http.StatusUnauthorized || !strings.HasPrefix(a.header.Get("WWW-Authenticate"), "Bearer") {
			t.Errorf("%q: %d", header, a.status)
		}
	}
	if len(bus.messages) != 0 {
		t.Error("an event got in without a token")
	}
	if a := s.post(t, event(1), asJSON, "Authorization", "bearer "+token); a.status != http.StatusAccepted {
		t.Errorf("the right token: %d", a.status)
	}
	for want, token := range map[string]string{"intake.token is missing": "", "fewer than 16 bytes": "short"} {
		cfg := intake.DefaultConfiguration()
		cfg.Token = wire.Secret(token)
		_, err := intake.New(cfg, intake.Deps{Bus: bus, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestWhatIsTooLargeIsRefused(t *testing.T) {
	bus := &gate{}
	s := serve(t, bus, func(c *intake.Config) { c.MaxBytes, c.MaxEvents = 2<<20, 10 })
	big := `{"event_id":"e","complaint_id":"C","kind":"closed","occurred_at":"2026-11-22T07:00:00Z","x":"` + strings.Repeat("x", ingest.MaxEventBytes) + `"}`
	for sentence, c := range map[string]struct{ body, kind, packed string }{
		"a body":                          {strings.Repeat(" ", 2<<20+1), asJSON, ""},
		"a body that unpacks to too much": {pack(t, strings.Repeat(" ", 2<<20+1)), asJSON, "gzip"},
		"too many lines":                  {strings.Repeat(event(1)+"\n", 11), asLines, ""},
		"too many in an array":            {"[" + strings.Repeat(event(1)+",", 10) + event(1) + "]", asJSON, ""},
		"one event":                       {big, asJSON, ""},
	} {
		if a := s.post(t, c.body, c.kind, "Content-Encoding", c.packed); a.status != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: %d %+v", sentence, a.status, a.Problem)
		}
	}
	for sentence, header := range map[string][2]string{
		"a form of a page":     {"application/x-www-form-urlencoded", ""},
		"plain text":           {"text/plain", ""},
		"another charset":      {"application/json; charset=gbk", ""},
		"another way to pack":  {asJSON, "br"},
		"no content type":      {"", ""},
		"an unreadable header": {"application/json; =", ""},
	} {
		if a := s.post(t, event(1), header[0], "Content-Encoding", header[1]); a.status != http.StatusUnsupportedMediaType {
			t.Errorf("%s: %d", sentence, a.status)
		}
	}
	if a := s.post(t, "no gzip", asJSON, "Content-Encoding", "gzip"); a.status != http.StatusBadRequest {
		t.Errorf("no gzip: %d", a.status)
	}
	if a := s.post(t, strings.Repeat(event(1)+"\n", 10), asLines); a.status != http.StatusAccepted || len(bus.messages) != 10 {
		t.Errorf("a full batch: %d", a.status)
	}
	if s.handler.Held() != 0 {
		t.Errorf("%d bytes stay reserved", s.handler.Held())
	}
}

func TestAPackedBodyIsNotUnpackedBeyondTheLimit(t *testing.T) {
	s := serve(t, &gate{}, func(c *intake.Config) { c.MaxBytes = 1 << 20 })
	bomb := strings.Repeat(pack(t, strings.Repeat(" ", 1<<20)), 256) // a file of gzip may have many parts
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	a := s.post(t, bomb, asJSON, "Content-Encoding", "gzip")
	runtime.ReadMemStats(&after)
	if a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("%d %+v", a.status, a.Problem)
	}
	if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 64 {
		t.Errorf("%d MiB were unpacked into memory", used)
	}
}

func TestWhileKafkaIsAwayMemoryIsBoundedAndNothingIsPromised(t *testing.T) {
	bus := &gate{open: make(chan struct{})}
	s := serve(t, bus, func(c *intake.Config) { c.MaxBytes, c.InFlightBytes, c.AckTimeout = 1<<20, 1<<20, 50*time.Millisecond })
	body := event(1) + strings.Repeat(" ", 300<<10)
	for range 3 {
		if a := s.post(t, body, asJSON); a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") != "5" {
			t.Fatalf("%d %+v", a.status, a.Problem)
		}
	}
	a := s.post(t, body, asJSON)
	if a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") != "1" {
		t.Fatalf("a fourth request while three are held: %d %+v", a.status, a.Problem)
	}
	close(bus.open)
	for deadline := time.Now().Add(10 * time.Second); s.handler.Held() > 0 && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	if a := s.post(t, body, asJSON); a.status != http.StatusAccepted {
		t.Fatalf("after Kafka is back: %d %+v", a.status, a.Problem)
	}
	bus.fail = errors.New("not enough in-sync replicas")
	if a := s.post(t, body, asJSON); a.status != http.StatusServiceUnavailable || strings.Contains(a.Detail, "replicas") {
		t.Fatalf("a refusing Kafka: %d %+v", a.status, a.Problem)
	}
	bus.fail = nil
	s.full.Store(true)
	if a := s.post(t, body, asJSON); a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" || !strings.Contains(a.Title, "磁盘") {
		t.Fatalf("a full disk: %d %+v", a.status, a.Problem)
	}
	s.full.Store(false)
	if a := s.post(t, body, asJSON); a.status != http.StatusAccepted {
		t.Fatalf("after the disk has room: %d", a.status)
	}
	if s.answers[http.StatusAccepted] != 2 || s.answers[http.StatusServiceUnavailable] != 0 {
		t.Errorf("told of %v", s.answers)
	}
}
