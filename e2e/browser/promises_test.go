package browser

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// promises walks through the page of promises and the index of key figures.
func promises(t *testing.T, b *browsing) {
	t.Run("the stages stand worst first, each with its target and n", func(t *testing.T) {
		b.visit(t, "/timeliness")
		if n := b.count(t, ".stages tbody tr"); n != 8 {
			t.Errorf("%d stages, want 8", n)
		}
		if n := b.count(t, ".failed:not(.banner)"); n != 0 {
			t.Errorf("%d parts could not be read", n)
		}
		var used []float64
		b.do(t, chromedp.Evaluate(`[...document.querySelectorAll(".stages [data-label='超时额度']")].map((e) => parseFloat(e.textContent)).filter((n) => !isNaN(n))`, &used))
		if len(used) < 4 {
			t.Errorf("only %d stages are judged", len(used))
		}
		for i := 1; i < len(used); i++ {
			if used[i] > used[i-1] {
				t.Errorf("stage %d used %.0f %% of its budget, the one above %.0f %%", i+1, used[i], used[i-1])
			}
		}
		if n := b.count(t, "#survival-data ~ *, [data-chart=survival] canvas, [data-chart=survival] svg"); n < 2 {
			t.Error("the curve of first replies was not drawn")
		}
		b.picture(t, "timeliness")
	})

	t.Run("deadlines count down where they stand", func(t *testing.T) {
		b.visit(t, "/timeliness")
		rows := `[...document.querySelectorAll(".due-list li")].map((e) => e.id + " " + Math.round(e.getBoundingClientRect().top)).join("\n")`
		left := `[...document.querySelectorAll("[data-due]")].map((e) => e.textContent).join("\n")`
		var placesBefore, placesAfter, before, after string
		b.do(t, chromedp.Evaluate(rows, &placesBefore), chromedp.Evaluate(left, &before))
		if before == "" {
			t.Fatal("no clock runs")
		}
		for deadline := time.Now().Add(70 * time.Second); ; time.Sleep(500 * time.Millisecond) {
			b.do(t, chromedp.Evaluate(left, &after))
			if after != before {
				break
			}
			if time.Now().After(deadline) {
				t.Fatal("no remaining time changed within a minute")
			}
		}
		b.do(t, chromedp.Evaluate(rows, &placesAfter))
		if len(strings.Fields(placesBefore)) == len(strings.Fields(placesAfter)) && placesBefore != placesAfter && !strings.Contains(after, "剩 0 分 0") {
			t.Errorf("rows moved:\n%s\nto\n%s", placesBefore, placesAfter)
		}
	})

	t.Run("the script counts in the server's words", func(t *testing.T) {
		// A page that was just rendered shows the server's words; a moment later the script has written its own.
		b.visit(t, "/timeliness")
		var server, script []string
		texts := `[...%s.querySelectorAll("[data-due]")].map((e) => e.textContent)`
		b.do(t, chromedp.Evaluate(`fetch("/timeliness").then((r) => r.text()).then((page) => { const doc = new DOMParser().parseFromString(page, "text/html"); return `+
			fmt.Sprintf(texts, "doc")+`; })`, &server, awaited), chromedp.Sleep(1200*time.Millisecond), chromedp.Evaluate(fmt.Sprintf(texts, "document"), &script))
		same := 0
		for i := range min(len(server), len(script)) {
			if server[i] == script[i] {
				same++
			}
		}
		if same*2 < len(server) { // those that show seconds have moved on
			t.Errorf("the server says %q, the script %q", server, script)
		}
	})

	t.Run("a stage narrows the lists and the address says so", func(t *testing.T) {
		b.visit(t, "/timeliness")
		b.follow(t, "#due .tabs a:nth-child(2)")
		var kinds int
		b.do(t, chromedp.Evaluate(`new Set([...document.querySelectorAll(".due-list .what small b")].map((e) => e.textContent.split(" ")[0])).size`, &kinds))
		if kinds > 1 {
			t.Errorf("%d stages in the list of one", kinds)
		}
		var here string
		b.do(t, chromedp.Location(&here))
		if !strings.Contains(here, "stage=") {
			t.Errorf("the address is %s", here)
		}
	})

	t.Run("without scripts the page still reads", func(t *testing.T) {
		b.do(t, emulation.SetScriptExecutionDisabled(true))
		b.do(t, chromedp.Navigate(b.base+"/timeliness"), chromedp.WaitVisible("main", chromedp.ByQuery))
		var main string
		b.do(t, chromedp.TextContent("main", &main, chromedp.ByQuery))
		b.do(t, emulation.SetScriptExecutionDisabled(false))
		for _, want := range []string{"各环节按时率", "接下来到期", "剩 ", "登记之后多久有人答复", "数据表"} {
			if !strings.Contains(main, want) {
				t.Errorf("the page lacks %q", want)
			}
		}
	})

	t.Run("the index leads from every figure to its complaints", func(t *testing.T) {
		b.visit(t, "/kpis")
		if n := b.count(t, "[id^=kpi-]"); n != 33 {
			t.Errorf("%d figures, want 33", n)
		}
		b.picture(t, "kpis")
		b.do(t, chromedp.Evaluate(`document.querySelector("#kpi-resolve_on_time .parts a[href*='part=missed']").id = "clicked"`, nil))
		clicked := number(t, b.text(t, "#clicked"))
		b.follow(t, "#clicked")
		if listed := number(t, b.text(t, ".tab-note")); listed != clicked {
			t.Errorf("%d were not in time, the list holds %d", clicked, listed)
		}
		if chip := b.text(t, ".bar .chip"); !strings.Contains(chip, "按时办结率") || !strings.Contains(chip, "未按时") {
			t.Errorf("the chip says %q", chip)
		}
		b.picture(t, "behind")
	})

	t.Run("every number holds what its list holds", func(t *testing.T) { everyList(t, b) })

	t.Run("dark and narrow pages of figures fit", func(t *testing.T) {
		b.do(t, emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}))
		b.visit(t, "/timeliness")
		b.picture(t, "timeliness-dark")
		b.do(t, emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "light"}}))
		for _, width := range []int64{390, 800, 1100} {
			b.do(t, chromedp.EmulateViewport(width, 900))
			for i, path := range []string{"/timeliness", "/kpis", "/complaints?kpi=response_on_time&part=missed", "/"} {
				b.visit(t, path)
				var over float64
				b.do(t, chromedp.Evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth", &over))
				if over > 1 {
					t.Errorf("%s is %.0f pixels wider than a window of %d", path, over, width)
				}
				if width == 390 {
					b.picture(t, fmt.Sprintf("narrow-%d", i))
				}
			}
		}
		b.do(t, chromedp.EmulateViewport(1440, 1600))
	})
}

