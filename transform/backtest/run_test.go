package backtest

import (
	"fmt"
	"testing"
	"time"

	"wenguo/transform"
	"wenguo/transform/sla"
)

var start = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

// always is a policy of one promise: an hour, of which the last quarter is at risk.
func always(t *testing.T) *sla.Policy {
	t.Helper()
	p, err := sla.ParsePolicy([]byte("zone: UTC\ncalendars: {always: {kind: natural}}\nrules:\n  - {stage: resolve, target: 1h, calendar: always}\n"))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// past adds complaints of a department, registered so many minutes after the start; took is when they were resolved, 0 for
// those that are still open.
type past struct {
	h    *History
	cal  *sla.Calendar
	next int
}

func newPast(t *testing.T, days int) *past {
	t.Helper()
	p := always(t)
	return &past{h: New(p, start, start.AddDate(0, 0, days)), cal: p.Calendars()[0]}
}

func (p *past) complaint(at, took time.Duration, with ...func(*transform.Complaint)) {
	p.next++
	registered := start.Add(at)
	c := transform.Complaint{
		ID: fmt.Sprint(p.next), RegisteredAt: registered, State: transform.Open, Priority: "high", Department: "网络部",
		Rounds: []transform.Round{{Number: 1, StartedAt: registered}},
		Clocks: []sla.Clock{{
			Stage: sla.Resolve, Round: 1, Rule: sla.RuleDefault, Calendar: p.cal.ID(), Started: registered, Target: time.Hour,
			WarnAfter: 45 * time.Minute, Due: registered.Add(time.Hour),
		}},
	}
	if took > 0 {
		c.State, c.Rounds[0].EndedAt, c.Clocks[0].Finished = transform.Resolved, registered.Add(took), registered.Add(took)
	}
	for _, change := range with {
		change(&c)
	}
	p.h.Add(c, func(string) *sla.Calendar { return p.cal })
}

func (p *past) rule(t *testing.T, name string) Rule {
	t.Helper()
	for _, r := range p.h.Run().Rules {
		if r.Alert == name {
			return r
		}
	}
	t.Fatalf("%s is not replayed", name)
	return Rule{}
}

// counted says what a rule did in one line.
func counted(r Rule) string {
	lead := "-"
	if r.LeadMedian != nil {
		lead = time.Duration(*r.LeadMedian * float64(time.Second)).String()
	}
	return fmt.Sprintf("fired %d followed %d lead %s breaches %d unwarned %d", r.Fired, r.Followed, lead, r.Breaches, r.Unwarned)
}

func normal(c *transform.Complaint) { c.Priority = "normal" }

func TestWhatEachAlertWouldHaveDone(t *testing.T) {
	for name, c := range map[string]struct {
		alert string
		add   func(*past)
		want  string
	}{
		"answered before the last quarter": {
			"ComplaintCaseDeadlineApproaching", func(p *past) { p.complaint(0, 44*time.Minute) }, "fired 0 followed 0 lead - breaches 0 unwarned 0",
		},
		"answered in the last quarter": {
			"ComplaintCaseDeadlineApproaching", func(p *past) { p.complaint(0, 50*time.Minute) }, "fired 1 followed 0 lead - breaches 0 unwarned 0",
		},
		"one too late, one in time, one never": {
			"ComplaintCaseDeadlineApproaching", func(p *past) {
				p.complaint(0, 2*time.Hour)
				p.complaint(time.Minute, 50*time.Minute)
				p.complaint(2*time.Minute, 0)
			}, "fired 3 followed 2 lead 15m0s breaches 2 unwarned 0",
		},
		"normal priorities wake nobody": {
			"ComplaintCaseDeadlineApproaching", func(p *past) { p.complaint(0, 2*time.Hour, normal) }, "fired 0 followed 0 lead - breaches 0 unwarned 0",
		},
		"a clock without margin is not warned of": {
			"ComplaintCaseDeadlineApproaching", func(p *past) {
				p.complaint(0, 2*time.Hour, func(c *transform.Complaint) { c.Clocks[0].WarnAfter = time.Hour })
			}, "fired 0 followed 0 lead - breaches 1 unwarned 1",
		},
		"a breach is its own alert": {
			"ComplaintCaseSLABreached", func(p *past) { p.complaint(0, 2*time.Hour) }, "fired 1 followed 1 lead 0s breaches 1 unwarned 0",
		},
		"a group warns once for deadlines that follow each other": {
			"ComplaintSLADeadlineApproaching", func(p *past) {
				p.complaint(0, 2*time.Hour)
				p.complaint(10*time.Minute, 2*time.Hour)
				p.complaint(5*time.Hour, 2*time.Hour)
			}, "fired 2 followed 2 lead 15m0s breaches 3 unwarned 0",
		},
		"overdue once while several wait": {
			"ComplaintSLAOverdue", func(p *past) {
				p.complaint(0, 3*time.Hour)
				p.complaint(time.Hour, 3*time.Hour)
				p.complaint(10*time.Hour, 3*time.Hour)
			}, "fired 2 followed 2 lead 0s breaches 3 unwarned 0",
		},
		"a corrected clock is no breach": {
			"ComplaintCaseSLABreached", func(p *past) {
				p.complaint(0, 2*time.Hour, func(c *transform.Complaint) { c.Clocks[0].Anomaly = true })
			}, "fired 0 followed 0 lead - breaches 0 unwarned 0",
		},
		"two breaches in a row are more than a healthy rate, a third follows a day later": {
			"ComplaintSLABreachRateHigh", func(p *past) {
				p.complaint(0, 2*time.Hour)
				p.complaint(time.Hour, 2*time.Hour)
				p.complaint(25*time.Hour, 2*time.Hour)
			}, "fired 1 followed 1 lead 24h0m0s breaches 3 unwarned 2",
		},
		"breaches among many met clocks are healthy": {
			"ComplaintSLABreachRateHigh", func(p *past) {
				for i := range 400 {
					took := 10 * time.Minute
					if i%100 == 50 {
						took = 2 * time.Hour
					}
					p.complaint(time.Duration(i)*time.Hour, took)
				}
			}, "fired 0 followed 0 lead - breaches 4 unwarned 4",
		},
		"the budget: two of three": {
			"ComplaintSLABudgetSpent", func(p *past) {
				p.complaint(0, 2*time.Hour)
				p.complaint(time.Hour, 10*time.Minute)
				p.complaint(2*time.Hour, 2*time.Hour)
			}, "fired 1 followed 0 lead - breaches 2 unwarned 2",
		},
		"the budget: one of three is no rate": {
			"ComplaintSLABudgetSpent", func(p *past) {
				p.complaint(0, 2*time.Hour)
				p.complaint(time.Hour, 10*time.Minute)
				p.complaint(2*time.Hour, 10*time.Minute)
			}, "fired 0 followed 0 lead - breaches 1 unwarned 1",
		},
		"escalations of two in three": {
			"ComplaintEscalationRateHigh", func(p *past) {
				escalated := func(c *transform.Complaint) { c.Escalations = []time.Time{c.RegisteredAt.Add(time.Hour)} }
				p.complaint(0, time.Minute, escalated)
				p.complaint(time.Hour, time.Minute)
				p.complaint(2*time.Hour, time.Minute, escalated)
			}, "fired 1 followed 0 lead - breaches 2 unwarned 2",
		},
		"who gave up and who waited too long were missed": {
			"ComplaintMissRateHigh", func(p *past) {
				p.complaint(0, 0, func(c *transform.Complaint) {
					c.Response = transform.Response{Abandoned: true, Until: c.RegisteredAt.Add(time.Hour)}
				})
				p.complaint(time.Hour, 0, func(c *transform.Complaint) { c.Response.MissedAfter = c.RegisteredAt.Add(4 * time.Hour) })
				p.complaint(2*time.Hour, 0, func(c *transform.Complaint) {
					c.Response = transform.Response{MissedAfter: c.RegisteredAt.Add(4 * time.Hour), Until: c.RegisteredAt.Add(time.Hour)}
				})
			}, "fired 1 followed 0 lead - breaches 2 unwarned 2",
		},
		"what was before the stretch is looked back on, not counted": {
			"ComplaintSLABudgetSpent", func(p *past) {
				p.complaint(-48*time.Hour, 2*time.Hour)
				p.complaint(time.Hour, 2*time.Hour)
			}, "fired 1 followed 0 lead - breaches 1 unwarned 1",
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPast(t, 30)
			c.add(p)
			if got := counted(p.rule(t, c.alert)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}
