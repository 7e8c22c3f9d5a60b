package dashboard

import (
	"wenguo/dashboard/report"
	"wenguo/transform"
	"wenguo/transform/issue"
	"wenguo/transform/kpi"
	"wenguo/transform/restate"
)

// PaperWords are the pages' words for papers.
func PaperWords() report.Words {
	return report.Words{
		Value:  valueName,
		State:  func(s transform.State) string { return name(complaintStateNames, s) },
		Cause:  func(c restate.Cause) string { return name(restateNames, c) },
		Issue:  func(s issue.State) string { return name(issueStateNames, s) },
		Figure: func(id string, value float64) string { return define(id).text(value) },
		Target: func(id string) string { return define(id).targetText() },
		Judge: func(id string, v kpi.Value) string {
			_, words := define(id).judge(v)
			return words
		},
		Standing: func(s kpi.State) string { return stateWords[s] },
	}
}

// restateNames are the causes of a restatement in words.
var restateNames = map[restate.Cause]string{ //nolint:gochecknoglobals // a constant table
	restate.Late: "迟到的事件", restate.Registered: "迟到的登记", restate.Corrected: "更正", restate.Merged: "并单", restate.Erased: "删除个人信息",
	restate.Rules: "政策或日历已修订", restate.Issues: "问题重新归并", restate.Actions: "整改记录有更新", restate.Unknown: "原因不明",
}
