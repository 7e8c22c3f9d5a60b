package kpi

var improvements = []Entry{ //nolint:gochecknoglobals // a constant list
	{
		ID: "rectification", Name: "整改率", English: "Rectified", Unit: UnitRate, Direction: Higher,
		Target: Target{Value: 0.85}, MinimumN: minimumN, Query: "rectification",
		Formula:        "按时完成的整改 ÷ 期限落在期内且已到的整改",
		FormulaEnglish: "improvement actions done on time ÷ actions due in the period",
		Edges: []string{
			"期限以发起整改时所写为准，早于截至时刻才计入；期限未到的待定",
			"以第一次完成为准，在期限那一刻完成算按时；重启后再完成不改变判定",
			"对象是整改，不是投诉：只有部门、负责人、复发问题和原因分类，在其他维度上都算未填",
		},
		EdgesEnglish: []string{
			"Due is the due_at of action.opened and counts once it lies before the as-of instant; still to come is pending",
			"The first action.done decides, at the very due instant it is on time; done again after a reopening changes nothing",
			"It is about actions, not complaints: they have a department, an owner, an issue and a cause group, and the absent value of every other dimension",
		},
		Beside: []Figure{
			{"more.effective", "有效率：验证为有效的 ÷ 期内验证过的，以期内最后一次验证为准", "Effective ÷ verified, by the last verification in the period"},
		},
	},
	{
		ID: "self_service", Name: "自助解决率", English: "Self-service", Unit: UnitRate, Direction: Higher,
		Target: Target{Value: 0.6}, MinimumN: minimumN,
		Formula:        "全程没有人工参与即办结的 ÷ 期内登记的",
		FormulaEnglish: "resolved by bot or self-service without a human ÷ registered in the period",
		Edges: []string{
			"截至时刻为已办结，由机器人或系统办结，或标明为自助解决",
			"到该次办结为止没有任何客服或部门的事件，登记也在内：人工登记的不算自助",
		},
		EdgesEnglish: []string{
			"Resolved at the as-of instant by role bot or system, or with by_self_service",
			"No event up to that resolution by role agent or department, registered included",
		},
	},
	{
		ID: "issue_share", Name: "复发问题占比", English: "Share of recurring issues", Unit: UnitRate, Direction: Lower,
		Target: Target{None: true}, MinimumN: minimumN, Query: "issue_share",
		Formula:        "属于某个复发问题的投诉 ÷ 期内登记的",
		FormulaEnglish: "complaints inside a recurring issue ÷ registered in the period",
		Edges: []string{
			"归属取最近一次问题发现的结果，不随截至时刻回溯",
			"没有归入任何问题的占比并列，二者之和为 100%",
		},
		EdgesEnglish: []string{
			"Membership is that of the last discovery, whatever the as-of instant",
			"The unclustered share stands beside it; both add up to 100 %",
		},
		Beside: []Figure{
			{"more.unclustered", "未归类占比：没有归入任何问题的 ÷ 期内登记的", "Unclustered: complaints in no issue ÷ registered"},
		},
	},
}
