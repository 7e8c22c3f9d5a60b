package simulate

import (
	"math/rand/v2"
	"strings"
	"unicode/utf8"
)

// hand is how somebody types: punctuation, slips, ornaments.
type hand struct {
	r       *rand.Rand
	breaks  []string // between sentences
	ends    []string
	halfway bool // ASCII punctuation
	slips   int
	emoji   bool
}

func newHand(r *rand.Rand, voice string, ch channel) hand {
	h := hand{r: r, breaks: []string{"。", "。", "，", "，", "；"}, ends: []string{"。", "。", "", "！"}}
	switch voice {
	case voiceAngry:
		h.breaks, h.ends = []string{"！", "，", "。", "！！", "，"}, []string{"！", "！！！", "。", "！！", ""}
	case voiceElder:
		h.breaks, h.ends = []string{"，", "，", "。", "，", " "}, []string{"。", "", "，谢谢"}
	case voiceTerse:
		h.breaks, h.ends = []string{"，", " ", "。"}, []string{"", "", "。"}
	case voiceFormal, voiceClerk:
		h.breaks, h.ends = []string{"。", "。", "；", "，"}, []string{"。"}
	case voiceSlangy:
		h.breaks, h.ends = []string{"，", "。", "，", "，", " "}, []string{"", "。", "！", ""}
		if mark := pick(r, []string{"～", "…", "", "", ""}); mark != "" {
			h.breaks, h.ends = append(h.breaks, mark), append(h.ends, mark)
		}
	}
	typed := voice != voiceFormal && voice != voiceClerk
	switch x := r.Float64(); {
	case typed && x < .06:
		h.breaks, h.ends = []string{" ", " ", "  "}, []string{""}
	case typed && x < .10:
		h.breaks, h.ends = []string{"。。。", "，", "。。"}, []string{"。。。", ""}
	case typed && x < .13:
		h.breaks, h.ends = []string{"\n", "。\n", "\n"}, []string{"", "。"}
	case typed && x < .18:
		h.halfway = true
	}
	if chance(r, .13) {
		h.slips = 1 + r.IntN(2)
	}
	h.emoji = typed && (ch.digital || ch.name == "social") && chance(r, .07)
	return h
}

// join makes a text of sentences that have no end mark yet; some bring their own question or exclamation mark.
func (h hand) join(parts []string) string {
	var b strings.Builder
	for i, p := range parts {
		b.WriteString(p)
		last, _ := utf8.DecodeLastRuneInString(p)
		marked := strings.ContainsRune("？！?!。…～", last)
		switch {
		case i == len(parts)-1 && !marked:
			b.WriteString(pick(h.r, h.ends))
		case i == len(parts)-1:
		case !marked:
			b.WriteString(pick(h.r, h.breaks))
		case chance(h.r, .1):
			b.WriteString(" ")
		}
	}
	s := b.String()
	if h.emoji {
		s += pick(h.r, []string{"😡", "😭", "🙏", "😤", "🤦‍♀️", "😅", "💔", "😡😡😡", "🙄", "😓", "🤮", "👎", "😠", "🌚"})
	}
	if h.halfway {
		s = strings.NewReplacer("，", ",", "。", ".", "！", "!", "？", "?").Replace(s)
	}
	return s
}

// slips are what input methods and haste make of words: right, wrong.
var slips = [][2]string{ //nolint:gochecknoglobals // a constant table
	{"账号", "帐号"},
	{"账户", "帐户"},
	{"账单", "帐单"},
	{"登录", "登陆"},
	{"再", "在"},
	{"已经", "己经"},
	{"优惠券", "优惠卷"},
	{"订单", "定单"},
	{"联系", "连系"},
	{"投诉", "投拆"},
	{"反馈", "反溃"},
	{"赔偿", "陪偿"},
	{"申请", "申清"},
	{"其实", "其是"},
	{"必须", "必需"},
	{"根本", "跟本"},
	{"怎么", "咋么"},
	{"的时候", "得时候"},
	{"态度", "太度"},
	{"什么", "神马"},
	{"没有", "没用"},
	{"一直", "一只"},
	{"验证码", "验证吗"},
	{"尽快", "近快"},
	{"那个", "哪个"},
	{"收到", "受到"},
	{"骑手", "起手"},
	{"师傅", "师付"},
	{"知道", "只到"},
	{"为什么", "为甚么"},
	{"看得", "看的"},
	{"说的", "说得"},
	{"做", "作"},
	{"以为", "已为"},
	{"还是", "还事"},
	{"处理", "处里"},
	{"解决", "解绝"},
	{"发票", "发飘"},
	{"快递", "快第"},
	{"商家", "商加"},
	{"自动", "自懂"},
	{"密码", "秘码"},
	{"显示", "现示"},
	{"通过", "通国"},
	{"客服", "克服"},
	{"回复", "回覆"},
	{"气愤", "气份"},
	{"包裹", "包裏"},
	{"配送", "佩送"},
	{"消费", "消废"},
	{"竟然", "竞然"},
	{"欺骗", "欺编"},
	{"保证", "保正"},
}

// slip makes the hand's typing errors.
func (h hand) slip(s string) string {
	for n, tries := 0, 0; n < h.slips && tries < 40; tries++ {
		pair := pick(h.r, slips)
		if at := strings.Index(s, pair[0]); at >= 0 {
			s = s[:at] + pair[1] + s[at+len(pair[0]):]
			n++
		}
	}
	return s
}
