package sla_test

import (
	"errors"
	"strings"
	"testing"

	"wenguo/transform/sla"
)

func TestPolicyMistakesNameLineAndRemedy(t *testing.T) {
	const head = "calendars:\n  24x7: {kind: natural}\n  office: {kind: working, days: [mon], hours: [\"09:00-12:00\"]}\n"
	calendar := func(keys string) string { return "calendars:\n  c:\n    kind: working\n    " + keys + "\n" }
	for name, tt := range map[string]struct{ text, want string }{
		"a misspelt key":                       {head + "rules: []\nruels: []\n", `unknown key "ruels" at line 5; did you mean "rules"?`},
		"a misspelt key of a rule":             {head + "rules:\n  - stage: resolve\n    taget: 1h\n    calendar: 24x7\n    target: 1h\n", `unknown key "taget" at line 6; did you mean "target"?`},
		"a misspelt key of a match":            {head + "rules:\n  - stage: resolve\n    match:\n      prioritiy: [high]\n    target: 1h\n    calendar: 24x7\n", `unknown key "prioritiy" at line 7; did you mean "priority"?`},
		"a misspelt key of a calendar":         {calendar("holydays: cn"), `unknown key "holydays" at line 4; did you mean "holidays"?`},
		"a misspelt key of a source":           {calendar("holidays: {icla: x.ics}"), `unknown key "icla" at line 4; did you mean "ical"?`},
		"a misspelt key of the alerts":         {"alerts:\n  helthy: 0.1\n", `unknown key "helthy" at line 2; did you mean "healthy"?`},
		"a misspelt key of the baseline":       {"baseline:\n  form: 2026-01-01\n", `unknown key "form" at line 2; did you mean "from"?`},
		"a misspelt key of an owner":           {"owners:\n  售后:\n    peple: [a]\n", `unknown key "peple" at line 3; did you mean "people"?`},
		"a key like no other lists them":       {"baseline: {until: 1}\n", `unknown key "until" at line 1; use one of from, to`},
		"a key given twice":                    {"zone: UTC\nminimum_n: 3\nzone: UTC\n", `duplicate key "zone" at line 3; it stands at line 1 already`},
		"a calendar given twice":               {"calendars:\n  a: {kind: natural}\n  a: {kind: natural}\n", `duplicate key "a" at line 3; it stands at line 2 already`},
		"an unknown stage":                     {head + "rules:\n  - {stage: resolv, target: 1h, calendar: 24x7}\n", `unknown stage "resolv" at line 5; did you mean "resolve"?`},
		"a priority":                           {head + "rules:\n  - {stage: resolve, match: {priority: [hihg]}, target: 1h, calendar: 24x7}\n", `unknown priority "hihg" at line 5; did you mean "high"?`},
		"an undefined calendar":                {head + "rules:\n  - {stage: resolve, target: 1h, calendar: ofice}\n", `unknown calendar "ofice" at line 5; did you mean "office"?`},
		"a calendar like no other":             {head + "rules:\n  - {stage: resolve, target: 1h, calendar: night}\n", `unknown calendar "night" at line 5; use one of 24x7, office`},
		"a rule's kind":                        {head + "rules:\n  - {stage: resolve, rule: outtage, target: 1h, calendar: 24x7}\n", `unknown rule "outtage" at line 5; did you mean "outage"?`},
		"a weekday":                            {calendar("days: [monday]"), `unknown weekday "monday" at line 4; did you mean "mon"?`},
		"a weekday of its own hours":           {calendar("by_weekday: {freitag: []}"), `unknown weekday "freitag" at line 4`},
		"a kind of calendar":                   {"calendars:\n  c: {kind: workin}\n", `unknown kind "workin" at line 2; did you mean "working"?`},
		"a pack of holidays":                   {calendar("holidays: ch"), `unknown holidays "ch" at line 4; did you mean "cn"?`},
		"a unit":                               {head + "rules:\n  - {stage: resolve, target: 2hrs, calendar: 24x7}\n", `unknown unit "hrs" in target "2hrs" at line 5; did you mean "h"?`},
		"a unit of another kind":               {head + "rules:\n  - {stage: resolve, target: 1bd, calendar: 24x7}\n", `unknown unit "bd" in target "1bd" at line 5; did you mean "wd"?`},
		"a unit that could mean several":       {head + "rules:\n  - {stage: resolve, target: 1M, calendar: 24x7}\n", `unknown unit "M" in target "1M" at line 5; use s, m, h or d (24 hours), or wd`},
		"a target without unit":                {head + "rules:\n  - {stage: resolve, target: 3, calendar: 24x7}\n", `target "3" is no duration at line 5`},
		"a negative target":                    {head + "rules:\n  - {stage: resolve, target: -3h, calendar: 24x7}\n", `target "-3h" is no duration at line 5`},
		"a target of nothing":                  {head + "rules:\n  - {stage: resolve, target: 0h, calendar: 24x7}\n", `target "0h" is out of bounds at line 5`},
		"a target beyond all measure":          {head + "rules:\n  - {stage: resolve, target: 99999999999999999999d, calendar: 24x7}\n", `is out of bounds at line 5`},
		"a rule without target":                {head + "rules:\n  - {stage: resolve, calendar: 24x7}\n", `rule without target at line 5`},
		"a rule without calendar":              {head + "rules:\n  - {stage: resolve, target: 1h}\n", `rule without calendar at line 5; use one of 24x7, office`},
		"a rule without stage":                 {head + "rules:\n  - {target: 1h, calendar: 24x7}\n", `rule without stage at line 5`},
		"a match of nothing":                   {head + "rules:\n  - {stage: resolve, match: {tier: []}, target: 1h, calendar: 24x7}\n", `tier that matches nothing at line 5`},
		"a warning outside the target":         {head + "rules:\n  - {stage: resolve, target: 1h, calendar: 24x7, warn_after: 0}\n", `warn_after 0 does not lie in (0, 1] at line 5`},
		"pauses that are no truth":             {head + "rules:\n  - {stage: resolve, target: 1h, calendar: 24x7, pauses: maybe}\n", `pauses is neither true nor false at line 5`},
		"hours that overlap":                   {calendar(`hours: ["09:00-12:00", "11:00-13:00"]`), `hours "11:00-13:00" overlap`},
		"hours that go on after their end":     {calendar(`hours: ["09:00-12:00x"]`), `hours "09:00-12:00x" are no interval at line 4`},
		"a calendar without hours":             {"calendars:\n  c: {kind: working}\n", `calendar "c" without hours at line 2`},
		"a calendar without days":              {calendar(`hours: ["09:00-12:00"]`), `calendar "c" without a day that is worked at line 2`},
		"a calendar without kind":              {"calendars:\n  c: {days: [mon]}\n", `calendar "c" without kind at line 2`},
		"a natural calendar with hours":        {"calendars:\n  c:\n    kind: natural\n    days: [mon]\n", `natural calendar "c" with hours, days or holidays at line 4`},
		"an unknown zone":                      {"\nzone: Mars/Olympus\n", `unknown zone "Mars/Olympus" at line 2`},
		"the zone of whatever machine it runs": {"zone: Local\n", `unknown zone "Local" at line 1`},
		"a date that is none":                  {calendar(`exceptions: {"2026-02-30": []}`), `exception "2026-02-30" is no date at line 4`},
		"rates that leave nothing to detect":   {"alerts: {healthy: 0.06, unhealthy: 0.01}\n", "at line 1; 0 < healthy < unhealthy < 1 must hold"},
		"a hold that is none":                  {"alerts: {hold: soon}\n", `hold "soon" is no duration at line 1`},
		"a silence that is none":               {"heartbeats:\n  phone: 1week\n", `unknown unit "week" in heartbeat "1week" at line 2`},
		"a minimum that is none":               {"minimum_n: many\n", `minimum_n "many" is no number at line 1`},
		"a minimum of nobody":                  {"minimum_n: 0\n", `minimum_n 0 is no whole number above 0 at line 1`},
		"a baseline turned round":              {"baseline: {from: 2026-02-01, to: 2026-01-01}\n", `baseline that ends on 2026-01-01, not after it begins at line 1`},
		"a baseline without end":               {"baseline: {from: 2026-02-01}\n", `baseline without "to" at line 1`},
		"rules that are no rules":              {"rules:\n  - resolve\n", `rule is no mapping at line 2`},
		"broken YAML":                          {"zone: UTC\nrules: [\n", "broken YAML at line 2"},
		"two documents":                        {"zone: UTC\n---\nzone: UTC\n", "a second document at line 3; keep one"},
		"an iCalendar file left outside":       {calendar("holidays: {ical: holidays.ics}"), `unknown iCalendar file "holidays.ics" at line 4`},
		"a source that is two":                 {calendar("holidays: {ical: holidays.ics, pack: cn}"), `holidays without one source at line 4`},
		"a year that is none":                  {"calendars:\n  c:\n    kind: working\n    holidays: [{pack: cn, years: [now]}]\n", `"now" is no year at line 4`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := sla.ParsePolicy([]byte(tt.text))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("error\n%v\ndoes not say\n%s", err, tt.want)
			}
			if _, ok := errors.AsType[sla.Mistakes](err); !ok {
				t.Errorf("%T holds no mistakes", err)
			}
		})
	}
}

