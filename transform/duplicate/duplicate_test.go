package duplicate_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"wenguo/transform/duplicate"
)

// plain is the definition: texts compared with all others, grams in maps.
func plain(texts []string) []string {
	grams := make([]map[string]bool, len(texts))
	normal := make([]string, len(texts))
	for i, s := range texts {
		runes := []rune(strings.Join(strings.FieldsFunc(string([]rune(s)), unicode.IsSpace), " "))
		normal[i], grams[i] = string(runes), map[string]bool{}
		for k := range max(len(runes)-3, 0) {
			grams[i][string(runes[k:k+4])] = true
		}
	}
	var out []string
	for i := range texts {
		for j := i + 1; j < len(texts); j++ {
			shared := 0
			for g := range grams[i] {
				if grams[j][g] {
					shared++
				}
			}
			either := len(grams[i]) + len(grams[j]) - shared
			switch {
			case normal[i] == normal[j] && normal[i] != "":
				out = append(out, fmt.Sprintf("%d %d 1.0000", i, j))
			case either > 0 && float64(shared)/float64(either) >= duplicate.Threshold:
				out = append(out, fmt.Sprintf("%d %d %.4f", i, j, float64(shared)/float64(either)))
			}
		}
	}
	return out
}

// found are the pairs of the index, each from its first text, and each checked from its second.
func found(t testing.TB, texts []string) []string {
	t.Helper()
	x, err := duplicate.New(context.Background(), texts)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	backwards := map[string]bool{}
	for i := range texts {
		for _, m := range x.Of(i) {
			if m.Text > i {
				out = append(out, fmt.Sprintf("%d %d %.4f", i, m.Text, m.Similarity))
			} else {
				backwards[fmt.Sprintf("%d %d %.4f", m.Text, i, m.Similarity)] = true
			}
		}
	}
	for _, pair := range out {
		if !backwards[pair] {
			t.Errorf("%s is seen from one side only", pair)
		}
	}
	if len(backwards) != len(out) {
		t.Errorf("%d pairs from their first text, %d from their second", len(out), len(backwards))
	}
	return out
}

func TestPairsOfPlainCases(t *testing.T) {
	long := "东城花园三期电梯每天晚上停运两个小时老人上不了楼"
	cases := map[string]struct {
		texts []string
		want  []string
	}{
		"equal texts are duplicates":                     {[]string{"电梯坏了", "路灯不亮", "电梯坏了"}, []string{"0 2 1.0000"}},
		"tiny texts too":                                 {[]string{"坏", "坏", "好"}, []string{"0 1 1.0000"}},
		"nothing is no duplicate of nothing":             {[]string{"", "", " \n"}, nil},
		"white space at the ends and in runs is one":     {[]string{"电梯坏了 很久", "\n电梯坏了\t\r\n 很久 "}, []string{"0 1 1.0000"}},
		"a space inside is a difference":                 {[]string{"电梯坏了", "电梯 坏了"}, nil},
		"case and width are differences":                 {[]string{"wifi", "WiFi", "ｗｉｆｉ"}, nil},
		"one more character at the end of a long text":   {[]string{long, long + "！"}, []string{"0 1 0.9545"}},
		"a similarity of exactly four fifths":            {[]string{"abcdefg", "abcdefgh"}, []string{"0 1 0.8000"}},
		"a similarity just below":                        {[]string{"abcdef", "abcdefg"}, nil},
		"other texts of the same grams":                  {[]string{"abcdabcda", "bcdabcdab"}, []string{"0 1 1.0000"}},
		"tiny texts of one difference":                   {[]string{"abc", "abcd"}, nil},
		"bytes that are no text count as one sign each":  {[]string{"电梯坏了\xff很久", "电梯坏了\ufffd很久", "电梯坏了\xff\xff很久"}, []string{"0 1 1.0000"}},
		"signs beyond the first plane are one character": {[]string{"😡😡😡", "😡😡😡😡", "😡😡😡😡😡"}, []string{"1 2 1.0000"}},
		"three of a kind are three pairs":                {[]string{"退款太慢", "退款太慢", "退款太慢"}, []string{"0 1 1.0000", "0 2 1.0000", "1 2 1.0000"}},
		"what hides in a text is part of it":             {[]string{"退款\x00太慢", "退款太慢", "退款\u202e太慢"}, nil},
		"a text alone":                                   {[]string{long}, nil},
		"no text":                                        {nil, nil},
		"a text of one repeated character has one gram":  {[]string{"哈哈哈哈", strings.Repeat("哈", 1000)}, []string{"0 1 1.0000"}},
		"similar ones are not chained":                   {[]string{"abcdefg", "abcdefgh", "abcdefghij"}, []string{"0 1 0.8000"}},
		"a size that does not fit is never near":         {[]string{long, long + "，东城花园一期也是"}, nil},
	}
	for sentence, c := range cases {
		t.Run(sentence, func(t *testing.T) {
			if got := found(t, c.texts); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
			if got := plain(c.texts); !slices.Equal(got, found(t, c.texts)) {
				t.Errorf("the definition says %v", got)
			}
		})
	}
}

// edited changes a text a little: around the threshold for lengths of 5 to 80.
func edited(t *rapid.T, s string) string {
	runes := []rune(s)
	for range rapid.IntRange(0, max(1, len(runes)/20)).Draw(t, "edits") {
		at := rapid.IntRange(0, len(runes)).Draw(t, "at")
		sign := letters.Draw(t, "sign")
		switch how := rapid.IntRange(0, 3).Draw(t, "how"); {
		case how == 0 && at < len(runes):
			runes = slices.Delete(runes, at, at+1)
		case how == 1 && at < len(runes):
			runes[at] = sign
		case how == 2:
			runes = append(runes, sign)
		default:
			runes = slices.Insert(runes, at, sign)
		}
	}
	return string(runes)
}

