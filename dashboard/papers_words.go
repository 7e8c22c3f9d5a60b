package dashboard

import (
	"wenguo/dashboard/report"
	"wenguo/transform"
	"wenguo/transform/issue"
	"wenguo/transform/kpi"
)

// PaperWords are the pages' words for papers.
func PaperWords() report.Words {
	return report.Words{
		Value:  valueName,
		State:  func(s transform.State) string { return name(complaintStateNames, s) },
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
