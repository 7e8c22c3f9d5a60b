package text_test

import (
	"strings"
	"testing"

	"wenguo/transform/text"
)

func TestContent(t *testing.T) {
	s := open(t)
	for sentence, c := range map[string]struct{ in, want string }{
		"a request says nothing about the matter":     {"变速箱异响希望厂家尽快处理", "变速箱异响"},
		"what else is asked for stays":                {"轮毂氧化要求免费更换", "轮毂氧化 免费更换"},
		"only what is asked for goes":                 {"工单没解决就关闭，请尽快答复", "工单没解决就关闭,"},
		"a request ends with its clause":              {"希望重视，工单处理不了", ",工单处理不了"},
		"negations stay":                              {"不退款，没有人接，不到账现象", "不退款,没有人接,不到账"},
		"a text of nothing else stays":                {"希望尽快处理", "希望尽快处理"},
		"nothing":                                     {"", ""},
		"marks alone":                                 {"！？", "!?"},
		"filling words go":                            {"一直存在严重漏油现象", "漏油"},
		"a word that only holds a filling word stays": {"有机蔬菜", "有机蔬菜"},
	} {
		t.Run(sentence, func(t *testing.T) {
			pieces := s.Cut(c.in)
			before := strings.Join(pieces, "")
			got := strings.Join(strings.Fields(strings.Join(text.Content(pieces), "")), " ")
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if strings.Join(pieces, "") != before {
				t.Error("the pieces given were changed")
			}
		})
	}
}
