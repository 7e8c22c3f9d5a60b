package tabular_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"wenguo/ingest/tabular"
)

// workbook writes rows to the sheets 说明 and 台账; the first is a cover with one cell.
func workbook(t *testing.T, rows [][]any) string {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	if err := book.SetSheetName("Sheet1", "台账"); err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		if err := book.SetSheetRow("台账", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "ledger.xlsx")
	if err := book.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAWorkbookIsReadLikeATable(t *testing.T) {
	at := time.Date(2026, 3, 1, 9, 30, 15, 0, time.UTC)
	events, rejects := read(t, workbook(t, [][]any{
		{"2026 年投诉台账"},
		{},
		{"编号", " 登记时间", "投诉内容", "优先级"},
		{"A1", at, "电梯坏了", "高"},
		{},
		{123456789012345, "2026/3/2 8:00", "路灯\n不亮", nil},
		{"A3", 46083.5, "水压太低", "低", nil, nil},
		{"A4", "不详", "垃圾没人收"},
		{"A5", at, "多一格", "", "x"},
	}), nil)
	same(t, rejects, []string{"8 registered_at (登记时间) invalid_value", "9 row invalid_value"})
	var got []string
	for _, e := range events {
		if e.Kind == "registered" {
			got = append(got, e.ComplaintID+" "+e.OccurredAt.UTC().Format(time.DateTime))
		}
	}
	same(t, got, []string{"A1 2026-03-01 01:30:15", "123456789012345 2026-03-02 00:00:00", "A3 2026-03-02 04:00:00"})
}

func TestATableIsTheFirstSheetThatHasOne(t *testing.T) {
	path := workbook(t, [][]any{{"编号", "内容"}, {"1", "电梯坏了"}})
	book, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := book.NewSheet("空白"); err != nil {
		t.Fatal(err)
	}
	if err := book.MoveSheet("空白", "台账"); err != nil {
		t.Fatal(err)
	}
	if err := book.Save(); err != nil {
		t.Fatal(err)
	}
	table, err := tabular.OpenTable(path)
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	var got []string
	for row := range table.Rows() {
		got = append(got, fmt.Sprint(row.Number, row.Values, row.Reject == nil))
	}
	same(t, got, []string{"2 map[内容:电梯坏了 编号:1] true"})
	if table.Err() != nil {
		t.Fatal(table.Err())
	}
}

// part is one file of an archive made by hand; size is what the archive claims, 0 for the truth.
type part struct {
	name    string
	content io.Reader
	size    uint64
}

func archive(t *testing.T, parts ...part) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bomb.xlsx")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	w := zip.NewWriter(file)
	deflate, err := flate.NewWriter(nil, flate.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		var packed bytes.Buffer
		deflate.Reset(&packed)
		sum := crc32.NewIEEE()
		n, err := io.Copy(io.MultiWriter(deflate, sum), p.content)
		if err != nil {
			t.Fatal(err)
		}
		deflate.Close()
		header := &zip.FileHeader{
			Name: p.name, Method: zip.Deflate, CRC32: sum.Sum32(),
			CompressedSize64: uint64(packed.Len()), UncompressedSize64: uint64(n),
		}
		if p.size > 0 {
			header.UncompressedSize64 = p.size
		}
		into, err := w.CreateRaw(header)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := into.Write(packed.Bytes()); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// blanks is a reader of so many MiB of spaces.
func blanks(mib int) io.Reader {
	readers := make([]io.Reader, mib)
	for i := range readers {
		readers[i] = strings.NewReader(strings.Repeat(" ", 1<<20))
	}
	return io.MultiReader(readers...)
}

const (
	sheetStart = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" t="inlineStr"><is><t>text</t></is></c></row>`
	sheetEnd   = `</sheetData></worksheet>`
)

// sheet is a workbook with this XML for its sheet.
func sheet(t *testing.T, xml string) string {
	t.Helper()
	whole, err := zip.OpenReader(workbook(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	defer whole.Close()
	parts := []part{{"xl/worksheets/sheet1.xml", strings.NewReader(xml), 0}}
	for _, f := range whole.File {
		if f.Name == parts[0].name {
			continue
		}
		content, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		defer content.Close()
		parts = append(parts, part{f.Name, content, 0})
	}
	return archive(t, parts...)
}

func TestAHostileWorkbookIsRefused(t *testing.T) {
	cases := map[string]struct {
		path func(t *testing.T) string
		want string
	}{
		"a bomb of one sheet": {func(t *testing.T) string {
			return archive(t, part{"xl/worksheets/sheet1.xml", blanks(40), 0})
		}, "unpacks to 40 MiB"},
		"a bomb of pictures": {func(t *testing.T) string {
			var parts []part
			for i := range 50 {
				parts = append(parts, part{fmt.Sprintf("xl/media/%d.png", i), blanks(3), 0})
			}
			return archive(t, parts...)
		}, "more than 1024 MiB, or 128 MiB beside its cells"},
		"a bomb that claims to be small": {func(t *testing.T) string {
			return archive(t, part{"xl/worksheets/sheet1.xml", blanks(40), 1000})
		}, "damaged"},
		"a bomb that claims to be larger than numbers go": {func(t *testing.T) string {
			return archive(t, part{"xl/worksheets/sheet1.xml", blanks(1), 1 << 63})
		}, "that is no table"},
		"a picture that claims to be small": {func(t *testing.T) string {
			return archive(t, part{"xl/media/1.png", blanks(40), 1000})
		}, "damaged"},
		"more parts than a workbook has": {func(t *testing.T) string {
			parts := make([]part, 10_001)
			for i := range parts {
				parts[i] = part{fmt.Sprintf("xl/%d", i), strings.NewReader(""), 0}
			}
			return archive(t, parts...)
		}, "more than 10000 parts"},
		"an archive of something else": {func(t *testing.T) string {
			return archive(t, part{"a.csv", strings.NewReader("id,text\n"), 0})
		}, "no workbook (.xlsx)"},
		"an archive that is cut off": {func(t *testing.T) string {
			path := workbook(t, [][]any{{"id", "text"}})
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			return file(t, "cut.xlsx", string(content[:len(content)/2]))
		}, "damaged"},
		"entities that grow": {func(t *testing.T) string {
			return sheet(t, `<!DOCTYPE a [<!ENTITY b "`+strings.Repeat("x", 1000)+`"><!ENTITY c "&b;&b;&b;&b;">]>`+
				`<worksheet><sheetData><row r="1"><c t="inlineStr"><is><t>&c;</t></is></c></row></sheetData></worksheet>`)
		}, "without a table"},
		"a sheet that ends in the middle": {func(t *testing.T) string { return sheet(t, sheetStart+`<row r="2"><c r="A2`) }, "damaged"},
		"a sheet with a sign of control":  {func(t *testing.T) string { return sheet(t, sheetStart+"\x00"+sheetEnd) }, "damaged"},
		"nothing in it":                   {func(t *testing.T) string { return workbook(t, nil) }, "without a table"},
		"a workbook of the old form": {func(t *testing.T) string {
			return file(t, "a.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
		}, "old form (.xls)"},
	}
	for sentence, c := range cases {
		t.Run(sentence, func(t *testing.T) {
			path := c.path(t)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := tabular.OpenTable(path)
			runtime.ReadMemStats(&after)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
			if taken := after.TotalAlloc - before.TotalAlloc; taken > 16<<20 {
				t.Errorf("took %d MiB", taken>>20)
			}
		})
	}
}

func TestWhatOnlyLooksHostileIsRead(t *testing.T) {
	for sentence, c := range map[string]struct{ rows, want string }{
		"a cell far to the right":  {`<row r="2"><c r="XFD2"><v>1</v></c></row>`, "2 refused"},
		"a row far below":          {`<row r="1048576"><c r="A1048576"><v>1</v></c><c r="B1048576"><v>2</v></c></row>`, "1048576 map[id:1 text:2]"},
		"a cell with no place":     {`<row r="2"><c><v>1</v></c><c><v>2</v></c></row>`, "2 map[id:1 text:2]"},
		"a text that is not there": {`<row r="2"><c r="A2" t="s"><v>99</v></c><c r="B2"><v>2</v></c></row>`, "2 map[id: text:2]"},
		"a text of a megabyte":     {`<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="inlineStr"><is><t>` + strings.Repeat("好", 1<<18) + `</t></is></c></row>`, "2 map[id:1 text:" + strings.Repeat("好", 1<<18) + "]"},
	} {
		t.Run(sentence, func(t *testing.T) {
			table, err := tabular.OpenTable(sheet(t, sheetStart+c.rows+sheetEnd))
			if err != nil {
				t.Fatal(err)
			}
			defer table.Close()
			var got []string
			for row := range table.Rows() {
				if row.Reject != nil {
					got = append(got, fmt.Sprint(row.Number, " refused"))
				} else {
					got = append(got, fmt.Sprint(row.Number, " ", row.Values))
				}
			}
			if !slices.Equal(got, []string{c.want}) {
				t.Errorf("got %.200q", got)
			}
		})
	}
}

func TestTenThousandColumnsAreRead(t *testing.T) {
	var csv, object strings.Builder
	csv.WriteString("id,text")
	object.WriteString(`{"id":"1","text":"a"`)
	for i := range 10_000 {
		fmt.Fprintf(&csv, ",c%d", i)
		fmt.Fprintf(&object, `,"c%d":"v%d"`, i, i)
	}
	csv.WriteString("\n1,a")
	for i := range 10_000 {
		fmt.Fprintf(&csv, ",v%d", i)
	}
	object.WriteString("}\n")
	for name, content := range map[string]string{"a.csv": csv.String() + "\n", "a.jsonl": strings.Repeat(object.String(), 20)} {
		table, err := tabular.OpenTable(file(t, name, content))
		if err != nil {
			t.Fatal(err)
		}
		defer table.Close()
		for row := range table.Rows() {
			if row.Reject != nil || row.Values["c9999"] != "v9999" || len(table.Columns()) != 10_002 {
				t.Fatalf("%s: %v, %d columns", name, row.Reject, len(table.Columns()))
			}
		}
	}
}

func FuzzWorkbook(f *testing.F) {
	f.Add([]byte(sheetStart + `<row r="2"><c r="A2" t="s"><v>0</v></c><c t="b"><v>1</v></c></row>` + sheetEnd))
	f.Add(binary.LittleEndian.AppendUint64([]byte(sheetStart+`<row r="-1"><c r="ZZZZ9" s="99999"><f>1/0</f></c></row>`), 0))
	f.Fuzz(func(t *testing.T, xml []byte) {
		table, err := tabular.OpenTable(sheet(t, string(xml)))
		if err != nil {
			return
		}
		defer table.Close()
		last := 1
		for row := range table.Rows() {
			if row.Number <= last && row.Number <= 1 || row.Reject == nil && row.Values == nil {
				t.Fatalf("row %+v after %d", row, last)
			}
			last = row.Number
		}
	})
}
