package browser

import (
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// dataQuality looks at what is known of the data: what is missing leads to just the complaints that miss it, and refused
// messages can be put on the bus again, once.
func dataQuality(t *testing.T, b *browsing) {
	t.Run("what is not filled in leads to just these complaints", func(t *testing.T) {
		b.visit(t, "/quality")
		b.picture(t, "quality")
		if n := b.count(t, ".failed"); n != 0 {
			t.Errorf("%d parts could not be read", n)
		}
		links := b.count(t, "[aria-labelledby=h-missing] td a")
		if links == 0 {
			t.Fatal("nothing is missing anywhere, which no simulated history has")
		}
		for i := range links {
			b.visit(t, "/quality")
			var clicked string
			b.do(t, chromedp.Evaluate("(a => { a.id = 'clicked'; return a.textContent })(document.querySelectorAll('[aria-labelledby=h-missing] td a')["+strconv.Itoa(i)+"])", &clicked))
			b.follow(t, "#clicked")
			if listed := number(t, b.text(t, ".tab-note")); listed != number(t, clicked) {
				t.Errorf("field %d is missing %s times, the list holds %d", i, clicked, listed)
			}
		}
	})

	t.Run("refused messages are shown masked and replayed once", func(t *testing.T) {
		b.visit(t, "/quality")
		if b.count(t, "[aria-labelledby=h-refused] td.sample code") == 0 {
			t.Fatal("no sample of a refused message")
		}
		replayed := func() string {
			b.visit(t, "/quality")
			b.do(t, chromedp.Click("[aria-labelledby=h-refused] form button", chromedp.ByQuery), chromedp.WaitVisible("section.lead[role=status]", chromedp.ByQuery))
			return b.text(t, "section.lead[role=status]")
		}
		if got := replayed(); !strings.Contains(got, "重新送上总线") {
			t.Errorf("after a replay the page says %q", got)
		}
	})
}
