package notify_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"wenguo/dashboard/notify"
	"wenguo/ingest/wire"
	"wenguo/transform/text"
)

const token = "a-token-that-is-long-enough"

var (
	zone  = time.FixedZone("Asia/Shanghai", 8*3600)
	kinds = []notify.Kind{notify.DingTalk, notify.Feishu, notify.WeCom}
)

// clock is moved by the tests alone.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 11, 22, 10, 0, 0, 0, zone)} }

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.at }

func (c *clock) forward(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.at = c.at.Add(d) }

type bench struct {
	*notify.Server

	fake     *fake
	clock    *clock
	registry *prometheus.Registry
	log      *strings.Builder
}

func open(t *testing.T, kind notify.Kind) *bench { return openWaiting(t, kind, 0) }

func openWaiting(t *testing.T, kind notify.Kind, wait time.Duration) *bench {
	t.Helper()
	b := &bench{clock: newClock(), registry: prometheus.NewPedanticRegistry(), log: &strings.Builder{}}
	b.fake = newFake(t, kind, b.clock.now)
	robot := notify.Robot{Name: "物流群", Kind: kind, URL: wire.Secret(b.fake.address())}
	if kind != notify.WeCom {
		robot.Secret = secret
	}
	var err error
	b.Server, err = notify.New(notify.Config{Token: token, PublicURL: "https://wenguo.example.com/", Robots: []notify.Robot{robot}}, notify.Deps{
		Now: b.clock.now, Log: slog.New(slog.NewTextHandler(b.log, nil)), Registry: b.registry, Zone: zone, Mask: text.Mask, Wait: wait,
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// post sends a message as Alertmanager does.
func (b *bench) post(t *testing.T, m any) (int, string) {
	t.Helper()
	return b.postTo(t, "/api/v1/notify/%E7%89%A9%E6%B5%81%E7%BE%A4", "Bearer "+token, m)
}

func (b *bench) postTo(t *testing.T, path, authorization string, m any) (int, string) {
	t.Helper()
	body, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(string(body)))
	r.Header.Set("Authorization", authorization)
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func (b *bench) cards(result string) float64 {
	families, _ := b.registry.Gather()
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == "wenguo_notify_cards_total" && m.GetLabel()[0].GetValue() == result {
				return m.GetCounter().GetValue()
			}
		}
	}
	return -1
}

type object = map[string]any

func alert(number int, status, severity string) object {
	return object{
		"status": status, "fingerprint": fmt.Sprint(number), "startsAt": "2026-11-22T01:30:00Z", "endsAt": "2026-11-22T01:59:07Z",
		"labels": object{
			"alertname": "ComplaintCaseSLABreached", "severity": severity, "department": "物流部", "stage": "resolve", "case_id": fmt.Sprintf("C-%d", number),
			"customer": "李四", "phone": "13812345678",
		},
		"annotations": object{
			"summary": fmt.Sprintf("投诉 C-%d 的「办结」已于 2026-11-22 09:30:00（北京时间）超时", number), "description": "先回应客户，再补流程。", "owner": "张经理",
			"page": "/complaints/C-" + fmt.Sprint(number), "content": "客户原话：你们太差了",
		},
	}
}

func group(alerts ...object) object {
	return object{"version": "4", "groupKey": `{}:{department="物流部"}`, "status": "firing", "alerts": alerts, "commonLabels": object{"customer": "李四"}}
}

func TestAGroupBecomesOneCardThatTheMakerTakes(t *testing.T) {
	for _, kind := range kinds {
		t.Run(string(kind), func(t *testing.T) {
			b := open(t, kind)
			if code, said := b.post(t, group(alert(1, "resolved", "warning"), alert(2, "firing", "critical"))); code != http.StatusOK {
				t.Fatalf("%d %s %s", code, said, b.log)
			}
			cards := b.fake.taken()
			if len(cards) != 1 {
				t.Fatalf("%d cards", len(cards))
			}
			for _, words := range []string{
				"【告警】闻过 · 物流部 · 办结：1 项未解除，1 项已恢复", "**告警** 投诉 C-2 的「办结」已于 2026-11-22 09:30:00（北京时间）超时", "2026-11-22 09:30:00 起",
				"[查看](https://wenguo.example.com/complaints/C-2)", "负责：张经理", "**已恢复** 投诉 C-1", "2026-11-22 09:59:07 恢复", "[全部告警](https://wenguo.example.com/alerts)",
			} {
				if !strings.Contains(cards[0], words) {
					t.Errorf("the card lacks %q:\n%s", words, cards[0])
				}
			}
			if strings.Index(cards[0], "C-2") > strings.Index(cards[0], "C-1 ") {
				t.Error("what is over stands before what fires")
			}
			if b.cards("sent") != 1 {
				t.Error("the card is not counted")
			}
		})
	}
}

func TestNothingOfACustomerLeaves(t *testing.T) {
	b := open(t, notify.DingTalk)
	a := alert(1, "firing", "critical")
	a["annotations"].(object)["description"] = "请回电 13987654321"
	b.post(t, group(a))
	card := strings.Join(b.fake.taken(), "")
	if card == "" {
		t.Fatal("no card was taken, so the test proves nothing")
	}
	for _, private := range []string{"李四", "13812345678", "13987654321", "太差"} {
		if strings.Contains(card, private) {
			t.Errorf("the card tells %q", private)
		}
	}
}

func TestHostileNamesAreShownAndMeanNothing(t *testing.T) {
	b := open(t, notify.WeCom)
	a := alert(1, "firing", "critical")
	a["labels"].(object)["department"] = "[点我](http://evil.example)<@all><font color=\"warning\">\n# x"
	a["annotations"].(object)["summary"] = "@所有人 <at id=all></at> **x** \x00\u202e"
	a["annotations"].(object)["page"] = "//evil.example/x"
	if code, said := b.post(t, group(a)); code != http.StatusOK {
		t.Fatal(code, said)
	}
	card := b.fake.taken()[0]
	for _, live := range []string{"](http://evil", "<@all>", "<at ", "<font", "\n# x", "//evil.example/x)", "@所有人", "\u202e"} {
		if strings.Contains(card, live) {
			t.Errorf("%q is alive in\n%s", live, card)
		}
	}
	if !strings.Contains(card, "点我") {
		t.Error("the name is not shown at all, so the test proves nothing")
	}
}

func TestALargeGroupIsCutToTheFirstFewAndALink(t *testing.T) {
	for _, kind := range kinds {
		for sentence, length := range map[string]int{"many": 10, "long": 900, "endless": 15_000} {
			t.Run(string(kind)+" "+sentence, func(t *testing.T) {
				b := open(t, kind)
				var alerts []object
				for n := range 300 {
					a := alert(n, "firing", "critical")
					a["annotations"].(object)["description"] = strings.Repeat("x", n%5) + strings.Repeat("期\"限\\", length/8)
					alerts = append(alerts, a)
				}
				if code, said := b.post(t, group(alerts...)); code != http.StatusOK {
					t.Fatalf("%d %s", code, said)
				}
				card := b.fake.taken()[0]
				if !strings.Contains(card, "：300 项") || !strings.Contains(card, "另有 29") || !strings.Contains(card, "/alerts)") || !utf8.ValidString(card) {
					t.Errorf("the card does not say what it leaves out:\n%s", card)
				}
				if strings.Count(card, "**告警**") == 0 {
					t.Error("the card shows no alert at all")
				}
			})
		}
	}
}

func TestAnErrorThatComesWithHTTP200MakesAlertmanagerTryAgain(t *testing.T) {
	for sentence, c := range map[string]struct {
		answer func(w http.ResponseWriter)
		status int
		result string
	}{
		"a wrong signature":      {func(w http.ResponseWriter) { _, _ = w.Write([]byte(`{"errcode":310000,"errmsg":"sign not match"}`)) }, 502, "denied"},
		"Feishu's other field":   {func(w http.ResponseWriter) { _, _ = w.Write([]byte(`{"StatusCode":19021}`)) }, 502, "failed"},
		"too many":               {func(w http.ResponseWriter) { _, _ = w.Write([]byte(`{"errcode":130101}`)) }, 503, "throttled"},
		"too many, as HTTP says": {func(w http.ResponseWriter) { w.WriteHeader(http.StatusTooManyRequests) }, 503, "throttled"},
		"no code":                {func(w http.ResponseWriter) { _, _ = w.Write([]byte(`{}`)) }, 502, "failed"},
		"a page of HTML":         {func(w http.ResponseWriter) { _, _ = w.Write([]byte(`<html>login</html>`)) }, 502, "failed"},
		"an empty answer":        {func(w http.ResponseWriter) {}, 502, "failed"},
		"HTTP 500":               {func(w http.ResponseWriter) { w.WriteHeader(http.StatusInternalServerError) }, 502, "failed"},
		"a redirect":             {func(w http.ResponseWriter) { w.Header().Set("Location", "/x"); w.WriteHeader(http.StatusFound) }, 502, "failed"},
		"an answer without end":  {func(w http.ResponseWriter) { _, _ = w.Write([]byte(strings.Repeat(" ", 1<<20) + `{"errcode":0}`)) }, 502, "failed"},
		"a line that breaks":     {func(http.ResponseWriter) { panic(http.ErrAbortHandler) }, 502, "failed"},
	} {
		t.Run(sentence, func(t *testing.T) {
			b := open(t, notify.DingTalk)
			b.fake.answer = c.answer
			code, said := b.post(t, group(alert(1, "firing", "critical")))
			if code != c.status || b.cards(c.result) != 1 || b.cards("sent") != 0 {
				t.Errorf("answers %d %s, %s %v", code, said, c.result, b.cards(c.result))
			}
			if strings.Contains(said+b.log.String(), "TOPSECRET") || strings.Contains(said+b.log.String(), "sign=") {
				t.Errorf("the key is told: %s %s", said, b.log)
			}
			b.fake.answer = nil
			b.clock.forward(10 * time.Minute)
			if code, said := b.post(t, group(alert(1, "firing", "critical"))); code != http.StatusOK || len(b.fake.taken()) != 1 {
				t.Errorf("the repetition is not sent: %d %s", code, said)
			}
		})
	}
}

func TestAMessageThatWasToldIsNotToldAgain(t *testing.T) {
	b := open(t, notify.Feishu)
	same := group(alert(1, "firing", "critical"), alert(2, "firing", "warning"))
	b.post(t, same)
	if code, said := b.post(t, group(alert(2, "firing", "warning"), alert(1, "firing", "critical"))); code != http.StatusOK || !strings.Contains(said, "repeated") {
		t.Errorf("the repetition answers %d %s", code, said)
	}
	b.clock.forward(10 * time.Second)
	b.post(t, group(alert(1, "resolved", "critical"), alert(2, "firing", "warning")))
	b.clock.forward(4 * time.Hour)
	b.post(t, same)
	if cards := b.fake.taken(); len(cards) != 3 || b.cards("repeated") != 1 {
		t.Errorf("%d cards, want the first, the resolved and the reminder hours later", len(cards))
	}
}

func TestARobotIsNeverSentMoreThanItsMakerAllows(t *testing.T) {
	for kind, c := range map[notify.Kind]struct{ minute, second int }{notify.DingTalk: {20, 20}, notify.WeCom: {20, 20}, notify.Feishu: {100, 5}} {
		t.Run(string(kind), func(t *testing.T) {
			b := openWaiting(t, kind, -1)
			var sent []time.Time
			var refused int
			for n := range 600 { // a message every fifth of a second for two minutes, by a clock that only the test moves
				before := len(b.fake.taken())
				if n%2 == 1 {
					b.clock.forward(400 * time.Millisecond)
				}
				code, _ := b.post(t, group(alert(n, "firing", "critical")))
				if code == http.StatusOK && len(b.fake.taken()) > before {
					sent = append(sent, b.clock.now())
				} else if code == http.StatusServiceUnavailable || code == http.StatusBadGateway {
					refused++
				}
			}
			for i, first := range sent {
				minute, second := 0, 0
				for _, at := range sent[i:] {
					if at.Sub(first) < time.Minute {
						minute++
					}
					if at.Sub(first) < time.Second {
						second++
					}
				}
				if minute > c.minute || second > c.second {
					t.Fatalf("%d in the minute and %d in the second from %s", minute, second, first)
				}
			}
			if len(sent) < c.minute || refused == 0 {
				t.Errorf("%d sent, %d refused: the test does not reach the limit", len(sent), refused)
			}
		})
	}
}

func TestARobotThatWasToldToSlowDownIsLeftAlone(t *testing.T) {
	b := open(t, notify.WeCom)
	b.fake.answer = func(w http.ResponseWriter) { _, _ = w.Write([]byte(`{"errcode":45009}`)) }
	b.post(t, group(alert(1, "firing", "critical")))
	for range 5 {
		if code, _ := b.post(t, group(alert(1, "firing", "critical"))); code != http.StatusServiceUnavailable {
			t.Errorf("answers %d", code)
		}
	}
	if b.fake.calls != 1 {
		t.Errorf("the maker is asked %d times", b.fake.calls)
	}
}

func TestOnlyAlertmanagerIsHeard(t *testing.T) {
	b := open(t, notify.WeCom)
	m := group(alert(1, "firing", "critical"))
	for sentence, c := range map[string]struct {
		path, authorization string
		body                any
		want                int
	}{
		"without a token":              {notify.Path + "%E7%89%A9%E6%B5%81%E7%BE%A4", "", m, 401},
		"with another token":           {notify.Path + "%E7%89%A9%E6%B5%81%E7%BE%A4", "Bearer " + token + "x", m, 401},
		"with the bare token":          {notify.Path + "%E7%89%A9%E6%B5%81%E7%BE%A4", token, m, 401},
		"for a robot there is none of": {notify.Path + "nobody", "Bearer " + token, m, 404},
		"with no alert":                {notify.Path + "%E7%89%A9%E6%B5%81%E7%BE%A4", "Bearer " + token, object{}, 400},
		"with something else":          {notify.Path + "%E7%89%A9%E6%B5%81%E7%BE%A4", "Bearer " + token, []int{1}, 400},
	} {
		if code, said := b.postTo(t, c.path, c.authorization, c.body); code != c.want {
			t.Errorf("%s: %d %s", sentence, code, said)
		}
	}
	if b.fake.calls != 0 {
		t.Error("a card was sent")
	}
}

func TestTheMetricsAreAsPrometheusWantsThem(t *testing.T) {
	b := open(t, notify.WeCom)
	b.post(t, group(alert(1, "firing", "critical")))
	problems, err := testutil.GatherAndLint(b.registry)
	if err != nil || len(problems) > 0 {
		t.Error(problems, err)
	}
}

func TestATestCardIsSent(t *testing.T) {
	b := open(t, notify.DingTalk)
	if err := b.Test(t.Context(), "物流群"); err != nil || len(b.fake.taken()) != 1 || !strings.Contains(b.fake.taken()[0], "测试") {
		t.Error(err, b.fake.taken())
	}
	if err := b.Test(t.Context(), "nobody"); err == nil {
		t.Error("a robot that does not exist was told")
	}
	b.fake.answer = func(w http.ResponseWriter) { _, _ = w.Write([]byte(`{"errcode":310000}`)) }
	b.clock.forward(time.Hour)
	if err := b.Test(t.Context(), "物流群"); !errors.Is(err, notify.ErrDenied) {
		t.Error(err)
	}
}
