package main

// demoStory is what the demo's committee found out about one recurring issue of the simulated company.
type demoStory struct {
	// topic is what the simulation calls the issue, find the words by which its name is looked up.
	topic, find                               string
	department, owner, causeGroup             string
	rootCause, containment                    string
	measure, prevention, effect, evidence     string
	answerCause, answerWorkaround, answerText string
}

// demoStories are told in this order, each as far as its issue was mended.
var demoStories = []demoStory{ //nolint:gochecknoglobals // a constant table
	{
		topic: "退款一直不到账", find: "退款 到账", department: "支付账务部", owner: "周涛", causeGroup: "process",
		rootCause:   "退款单卡在“待复核”\n复核只在工作日上午跑一批\n批量任务失败后没有人收到通知\n任务告警发给了已离职同事的邮箱",
		containment: "每天 17 点人工清一次待复核退款单", measure: "复核改为每小时一批，失败自动重试三次", prevention: "所有账务批量任务的告警改发值班群，季度检查收件人",
		effect: "退款到账类投诉降到每周 5 件以下", evidence: "变更单 2217；批量任务看板",
		answerCause: "银行侧处理需要 1–3 个工作日，少数退款单在复核环节排队。", answerWorkaround: "在“我的 - 退款进度”里可以看到当前环节；超过 3 个工作日的，由客服点“催办”当天处理。",
		answerText: "非常抱歉让您久等。您的退款已提交，我们已为您催办，今天内会给您短信告知结果；如仍未到账，请直接回复这条短信，不必重新说明。",
	},
	{
		topic: "验证码收不到", find: "验证码", department: "技术支持部", owner: "何静", causeGroup: "product",
		rootCause:   "短信通道对部分号段限流\n只接了一家通道\n切换通道要人工改配置",
		containment: "登录页提供语音验证码", measure: "接入第二家通道，送达率低于 95% 自动切换", prevention: "通道送达率纳入每日巡检",
		effect: "验证码投诉减半", evidence: "通道切换演练记录",
		answerCause: "部分号段的短信被运营商延迟。", answerWorkaround: "点“语音验证码”，或等 60 秒再试一次；仍收不到可以改用邮箱验证。",
		answerText: "您的号码没有问题，是短信通道的延迟。请改用语音验证码，马上就能收到；我们正在增加备用通道。",
	},
	{
		topic: "快递柜超时收费", find: "快递柜", department: "物流履约部", owner: "陈立", causeGroup: "commitment",
		rootCause: "取件通知晚于计费开始\n通知与计费用了两个不同的入柜时间", containment: "首次超时费一律退回", measure: "计费从通知送达起算",
		prevention: "计费规则变更须经客服评审", effect: "超时费投诉每周不超过 3 件",
		answerCause: "取件通知晚到，计费却从入柜开始。", answerWorkaround: "在订单页申请“超时费退回”，自动通过。",
		answerText: "这笔超时费不该由您承担，已经为您退回，1 个工作日内到账。",
	},
	{
		topic: "智能客服转不了人工", find: "人工", department: "客服中心", owner: "王敏", causeGroup: "product",
		rootCause: "“人工”入口藏在第三层菜单\n产品考核机器人解决率", containment: "连续两次答非所问时自动转人工", measure: "首屏固定“人工”入口",
		prevention: "考核改为一次解决率，不再考核机器人拦截率", effect: "转人工投诉降一半",
		answerWorkaround: "在对话里输入“人工”两个字即可，不必走菜单。", answerText: "很抱歉让您绕了路，现在由我继续为您处理。",
	},
	{
		topic: "会员自动续费关不掉", find: "自动续费", department: "支付账务部", owner: "周涛", causeGroup: "commitment",
		rootCause: "关闭入口只在网页端", containment: "客服可以代为关闭并退回当期费用", measure: "App 内三步以内可关闭",
		effect: "续费投诉降到每周 5 件以下", evidence: "版本 8.4 发布说明",
	},
	{topic: "餐里吃出异物", find: "异物", department: "本地生活部", owner: "刘洋", causeGroup: "supplier", rootCause: "两家商户后厨无防鼠防虫记录\n上线审核只看证照"},
	{
		topic: "客服电话打不通", find: "打不通", department: "客服中心", owner: "王敏", causeGroup: "process",
		rootCause: "晚间排班只有白天的三成\n排班按去年话务量", containment: "晚间开放回拨预约", measure: "排班按前四周同一时段的话务量", effect: "晚间接通率 90% 以上",
	},
	{topic: "物流信息多天不更新", find: "物流 更新", department: "物流履约部", owner: "陈立"},
}
