package issue_test

import (
	"fmt"
	"strings"
	"testing"

	"wenguo/transform/issue"
)

func TestIssuesOfOneFaultHaveOneTheme(t *testing.T) {
	messages := invented(t)
	for i, tail := range strings.Fields("晚上更厉害 物业不管 修过三次 没人来看") {
		for k, matter := range strings.Fields("晨曦公寓水管漏水，三楼天花板泡坏， 远帆书店屋顶漏水，古籍书架全湿， 星海泳池更衣室漏水，储物柜生霉，") {
			messages = append(messages, issue.Message{ID: fmt.Sprintf("h%d%d", k, i), Text: matter + tail})
		}
	}
	themes := map[string]int{}
	for _, is := range discover(t, messages, issue.Options{}).Issues {
		if strings.HasPrefix(messages[is.Members[0]].ID, "h") {
			themes[is.Theme]++
		} else if is.Theme == "漏水" {
			t.Errorf("%q has the theme %q", is.Name, is.Theme)
		}
	}
	if themes["漏水"] != 3 {
		t.Errorf("themes are %v, want three issues of 漏水", themes)
	}
}
