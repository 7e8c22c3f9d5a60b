package text_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"wenguo/transform/text"
)

// open shares one segmenter among the tests of this package, since each takes a second and 100 MB.
func open(t *testing.T) *text.Segmenter {
	t.Helper()
	s, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var shared = sync.OnceValues(func() (*text.Segmenter, error) { return text.Open(text.Folder()) })

func TestWords(t *testing.T) {
	s := open(t)
	for sentence, c := range map[string]struct {
		in   string
		want string
	}{
		"words of complaints stay whole":            {"验证码收不到，自动续费扣了钱", "验证码 收不到 自动续费 扣 了 钱"},
		"variants meet in one word":                 {"没有收到驗證碼", "收不到 验证码"},
		"a coded place does not swallow the street": {"B7市新华路积水", "b7市 新华路 积水"},
		"a masked span is one word":                 {text.Mask("请回电13812345678谢谢"), "请 回电 〔手机号〕 谢谢"},
		"punctuation and space are no words":        {" ，。!！ \n\t——", ""},
		"bytes that are no text do not stop it":     {"退款\xff\x00不到账", "退款 不到账"},
		"nothing gives nothing":                     {"", ""},
	} {
		t.Run(sentence, func(t *testing.T) {
			if got := strings.Join(s.Words(c.in), " "); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestCutKeepsEveryCharacter(t *testing.T) {
	s := open(t)
	for _, in := range []string{"我的订单，三天了！ 还没发货。", strings.Repeat("长", 70000), "a1市b2区", "〔手机号", "😀好😀"} {
		normal := text.Normalize(in)
		if got := strings.Join(s.Cut(in), ""); got != normal {
			t.Errorf("%.20q: pieces join to %d bytes, want %d", in, len(got), len(normal))
		}
	}
}

func TestUserTermsCanBeSwappedWhileOthersCut(t *testing.T) {
	s, err := text.Open(text.Folder())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if slices.Contains(s.Words("飞羽星购卡住了"), "飞羽星购") {
		t.Fatal("the invented product is known before it was taught")
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 200 {
				s.Words("飞羽星购卡住了，退款不到账")
			}
		})
	}
	if err := s.Swap("飞羽星购"); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	if got := s.Words("飞羽星购卡住了"); !slices.Contains(got, "飞羽星购") {
		t.Errorf("after the swap: %q", got)
	}
}

func TestReadTerms(t *testing.T) {
	terms, err := text.ReadTerms(strings.NewReader("# 产品\n飞羽星购\n\n云雀盒子 20\n"))
	if err != nil || !slices.Equal(terms, []string{"飞羽星购", "云雀盒子 20"}) {
		t.Errorf("got %q, %v", terms, err)
	}
	if _, err := text.ReadTerms(strings.NewReader("好\n云雀 很多\n")); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("a bad frequency gives %v, want line 2 named", err)
	}
}

func BenchmarkWords(b *testing.B) {
	s, err := shared()
	if err != nil {
		b.Fatal(err)
	}
	in := strings.Repeat("我在云杉花园住了五年，电梯又坏了，物业电话没人接，每天爬楼梯上下班，希望尽快修好。", 10)
	b.SetBytes(int64(utf8.RuneCountInString(in)))
	for b.Loop() {
		s.Words(in)
	}
}
