package dashboard_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// blocks are the data of a page's charts.
var blocks = regexp.MustCompile(`(?s)<script type="application/json" id="([a-z]+)-data"[^>]*>(.*?)</script>`)

func TestEveryNumberOfAChartStandsInThePageWithoutAScript(t *testing.T) {
	h := open(t, &sample{})
	for target, fields := range map[string][]string{
		"/":              {"registered", "resolved", "backlog"},
		"/issues":        {"complaints"},
		"/issues/I-0001": {"count"},
		"/timeliness":    nil, // a curve; its table has the shares at round times
	} {
		page := get(t, h, target).Body.String()
		found := blocks.FindAllStringSubmatch(page, -1)
		if len(found) == 0 {
			t.Errorf("%s has no chart", target)
		}
		readable := blocks.ReplaceAllString(page, "")
		for _, block := range found {
			if !strings.Contains(readable, "<table") {
				t.Errorf("%s: no table beside the chart %s", target, block[1])
			}
			var data struct {
				Rows []map[string]any `json:"rows"`
			}
			if err := json.Unmarshal([]byte(block[2]), &data); err != nil {
				t.Fatalf("%s: %v", target, err)
			}
			for _, row := range data.Rows {
				for _, field := range fields {
					if cell := fmt.Sprintf(">%v<", row[field]); !strings.Contains(readable, cell) {
						t.Errorf("%s: %s %v of the chart %s is in no cell", target, field, row[field], block[1])
					}
				}
			}
		}
		if strings.Contains(readable, "hx-get") && strings.Contains(readable, `class="skeleton"`) {
			t.Errorf("%s waits for a script", target)
		}
	}
}
