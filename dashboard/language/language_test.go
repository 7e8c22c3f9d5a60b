package language_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"wenguo/dashboard/language"
)

func translator(t *testing.T) *language.Translator {
	t.Helper()
	tr, err := language.New()
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func TestTextsBecomeEnglish(t *testing.T) {
	tr := translator(t)
	for sentence, c := range map[string]struct{ chinese, english string }{
		"a phrase":                                   {"总览", "Overview"},
		"a number takes its place":                   {"共 1,682 件", "1,682 in all"},
		"words agree with one":                       {"重开 1 次", "Reopened 1 time"},
		"words agree with several":                   {"重开 2 次", "Reopened 2 times"},
		"a dash stands for a number":                 {"参评率 —", "Participation —"},
		"a sentence as a whole":                      {"上次发现：20 分钟前", "Last discovery: 20 min ago"},
		"fragments with their marks":                 {"没有找到，没有数据；没有填写。", "Not found, no data; not filled in."},
		"a sentence begins with a capital":           {"没有找到。未计入", "Not found. Not counted"},
		"brackets":                                   {"1,630（少于 30 不作判断）", "1,630 (not judged below 30)"},
		"dates":                                      {"11-22 10:55 到期", "due 22 Nov 10:55"},
		"dates in words":                             {"2026 年 10 月 24 日—11 月 22 日", "24 Oct 2026 – 22 Nov"},
		"what is quoted is somebody's word":          {"没有名为“去年夏天”的时间范围", "There is no period called “去年夏天”"},
		"a quoted phrase is one":                     {"按“按时办结”排序；样本少于 30 的部门不参加排名", "Ranked by “Resolved on time”; departments with fewer than 30 cases are not ranked"},
		"unknown words stay":                         {"火星 3 天", "火星 3 days"},
		"a definition keeps its own numbers":         {"4–5 分的 ÷ 有效评分的，按评分时间计；每件投诉只计最后一次有效评分", "Scores 4–5 ÷ valid scores, by rating time; the last valid rating of each complaint"},
		"spaces at the ends stay":                    {" 总览 ", " Overview "},
		"nothing is nothing":                         {"", ""},
		"a text without Chinese is left as it is":    {"n=5 · 95%", "n=5 · 95%"},
		"an instant for programs is left as it is":   {"2026-11-22T10:00:00+08:00", "2026-11-22T10:00:00+08:00"},
		"a number that is no date is left as it is":  {"C-2026-000123", "C-2026-000123"},
		"less than nothing is no date":               {"差异的 95% 区间 -8.3 至 +1.1 个百分点", "95% CI of the difference -8.3 to +1.1 pp"},
		"a hyphen between other numbers is no month": {"13-40", "13-40"},
	} {
		t.Run(sentence, func(t *testing.T) {
			if got := tr.Translate(c.chinese); got != c.english {
				t.Errorf("%q becomes %q, want %q", c.chinese, got, c.english)
			}
		})
	}
}

func TestPagesBecomeEnglish(t *testing.T) {
	tr := translator(t)
	for sentence, c := range map[string]struct{ chinese, english string }{
		"texts and spoken attributes":                     {`<a class="x" title="总览">时效</a>`, `<a class="x" title="Overview">Timeliness</a>`},
		"data stay, and are marked as Chinese":            {`<b translate="no">总览</b>`, `<b translate="no" lang="zh-CN">总览</b>`},
		"data without Chinese are not marked":             {`<b translate="no">C-1</b>`, `<b translate="no">C-1</b>`},
		"data within data":                                {`<p translate="no"><i>总览</i><br>总览</p>总览`, `<p translate="no" lang="zh-CN"><i>总览</i><br>总览</p>Overview`},
		"attributes of data stay":                         {`<input translate="no" placeholder="总览">`, `<input translate="no" placeholder="总览">`},
		"words that would touch get a space":              {`<b>9</b>件投诉`, `<b>9</b> complaints`},
		"the number before decides, in another element":   {`<b>1</b> 件投诉`, `<b>1</b> complaint`},
		"the space stands outside of a link":              {`在办<a href="/">时效</a>`, `Open <a href="/">Timeliness</a>`},
		"blocks do not touch":                             {`<td>在办</td><td>时效</td>`, `<td>Open</td><td>Timeliness</td>`},
		"a word has the sense of its element":             {`<b data-sense="clock">办结</b><b>办结</b>`, `<b data-sense="clock">Resolution</b> <b>Resolved</b>`},
		"the language of the page":                        {`<html lang="zh-CN"><body>`, `<html lang="en"><body>`},
		"what is escaped stays escaped":                   {`<p>没有找到：&lt;b&gt;</p>`, `<p>Not found: &lt;b&gt;</p>`},
		"values of a block of data that are phrases":      {`<script type="application/json">{"总览":"紧急","a":"紧急的事","d":"11-22"}</script>`, `<script type="application/json">{"总览":"Urgent","a":"紧急的事","d":"22 Nov"}</script>`},
		"a block of data from the data":                   {`<script type="application/json" translate="no">{"a":"紧急"}</script>`, `<script type="application/json" translate="no">{"a":"紧急"}</script>`},
		"addresses in a block of data":                    {`<script type="application/json">{"url":"/?from=2026-11-01&to=2026-12-01"}</script>`, `<script type="application/json">{"url":"/?from=2026-11-01&to=2026-12-01"}</script>`},
		"what is no text stays byte for byte":             {"<!doctype html><svg viewBox='0 0 1 1'><path d=\"M0 0\"/></svg>\n<!-- 总览 -->", "<!doctype html><svg viewBox='0 0 1 1'><path d=\"M0 0\"/></svg>\n<!-- 总览 -->"},
		"dates until dates, each in an element":           {`<time>2026 年 10 月 24 日</time>—<time>11 月 22 日</time>`, `<time>24 Oct 2026</time> – <time>22 Nov</time>`},
		"braces are nothing special":                      {`<meta name="x" content='{"a":false}'><p>火星 {"a":[1]} 没有找到</p>`, `<meta name="x" content='{"a":false}'><p>火星 {&#34;a&#34;:[1]} Not found</p>`},
		"what is to be typed keeps its dates":             {`<code>--from 2026-11-01</code>`, `<code>--from 2026-11-01</code>`},
		"hostile text in a sentence is escaped as before": {`<p title="没有找到：&quot;&gt;&lt;script&gt;">x</p>`, `<p title="Not found: &#34;&gt;&lt;script&gt;">x</p>`},
	} {
		t.Run(sentence, func(t *testing.T) {
			if got := string(tr.HTML([]byte(c.chinese))); got != c.english {
				t.Errorf("\n%s\nbecomes\n%s\nwant\n%s", c.chinese, got, c.english)
			}
		})
	}
}

func TestCatalogueIsSortedAndWellFormed(t *testing.T) {
	body, err := os.ReadFile("en.tsv")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimRight(string(body), "\n"), "\n")
	if !slices.IsSorted(lines) {
		t.Error("en.tsv is not sorted: LC_ALL=C sort -o en.tsv en.tsv")
	}
	for _, line := range lines {
		key, english, _ := strings.Cut(line, "\t")
		if language.Han(english) {
			t.Errorf("%s: the English holds Chinese", line)
		}
		if strings.ContainsAny(strings.TrimSpace(english), "，。；：（）") {
			t.Errorf("%s: the English holds Chinese punctuation", line)
		}
		if n := strings.Count(english, "{}"); n > strings.Count(key, "{}") {
			t.Errorf("%s: the English has more holes than the Chinese", line)
		}
	}
}

// FuzzHTML holds that whatever is marked as data passes unchanged.
func FuzzHTML(f *testing.F) {
	tr, err := language.New()
	if err != nil {
		f.Fatal(err)
	}
	f.Add("总览 <b>3 天</b>")
	f.Fuzz(func(t *testing.T, s string) {
		if strings.ContainsAny(s, "<&\r\x00") {
			return
		}
		got := string(tr.HTML([]byte(`<p translate="no">` + s + `</p>`)))
		if !strings.HasSuffix(got, ">"+s+"</p>") {
			t.Errorf("%q became %q", s, got)
		}
	})
}
