package search_test

import (
	"os"
	"reflect"
	"strings"
	"testing"
	"unicode"

	"wenguo/transform/search"
	"wenguo/transform/text"
)

var segmenter *text.Segmenter

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "wenguo-dict-*")
	if err != nil {
		panic(err)
	}
	if segmenter, err = text.Open(dir); err != nil {
		panic(err)
	}
	code := m.Run()
	segmenter.Close()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

func TestQueriesFindWhatTheySay(t *testing.T) {
	cases := map[string]struct {
		query, title, content string
		want                  bool
	}{
		"a word":                             {"电梯", "海棠小区电梯", "半夜异响", true},
		"words in any order":                 {"异响 电梯", "海棠小区电梯", "半夜异响", true},
		"words written together stand apart": {"电梯异响", "海棠小区电梯", "半夜异响", true},
		"every word":                         {"电梯 停电", "海棠小区电梯", "半夜异响", false},
		"a word that the segmenter cuts otherwise": {"区电", "海棠小区电梯", "半夜异响", true},
		"a phrase":                                   {`"半夜异响"`, "海棠小区电梯", "半夜异响", true},
		"a phrase is not its words apart":            {`"电梯异响"`, "海棠小区电梯", "半夜异响", false},
		"a phrase in Chinese quotes":                 {"“没人管”", "", "报修三次没人管", true},
		"an excluded word":                           {"电梯 -异响", "海棠小区电梯", "半夜异响", false},
		"an excluded word that is not there":         {"电梯 -停电", "海棠小区电梯", "半夜异响", true},
		"an excluded phrase":                         {`电梯 -"夜异"`, "海棠小区电梯", "半夜异响", false},
		"a synonym":                                  {"wifi", "", "家里的无线网络老是断", true},
		"a synonym the other way round":              {"无线网", "", "家里 Wi-Fi 老是断", true},
		"traditional characters":                     {"電梯", "海棠小区电梯", "", true},
		"full-width letters":                         {"ＡＰＰ", "", "手机app闪退", true},
		"a number is found whole":                    {"500", "登录Error 500", "", true},
		"and not inside another":                     {"500", "登录Error 5001", "", false},
		"nor a word inside another":                  {"app", "", "whatsapp 闪退", false},
		"a single character is a word":               {"水", "", "水 很脏", true},
		"and not part of one":                        {"水", "", "水果很脏", false},
		"beside others it may be":                    {"坏 电梯", "", "电梯坏了半天", true},
		"particles do not count":                     {"电梯的异响", "", "电梯半夜异响", true},
		"title and content do not run together":      {`"电梯半夜"`, "海棠小区电梯", "半夜异响", false},
		"masked numbers are not found by their mask": {"手机号", "", "请联系〔手机号〕", false},
		"nothing":                {"", "海棠小区电梯", "", false},
		"punctuation":            {"，。！？…", "海棠，小区电梯。", "", false},
		"only an exclusion":      {"-电梯", "", "路灯不亮", false},
		"a lone quote":           {`"电梯`, "海棠小区电梯", "", true},
		"a statement":            {`' OR 1=1; DROP TABLE complaints --`, "or 1 1 drop table complaints", "", true},
		"an emoji beside a word": {"😡电梯", "海棠小区电梯", "", true},
		"a NUL":                  {"电\x00梯", "电 梯", "", true},
	}
	for name, c := range cases {
		got := search.Parse(c.query, segmenter).Matches(search.NewDocument(c.title, c.content, segmenter))
		if got != c.want {
			t.Errorf("%s: %q in %q/%q is %t (%+v)", name, c.query, c.title, c.content, got, search.Parse(c.query, segmenter))
		}
	}
}

