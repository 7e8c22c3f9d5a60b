package alerts

import (
	"fmt"
	"strings"
	"time"

	"wenguo/transform/sla"
)

// names in Chinese, in the order in which a template tries them.
var (
	stageNames = [][2]string{ //nolint:gochecknoglobals // a constant table
		{"acknowledge", "受理"},
		{"dispatch", "派单"},
		{"confirm", "部门确认"},
		{"plan", "方案"},
		{"resolve", "办结"},
		{"survey", "回访"},
		{"redo", "二次处置"},
		{"assist", "协办"},
	}
	//nolint:gochecknoglobals // a constant table
	priorityNames = [][2]string{{"urgent", "紧急"}, {"high", "高优先级"}}
	channelNames  = [][2]string{ //nolint:gochecknoglobals // a constant table
		{"phone", "电话"},
		{"email", "邮件"},
		{"web", "网站"},
		{"wechat", "微信"},
		{"app", "App"},
		{"im", "在线客服"},
		{"social", "社交媒体"},
		{"counter", "柜台"},
		{"fax", "传真"},
		{"other", "其他"},
	}
)

// spoken is a template's action that says a label in Chinese.
func spoken(label string, names [][2]string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "{{ $labels.%s", label)
	for _, n := range names {
		fmt.Fprintf(&b, ` | reReplaceAll "^%s$" "%s"`, n[0], n[1])
	}
	return b.String() + " }}"
}

func department() string { return `{{ or $labels.department "（未派单）" }}` }
func stage() string      { return "「" + spoken("stage", stageNames) + "」" }
func priority() string   { return spoken("priority", priorityNames) + "投诉" }

// years for which an instant's offset is written into the templates, as far as the zone's rules are known.
const firstYear, lastYear = 2025, 2037

// instant is a template's action that writes unix seconds, given as a template's expression, in a zone. A template knows
// UTC alone, so the offset is added first: a constant, and for every change of the clocks a step.
func instant(seconds string, zone *time.Location) string {
	at := time.Date(firstYear, 1, 1, 0, 0, 0, 0, time.UTC)
	end := time.Date(lastYear+1, 1, 1, 0, 0, 0, 0, time.UTC)
	_, offset := at.In(zone).Zone()
	var shift strings.Builder
	fmt.Fprintf(&shift, "%%[1]f + %d", offset)
	for {
		_, until := at.In(zone).ZoneBounds()
		if until.IsZero() || !until.After(at) || until.After(end) {
			break
		}
		_, next := until.In(zone).Zone()
		if next != offset {
			fmt.Fprintf(&shift, " + %d * (%%[1]f >= bool %d)", next-offset, until.Unix())
		}
		at, offset = until, next
	}
	// vector() takes a scalar: every term is one.
	return fmt.Sprintf(`{{ with printf "vector(%s)" (%s) | query }}{{ (. | first | value | toTime).Format "2006-01-02 15:04:05" }}{{ end }}（%s）`,
		shift.String(), seconds, zoneName(zone))
}

func zoneName(zone *time.Location) string {
	if zone.String() == "Asia/Shanghai" {
		return "北京时间"
	}
	return zone.String()
}

// owner is a template that names who answers for an alert's department.
func owner(p *sla.Policy) string {
	var b strings.Builder
	for i, name := range owned(p) {
		people := strings.Join(p.Owners[name].People, "、")
		if people == "" {
			people = name
		}
		word := "if"
		if i > 0 {
			word = "else if"
		}
		fmt.Fprintf(&b, "{{ %s eq $labels.department %s }}%s", word, quoted(name), literal(people))
	}
	if b.Len() == 0 {
		return onCall(p)
	}
	return b.String() + "{{ else }}" + onCall(p) + "{{ end }}"
}

func onCall(p *sla.Policy) string {
	if people := strings.Join(p.Alerts.OnCall.People, "、"); people != "" {
		return literal(people)
	}
	return "值班人员"
}

// quoted is a string of a template.
func quoted(s string) string { return fmt.Sprintf("%q", s) }

// literal is a text of a template that cannot be an action.
func literal(s string) string {
	if !strings.Contains(s, "{{") {
		return s
	}
	return "{{ " + quoted(s) + " }}"
}

// spell writes a duration in Chinese.
func spell(d time.Duration) string {
	var parts []string
	for _, unit := range []struct {
		length time.Duration
		name   string
	}{{24 * time.Hour, "天"}, {time.Hour, "小时"}, {time.Minute, "分钟"}, {time.Second, "秒"}} {
		if n := d / unit.length; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, unit.name))
			d %= unit.length
		}
	}
	return strings.Join(parts, " ")
}
