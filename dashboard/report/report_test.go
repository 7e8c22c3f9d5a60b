package report

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"wenguo/dashboard/sheet"
)

var shanghai = time.FixedZone("Asia/Shanghai", 8*3600)

func TestAPeriodIsAMonthOrAQuarter(t *testing.T) {
	for key, want := range map[string]string{
		"2026-10": "2026-10-01 2026-11-01 2026 年 10 月", "2026-12": "2026-12-01 2027-01-01 2026 年 12 月",
		"2026-Q4": "2026-10-01 2027-01-01 2026 年第四季度", "2026-Q1": "2026-01-01 2026-04-01 2026 年第一季度",
	} {
		p, err := ParsePeriod(key, shanghai)
		if got := p.From.Format(time.DateOnly) + " " + p.To.Format(time.DateOnly) + " " + p.Label(); err != nil || got != want {
			t.Errorf("%s is %q, %v; want %q", key, got, err, want)
		}
	}
	for _, key := range []string{"", "2026", "2026-13", "2026-Q5", "2026-Q", "26-Q1", "2026-10-01", "last"} {
		if _, err := ParsePeriod(key, shanghai); err == nil {
			t.Errorf("%q is taken for a period", key)
		}
	}
}

func TestAPaperIsAsOfTheFifthOrOfTheNewestEventBeforeIt(t *testing.T) {
	p, err := ParsePeriod("2026-10", shanghai)
	if err != nil {
		t.Fatal(err)
	}
	fifth := time.Date(2026, 11, 5, 0, 0, 0, 0, shanghai)
	for sentence, c := range map[string]struct{ newest, want time.Time }{
		"nothing is stored":        {time.Time{}, fifth},
		"the fifth has passed":     {fifth.AddDate(0, 1, 0), fifth},
		"the fifth has not come":   {fifth.Add(-time.Hour), fifth.Add(-time.Hour)},
		"the month is not over":    {p.From.Add(time.Hour), p.From.Add(time.Hour)},
		"to the millisecond alone": {fifth.Add(-time.Hour + time.Microsecond), fifth.Add(-time.Hour)},
	} {
		if got := p.AsOf(c.newest); !got.Equal(c.want) {
			t.Errorf("%s: as of %s, want %s", sentence, got, c.want)
		}
	}
}

func TestAPrintedFileHasNoInstantOfItsOwn(t *testing.T) {
	printed := func(at, id string) []byte {
		return []byte("%PDF-1.4 /CreationDate (D:" + at + "+00'00')\n/ModDate (D:" + at + "+00'00')>> /ID [<" + id + "> <" + id + ">]")
	}
	asOf := time.Date(2026, 11, 5, 0, 0, 0, 0, shanghai)
	a, b := printed("20261122202928", "0AFF"), printed("20270101000000", "12bc")
	if !bytes.Equal(steady(a, asOf), steady(b, asOf)) || len(steady(a, asOf)) != len(a) || !strings.Contains(string(steady(a, asOf)), "D:20261104160000+00'00'") {
		t.Errorf("%s\n%s", steady(a, asOf), steady(b, asOf))
	}
}

func TestWithoutABrowserAPDFIsRefusedInWords(t *testing.T) {
	w, err := NewWriter()
	if err != nil {
		t.Fatal(err)
	}
	err = w.Write(context.Background(), &bytes.Buffer{}, &Document{}, PDF, Browser{})
	if !errors.Is(err, ErrNoBrowser) || !strings.Contains(err.Error(), "apt-get install chromium") {
		t.Errorf("%v", err)
	}
}

func sampleDocument() *Document {
	text := "=cmd|' /C calc'!A1\u202E<b onclick=x>&"
	return &Document{
		Name: "x", Title: "标题" + text, Label: "2026 年 10 月", Zone: shanghai, AsOf: time.Date(2026, 11, 5, 0, 0, 0, 0, shanghai),
		Period: MonthOf(time.Date(2026, 10, 9, 0, 0, 0, 0, shanghai), shanghai, 0), Standing: "未发布",
		Blocks: []Block{
			{Heading: "一、甲", Text: []string{text}, Facts: []Fact{{Name: text, Value: text, Basis: text}}, Chart: &Chart{Title: text, Bars: []Bar{{Name: text, Value: 3, Text: "3"}}}},
			{Heading: "二、乙", Table: &Table{
				Columns: append([]Column{{Column: sheet.Column{Header: text}}}, share("率")...),
				Rows:    rowsOf([][]any{{text, 0.9996, 0.9, 1.0, int64(1234)}, {text, nil, nil, nil, int64(0)}}), Total: []any{text, 0.5, nil, nil, int64(1)},
			}, Notes: []string{text}},
			{Minor: "乙", Table: &Table{Columns: []Column{count("件")}, Rows: rowsOf(nil)}},
		},
	}
}

func TestADocumentIsTheSameEachTimeAndHarmless(t *testing.T) {
	w, err := NewWriter()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []Format{HTML, XLSX} {
		var files [2]bytes.Buffer
		for i := range files {
			if err := w.Write(context.Background(), &files[i], sampleDocument(), f, Browser{}); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(files[0].Bytes(), files[1].Bytes()) {
			t.Errorf("%s differs from itself", f)
		}
		if f == HTML {
			page := files[0].String()
			for _, words := range []string{"99.9<small>90.0–100.0 · n=1,234</small>", "—<small>n=0</small>", "没有记录", "标题=cmd"} {
				if !strings.Contains(page, words) {
					t.Errorf("the page lacks %q", words)
				}
			}
			if strings.Contains(page, "<b onclick") {
				t.Error("a stranger's markup stands in the page")
			}
		}
	}
}

func TestALineBeginsAtZeroUnlessItSaysSo(t *testing.T) {
	values := []*float64{new(96.2), nil, new(98.4), new(97.1)}
	plain, cut := &Chart{Lines: []Line{{Values: values}}}, &Chart{Cut: true, Unit: "%", Lines: []Line{{Values: values}}}
	if floor, _, top := axis(plain); floor != 0 || top < 98.4 {
		t.Errorf("a plain axis goes from %v to %v", floor, top)
	}
	if floor, _, top := axis(cut); floor <= 90 || floor > 96.2 || top < 98.4 || !strings.Contains(cut.shown().Unit, "纵轴从 ") {
		t.Errorf("a cut axis goes from %v to %v and says %q", floor, top, cut.shown().Unit)
	}
	if d := cut.shown().Plot.Paths[0].D; strings.Count(d, "M") != 2 || !strings.Contains(d, "h0.1") {
		t.Errorf("a gap is drawn over: %s", d)
	}
}
