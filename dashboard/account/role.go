package account

import (
	"fmt"
	"slices"
	"strings"
)

// Role is what a person is in the organisation; each account has one.
type Role string

// Roles.
const (
	Executive     Role = "executive"     // 高管
	Committee     Role = "committee"     // 委员会
	Analyst       Role = "analyst"       // 分析员
	Department    Role = "department"    // 部门: its own rows only
	Operations    Role = "operations"    // 运维
	Administrator Role = "administrator" // 管理员
)

// Action is what somebody does. Every address of the server is one action.
type Action string

// Actions.
const (
	// Public needs nobody to be known, Own only that somebody is. Keyed addresses check a token of their own.
	Public Action = "public"
	Own    Action = "own"
	Keyed  Action = "keyed"

	Figures     Action = "figures"
	Issues      Action = "issues"
	Complaints  Action = "complaints"
	Reveal      Action = "reveal"
	Export      Action = "export"
	Decide      Action = "decide"
	Improvement Action = "improvement"
	Improve     Action = "improve"
	Reports     Action = "reports"
	Publish     Action = "publish"
	Alerts      Action = "alerts"
	Silence     Action = "silence"
	Quality     Action = "quality"
	Replay      Action = "replay"
	Settings    Action = "settings"
	Dictionary  Action = "dictionary"
	Share       Action = "share"
	Scrape      Action = "scrape"
	Accounts    Action = "accounts"
	Audit       Action = "audit"
)

// Rule is one line of the table: an action, in words, and the roles that may.
type Rule struct {
	Action Action
	// Name and Means are for people, in the words of the product.
	Name, Means string
	Roles       []Role
	// Token says that an API token may be given it.
	Token bool
}

// RoleName is a role in words.
type RoleName struct {
	Role        Role
	Name, Means string
}

// Roles are all roles in the order of the table.
var Roles = []RoleName{ //nolint:gochecknoglobals // a constant table
	{Executive, "高管", "看指标、问题、报告，可导出；不看原文"},
	{Committee, "委员会", "看全部，整理问题、登记改进、发布报告，可看原文"},
	{Analyst, "分析员", "看全部，整理问题、登记改进、维护词典，可看原文"},
	{Department, "部门", "只看本部门的投诉，以及只由它们算出的数"},
	{Operations, "运维", "看告警与数据质量，静默、重放；不看投诉"},
	{Administrator, "管理员", "管账户、令牌、审计日志，可做其余一切；不看原文"},
}

// Rules are the table: what each role may do. The server reads it, docs/roles.md is made from it, the test walks it.
var Rules = []Rule{ //nolint:gochecknoglobals // a constant table
	{Figures, "看指标", "总览、时效、满意度、流转、指标", []Role{Executive, Committee, Analyst, Department, Administrator}, true},
	{Issues, "看复发问题", "问题清单、单个问题", []Role{Executive, Committee, Analyst, Department, Administrator}, true},
	{Complaints, "看投诉", "清单、搜索、单件投诉；个人信息已遮蔽", []Role{Executive, Committee, Analyst, Department, Administrator}, true},
	{Reveal, "显示原文", "一件投诉未遮蔽的姓名、电话、订单号与正文；每次记入审计日志", []Role{Committee, Analyst, Department}, false},
	{Export, "导出", "CSV 与 XLSX 文件；每次记入审计日志", []Role{Executive, Committee, Analyst, Department, Operations, Administrator}, true},
	{Decide, "整理问题", "合并、拆分、改名、屏蔽、归属；决定记录", []Role{Committee, Analyst, Administrator}, true},
	{Improvement, "看改进闭环", "改进措施与效果", []Role{Executive, Committee, Analyst, Administrator}, true},
	{Improve, "登记改进", "措施的登记、进展、验证、关闭", []Role{Committee, Analyst, Administrator}, true},
	{Reports, "看报告", "已发布的报告与重算", []Role{Executive, Committee, Analyst, Administrator}, true},
	{Publish, "发布报告", "发布与更正报告", []Role{Committee, Administrator}, true},
	{Alerts, "看告警", "在告什么、接下来到期什么", []Role{Executive, Committee, Analyst, Operations, Administrator}, true},
	{Silence, "静默告警", "添加与结束静默", []Role{Operations, Administrator}, false},
	{Quality, "看数据质量", "新鲜度、拒收、核对", []Role{Committee, Analyst, Operations, Administrator}, true},
	{Replay, "重放拒收消息", "把拒收的消息再放上总线", []Role{Operations, Administrator}, false},
	{Settings, "看设置", "现行策略、日历、词典", []Role{Executive, Committee, Analyst, Operations, Administrator}, false},
	{Dictionary, "维护词典", "试切分、增加词语", []Role{Analyst, Administrator}, false},
	{Share, "共享视图", "把保存的视图给所有人用", []Role{Committee, Analyst, Administrator}, false},
	{Scrape, "抓取度量", "/metrics 与 /readyz", []Role{Operations, Administrator}, true},
	{Accounts, "管账户", "新增、停用、改角色、重设密码、全部令牌", []Role{Administrator}, false},
	{Audit, "看审计日志", "登录、显示原文、导出、决定的记录", []Role{Administrator}, false},
}

// ParseRole reads a role by its English or Chinese name.
func ParseRole(s string) (Role, error) {
	var names []string
	for _, r := range Roles {
		if s == string(r.Role) || s == r.Name {
			return r.Role, nil
		}
		names = append(names, string(r.Role)+" "+r.Name)
	}
	return "", fmt.Errorf("%q is no role: use one of %s", s, strings.Join(names, ", "))
}

// Name is the role in words.
func (r Role) Name() string {
	for _, n := range Roles {
		if n.Role == r {
			return n.Name
		}
	}
	return string(r)
}

// May says whether a role may do an action. What the table does not name is not allowed.
func (r Role) May(a Action) bool {
	switch a {
	case Public, Keyed:
		return true
	case Own:
		return slices.ContainsFunc(Roles, func(n RoleName) bool { return n.Role == r })
	default: // the table says
	}
	i := slices.IndexFunc(Rules, func(rule Rule) bool { return rule.Action == a })
	return i >= 0 && slices.Contains(Rules[i].Roles, r)
}

// TokenActions are what API tokens may be given.
func TokenActions() []Action {
	var out []Action
	for _, r := range Rules {
		if r.Token {
			out = append(out, r.Action)
		}
	}
	return out
}

// Name is the action in words.
func (a Action) Name() string {
	for _, r := range Rules {
		if r.Action == a {
			return r.Name
		}
	}
	return string(a)
}
