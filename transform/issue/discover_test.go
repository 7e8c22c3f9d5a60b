package issue_test

import (
	"bufio"
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"wenguo/transform/issue"
	"wenguo/transform/text"
)

//go:embed testdata/messages.jsonl
var messagesFile []byte

// folder holds the unpacked dictionaries of all tests.
var folder string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "issue")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	folder = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

var shared = sync.OnceValues(func() (*text.Segmenter, error) { return text.Open(folder) })

func segmenter(t *testing.T) *text.Segmenter {
	t.Helper()
	s, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// invented returns the invented messages.
func invented(t *testing.T) []issue.Message {
	t.Helper()
	var messages []issue.Message
	lines := bufio.NewScanner(bytes.NewReader(messagesFile))
	for lines.Scan() {
		var row struct{ ID, User, Time, Text string }
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		at, err := time.Parse(time.DateTime, row.Time)
		if err != nil {
			t.Fatal(err)
		}
		messages = append(messages, issue.Message{ID: row.ID, User: row.User, Text: row.Text, Time: at})
	}
	return messages
}

func discover(t *testing.T, messages []issue.Message, opts issue.Options) issue.Result {
	t.Helper()
	found, err := issue.Discover(context.Background(), messages, segmenter(t), opts)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// ids are the members of each issue by message id, in one order.
func ids(messages []issue.Message, issues []issue.Issue) []string {
	var out []string
	for _, is := range issues {
		var members []string
		for _, m := range is.Members {
			members = append(members, messages[m].ID)
		}
		out = append(out, strings.Join(members, " "))
	}
	slices.Sort(out)
	return out
}

func TestDiscoverFindsWhatRecursAndLeavesTheRest(t *testing.T) {
	messages := invented(t)
	found := discover(t, messages, issue.Options{})
	want := []string{
		"m01 m02 m03 m04 m05 m06",
		"m07 m08 m09 m10 m11",
		"m12 m13 m14 m15",
		"m16 m17 m18 m19",
	}
	if got := ids(messages, found.Issues); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestAnIssueIsDescribedInItsOwnWords(t *testing.T) {
	messages := invented(t)
	found := discover(t, messages, issue.Options{})
	first := found.Issues[0]
	if first.Customers != 6 || !first.FirstSeen.Equal(messages[0].Time) || !first.LastSeen.Equal(messages[5].Time) {
		t.Errorf("got %d customers from %s to %s", first.Customers, first.FirstSeen, first.LastSeen)
	}
	if first.Name != "云雀钱包验证码收不到" {
		t.Errorf("name is %q", first.Name)
	}
	for _, is := range found.Issues {
		if n := utf8.RuneCountInString(is.Name); n == 0 || n > 20 {
			t.Errorf("name %q has %d characters", is.Name, n)
		}
		sum := 0.0
		for k, word := range is.Keywords {
			sum += word.Weight
			if k > 0 && word.Weight > is.Keywords[k-1].Weight || word.Complaints < 2 {
				t.Errorf("%s: keyword %d is %+v", is.Name, k, word)
			}
		}
		if sum <= 0 || sum > 1 {
			t.Errorf("%s: keywords have %.2f of the similarity", is.Name, sum)
		}
		if len(is.Representatives) != 3 {
			t.Errorf("%s: %d representatives", is.Name, len(is.Representatives))
		}
		for _, m := range is.Representatives {
			if !slices.Contains(is.Members, m) {
				t.Errorf("%s: representative %s is no member", is.Name, messages[m].ID)
			}
		}
	}
}

func TestTheOrderOfMessagesChangesNothing(t *testing.T) {
	messages := invented(t)
	// Two messages with one id and two with equal content must not depend on chance either.
	messages = append(messages, messages[3], issue.Message{ID: "m01", User: "u99", Text: "云雀钱包没有验证码"})
	want := issue.Match(nil, messages, discover(t, messages, issue.Options{}).Issues)
	byContent := func(messages []issue.Message, issues []issue.Issue) []issue.Issue {
		// Indexes follow the given order; content does not.
		out := slices.Clone(issues)
		for k := range out {
			out[k].Members, out[k].Representatives = nil, nil
		}
		_ = messages
		return out
	}
	rapid.Check(t, func(rt *rapid.T) {
		shuffled := rapid.Permutation(messages).Draw(rt, "messages")
		workers := rapid.IntRange(1, 4).Draw(rt, "workers")
		found, err := issue.Discover(context.Background(), shuffled, segmenter(t), issue.Options{Workers: workers})
		if err != nil {
			rt.Fatal(err)
		}
		got := issue.Match(nil, shuffled, found.Issues)
		if !slices.Equal(ids(shuffled, got), ids(messages, want)) || !reflect.DeepEqual(byContent(shuffled, got), byContent(messages, want)) {
			rt.Fatalf("got %v\nwant %v", ids(shuffled, got), ids(messages, want))
		}
	})
}

func TestOneAuthorsTemplateIsNoIssue(t *testing.T) {
	messages := invented(t)
	for i, subject := range strings.Fields(`健康步道 老年食堂 公共厕所 篮球场地 宠物乐园 夜市摊位 社区花园 儿童书屋 环卫驿站 共享菜地 绿道驿亭 母婴房间
		街角雕塑 滑板公园 露天影院 便民菜店 晾衣广场 垂钓平台 棋牌凉亭 阅报栏杆 羽毛球馆 流动医站 口袋湿地 骑行专线`) {
		messages = append(messages, issue.Message{
			ID: fmt.Sprintf("t%02d", i), User: "writer",
			Text: "作为一名热心市民，我强烈呼吁加快" + subject + "建设步伐，切实提升群众获得感幸福感",
		})
	}
	found := discover(t, messages, issue.Options{})
	for _, is := range found.Issues {
		mine := 0
		for _, m := range is.Members {
			if messages[m].User == "writer" {
				mine++
			}
		}
		if mine > 3 {
			t.Errorf("%d of the 24 subjects are in %q", mine, is.Name)
		}
	}
}

func TestEqualTextsNeedNoSecondEvidence(t *testing.T) {
	messages := invented(t)
	messages = messages[6:]
	for i := range 12 {
		messages = append(messages, issue.Message{ID: fmt.Sprintf("e%02d", i), Text: "验证码收不到" + strings.Repeat("！", i)})
	}
	found := discover(t, messages, issue.Options{})
	got, _ := found.Assign(issue.Message{Text: "验证码收不到。"}, segmenter(t))
	if got < 0 || found.Issues[got].Name != "验证码收不到" || len(found.Issues[got].Members) != 12 {
		t.Errorf("twelve equal complaints are no issue: assigned to %d", got)
	}
}

func TestMinimumsAreSettings(t *testing.T) {
	messages := invented(t)
	// What is left of the lift is told by one customer.
	messages = slices.Delete(messages, 13, 15)
	messages[11].User, messages[12].User = "one", "one"
	for sentence, c := range map[string]struct {
		opts issue.Options
		want int
	}{
		"a single author's series is an issue":      {issue.Options{}, 4},
		"unless two customers are asked for":        {issue.Options{MinCustomers: 2}, 3},
		"and only large issues when five are asked": {issue.Options{MinMessages: 5}, 2},
	} {
		t.Run(sentence, func(t *testing.T) {
			if got := discover(t, messages, c.opts).Issues; len(got) != c.want {
				t.Errorf("got %d issues: %v", len(got), ids(messages, got))
			}
		})
	}
}

func TestHostileTexts(t *testing.T) {
	long := strings.Repeat("电梯坏了没人修", 20000)
	for sentence, messages := range map[string][]issue.Message{
		"no messages":            nil,
		"one message":            {{ID: "a", Text: "验证码收不到"}},
		"nothing but empty ones": {{ID: "a"}, {ID: "b"}, {ID: "c", Title: " ", Text: "\n"}},
		"marks, smileys, noise":  {{ID: "a", Text: "！！！"}, {ID: "b", Text: "😀😀"}, {ID: "c", Text: "\x00\xff\u202e"}, {ID: "d", Text: "？？"}},
		"equal texts":            {{ID: "a", Text: "验证码收不到"}, {ID: "b", Text: "验证码收不到"}, {ID: "c", Text: "验证码收不到"}},
		"very long ones":         {{ID: "a", Text: long}, {ID: "b", Text: long}, {ID: "c", Text: strings.Repeat("a", 1<<20)}},
		"only personal data":     {{ID: "a", Text: "13912345678"}, {ID: "b", Text: "13912345678"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			found := discover(t, messages, issue.Options{})
			for _, is := range found.Issues {
				if is.Name == "" || strings.Contains(is.Name, "139") || len(is.Members) < 2 {
					t.Errorf("got %+v", is)
				}
			}
			found.Assign(issue.Message{Text: "验证码收不到"}, segmenter(t))
		})
	}
}

func TestDiscoverEndsWithItsContext(t *testing.T) {
	messages := invented(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := issue.Discover(ctx, messages, segmenter(t), issue.Options{}); err == nil {
		t.Error("a cancelled discovery reports success")
	}
}

func TestProgressNeverGoesBack(t *testing.T) {
	messages := invented(t)
	last := -1.0
	discover(t, messages, issue.Options{Progress: func(step string, done float64) {
		if done < last || done > 1 || step == "" {
			t.Errorf("%s at %.3f after %.3f", step, done, last)
		}
		last = done
	}})
	if last != 1 {
		t.Errorf("ended at %.3f", last)
	}
}

func TestAssign(t *testing.T) {
	messages := invented(t)
	found := discover(t, messages, issue.Options{})
	for sentence, c := range map[string]struct{ text, member string }{
		"the same thing with the same fault":       {"云雀钱包的验证码今天又收不到了，没法登录", "m01"},
		"another wording":                          {"飞羽健身房的音乐吵死人了，半夜还不关", "m07"},
		"the same fault of another thing":          {"白鹭银行的网点排队太长", ""},
		"another matter altogether":                {"菜市场门口的台阶太滑，下雨天摔了好几个人", ""},
		"nothing":                                  {"", ""},
		"words that no message has ever contained": {"xyzzy plugh", ""},
	} {
		t.Run(sentence, func(t *testing.T) {
			got, evidence := found.Assign(issue.Message{ID: "new", User: "new", Text: c.text}, segmenter(t))
			if c.member == "" {
				if got >= 0 {
					t.Errorf("assigned to %q with %.3f", found.Issues[got].Name, evidence)
				}
				return
			}
			if got < 0 || !slices.ContainsFunc(found.Issues[got].Members, func(m int) bool { return messages[m].ID == c.member }) {
				t.Errorf("assigned to %d with %.3f", got, evidence)
			}
		})
	}
	if got, _ := (issue.Result{}).Assign(issue.Message{Text: "验证码"}, segmenter(t)); got != -1 {
		t.Errorf("nothing discovered, yet assigned to %d", got)
	}
}
