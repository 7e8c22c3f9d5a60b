package browser

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"wenguo/e2e/program"
	"wenguo/ingest"
	"wenguo/ingest/kafka"
)

// framed is each page that has an address of its own.
var framed = []string{
	"/", "/timeliness?period=all", "/kpis?period=all", "/issues?period=all", "/complaints?period=all", "/quality?period=all", "/styleguide",
}

// TestFrame uses what frames every page: time, comparison and filters, charts, what is live, keys, paper, a phone.
func TestFrame(t *testing.T) {
	up := running(t)
	b := open(t, "http://"+up.Listen)
	filters(t, b)
	charts(t, b)
	keys(t, b)
	live(t, b, up)
	phone(t, b)
	paper(t, b)
	reconnect(t, b, up)
}

// address of the page.
func (b *browsing) address(t *testing.T) string {
	t.Helper()
	var here string
	b.do(t, chromedp.Location(&here))
	return here
}

// truth waits until a script answers true.
func (b *browsing) truth(t *testing.T, within time.Duration, what, script string) {
	t.Helper()
	for deadline := time.Now().Add(within); ; time.Sleep(100 * time.Millisecond) {
		var ok bool
		b.do(t, chromedp.Evaluate(script, &ok))
		if ok {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("not within %s: %s", within, what)
		}
	}
}

func filters(t *testing.T, b *browsing) {
	registered := func() int { return number(t, b.text(t, ".strip li:nth-child(2) a")) }

	t.Run("each period of the bar changes the address and is shown as chosen", func(t *testing.T) {
		b.visit(t, "/")
		for _, key := range []string{"week", "last_month", "quarter", "7d", "all"} {
			b.follow(t, ".seg a[href*='period="+key+"']")
			if got := b.address(t); !strings.Contains(got, "period="+key) {
				t.Errorf("%s leads to %s", key, got)
			}
			if n := b.count(t, ".seg a[aria-current][href*='period="+key+"']"); n != 1 {
				t.Errorf("%s is not shown as chosen", key)
			}
		}
	})

	t.Run("two values of one filter are kept together, removed one by one, and cleared at once", func(t *testing.T) {
		b.visit(t, "/?period=all")
		all := registered()
		b.do(t, chromedp.Evaluate(`document.querySelector("form.panel.wide").closest("details").open = true`, nil),
			chromedp.Click(`input[name=channel][value=phone]`, chromedp.ByQuery), chromedp.Click(`input[name=channel][value=app]`, chromedp.ByQuery))
		b.follow(t, "form.panel.wide button.primary")
		both := registered()
		if here := b.address(t); !strings.Contains(here, "channel=phone") || !strings.Contains(here, "channel=app") || b.count(t, ".chip") != 2 {
			t.Fatalf("%s with %d chips", here, b.count(t, ".chip"))
		}
		b.follow(t, ".chip")
		one := registered()
		if one >= both || both >= all || one == 0 {
			t.Errorf("%d registered, %d through two channels, %d through one", all, both, one)
		}
		b.follow(t, ".chips .clear")
		if got := registered(); got != all || b.count(t, ".chip") != 0 {
			t.Errorf("cleared: %d of %d with %d chips", got, all, b.count(t, ".chip"))
		}
	})

	t.Run("a range of one's own holds its last day", func(t *testing.T) {
		b.visit(t, "/?period=all")
		day := time.Now().In(time.FixedZone("", 8*3600)).AddDate(0, 0, -3).Format(time.DateOnly)
		b.do(t, chromedp.Evaluate(fmt.Sprintf(`for (const n of ["from", "until"]) document.querySelector(".dates-form [name=" + n + "]").value = %q`, day), nil))
		b.follow(t, ".dates-form button")
		if here := b.address(t); !strings.Contains(here, "from="+day) || !strings.Contains(here, "until="+day) || registered() == 0 {
			t.Errorf("%s shows %d registered", here, registered())
		}
	})

	t.Run("what is compared with is chosen and stays on the next page", func(t *testing.T) {
		b.visit(t, "/?period=7d")
		if b.count(t, ".deltas li") == 0 {
			t.Fatal("nothing is compared")
		}
		b.follow(t, ".pick a[href*='against=none']")
		if n := b.count(t, ".deltas li"); n != 0 {
			t.Errorf("%d comparisons though none is wanted", n)
		}
		b.follow(t, "nav a[data-key=t]")
		if here := b.address(t); !strings.Contains(here, "against=none") {
			t.Errorf("on %s it is forgotten", here)
		}
	})
}

