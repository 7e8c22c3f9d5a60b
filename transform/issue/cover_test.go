package issue_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"wenguo/transform/issue"
)

// toldInTwoWays are complaints about one thing: half of the customers tell what they did, half what they saw, nobody all of
// it, and every detail is told by one of each.
func toldInTwoWays() []issue.Message {
	starts := strings.Fields("奶粉罐头 岳母生日 补课老师 保安队长 海鲜货车 哆嗦咳嗽")
	ends := strings.Fields("后备箱积水 副驾驶晕倒 傍晚堵车 劝架受伤 凌晨断粮 雪天打滑")
	did := strings.Fields("青禾充电桩插不进枪 屏幕变黑 启动键按烂了 急停旋钮卡死 指示灯乱闪 线缆破皮")
	saw := strings.Fields("扫码付款扣掉 电量始终不涨 退款石沉大海 客服电话占线 发票开错抬头 余额凭空消失")
	tell := func(phrases []string, i int) string {
		told := append(slices.Clone(phrases[i:]), phrases[:i]...)[:4]
		return starts[i] + "，" + strings.Join(told, "，") + "，" + ends[i]
	}
	var out []issue.Message
	for i := range starts {
		out = append(out,
			issue.Message{ID: fmt.Sprintf("a%d", i), User: fmt.Sprintf("ua%d", i), Text: tell(did, i)},
			issue.Message{ID: fmt.Sprintf("b%d", i), User: fmt.Sprintf("ub%d", i), Text: tell(saw, i)})
	}
	return out
}

// together tells whether one issue holds messages of both prefixes.
func together(messages []issue.Message, issues []issue.Issue, a, b string) bool {
	return slices.ContainsFunc(issues, func(is issue.Issue) bool {
		has := func(prefix string) bool {
			return slices.ContainsFunc(is.Members, func(m int) bool { return strings.HasPrefix(messages[m].ID, prefix) })
		}
		return has(a) && has(b)
	})
}

func TestAnIssueToldInTwoWaysIsOne(t *testing.T) {
	messages := append(invented(t), toldInTwoWays()...)
	for sentence, c := range map[string]struct {
		without issue.Without
		want    bool
	}{
		"links hold its pieces together": {issue.Without{}, true},
		"nothing else does":              {issue.Without{Cover: true}, false},
	} {
		t.Run(sentence, func(t *testing.T) {
			found := discover(t, messages, issue.Options{Without: c.without})
			if got := together(messages, found.Issues, "a", "b"); got != c.want {
				t.Errorf("got %v: %q", got, ids(messages, found.Issues))
			}
		})
	}
}
