package dashboard

import (
	"wenguo/dashboard/openapi"
	"wenguo/transform"
	"wenguo/transform/kpi"
)

// journeyOperations are those of satisfaction and flow.
func journeyOperations() []operation {
	by := make([]string, len(mixDimensions))
	for i, d := range mixDimensions {
		by[i] = string(d)
	}
	return []operation{
		read("满意度与流转", "satisfaction", "/satisfaction", "评分、参评、未答复界限、差评、回访覆盖", satisfactionAnswer{}, about()...),
		read("满意度与流转", "satisfactionDrivers", "/satisfaction/drivers", "不满意和什么有关", driversAnswer{}, about()...).
			described("每个取值与其余投诉相比；factor 是维度名，或 reply、reopened、transfers、handling（评分之前发生的）。"),
		read("满意度与流转", "satisfactionMix", "/satisfaction/mix", "变化来自结构还是表现", mixAnswer{},
			about(openapi.Parameter{Name: "by", Values: by, Description: "按什么分解，默认 department；类别取第一级"})...),
		read("满意度与流转", "satisfactionWaiting", "/satisfaction/waiting", "低分之后还没有再处置，等得最久的在前", listOf[transform.LowScore]{},
			about(limitParameter("50"))...),
		read("满意度与流转", "lifecycle", "/lifecycle", "环节、覆盖、用时与被拒的方案", journeyAnswer{}, about()...).described("时长是秒；比率是 0–1。"),
		read("满意度与流转", "lifecycleTransfers", "/lifecycle/transfers", "谁转给谁", listOf[kpi.Move]{}, about()...),
	}
}

// journeyParameters are those of the list of complaints behind satisfaction and flow.
func journeyParameters() []openapi.Parameter {
	var traits []string
	for _, f := range []kpi.Factor{kpi.FactorReply, kpi.FactorReopened, kpi.FactorTransfers, kpi.FactorHandling} {
		for _, value := range kpi.FactorValues[f] {
			traits = append(traits, string(f)+"."+value)
		}
	}
	return []openapi.Parameter{
		{Name: "with", Many: true, Values: traits, Description: "scope=rated 时：评分之前发生的"},
		{Name: "step", Values: texts(sortedKeys(milestoneNames)), Description: "scope=cohort、resolved、planned 时：到过的环节"},
		{Name: "reached", Values: []string{"0", "1"}, Description: "0：没有到过 step 的"},
		{Name: "spent", Values: texts(sortedKeys(spendingNames)), Description: "scope=resolved 时：用过时间的阶段"},
		{Name: "moved_from", Many: true, Description: "scope=moved 时：转出部门，空值是没写转出部门的"},
		{Name: "moved_to", Many: true, Description: "scope=moved 时：转入部门"},
		{Name: "bounced", Values: []string{"1"}, Description: "scope=moved 时：只要推诿或退回的"},
	}
}
