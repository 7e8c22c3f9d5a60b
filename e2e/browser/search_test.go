package browser

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// searching types into the box of the header and compares what is listed with the API.
func searching(t *testing.T, b *browsing, base string) {
	t.Run("a word typed into the header is listed, marked and counted as the API counts it", func(t *testing.T) {
		word := "退款"
		var answer struct {
			Total   int64 `json:"total"`
			AtLeast bool  `json:"at_least"`
			Behind  int64 `json:"behind"`
		}
		address := base + "/api/v1/search?period=all&q=" + url.QueryEscape(word)
		for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(300 * time.Millisecond) {
			if get(t, address, &answer); answer.Total > 0 && answer.Behind == 0 || time.Now().After(deadline) {
				break
			}
		}
		if answer.Total == 0 || answer.Behind != 0 {
			t.Fatalf("the API finds %d with %d events left to index", answer.Total, answer.Behind)
		}
		b.visit(t, "/")
		b.do(t, chromedp.KeyEvent("/"), chromedp.SendKeys(".find input[type=search]", word+kb.Enter, chromedp.ByQuery), chromedp.WaitVisible("td mark, th mark", chromedp.ByQuery))
		b.picture(t, "search")
		if listed := number(t, b.text(t, ".tab-note")); listed != int(answer.Total) {
			t.Errorf("the page lists %d, the API %d", listed, answer.Total)
		}
		if marked := b.text(t, "th mark"); !strings.Contains(marked, word) && !strings.Contains(marked, "退") {
			t.Errorf("%q is marked", marked)
		}
	})

	t.Run("a phone typed into the header stands in no address", func(t *testing.T) {
		b.visit(t, "/")
		var at string
		b.do(t, chromedp.SendKeys(".find input[type=search]", "138 0013 8000"+kb.Enter, chromedp.ByQuery), chromedp.WaitVisible("[href*='/complaints'].chip", chromedp.ByQuery), chromedp.Location(&at))
		if !strings.Contains(at, "customer=") || strings.Contains(at, "138") && strings.Contains(at, "8000") {
			t.Errorf("the address is %s", at)
		}
	})
}
