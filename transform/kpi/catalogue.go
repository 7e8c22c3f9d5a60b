package kpi

import "slices"

// Catalogue lists every key figure in the order in which documents show them.
var Catalogue = slices.Concat(clocks, volumes, voices, flows, promises, improvements) //nolint:gochecknoglobals // a constant list

// Convention is a rule that holds for every key figure.
type Convention struct {
	Name    string // Chinese
	Rule    string // Chinese
	English string
}

// General are the conventions of all key figures.
var General = []Convention{ //nolint:gochecknoglobals // a constant list
	{
		"截至时刻", "每个数字都可以按任一截至时刻重算：只看发生时间不晚于它的事件，不论事件何时送达；不指定即为现在。",
		"Every figure can be computed as of any instant: it sees the events that occurred by then, however late they arrived. The default is now.",
	},
	{
		"统计期", "统计期含起点、不含终点，日期指本单位时区的零点，每周从周一开始。",
		"A period is [from, to); a date is its midnight in the organisation's zone; weeks begin on Monday.",
	},
	{
		"对比期", "上期：自然月、自然周、自然季度取前一个，其他时段取紧接其前、长度相同的一段。去年同期：自然周取 52 周前的一周，其他时段取去年的相同日期（2 月 29 日按 2 月 28 日）。基准期由策略声明。",
		"Previous: of a calendar month, week or quarter the one before, of any other range the range of equal length that ends at its start. Last year: of a calendar week the one 52 weeks before, of any other range the same dates (29 February becomes the 28th). The policy declares the baseline.",
	},
	{
		"切片", "可按类别、优先级、渠道、部门、负责人、地区、客户等级、产品、投诉级别、原因分类和复发问题切片。投诉及其全部时钟按截至时刻的取值归类，同一指标的分子、分母取值一致，因此分项之和等于合计。部门是最后一次派单、确认或转派所到的部门，负责人是最后一次转派之后的负责人。",
		"Slices: category, priority, channel, department, owner, region, tier, product, level, cause group, issue. A complaint and all its clocks count under its values at the as-of instant, all terms under the same, so that slices add up to the total. The department is the last of dispatched, confirmed or transferred, the owner the last one since the last transfer.",
	},
	{
		"取值", "字段取最后一次给出的非空值。选择一个类别包含它的下级；未填是单独的一片；不在取值表内的归入“其他”。",
		"A field has the last value given; an empty one is not given. A category takes its whole branch; absent is a slice of its own; a value outside an enumeration is other.",
	},
	{
		"一件计一次", "一件投诉只计一次，不论影响多少客户。没有登记事件的投诉不进任何指标；登记之前的事件不改变状态。",
		"A complaint counts once whatever its affected customers. Events without a registration are in no figure; an event before the registration moves no state.",
	},
	{
		"结束与重开", "在办投诉以最先发生的办结、归档、撤诉、不成立或并单结束，此后同类事件不再计数；归档一件在办投诉视同办结。只有重开事件能让已结束的投诉重新在办，调查不成立或客户验证不通过都不能。",
		"An open complaint ends by the first of resolved, closed, withdrawn, rejected or merged; later ones count nothing; closing an open complaint acts as resolving it. Only reopened opens it again, neither an investigation nor a verification does.",
	},
	{
		"并单与撤诉", "截至时刻已并单的投诉不进以登记为分母的比率，由所并入的投诉承担；撤诉和不成立的仍在内（办结率除外）。",
		"A complaint merged as of then is in no rate of registered ones, its target carries the matter; withdrawn and rejected ones stay in them, except in completion.",
	},
	{
		"时间异常", "不可能的先后次序（如派单早于登记）不修正，也不当作 0：该时钟不进按时率和时长，异常比例列在旁边。",
		"An impossible order is neither corrected nor taken for 0: such a clock is in no on-time rate and no duration; the share of anomalies stands beside it.",
	},
	{
		"待定", "尚无结果的单独列出件数，不当作好，也不当作坏。",
		"What has no outcome yet is shown apart as pending, neither good nor bad.",
	},
	{
		"可信程度", "依次判断：没有数据（n=0）、样本不足（n 少于最少样本，默认 30，策略可改）、尚未成熟、未达到、可用。n>0 时给出数值（未达到的除外）；前四种不作好坏判断。件数总是可用。",
		"The first that holds of: no data (n = 0), insufficient (n below the minimum, 30 unless the policy says otherwise), immature, not reached, ok. A value is given whenever n > 0, except where not reached; only ok is judged. Counts are always ok.",
	},
	{
		"区间与分位数", "比率附 95% 置信区间（Wilson，z=1.959964）。分位数取最近秩：第 ⌈p·n⌉ 小的值。时长以秒计，精确到毫秒。",
		"Rates carry the 95 % Wilson interval (z = 1.959964). Percentiles are nearest rank: the ⌈p·n⌉-th smallest. Durations are seconds to the millisecond.",
	},
	{
		"差异", "两期的比率之差附 95% 区间（Newcombe 混合得分法），区间不含 0 且双方都可用时才判为变好或变差。时长和件数的变化由控制图判断。",
		"The difference of two rates carries its 95 % interval (Newcombe's hybrid score); better or worse only where it leaves out 0 and both are ok. Control charts judge durations and counts.",
	},
	{
		"控制图", "比率用 p 图，界限随每点的 n；时长和件数用单值图（XmR）。四种信号：一点超出 3σ；连续 7 点在中心线同侧；连续 7 点递增或递减；连续 3 点中有 2 点在同侧超出 2σ。样本不足、未成熟的点照画，不参与判断，也不影响中心线。一段至少要有 12 个可判断的点才有自己的界限：点太少时波动幅度本身还估不准，平静的开头会让后面都像信号。声明一次改变之后另起一段；新一段不足 12 点时沿用前一段的界限，看改变是否真的起了作用。",
		"Control charts: a p-chart for rates, limits by each point's n; individuals (XmR) for durations and counts. Signals: one point beyond 3σ; 7 in a row on one side of the centre; 7 in a row rising or falling; 2 of 3 in a row beyond 2σ on one side. Points of too small an n or too young a cohort are drawn, judge nothing and move nothing. A phase needs 12 points that can be judged before it has limits of its own: with fewer the spread itself is not known, and a quiet beginning makes a signal of everything after it. A declared change begins a phase; until it has 12 points it is judged by the limits before, to see whether the change did anything.",
	},
	{
		"总量变化", "总的比率变化时，按某一维度拆成两部分：结构（各片占比变了）和比率（各片自身变了）。以两期均值为标准（Kitagawa），各片贡献之和恰好等于总变化；新出现或消失的一片只计结构。",
		"When a total rate moves it is split over the slices of a dimension into mix (their shares changed) and rate (their own rates changed), with the mean of both periods as standard (Kitagawa). Contributions add up to the change exactly; a slice that is new or gone is mix alone.",
	},
	{
		"个人信息", "客户信息被删除后，对所有截至时刻都视为不存在：该投诉不再与任何投诉重复；地区和客户等级保留。",
		"Erasure holds for every as-of instant: the complaint repeats nobody any more; region and tier stay.",
	},
}