func charts(t *testing.T, b *browsing) {
	t.Run("a chart becomes its table, a picture, and a file of figures", func(t *testing.T) {
		b.visit(t, "/?period=30d")
		b.truth(t, 20*time.Second, "the chart is drawn", `document.querySelector("[data-chart=flow] canvas") !== null`)
		b.do(t, chromedp.Click(`[data-chart-tools=flow] [data-as=table]`, chromedp.ByQuery))
		b.truth(t, 15*time.Second, "the table stands in its place",
			`document.querySelector("[data-chart=flow]").hidden && document.querySelector("#rest .as-table table").offsetHeight > 0`)
		b.do(t, chromedp.Click(`[data-chart-tools=flow] [data-as=chart]`, chromedp.ByQuery))
		b.truth(t, 15*time.Second, "the chart is back", `document.querySelector("[data-chart=flow] canvas").offsetHeight > 100`)
		b.do(t, chromedp.Evaluate(`window.made = 0; { const make = URL.createObjectURL; URL.createObjectURL = (blob) => { window.made = blob.type === "image/png" ? blob.size : -1; return make(blob); }; }
			HTMLAnchorElement.prototype.click = function () { window.called = this.download; }`, nil),
			chromedp.Click(`[data-chart-tools=flow] [data-png]`, chromedp.ByQuery))
		b.truth(t, 10*time.Second, "a picture of some size is made", `window.made > 5000 && window.called.endsWith(".png")`)
		var file string
		b.do(t, chromedp.Evaluate(`document.querySelector("[data-chart-tools=flow] a").href`, &file))
		if lines := strings.Count(fetch(t, file), "\n"); lines < 20 {
			t.Errorf("%s has %d lines", file, lines)
		}
	})
}

func fetch(t *testing.T, address string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %v", address, answer.Status, err)
	}
	return string(body)
}

func keys(t *testing.T, b *browsing) {
	t.Run("keys lead to the search, to help and to pages, and Escape closes", func(t *testing.T) {
		b.visit(t, "/?period=7d")
		b.do(t, chromedp.KeyEvent("?"))
		b.truth(t, 10*time.Second, "? opens the list of keys", `document.getElementById("help").open && document.querySelectorAll("#help [data-keys] div").length >= 6`)
		b.do(t, chromedp.KeyEvent(kb.Escape))
		b.truth(t, 10*time.Second, "Escape closes it", `!document.getElementById("help").open`)
		b.do(t, chromedp.KeyEvent("/"))
		b.truth(t, 10*time.Second, "/ leads to the search", `document.activeElement.name === "q"`)
		b.do(t, chromedp.KeyEvent("gt"))
		b.truth(t, 10*time.Second, "what is typed there is text", `document.activeElement.value.endsWith("gt") && location.pathname === "/"`)
		b.do(t, chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent("g"), chromedp.KeyEvent("t"))
		b.truth(t, 20*time.Second, "g t leads to the promises", `location.pathname === "/timeliness" && location.search.includes("period=7d") && document.readyState === "complete"`)
	})

	t.Run("everything in the frame is reached by the tabulator, the first stop skips the navigation", func(t *testing.T) {
		b.visit(t, "/")
		b.do(t, chromedp.KeyEvent(kb.Tab))
		b.truth(t, 10*time.Second, "the first stop is visible and leads to the content",
			`document.activeElement.matches(".skip") && document.activeElement.getBoundingClientRect().top >= 0`)
		var stops string
		b.do(t, chromedp.Evaluate(`[...document.querySelectorAll("main .seg a, main summary, main .chart-tools a, main .chart-tools button, main .why-button")].filter((e) => e.tabIndex < 0).length + ""`, &stops))
		if stops != "0" {
			t.Errorf("%s controls cannot be reached", stops)
		}
	})
}

