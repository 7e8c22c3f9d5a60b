package notify

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"golang.org/x/time/rate"
)

// limit is what a maker allows: the bytes of a body (of the text, for WeCom) and the cards in a minute and a second.
type limit struct {
	body              int
	minute, second    int
	punishment        time.Duration
	throttled, denied []int
}

// limits are documented by the makers; punishment is how long a robot that was told to slow down keeps silent. The codes
// are those of "too many" and of a wrong key, signature or word.
//
//nolint:gochecknoglobals // a constant table
var limits = map[Kind]limit{
	DingTalk: {body: 20_000, minute: 20, punishment: 2 * time.Minute, throttled: []int{130101, 660026, 410100}, denied: []int{300001, 310000, 400101}},
	Feishu:   {body: 30_000, minute: 100, second: 5, punishment: 30 * time.Second, throttled: []int{11232, 9499}, denied: []int{19001, 19021, 19022, 19024}},
	WeCom:    {body: 4096, minute: 20, punishment: time.Minute, throttled: []int{45009, 45033}, denied: []int{93000, 40001, 40014}},
}

// limiters keep within a maker's limits in every window of a minute and of a second: what may come at once and what is
// refilled meanwhile add up to no more than the limit.
func (l limit) limiters() []*rate.Limiter {
	burst := max(l.minute/4, 1)
	all := []*rate.Limiter{rate.NewLimiter(rate.Every(time.Minute/time.Duration(l.minute-burst)), burst)}
	if l.second > 0 {
		all = append(all, rate.NewLimiter(rate.Limit(l.second-1), 1))
	}
	return all
}

// encode writes a card as its maker wants it: the address to post to and the body. now is part of the signature.
func (k Kind) encode(c card, address *url.URL, key string, now time.Time) (to string, body []byte, shown int, err error) {
	switch k {
	case DingTalk:
		write := func(text string) any {
			return map[string]any{"msgtype": "markdown", "markdown": map[string]string{"title": c.Title, "text": text}}
		}
		body, shown, err = within(c, limits[k].body, write)
		return signedDingTalk(address, key, now), body, shown, err
	case Feishu:
		write := func(text string) any { return feishuBody(c, text, key, now) }
		body, shown, err = within(c, limits[k].body, write)
		return address.String(), body, shown, err
	case WeCom:
		text, n := c.text(func(s string) bool { return len(s) <= limits[k].body })
		body, err = compact(map[string]any{"msgtype": "markdown", "markdown": map[string]string{"content": text}})
		return address.String(), body, n, err
	}
	return "", nil, 0, fmt.Errorf("notify: no robots of kind %q are known", k)
}

// within writes as much of a card as the whole body may hold.
func within(c card, most int, write func(text string) any) (body []byte, shown int, err error) {
	text, shown := c.text(func(s string) bool {
		body, err := compact(write(s))
		return err == nil && len(body) <= most
	})
	body, err = compact(write(text))
	return body, shown, err
}

// compact is JSON without the escapes that only a browser needs.
func compact(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("write card: %w", err)
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// signedDingTalk adds timestamp (ms) and sign to the address: HMAC-SHA256 keyed with the secret over "timestamp\nsecret".
func signedDingTalk(address *url.URL, key string, now time.Time) string {
	if key == "" {
		return address.String()
	}
	at := strconv.FormatInt(now.UnixMilli(), 10)
	q := address.Query()
	q.Set("timestamp", at)
	q.Set("sign", signature(key, at+"\n"+key))
	signed := *address
	signed.RawQuery = q.Encode()
	return signed.String()
}

// feishuBody is an interactive card; timestamp is in seconds, and the signature is an HMAC-SHA256 keyed with
// "timestamp\nsecret" over nothing.
func feishuBody(c card, text, key string, now time.Time) any {
	colour := map[string]string{"bad": "red", "warn": "orange", "good": "green"}[c.Tone]
	body := map[string]any{"msg_type": "interactive", "card": map[string]any{
		"config":   map[string]bool{"wide_screen_mode": true},
		"header":   map[string]any{"template": colour, "title": map[string]string{"tag": "plain_text", "content": c.Title}},
		"elements": []any{map[string]string{"tag": "markdown", "content": withoutTitle(text)}},
	}}
	if key != "" {
		at := strconv.FormatInt(now.Unix(), 10)
		body["timestamp"], body["sign"] = at, signature(at+"\n"+key, "")
	}
	return body
}

// withoutTitle drops the heading, which a Feishu card has of its own.
func withoutTitle(text string) string {
	_, rest, ok := bytes.Cut([]byte(text), []byte("\n\n"))
	if !ok {
		return text
	}
	return string(rest)
}

func signature(key, message string) string {
	sum := hmac.New(sha256.New, []byte(key))
	sum.Write([]byte(message))
	return base64.StdEncoding.EncodeToString(sum.Sum(nil))
}

// answered is what the makers say: Feishu has named the field in two ways.
type answered struct {
	ErrCode    *int   `json:"errcode"`
	Code       *int   `json:"code"`
	StatusCode *int   `json:"StatusCode"`
	ErrMsg     string `json:"errmsg"`
	Msg        string `json:"msg"`
}

// code of an answer; false when it holds none, which is no success either.
func (a answered) code() (int, bool) {
	for _, c := range []*int{a.ErrCode, a.Code, a.StatusCode} {
		if c != nil {
			return *c, true
		}
	}
	return 0, false
}
