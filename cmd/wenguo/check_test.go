package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wenguo/ingest"
)

func sampleFile(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "events.ndjson")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCheckGivesAVerdictPerEvent(t *testing.T) {
	const fine = `{"event_id":"e1","complaint_id":"C1","kind":"closed","occurred_at":"2026-11-21T09:03:11+08:00"}`
	const bad = `{"event_id":"e1","complaint_id":"C1","kind":"surveyed","occurred_at":"2026-11-21T09:03:11+08:00","data":{"score":"5"}}`
	cases := map[string]struct {
		content string
		says    []string
		fails   bool
	}{
		"one event a line": {
			fine + "\n\n" + bad + "\n",
			[]string{"第 1 行 正确 ok  归档 closed C1", "第 3 行 错误 error  data.score：类型不对", "data.score must be a number, not a string", "共 2 条：正确 1，错误 1"},
			true,
		},
		"one document over many lines": {strings.ReplaceAll(fine, ",", ",\n"), []string{"第 1 条 正确", "共 1 条：正确 1，错误 0"}, false},
		"a document that breaks off":   {"{\n" + strings.TrimSuffix(strings.TrimPrefix(fine, "{"), "}"), []string{"第 1 条 错误 error  message：不是合法的 JSON", "共 1 条"}, true},
		"an array":                     {"[" + fine + ",\n" + bad + "]", []string{"第 1 个 正确", "第 2 个 错误"}, true},
		"a byte order mark":            {"\ufeff" + fine, []string{"第 1 条 正确"}, false},
		"a value outside its list":     {strings.Replace(fine, `"kind"`, `"actor":{"role":"boss"},"kind"`, 1), []string{"提示 hint  actor.role 不在列表中，将计为 other"}, false},
		"an event ahead of the clock":  {strings.Replace(fine, "2026", "2036", 1), []string{"occurred_at：时间超出允许范围"}, true},
		"an event with its bus time":   {strings.Replace(fine, `{`, `{"bus_time":"2026-11-19T00:00:00Z",`, 1), []string{"occurred_at：时间超出允许范围"}, true},
		"a bus time that is none":      {strings.Replace(fine, `{`, `{"bus_time":"now",`, 1), []string{"bus_time：取值不合规"}, true},
	}
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			err := checkEvents(sampleFile(t, c.content), &out, now)
			if (err != nil) != c.fails {
				t.Errorf("ended with %v", err)
			}
			for _, want := range c.says {
				if !strings.Contains(out.String(), want) {
					t.Errorf("%q is missing in\n%s", want, out.String())
				}
			}
		})
	}
	for name, path := range map[string]string{"an empty file": sampleFile(t, " \n"), "no file": filepath.Join(t.TempDir(), "none")} {
		if err := checkEvents(path, &strings.Builder{}, now); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestEveryClassOfRefusalHasAChineseSentence(t *testing.T) {
	for _, class := range ingest.Classes {
		if classNames[class] == "" {
			t.Errorf("%s says nothing", class)
		}
	}
}
