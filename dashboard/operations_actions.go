package dashboard

import (
	"wenguo/dashboard/openapi"
	"wenguo/transform/improve"
)

// actionOperations are the entries of improvement actions.
func actionOperations() []operation {
	var states []string
	for _, state := range improve.States {
		states = append(states, string(state))
	}
	return []operation{
		read("改进闭环", "actions", "/actions", "整改清单，按登记时间", listOf[actionItem]{}, about(
			openapi.Parameter{Name: ownState, Values: states, Description: "整改的状态"},
			openapi.Parameter{Name: ownOverdue, Values: []string{"1"}, Description: "只要已逾期的"},
			openapi.Parameter{Name: ownPart, Values: actionParts, Description: "只要整改率在期内计入的这一部分"})...).
			described("清单不按时间范围收窄，除非写 part。").with(actionTable()),
		read("改进闭环", "action", "/actions/:id", "一项整改和它的每一步", actionAnswer{}, about(pathID("整改编号"))...).
			described("revision 是最新的决定，提交决定时作为 data.seen。"),
		read("改进闭环", "effect", "/actions/:id/effect", "一项整改的效果：比值、区间、建议的结论", effectAnswer{}, about(pathID("整改编号"))...).
			described("结论由人决定，这里是数字的建议；判断方法见 docs/improvement-effect.md。比值是之后的比率除以之前的比率，delay 是秒。").with(effectTable()),
		read("改进闭环", "next", "/improvement/next", "先改什么：复发问题按负担排序，原因与部门", nextAnswer{}, about(weightParameters()...)...).
			described("points 是每一项加的分，score 是它们的和除以权重之和，0–1；handling 是秒。").with(nextTable()),
	}
}