func TestEveryMistakeIsTold(t *testing.T) {
	_, err := sla.ParsePolicy([]byte("zoone: UTC\nrules:\n  - {stage: resolv, target: 1hour, calendar: none, match: {mood: [bad]}}\nminimum_n: x\n"))
	mistakes, _ := errors.AsType[sla.Mistakes](err)
	var lines []int
	for _, m := range mistakes {
		lines = append(lines, m.Line)
	}
	want := []int{1, 3, 3, 3, 3, 4}
	if len(lines) != len(want) {
		t.Fatalf("%d mistakes: %v", len(lines), err)
	}
	for i := range want {
		if lines[i] != want[i] {
			t.Errorf("lines %v, want %v", lines, want)
		}
	}
}

func TestPolicyForms(t *testing.T) {
	p, err := sla.ParsePolicy([]byte(`
zone: America/New_York
owners: {售后: {people: 张三, robots: [ding-1, ding-2]}}
heartbeats: {phone: 1h30m}
alerts: {healthy: 0.02, unhealthy: 0.1, hold: 2d}
baseline: {from: 2026-01-01, to: 2026-04-01}
minimum_n: 50
calendars:
  shop: &shop
    kind: working
    zone: Asia/Shanghai
    days: [mon]
    hours: 08:30-12:00
    by_weekday: {sat: ["10:00-11:00"]}
  late: {<<: *shop, hours: ["12:00-24:00"]}
rules:
  - {stage: resolve, match: {priority: high, channel: [phone, app], tier: vip, product: p, department: d}, target: 1h30m, calendar: shop, warn_after: 0.5, pauses: false}
  - {stage: resolve, target: 1wd, calendar: late}
`))
	if err != nil {
		t.Fatal(err)
	}
	all := sla.Values{Priority: "high", Channel: "app", Tier: "vip", Product: "p", Department: "d"}
	got, _ := p.Target(sla.Resolve, all)
	if got.Duration.Minutes() != 90 || got.WarnAfter.Minutes() != 45 || got.Pauses || got.Calendar.Name() != "shop" {
		t.Errorf("the first rule gives %+v", got)
	}
	for _, field := range []string{"priority", "channel", "tier", "product", "department"} {
		v := all
		switch field {
		case "priority":
			v.Priority = "low"
		case "channel":
			v.Channel = "web"
		case "tier":
			v.Tier = "gold"
		case "product":
			v.Product = "q"
		case "department":
			v.Department = ""
		}
		if other, _ := p.Target(sla.Resolve, v); other.Calendar.Name() != "late" || other.Duration.Hours() != 12 {
			t.Errorf("with another %s: %+v", field, other)
		}
	}
	saturday := instant(t, "2026-11-21T00:00:00+08:00")
	if worked := got.Calendar.Between(saturday, saturday.AddDate(0, 0, 1)); worked.Hours() != 1 {
		t.Errorf("a weekday with hours of its own is worked %s", worked)
	}
	if o := p.Owners["售后"]; len(o.People) != 1 || o.People[0] != "张三" || len(o.Robots) != 2 {
		t.Errorf("owner %+v", o)
	}
	if p.Heartbeats["phone"].Minutes() != 90 || p.MinimumN != 50 || p.Alerts.Hold.Hours() != 48 || p.Alerts.Healthy != 0.02 || p.Alerts.Unhealthy != 0.1 {
		t.Errorf("heartbeats %v, minimum %d, alerts %+v", p.Heartbeats, p.MinimumN, p.Alerts)
	}
	if !p.BaselineFrom.Equal(instant(t, "2026-01-01T00:00:00-05:00")) || !p.BaselineTo.Equal(instant(t, "2026-04-01T00:00:00-04:00")) {
		t.Errorf("baseline %s to %s", p.BaselineFrom, p.BaselineTo)
	}
}

