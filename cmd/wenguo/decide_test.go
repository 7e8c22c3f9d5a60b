package main

import (
	"strings"
	"testing"
	"time"
)

func TestReadDecisions(t *testing.T) {
	const merged = `{"event_id":"d-1","kind":"issue.merged","occurred_at":"2026-11-21T09:00:00+08:00","data":{"from":["i-2"],"into":"i-1"}}`
	for sentence, c := range map[string]struct {
		content string
		keys    string
		err     string
	}{
		"one a line, keyed by what it is about": {merged + "\n\n" + strings.ReplaceAll(merged, `"i-1"`, `"i-3"`) + "\n", "i-1 i-3", ""},
		"a decision without its issue":          {merged + "\n" + strings.ReplaceAll(merged, `,"into":"i-1"`, ""), "", "line 2"},
		"an event is no decision":               {`{"event_id":"e","complaint_id":"c","kind":"closed","occurred_at":"2026-11-21T09:00:00+08:00"}`, "", "line 1"},
		"no JSON":                               {"merge i-1 and i-2", "", "line 1"},
		"nothing":                               {"\n \n", "", "no decision"},
	} {
		t.Run(sentence, func(t *testing.T) {
			messages, err := readDecisions([]byte(c.content), time.Unix(1, 0))
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Errorf("got %v", err)
				}
				return
			}
			var keys []string
			for _, m := range messages {
				keys = append(keys, m.Key)
			}
			if err != nil || strings.Join(keys, " ") != c.keys {
				t.Errorf("got %v: %v", keys, err)
			}
		})
	}
}