// TestEveryWordOfATextFindsIt takes each stretch of Chinese characters that the segmenter, cutting it alone, calls one word.
func TestEveryWordOfATextFindsIt(t *testing.T) {
	texts := []string{
		"海棠小区三号楼电梯半夜异响，物业说修好了，结果第二天又坏了，没人管。",
		"在会员中心登录的时候验证码一直收不到，换了手机也不行，客服让我等。",
		"买的羽绒服掉色严重，申请退款被拒绝，平台客服态度差还互相推诿。",
		"南京市长江大桥上共享单车乱停乱放，研究生命科学的同学下雨天地面积水摔倒了。",
		"乒乓球拍卖完了却还显示有货，付款后三天迟迟不发货，快递小哥也联系不上。",
	}
	tried := 0
	for _, sentence := range texts {
		d := search.NewDocument("", sentence, segmenter)
		runes := []rune(text.Normalize(sentence))
		for i := range runes {
			for j := i + 2; j <= min(len(runes), i+6); j++ {
				part := string(runes[i:j])
				if strings.IndexFunc(part, func(r rune) bool { return !unicode.Is(unicode.Han, r) }) >= 0 {
					continue
				}
				if words := segmenter.Words(part); len(words) != 1 || words[0] != part {
					continue
				}
				tried++
				if !search.Parse(part, segmenter).Matches(d) {
					t.Errorf("%q does not find %q", part, sentence)
				}
			}
		}
	}
	if tried < 60 {
		t.Fatalf("only %d words tried", tried)
	}
}

func TestExcerptsMarkWhatWasFound(t *testing.T) {
	long := strings.Repeat("前面的话很长", 40)
	cases := map[string]struct {
		query, text string
		most        int
		want        string
		marks       []search.Span
	}{
		"a word":                       {"电梯", "海棠小区电梯异响", 20, "海棠小区电梯异响", []search.Span{{4, 6}}},
		"words that touch are one":     {"电梯异响", "海棠小区电梯异响", 20, "海棠小区电梯异响", []search.Span{{4, 8}}},
		"another spelling":             {"无线网", "家里Wi-Fi断了", 20, "家里Wi-Fi断了", []search.Span{{2, 7}}},
		"traditional characters":       {"电梯", "電梯壞了", 20, "電梯壞了", []search.Span{{0, 2}}},
		"no tag is made":               {"script", "<script>坏</script>", 30, "<script>坏</script>", []search.Span{{1, 7}, {11, 17}}},
		"not inside a longer word":     {"app", "whatsapp和app", 20, "whatsapp和app", []search.Span{{9, 12}}},
		"not inside a mask":            {"号", "〔手机号〕的号 停", 20, "〔手机号〕的号 停", []search.Span{{6, 7}}},
		"the place, not the beginning": {"电梯", long + "电梯坏了", 30, "…" + string([]rune(long)[215:]) + "电梯坏了", []search.Span{{26, 28}}},
		"the beginning where nothing":  {"停电", long, 7, "前面的话很长…", nil},
	}
	for name, c := range cases {
		got, marks := search.Excerpt(c.text, search.Parse(c.query, segmenter), c.most)
		if got != c.want || !reflect.DeepEqual(marks, c.marks) {
			t.Errorf("%s: %q %v, want %q %v", name, got, marks, c.want, c.marks)
		}
	}
}

func TestNumbersOfComplaintsAreTold(t *testing.T) {
	for typed, want := range map[string]string{
		"C-2026-000123": "C-2026-000123", " c17 ": "c17", "电梯": "", "a b1": "", `"C-1"`: "", "-C1": "", "app": "", "5号": "",
	} {
		if got := search.Parse(typed, segmenter).ID; got != want {
			t.Errorf("%q is the number %q, want %q", typed, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"电梯 -\"异响", "“”「", "--", "\x00\xff", strings.Repeat("电\"", 5000), "-－-a"} {
		f.Add(s, "海棠小区电梯，半夜异响〔手机号〕")
	}
	f.Fuzz(func(t *testing.T, query, content string) {
		q := search.Parse(query, segmenter)
		shown, marks := search.Excerpt(content, q, 120)
		runes := len([]rune(shown))
		for _, m := range marks {
			if m.Start < 0 || m.End <= m.Start || m.End > runes {
				t.Fatalf("mark %v of %d characters", m, runes)
			}
		}
		q.Matches(search.NewDocument(content, query, segmenter))
	})
}
