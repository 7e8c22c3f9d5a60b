package dashboard

import (
	"cmp"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"wenguo/dashboard/watch"
	"wenguo/transform"
	"wenguo/transform/kpi"
	"wenguo/transform/sla"
)

// alertLead is the first sentence of the page: what breaks, by when, who must act; and whether anybody watches at all.
type alertLead struct {
	// Tone is bad or warn, or empty: silence is never shown in green.
	Tone, Words string
	// Next is the earliest deadline.
	Next *nextRow
	// Late is how many clocks are overdue, of urgent and high complaints.
	Late string
	// State says what watches: rules, last scrape; Troubles what is wrong with it.
	State    string
	Troubles []string
}

// firingView is what fires.
type firingView struct {
	Rows []firingRow
	// Groups are the rows by kind.
	Groups []firingGroup
	// Pending are conditions that hold but have not held long enough.
	Pending []firingRow
}

// firingRow is one alert.
type firingRow struct {
	Name, Severity, SeverityName, Tone string
	Summary, Description               string
	Department, Stage, Priority, Case  string
	Since, SinceISO, Ago               string
	Owner                              string
	// Told says what Alertmanager does about it.
	Told, ToldTone string
	// Page is the path of the page behind it; Runbook is a file of the documentation.
	Page, Runbook string
	// CSRF is the token of the row's form.
	CSRF string
}

// nextView are the deadlines to come.
type nextView struct{ Rows []nextRow }

// nextRow is one of them.
type nextRow struct {
	dueRow

	Deadline string
}

// budget is the verdicts of 28 days of one stage and department.
type budget struct {
	Stage      string       `json:"stage"`
	Department string       `json:"department"`
	Verdicts   kpi.Verdicts `json:"verdicts"`
	// Allowed is how many misses the promise allows; Used the share of them that is used. State is insufficient while the
	// promise allows less than one.
	Allowed float64  `json:"allowed"`
	Used    *float64 `json:"used,omitempty"`
	State   string   `json:"state"`
}

// States of a budget.
const (
	budgetNoPromise    = "no_promise"
	budgetInsufficient = "insufficient"
	budgetWithin       = "within"
	budgetHalf         = "half_spent"
	budgetSpent        = "spent"
)

var budgetNames = map[string]string{ //nolint:gochecknoglobals // a constant table
	budgetNoPromise: "没有额度", budgetInsufficient: "样本不足", budgetWithin: "额度内", budgetHalf: "用去过半", budgetSpent: "已用完",
}

// budgetRow is a budget in words.
type budgetRow struct {
	Stage, Department, N, Breached, Allowed, Used, State, Tone, URL string
	Muted                                                           bool
}

// silenceRow is a silence in words.
type silenceRow struct{ ID, What, Until, By, Comment string }

// historyView is what has fired.
type historyView struct {
	Rows []historyRow
	More int
}

type historyRow struct{ Name, Tone, Severity, What, From, To, Took string }

// noDepartment is how an alert's absent department is said.
const noDepartment = "未派单"

func severityOf(labels map[string]string) (word, tone string) {
	switch labels["severity"] {
	case "critical":
		return "严重", "bad"
	case "warning":
		return "预警", "warn"
	}
	return "提示", ""
}

func newFiring(a deskAnswer, csrf string, now time.Time) firingView {
	var v firingView
	for _, alert := range a.alerts {
		if alert.Name == watchdog {
			continue
		}
		row := newFiringRow(alert, a.told, now)
		row.CSRF = csrf
		if alert.Pending {
			v.Pending = append(v.Pending, row)
			continue
		}
		v.Rows = append(v.Rows, row)
	}
	v.Groups = firingGroups(v.Rows)
	return v
}

// firingOpen is how many alerts of one kind stand open; the rest is one click away, so that a flood hides nothing else.
const firingOpen = 5

// firingGroup are alerts of one kind, in the order of the first; Rest are those behind a click.
type firingGroup struct{ Rows, Rest []firingRow }

func firingGroups(rows []firingRow) []firingGroup {
	var out []firingGroup
	at := map[string]int{}
	for _, r := range rows {
		i, known := at[r.Name]
		if !known {
			i = len(out)
			at[r.Name], out = i, append(out, firingGroup{})
		}
		g := &out[i]
		if len(g.Rows) < firingOpen {
			g.Rows = append(g.Rows, r)
			continue
		}
		g.Rest = append(g.Rest, r)
	}
	return out
}

