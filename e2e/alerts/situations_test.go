package alerts_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"wenguo/dashboard/alerts"
	"wenguo/ingest"
	"wenguo/ingest/kafka"
	"wenguo/transform/sla"
)

var (
	situations = flag.Bool("alerts.situations", false, "make every alert fire by a real situation; a quarter of an hour")
	shots      = flag.String("alerts.shots", "", "folder for pictures of the alerts page")
)

// strict is a policy that is easily broken, with an owner for the department and a calendar whose holidays are over.
const strict = `
zone: Asia/Shanghai
warn_after: 0.75
calendars:
  24x7: {kind: natural}
  old: {kind: working, days: [mon, tue, wed, thu, fri], hours: ["09:00-18:00"], holidays: [{ical: 2025.ics, years: [2025]}]}
rules:
  - {stage: sync, target: 5m, calendar: 24x7, pauses: false}
  - {stage: acknowledge, target: 1h, calendar: 24x7, pauses: false}
  - {stage: resolve, target: 48h, calendar: 24x7, pauses: false}
  - {stage: confirm, target: 1wd, calendar: old}
heartbeats: {email: 1m}
owners:
  物流部: {people: [张经理], robots: [物流群]}
alerts:
  on_call: {robots: [值班群]}
files:
  2025.ics: "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//wenguo//test//\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20250101T000000Z\r\nDTSTART;VALUE=DATE:20251001\r\nDTEND;VALUE=DATE:20251009\r\nSUMMARY:国庆节（休）\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
`

// TestEveryAlertFiresByARealSituation brings about, in one running product with its own Prometheus and Alertmanager, what
// each alert of the policy is about, and waits for it.
func TestEveryAlertFiresByARealSituation(t *testing.T) {
	if !*situations {
		fewSituations(t)
		return
	}
	r := newRig(t, strict, time.Second, 10*time.Second, "--alerts=true")
	want := named(t)
	r.settle(t)
	r.happen(t)
	for _, alert := range want {
		if slices.Contains([]string{"ComplaintSLAEngineStale", "ComplaintIngestLagging", "ComplaintSLAEngineAbsent"}, alert) {
			continue // these come when a part is away
		}
		r.rings(t, alert, 3*time.Minute)
	}
	r.picture(t, "alerts")
	r.look(t) // of a Prometheus that needs neither the engine nor the product
	fires(t, r, "Watchdog")
	r.awayEngine(t)
	r.up.KillAll(t)
	r.ringsOutside(t, "ComplaintSLAEngineAbsent", 4*time.Minute)
}

// fewSituations holds the list of situations against the rules without waiting for them.
func fewSituations(t *testing.T) {
	t.Helper()
	if got := named(t); len(got) != 21 {
		t.Errorf("there are %d alerts; each needs its situation: %v", len(got), got)
	}
}

