package sla_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"wenguo/transform/sla"
)

// under makes the clocks of a stage as a policy would; none without a rule.
func under(p *sla.Policy, s sla.Stage, run sla.Run) []sla.Clock {
	promise, ok := p.Target(s, sla.Values{})
	if !ok {
		return nil
	}
	run.Target = promise
	return []sla.Clock{run.Clock()}
}

func TestComparison(t *testing.T) {
	start := instant(t, "2026-11-16T10:00:00+08:00")
	day := 24 * time.Hour
	parse := func(old, replacement string) *sla.Policy {
		text := strings.Replace(string(sla.DefaultPolicy()), old, replacement, 1)
		p, err := sla.ParsePolicy([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	const resolveRule = "{stage: resolve, target: 3d, calendar: natural-days}"
	shorter := parse(resolveRule, "{stage: resolve, target: 1d, calendar: natural-days}")
	longer := parse(resolveRule, "{stage: resolve, target: 9d, calendar: natural-days}")
	unpaused := parse(resolveRule, "{stage: resolve, target: 3d, calendar: natural-days, pauses: false}")
	without := parse("- "+resolveRule, "")
	one := sla.Effect{Count: 1, Examples: []string{"c"}}
	flip := func(from, to sla.State) []sla.Flip { return []sla.Flip{{From: from, To: to, Effect: one}} }
	for name, tt := range map[string]struct {
		other *sla.Policy
		run   sla.Run
		after time.Duration // from the start to the question
		want  *sla.Group    // nil when nothing changes; its promises and Changed are not held against it
	}{
		"the same policy changes nothing":          {other: policy(t), run: sla.Run{}, after: day},
		"a shorter target breaks what was kept":    {other: shorter, run: sla.Run{Finish: start.Add(2 * day)}, after: 5 * day, want: &sla.Group{Flips: flip(sla.Met, sla.Breached)}},
		"a longer one keeps what was broken":       {other: longer, run: sla.Run{Finish: start.Add(4 * day)}, after: 5 * day, want: &sla.Group{Flips: flip(sla.Breached, sla.Met)}},
		"a running clock is due earlier":           {other: shorter, after: time.Hour, want: &sla.Group{Flips: []sla.Flip{}, Earlier: one}},
		"or later":                                 {other: longer, after: time.Hour, want: &sla.Group{Flips: []sla.Flip{}, Later: one}},
		"or past due at once":                      {other: shorter, after: 2 * day, want: &sla.Group{Flips: flip(sla.Running, sla.Breached)}},
		"or not any more":                          {other: longer, after: 4 * day, want: &sla.Group{Flips: flip(sla.Breached, sla.Running)}},
		"a clock without a rule is gone":           {other: without, after: time.Hour, want: &sla.Group{Flips: flip(sla.Running, "")}},
		"an end that came too late comes in time":  {other: longer, run: sla.Run{End: start.Add(4 * day)}, after: 5 * day, want: &sla.Group{Flips: flip(sla.Breached, sla.Cancelled)}},
		"a pause that no longer counts moves it":   {other: unpaused, run: sla.Run{Pauses: []sla.Interval{{From: start, To: start.Add(day)}}}, after: day, want: &sla.Group{Flips: []sla.Flip{}, Earlier: one}},
		"a pause that stops no clock starts it":    {other: unpaused, run: sla.Run{Pauses: []sla.Interval{{From: start}}}, after: day, want: &sla.Group{Flips: flip(sla.Paused, sla.Running), Earlier: one}},
		"without a pause such a rule does nothing": {other: unpaused, after: day},
	} {
		t.Run(name, func(t *testing.T) {
			tt.run.Started = start
			c := sla.Compare(policy(t), tt.other, start.Add(tt.after))
			named := sla.Named(sla.Assist, 1, start, start.Add(day), time.Time{}, time.Time{})
			c.Add("c", append(under(policy(t), sla.Resolve, tt.run), named), append(under(tt.other, sla.Resolve, tt.run), named))
			total, groups := c.Result()
			if total.Complaints != 1 || total.Clocks != 2 {
				t.Errorf("total %+v", total)
			}
			if tt.want == nil {
				if len(groups) != 0 || total.Changed != 0 {
					t.Fatalf("changed %d: %+v", total.Changed, groups)
				}
				return
			}
			if len(groups) != 1 || total.Changed != 1 || !reflect.DeepEqual(groups[0].Changed, one) {
				t.Fatalf("changed %d: %+v", total.Changed, groups)
			}
			g := groups[0]
			if !reflect.DeepEqual(g.Flips, tt.want.Flips) || !reflect.DeepEqual(g.Earlier, tt.want.Earlier) || !reflect.DeepEqual(g.Later, tt.want.Later) {
				t.Errorf("group %+v, want %+v", g, *tt.want)
			}
		})
	}
}

func TestComparisonNamesFiveComplaintsAtMost(t *testing.T) {
	start := instant(t, "2026-11-16T10:00:00+08:00")
	longer, err := sla.ParsePolicy([]byte(strings.Replace(string(sla.DefaultPolicy()), "target: 10m", "target: 20m", 1)))
	if err != nil {
		t.Fatal(err)
	}
	c := sla.Compare(policy(t), longer, start.Add(time.Minute))
	for _, id := range []string{"1", "2", "3", "4", "5", "6", "7"} {
		run := sla.Run{Started: start}
		c.Add(id, under(policy(t), sla.Dispatch, run), under(longer, sla.Dispatch, run))
	}
	_, groups := c.Result()
	if len(groups) != 1 || groups[0].Later.Count != 7 || strings.Join(groups[0].Later.Examples, "") != "12345" {
		t.Errorf("groups %+v", groups)
	}
}
