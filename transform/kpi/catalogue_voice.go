package kpi

var voices = []Entry{ //nolint:gochecknoglobals // a constant list
	{
		ID: "satisfaction", Name: "满意率", English: "Satisfaction", Unit: UnitRate, Direction: Higher,
		Target: Target{Value: 0.3, OnBaseline: true}, MinimumN: minimumN,
		Formula:        "4–5 分的 ÷ 有效评分的，按评分时间计；每件投诉只计最后一次有效评分",
		FormulaEnglish: "scores 4–5 ÷ valid scores, by rating time; the last valid rating of each complaint",
		Edges: []string{
			"有效评分是 1–5 的整数；每件只计截至时刻最后一次有效评分，归入该次评分所在的时段",
			"首次评分另列，归入首次评分所在的时段，二者不混",
			"作答但没有有效评分的算已答、不算满意，也不算沉默",
			"待定是期内受邀、尚未作答的（沉默）",
			"目标为较基准期提高 30%（相对值），最高为 100%",
		},
		EdgesEnglish: []string{
			"A valid score is an integer 1–5; each complaint counts once, by its last valid rating as of then, in the period of that answer",
			"First ratings are a figure of their own, in the period of the first",
			"An answer without a valid score is answered, not satisfied, and not silent",
			"Pending are the silent: offered in the period and not answered",
			"The target is 30 % more than in the baseline period (relative), 100 % at most",
		},
		Beside: []Figure{
			{"mean", "平均分（同一批有效评分）", "Mean score of the same ratings"},
			{"more.participation", "参评率：已答 ÷ 期内发出的回访", "Participation: answered ÷ surveys offered in the period"},
			{"more.non_response", "未答复界限：满意 ÷ 发出（沉默者都不满意）到（满意 + 沉默）÷ 发出（沉默者都满意）；真实满意率必在其中", "Non-response bounds: satisfied ÷ offered (had all the silent been dissatisfied) to (satisfied + silent) ÷ offered (had all been satisfied)"},
			{"more.first", "首次评分的满意率和平均分", "Satisfaction and mean score of first ratings"},
		},
	},
	{
		ID: "dissatisfied_redo", Name: "不满意二次处置率", English: "Dissatisfied and redone", Unit: UnitRate, Direction: Higher,
		Target: Target{Value: 1}, MinimumN: minimumN,
		Formula:        "期内有 3 分及以下评分、其后重开的投诉 ÷ 期内有 3 分及以下评分的投诉",
		FormulaEnglish: "complaints with a score ≤ 3 in the period that were then reopened ÷ complaints with a score ≤ 3 in the period",
		Edges: []string{
			"期内任何一次低分都算，不只看最后一次；一件投诉计一次",
			"从期内第一次低分之后起，截至时刻前有重开即算已二次处置",
		},
		EdgesEnglish: []string{
			"Any rating ≤ 3 in the period counts, not only the last; a complaint counts once",
			"Redone if a reopening follows the first of these by the as-of instant",
		},
	},
	{
		ID: "reopen", Name: "重开率", English: "Reopened", Unit: UnitRate, Direction: Lower,
		Target: Target{Value: 0.02}, MinimumN: minimumN,
		Formula:        "办结后 30 天内重开的 ÷ 期内办结且已观察满 30 天的，按次计",
		FormulaEnglish: "resolutions reopened within 30 d ÷ resolutions in the period with 30 d of follow-up",
		Edges: []string{
			"每次办结都计，一件投诉可有多次；重开归到它所推翻的那次办结",
			"30 天为 30×24 小时，含正好 30 天",
			"办结到截至时刻不满 30 天的待定，已经重开的也是",
		},
		EdgesEnglish: []string{
			"Every resolution counts, several of one complaint too; a reopening counts for the resolution it ends",
			"30 d are 30 × 24 h, inclusive",
			"With less than 30 d until the as-of instant a resolution is pending, even if already reopened",
		},
	},
	{
		ID: "repeat", Name: "重复投诉率", English: "Repeated", Unit: UnitRate, Direction: Lower,
		Target: Target{Value: -0.25, OnBaseline: true}, MinimumN: minimumN,
		Formula:        "同一客户在上一件结束后 30 天内，就同类别、同产品再次投诉的 ÷ 期内登记的",
		FormulaEnglish: "same customer, category and product within 30 d after closure ÷ registered in the period",
		Edges: []string{
			"同一客户：客户编号相同；没有编号的看电话号码（只取数字，去掉 86）；不凭姓名；都没有的不算任何人。编号和电话不互相对应",
			"同类别指截至时刻的完整路径相同且不为空，产品相同（都未填也算相同）",
			"上一件的结束指办结、归档、撤诉或不成立（并单不算），且新投诉登记时仍未重开；30 天为 30×24 小时，含正好 30 天",
			"渠道不同且两次登记相隔不到 24 小时的是重复录入，不是重复投诉",
			"已并单的不算重复；当时以其他方式结束、后来才并单的，仍可作为上一件。上一件可以在切片之外",
			"文本相近的投诉只提示合并，在并单之前不影响任何指标",
			"目标为较基准期下降 25%（相对值）",
		},
		EdgesEnglish: []string{
			"Same customer: same id; without an id, same phone (digits only, 86 dropped); never by name; without both, nobody. An id and a phone are not matched to each other",
			"Same category is the same non-empty path as of then, same product (absent equals absent)",
			"Closure is the instant at which the earlier one was resolved, closed, withdrawn or rejected, not merged, if it is still ended when the new one is registered; 30 d are 30 × 24 h, inclusive",
			"Over another channel and registered less than 24 h apart it is a duplicate, not a repeat",
			"A merged complaint is no repeat; one that ended otherwise then can be repeated although it was merged later. The earlier one may lie outside the slice",
			"Near-duplicates found by text are proposed for merging and change no figure until they are merged",
			"The target is 25 % less than in the baseline period (relative)",
		},
	},
	{
		ID: "repeat_issue", Name: "同一问题重复投诉率", English: "Repeated issue", Unit: UnitRate, Direction: Lower,
		Target: Target{Value: -0.25, OnBaseline: true}, MinimumN: minimumN, Query: "repeat_issue",
		Formula:        "同一客户在上一件结束后 30 天内，就同一复发问题再次投诉的 ÷ 期内登记的",
		FormulaEnglish: "same customer and same recurring issue within 30 d after closure ÷ registered in the period",
		Edges: []string{
			"口径与重复投诉率相同，只是以同一复发问题代替同类别、同产品；没有归入问题的不算",
			"目标为较基准期下降 25%（相对值）",
		},
		EdgesEnglish: []string{
			"The same as repeated, with the same issue in place of category and product; complaints in no issue repeat none",
			"The target is 25 % less than in the baseline period (relative)",
		},
	},
	{
		ID: "first_contact", Name: "一次解决率", English: "First-contact resolution", Unit: UnitRate, Direction: Higher,
		Target: Target{None: true}, MinimumN: minimumN,
		Formula:        "只经一次人工接触、30 天内既未重开也未重复投诉的 ÷ 首次办结在期内且已观察满 30 天的",
		FormulaEnglish: "one human touch, no reopening and no repeat within 30 d ÷ complaints first resolved in the period and 30 d old",
		Edges: []string{
			"一次人工接触：首次办结前恰有一次人工答复（受理确认或主动联系），或一次也没有而由人工办结",
			"首次办结到截至时刻不满 30 天的待定；30 天为 30×24 小时",
			"上报数据里的“一次解决”标志只展示，不参与计算",
		},
		EdgesEnglish: []string{
			"One touch: exactly one human reply (acknowledged or contacted out) up to the first resolution, or none and resolved by a human",
			"With less than 30 × 24 h since the first resolution a complaint is pending",
			"The producer's flag is shown, never counted",
		},
	},
}
