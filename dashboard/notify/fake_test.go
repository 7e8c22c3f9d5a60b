package notify_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"wenguo/dashboard/notify"
)

const secret = "SEC0123456789"

// fake is a maker's server: it checks what the maker would check and remembers the cards it took.
type fake struct {
	*httptest.Server

	kind notify.Kind
	now  func() time.Time
	mu   sync.Mutex
	// answer, where set, is given instead of checking.
	answer func(w http.ResponseWriter)
	cards  []string
	calls  int
}

func newFake(t *testing.T, kind notify.Kind, now func() time.Time) *fake {
	t.Helper()
	f := &fake{kind: kind, now: now}
	f.Server = httptest.NewServer(http.HandlerFunc(f.serve))
	t.Cleanup(f.Close)
	return f
}

func (f *fake) address() string {
	switch f.kind {
	case notify.DingTalk:
		return f.URL + "/robot/send?access_token=TOPSECRET"
	case notify.Feishu:
		return f.URL + "/open-apis/bot/v2/hook/TOPSECRET"
	case notify.WeCom:
	}
	return f.URL + "/cgi-bin/webhook/send?key=TOPSECRET"
}

func (f *fake) taken() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.cards...)
}

func (f *fake) serve(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	if f.answer != nil {
		f.answer(w)
		return
	}
	body, _ := io.ReadAll(r.Body)
	say := func(field string, code int) { _ = json.NewEncoder(w).Encode(map[string]any{field: code}) }
	var m struct {
		MsgType   string `json:"msgtype"`
		MsgType2  string `json:"msg_type"`
		Timestamp string `json:"timestamp"`
		Sign      string `json:"sign"`
		Markdown  struct{ Title, Text, Content string }
		Card      struct {
			Header   struct{ Title struct{ Content string } }
			Elements []struct{ Tag, Content string }
		}
	}
	if err := json.Unmarshal(body, &m); err != nil || !utf8.Valid(body) || strings.Contains(string(body), `\ufffd`) {
		say("errcode", 40035)
		return
	}
	switch f.kind {
	case notify.DingTalk:
		at := r.URL.Query().Get("timestamp")
		switch {
		case r.URL.Query().Get("sign") != sign(secret, at+"\n"+secret) || !near(at, f.now().UnixMilli(), 3_600_000):
			say("errcode", 310000)
		case m.MsgType != "markdown" || m.Markdown.Title == "" || len(body) > 20_000:
			say("errcode", 460101)
		default:
			f.cards = append(f.cards, m.Markdown.Text)
			say("errcode", 0)
		}
	case notify.Feishu:
		switch {
		case m.Sign != sign(m.Timestamp+"\n"+secret, "") || !near(m.Timestamp, f.now().Unix(), 3600):
			say("code", 19021)
		case m.MsgType2 != "interactive" || len(m.Card.Elements) != 1 || len(body) > 30_000:
			say("code", 9499)
		default:
			f.cards = append(f.cards, m.Card.Header.Title.Content+"\n\n"+m.Card.Elements[0].Content)
			say("code", 0)
		}
	case notify.WeCom:
		switch {
		case r.URL.Query().Get("key") != "TOPSECRET":
			say("errcode", 93000)
		case m.MsgType != "markdown" || len(m.Markdown.Content) > 4096:
			say("errcode", 40058)
		default:
			f.cards = append(f.cards, m.Markdown.Content)
			say("errcode", 0)
		}
	}
}

// near says whether a timestamp is the maker's clock, within what the maker allows.
func near(at string, now, allowed int64) bool {
	n, err := strconv.ParseInt(at, 10, 64)
	return err == nil && n > now-allowed && n < now+allowed
}

// sign is written from the makers' documentation, apart from the code under test.
func sign(key, message string) string {
	mac := hmac.New(sha256.New, []byte(key))
	_, _ = mac.Write([]byte(message))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
