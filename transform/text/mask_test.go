package text_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"wenguo/transform/text"
)

func TestMask(t *testing.T) {
	for sentence, c := range map[string]struct{ in, want string }{
		"a mobile number":                             {"请回电13912345678，急", "请回电〔手机号〕，急"},
		"a mobile number in groups":                   {"139-1234-5678 或 139 1234 5678", "〔手机号〕 或 〔手机号〕"},
		"a mobile number with country code":           {"+86 13912345678、008613912345678", "〔手机号〕、〔手机号〕"},
		"full-width digits":                           {"电话１３９１２３４５６７８", "电话〔手机号〕"},
		"a mobile number in Chinese numerals":         {"幺三九幺二三四五六七八", "〔手机号〕"},
		"a number hidden in part":                     {"尾号139****5678的用户", "尾号〔手机号〕的用户"},
		"two numbers without a space":                 {"1391234567813987654321", "〔号码〕"},
		"a number broken by zero-width characters":    {"139\u200b1234\u200b5678", "〔手机号〕"},
		"a landline with area code":                   {"0571-87654321，(021)61234567", "〔电话〕，(〔电话〕"},
		"a local number after the word for telephone": {"联系电话：87654321", "联系电话：〔电话〕"},
		"service numbers stay":                        {"打了12345和400-820-1234、95588", "打了12345和400-820-1234、95588"},
		"an ID card with its check letter":            {"身份证11010519491231002X，", "身份证〔身份证号〕，"},
		"an ID card with a slip in it":                {"33010219900307001X", "〔身份证号〕"},
		"a bank card with a slip in it":               {"卡号6222 0212 3456 7894 112。", "卡号〔银行卡号〕。"},
		"a bank card by the Luhn check":               {"卡号4111 1111 1111 1111。", "卡号〔银行卡号〕。"},
		"an order number stays":                       {"订单号20260131000123456没发货", "订单号20260131000123456没发货"},
		"amounts, dates and counts stay":              {"2026年1月31日扣了1234567元，等了48小时", "2026年1月31日扣了1234567元，等了48小时"},
		"plates, old and electric":                    {"浙A·1B23C和粤BD12345", "〔车牌号〕和〔车牌号〕"},
		"an e-mail":                                   {"发到li.lei+a@example.com.cn。", "发到〔邮箱〕。"},
		"messenger accounts":                          {"加微信：abc_1234，QQ号码是123456789，vx13912345678", "加微信：〔微信号〕，QQ号码是〔QQ号〕，vx〔微信号〕"},
		"the messenger itself stays":                  {"微信支付wechat登录不了", "微信支付wechat登录不了"},
		"building, unit and room":                     {"云杉花园3栋2单元501室漏水", "云杉花园〔门牌号〕漏水"},
		"building and room in short":                  {"云杉花园12#-1203，8号楼602", "云杉花园〔门牌号〕，〔门牌号〕"},
		"estates, roads and stations stay":            {"云杉花园北门、长风路88号、2号线长风站3号口", "云杉花园北门、长风路88号、2号线长风站3号口"},
		"room counts and floors stay":                 {"三室一厅，3室2厅，住三楼，共5层", "三室一厅，3室2厅，住三楼，共5层"},
		"a name that is introduced":                   {"我叫赵小梅，姓名：欧阳明，我的名字是钱多", "我叫〔姓名〕，姓名：〔姓名〕，我的名字是〔姓名〕"},
		"a surname":                                   {"免贵姓孙，找周女士和吴师傅", "免贵姓〔姓名〕，找〔姓名〕女士和〔姓名〕师傅"},
		"words that only look like a name":            {"我叫了外卖，我是业主，我叫客服，老师傅，百姓高兴", "我叫了外卖，我是业主，我叫客服，老师傅，百姓高兴"},
		"nothing personal":                            {"验证码收不到", "验证码收不到"},
		"nothing":                                     {"", ""},
	} {
		t.Run(sentence, func(t *testing.T) {
			if got := text.Mask(c.in); got != c.want {
				t.Errorf("%q\n got %q\nwant %q", c.in, got, c.want)
			}
		})
	}
}

func TestFindPointsIntoTheCleanText(t *testing.T) {
	in := "a\u200b请回电13912345678，我叫赵小梅"
	clean := text.Clean(in)
	var got []string
	for _, s := range text.Find(in) {
		got = append(got, clean[s.Start:s.End])
	}
	if strings.Join(got, "|") != "13912345678|赵小梅" {
		t.Errorf("got %q", got)
	}
}

// Whatever stands around a mobile number or an ID card, no four digits of it are left in a row.
func TestMaskLeavesNoDigitsOfANumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.SampledFrom([]string{"13", "15", "17", "18", "19"}).Draw(t, "prefix") +
			rapid.StringMatching(`[2-9]{9}`).Draw(t, "rest")
		around := rapid.SampledFrom([]string{"", " ", "电话", "手机号：", "，", "。", "我是", "\n", "（", "）", "：", "、", "订单", "微信", "/", "qq", "住3栋"})
		before, after := around.Draw(t, "before"), around.Draw(t, "after")
		written := number
		switch rapid.IntRange(0, 3).Draw(t, "spelling") {
		case 1:
			written = number[:3] + "-" + number[3:7] + "-" + number[7:]
		case 2:
			written = number[:3] + " " + number[3:7] + " " + number[7:]
		case 3:
			written = strings.Map(func(r rune) rune { return r - '0' + '０' }, number)
		}
		masked := strings.Map(func(r rune) rune {
			if r >= '０' && r <= '９' {
				return r - '０' + '0'
			}
			return r
		}, text.Mask(before+written+after))
		for i := range len(number) - 3 {
			if strings.Contains(masked, number[i:i+4]) {
				t.Fatalf("%q leaves %q", before+written+after, masked)
			}
		}
	})
}

func TestMaskTwiceChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		once := text.Mask(rapid.String().Draw(t, "text"))
		if twice := text.Mask(once); twice != once {
			t.Fatalf("%q becomes %q", once, twice)
		}
	})
}

func FuzzText(f *testing.F) {
	for _, seed := range []string{"", "我叫", "姓", "1", "+86", "@", "a@", "京A", "微信", "第", "3栋", "一", "<a", "&#0;", "http://", "\xff\xfe", "〔", "〔手机号", "1391234567８"} {
		f.Add(seed)
	}
	seg, err := text.Open(f.TempDir())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, in string) {
		masked := text.Mask(in)
		if !utf8.ValidString(masked) || strings.ContainsRune(masked, 0) {
			t.Errorf("mask of %q is not clean: %q", in, masked)
		}
		normal := text.Normalize(in)
		if strings.Join(seg.CutOf(normal), "") != normal {
			t.Errorf("pieces of %q do not join to it", normal)
		}
		for _, w := range seg.Words(in) {
			if strings.IndexFunc(w, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) < 0 {
				t.Errorf("%q is no word", w)
			}
		}
	})
}

func BenchmarkMask(b *testing.B) {
	in := strings.Repeat("我在云杉花园3栋住了五年，电梯又坏了，物业电话没人接，请回电13912345678。", 10)
	b.SetBytes(int64(utf8.RuneCountInString(in)))
	for b.Loop() {
		text.Mask(in)
	}
}
