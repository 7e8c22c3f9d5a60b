package text

import (
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// pieces of generated texts: words of complaints, names no dictionary knows, rare characters, marks, Latin runs.
const generatedPieces = `我 的 了 是 不 在 有 和 就 都 验证码 收不到 自动续费 变速箱 异响 电梯 坏了 物业 没人接 小区 路灯 不亮 停车 收费 噪音 扰民 退款 到账
 订单 三天 没有 发货 中华人民共和国 研究生命起源 南京市长江大桥 乒乓球拍卖完了 结婚的和尚未结婚的 云杉花园 飞羽星购 鸢翎 魑魅 龘 㐀 㙘 𠮷 𬶋 😀 👨‍👩‍👧
 app v2 wi-fi T恤 卡拉OK 3.14 10000元 2024年 a1 , . ! ; : ? 、 。 ， 《 》 “ ” ( ) - … ／ Ａ １ é ß ǆ 한국 ひらがな ㎡ Ⅱ ﬁ 々 〇 ° ~ 無線網 驗證碼
 哈哈哈哈哈 !!!!! 啊啊啊啊 \u200b http://a.b/c <b> & \u0301`

func randomText(r *rand.Rand) string {
	words := strings.Fields(strings.ReplaceAll(strings.ReplaceAll(generatedPieces, `\u200b`, "\u200b"), `\u0301`, "\u0301"))
	var b strings.Builder
	for range r.IntN(40) {
		switch r.IntN(6) {
		case 0:
			b.WriteRune(rune(0x4e00 + r.IntN(0x51a6)))
		case 1:
			// The most used characters: much of this is unknown to every dictionary.
			common := []rune("一不是在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实")
			b.WriteRune(common[r.IntN(len(common))])
		case 2:
			b.WriteString(" \n\t"[r.IntN(3):][:1])
		default:
			b.WriteString(words[r.IntN(len(words))])
		}
	}
	return b.String()
}

// internal is shared by the tests, since it takes a second and 100 MB.
var internal = sync.OnceValues(func() (*Segmenter, error) { return Open(dictFolder, "鸢翎", "龘", "飞羽星购 20") })

func TestWordsAreThoseOfTheNativeSegmenter(t *testing.T) {
	s, err := internal()
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	asked := 0
	for i := range 20000 {
		normal := Normalize(randomText(r))
		want := s.cut.native.Cut(normal, true)
		// The second time every run is remembered.
		for range 2 {
			if got := s.cut.cut(nil, normal); !slices.Equal(got, want) {
				t.Fatalf("text %d %q: got %q, want %q", i, normal, got, want)
			}
		}
		asked += len(want)
	}
	if asked < 200000 {
		t.Errorf("only %d words were compared", asked)
	}
}

func TestTheQuickWayOfNormalisingChangesNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	quick := 0
	check := func(s string) {
		got, ok := normalizeFast(s)
		if !ok {
			return
		}
		quick++
		if want := normalizeSlowly(s); got != want {
			t.Fatalf("%q: got %q, want %q", s, got, want)
		}
	}
	for range 20000 {
		check(randomText(r))
	}
	if quick < 1000 {
		t.Errorf("only %d of 20000 texts went the quick way", quick)
	}
	for c := rune(0); c <= 0x20000; c++ {
		check(string(c))
		check("a" + string(c) + "́啊" + string(c) + string(c) + string(c))
	}
	rapid.Check(t, func(t *rapid.T) { check(rapid.String().Draw(t, "text")) })
}

func TestTextsWithBytesThatAreNoTextAreCutWhole(t *testing.T) {
	s, err := internal()
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range []string{"退\xff款不到\xe7\xa0账", "\xff\xfe", "\x00\x00", strings.Repeat("\xe4", 100)} {
		if got := strings.Join(s.CutOf(in), ""); got != in {
			t.Errorf("%q: pieces join to %q", in, got)
		}
	}
}
