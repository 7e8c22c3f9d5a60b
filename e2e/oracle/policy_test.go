package oracle

import (
	"slices"
	"strings"
	"testing"
	"time"

	"wenguo/transform"
	"wenguo/transform/sla"
)

// values are what a complaint is like, to policies and to slices.
type values struct {
	category, priority, channel, department, owner, region, tier, product, level, cause string
}

// promise is what a policy promises for a stage.
type promise struct {
	target   instant
	calendar calendar
	pauses   bool
}

// table is a policy: from when it holds, and what it promises.
type table struct {
	from    instant
	promise func(stage string, v values) promise
}

// policies are the tables that came into force one after another.
type policies []table

func (p policies) at(at instant, stage string, v values) promise {
	in := p[0]
	for _, next := range p[1:] {
		if next.from <= at {
			in = next
		}
	}
	if !slices.Contains([]string{"urgent", "high", "low"}, v.priority) {
		v.priority = "normal"
	}
	return in.promise(stage, v)
}

func outage(v values) bool { return branch(v.category, "服务中断") }

// branch says whether a category lies in the branch of a path.
func branch(category, path string) bool {
	return category == path || strings.HasPrefix(category, path+"/")
}

// shipped is the table of the default policy.
func shipped(hours calendar) func(string, values) promise {
	always := calendar{natural: true}
	return func(stage string, v values) promise {
		switch stage {
		case "acknowledge":
			switch {
			case outage(v):
				return promise{5 * minute, always, false}
			case v.priority == "urgent" || v.priority == "high":
				return promise{hour, always, false}
			case v.priority == "low":
				return promise{workday, hours, false}
			}
			return promise{2 * hour, hours, false}
		case "dispatch":
			return promise{10 * minute, always, true}
		case "confirm":
			return promise{hour, hours, true}
		case "plan":
			if outage(v) {
				return promise{4 * hour, always, true}
			}
			return promise{workday, hours, true}
		case "resolve":
			return promise{3 * day, always, true}
		case "survey", "assist":
			return promise{workday, hours, true}
		case "redo":
			return promise{2 * day, always, true}
		}
		panic("no such stage: " + stage)
	}
}

// changed is a policy of an organisation's own that came later; changedYAML says the same to the product.
func changed(hours calendar) func(string, values) promise {
	always, old := calendar{natural: true}, shipped(hours)
	return func(stage string, v values) promise {
		switch {
		case stage == "acknowledge" && outage(v):
			return promise{6 * minute, always, false}
		case stage == "acknowledge" && v.tier == "gold":
			return promise{30 * minute, always, false}
		case stage == "acknowledge" && v.priority == "normal" && (v.channel == "phone" || v.channel == "wechat"):
			return promise{90 * minute, hours, false}
		case stage == "dispatch" && v.product == "会员中心":
			return promise{15 * minute, always, true}
		case stage == "confirm" && v.department == "技术部":
			return promise{2 * hour, always, false}
		case stage == "resolve" && v.priority == "low":
			return promise{5 * workday, hours, true}
		case stage == "resolve" && branch(v.category, "账务"):
			return promise{4 * day, always, false}
		case stage == "survey":
			return promise{2 * workday, hours, true}
		case stage == "assist":
			return promise{day, always, true}
		}
		return old(stage, v)
	}
}

const changedYAML = `
zone: Asia/Shanghai
minimum_n: 30
calendars:
  24x7: {kind: natural}
  natural-days: {kind: natural}
  working-hours: {kind: working, holidays: cn, days: [mon, tue, wed, thu, fri], hours: ["09:00-12:00", "13:30-18:00"]}
rules:
  - {stage: acknowledge, rule: outage, match: {category: [服务中断]}, target: 6m, calendar: 24x7, pauses: false}
  - {stage: acknowledge, match: {tier: [gold]}, target: 30m, calendar: 24x7, pauses: false}
  - {stage: acknowledge, match: {priority: [normal], channel: [phone, wechat]}, target: 90m, calendar: working-hours, pauses: false}
  - {stage: acknowledge, match: {priority: [urgent, high]}, target: 1h, calendar: 24x7, pauses: false}
  - {stage: acknowledge, match: {priority: [low]}, target: 1wd, calendar: working-hours, pauses: false}
  - {stage: acknowledge, target: 2h, calendar: working-hours, pauses: false}
  - {stage: dispatch, match: {product: [会员中心]}, target: 15m, calendar: 24x7}
  - {stage: dispatch, target: 10m, calendar: 24x7}
  - {stage: confirm, match: {department: [技术部]}, target: 2h, calendar: 24x7, pauses: false}
  - {stage: confirm, target: 1h, calendar: working-hours}
  - {stage: plan, rule: outage, match: {category: [服务中断]}, target: 4h, calendar: 24x7}
  - {stage: plan, target: 1wd, calendar: working-hours}
  - {stage: resolve, match: {priority: [low]}, target: 5wd, calendar: working-hours}
  - {stage: resolve, match: {category: [账务]}, target: 4d, calendar: natural-days, pauses: false}
  - {stage: resolve, target: 3d, calendar: natural-days}
  - {stage: survey, target: 2wd, calendar: working-hours}
  - {stage: redo, target: 2d, calendar: natural-days}
  - {stage: assist, target: 1d, calendar: 24x7}
  - {stage: sync, target: 5m, calendar: 24x7, pauses: false}
`

// changeOfPolicy is when the second policy came into force.
var changeOfPolicy = local("2026-11-02T10:00:00")

func ourPolicies(t *testing.T) policies {
	t.Helper()
	hours := calendar{exceptions: readHolidays(t)}
	return policies{{promise: shipped(hours)}, {from: changeOfPolicy, promise: changed(hours)}}
}

// theirRules are the same policies for the product. Its customer keys are the identities themselves.
func theirRules(t *testing.T) transform.Rules {
	t.Helper()
	same := func(s string) string { return s }
	rules := transform.Rules{Revision: 2, Mask: same, CustomerKey: same}
	for i, text := range [][]byte{sla.DefaultPolicy(), []byte(changedYAML)} {
		policy, err := sla.ParsePolicy(text)
		if err != nil {
			t.Fatal(err)
		}
		applied := transform.Applied{Revision: uint32(i + 1), Policy: policy} //nolint:gosec // two of them
		if i > 0 {
			applied.From = time.UnixMilli(changeOfPolicy).UTC()
		}
		rules.History = append(rules.History, applied)
	}
	return rules
}

// local reads an instant of the organisation's zone.
func local(text string) instant {
	at, err := time.Parse("2006-01-02T15:04:05.999", text)
	if err != nil {
		panic(err)
	}
	return at.UnixMilli() - zoneOffset
}
