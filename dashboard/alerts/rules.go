package alerts

import (
	"fmt"
	"strings"
	"time"

	"wenguo/transform/kpi"
	"wenguo/transform/sla"
)

// ruleFile, group and rule are Prometheus' own format.
type ruleFile struct {
	Groups []group `yaml:"groups"`
}

type group struct {
	Name     string `yaml:"name"`
	Interval string `yaml:"interval"`
	Rules    []rule `yaml:"rules"`
}

type rule struct {
	Record      string      `yaml:"record,omitempty"`
	Alert       string      `yaml:"alert,omitempty"`
	Expr        string      `yaml:"expr"`
	For         string      `yaml:"for,omitempty"`
	Keep        string      `yaml:"keep_firing_for,omitempty"`
	Labels      *labels     `yaml:"labels,omitempty"`
	Annotations *annotation `yaml:"annotations,omitempty"`
}

type labels struct {
	Severity string `yaml:"severity"`
	// Waits marks what is told in working hours only.
	Waits string `yaml:"waits,omitempty"`
	// Rule repeats the series' own label, since no two rules of a file may have the same name and labels.
	Rule string `yaml:"rule,omitempty"`
}

type annotation struct {
	Summary     string `yaml:"summary"`
	Description string `yaml:"description"`
	Page        string `yaml:"page"`
	Runbook     string `yaml:"runbook"`
	Owner       string `yaml:"owner"`
}

const (
	warning  = "warning"
	critical = "critical"
)

// How long an alert goes on when its series are gone: an exporter that is started anew, and a store that is away for a
// while, must not read as resolved.
const (
	keepCases = "5m"
	keepRates = "1h"
)

// z2 is the square of the normal quantile of the 95 % Wilson interval.
const z2 = 1.96 * 1.96

// maker writes the rules of one policy.
type maker struct {
	policy *sla.Policy
	links  string
}

func rules(p *sla.Policy, o Options) ruleFile {
	m := maker{p, o.Links}
	outage := m.promises(`rule="outage"`)
	for _, r := range outage {
		r.Labels.Rule = sla.RuleOutage
	}
	return ruleFile{Groups: []group{
		{"wenguo-outage", "5s", outage},
		{"wenguo-promises", "15s", m.promises(`rule!="outage"`)},
		{"wenguo-recorded", "30s", recorded()},
		{"wenguo-rates", "30s", m.rates()},
		{"wenguo-sources", "30s", m.sources()},
		{"wenguo-health", "15s", m.health()},
	}}
}

// alert completes a rule: the page as a path of the site, the runbook by the alert's name, the owner by its department.
func (m maker) alert(name, severity, keep, expr string, a annotation) rule {
	a.Page = m.links + a.Page
	a.Runbook = "docs/runbooks/" + runbook(name) + ".md"
	if a.Owner == "" {
		a.Owner = owner(m.policy)
	}
	return rule{Alert: name, Expr: expr, Keep: keep, Labels: &labels{Severity: severity}, Annotations: &a}
}

// waiting marks an alert as one that can wait for working hours.
func waiting(r rule) rule {
	if r.Labels.Severity != critical {
		r.Labels.Waits = "true"
	}
	return r
}

