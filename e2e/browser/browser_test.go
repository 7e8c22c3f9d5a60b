package browser

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browsing is a browser tab that writes down whatever should not happen.
type browsing struct {
	context.Context
	base string

	mu     sync.Mutex
	faults []string
	// lost says that the server is away on purpose: what cannot be reached is no fault then.
	lost bool
}

// open starts a browser with an empty profile of its own.
func open(t *testing.T, base string) *browsing {
	t.Helper()
	program := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			program = path
			break
		}
	}
	if program == "" {
		t.Fatal("no browser found: make deps-test installs chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.WindowSize(1440, 1600),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	allocator, stop := chromedp.NewExecAllocator(t.Context(), options...)
	tab, shut := chromedp.NewContext(allocator)
	b := &browsing{base: base}
	timed, cancel := context.WithTimeout(tab, 9*time.Minute)
	b.Context = timed
	t.Cleanup(func() { cancel(); shut(); stop() })
	chromedp.ListenTarget(b, b.listen)
	if err := chromedp.Run(b, network.Enable(), runtime.Enable(), log.Enable()); err != nil {
		t.Fatalf("start browser: %v", err)
	}
	return b
}

func (b *browsing) listen(event any) {
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.fault("exception: " + e.ExceptionDetails.Error())
	case *runtime.EventConsoleAPICalled:
		if b.lost && e.Type == runtime.APITypeError { // htmx tells of requests that failed
			return
		}
		if e.Type == runtime.APITypeError || e.Type == runtime.APITypeWarning {
			b.fault(fmt.Sprintf("console %s: %v", e.Type, values(e.Args)))
		}
	case *log.EventEntryAdded:
		if b.lost && e.Entry.Source == log.SourceNetwork {
			return
		}
		if e.Entry.Level == log.LevelError || e.Entry.Source == log.SourceSecurity || e.Entry.Source == log.SourceViolation {
			b.fault(fmt.Sprintf("browser log: %s %s", e.Entry.Text, e.Entry.URL))
		}
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(e.Request.URL); err == nil && u.Scheme != "data" && "http://"+u.Host != b.base {
			b.fault("a request leaves the machine: " + e.Request.URL)
		}
	}
}

func (b *browsing) fault(what string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.faults = append(b.faults, what)
}

// forgive forgets what was expected to go wrong.
func (b *browsing) forgive() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.faults = nil
}

// do runs actions and then fails for whatever went wrong meanwhile.
func (b *browsing) do(t *testing.T, actions ...chromedp.Action) {
	t.Helper()
	err := chromedp.Run(b, actions...)
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range b.faults {
		t.Error(f)
	}
	b.faults = nil
	if err != nil {
		t.Fatal(err)
	}
}

// visit opens a path and waits until the page stands.
func (b *browsing) visit(t *testing.T, path string) {
	t.Helper()
	b.do(t, chromedp.Navigate(b.base+path), chromedp.WaitVisible("main", chromedp.ByQuery), chromedp.Sleep(300*time.Millisecond))
}

// text of the first element.
func (b *browsing) text(t *testing.T, selector string) string {
	t.Helper()
	var found string
	b.do(t, chromedp.Text(selector, &found, chromedp.ByQuery))
	return strings.TrimSpace(found)
}

// count of elements.
func (b *browsing) count(t *testing.T, selector string) int {
	t.Helper()
	var n int
	b.do(t, chromedp.Evaluate(fmt.Sprintf("document.querySelectorAll(%q).length", selector), &n))
	return n
}

// follow clicks a link and waits for the next page.
func (b *browsing) follow(t *testing.T, selector string) {
	t.Helper()
	var before string
	b.do(t, chromedp.Location(&before))
	b.do(t, chromedp.Evaluate(fmt.Sprintf("document.querySelector(%q).click()", selector), nil))
	deadline := time.Now().Add(30 * time.Second)
	for here := before; here == before; {
		if time.Now().After(deadline) {
			t.Fatalf("%s leads nowhere", selector)
		}
		time.Sleep(50 * time.Millisecond)
		b.do(t, chromedp.Location(&here))
	}
	b.do(t, chromedp.WaitVisible("main", chromedp.ByQuery), chromedp.Sleep(300*time.Millisecond))
}

// picture keeps a screenshot of the whole page when SHOTS names a folder, so that a person can look at it.
func (b *browsing) picture(t *testing.T, name string) {
	t.Helper()
	folder := os.Getenv("SHOTS")
	if folder == "" {
		return
	}
	var png []byte
	b.do(t, chromedp.FullScreenshot(&png, 100))
	if err := os.WriteFile(folder+"/"+name+".png", png, 0o600); err != nil {
		t.Fatal(err)
	}
}

// values of what was written to the console, as JSON.
func values(args []*runtime.RemoteObject) []string {
	var out []string
	for _, a := range args {
		out = append(out, string(a.Value)+a.Description)
	}
	return out
}