// register puts complaints on the bus, as if they were made now.
func register(t *testing.T, up *program.Up, id string) {
	t.Helper()
	value, err := json.Marshal(map[string]any{
		"event_id": id + "-1", "complaint_id": id, "kind": "registered", "occurred_at": time.Now().UTC().Format(time.RFC3339Nano), "source": "test",
		"actor": map[string]any{"id": "a1", "department": "客服中心", "role": "agent"},
		"data":  map[string]any{"channel": "phone", "category": "测试/现场", "priority": "high", "title": "现场更新", "content": "页面应当自己更新"},
	})
	if err != nil {
		t.Fatal(err)
	}
	cfg := kafka.DefaultConfiguration()
	cfg.Brokers = up.Kafka
	producer := kafka.NewProducer(cfg, cfg.Topic)
	if err := producer.Produce(t.Context(), []ingest.Message{{Key: id, Value: value, Time: time.Now()}}); err != nil {
		t.Fatal(err)
	}
	if err := producer.Close(); err != nil {
		t.Fatal(err)
	}
}

func live(t *testing.T, b *browsing, up *program.Up) {
	t.Run("a new complaint changes the number in place and disturbs nothing", func(t *testing.T) {
		b.visit(t, "/?period=7d")
		before := number(t, b.text(t, ".strip li:nth-child(2) a"))
		b.do(t, chromedp.Evaluate(`window.sameDocument = true; document.querySelector("#rest details.as-table").open = true;
			document.querySelector("#kpi-satisfaction .why-button").focus(); scrollTo(0, 420)`, nil))
		var top float64
		b.do(t, chromedp.Sleep(300*time.Millisecond), chromedp.Evaluate(`document.querySelector("#h-issues").getBoundingClientRect().top`, &top))
		began := time.Now()
		register(t, up, "C-live-1")
		b.truth(t, 90*time.Second, "the number grows by one", fmt.Sprintf(`Number(document.querySelector(".strip li:nth-child(2) a").textContent.replace(",", "")) === %d`, before+1))
		t.Logf("shown after %s", time.Since(began).Round(10*time.Millisecond))
		var after float64
		b.do(t, chromedp.Sleep(300*time.Millisecond), chromedp.Evaluate(`document.querySelector("#h-issues").getBoundingClientRect().top`, &after))
		if after < top-2 || after > top+2 {
			t.Errorf("what the reader looked at moved from %.0f to %.0f", top, after)
		}
		b.truth(t, 5*time.Second, "no reload, the table still open, the focus where it was",
			`window.sameDocument && document.querySelector("#rest details.as-table").open && document.activeElement.matches("#kpi-satisfaction .why-button")`)
	})

	t.Run("a part that is being read is renewed only when it is asked for", func(t *testing.T) {
		b.visit(t, "/?period=7d")
		before := number(t, b.text(t, ".strip li:nth-child(2) a"))
		b.do(t, chromedp.Evaluate(`getSelection().selectAllChildren(document.querySelector(".strip .balance"))`, nil))
		register(t, up, "C-live-2")
		b.truth(t, 90*time.Second, "the header says that there is something newer", `!document.querySelector("#freshness [data-held]").hidden`)
		if now := number(t, b.text(t, ".strip li:nth-child(2) a")); now != before {
			t.Errorf("%d became %d under the reader's mark", before, now)
		}
		b.do(t, chromedp.Evaluate(`getSelection().removeAllRanges(); document.querySelector("#freshness [data-held]").click()`, nil))
		b.truth(t, 60*time.Second, "the number is the new one", fmt.Sprintf(`Number(document.querySelector(".strip li:nth-child(2) a").textContent.replace(",", "")) === %d`, before+1))
	})
}

