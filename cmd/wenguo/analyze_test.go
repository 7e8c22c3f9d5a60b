package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"wenguo/transform/issue"
)

// Golden files are written anew with -update.
var updateGolden = flag.Bool("update", false, "write golden files anew")

const inventedMessages = "../../transform/issue/testdata/messages.jsonl"

// analyzed is what the command wrote.
type analyzed struct{ found, issues, pairs, summary string }

// analyze runs the command on a file with the given content.
func analyze(t *testing.T, content []byte) (analyzed, error) {
	t.Helper()
	dir := t.TempDir()
	in, out, list := filepath.Join(dir, "in"), filepath.Join(dir, "found.csv"), filepath.Join(dir, "issues.csv")
	pairs := filepath.Join(dir, "pairs.csv")
	if err := os.WriteFile(in, content, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := newAnalyze()
	cmd.SilenceUsage, cmd.SilenceErrors = true, true
	var stdout bytes.Buffer
	cmd.SetOut(&stdout)
	cmd.SetErr(&bytes.Buffer{})
	cmd.SetArgs([]string{in, "--out", out, "--issues", list, "--duplicates", pairs, "--data", filepath.Join(dir, "dict")})
	if err := cmd.ExecuteContext(context.Background()); err != nil {
		return analyzed{}, err
	}
	read := func(path string) string {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	return analyzed{read(out), read(list), read(pairs), stdout.String()}, nil
}

func TestAnalyzeWritesWhatItFound(t *testing.T) {
	content, err := os.ReadFile(inventedMessages)
	if err != nil {
		t.Fatal(err)
	}
	result, err := analyze(t, content)
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]string{"found.csv": result.found, "issues.csv": result.issues, "summary.txt": result.summary} {
		path := filepath.Join("testdata", "analyze", name)
		if *updateGolden {
			if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s differs from the golden file:\n%s", name, got)
		}
	}
}

func TestAnalyzeReadsEveryKindOfFileAlike(t *testing.T) {
	rows := []string{
		"1,飞羽健身房半夜放音乐扰民,2026-03-01 09:00:00", "2,飞羽健身房音乐扰民睡不着,2026/3/2", "3,飞羽健身房天天放音乐扰民,2026年3月3日",
		"4,面馆的汤里有头发,", "5,路灯不亮晚上看不见,", "6,快递放在雨里淋湿了,",
	}
	plain := "id,text,date\n" + strings.Join(rows, "\n") + "\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(plain)
	if err != nil {
		t.Fatal(err)
	}
	var want string
	for _, c := range []struct{ kind, content string }{
		{"UTF-8", plain},
		{"UTF-8 with a byte order mark", "\ufeff" + plain},
		{"GB 18030", gb},
		{"Windows line ends", strings.ReplaceAll(plain, "\n", "\r\n")},
		{"tabs", strings.ReplaceAll(plain, ",", "\t")},
		{"Chinese names of columns", strings.Replace(plain, "id,text,date", "工单编号,投诉内容,登记时间", 1)},
		{"a workbook", asWorkbook(t, plain)},
		{"JSON lines", asLines(plain)},
	} {
		got, err := analyze(t, []byte(c.content))
		if err != nil {
			t.Fatalf("%s: %v", c.kind, err)
		}
		if want == "" {
			want = got.found + got.issues
		}
		if got.found+got.issues != want || !strings.Contains(got.issues, ",3,3,2026-03-01 09:00:00,2026-03-03 00:00:00") {
			t.Errorf("%s: got\n%s%s", c.kind, got.found, got.issues)
		}
	}
}

// asWorkbook is a table as XLSX, dates as a spreadsheet keeps them where they have a time.
func asWorkbook(t *testing.T, table string) string {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	for i, line := range strings.Split(strings.TrimSpace(table), "\n") {
		var row []any
		for cell := range strings.SplitSeq(line, ",") {
			if at, err := time.Parse(time.DateTime, cell); err == nil {
				row = append(row, at)
			} else {
				row = append(row, cell)
			}
		}
		if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	var content bytes.Buffer
	if err := book.Write(&content); err != nil {
		t.Fatal(err)
	}
	return content.String()
}

// asLines is a table as JSON lines.
func asLines(table string) string {
	var b strings.Builder
	for _, line := range strings.Split(strings.TrimSpace(table), "\n")[1:] {
		cells := strings.Split(line, ",")
		fmt.Fprintf(&b, "{\"id\": %s, \"text\": %q, \"date\": %q}\n", cells[0], cells[1], cells[2])
	}
	return b.String()
}

func TestAnalyzeMasksWhatItPrints(t *testing.T) {
	got, err := analyze(t, []byte("id,text\n1,请打13912345678，飞羽健身房音乐扰民\n2,13912345678飞羽健身房音乐扰民\n"+
		"3,面馆有头发\n4,路灯不亮\n5,快递湿了\n6,地铁很挤\n7,空调漏水\n8,门票太贵\n9,教练失约\n"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(got.issues+got.summary, "139") || !strings.Contains(got.summary, "〔手机号〕") {
		t.Errorf("got\n%s%s", got.issues, got.summary)
	}
}

func TestMessagesThatCannotBeReadAreNamedByRowAndField(t *testing.T) {
	wide := "id," + strings.Repeat("c,", 10_000) + "c\n"
	for sentence, c := range map[string]struct{ content, want string }{
		"a line that is no JSON":       {"{\"id\":\"1\",\"text\":\"a\"}\n{oops\n", "row 2: is no JSON object"},
		"a message without an id":      {"{\"id\":\"1\",\"text\":\"a\"}\n\n{\"text\":\"a\"}\n", "row 3: field id: is missing or empty"},
		"a message without a text":     {"id,text\n1,a\n2,\n", "row 3: field text: is missing or empty"},
		"a column by its Chinese name": {"编号,内容\n1,a\n,b\n", "row 3: field 编号: is missing or empty"},
		"a table without an id":        {"nr,text\n1,a\n", "header: no column id; the columns are nr, text"},
		"a table without a text":       {"id,nr\n1,a\n", "header: no column text; the columns are id, nr"},
		"a table of too many columns":  {wide, "c, c, c and 9982 more"},
		"a date that is none":          {"id,text,time\n1,a,soon\n", "row 2: field time: \"soon\" is no date"},
		"a row that is too long":       {"id,text\n1,a\n2,a,b\n", "row 3: has 3 columns where the header has 2"},
		"an id that occurs twice":      {"id,text\n1,a\n1,b\n", "row 3: field id: \"1\" stands in row 2 already"},
		"an empty file":                {"", "is empty"},
		"a cell of 5 MiB":              {"id,text\n1," + strings.Repeat("a", 5<<20) + "\n", "row 2: is longer than 4 MiB"},
		"a workbook that is none":      {"PK\x03\x04", "is a damaged workbook"},
	} {
		t.Run(sentence, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "in")
			if err := os.WriteFile(path, []byte(c.content), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := readMessages(path); err == nil || !strings.Contains(err.Error(), c.want) || len(err.Error()) > 1000 {
				t.Errorf("got %.1000v, want %q", err, c.want)
			}
		})
	}
}

func TestAQuoteThatDoesNotCloseCostsNoOtherRow(t *testing.T) {
	path := filepath.Join(t.TempDir(), "in.csv")
	if err := os.WriteFile(path, []byte("id,text\n1,a\n2,\"a,b\n3,c\n4,d\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	messages, err := readMessages(path)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range messages {
		got = append(got, m.ID+" "+m.Text)
	}
	if want := []string{"1 a", "2 a,b", "3 c", "4 d"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestAnalyzeSurvivesHostileTexts(t *testing.T) {
	long := strings.Repeat("水管爆裂", 1<<18/4)
	var in strings.Builder
	w := csv.NewWriter(&in)
	rows := [][]string{
		{"id", "text"},
		{"nul", "电梯\x00坏了"},
		{"long", long},
		{"emoji", "😡😡😡👍🏽"},
		{"bidi", "\u202e电梯坏了\u2066"},
		{"bytes", "\xff\xfe电梯"},
		{"escape", "\x1b[2J\x1b]0;电梯\x07"},
		{"quote", "\"\"电梯\""},
		{"mark", "！"},
		{"=1+1", "=HYPERLINK(\"http://x\")飞羽健身房音乐扰民"},
		{"@a", "=飞羽健身房放音乐扰民"},
		{"-b", "+飞羽健身房天天放音乐扰民"},
	}
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	got, err := analyze(t, []byte(in.String()))
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(got.found, "\n"); n != len(rows) {
		t.Errorf("%d rows of %d", n, len(rows))
	}
	for _, row := range rows[1:] {
		if !strings.Contains(got.found, "\n"+row[0]+",") {
			t.Errorf("%s is not in the result", row[0])
		}
	}
	if strings.ContainsAny(got.summary+got.issues, "\x00\x1b\u202e\u2066") {
		t.Errorf("signs that steer a terminal came through:\n%q", got.summary)
	}
	if got.pairs != "a,b,similarity\n" {
		t.Errorf("duplicates are %q", got.pairs)
	}
}

func TestATextThatASpreadsheetWouldRunIsKeptFromIt(t *testing.T) {
	for text, want := range map[string]string{
		"=1+1": "'=1+1", "+86": "'+86", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\tx": "'\tx", "\rx": "'\rx",
		"电梯坏了": "电梯坏了", "": "", "a=1": "a=1", "'": "'",
	} {
		if got := harmless(text); got != want {
			t.Errorf("%q became %q", text, got)
		}
	}
	path := filepath.Join(t.TempDir(), "issues.csv")
	err := writeIssues(path, []issue.Issue{{ID: "i-1", Name: "=1+1", Keywords: []issue.Keyword{{Word: "-扣费"}, {Word: "退款"}}}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(string(got), "\ni-1,'=1+1,'-扣费 退款,0,0,,\n") {
		t.Errorf("got %q", got)
	}
}

func TestDuplicatesAreWrittenWhateverTheOrderOfTheFile(t *testing.T) {
	const long = "东城花园三期电梯每天晚上停运两个小时老人上不了楼"
	messages := []issue.Message{
		{ID: "9", Text: long},
		{ID: "10", Text: long + "！"},
		{ID: "b", Title: long},
		{ID: "a", Title: "另一个标题", Text: " " + long + "\n"},
		{ID: "c", Text: "路灯不亮"},
		{ID: "d", Text: long + "，请问什么时候能修好"},
	}
	want := "a,b,similarity\n10,9,0.9545\n10,a,0.9545\n10,b,0.9545\n9,a,1.0000\n9,b,1.0000\na,b,1.0000\n"
	for range 2 {
		path := filepath.Join(t.TempDir(), "pairs.csv")
		pairs, inside, err := writeDuplicates(t.Context(), path, messages, func(float64) {})
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != want || pairs != 6 || inside != 4 {
			t.Errorf("%d pairs of %d messages:\n%s", pairs, inside, got)
		}
		slices.Reverse(messages)
	}
}

func TestAnalyzeKnowsAUsageMistake(t *testing.T) {
	for sentence, args := range map[string][]string{
		"no file":      {"analyze", "--out", "x.csv"},
		"no --out":     {"analyze", "x.jsonl"},
		"unknown flag": {"analyze", "x.jsonl", "--oops"},
	} {
		if code := run(args); code != exitUsage {
			t.Errorf("%s: exit code %d, want %d", sentence, code, exitUsage)
		}
	}
	if code := run([]string{"analyze", filepath.Join(t.TempDir(), "none.csv"), "--out", filepath.Join(t.TempDir(), "x.csv")}); code != exitFailed {
		t.Errorf("a file that is not there: exit code %d, want %d", code, exitFailed)
	}
}
