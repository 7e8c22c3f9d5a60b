package dashboard_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

func TestTheEffectOfAnAction(t *testing.T) {
	server := open(t, &sample{})
	for name, tt := range map[string]struct {
		path string
		want []string
		not  []string
	}{
		"one whose issue fell is effective by every comparison": {
			"/improvement/a-proven", []string{`id="effect"`, "有效</b>", "每一种比法的区间都低于 1", "按每周件数", "/complaints?from=", "措施完成"}, []string{"复发</b>", "以人的结论为准"},
		},
		"one whose issue came back says so":                            {"/improvement/a-back", []string{"复发</b>", "验收之后又多了起来"}, nil},
		"one that people closed before the figures could know differs": {"/improvement/a-closed", []string{"措施之后完整的周还不够四周", "以人的结论为准"}, nil},
		"one that is not done has no start to compare with":            {"/improvement/a-measure", []string{"尚不明确", "没有可以比较的起点"}, []string{"effect-sides"}},
		"one against no issue has nothing to count":                    {"/improvement/a-opened", []string{"这项整改不针对某个复发问题"}, []string{"<svg viewBox=\"0 0 720"}},
	} {
		t.Run(name, func(t *testing.T) {
			body := get(t, server, tt.path).Body.String()
			for _, want := range tt.want {
				if !strings.Contains(body, want) {
					t.Errorf("the page lacks %q", want)
				}
			}
			for _, not := range tt.not {
				if strings.Contains(body, not) {
					t.Errorf("the page holds %q", not)
				}
			}
		})
	}
	t.Run("the API gives the same weeks and the return", func(t *testing.T) {
		var got struct {
			Verdict, Reason, Issue string
			Weeks                  []struct {
				Role string
				Rate *float64
			}
			Returned *struct{ Ratio struct{ Low float64 } }
		}
		if err := json.Unmarshal(get(t, server, "/api/v1/actions/a-back/effect").Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		if got.Issue != "I-0006" || got.Verdict == "" || got.Reason == "" || len(got.Weeks) < 50 || got.Weeks[3].Rate == nil || got.Returned == nil || got.Returned.Ratio.Low <= 1 {
			t.Errorf("%+v", got)
		}
		if w := get(t, server, "/api/v1/actions/nobody/effect"); w.Code != http.StatusNotFound {
			t.Errorf("an action that never was answers %d", w.Code)
		}
	})
}