func phone(t *testing.T, b *browsing) {
	t.Run("no page is wider than a phone, and the bar folds", func(t *testing.T) {
		b.do(t, chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile))
		for _, path := range framed {
			b.visit(t, path)
			var over float64
			b.do(t, chromedp.Evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth", &over))
			if over > 1 {
				t.Errorf("%s is %.0f pixels wider than a phone", path, over)
			}
		}
		b.visit(t, "/")
		b.truth(t, 10*time.Second, "the bar is folded", `document.querySelector(".bar-main").offsetHeight === 0 && document.querySelector(".fold").offsetHeight > 0`)
		b.do(t, chromedp.Click(".fold", chromedp.ByQuery))
		b.truth(t, 10*time.Second, "and unfolds", `document.querySelector(".bar-main").offsetHeight > 40`)
		b.do(t, chromedp.EmulateViewport(1440, 1600))
	})
}

var sheets = regexp.MustCompile(`/Type\s*/Page\b[^s]`)

func paper(t *testing.T, b *browsing) {
	t.Run("every page prints upright on A4, without navigation, in light colours", func(t *testing.T) {
		b.do(t, emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}))
		for _, path := range framed {
			b.visit(t, path)
			var pdf []byte
			b.do(t, chromedp.ActionFunc(func(ctx context.Context) (err error) {
				pdf, _, err = page.PrintToPDF().WithPrintBackground(true).WithPreferCSSPageSize(true).Do(ctx)
				return err
			}))
			n := len(sheets.FindAll(pdf, -1))
			if n == 0 || n > 40 || !bytes.HasPrefix(pdf, []byte("%PDF")) {
				t.Errorf("%s prints on %d sheets", path, n)
			}
			if !bytes.Contains(pdf, []byte("/MediaBox [0 0 594")) && !bytes.Contains(pdf, []byte("/MediaBox [0 0 595")) {
				t.Errorf("%s is not upright A4", path)
			}
		}
		b.do(t, emulation.SetEmulatedMedia().WithMedia("print"))
		b.visit(t, "/")
		var shown int
		b.do(t, chromedp.Evaluate(`document.dispatchEvent(new Event("x")); dispatchEvent(new Event("beforeprint")); [...document.querySelectorAll(".side, .bar, .chart-tools, .why-button, dialog")].filter((e) => e.offsetParent !== null || e.getClientRects().length > 0).length`, &shown))
		var ground string
		b.do(t, chromedp.Evaluate(`getComputedStyle(document.body).color`, &ground), chromedp.Evaluate(`dispatchEvent(new Event("afterprint"))`, nil))
		if shown != 0 || ground != "rgb(31, 30, 27)" {
			t.Errorf("%d controls are printed, the text is %s", shown, ground)
		}
		b.do(t, emulation.SetEmulatedMedia().WithMedia(""))
	})
}

func reconnect(t *testing.T, b *browsing, up *program.Up) {
	t.Run("a page says that the line is broken, and goes on by itself when the server is back", func(t *testing.T) {
		b.visit(t, "/?period=7d")
		before := number(t, b.text(t, ".strip li:nth-child(2) a"))
		b.lost.Store(true)
		if code, took := up.Stop(t); code != 0 || took > 8*time.Second {
			t.Errorf("with a page open the end took %s, code %d", took, code)
		}
		b.truth(t, 20*time.Second, "the header says that nothing newer is shown", `document.getElementById("freshness").hasAttribute("data-stale") && !document.querySelector("#freshness [data-lost]").hidden`)
		again := program.Start(t, "data", nil, "--listen", up.Listen)
		register(t, again, "C-live-3")
		b.truth(t, 60*time.Second, "the word is taken back", `!document.getElementById("freshness").hasAttribute("data-stale")`)
		b.truth(t, 60*time.Second, "and the number is new", fmt.Sprintf(`Number(document.querySelector(".strip li:nth-child(2) a").textContent.replace(",", "")) === %d`, before+1))
		b.lost.Store(false)
	})
}
