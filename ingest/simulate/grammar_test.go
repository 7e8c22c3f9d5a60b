package simulate

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func newTeller(seed uint64) *teller {
	return &teller{
		lists:  map[string][]string{"果": {"苹果", "{青|黄}梨"}, "物": {"车"}},
		r:      stream(seed),
		person: customer{}, at: time.Date(2026, 3, 18, 10, 0, 0, 0, china), memo: map[string]string{},
		alias: map[string]string{"东西": "果"},
	}
}

func TestNotation(t *testing.T) {
	tests := map[string]struct {
		phrase string
		want   []string
	}{
		"plain text stays":                     {"退款", []string{"退款"}},
		"one of the alternatives":              {"{早|晚}上", []string{"早上", "晚上"}},
		"an alternative may be empty":          {"在{吗|}", []string{"在吗", "在"}},
		"alternatives nest":                    {"{a{b|c}|d}", []string{"ab", "ac", "d"}},
		"a list's words are phrases":           {"<果>", []string{"苹果", "青梨", "黄梨"}},
		"a name keeps its value within a text": {"<果><果>", []string{"苹果苹果", "青梨青梨", "黄梨黄梨"}},
		"a topic's own name for a list":        {"<东西>", []string{"苹果", "青梨", "黄梨"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := map[string]bool{}
			for seed := range uint64(200) {
				s := newTeller(seed).expand(tt.phrase)
				if !slices.Contains(tt.want, s) {
					t.Fatalf("%s gives %q", tt.phrase, s)
				}
				got[s] = true
			}
			if len(got) != len(tt.want) {
				t.Errorf("%s gives only %v", tt.phrase, got)
			}
		})
	}
}

func TestTextFilesAreRefused(t *testing.T) {
	const head = "= 名 | 类 | 品 | 客服中心 | people | 1\n"
	tests := map[string]struct{ text, want string }{
		"a line before any block":     {"c 正文", "before any block"},
		"a topic with too few fields": {"- 类 | 品", "needs category"},
		"a weight that is no number":  {"- 类 | 品 | 客服中心 | people | 多", "weight"},
		"an unknown mark":             {head + "z 正文", "unknown mark"},
		"a topic without a core":      {head + "t 题", "no core"},
		"an unknown department":       {"= 名 | 类 | 品 | 行政部 | people\nt 题\nc 正文", "unknown department"},
		"an unknown slot":             {head + "t 题\nc <没有>", "unknown slot"},
		"an open brace":               {head + "t 题\nc {甲|乙", "{ without }"},
		"a closing brace too many":    {head + "t 题\nc 甲}", "} without {"},
		"a bar outside braces":        {head + "t 题\nc 甲|乙", "| outside braces"},
		"a slot that does not end":    {head + "t 题\nc 甲<乙", "< without >"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			l := &library{lists: map[string][]string{}, pools: map[string][]phrase{}}
			err := l.read("x.txt", tt.text)
			if err == nil {
				err = l.check()
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestLongTextsEndWithASentence(t *testing.T) {
	s := clip(strings.Repeat("这句话有十个字左右呢。", 80))
	if n := len([]rune(s)); n > longest || !strings.HasSuffix(s, "。") {
		t.Errorf("%d characters, ends with %q", n, s[len(s)-3:])
	}
}

func TestWorkingTime(t *testing.T) {
	w := world(t, config(1))
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 3, day, hour, minute, 0, 0, china) } // the 18th is a Wednesday
	tests := map[string]struct {
		from time.Time
		d    time.Duration
		want time.Time
	}{
		"within the morning":            {at(18, 9, 30), time.Hour, at(18, 10, 30)},
		"across lunch":                  {at(18, 11, 30), time.Hour, at(18, 14, 0)},
		"from the night":                {at(17, 22, 0), time.Hour, at(18, 10, 0)},
		"from Friday evening to Monday": {at(20, 17, 30), time.Hour, at(23, 9, 30)},
		"a working day":                 {at(16, 10, 0), workingDay, at(17, 10, 0)},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := w.afterOffice(tt.from, tt.d); !got.Equal(tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}
