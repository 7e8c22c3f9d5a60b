package dashboard

import "wenguo/transform/improve"

// Words of the proof of effect.
//
//nolint:gochecknoglobals // constant tables
var (
	effectNames = map[improve.Verdict]string{improve.Effective: "有效", improve.NotEffective: "无效", improve.Unclear: "尚不明确"}
	effectTones = map[improve.Verdict]string{improve.Effective: "good", improve.NotEffective: "bad"}

	effectReasons = map[improve.Reason]string{
		improve.Fell:            "投诉确实少了：每一种比法的区间都低于 1。",
		improve.Rose:            "投诉比措施之前更多：每一种比法的区间都高于 1。",
		improve.NoWorthwhile:    "没有少到三分之一：每一种比法的区间都排除了这样的下降。",
		improve.NotDone:         "措施还没有标记完成，没有可以比较的起点。",
		improve.NoIssue:         "这项整改不针对某个复发问题，没有可以计数的投诉。",
		improve.TooFewBefore:    "措施之前可比的周太少，或者没有投诉：选中它时看到的那几周不能当作之前。",
		improve.TooFewAfter:     "措施之后完整的周还不够四周。",
		improve.OtherAction:     "同一问题的另一项措施几乎同时生效，分不清是哪一项的效果。",
		improve.WideInterval:    "投诉件数还太少：区间里既有没有变化，也有明显下降。",
		improve.HorizonReached:  "看满了 26 周仍分不清，不再继续判断。",
		improve.Faded:           "曾经判定有效，后来的几周又不再支持。",
		improve.SeasonExplains:  "比例是少了，但去年同样的几周也少了，季节就能解释。",
		improve.ExposureRose:    "占其他投诉的比例是少了，但每周件数没有少：其他投诉变多了。",
		improve.ChannelsExplain: "总的比例是少了，但渠道变了：按渠道分别比较就没有少。",
	}
	effectFlags = map[improve.Flag]string{
		improve.LevelChanged:    "措施之前这个问题的水平变过，只用变化之后的几周作为之前。",
		improve.Dispersed:       "各周之间的起伏超过偶然，区间已相应放宽。",
		improve.SeasonUnknown:   "没有去年同期可比，季节的影响无从排除。",
		improve.SeasonUsed:      "去年同样的几周也在下降，已按去年同期另作比较。",
		improve.Cut:             "同一问题的另一项措施截断了可以比较的周。",
		improve.ChannelsChanged: "渠道的构成变了两成以上，已按渠道另作比较。",
		improve.MembersChanged:  "比较的这段时间里，问题合并或拆分过；前后都按今天的归属重新计数。",
		improve.TextChanged:     "有文字的投诉所占比例前后相差一成以上。",
		improve.Immature:        "最近几周的投诉还没有到齐，没有计入。",
		improve.ExposureMoved:   "每周的对照量前后相差两成以上。",
	}
	basisNames = map[improve.Basis]string{
		improve.PerExposure: "按对照量", improve.PerWeek: "按每周件数", improve.AgainstSeason: "与去年同期的变化相比", improve.WithinChannel: "按渠道分别比较",
	}
	exposureNames = map[improve.Exposure]string{improve.ByComplaints: "其他有文字的投诉", improve.ByVolume: "上传的业务量"}
	weekRoleNames = map[improve.Role]string{
		improve.RoleBefore: "之前", improve.RoleChosen: "选中时看到的", improve.RoleSettling: "生效前后", improve.RoleAfter: "之后", improve.RoleYoung: "未到齐",
	}
)

// Words of what to fix next.
//
//nolint:gochecknoglobals // constant tables
var (
	burdenNames = map[improve.Factor]string{
		improve.ByCustomers: "客户数", improve.ByTrend: "比上期多", improve.ByDissatisfied: "不满意", improve.ByHandling: "处理用时", improve.ByBreaches: "超时或失约",
	}
	burdenHints = map[improve.Factor]string{
		improve.ByCustomers: "本期投诉过这个问题的不同客户", improve.ByTrend: "本期投诉减去上期投诉；减少的不加分",
		improve.ByDissatisfied: "最后一次评分在 3 分及以下的投诉", improve.ByHandling: "已办结投诉的自然时间之和，不含挂起，天",
		improve.ByBreaches: "有环节超时或承诺没有兑现的投诉",
	}
)
