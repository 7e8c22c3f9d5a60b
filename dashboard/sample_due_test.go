package dashboard_test

import (
	"context"
	"fmt"
	"time"

	"wenguo/transform"
	"wenguo/transform/kpi"
	"wenguo/transform/sla"
)

// stages adds the on-time rates: one judged well, one badly, one on too few, one with anomalies, one without data.
func (s *sample) stages(to map[string]kpi.Value, f int64) {
	to["dispatch_on_time"] = rate(1640, 1652, 2)
	to["confirm_on_time"] = rate(1380+f, 1502, 31)
	to["plan_on_time"] = rate(17, 21, 4)
	to["survey_on_time"] = rate(1120, 1131, 40)
	to["redo_on_time"] = rate(33, 38, 6)
	to["assist_on_time"] = rate(0, 0, 0)
	for id, n := range map[string]int64{"confirm_on_time": 3, "plan_on_time": 0, "response_on_time": 0} {
		v := to[id]
		v.Anomalies = &kpi.Ratio{Numerator: n, Denominator: 1682}
		to[id] = v
	}
	to["repeat"] = rate(41, 1682, 0)
	to["sync_lag"] = kpi.Value{Value: new(140.0), P95: new(140.0), Numerator: 4100, Denominator: 4200, N: 4200, State: kpi.OK, Anomalies: &kpi.Ratio{Numerator: 5, Denominator: 4205}}
	first := to["first_response"]
	first.Numerator, first.Denominator, first.N, first.Pending, first.P50 = 1620, 1682, 1682, 22, new(23.0*60)
	first.P90 = new(5.5 * 3600)
	to["first_response"] = first
}

func (s *sample) KPIsBy(_ context.Context, _ kpi.Query, _ kpi.Dimension, ids ...string) (map[string]map[string]kpi.Value, error) {
	out := map[string]map[string]kpi.Value{}
	for i, priority := range []string{"urgent", "high", "normal", ""} {
		out[priority] = map[string]kpi.Value{}
		for k, id := range ids {
			n := int64(60*i + 20*k + 11)
			out[priority][id] = rate(n*int64(90+i)/100, n, 1)
		}
	}
	return out, s.fail("by priority")
}

func (s *sample) Baseline() (from, to time.Time) { return s.baseline[0], s.baseline[1] }

func (s *sample) Due(_ context.Context, f transform.DueFilter) (transform.DueBoard, error) {
	s.askedDue = f
	if s.noData {
		return transform.DueBoard{}, s.fail("due")
	}
	title := "验证码一直收不到，会员中心登录不了"
	if s.title != "" {
		title = s.title
	}
	clock := func(i int, stage sla.Stage, left time.Duration, standing transform.Standing) transform.OpenClock {
		c := transform.OpenClock{
			ComplaintID: fmt.Sprintf("C-2026-%06d", 123+i), Stage: stage, Round: 1 + i%5/4, Rule: "default", Started: f.At.Add(-48 * time.Hour), Due: f.At.Add(left),
			Standing: standing, Title: title, Category: "技术支持/登录", Priority: []string{"urgent", "normal", "high"}[i%3], Department: "平台技术部", Owner: "t07", Place: 1 + i,
		}
		if i%4 == 1 {
			c.Department, c.Owner = "", ""
		}
		return c
	}
	b := transform.DueBoard{
		Counts: []transform.DueCount{
			{Stage: sla.Acknowledge, Department: "", Overdue: 2, AtRisk: 1, OK: 3},
			{Stage: sla.Resolve, Department: "平台技术部", Overdue: 21, AtRisk: 8, OK: 60, Paused: 5, Provisional: 4},
			{Stage: sla.Confirm, Department: "物流部", Overdue: 1, AtRisk: 4, OK: 12},
			{Stage: sla.Survey, Department: "客服中心", OK: 31},
		},
		MoreOverdue: f.OverdueAfter.IsZero(),
	}
	for i := range 8 {
		b.Overdue = append(b.Overdue, clock(i, []sla.Stage{sla.Resolve, sla.Acknowledge, sla.Confirm}[i%3], -time.Duration(9-i)*7*time.Hour, transform.StandingOverdue))
		standing := []transform.Standing{transform.StandingAtRisk, transform.StandingAtRisk, transform.StandingOK, transform.StandingPaused}[min(i, 3)]
		b.Upcoming = append(b.Upcoming, clock(20+i, []sla.Stage{sla.Resolve, sla.Redo, sla.Survey}[i%3], time.Duration(i*i)*time.Hour+23*time.Minute+5*time.Second, standing))
	}
	b.Upcoming[6].Provisional = true
	return b, s.fail("due")
}

func (s *sample) Survival(context.Context, kpi.Query) (kpi.Waits, error) {
	curve := func(priority string, target time.Duration, n int64, shares ...float64) kpi.WaitingCurve {
		c := kpi.WaitingCurve{Priority: priority, Target: target, N: n, Replied: n * 9 / 10, Waiting: n / 50}
		for i, share := range shares {
			c.Steps = append(c.Steps, kpi.Survival{Time: (time.Minute << (2 * i)).Milliseconds(), Share: share})
		}
		return c
	}
	if s.noData {
		return kpi.Waits{}, s.fail("waiting")
	}
	return kpi.Waits{All: curve("", 0, 1682, .8, .42, .2, .06, .021, .012), ByPriority: []kpi.WaitingCurve{
		curve("urgent", time.Hour, 12, .7, .2, .1), curve("high", time.Hour, 220, .75, .4, .12, .01), curve("normal", 2*time.Hour, 1230, .82, .44, .22, .07, .02), curve("low", 27000*time.Second, 180, .9, .7, .6, .55, .52),
	}}, s.fail("waiting")
}
