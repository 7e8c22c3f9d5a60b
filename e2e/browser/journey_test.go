package browser

import (
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// satisfactionAndFlow looks at what customers say and at how complaints went their way: every kind of number on the two
// pages leads to a list that holds just as many complaints.
func satisfactionAndFlow(t *testing.T, b *browsing) {
	for page, selectors := range map[string][]string{
		"/satisfaction?period=all": {
			".scores a", "#drivers .drivers td:nth-child(4) a", "#drivers .drivers td:nth-child(6) a", "#kpi-coverage .side-figure",
			"[aria-labelledby=h-low] .more",
		},
		"/flow?period=all": {
			".funnel td[data-label=件数] a", ".funnel td[data-label=没有到过] a", ".coverage small > a", ".stays td[data-label=投诉] a", ".matrix td a",
			".top-moves td a", "#loop-bounce .sources a", "[aria-labelledby=h-funnel] header a",
		},
	} {
		t.Run("each number on "+page+" opens just its complaints", func(t *testing.T) {
			b.visit(t, page)
			b.picture(t, strings.Trim(strings.SplitN(page, "?", 2)[0], "/"))
			if n := b.count(t, ".failed"); n != 0 {
				t.Errorf("%d parts could not be read", n)
			}
			for _, selector := range selectors {
				b.visit(t, page) // the one before led away
				if !strings.HasSuffix(selector, "a") && !strings.HasSuffix(selector, ".more") {
					if b.count(t, selector) == 0 {
						t.Errorf("%s is not there", selector)
					}
					continue
				}
				n := b.count(t, selector)
				if n == 0 {
					t.Errorf("%s leads nowhere", selector)
					continue
				}
				b.clickedIsListed(t, page, selector, n/2)
			}
		})
	}

	t.Run("the driver on top is compared with the rest", func(t *testing.T) {
		b.visit(t, "/satisfaction?period=all")
		if rows := b.count(t, "#drivers > .scroll tbody tr"); rows < 3 {
			t.Errorf("%d drivers", rows)
		}
		if got := b.text(t, "#drivers > .scroll tbody tr small"); !strings.Contains(got, "至") {
			t.Errorf("no interval beside the difference: %q", got)
		}
	})
}

// clickedIsListed follows the i-th of the links; its number, the first of the text, is what the list holds.
func (b *browsing) clickedIsListed(t *testing.T, page, selector string, i int) {
	t.Helper()
	var clicked string
	const take = "(a => { a.id = 'clicked'; return a.firstChild.textContent })(document.querySelectorAll("
	b.do(t, chromedp.Evaluate(take+strconv.Quote(selector)+")["+strconv.Itoa(i)+"])", &clicked))
	b.follow(t, "#clicked")
	if listed := number(t, b.text(t, ".tab-note")); listed != number(t, clicked) {
		t.Errorf("%s of %s says %q, its list holds %d", selector, page, clicked, listed)
	}
}
