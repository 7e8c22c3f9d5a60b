package browser

import (
	"context"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// streamOf are the ids of the issues in the stream, as the API counts them.
func streamOf(t *testing.T, base string) []string {
	t.Helper()
	var list struct {
		Items []struct {
			ID         string
			Complaints int
			Marks      struct{ Muted bool }
		}
	}
	get(t, base+"/api/v1/issues?period=all", &list)
	var ids []string
	for _, i := range list.Items {
		if !i.Marks.Muted {
			ids = append(ids, i.ID)
		}
	}
	return ids
}

// membersOf counts the complaints of an issue.
func membersOf(t *testing.T, base, id string) int {
	t.Helper()
	var one struct{ Total int }
	get(t, base+"/api/v1/issues/"+url.PathEscape(id)+"?period=all", &one)
	return one.Total
}

// press clicks a button and waits for the page it leads to.
func (b *browsing) press(t *testing.T, selector, next string) {
	t.Helper()
	leave := chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := chromedp.RunResponse(ctx, chromedp.Click(selector, chromedp.ByQuery)) // the page before may hold what is waited for
		return err
	})
	b.do(t, leave, chromedp.WaitVisible(next, chromedp.ByQuery))
}

// TestCuration lets people merge, rename and undo, in a browser and without scripts.
func TestCuration(t *testing.T) {
	base := instance(t)
	b := open(t, base)
	ids := streamOf(t, base)
	if len(ids) < 4 {
		t.Fatalf("only %d issues", len(ids))
	}
	first, second := ids[0], ids[1]
	sizes := []int{membersOf(t, base, first), membersOf(t, base, second)}

	t.Run("two issues of the stream are merged after a name is given", func(t *testing.T) {
		b.visit(t, "/issues?period=all")
		b.do(t, chromedp.Click("tr#issue-1 .tick input", chromedp.ByQuery), chromedp.Click("tr#issue-2 .tick input", chromedp.ByQuery))
		b.picture(t, "curate-picked")
		b.press(t, "button[value=merge]", "input[name=who]")
		b.picture(t, "curate-who")
		b.do(t, chromedp.SendKeys("input[name=who]", "王敏", chromedp.ByQuery), chromedp.SendKeys("input[name=who_department]", "质量部", chromedp.ByQuery))
		b.press(t, "form.decide button", "input[name=into]")
		b.picture(t, "curate-choose")
		b.press(t, "form.decide button", ".done")
		b.picture(t, "curate-merged")
		if after := streamOf(t, base); slices.Contains(after, second) || len(after) != len(ids)-1 {
			t.Errorf("the stream holds %v of %v", after, ids)
		}
		if n := membersOf(t, base, first); n != sizes[0]+sizes[1] {
			t.Errorf("%d complaints in it, want %d and %d", n, sizes[0], sizes[1])
		}
	})

	t.Run("one click undoes it", func(t *testing.T) {
		b.press(t, ".done button", ".done")
		if after := streamOf(t, base); !slices.Contains(after, second) || len(after) != len(ids) {
			t.Errorf("the stream holds %v, want %v", after, ids)
		}
		if a, c := membersOf(t, base, first), membersOf(t, base, second); a != sizes[0] || c != sizes[1] {
			t.Errorf("%d and %d complaints, want %v", a, c, sizes)
		}
	})

	t.Run("an issue is renamed, and gets its name back", func(t *testing.T) {
		b.visit(t, "/issues/"+first+"?period=all")
		found := b.text(t, "h1")
		rename := func() {
			b.do(t, chromedp.Click(".curate-forms details summary", chromedp.ByQuery), chromedp.SetValue("input[name=name]", "会员短信收不到", chromedp.ByQuery))
			b.press(t, "button[value=rename]", ".done")
		}
		rename()
		if got := b.text(t, "h1"); !strings.Contains(got, "会员短信收不到") {
			t.Errorf("it is called %q", got)
		}
		b.picture(t, "curate-issue")
		b.press(t, ".done button", ".done")
		if got := b.text(t, "h1"); got != found {
			t.Errorf("undone, it is called %q, want %q", got, found)
		}
	})

	t.Run("two people who rename at once see each other", func(t *testing.T) { clashing(t, b, base, ids[2]) })

	t.Run("a complaint leaves its issue, a muted issue is one click away", func(t *testing.T) {
		b.visit(t, "/issues/"+first+"?period=all")
		b.press(t, ".member-list li button", ".done")
		if n := membersOf(t, base, first); n != sizes[0]-1 {
			t.Errorf("%d complaints, want %d", n, sizes[0]-1)
		}
		b.press(t, ".done button", ".done")
		b.press(t, "button[value=mute]", ".done")
		b.visit(t, "/issues?period=all")
		if n := b.count(t, "input[value='"+first+"']"); n != 0 {
			t.Error("a muted issue is in the stream")
		}
		b.follow(t, ".tabs a[href*='state=muted']")
		if n := b.count(t, "input[value='"+first+"']"); n != 1 {
			t.Error("a muted issue is not among the muted")
		}
		b.visit(t, "/issues/"+first+"?period=all")
		b.press(t, ".curate-forms > form button[value=undo]", ".done")
	})

	t.Run("the log lists all of it", func(t *testing.T) {
		b.visit(t, "/decisions")
		b.picture(t, "decisions")
		text := b.text(t, ".log-card")
		for _, words := range []string{"合并问题", "重命名", "撤销", "屏蔽", "调整归属", "王敏", "质量部", "会员短信收不到", "已撤销"} {
			if !strings.Contains(text, words) {
				t.Errorf("the log lacks %q", words)
			}
		}
		all := b.count(t, ".log li")
		b.follow(t, ".tabs a[href*='issue.merged']")
		if n := b.count(t, ".log li"); n != 1 || all < 8 {
			t.Errorf("%d merges of %d decisions", n, all)
		}
	})

	curatedLooks(t, b, first)
}

