package tabular

// field is a column's meaning: what a mapping may name.
type field struct {
	name string
	// aliases are header names that stand for the field, folded (see fold).
	aliases []string
}

// Names of the fields that the code asks for.
const (
	fComplaintID    = "complaint_id"
	fRegisteredAt   = "registered_at"
	fChannel        = "channel"
	fTitle          = "title"
	fContent        = "content"
	fExpectation    = "expectation"
	fCategory       = "category"
	fPriority       = "priority"
	fLevel          = "level"
	fProduct        = "product"
	fOrderRef       = "order_ref"
	fAffected       = "affected_customers"
	fIncidentAt     = "incident_at"
	fCustomerID     = "customer.id"
	fCustomerName   = "customer.name"
	fCustomerPhone  = "customer.phone"
	fCustomerRegion = "customer.region"
	fCustomerTier   = "customer.tier"
	fAcknowledgedAt = "acknowledged_at"
	fDispatchedAt   = "dispatched_at"
	fConfirmedAt    = "confirmed_at"
	fDepartment     = "department"
	fOwner          = "owner"
	fPlannedAt      = "planned_at"
	fPlanMeasures   = "plan.measures"
	fPlanDueAt      = "plan.due_at"
	fReply          = "reply"
	fRepliedAt      = "replied_at"
	fResolvedAt     = "resolved_at"
	fOutcome        = "outcome"
	fVerifiedAt     = "verified_at"
	fAccepted       = "accepted"
	fSurveyedAt     = "surveyed_at"
	fScore          = "score"
	fComment        = "comment"
	fReopenedAt     = "reopened_at"
	fReopenReason   = "reopen_reason"
	fClosedAt       = "closed_at"
	fWithdrawnAt    = "withdrawn_at"
)