// everyList compares the number of every link of the index with what its list holds. A figure that counts clocks, ends or
// events may count a complaint several times; its list then holds fewer.
func everyList(t *testing.T, b *browsing) {
	b.visit(t, "/kpis")
	var links []struct{ Text, Href string }
	b.do(t, chromedp.Evaluate(`[...document.querySelectorAll(".index .parts a")].map((a) => ({ Text: a.textContent, Href: a.getAttribute("href") }))`, &links))
	several := []string{"throughput", "reopen", "handover_unnamed", "sync_lag", "promise_kept", "confirm_on_time", "plan_on_time", "survey_on_time", "redo_on_time", "assist_on_time"}
	equal := 0
	for _, l := range links {
		address, err := url.Parse(l.Href)
		if err != nil {
			t.Fatal(err)
		}
		parts := strings.Fields(l.Text)
		counted := number(t, parts[len(parts)-1])
		var list struct{ Total int }
		get(t, b.base+"/api/v1"+l.Href+"&limit=1", &list)
		switch id := address.Query().Get("kpi"); {
		case list.Total == counted:
			equal++
		case (slices.Contains(several, id) || id == "satisfaction" && address.Query().Get("part") == "pending") && list.Total > 0 && list.Total < counted:
		default:
			t.Errorf("%s, %s: the list holds %d", id, l.Text, list.Total)
		}
	}
	if equal < 50 {
		t.Errorf("only %d numbers compared", equal)
	}
}

// awaited waits for what a script promises.
func awaited(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }
