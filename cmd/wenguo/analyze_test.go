package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// Golden files are written anew with -update.
var updateGolden = flag.Bool("update", false, "write golden files anew")

const inventedMessages = "../../transform/issue/testdata/messages.jsonl"

// analyze runs the command on a file with the given content and returns what it wrote.
func analyze(t *testing.T, content []byte) (found, issues, summary string, err error) {
	t.Helper()
	dir := t.TempDir()
	in, out, list := filepath.Join(dir, "in"), filepath.Join(dir, "found.csv"), filepath.Join(dir, "issues.csv")
	if err := os.WriteFile(in, content, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := newAnalyze()
	cmd.SilenceUsage, cmd.SilenceErrors = true, true
	var stdout bytes.Buffer
	cmd.SetOut(&stdout)
	cmd.SetErr(&bytes.Buffer{})
	cmd.SetArgs([]string{in, "--out", out, "--issues", list, "--data", filepath.Join(dir, "dict")})
	if err := cmd.ExecuteContext(context.Background()); err != nil {
		return "", "", "", err
	}
	read := func(path string) string {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	return read(out), read(list), stdout.String(), nil
}

func TestAnalyzeWritesWhatItFound(t *testing.T) {
	content, err := os.ReadFile(inventedMessages)
	if err != nil {
		t.Fatal(err)
	}
	found, issues, summary, err := analyze(t, content)
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]string{"found.csv": found, "issues.csv": issues, "summary.txt": summary} {
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
	} {
		found, issues, _, err := analyze(t, []byte(c.content))
		if err != nil {
			t.Fatalf("%s: %v", c.kind, err)
		}
		if want == "" {
			want = found + issues
		}
		if found+issues != want || !strings.Contains(issues, ",3,3,2026-03-01 09:00:00,2026-03-03 00:00:00") {
			t.Errorf("%s: got\n%s%s", c.kind, found, issues)
		}
	}
}

func TestAnalyzeMasksWhatItPrints(t *testing.T) {
	_, issues, summary, err := analyze(t, []byte("id,text\n1,请打13912345678，飞羽健身房音乐扰民\n2,13912345678飞羽健身房音乐扰民\n"+
		"3,面馆有头发\n4,路灯不亮\n5,快递湿了\n6,地铁很挤\n7,空调漏水\n8,门票太贵\n9,教练失约\n"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(issues+summary, "139") || !strings.Contains(summary, "〔手机号〕") {
		t.Errorf("got\n%s%s", issues, summary)
	}
}

func TestAnalyzeNamesRowAndField(t *testing.T) {
	for sentence, c := range map[string]struct{ content, want string }{
		"a line that is no JSON":              {"{\"id\":\"1\",\"text\":\"a\"}\n{oops\n", "row 2: not a JSON object"},
		"a message without an id":             {"{\"id\":\"1\",\"text\":\"a\"}\n\n{\"text\":\"a\"}\n", "row 3: field id: is missing or empty"},
		"a text that is a list":               {"{\"id\":\"1\",\"text\":[1]}\n", "row 1: field text: want a text"},
		"a message without a text":            {"id,text\n1,a\n2,\n", "row 3: field text: is missing or empty"},
		"a table without the column":          {"id,content\n1,a\n", "header: no column text; the columns are id, content"},
		"a date that is none":                 {"id,text,time\n1,a,soon\n", "row 2: field time: \"soon\" is no date"},
		"a row that is too long":              {"id,text\n1,a\n2,a,b\n", "row 3: record on line 3: wrong number of fields"},
		"an id that occurs twice":             {"id,text\n1,a\n1,b\n", "message 2: field id: \"1\" occurs twice"},
		"an empty file":                       {"", "the file is empty"},
		"bytes that are neither UTF-8 nor GB": {"id,text\n1,\xff\xff\n", ""},
	} {
		t.Run(sentence, func(t *testing.T) {
			_, _, _, err := analyze(t, []byte(c.content))
			if c.want == "" {
				if err != nil {
					t.Errorf("got %v", err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
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
