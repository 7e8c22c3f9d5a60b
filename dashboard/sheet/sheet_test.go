package sheet

import (
	"bytes"
	"encoding/csv"
	"io"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

var zone = time.FixedZone("Asia/Shanghai", 8*3600)

var everyKind = []Column{
	{"编号", Text}, {"件数（件）", Count}, {"时长（小时）", Number}, {"按时率（%）", Share}, {"登记", Instant}, {"首次", Day},
}

func row(text string) []any {
	at := time.Date(2026, 11, 21, 18, 30, 5, 0, time.UTC)
	return []any{text, 1234567, 2.5, new(0.98765), at, at}
}

func TestCSVIsWhatSpreadsheetsExpect(t *testing.T) {
	for sentence, c := range map[string]struct{ cell, want string }{
		"plain text stays":                       {"验证码收不到", "验证码收不到"},
		"a formula becomes text":                 {`=HYPERLINK("http://x")`, `'=HYPERLINK("http://x")`},
		"plus, minus and at are formulas too":    {"+1", "'+1"},
		"a minus is one":                         {"-1", "'-1"},
		"an at sign is one":                      {"@SUM(A1)", "'@SUM(A1)"},
		"full-width signs are signs":             {"＝1+1", "'＝1+1"},
		"blanks before it do not help":           {" \t\r=1", "'  \n=1"},
		"a formula behind invisible marks":       {"\u200F\u202E\uFEFF=1", "'=1"},
		"quotes and commas are quoted":           {`a,"b"`, `a,"b"`},
		"line breaks stay line breaks":           {"a\rb\r\nc\u2028d", "a\nb\nc\nd"},
		"control characters go":                  {"a\x00b\x07c\x1b[31m", "abc[31m"},
		"direction marks go":                     {"a\u202Eb\u2066c\u2069", "abc"},
		"broken UTF-8 is replaced":               {"a\xffb", "a\uFFFDb"},
		"too long a text ends with a mark":       {strings.Repeat("长", longest+5), strings.Repeat("长", longest-1) + "…"},
		"an emoji that begins a text is no harm": {"😀=1", "😀=1"},
	} {
		t.Run(sentence, func(t *testing.T) {
			var out bytes.Buffer
			w, err := New(CSV, &out, zone, "表", everyKind)
			if err != nil {
				t.Fatal(err)
			}
			if err := w.Row(row(c.cell)...); err != nil {
				t.Fatal(err)
			}
			if err := w.Row(nil, nil, nil, (*float64)(nil), time.Time{}, nil); err != nil {
				t.Fatal(err)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			if !bytes.HasPrefix(out.Bytes(), []byte("\xEF\xBB\xBF编号,件数（件）,")) || !bytes.HasSuffix(out.Bytes(), []byte("\r\n,,,,,\r\n")) {
				t.Errorf("%q", out.String()[:min(out.Len(), 200)])
			}
			records, err := csv.NewReader(bytes.NewReader(out.Bytes()[3:])).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			if want := []string{c.want, "1234567", "2.5", "98.765", "2026-11-22 02:30:05", "2026-11-22"}; !slices.Equal(records[1], want) {
				t.Errorf("got %.200q, want %.200q", records[1], want)
			}
		})
	}
}

func TestNumbersOfOursMayBeNegative(t *testing.T) {
	var out bytes.Buffer
	w, err := New(CSV, &out, zone, "表", []Column{{"剩余（小时）", Number}, {"差（件）", Count}})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Row(-1.5, -3); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil || !strings.Contains(out.String(), "\r\n-1.5,-3\r\n") {
		t.Errorf("%v: %q", err, out.String())
	}
}

func TestACellOfAnotherKindIsAnError(t *testing.T) {
	for _, f := range []Format{CSV, XLSX} {
		for i := range everyKind {
			w, err := New(f, io.Discard, zone, "表", everyKind)
			if err != nil {
				t.Fatal(err)
			}
			cells := row("x")
			cells[i] = struct{}{}
			if w.Row(cells...) == nil || w.Row(cells[1:]...) == nil {
				t.Errorf("%s takes a struct for %s, or a row too short", f, everyKind[i].Header)
			}
			w.Discard()
		}
	}
}

func TestXLSXHoldsTextAsTextAndGoesOnOnAnotherSheet(t *testing.T) {
	var out bytes.Buffer
	w, err := newXLSX(&out, zone, `投诉/[1]:*?'`+strings.Repeat("长", 40), everyKind, 4)
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{"=1+1", "@x", "001", "<b>&", "a\u202E\x00b", "-", "最后"}
	for _, s := range texts {
		if err := w.Row(row(s)...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var got []string
	for _, name := range f.GetSheetList() {
		rows, err := f.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		if panes, err := f.GetPanes(name); err != nil || !panes.Freeze || panes.YSplit != 1 {
			t.Errorf("%s: header %+v, %v", name, panes, err)
		}
		if rows[0][0] != "编号" {
			t.Errorf("%s begins with %q", name, rows[0])
		}
		for y, r := range rows[1:] {
			got = append(got, r[0])
			at := "A" + strconv.Itoa(y+2)
			if formula, err := f.GetCellFormula(name, at); formula != "" || err != nil {
				t.Errorf("%s!%s is a formula", name, at)
			}
			if kind, err := f.GetCellType(name, at); err != nil || kind != excelize.CellTypeInlineString {
				t.Errorf("%s!%s is of type %v", name, at, kind)
			}
			if want := []string{"1,234,567", "2.50", "98.8%", "2026-11-22 02:30:05", "2026-11-22"}; !slices.Equal(r[1:], want) {
				t.Errorf("%s!%s: %q, want %q", name, at, r[1:], want)
			}
		}
	}
	if want := []string{"=1+1", "@x", "001", "<b>&", "ab", "-", "最后"}; !slices.Equal(got, want) || len(f.GetSheetList()) != 3 {
		t.Errorf("sheets %q hold %q", f.GetSheetList(), got)
	}
}

// A million rows would take a minute; sixty thousand tell the same about memory.
func TestMemoryDoesNotGrowWithRows(t *testing.T) {
	for _, f := range []Format{CSV, XLSX} {
		w, err := New(f, io.Discard, zone, "表", everyKind)
		if err != nil {
			t.Fatal(err)
		}
		held := func(rows int) int64 {
			for range rows {
				if err := w.Row(row("验证码一直收不到，会员中心登录不了")...); err != nil {
					t.Fatal(err)
				}
			}
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			return int64(m.HeapAlloc)
		}
		few := held(20_000)
		if many := held(40_000); many > few+20<<20 {
			t.Errorf("%s: %d MB after 20,000 rows, %d MB after 60,000", f, few>>20, many>>20)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