// fields lists every field, in the order in which mappings show them and guesses are made: of two fields that know
// a header's name the first gets it.
var fields = []field{ //nolint:gochecknoglobals // a constant table
	{fComplaintID, []string{"complaintid", "id", "编号", "投诉编号", "工单编号", "工单号", "单号", "投诉单号", "诉求编号", "留言编号", "案件编号", "案件号", "受理编号", "受理单号", "信件编号", "信访编号", "流水号", "投诉id", "工单id", "记录编号", "complaintnumber", "ticket", "ticketnumber", "casenumber", "referenceno", "ticketid", "ticketno", "caseid", "caseno", "complaintno", "序号"}},
	{fRegisteredAt, []string{"registeredat", "registertime", "登记时间", "投诉时间", "创建时间", "留言时间", "提交时间", "反映时间", "来电时间", "诉求时间", "投诉日期", "受理登记时间", "工单创建时间", "工单时间", "建单时间", "来信时间", "来件时间", "接收时间", "进线时间", "录入时间", "提交日期", "创建日期", "留言日期", "openedat", "openedon", "receivedat", "receiveddate", "complaintdate", "createdon", "createdtime", "creationdate", "reportedat", "登记日期", "time", "时间", "date", "日期", "createdat", "createtime", "created", "submittedat", "submittime", "occurredat", "datetime", "timestamp", "datereceived"}},
	{fChannel, []string{"channel", "渠道", "投诉渠道", "来源渠道", "受理渠道", "反馈渠道", "进线渠道", "投诉来源", "工单来源", "来源方式", "反映方式", "诉求来源", "来源", "submittedvia"}},
	{fTitle, []string{"title", "标题", "主题", "留言主题", "投诉标题", "工单标题", "诉求标题", "subject"}},
	{fContent, []string{"content", "内容", "投诉内容", "诉求内容", "留言内容", "留言详情", "投诉详情", "工单内容", "问题描述", "问题内容", "反映内容", "来电内容", "信件内容", "事件描述", "投诉描述", "投诉事由", "描述", "详情", "正文", "text", "description", "body", "message", "complaint", "consumercomplaintnarrative", "review", "detail", "details"}},
	{fExpectation, []string{"expectation", "诉求", "客户诉求", "期望", "期望结果"}},
	{fCategory, []string{"category", "类别", "分类", "投诉类别", "投诉分类", "投诉类型", "诉求类别", "诉求类型", "诉求分类", "工单类型", "工单分类", "事项分类", "业务类型", "业务分类", "投诉原因", "complainttype", "casetype", "topic", "问题分类", "问题类型", "一级标签", "一级分类", "label", "labels", "issue"}},
	{fPriority, []string{"priority", "优先级", "紧急程度", "紧急度"}},
	{fLevel, []string{"level", "级别", "投诉级别", "投诉等级", "severity"}},
	{fProduct, []string{"product", "产品", "产品名称", "商品", "商品名称", "业务", "carmodel", "model"}},
	{fOrderRef, []string{"orderref", "订单号", "订单编号", "合同号", "合同编号", "orderno", "orderid"}},
	{fAffected, []string{"affectedcustomers", "影响客户数", "影响人数", "影响用户数"}},
	{fIncidentAt, []string{"incidentat", "发生时间", "事发时间", "发生日期"}},
	{fCustomerID, []string{"customerid", "userid", "user", "uid", "客户编号", "客户id", "用户编号", "用户id", "用户", "留言用户", "会员号", "会员编号"}},
	{fCustomerName, []string{"customername", "姓名", "客户姓名", "客户名称", "投诉人", "投诉人姓名", "诉求人", "来电人", "反映人", "用户姓名", "联系人", "name"}},
	{fCustomerPhone, []string{"customerphone", "phone", "联系电话", "来电号码", "客户号码", "投诉人电话", "诉求人电话", "手机号码", "电话号码", "联系号码", "手机号", "手机", "电话", "客户电话", "联系方式", "mobile", "tel"}},
	{fCustomerRegion, []string{"customerregion", "region", "地区", "区域", "城市", "省份", "所在地", "行政区划", "所属区域", "所属地区", "区县", "投诉地区", "city", "province", "state"}},
	{fCustomerTier, []string{"customertier", "tier", "客户等级", "客户级别", "会员等级"}},
	{fAcknowledgedAt, []string{"acknowledgedat", "受理时间", "受理日期", "签收时间", "首次回复时间", "acknowledgedon", "firstresponsetime", "首次响应时间", "firstresponseat"}},
	{fDispatchedAt, []string{"dispatchedat", "派单时间", "派单日期", "分派时间", "转派时间", "派发时间", "dispatchtime", "转办时间", "交办时间", "assignedat"}},
	{fConfirmedAt, []string{"confirmedat", "确认时间", "部门确认时间", "接单时间"}},
	{fDepartment, []string{"department", "部门", "责任部门", "处理部门", "承办部门", "承办单位", "责任单位", "处理单位", "处置部门", "处置单位", "归属部门", "经办部门", "受理部门", "team", "办理单位", "主办单位"}},
	{fOwner, []string{"owner", "处理人", "责任人", "经办人", "处理人员", "跟进人", "agent", "承办人", "负责人", "assignee"}},
	{fPlannedAt, []string{"plannedat", "方案时间", "方案提出时间"}},
	{fPlanMeasures, []string{"planmeasures", "方案", "解决方案", "处理方案"}},
	{fPlanDueAt, []string{"plandueat", "承诺时间", "承诺完成时间", "promisedat"}},
	{fReply, []string{"reply", "答复", "回复", "答复意见", "答复内容", "回复内容", "回复意见", "response", "answer", "companyresponse"}},
	{fRepliedAt, []string{"repliedat", "replytime", "答复时间", "回复时间", "答复日期", "回复日期", "replyat", "responsetime", "answertime", "answeredat"}},
	{fResolvedAt, []string{"resolvedat", "办结时间", "办结日期", "解决时间", "完成时间", "办理完成时间", "办毕时间", "处置时间", "解决日期", "完成日期", "resolutiondate", "completedat", "solvedat", "处理完成时间", "resolvetime"}},
	{fOutcome, []string{"outcome", "处理结果", "办理结果", "处理意见", "办理意见", "处理情况", "办理情况", "处置结果", "办结意见", "resolution"}},
	{fVerifiedAt, []string{"verifiedat", "验证时间", "客户验证时间"}},
	{fAccepted, []string{"accepted", "客户验证", "验证结果", "是否认可"}},
	{fSurveyedAt, []string{"surveyedat", "回访时间", "回访日期", "surveydate", "评价时间", "满意度时间"}},
	{fScore, []string{"score", "满意度", "满意度评分", "评分", "满意程度", "满意度评价", "客户满意度", "是否满意", "回访结果", "回访满意度", "csat", "stars", "回访评分", "rating", "satisfaction"}},
	{fComment, []string{"comment", "评价", "评价内容", "回访意见"}},
	{fReopenedAt, []string{"reopenedat", "重开时间", "二次处置时间"}},
	{fReopenReason, []string{"reopenreason", "重开原因", "二次处置原因"}},
	{fClosedAt, []string{"closedat", "归档时间", "关闭时间", "归档日期", "结案日期", "关闭日期", "closeddate", "closedon", "结案时间"}},
	{fWithdrawnAt, []string{"withdrawnat", "撤诉时间", "撤销时间"}},
}

func known(name string) bool {
	for _, f := range fields {
		if f.name == name {
			return true
		}
	}
	return false
}