func newFiringRow(a watch.Alert, told bool, now time.Time) firingRow {
	row := firingRow{
		Name: a.Name, Severity: a.Labels["severity"], Summary: cmp.Or(a.Annotations["summary"], a.Name), Description: a.Annotations["description"],
		Department: a.Labels["department"], Stage: a.Labels["stage"], Priority: a.Labels["priority"], Case: a.Labels["case_id"],
		Since: clockTime(a.Since, now), SinceISO: a.Since.In(now.Location()).Format(time.RFC3339), Ago: ago(a.Since, now),
		Owner: a.Annotations["owner"], Runbook: a.Annotations["runbook"],
	}
	row.SeverityName, row.Tone = severityOf(a.Labels)
	if page := a.Annotations["page"]; strings.HasPrefix(page, "/") && !strings.HasPrefix(page, "//") {
		row.Page = page
	}
	switch {
	case !told:
		row.Told, row.ToldTone = "发不出去", "bad"
	case len(a.Silenced) > 0:
		row.Told, row.ToldTone = "已静默", "wait"
	case len(a.Inhibited) > 0:
		row.Told, row.ToldTone = "已有更严重的告警", "wait"
	case a.Untold:
		row.Told = "即将通知"
	default:
		row.Told = "通知 " + strings.Join(a.Receivers, "、")
	}
	return row
}

// leadState is what watches, and what is wrong with it.
func leadState(a deskAnswer, now time.Time) (state string, troubles []string) {
	alive := slices.ContainsFunc(a.alerts, func(x watch.Alert) bool { return x.Name == watchdog && !x.Pending })
	state = strconv.Itoa(len(slices.Compact(slices.Sorted(slices.Values(a.health.Rules))))) + " 种告警在看，最近一次采集 " + ago(a.health.Scraped, now)
	if !a.told {
		troubles = append(troubles, "Alertmanager 没有运行：告警算得出来，但没有人会收到通知。")
	}
	if a.health.ScrapeError != "" {
		troubles = append(troubles, "Prometheus 采集不到指标，期限之外的告警可能是旧的。")
	}
	if len(a.health.Rules) > 0 && !alive {
		troubles = append(troubles, "Watchdog 不在：规则还没有算过，或者 Prometheus 刚刚启动。")
	}
	for _, broken := range a.health.Broken {
		troubles = append(troubles, "规则算不出来："+broken)
	}
	return state, troubles
}

// awayWords say why nothing is known of alerts.
var awayWords = map[string]string{ //nolint:gochecknoglobals // a constant table
	"off":     "告警已关闭：没有人会收到通知。下面的期限来自数据库。",
	"missing": "Prometheus 没有安装：没有人会收到通知。安装 prometheus 与 prometheus-alertmanager 后重新启动即可；下面的期限来自数据库。",
	"silent":  "Prometheus 没有运行：没有人会收到通知。它停了会自动重启，几秒后再看；下面的期限来自数据库。",
}

func newLead(a deskAnswer, f firingView, due part[transform.DueBoard], now time.Time) alertLead {
	var l alertLead
	if !due.Failed {
		l.Late = lateWords(due.V)
		for _, c := range due.V.Upcoming {
			if c.Standing != transform.StandingPaused {
				row := newNextRow(view{AsOf: now}, c)
				l.Next = &row
				break
			}
		}
	}
	if a.away != "" {
		l.Tone, l.Words = "bad", awayWords[a.away]
		return l
	}
	l.State, l.Troubles = leadState(a, now)
	critical := 0
	for _, r := range f.Rows {
		if r.Tone == "bad" {
			critical++
		}
	}
	switch {
	case critical > 0:
		l.Tone, l.Words = "bad", strconv.Itoa(len(f.Rows))+" 项告警，其中 "+strconv.Itoa(critical)+" 项严重"
	case len(f.Rows) > 0:
		l.Tone, l.Words = "warn", strconv.Itoa(len(f.Rows))+" 项预警"
	default:
		l.Words = "此刻没有告警"
	}
	return l
}

// lateWords count what is overdue already; empty without any.
func lateWords(b transform.DueBoard) string {
	var late int64
	for _, n := range b.Counts {
		late += n.Overdue
	}
	if late == 0 {
		return ""
	}
	return grouped(late)
}

func newNext(v view, b transform.DueBoard) nextView {
	var out nextView
	for _, c := range b.Upcoming {
		if c.Standing != transform.StandingPaused { // it does not run towards anything
			out.Rows = append(out.Rows, newNextRow(v, c))
		}
	}
	return out
}

func newNextRow(v view, c transform.OpenClock) nextRow {
	return nextRow{newDueRow(v, c), c.Due.In(v.AsOf.Location()).Format("2006-01-02 15:04:05")}
}

// sumBudgets adds the verdicts of 28 days up, those of all priorities and rules together, as the alerts do.
func sumBudgets(found []kpi.Timers) []budget {
	type key struct{ stage, department string }
	sums := map[key]kpi.Verdicts{}
	for _, t := range found {
		k := key{t.Stage, t.Department}
		w := t.Windows[len(t.Windows)-1]
		sums[k] = kpi.Verdicts{Met: sums[k].Met + w.Met, Breached: sums[k].Breached + w.Breached}
	}
	var out []budget
	for k, v := range sums {
		if v.Met+v.Breached > 0 {
			out = append(out, newBudget(k.stage, k.department, v))
		}
	}
	rank := func(b budget) int {
		return slices.Index([]string{budgetSpent, budgetHalf, budgetWithin, budgetInsufficient, budgetNoPromise}, b.State)
	}
	used := func(b budget) float64 {
		if b.Used == nil {
			return float64(b.Verdicts.Breached)
		}
		return *b.Used
	}
	slices.SortFunc(out, func(a, b budget) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(used(b), used(a)), cmp.Compare(a.Stage, b.Stage), cmp.Compare(a.Department, b.Department))
	})
	return out
}

