package backtest

import (
	"time"

	"wenguo/transform/kpi"
)

// Run replays the alerts.
func (h *History) Run() Report {
	r := Report{From: h.from, To: h.to}
	for _, c := range h.cases {
		if !c.registered.Before(h.from) {
			r.Complaints++
		}
	}
	for _, c := range h.clocks {
		if !c.due.Before(h.from) {
			r.Clocks++
		}
	}
	r.Rules = append(h.promises(), h.breachRate())
	r.Rules = append(r.Rules, h.budgets()...)
	r.Rules = append(r.Rules, h.caseRate("ComplaintMissRateHigh", "missed", func(e event) time.Time { return e.missed }),
		h.caseRate("ComplaintEscalationRateHigh", "escalation", func(e event) time.Time { return e.escalated }), h.resolveOnTime())
	return r
}

// one is a clock of its own.
type one struct {
	kpi.TimerKey

	id  string
	due int64
}

// promises are the alerts of single cases and of groups of urgent and high complaints.
func (h *History) promises() []Rule {
	nears, lates := map[one][]stretch{}, map[one][]stretch{}
	groupNears, groupLates := map[kpi.TimerKey][]stretch{}, map[kpi.TimerKey][]stretch{}
	broken, groupBroken := map[one][]time.Time{}, map[kpi.TimerKey][]time.Time{}
	for _, c := range h.clocks {
		if !high(c.group.Priority) {
			continue
		}
		key := one{c.group, c.id, c.due.UnixMilli()}
		open := c.done
		if open.IsZero() {
			open = h.to
		}
		near := stretch{c.warned, earlier(c.due, open)}
		if near.from.Before(near.to) {
			nears[key] = []stretch{near}
		}
		groupNears[c.group] = append(groupNears[c.group], stretch{c.due.Add(-c.margin), earlier(c.due, open)})
		if !c.breach {
			continue
		}
		broken[key] = []time.Time{c.due}
		groupBroken[c.group] = append(groupBroken[c.group], c.due)
		lates[key] = []stretch{{c.due, later(open, c.due.Add(keepCases))}}
		groupLates[c.group] = append(groupLates[c.group], lates[key]...)
	}
	for _, groups := range []map[kpi.TimerKey][]stretch{groupNears, groupLates} {
		for key, list := range groups {
			keep := keepCases
			groups[key] = merged(list, keep)
		}
	}
	sorted(groupBroken)
	return []Rule{
		judge("ComplaintCaseDeadlineApproaching", h, nears, broken, 0),
		judge("ComplaintCaseSLABreached", h, lates, broken, 0).itself(),
		judge("ComplaintSLADeadlineApproaching", h, groupNears, groupBroken, 0),
		judge("ComplaintSLAOverdue", h, groupLates, groupBroken, 0).itself(),
	}
}

// itself is for an alert that is the breach: each follows at once, and none comes without it.
func (r Rule) itself() Rule {
	zero := 0.0
	r.Followed, r.Unwarned = r.Fired, 0
	r.LeadMedian, r.LeadP90 = nil, nil
	if r.Fired > 0 {
		r.LeadMedian, r.LeadP90 = &zero, &zero
	}
	return r
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