func TestAnUnknownPriorityIsNormal(t *testing.T) {
	p, err := sla.ParsePolicy([]byte("calendars: {c: {kind: natural}}\nrules:\n" +
		"  - {stage: resolve, match: {priority: normal}, target: 1h, calendar: c}\n  - {stage: resolve, target: 9h, calendar: c}\n"))
	if err != nil {
		t.Fatal(err)
	}
	for given, want := range map[string]float64{"normal": 1, "": 1, "P0": 1, "low": 9, "urgent": 9} {
		if got, _ := p.Target(sla.Resolve, sla.Values{Priority: given}); got.Duration.Hours() != want {
			t.Errorf("priority %q: %s", given, got.Duration)
		}
	}
}

func TestDoubts(t *testing.T) {
	const head = "calendars: {c: {kind: natural}}\nrules:\n"
	for name, tt := range map[string]struct{ rules, want string }{
		"a rule after one without match": {
			"  - {stage: resolve, target: 1h, calendar: c}\n  - {stage: resolve, match: {priority: high}, target: 2h, calendar: c}\n",
			"resolve rule that never counts at line 4; the rule at line 3 takes all",
		},
		"a branch after its category": {
			"  - {stage: resolve, match: {category: 网络}, target: 1h, calendar: c}\n  - {stage: resolve, match: {category: 网络/断网, channel: app}, target: 2h, calendar: c}\n",
			"resolve rule that never counts at line 4; the rule at line 3 takes all",
		},
		"the last of four priorities": {
			"  - {stage: plan, match: {priority: [urgent, high]}, target: 1h, calendar: c}\n  - {stage: plan, match: {priority: [normal, low]}, target: 1h, calendar: c}\n  - {stage: plan, target: 2h, calendar: c}\n",
			"plan rule that never counts at line 5; the rules at lines 3, 4 together take all",
		},
		"a stage without rule":      {"  - {stage: resolve, target: 1h, calendar: c}\n", "no rule for stage survey; it has no clock"},
		"complaints without a rule": {"  - {stage: resolve, match: {tier: vip}, target: 1h, calendar: c}\n", "no rule without match for stage resolve"},
		"a calendar nobody uses":    {"  []\n", `calendar "c" that no rule uses`},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := sla.ParsePolicy([]byte(head + tt.rules))
			if err != nil {
				t.Fatal(err)
			}
			if got := p.Doubts().Error(); !strings.Contains(got, tt.want) {
				t.Errorf("doubts\n%s\ndo not say\n%s", got, tt.want)
			}
		})
	}
	if doubts := policy(t).Doubts(); len(doubts) > 0 {
		t.Errorf("the shipped policy is doubted: %v", doubts)
	}
	p, err := sla.ParsePolicy([]byte(head + "  - {stage: resolve, match: {category: 网络/断网}, target: 1h, calendar: c}\n" +
		"  - {stage: resolve, match: {category: 网络, priority: high}, target: 1h, calendar: c}\n  - {stage: resolve, target: 1h, calendar: c}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(p.Doubts().Error(), "never counts") {
		t.Errorf("rules that all count are doubted: %v", p.Doubts())
	}
}