func newBudget(stage, department string, v kpi.Verdicts) budget {
	b := budget{Stage: stage, Department: department, Verdicts: v, State: budgetNoPromise}
	share, ok := kpi.Budget(stage)
	if !ok {
		return b
	}
	b.Allowed = share * float64(v.Met+v.Breached)
	if b.Allowed < 1 {
		b.State = budgetInsufficient
		return b
	}
	used := float64(v.Breached) / b.Allowed
	b.Used = &used
	switch {
	case used >= 1:
		b.State = budgetSpent
	case used >= 0.5:
		b.State = budgetHalf
	default:
		b.State = budgetWithin
	}
	return b
}

func newBudgetRows(now time.Time, found []budget) []budgetRow {
	var out []budgetRow
	from, to := midnight(now).AddDate(0, 0, -27), midnight(now).AddDate(0, 0, 1)
	for _, b := range found[:min(len(found), budgetRows)] {
		row := budgetRow{
			Stage: name(stageNames, sla.Stage(b.Stage)), Department: valueName(kpi.Department, b.Department),
			N: grouped(b.Verdicts.Met + b.Verdicts.Breached), Breached: grouped(b.Verdicts.Breached), Allowed: dash, Used: dash, State: budgetNames[b.State],
			Tone: map[string]string{budgetSpent: "bad", budgetHalf: "warn"}[b.State], Muted: b.State == budgetInsufficient || b.State == budgetNoPromise,
		}
		if b.State != budgetNoPromise {
			row.Allowed = strconv.FormatFloat(b.Allowed, 'f', 1, 64)
		}
		if b.Used != nil {
			row.Used = strconv.FormatFloat(math.Round(*b.Used*100), 'f', 0, 64) + "%"
		}
		if b.Department == kpi.Other {
			row.Department = "其他部门"
		} else {
			row.URL = address("/complaints", url.Values{
				"scope": {"due"}, "stage": {b.Stage}, "verdict": {"breached"}, "department": {b.Department},
				"from": {dateOrInstant(from)}, "to": {dateOrInstant(to)},
			})
		}
		out = append(out, row)
	}
	return out
}

func silenceRows(found []watch.Silence, now time.Time) []silenceRow {
	var out []silenceRow
	for _, s := range found {
		var what []string
		for _, m := range s.Matchers {
			operator := map[[2]bool]string{{true, false}: " = ", {false, false}: " ≠ ", {true, true}: " ~ ", {false, true}: " !~ "}[[2]bool{m.IsEqual, m.IsRegex}]
			what = append(what, cmp.Or(labelNames[m.Name], m.Name)+operator+cmp.Or(m.Value, "（空）"))
		}
		out = append(out, silenceRow{s.ID, strings.Join(what, "，"), clockTime(s.EndsAt, now), s.CreatedBy, s.Comment})
	}
	return out
}

// labelNames are the labels that a silence names.
var labelNames = map[string]string{ //nolint:gochecknoglobals // a constant table
	"alertname": "告警", "department": "部门", "stage": "环节", "priority": "优先级", "case_id": "投诉", "severity": "级别",
}

func newHistory(found []watch.Span, now time.Time) historyView {
	found = slices.DeleteFunc(slices.Clone(found), func(s watch.Span) bool { return s.Name == watchdog })
	v := historyView{More: max(len(found)-historyRows, 0)}
	for _, s := range found[:min(len(found), historyRows)] {
		row := historyRow{Name: s.Name, From: clockTime(s.From, now), To: clockTime(s.To, now), Took: durationText(s.To.Sub(s.From))}
		row.Severity, row.Tone = severityOf(s.Labels)
		if s.Open {
			row.To, row.Took = "仍在告警", durationText(now.Sub(s.From))
		}
		var what []string
		for _, label := range []string{"case_id", "department", "stage", "priority", "channel", "class", "partition", "calendar"} {
			value, ok := s.Labels[label]
			switch {
			case label == "stage" && ok:
				value = name(stageNames, sla.Stage(value))
			case label == "priority" && ok:
				value = name(priorityNames, value)
			case label == "department" && ok && value == "":
				value = noDepartment
			case label == "channel" && ok:
				value = name(channelNames, value)
			}
			if value != "" {
				what = append(what, value)
			}
		}
		row.What = strings.Join(what, " · ")
		v.Rows = append(v.Rows, row)
	}
	return v
}