var letters = rapid.SampledFrom([]rune("abc电梯坏了退款太慢 \n😡👍🏽\u0301\ufffd"))

func TestPairsAreThoseOfComparingAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var texts []string
		for range rapid.IntRange(1, 12).Draw(t, "originals") {
			original := rapid.OneOf(
				rapid.StringOfN(letters, 0, 80, -1),
				rapid.StringOfN(rapid.SampledFrom([]rune("ab")), 0, 12, -1),
				rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 30), func(b []byte) string { return string(b) }),
			).Draw(t, "original")
			texts = append(texts, original)
			for range rapid.IntRange(0, 3).Draw(t, "copies") {
				texts = append(texts, edited(t, texts[len(texts)-1]))
			}
		}
		texts = rapid.Permutation(texts).Draw(t, "order")
		x, err := duplicate.New(context.Background(), texts)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for i := range texts {
			for _, m := range x.Of(i) {
				if m.Text > i {
					got = append(got, fmt.Sprintf("%d %d %.4f", i, m.Text, m.Similarity))
				}
			}
		}
		if want := plain(texts); !slices.Equal(got, want) {
			t.Errorf("got %v, want %v, of %q", got, want, texts)
		}
	})
}

func TestMoreCharactersThanSixteenBitsNumber(t *testing.T) {
	var texts []string
	var b strings.Builder
	for r := rune(0x4e00); b.Len() < 70_000*4; r++ {
		if unicode.IsSpace(r) || r >= 0xd800 && r < 0xe000 {
			continue
		}
		b.WriteRune(r)
		if r%50 == 0 {
			texts = append(texts, b.String()[max(0, b.Len()-160):])
		}
	}
	texts = append(texts, b.String(), b.String()+"a", texts[7], texts[9]+"b")
	texts = slices.Delete(texts, 40, len(texts)-40)
	if got, want := found(t, texts), plain(texts); !slices.Equal(got, want) || len(want) < 3 {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestTheOrderOfTextsChangesNothing(t *testing.T) {
	texts := generated(rand.New(rand.NewPCG(1, 2)), 400, 60)
	want := named(t, texts)
	order := rand.New(rand.NewPCG(3, 4))
	for range 3 {
		order.Shuffle(len(texts), func(i, j int) { texts[i], texts[j] = texts[j], texts[i] })
		if got := named(t, texts); !slices.Equal(got, want) {
			t.Fatalf("%d pairs, %d in another order", len(got), len(want))
		}
	}
	if len(want) < 20 {
		t.Fatalf("only %d pairs: nothing was tried", len(want))
	}
}

// named are the pairs by their content.
func named(t *testing.T, texts []string) []string {
	t.Helper()
	var out []string
	for _, pair := range found(t, texts) {
		var i, j int
		var similarity float64
		if _, err := fmt.Sscan(pair, &i, &j, &similarity); err != nil {
			t.Fatal(err)
		}
		a, b := min(texts[i], texts[j]), max(texts[i], texts[j])
		out = append(out, fmt.Sprintf("%s|%s|%.4f", a, b, similarity))
	}
	slices.Sort(out)
	return out
}

func TestTenThousandEqualTextsTakeNoMemoryOfTheirPairs(t *testing.T) {
	texts := slices.Repeat([]string{"东城花园三期电梯每天晚上停运两个小时"}, 10_000)
	x, err := duplicate.New(context.Background(), texts)
	if err != nil {
		t.Fatal(err)
	}
	x.Of(0)
	pairs := 0
	perText := testing.AllocsPerRun(100, func() { pairs = len(x.Of(pairs % len(texts))) })
	if pairs != 9_999 || perText > 0 {
		t.Errorf("%d near-duplicates, %.0f allocations", pairs, perText)
	}
}

func TestAnEndedContextStopsIt(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := duplicate.New(ctx, []string{"电梯坏了"}); err == nil {
		t.Error("no error")
	}
}

// generated are texts of words, every tenth a slightly changed copy of an earlier one.
func generated(r *rand.Rand, n, runes int) []string {
	texts := make([]string, 0, n)
	for len(texts) < n {
		if len(texts) > 0 && r.IntN(10) == 0 {
			s := []rune(texts[r.IntN(len(texts))])
			for range r.IntN(runes / 20) {
				s[r.IntN(len(s))] = rune(0x4e00 + r.IntN(3000))
			}
			texts = append(texts, string(s))
			continue
		}
		s := make([]rune, 0, runes)
		for len(s) < runes {
			// Words of a dictionary of 20,000, the frequent ones far more often, as in language.
			word := int(20_000 * r.Float64() * r.Float64() * r.Float64())
			for k := range 2 {
				s = append(s, rune(0x4e00+(word*7919+k*104_729)%4000))
			}
		}
		texts = append(texts, string(s))
	}
	return texts
}

func BenchmarkHundredThousandTexts(b *testing.B) {
	texts := generated(rand.New(rand.NewPCG(1, 2)), 100_000, 200)
	for b.Loop() {
		x, err := duplicate.New(b.Context(), texts)
		if err != nil {
			b.Fatal(err)
		}
		pairs := 0
		for i := range texts {
			for _, m := range x.Of(i) {
				if m.Text > i {
					pairs++
				}
			}
		}
		b.ReportMetric(float64(pairs), "pairs")
	}
}
