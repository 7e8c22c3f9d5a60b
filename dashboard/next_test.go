package dashboard_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

func TestWhatToFixNext(t *testing.T) {
	h := open(t, &sample{})
	rank := func(query string) (first string, score float64) {
		var got struct {
			Items []struct {
				Issue  string
				Score  float64
				Points map[string]float64
			}
		}
		if err := json.Unmarshal(get(t, h, "/api/v1/improvement/next"+query).Body.Bytes(), &got); err != nil || len(got.Items) < 3 {
			t.Fatal(err, got)
		}
		return got.Items[0].Issue, got.Items[0].Score
	}
	t.Run("the weights of the address decide the order", func(t *testing.T) {
		byCustomers, score := rank("?w_customers=1&w_trend=0&w_dissatisfied=0&w_handling=0&w_breaches=0")
		byHandling, other := rank("?w_customers=0&w_trend=0&w_dissatisfied=0&w_handling=1&w_breaches=0")
		if byCustomers == byHandling || score != 1 || other != 1 {
			t.Errorf("%s %v, %s %v", byCustomers, score, byHandling, other)
		}
	})
	t.Run("the page shows every component and what each adds", func(t *testing.T) {
		body := get(t, h, "/improvement/next?w_trend=9").Body.String()
		for _, want := range []string{`name="w_trend" value="9"`, "处理用时", "加 ", "原因与部门", "培训需要", "cause_group=people", "发起整改", "进行中", "improvement/next.csv", "w_trend=9"} {
			if !strings.Contains(body, want) {
				t.Errorf("the page lacks %q", want)
			}
		}
	})
	t.Run("a weight that is none is refused", func(t *testing.T) {
		for _, query := range []string{"?w_trend=11", "?w_trend=-1", "?w_trend=x"} {
			if w := get(t, h, "/api/v1/improvement/next"+query); w.Code != http.StatusBadRequest {
				t.Errorf("%s answers %d", query, w.Code)
			}
		}
	})
}