// named are the alerts that the policy's rules have.
func named(t *testing.T) []string {
	t.Helper()
	policy, err := sla.ParsePolicy([]byte(strict))
	if err != nil {
		t.Fatal(err)
	}
	files, err := alerts.Files(policy, alerts.Options{Site: "127.0.0.1:1", Every: time.Second, Outlive: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for line := range strings.Lines(string(files[alerts.RulesFile])) {
		if _, name, ok := strings.Cut(line, "- alert: "); ok && !slices.Contains(names, strings.TrimSpace(name)) {
			names = append(names, strings.TrimSpace(name))
		}
	}
	return names
}

// settle waits until the product's own Prometheus has looked at it: the calendar's alert needs a look, the watchdog does
// not. What is refused before the first look has no increase.
func (r *rig) settle(t *testing.T) {
	t.Helper()
	r.rings(t, "ComplaintCalendarExpired", time.Minute)
}

// happen puts everything on the bus that the alerts about complaints, rates, issues and sources are about.
func (r *rig) happen(t *testing.T) {
	t.Helper()
	now := time.Now()
	var batch []ingest.Message
	add := func(backfill bool, complaint, kind string, at time.Time, data map[string]any) {
		batch = append(batch, ingest.Message{Key: complaint, Time: now, Value: event(t, complaint, kind, at, data), Backfill: backfill})
	}
	register := func(backfill bool, id, channel, priority string, at time.Time, title, content string, customer int) {
		add(backfill, id, "registered", at, map[string]any{
			"channel": channel, "priority": priority, "title": title, "content": content, "category": "服务", "customer": map[string]any{"id": fmt.Sprintf("u%d", customer)},
		})
		add(backfill, id, "dispatched", at.Add(time.Second), map[string]any{"department": "物流部"})
	}
	// Promises broken for weeks: late replies, late solutions, escalations, and customers whom nobody answers.
	for i := range 240 {
		at, id := now.AddDate(0, 0, -25).Add(time.Duration(i)*2*time.Hour), fmt.Sprintf("L-%03d", i)
		register(true, id, "phone", "normal", at, fmt.Sprintf("第 %d 号来电", i), fmt.Sprintf("来电反映事项 %d，请处理", i), i)
		switch i % 4 {
		case 0: // nobody answers
		case 1:
			add(true, id, "acknowledged", at.Add(90*time.Minute), map[string]any{"channel": "phone"})
			add(true, id, "escalated", at.Add(2*time.Hour), map[string]any{"level": 2})
			add(true, id, "resolved", at.Add(70*time.Hour), nil)
		default:
			add(true, id, "acknowledged", at.Add(10*time.Minute), map[string]any{"channel": "phone"})
			add(true, id, "resolved", at.Add(20*time.Hour), nil)
		}
	}
	// One matter that was gone for months and is back, one that grows every day.
	for i := range 36 {
		at := now.AddDate(0, 0, -200).Add(time.Duration(i) * 12 * time.Hour)
		if i >= 24 {
			at = now.AddDate(0, 0, -20).Add(time.Duration(i-24) * 39 * time.Hour)
		}
		register(true, fmt.Sprintf("R-%03d", i), "app", "normal", at, "电梯又停在半路", fmt.Sprintf("%d 号楼的电梯停在两层之间不动，被关在电梯里，报修三天没人来修电梯", i%7), 1000+i)
	}
	for i := range 90 {
		at := now.AddDate(0, 0, -160).Add(time.Duration(i) * 5 * 24 * time.Hour)
		if i >= 30 {
			at = now.AddDate(0, 0, -2).Add(time.Duration(i-30) * 40 * time.Minute)
		}
		register(true, fmt.Sprintf("E-%03d", i), "app", "normal", at, "验证码短信收不到", fmt.Sprintf("登录时点了%d次获取验证码，一直收不到验证码短信，登录不了", i%9+2), 2000+i)
	}
	// More urgent complaints near their deadline than are told one by one, and an e-mail a while ago that nothing followed.
	for i := range 260 {
		register(true, fmt.Sprintf("U-%03d", i), "web", "urgent", now.Add(-50*time.Minute-time.Duration(i)*4*time.Second), "急", fmt.Sprintf("加急事项 %d", i), 3000+i)
	}
	register(false, "M-1", "email", "normal", now.Add(-30*time.Minute), "邮件", "来信反映事项", 4000)
	batch[len(batch)-1].Time, batch[len(batch)-2].Time = now.Add(-29*time.Minute), now.Add(-29*time.Minute)
	// What comes hours after it happened, and what cannot be read.
	for i := range 20 {
		register(false, fmt.Sprintf("S-%03d", i), "wechat", "normal", now.Add(-2*time.Hour), "晚到", fmt.Sprintf("迟到的事项 %d", i), 5000+i)
	}
	r.put(t, batch)
	r.put(t, []ingest.Message{{Key: "bad", Time: time.Now(), Value: []byte(`{"kind":"registered"}`)}})
}

// awayEngine freezes the engine while messages pour in.
func (r *rig) awayEngine(t *testing.T) {
	t.Helper()
	var batch []ingest.Message
	for i := range 12_000 {
		id := fmt.Sprintf("W-%05d", i)
		batch = append(batch, ingest.Message{Key: id, Time: time.Now(), Value: event(t, id, "registered", time.Now(), map[string]any{
			"channel": "phone", "title": "堆积", "content": "堆积的事项", "customer": map[string]any{"id": id},
		}), Backfill: true})
	}
	engine := r.up.EnginePID()
	if err := syscall.Kill(engine, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = syscall.Kill(engine, syscall.SIGCONT) }()
	r.put(t, batch)
	r.ringsOutside(t, "ComplaintSLAEngineStale", 5*time.Minute)
	r.picture(t, "alerts-engine-away")
	r.ringsOutside(t, "ComplaintIngestLagging", 13*time.Minute)
}

func event(t *testing.T, complaint, kind string, at time.Time, data map[string]any) []byte {
	t.Helper()
	body, err := json.Marshal(map[string]any{
		"event_id": fmt.Sprintf("%s-%s-%d", complaint, kind, at.UnixNano()), "complaint_id": complaint, "kind": kind, "occurred_at": at.UTC().Format(time.RFC3339Nano),
		"actor": map[string]string{"role": "agent"}, "data": data,
	})
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func (r *rig) put(t *testing.T, batch []ingest.Message) {
	t.Helper()
	cfg := kafka.DefaultConfiguration()
	cfg.Brokers = r.up.Kafka
	p := kafka.NewProducer(cfg, ingest.TopicEvents)
	if err := p.Produce(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
}

// picture keeps what the alerts page shows, where the run is told to.
func (r *rig) picture(t *testing.T, name string) {
	t.Helper()
	if *shots == "" {
		return
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	said, err := exec.CommandContext(ctx, "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--lang=zh-CN", "--accept-lang=zh-CN", "--timeout=8000",
		"--window-size=1400,3600", "--screenshot="+filepath.Join(*shots, name+".png"), "http://"+r.listen+"/alerts").CombinedOutput()
	if err != nil {
		t.Errorf("picture of the alerts: %v\n%s", err, said)
	}
}

// rings waits until the product itself says that an alert fires.
func (r *rig) rings(t *testing.T, alert string, within time.Duration) {
	t.Helper()
	for started := time.Now(); ; time.Sleep(time.Second) {
		names := r.firing(t)
		if slices.Contains(names, alert) {
			t.Logf("%-34s after %s", alert, time.Since(started).Round(time.Second))
			return
		}
		if time.Since(started) > within {
			t.Errorf("%s did not fire within %s; there are %v", alert, within, slices.Compact(slices.Sorted(slices.Values(names))))
			return
		}
	}
}

// firing asks the interface.
func (r *rig) firing(t *testing.T) []string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+r.listen+"/api/v1/alerts", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil
	}
	defer response.Body.Close()
	var said struct {
		Firing []struct {
			Name    string `json:"name"`
			Pending bool   `json:"pending"`
		} `json:"firing"`
	}
	if err := json.NewDecoder(response.Body).Decode(&said); err != nil {
		return nil
	}
	var names []string
	for _, a := range said.Firing {
		if !a.Pending {
			names = append(names, a.Name)
		}
	}
	return names
}

// ringsOutside is rings by a Prometheus that outlives the product.
func (r *rig) ringsOutside(t *testing.T, alert string, within time.Duration) {
	t.Helper()
	for started := time.Now(); time.Since(started) < within; time.Sleep(time.Second) {
		found, _, err := r.watch.Firing(t.Context())
		for _, a := range found {
			if err == nil && a.Name == alert && !a.Pending {
				t.Logf("%-34s after %s", alert, time.Since(started).Round(time.Second))
				return
			}
		}
	}
	t.Errorf("%s did not fire within %s", alert, within)
}
