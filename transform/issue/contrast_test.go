package issue_test

import (
	"fmt"
	"strings"
	"testing"

	"wenguo/transform/issue"
)

func TestThingsNamedInOnePlaceStayApart(t *testing.T) {
	// One maker's models, each with the same fault: what is shared is the maker and the fault, yet nobody can fix them at once.
	messages := invented(t)
	models := strings.Fields("朗逸 途观 帕萨特")
	for i := range 4 {
		for k, model := range models {
			tail := []string{"车内异味严重", "车内异味刺鼻", "车内有异味", "异味很大头晕"}[i]
			messages = append(messages, issue.Message{ID: fmt.Sprintf("c%d%d", k, i), Title: "云帆大众" + model + tail})
		}
	}
	for i, other := range strings.Fields("大灯起雾 漆面掉漆 轮胎鼓包 刹车跑偏 天窗漏水 油耗偏高") {
		messages = append(messages, issue.Message{ID: fmt.Sprintf("d%d", i), Title: "云帆大众" + models[i%3] + other})
	}
	for _, is := range discover(t, messages, issue.Options{}).Issues {
		seen := map[string]bool{}
		for _, m := range is.Members {
			for _, model := range models {
				if strings.Contains(messages[m].Title, model) {
					seen[model] = true
				}
			}
		}
		if len(seen) > 1 {
			t.Errorf("%q holds %d models", is.Name, len(seen))
		}
	}
}

func TestRequestsHoldNothingTogether(t *testing.T) {
	messages := invented(t)
	for i, fault := range strings.Fields("漆面掉漆 轮胎鼓包 天窗漏水 油耗偏高") {
		messages = append(messages, issue.Message{ID: fmt.Sprintf("r%d", i), Title: "云帆" + fault + "希望厂家尽快处理"})
	}
	for _, is := range discover(t, messages, issue.Options{}).Issues {
		for _, m := range is.Members {
			if strings.HasPrefix(messages[m].ID, "r") {
				t.Errorf("%s is in %q", messages[m].Title, is.Name)
			}
		}
	}
}
