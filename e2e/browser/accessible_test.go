package browser

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	gort "runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// violation is a finding of axe-core.
type violation struct {
	ID     string
	Impact string
	Help   string
	Nodes  []string
}

// looks are a language and a colour scheme. Structure does not depend on the scheme, nor colours on the language, so that
// two looks see everything.
var looks = []struct{ language, scheme string }{{"zh", "light"}, {"en", "dark"}}

// everyPage lists one page of every kind: what the navigation leads to, and one issue and one complaint behind it.
func everyPage(t *testing.T, b *browsing) []string {
	t.Helper()
	b.visit(t, "/issues?period=all")
	var pages []string
	b.do(t, chromedp.Evaluate(`[...document.querySelectorAll("nav a[href]")].map((a) => new URL(a.href).pathname + "?period=all")`, &pages))
	var issue, complaint string
	b.do(t, chromedp.Evaluate(`document.querySelector("main table a[href*='/issues/']").getAttribute("href")`, &issue))
	b.visit(t, "/complaints?period=all")
	b.do(t, chromedp.Evaluate(`document.querySelector("table.list a").getAttribute("href")`, &complaint))
	if len(pages) < 6 {
		t.Fatalf("the navigation leads to %v", pages)
	}
	return append(slices.Compact(slices.Sorted(slices.Values(pages))), issue, complaint, "/styleguide")
}

// look opens pages in a language and a colour scheme from now on.
func (b *browsing) look(t *testing.T, language, scheme string) {
	t.Helper()
	b.do(t, network.SetCookie("lang", language).WithURL(b.base), emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}))
}

// plain is the look that the other tests expect.
func (b *browsing) plain(t *testing.T) {
	t.Helper()
	b.do(t, network.DeleteCookies("lang").WithURL(b.base), emulation.SetEmulatedMedia())
}

// accessible holds every page against axe-core's rules of WCAG 2.2 AA and its best practices. The debugger's evaluation
// is not subject to the page's content policy.
func accessible(t *testing.T, b *browsing) {
	_, here, _, _ := gort.Caller(0) // the test works in a folder of its own
	script, err := exec.CommandContext(t.Context(), "sh", filepath.Join(filepath.Dir(here), "axe.sh")).Output()
	if err != nil {
		t.Fatalf("fetch axe-core: %v", err)
	}
	axe, err := os.ReadFile(strings.TrimSpace(string(script)))
	if err != nil {
		t.Fatal(err)
	}
	pages := everyPage(t, b)
	defer b.plain(t)
	for _, l := range looks {
		b.look(t, l.language, l.scheme)
		for _, page := range pages {
			t.Run(fmt.Sprintf("axe finds nothing serious on %s in %s, %s", page, l.language, l.scheme), func(t *testing.T) {
				b.do(t, chromedp.Navigate(b.base+page), chromedp.WaitVisible("main", chromedp.ByQuery))
				var answer string
				b.do(t, chromedp.Evaluate(string(axe)+"; 0", nil), chromedp.Evaluate(`axe.run(document, {resultTypes: ["violations"]}).then((r) => JSON.stringify(
					r.violations.map((v) => ({ID: v.id, Impact: v.impact, Help: v.help, Nodes: v.nodes.slice(0, 3).map((n) => n.target.join(" ") + ": " + n.failureSummary)}))))`,
					&answer, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
				var found []violation
				if err := json.Unmarshal([]byte(answer), &found); err != nil {
					t.Fatal(err)
				}
				for _, v := range found {
					report := t.Logf
					if v.Impact == "serious" || v.Impact == "critical" {
						report = t.Errorf
					}
					report("%s %s: %s\n%s", v.Impact, v.ID, v.Help, strings.Join(v.Nodes, "\n"))
				}
			})
		}
	}
}

// languages changes the language as a reader does, and looks for Chinese that is left on English pages.
func languages(t *testing.T, b *browsing) {
	t.Run("the switch makes every page English, and Chinese again", func(t *testing.T) {
		defer b.plain(t)
		b.visit(t, "/issues?period=all")
		b.do(t, chromedp.Evaluate(`document.querySelector("button[name=lang][value=en]").click()`, nil), chromedp.Sleep(500*time.Millisecond))
		b.do(t, chromedp.WaitVisible("html[lang=en] main", chromedp.ByQuery))
		var where string
		b.do(t, chromedp.Location(&where))
		if want := b.base + "/issues?period=all"; where != want {
			t.Errorf("the switch leads to %s, want %s", where, want)
		}
		for _, page := range everyPage(t, b) {
			b.visit(t, page)
			b.picture(t, "english-"+strings.Trim(strings.NewReplacer("/", "-", "?", "-", "=", "-").Replace(page), "-"))
			var left []string
			b.do(t, chromedp.Evaluate(`(() => {
				const han = /\p{Script=Han}/u, left = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
				for (let n = walk.nextNode(); n; n = walk.nextNode()) {
					if (han.test(n.data.replace(/“[^”]*”/g, "")) && !n.parentElement.closest("[translate=no], script")) left.push(n.data.trim());
				}
				return left;
			})()`, &left))
			if page != "/styleguide" && len(left) > 0 {
				t.Errorf("%s still says %q", page, left)
			}
		}
		b.do(t, chromedp.Evaluate(`document.querySelector("button[name=lang][value=zh]").click()`, nil), chromedp.Sleep(500*time.Millisecond))
		b.do(t, chromedp.WaitVisible("html[lang=zh-CN] main", chromedp.ByQuery))
	})
}
