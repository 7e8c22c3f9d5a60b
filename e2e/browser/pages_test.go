package browser

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"wenguo/e2e/program"
	"wenguo/ingest"
	"wenguo/ingest/kafka"
	"wenguo/ingest/simulate"
	"wenguo/warehouse"
)

// days of simulated history before now.
const days = 40

// instance is the address of a running wenguo with a history.
func instance(t *testing.T) string {
	t.Helper()
	return "http://" + running(t).Listen
}

// running starts wenguo, sends it a history that ends now, and waits until facts and issues are there.
func running(t *testing.T) *program.Up {
	t.Helper()
	program.Path(t) // built here, before the folder changes
	t.Chdir(t.TempDir())
	up := program.Start(t, "data", nil) // relative, as make run has it
	now := time.Now().UTC()
	world, err := simulate.New(simulate.Config{
		Seed: 11, Start: now.AddDate(0, 0, -days).Truncate(24 * time.Hour), Zone: time.FixedZone("Asia/Shanghai", 8*60*60),
		PerDay: func(int) float64 { return 40 }, IsWorkday: func(t time.Time) bool { return t.Weekday()%6 != 0 },
	})
	if err != nil {
		t.Fatal(err)
	}
	var messages []ingest.Message
	for r := range world.Records(now.AddDate(0, 0, -days-1), now) {
		messages = append(messages, ingest.Message{Key: r.Key, Value: r.Value, Time: r.Arrives, Backfill: true})
	}
	cfg := kafka.DefaultConfiguration()
	cfg.Brokers = up.Kafka
	producer := kafka.NewProducer(cfg, cfg.Topic)
	if err := producer.Produce(t.Context(), messages); err != nil {
		t.Fatal(err)
	}
	if err := producer.Close(); err != nil {
		t.Fatal(err)
	}
	store, err := warehouse.Open(t.Context(), up.ClickHouse, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	ends, err := kafka.EndOffsets(t.Context(), cfg, cfg.Topic)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.WaitForFacts(t.Context(), ends); err != nil {
		t.Fatal(err)
	}
	base := "http://" + up.Listen
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(300 * time.Millisecond) {
		var list struct {
			Items []struct{ ID string }
		}
		get(t, base+"/api/v1/issues?period=all", &list)
		if len(list.Items) > 0 {
			return up
		}
		if time.Now().After(deadline) {
			t.Fatalf("no issue was found within two minutes:\n%s", up.Log())
		}
	}
}

func get(t *testing.T, address string, into any) {
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
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", address, answer.Status)
	}
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
		t.Fatalf("%s: %v", address, err)
	}
}

var digits = regexp.MustCompile(`\d[\d,]*`)

// number reads the first whole number of a text.
func number(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(strings.ReplaceAll(digits.FindString(text), ",", ""))
	if err != nil {
		t.Fatalf("no number in %q", text)
	}
	return n
}

// TestPages walks through the product on one instance; its parts are told apart by name.
func TestPages(t *testing.T) {
	base := instance(t)
	b := open(t, base)

	t.Run("the overview shows figures that balance and no part that failed", func(t *testing.T) {
		b.visit(t, "/")
		if n := b.count(t, ".card.kpi"); n != 5 {
			t.Errorf("%d key figures, want 5", n)
		}
		if n := b.count(t, ".failed"); n != 0 {
			t.Errorf("%d parts could not be read", n)
		}
		if got := b.text(t, ".balance"); !strings.Contains(got, "账平") {
			t.Errorf("the strip says %q", got)
		}
		if n := b.count(t, "[data-chart] canvas, [data-chart] svg"); n == 0 {
			t.Error("no chart was drawn")
		}
		b.picture(t, "overview")
	})

	t.Run("what a number counts is what its list holds", func(t *testing.T) {
		b.visit(t, "/")
		terms := b.count(t, ".strip .term a")
		if terms < 2 {
			t.Fatalf("%d terms of the strip lead to their complaints", terms)
		}
		for i := range terms {
			b.visit(t, "/")
			var clicked string
			b.do(t, chromedp.Evaluate("document.querySelectorAll('.strip .term a')["+strconv.Itoa(i)+"].textContent", &clicked))
			b.do(t, chromedp.Evaluate("document.querySelectorAll('.strip .term a')["+strconv.Itoa(i)+"].id = 'clicked'", nil))
			b.follow(t, "#clicked")
			if listed := number(t, b.text(t, ".tab-note")); listed != number(t, clicked) {
				t.Errorf("term %d of the strip says %s, its list holds %d", i, clicked, listed)
			}
		}
	})

	t.Run("another period changes the address and the numbers", func(t *testing.T) {
		b.visit(t, "/?period=30d")
		month := b.text(t, ".strip")
		b.visit(t, "/?period=7d")
		if week := b.text(t, ".strip"); week == month {
			t.Errorf("7 and 30 days show the same: %s", week)
		}
	})

	t.Run("a filter holds on every page it leads to", func(t *testing.T) {
		b.visit(t, "/complaints?period=all&channel=phone")
		listed := number(t, b.text(t, ".tab-note"))
		b.visit(t, "/complaints?period=all")
		if all := number(t, b.text(t, ".tab-note")); listed >= all || listed == 0 {
			t.Errorf("%d of %d complaints by phone", listed, all)
		}
	})

	t.Run("an issue tells what, where and in whose words", func(t *testing.T) {
		b.visit(t, "/issues?period=all")
		b.picture(t, "issues")
		b.follow(t, "main table a[href*='/issues/'], main .issue a[href*='/issues/'], main a[href*='/issues/']")
		if name := b.text(t, "h1"); len([]rune(name)) < 2 {
			t.Errorf("the issue is called %q", name)
		}
		b.picture(t, "issue")
	})

	t.Run("a complaint shows its clocks and its timeline", func(t *testing.T) {
		b.visit(t, "/complaints?period=all")
		b.picture(t, "complaints")
		b.follow(t, "table.list a")
		if n := b.count(t, "main ol li, main .timeline li"); n == 0 {
			t.Error("no event on the timeline")
		}
		if n := b.count(t, "svg, .ribbon"); n == 0 {
			t.Error("no deadline ribbon")
		}
		b.picture(t, "complaint")
	})

	t.Run("an address that leads nowhere says so in words", func(t *testing.T) {
		if err := chromedp.Run(b, chromedp.Navigate(base+"/complaints/no-such-complaint"), chromedp.WaitVisible("main", chromedp.ByQuery)); err != nil {
			t.Fatal(err)
		}
		b.forgive() // the browser logs the 404 itself
		if got := b.text(t, "main"); !strings.Contains(got, "没有") && !strings.Contains(got, "不存在") {
			t.Errorf("the page says %q", got)
		}
	})

	dataQuality(t, b)
	promises(t, b)
	satisfactionAndFlow(t, b)

	t.Run("dark and narrow pages fit", func(t *testing.T) {
		b.do(t, emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}))
		b.visit(t, "/")
		b.picture(t, "overview-dark")
		b.do(t, chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile))
		for _, path := range []string{"/", "/issues?period=all", "/complaints?period=all", "/quality", "/satisfaction?period=all", "/flow?period=all"} {
			b.visit(t, path)
			var over float64
			b.do(t, chromedp.Evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth", &over))
			if over > 1 {
				t.Errorf("%s is %.0f pixels wider than a phone", path, over)
			}
		}
		b.picture(t, "phone")
	})
}
