package text_test

import (
	"testing"

	"wenguo/transform/text"
)

func TestClean(t *testing.T) {
	for sentence, c := range map[string]struct{ in, want string }{
		"good text stays as it is":          {"退款，\n还没到账\t吗😀", "退款，\n还没到账\t吗😀"},
		"bytes that are no UTF-8":           {"退\xff款", "退 款"},
		"a NUL that would stop the cutter":  {"退款\x00到账", "退款 到账"},
		"marks that reorder what one reads": {"a\u202eb\u2066c", "abc"},
		"zero-width characters and the BOM": {"\ufeff验\u200b证\u200d码", "验证码"},
		"half a character at the end":       {"码\xe7\xa0", "码  "},
		"the real replacement character":    {"a\ufffdb", "a\ufffdb"},
	} {
		t.Run(sentence, func(t *testing.T) {
			if got := text.Clean(c.in); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestNormalize(t *testing.T) {
	for sentence, c := range map[string]struct{ in, want string }{
		"full-width and capital letters":       {"ＡＰＰ　Ｖ２", "app v2"},
		"traditional characters":               {"驗證碼收不到", "验证码收不到"},
		"variants and synonyms":                {"WiFi连接不上，要求退钱", "无线网连不上,要求退款"},
		"a variant inside its own common form": {"停车位的车位", "停车位的停车位"},
		"HTML elements and entities":           {"<p>不退款&nbsp;<b>!</b></p>", "不退款  !"},
		"a sign that only looks like HTML":     {"1<2 且 3>2", "1<2 且 3>2"},
		"addresses of pages":                   {"见https://example.com/a?b=1。还有www.example.com/x吧", "见 。还有 吧"},
		"marks and letters repeated in anger":  {"退款！！！！！啊啊啊啊啊", "退款!!啊啊啊"},
		"numbers keep their digits":            {"10000元", "10000元"},
		"nothing":                              {"", ""},
	} {
		t.Run(sentence, func(t *testing.T) {
			if got := text.Normalize(c.in); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
