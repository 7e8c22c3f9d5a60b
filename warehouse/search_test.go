package warehouse

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/kpi"
	"wenguo/transform/search"
	words "wenguo/transform/text"
)

// segmenting is the segmenter of all tests.
var segmenting = sync.OnceValue(func() *words.Segmenter {
	dir, err := os.MkdirTemp("", "wenguo-dict-*")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	seg, err := words.Open(dir)
	if err != nil {
		panic(err)
	}
	return seg
})

func (s *stream) index() int {
	s.t.Helper()
	s.UseSegmenter(segmenting())
	n, err := NewIndexer(s.Store, segmenting(), time.Second, slog.New(slog.DiscardHandler)).Pass(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// find lists the ids that a filter finds, page by page.
func (s *stream) find(f transform.ComplaintFilter) (ids []string, page transform.ComplaintPage) {
	s.t.Helper()
	if f.To.IsZero() {
		f.Query = s.all()
	}
	for first := true; first || !f.After.IsZero(); first = false {
		next, err := s.Complaints(s.t.Context(), f)
		if err != nil {
			s.t.Fatalf("%q: %v", f.Text, err)
		}
		if first {
			page = next
		}
		for _, r := range next.Rows {
			ids = append(ids, r.ComplaintID)
		}
		f.After = next.Next
	}
	return ids, page
}

// sentences are texts made of a few hundred words in random order, so that words stand beside each other as they never did
// before.
func sentences(n int) []map[string]any {
	r := rand.New(rand.NewPCG(5, 7))
	parts := strings.Fields(`海棠小区 电梯 半夜 异响 没人管 验证码 收不到 退款 不到账 快递 丢件 路灯 不亮 物业 客服 态度差 推诿 会员 登录 研究生 生命科学
		长江大桥 南京市 市长 乒乓球拍 拍卖 羽绒服 掉色 共享单车 乱停 wifi 断线 iphone15 充电器 500元 押金 ， 。 ！ 的 了 在 停水 三天 水果 腐烂 消费者 人民
		投诉 无线网络 卡顿 网络 上海 海上 鲜花 花店 店长 长期 期待 等待 app 闪退 退出 出口 口罩`)
	var out []map[string]any
	for i := range n {
		var title, content strings.Builder
		for range 2 + r.IntN(3) {
			title.WriteString(parts[r.IntN(len(parts))])
		}
		for range 4 + r.IntN(20) {
			content.WriteString(parts[r.IntN(len(parts))])
		}
		m := says(fmt.Sprintf("q%03d", i), content.String())
		m["data"].(map[string]any)["title"] = title.String()
		m["data"].(map[string]any)["channel"] = []string{"web", "app", "phone"}[i%3]
		out = append(out, m)
	}
	return out
}

func TestSearchFindsWhatAScanFinds(t *testing.T) {
	s := openStream(t)
	s.send(ingest.TopicEvents, sentences(400)...)
	if n := s.index(); n != 400 {
		t.Fatalf("%d texts indexed", n)
	}
	facts := map[string]search.Document{}
	name := "search_documents"
	var ids []string
	for i := range 400 {
		ids = append(ids, fmt.Sprintf("q%03d", i))
	}
	var vocabulary []string
	err := s.read(t.Context(), name, s.query(name), values{"ids": list(ids)}, func(row scanner) error {
		var id, title, content string
		var at time.Time
		err := row.Scan(&id, &at, &title, &content)
		facts[id] = search.NewDocument(title, content, segmenting())
		vocabulary = append(vocabulary, facts[id].Words...)
		return err
	})
	if err != nil || len(facts) != 400 {
		t.Fatal(len(facts), err)
	}
	slices.Sort(vocabulary)
	vocabulary = slices.Compact(vocabulary)
	r := rand.New(rand.NewPCG(1, 2))
	word := func() string { return vocabulary[r.IntN(len(vocabulary))] }
	some, rows := 0, 0
	for range 60 {
		body := []rune(facts[ids[r.IntN(len(ids))]].Body)
		at := r.IntN(len(body) - 6)
		text := []string{
			word(), word() + " " + word(), word() + " -" + word(), word() + word(), `"` + string(body[at:at+2+r.IntN(4)]) + `"`,
			string(body[at : at+2+r.IntN(3)]), word() + ` -"` + string(body[at:at+3]) + `"`, word() + " " + word() + " " + word(),
		}[r.IntN(8)]
		query := search.Parse(text, segmenting())
		var want []string
		for _, id := range ids {
			if query.Matches(facts[id]) {
				want = append(want, id)
			}
		}
		slices.Reverse(want) // newest first
		for _, by := range []transform.ComplaintFilter{
			{Text: text, Limit: 200},
			{Text: text, Limit: 37},
			{Text: text, Limit: 200, ByRelevance: true},
			{Text: text, Limit: 31, ByRelevance: true},
			{Text: text, Limit: 200, Scope: transform.ScopeOpen},
		} {
			got, page := s.find(by)
			if by.ByRelevance {
				slices.Sort(got)
				slices.Reverse(got)
			}
			if !slices.Equal(got, want) || page.Total != int64(len(want)) || page.AtLeast {
				t.Errorf("%q (%+v) finds %d %v, want %d %v", text, query, page.Total, got, len(want), want)
			}
		}
		if len(want) > 0 {
			some++
		}
		rows += len(want)
	}
	if some < 30 || rows < 500 {
		t.Fatalf("%d queries found %d texts", some, rows)
	}
}

func TestSearchListsAreNarrowedAndMarked(t *testing.T) {
	s := openStream(t)
	s.send(ingest.TopicEvents, sentences(120)...)
	s.index()
	all, _ := s.find(transform.ComplaintFilter{Text: "电梯", Limit: 200})
	f := transform.ComplaintFilter{Query: s.all(), Text: "电梯", Limit: 3}
	f.Slice = kpi.Slice{kpi.Channel: {"web"}}
	web, page := s.find(f)
	if len(web) == 0 || len(web) >= len(all) || page.Total != int64(len(web)) {
		t.Fatalf("%d of %d by the web, %d counted", len(web), len(all), page.Total)
	}
	f.AsOf = s.clock.Add(-40 * time.Minute) // forty were registered after it
	past, _ := s.find(f)
	if len(past) >= len(web) || !slices.Equal(past, web[len(web)-len(past):]) {
		t.Errorf("at the time %v, now %v", past, web)
	}
	for _, row := range page.Rows {
		marks := len(row.TitleMarks) + len(row.ExcerptMarks)
		for _, m := range row.ExcerptMarks {
			if shown := string([]rune(row.Excerpt)[m.Start:m.End]); !strings.Contains(shown, "电梯") {
				t.Errorf("%q is marked in %q", shown, row.Excerpt)
			}
		}
		if marks == 0 {
			t.Errorf("nothing is marked in %+v", row)
		}
	}
	best, page := s.find(transform.ComplaintFilter{Text: "电梯", Limit: 200, ByRelevance: true})
	if len(best) != len(all) || slices.Equal(best, all) || len(page.Rows[0].TitleMarks) == 0 || len(page.Rows[len(page.Rows)-1].TitleMarks) > 0 {
		t.Errorf("by relevance %v", best)
	}
}

func TestSearchFollowsCorrections(t *testing.T) {
	s := openStream(t)
	s.send(ingest.TopicEvents, says("c1", "电梯异响"), says("c2", "电梯停运"))
	if n := s.index(); n != 2 {
		t.Fatalf("%d texts", n)
	}
	if n := s.index(); n != 0 {
		t.Fatalf("%d texts again", n)
	}
	if _, err := NewIndexer(s.Store, segmenting(), time.Second, slog.New(slog.DiscardHandler)).Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if n := s.count(t, "SELECT count() FROM search_texts", nil); n != 2 {
		t.Fatalf("%d rows after a rebuild", n)
	}
	s.send(ingest.TopicEvents, map[string]any{"complaint_id": "c1", "kind": "corrected", "data": map[string]any{"fields": map[string]any{"content": "路灯不亮"}}},
		map[string]any{"complaint_id": "c2", "kind": "acknowledged", "data": map[string]any{}})
	if behind, err := s.SearchBehind(t.Context()); err != nil || behind != 2 {
		t.Errorf("behind by %d (%v)", behind, err)
	}
	if n := s.index(); n != 1 {
		t.Errorf("%d texts changed", n)
	}
	for text, want := range map[string][]string{"异响": nil, "路灯": {"c1"}, "电梯": {"c2"}, "c": nil, "c1": {"c1"}} {
		if got, _ := s.find(transform.ComplaintFilter{Text: text}); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", text, got, want)
		}
	}
}

func TestSearchByPhoneAndOrder(t *testing.T) {
	s := openStream(t)
	one, two := says("p1", "电梯异响，请回电 138 1234 5678"), says("p2", "订单一直不发货")
	one["data"].(map[string]any)["customer"] = map[string]any{"id": "u1", "phone": "+86 138-1234-5678"}
	two["data"].(map[string]any)["order_ref"] = "dd-2026 0001"
	s.send(ingest.TopicEvents, one, two)
	s.index()
	rules := testRules(t)
	for typed, want := range map[string][]string{
		"13812345678": {"p1"}, "138 1234 5678": {"p1"}, "0086-138-1234-5678": {"p1"}, "（１３８）１２３４５６７８": {"p1"}, "13812345679": nil,
	} {
		key, ok := transform.PhoneKey(typed, rules.CustomerKey)
		if got, page := s.find(transform.ComplaintFilter{Key: key}); !ok || !slices.Equal(got, want) || page.Total != int64(len(want)) {
			t.Errorf("%s finds %v, want %v", typed, got, want)
		}
	}
	for typed, want := range map[string][]string{"DD20260001": {"p2"}, "dd-2026-0001": {"p2"}, "DD2026": nil} {
		key, ok := transform.OrderKey(typed, rules.CustomerKey)
		if got, _ := s.find(transform.ComplaintFilter{Key: key}); !ok || !slices.Equal(got, want) {
			t.Errorf("%s finds %v, want %v", typed, got, want)
		}
	}
	got, page := s.find(transform.ComplaintFilter{Text: "回电"})
	if !slices.Equal(got, []string{"p1"}) || strings.Contains(fmt.Sprint(page.Rows), "1234") {
		t.Errorf("finds %v: %+v", got, page.Rows)
	}
	for _, hidden := range []string{"1234 5678", "13812345678", "5678"} {
		if got, _ := s.find(transform.ComplaintFilter{Text: hidden}); len(got) > 0 {
			t.Errorf("the masked %q finds %v", hidden, got)
		}
	}
}

func TestSearchBearsHostileQueries(t *testing.T) {
	s := openStream(t)
	s.send(ingest.TopicEvents, says("h1", `' OR 1=1; DROP TABLE complaints -- "电梯"`), says("h2", "路灯不亮"))
	s.index()
	for text, want := range map[string]int{
		`'`: 0, `"`: 0, `\`: 0, "\x00": 0, strings.Repeat("电", 10_000): 0, strings.Repeat("电梯 ", 3000): 1, "，。！？": 0, "😡😡": 0, `' OR 1=1 --`: 1,
		"{a:String}": 0, "%": 0, "路灯\x00不亮": 1, "\xff\xfe": 0, "-": 0, "--": 0, "-路灯": 0, `"" ""`: 0, "DROP TABLE": 1, "\\'路灯": 1, "路灯\t不亮\n": 1, "𠮷野家": 0,
	} {
		for _, f := range []transform.ComplaintFilter{{Text: text}, {Text: text, Scope: transform.ScopeOpen}, {Text: text, ByRelevance: true}} {
			if got, page := s.find(f); len(got) != want || page.Total != int64(want) {
				t.Errorf("%.40q finds %v, want %d", text, got, want)
			}
		}
	}
}

func TestIssuesAreFoundByName(t *testing.T) {
	s := openStream(t)
	if found, err := s.IssuesNamed(t.Context(), "电梯", 5); err != nil || len(found) > 0 {
		t.Fatalf("without a discovery %v, %v", found, err)
	}
	s.tell()
	s.discover()
	s.UseSegmenter(segmenting())
	for text, want := range map[string]string{"电梯异响": s.issueOf("a0"), "钱包 验证码": s.issueOf("b0"), "图书馆": "", "，": "", "'": ""} {
		found, err := s.IssuesNamed(t.Context(), text, 5)
		if err != nil || (want == "") != (len(found) == 0) || want != "" && (found[0].ID != want || found[0].Complaints < 4) {
			t.Errorf("%q finds %+v (%v), want %q", text, found, err, want)
		}
	}
}