// clashing lets somebody without scripts rename an issue while the browser has it open.
func clashing(t *testing.T, b *browsing, base, id string) {
	t.Helper()
	b.visit(t, "/issues/"+id+"?period=all")
	other := newPlain(t, base)
	other.get("/issues/" + id)
	form := other.fields("rename")
	form.Set("name", "别人起的名称")
	form.Set("who", "李强")
	if page := other.post("/decisions", form); !strings.Contains(page, "已执行") || !strings.Contains(page, "别人起的名称") {
		t.Error("the plain form did not rename the issue")
	}
	b.do(t, chromedp.Click(".curate-forms details summary", chromedp.ByQuery), chromedp.SetValue("input[name=name]", "我起的名称", chromedp.ByQuery),
		chromedp.Click("button[value=rename]", chromedp.ByQuery))
	if err := chromedp.Run(b, chromedp.WaitVisible(".sides", chromedp.ByQuery)); err != nil {
		t.Fatal(err)
	}
	b.forgive() // the browser logs the 409 itself
	b.picture(t, "curate-clash")
	if theirs, mine := b.text(t, ".sides section:first-child"), b.text(t, ".sides section:last-child"); !strings.Contains(theirs, "别人起的名称") ||
		!strings.Contains(theirs, "李强") || !strings.Contains(mine, "我起的名称") {
		t.Errorf("side by side stand %q and %q", theirs, mine)
	}
	b.press(t, "form.decide button", ".done")
	if got := b.text(t, "h1"); !strings.Contains(got, "我起的名称") {
		t.Errorf("it is called %q", got)
	}
	b.visit(t, "/decisions?issue="+url.QueryEscape(id))
	if text := b.text(t, ".log-card"); !strings.Contains(text, "别人起的名称") || !strings.Contains(text, "李强") {
		t.Errorf("the log says %q", text)
	}
}

// curatedLooks takes pictures in the dark and on a phone, where nothing may be wider than the screen.
func curatedLooks(t *testing.T, b *browsing, id string) {
	t.Helper()
	t.Run("the pages fit a phone", func(t *testing.T) {
		b.do(t, chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile))
		for _, path := range []string{"/issues?period=all", "/issues/" + id + "?period=all", "/decisions"} {
			b.visit(t, path)
			var over float64
			b.do(t, chromedp.Evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth", &over))
			if over > 1 {
				t.Errorf("%s is %.0f pixels wider than a phone", path, over)
			}
			name, _, _ := strings.Cut(strings.ReplaceAll(path, "/", "-"), "?")
			b.picture(t, "curate-phone"+name)
		}
	})
}

// plain is a browser without scripts: it follows links and sends forms.
type plain struct {
	t    *testing.T
	base string
	http *http.Client
	page string
}

func newPlain(t *testing.T, base string) *plain {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &plain{t: t, base: base, http: &http.Client{Jar: jar}}
}

func (p *plain) send(r *http.Request, err error) string {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html")
	answer, err := p.http.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		p.t.Fatalf("%s answers %s: %v", r.URL, answer.Status, err)
	}
	p.page = string(body)
	return p.page
}

func (p *plain) get(path string) string {
	p.t.Helper()
	return p.send(http.NewRequestWithContext(p.t.Context(), http.MethodGet, p.base+path, nil))
}

func (p *plain) post(path string, form url.Values) string {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.base+path, strings.NewReader(form.Encode()))
	if err == nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return p.send(r, err)
}

// fields are the hidden fields of the form with a button.
func (p *plain) fields(button string) url.Values {
	p.t.Helper()
	for _, form := range regexp.MustCompile(`(?s)<form.*?</form>`).FindAllString(p.page, -1) {
		if !strings.Contains(form, fmt.Sprintf(`name="do" value=%q`, button)) {
			continue
		}
		out := url.Values{"do": {button}}
		for _, f := range regexp.MustCompile(`type="hidden" name="([^"]*)" value="([^"]*)"`).FindAllStringSubmatch(form, -1) {
			out.Add(html.UnescapeString(f[1]), html.UnescapeString(f[2]))
		}
		return out
	}
	p.t.Fatalf("no form with a button %s", button)
	return nil
}
