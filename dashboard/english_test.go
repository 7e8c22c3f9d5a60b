package dashboard_test

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/net/html"

	"wenguo/dashboard/language"
	"wenguo/transform/kpi"
)

// everyFace is every page on the sample, and what pages look like when something is missing or wrong.
func everyFace(t *testing.T) map[string][]byte {
	t.Helper()
	faces := map[string][]byte{}
	look := func(name string, s *sample, targets ...string) {
		h := open(t, s)
		for _, target := range targets {
			faces[name+" "+target] = get(t, h, target, "Accept-Language", "zh-CN").Body.Bytes()
		}
	}
	look("sample", &sample{}, everyPage...)
	look("wrong", &sample{}, "/nowhere", "/?period=nonsense", "/?as_of=x", "/?from=2026-01-02&until=x", "/complaints?scope=x", "/complaints?after=!", "/complaints?score=9")
	look("other", &sample{baseline: [2]time.Time{sampleNow().AddDate(0, -3, 0), sampleNow().AddDate(0, -2, 0)}, calendarUntil: sampleNow(), unfolded: 9000},
		"/", "/?period=all&channel=phone&department=", "/kpis", "/timeliness?from=2026-03-01&to=2026-04-01", "/issues?period=month", "/quality?replayed=3&cut=1", "/quality?replayed=0")
	look("published", &sample{published: samplePublished()}, "/reports?of=2026-10", "/reports?of=2026-11", "/reports?of=2026-10&done=1", "/reports?of=2026-10&done=1&late=1")
	for _, scope := range []string{"open", "overdue", "resolved", "reopened"} {
		look("scope", &sample{}, "/complaints?scope="+scope)
	}
	for _, e := range kpi.Catalogue {
		look("behind", &sample{}, "/complaints?kpi="+e.ID)
	}
	look("empty", &sample{noData: true}, slices.DeleteFunc(slices.Clone(everyPage), func(s string) bool { return strings.Contains(s, "fragments") })...)
	look("empty", &sample{noData: true}, "/complaints?q=abc", "/complaints?channel=phone", "/?channel=phone")
	for _, part := range []string{"strip", "flow", "series", "heat", "departments", "issues", "choices", "freshness", "kpis", "due", "waiting", "quality"} {
		look("failed "+part, &sample{err: map[string]error{part: fmt.Errorf("no")}}, "/", "/timeliness", "/issues", "/quality")
	}
	checked := openQuality(t, &postbox{}, looked{})
	faces["verified /quality"] = get(t, checked, "/quality", "Accept-Language", "zh-CN").Body.Bytes()
	return faces
}

func TestEnglishPagesHoldNoChineseOutsideOfData(t *testing.T) {
	translator, err := language.New()
	if err != nil {
		t.Fatal(err)
	}
	missing, left := map[string]string{}, map[string]string{}
	for name, page := range everyFace(t) {
		traced := translator.Traced(func(key string, known bool) {
			if !known {
				missing[key] = name
			}
		})
		english := traced.HTML(page)
		for _, text := range chineseIn(t, english) {
			left[text] = name
		}
	}
	if len(missing) > 0 {
		var lines strings.Builder
		for _, key := range slices.Sorted(maps.Keys(missing)) {
			fmt.Fprintf(&lines, "%s\t\t# %s\n", key, missing[key])
		}
		t.Errorf("en.tsv lacks %d phrases, or the page does not mark data with translate=\"no\":\n%s", len(missing), lines.String())
	} else if len(left) > 0 {
		t.Errorf("left in Chinese: %v", left)
	}
}

func TestScriptsSayChineseOnlyThroughTheirWords(t *testing.T) {
	scripts, err := filepath.Glob("static/*.js")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("%d scripts, %v", len(scripts), err)
	}
	said := regexp.MustCompile(`say\("[^"]*"|//.*`)
	for _, name := range scripts {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(body), "\n") {
			if language.Han(said.ReplaceAllString(line, "")) {
				t.Errorf("%s:%d says Chinese without say(): %s", name, i+1, strings.TrimSpace(line))
			}
		}
	}
}

// chineseIn lists the texts and spoken attributes with Chinese characters that are not marked as data.
func chineseIn(t *testing.T, page []byte) []string {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		for _, a := range n.Attr {
			if a.Key == "translate" && a.Val == "no" {
				return
			}
			if slices.Contains([]string{"title", "aria-label", "placeholder", "alt", "data-label"}, a.Key) && language.Han(a.Val) {
				found = append(found, a.Key+": "+a.Val)
			}
		}
		if n.Type == html.TextNode && language.Han(n.Data) {
			found = append(found, strings.TrimSpace(n.Data))
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
	}
	walk(root)
	return found
}

func TestLanguageIsTheChosenOneElseTheBrowsersElseChinese(t *testing.T) {
	h := open(t, &sample{})
	for sentence, c := range map[string]struct{ cookie, accept, want string }{
		"a browser that says nothing":        {"", "", "zh-CN"},
		"a browser that prefers English":     {"", "en-GB,en;q=0.9,zh;q=0.5", "en"},
		"a browser that prefers Chinese":     {"", "zh-TW,zh;q=0.9,en;q=0.8", "zh-CN"},
		"a browser that speaks neither":      {"", "fr-FR,fr;q=0.9", "zh-CN"},
		"what was chosen, whatever it likes": {"lang=en", "zh-CN", "en"},
		"Chinese chosen":                     {"lang=zh", "en-US", "zh-CN"},
		"a choice that is none":              {"lang=xx", "en-US", "en"},
	} {
		t.Run(sentence, func(t *testing.T) {
			headers := []string{"Cookie", c.cookie, "Accept-Language", c.accept}
			w := get(t, h, "/issues", headers...)
			if !strings.Contains(w.Body.String(), `<html lang="`+c.want+`"`) || w.Header().Get("Content-Language") != c.want {
				t.Errorf("speaks %q", w.Header().Get("Content-Language"))
			}
			if vary := strings.Join(w.Header().Values("Vary"), ", "); !strings.Contains(vary, "Cookie") || !strings.Contains(vary, "Accept-Language") {
				t.Errorf("Vary: %s", vary)
			}
			problem := get(t, h, "/api/v1/kpis?period=year", append(headers, "Accept", "application/json")...).Body.String()
			if chinese := strings.ContainsFunc(problem, func(r rune) bool { return unicode.Is(unicode.Han, r) }); chinese != (c.want == "zh-CN") {
				t.Errorf("the problem says %s", problem)
			}
		})
	}
}

func TestLanguageSwitchIsAFormAndLeadsBack(t *testing.T) {
	h := open(t, &sample{})
	for back, want := range map[string]string{"/issues?period=7d": "/issues?period=7d", "//evil.example": "/", `/\evil.example`: "/"} {
		v := visit(t, h)
		v.get("/issues")
		w := v.post("/language", url.Values{"lang": {"en"}, "back": {back}})
		if cookie := strings.Join(w.Header().Values("Set-Cookie"), "; "); w.Code != http.StatusSeeOther || w.Header().Get("Location") != want || !strings.Contains(cookie, "lang=en") || !strings.Contains(cookie, "HttpOnly") {
			t.Errorf("%s: %d %s", back, w.Code, w.Header())
		}
	}
}
