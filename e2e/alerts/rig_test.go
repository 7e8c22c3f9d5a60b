package alerts_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"wenguo/dashboard/alerts"
	"wenguo/dashboard/watch"
	"wenguo/e2e/program"
	"wenguo/ingest"
	"wenguo/ingest/kafka"
	"wenguo/transform/sla"
)

func TestMain(m *testing.M) { os.Exit(program.Main(m)) }

// patience is how long something that has to happen may take; a loaded machine needs most of it.
const patience = 90 * time.Second

// card is one message a robot was sent.
type card struct {
	at   time.Time
	text string
}

// words are the card's text, without what changes each time that it is sent.
func (c card) words() string {
	_, text, _ := strings.Cut(c.text, `"content":"`)
	text, _, _ = strings.Cut(text, `","tag"`)
	return text
}

// String is when the card came and its text.
func (c card) String() string { return "\n" + c.at.Format("15:04:05.000") + " " + c.words() }

// robot is a group chat's robot that takes everything.
type robot struct {
	*httptest.Server

	mu    sync.Mutex
	cards []card
}

func newRobot(t *testing.T) *robot {
	t.Helper()
	r := &robot{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		body, _ := io.ReadAll(request.Body)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.cards = append(r.cards, card{time.Now(), string(body)})
		_, _ = io.WriteString(w, `{"code":0}`)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *robot) all() []card {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]card(nil), r.cards...)
}

// first is the first card that has all the words.
func (r *robot) first(words ...string) (card, bool) {
next:
	for _, c := range r.all() {
		for _, w := range words {
			if !strings.Contains(c.text, w) {
				continue next
			}
		}
		return c, true
	}
	return card{}, false
}

// wait for a card that has all the words.
func (r *robot) wait(t *testing.T, words ...string) card {
	t.Helper()
	for started := time.Now(); time.Since(started) < patience; time.Sleep(20 * time.Millisecond) {
		if c, ok := r.first(words...); ok {
			return c
		}
	}
	t.Fatalf("no card says %q within %s; there are: %v", words, patience, r.all())
	return card{}
}

// rig is a program whose alerts a Prometheus and an Alertmanager look after that live longer than it.
type rig struct {
	up      *program.Up
	owners  *robot
	oncall  *robot
	data    string
	file    string
	listen  string
	every   time.Duration
	outlive time.Duration
	watch   *watch.Watch
	policy  string
}

// newRig starts everything for a policy, told every so often.
func newRig(t *testing.T, policy string, every, outlive time.Duration, more ...string) *rig {
	t.Helper()
	r := &rig{owners: newRobot(t), oncall: newRobot(t), data: t.TempDir(), every: every, outlive: outlive, policy: policy}
	r.listen = free(t)
	dir := t.TempDir()
	policyFile := filepath.Join(dir, "policy.yaml")
	r.file = filepath.Join(dir, "wenguo.yaml")
	config := fmt.Sprintf("policy: %q\nalerts: {interval: %s, outlive: %s}\nfacts: {poll: 200ms}\nnotify:\n  token: %q\n  robots:\n"+
		"    - {name: 物流群, kind: feishu, url: %q, secret: s3cret}\n    - {name: 值班群, kind: feishu, url: %q}\n",
		policyFile, every, outlive, token, r.owners.URL+"/hook/KEY", r.oncall.URL+"/hook/KEY")
	for name, text := range map[string]string{policyFile: policy, r.file: config} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r.start(t, more...)
	return r
}

const token = "a-token-that-is-long-enough"

// start the program; again at the same address.
func (r *rig) start(t *testing.T, more ...string) {
	t.Helper()
	r.up = program.Start(t, r.data, nil, append([]string{"--config", r.file, "--listen", r.listen}, more...)...)
}

// look starts Prometheus and Alertmanager apart from the program, so that they see it die.
func (r *rig) look(t *testing.T) {
	t.Helper()
	policy, err := sla.ParsePolicy([]byte(r.policy))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	tokenFile := filepath.Join(dir, "token")
	if err := os.WriteFile(tokenFile, []byte(token), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg := watch.DefaultConfiguration()
	cfg.Interval = r.every
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	r.watch, err = watch.New(ctx, cfg, watch.Deps{Dir: dir, Log: slog.New(slog.DiscardHandler), Generate: func(at watch.Addresses) (watch.Files, error) {
		return alerts.Files(policy, alerts.Options{
			Site: r.listen, Alertmanager: at.Alertmanager, TokenFile: tokenFile, Robots: []string{"值班群"}, Every: r.every, Outlive: r.outlive,
		})
	}})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, absent := r.watch.Address(); absent != "" {
		t.Fatalf("Prometheus or Alertmanager is %s: make deps-test installs both", absent)
	}
	ended := make(chan error, 1)
	go func() { ended <- r.watch.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// free is an address that nobody listens on.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// tell puts an event on the bus.
func (r *rig) tell(t *testing.T, complaint, kind string, at time.Time, data map[string]any) {
	t.Helper()
	cfg := kafka.DefaultConfiguration()
	cfg.Brokers = r.up.Kafka
	p := kafka.NewProducer(cfg, ingest.TopicEvents)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := p.Produce(ctx, []ingest.Message{{Key: complaint, Time: at, Value: event(t, complaint, kind, at, data)}}); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
}

// complain registers an urgent complaint and gives it to a department.
func (r *rig) complain(t *testing.T, complaint, department string, at time.Time) {
	t.Helper()
	r.tell(t, complaint, "registered", at, map[string]any{
		"channel": "phone", "priority": "urgent", "title": "验证码收不到", "content": "一直收不到验证码，请回电 13812345678", "category": "技术支持",
		"customer": map[string]string{"name": "李四", "phone": "13812345678"},
	})
	r.tell(t, complaint, "dispatched", at.Add(time.Millisecond), map[string]any{"department": department})
}