// runbook is the file name of an alert's runbook.
func runbook(name string) string {
	var b strings.Builder
	name = strings.ReplaceAll(strings.TrimPrefix(name, "Complaint"), "SLA", "Sla")
	for i, r := range name {
		if i > 0 && r >= 'A' && r <= 'Z' {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return strings.ToLower(b.String())
}

// one is a series without the labels of who exported it.
func one(selector string) string { return "max without (instance, job) (" + selector + ")" }

// complaintPage is the page of the case; a blank in a path is %20.
const complaintPage = `/complaints/{{ $labels.case_id | urlquery | reReplaceAll "\\+" "%20" }}`

// lastMonth are a page's parameters for the four weeks that end at the evaluation, so that it lists what was counted.
const lastMonth = `from={{ (query "vector(time() - 2419200)" | first | value | toTime).Format "2006-01-02T15:04:05Z" }}` +
	`&to={{ (query "vector(time())" | first | value | toTime).Format "2006-01-02T15:04:05Z" }}`

// promises are the alerts of single cases and of groups of clocks, of one kind of rule.
func (m maker) promises(kind string) []rule {
	high := `priority=~"urgent|high", ` + kind
	cases := one("complaint_sla_case_deadline_timestamp_seconds{" + kind + "}")
	next := one("complaint_sla_next_deadline_timestamp_seconds{" + high + "}")
	due := instant("$value", m.policy.Zone)
	list := "/complaints?scope=open%s&priority={{ $labels.priority | urlquery }}&department={{ $labels.department | urlquery }}"
	latest := `printf "complaint_sla_next_deadline_timestamp_seconds{stage=%q,priority=%q,department=%q,rule=%q} < time()"` +
		` $labels.stage $labels.priority $labels.department $labels.rule | query`
	return []rule{
		m.alert("ComplaintCaseDeadlineApproaching", warning, keepCases, cases+" >= time()", annotation{
			Summary:     department() + "：投诉 {{ $labels.case_id }} 的" + stage() + "将于 " + due + "到期",
			Description: "到期仍未完成即判为超时，之后补办不改变判定。",
			Page:        complaintPage,
		}),
		m.alert("ComplaintCaseSLABreached", critical, keepCases, cases+" < time()", annotation{
			Summary:     department() + "：投诉 {{ $labels.case_id }} 的" + stage() + "已超时，期限是 " + due,
			Description: "先回应客户，再补流程。",
			Page:        complaintPage,
		}),
		m.alert("ComplaintSLADeadlineApproaching", warning, "", next+"\n  and\n("+next+
			" - time() >= 0)\n  <= on (stage, priority, rule) group_left ()\nmax by (stage, priority, rule) (complaint_sla_warning_seconds{"+kind+"})",
			annotation{
				Summary:     department() + "：" + priority() + "的" + stage() + "将于 " + due + "到期",
				Description: "这是本组最早的期限，到期仍未完成即判为超时，之后补办不改变判定。",
				Page:        fmt.Sprintf(list, ""),
			}),
		m.alert("ComplaintSLAOverdue", critical, keepCases, "sum without (state) ("+one(`complaint_sla_open_timers{state="overdue", `+high+`}`)+
			") > 0\n  or\n("+next+" < time()) * 0 + 1", annotation{
			Summary: department() + "：" + priority() + "的" + stage() + "已有 {{ $value }} 项超时未完成",
			Description: "{{ with " + latest + " }}最近一项的期限是 " + instant(". | first | value", m.policy.Zone) +
				"。{{ end }}先回应客户，再补流程；每一项的期限写在投诉的时间线上。",
			Page: fmt.Sprintf(list, "&overdue=1"),
		}),
	}
}

// recorded are counts and Wilson bounds of windows. A bound of k in n is (k + z²/2 ∓ z·√(k·(n − k)/n + z²/4)) / (n + z²);
// without a clock there is none.
func recorded() []rule {
	bound := func(k, n, sign string) string {
		return fmt.Sprintf("(%[1]s + %[3]g %[5]s 1.96 * sqrt(%[1]s * (%[2]s - %[1]s) / %[2]s + %[4]g)) / (%[2]s + %[6]g)\n  and %[2]s > 0", k, n, z2/2, z2/4, sign, z2)
	}
	of := "complaint_sla_window_timers"
	record := func(name, expr string) rule { return rule{Record: name, Expr: expr} }
	const happened, received = `wenguo:cases:max{result=~"missed|escalated"}`, `wenguo:cases:max{result="received"}`
	return []rule{
		record("wenguo:sla_clocks:sum", "sum by (stage, department, window) ("+one(of)+")"),
		record("wenguo:sla_breached:sum", "sum by (stage, department, window) ("+one(of+`{outcome="breached"}`)+")"),
		record("wenguo:sla_breach_ratio:lower", bound("wenguo:sla_breached:sum", "wenguo:sla_clocks:sum", "-")),
		record("wenguo:sla_budget:clocks", `wenguo:sla_clocks:sum{window="28d"} * on (stage) group_left () max by (stage) (complaint_sla_budget_ratio)`),
		record("wenguo:stage_clocks:sum", "sum by (stage, window) (wenguo:sla_clocks:sum)"),
		record("wenguo:stage_breached:sum", "sum by (stage, window) (wenguo:sla_breached:sum)"),
		record("wenguo:stage_breach_ratio:lower", bound("wenguo:stage_breached:sum", "wenguo:stage_clocks:sum", "-")),
		record("wenguo:cases:max", one("complaint_window_cases")),
		record("wenguo:case_ratio:lower", fmt.Sprintf("(%[1]s + %[3]g - 1.96 * sqrt(%[1]s - %[1]s * %[1]s / %[2]s + %[4]g))\n  / %[5]s\n  and on (window) %[6]s > 0",
			happened, "on (window) group_left () "+received, z2/2, z2/4, fmt.Sprintf("on (window) group_left () (%s + %g)", received, z2), received)),
	}
}

// rates are the alerts about how often promises are broken. None speaks of a single case: that has its own alert.
func (m maker) rates() []rule {
	share := func(id string) float64 { e, _ := kpi.Lookup(id); return e.Target.Value }
	page := "/complaints?scope=due&verdict=breached&stage={{ $labels.stage | urlquery }}&department={{ $labels.department | urlquery }}&" + lastMonth
	bounds := `{{ range printf "wenguo:sla_breach_ratio:lower{stage=%q,department=%q,window=~\"6h|1d|3d\"}" $labels.stage $labels.department` +
		` | query | sortByLabel "window" }}；{{ .Labels.window }} 内不低于 {{ .Value | humanizePercentage }}{{ end }}`
	// Half the budget is what a healthy rate uses up: it must be certain that it is more.
	half := "wenguo:sla_breach_ratio:lower{window=\"28d\"} > on (stage) group_left () 0.5 * max by (stage) (complaint_sla_budget_ratio)"
	spent := func(expr string) string {
		return "wenguo:sla_breached:sum{window=\"28d\"} >= " + expr + "\n  and on (stage, department) (" + half + ")"
	}
	lower := func(metric, result string, over float64) string {
		return fmt.Sprintf("wenguo:case_ratio:lower{result=%q, window=\"28d\"} > %g\n  and wenguo:cases:max{result=%q, window=\"28d\"} >= 2", result, over, metric)
	}
	onTime, _ := kpi.Budget(string(sla.Resolve))
	list := []rule{
		m.alert("ComplaintSLABreachRateHigh", critical, keepRates, one("complaint_sla_breach_cusum")+
			"\n  >= on (stage, department)\nmax by (stage, department) (complaint_sla_breach_cusum_threshold)", annotation{
			Summary: department() + "：" + stage() + "的超时明显多于往常",
			Description: fmt.Sprintf("按期限先后累计的证据 S = {{ $value | printf \"%%.2f\" }} 达到门限：超时率更像 %s，而不是正常的 %s",
				percent(m.policy.Alerts.Unhealthy), percent(m.policy.Alerts.Healthy)) + bounds + "（Wilson 95% 下限）。",
			Page: page,
		}),
		waiting(m.alert("ComplaintSLABudgetHalfSpent", warning, keepRates, spent("2"), annotation{
			Summary:     department() + "：" + stage() + "28 天的超时额度已用去一半以上",
			Description: "28 天内已有 {{ $value }} 项超时，超时率的 Wilson 95% 下限已高于额度的一半。用完之前，先看最近超时的是哪一类、卡在哪一步。",
			Page:        page,
		})),
		waiting(m.alert("ComplaintSLABudgetSpent", warning, keepRates, spent("wenguo:sla_budget:clocks\n  and wenguo:sla_breached:sum >= 2"), annotation{
			Summary:     department() + "：" + stage() + "28 天的超时额度已用完",
			Description: "28 天内已有 {{ $value }} 项超时，达到或超过承诺允许的数量。",
			Page:        page,
		})),
		waiting(m.alert("ComplaintMissRateHigh", warning, keepRates, lower("missed", "missed", share("missed")), annotation{
			Summary:     "28 天漏接率高于 " + percent(share("missed")),
			Description: "漏接率的 Wilson 95% 下限是 {{ $value | humanizePercentage }}。",
			Page:        "/complaints?scope=kpi&kpi=missed&part=numerator&" + lastMonth,
			Owner:       onCall(m.policy),
		})),
		waiting(m.alert("ComplaintEscalationRateHigh", warning, keepRates, lower("escalated", "escalated", share("escalation")), annotation{
			Summary:     "28 天升级率高于 " + percent(share("escalation")),
			Description: "升级率的 Wilson 95% 下限是 {{ $value | humanizePercentage }}。",
			Page:        "/complaints?scope=kpi&kpi=escalation&part=numerator&" + lastMonth,
			Owner:       onCall(m.policy),
		})),
		waiting(m.alert("ComplaintResolveOnTimeLow", warning, keepRates, fmt.Sprintf(
			"wenguo:stage_breach_ratio:lower{stage=\"resolve\", window=\"28d\"} > %g\n  and wenguo:stage_breached:sum{stage=\"resolve\", window=\"28d\"} >= 2", onTime), annotation{
			Summary:     "28 天按时办结率低于 " + percent(1-onTime),
			Description: "全部部门合计，办结超时率的 Wilson 95% 下限是 {{ $value | humanizePercentage }}，即按时率的上限也不到目标。",
			Page:        "/complaints?scope=kpi&kpi=resolve_on_time&part=missed&" + lastMonth,
			Owner:       onCall(m.policy),
		})),
	}
	return list
}

func percent(share float64) string { return fmt.Sprintf("%.4g%%", 100*share) }

// seconds of a duration, as a number of PromQL.
func seconds(d time.Duration) string { return fmt.Sprintf("%g", d.Seconds()) }
