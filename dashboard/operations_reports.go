package dashboard

import (
	"iter"
	"net/http"

	"wenguo/dashboard/openapi"
	"wenguo/dashboard/sheet"
)

func reportOperations() []operation {
	of := openapi.Parameter{Name: "of", Description: "统计期：月 2026-10 或季 2026-Q4，默认上月", Example: "2026-10"}
	return []operation{
		read("报告", "reports", "/reports", "一个统计期的材料", reportsAnswer{}, of),
		read("报告", "published", "/reports/published", "已发布的数字，与按今天所知重算的差异", publishedAnswer{}, of).with(publishedTable()).failing(http.StatusNotFound),
		{Operation: openapi.Operation{
			Method: http.MethodPost, Path: apiRoot + "/reports/published", ID: "publish", Tag: "报告", Summary: "发布一个统计期：冻结它的数字",
			Description: "Kafka 确认后回答 201。同一个 event_id 重发不会重复发布。截至时刻是统计期后的 5 日零时，之前发布则是此刻。说明见 docs/reports.md。",
			Body:        publishRequest{}, Status: http.StatusCreated, Answer: decisionAnswer{},
			Errors: []int{http.StatusForbidden, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType},
		}},
		read("报告", "looks", "/looks", "值得再看一眼", listOf[lookAnswer]{}, about()...).
			described("是问题，不是结论。end_before_due、bot_only、never_asked、month_end 比较两个比例；pause_before_due 比较次数。").with(looksTable()),
	}
}

func looksTable() *table {
	columns := []sheet.Column{
		textColumn("看什么"), textColumn("问题"), textColumn("看的是"), countColumn("看的（次）"), countColumn("其中（次）"), countColumn("案例（件）"),
		textColumn("相比的是"), countColumn("相比的（次）"), countColumn("相比的其中（次）"), numberColumn("通常会有的（次）"), textColumn("怎么算"),
	}
	return tableOf("值得再看一眼", columns, func(_ view, e envelope) iter.Seq[[]any] {
		return func(yield func([]any) bool) {
			items, _ := e.Items.([]lookAnswer)
			for _, l := range items {
				w := looks[l.ID]
				if !yield([]any{w.Title, w.Question, w.Looked, l.Looked, l.Found, l.Cases, w.Other, l.Other, l.OtherFound, l.Expected, w.How}) {
					return
				}
			}
		}
	})
}
