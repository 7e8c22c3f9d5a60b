package main

import (
	"strings"
	"testing"
)

func TestASampleOfARefusedMessageShowsNobody(t *testing.T) {
	for sentence, c := range map[string]struct{ raw, want string }{
		"an event keeps its plain fields": {
			`{"kind":"registered","complaint_id":"C-2026-7","data":{"channel":"fax","customer":{"name":"李小明","phone":13800001234},"title":"退款"}}`,
			`{"complaint_id":"x-999-9","data":{"channel":"fax","customer":{"name":"〇〇〇","phone":"9.999x+99"},"title":"〇〇"},"kind":"registered"}`,
		},
		"a number in a plain field":    {`{"source":"13800001234"}`, `{"source":"〔手机号〕"}`},
		"what is no JSON is all shape": {`李小明 13800001234,"x`, `〇〇〇 999,"x`},
		"a person in a field's name":   {`{"` + strings.Repeat("李小明", 9) + `13800001234":1,"kind":"x"}`, `{"kind":"x","〇〇〇999":"9"}`},
		"bytes that are no text":       {"\xff\xfe{", "\ufffd\ufffd{"},
	} {
		t.Run(sentence, func(t *testing.T) {
			if got := specimen([]byte(c.raw)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
	if long := specimen([]byte(strings.Repeat("ab1", 10_000))); len([]rune(long)) > shownRunes+1 {
		t.Errorf("a sample has %d characters", len([]rune(long)))
	}
}
