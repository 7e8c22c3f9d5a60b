package sla

import (
	"cmp"
	"slices"
	"time"
)

// examples is how many complaints each effect names.
const examples = 5

// Comparison tells what another policy would do to clocks: it is given the clocks of each complaint as both policies make
// them, and reads them at one instant.
type Comparison struct {
	from, to *Policy
	at       time.Time
	groups   map[groupKey]*Group
	total    Totals
}

// Totals of a comparison.
type Totals struct {
	// Complaints were looked at, Clocks run under either policy.
	Complaints int `json:"complaints"`
	Clocks     int `json:"clocks"`
	// Changed clocks have another target, another deadline or another state, or run under one policy only.
	Changed int `json:"changed"`
}

// Promise is what a policy promises to a clock; empty where it has none.
type Promise struct {
	TargetSeconds float64 `json:"target_seconds"`
	Calendar      string  `json:"calendar"`
}

// Group is the changed clocks of one stage and rule that go from one promise to another.
type Group struct {
	Stage Stage `json:"stage"`
	// Rule is that of the new policy, or of the old one where the new one has none.
	Rule string `json:"rule"`
	// Old or New is nil where that policy makes no such clock.
	Old     *Promise `json:"old"`
	New     *Promise `json:"new"`
	Changed Effect   `json:"changed"`
	// Flips are changes of state, such as met to breached.
	Flips []Flip `json:"flips"`
	// Earlier and Later are clocks that run under both policies and whose deadline moves.
	Earlier Effect `json:"running_earlier"`
	Later   Effect `json:"running_later"`
}

// Effect counts clocks and names the first complaints that have one.
type Effect struct {
	Count    int      `json:"count"`
	Examples []string `json:"examples,omitempty"`
}

// Flip is a change of state. A clock that one of the policies does not make has no state there.
type Flip struct {
	From State `json:"from"`
	To   State `json:"to"`
	Effect
}

type groupKey struct {
	stage    Stage
	rule     string
	old, new Promise
}

// clockKey names one run of a promise under whichever policy; n tells apart those that began at one instant.
type clockKey struct {
	stage      Stage
	round      int
	department string
	started    int64
	n          int
}

// Compare prepares a comparison of clocks as seen at an instant.
func Compare(from, to *Policy, at time.Time) *Comparison {
	return &Comparison{from: from, to: to, at: at, groups: map[groupKey]*Group{}}
}

// Add compares the clocks of one complaint.
func (c *Comparison) Add(complaint string, from, to []Clock) {
	c.total.Complaints++
	before, after := keyed(from), keyed(to)
	all := keys(from)
	for _, key := range keys(to) {
		if _, known := before[key]; !known {
			all = append(all, key)
		}
	}
	for _, key := range all {
		o, had := before[key]
		n, has := after[key]
		c.total.Clocks++
		var oldDue, newDue time.Time
		var oldState, newState State
		if had {
			oldDue, oldState = c.read(o, c.from)
		}
		if has {
			newDue, newState = c.read(n, c.to)
		}
		if had && has && o.Target == n.Target && oldDue.Equal(newDue) && oldState == newState {
			continue
		}
		c.total.Changed++
		g := c.group(o, n, had, has)
		g.Changed.add(complaint)
		if oldState != newState {
			g.flip(oldState, newState).add(complaint)
		}
		if running(oldState) && running(newState) {
			switch newDue.Compare(oldDue) {
			case -1:
				g.Earlier.add(complaint)
			case 1:
				g.Later.add(complaint)
			}
		}
	}
}

func running(s State) bool { return s == Running || s == Paused }

// read is a clock's deadline and state at the instant of the comparison.
func (c *Comparison) read(clock Clock, p *Policy) (time.Time, State) {
	cal, ok := p.Calendar(clock.Calendar)
	if !ok {
		cal = nil // a deadline that a person named
	}
	return clock.DueAt(c.at, cal), clock.StateAt(c.at, cal)
}

func (c *Comparison) group(o, n Clock, had, has bool) *Group {
	key := groupKey{stage: n.Stage, rule: n.Rule}
	if !has {
		key.stage, key.rule = o.Stage, o.Rule
	}
	var oldPromise, newPromise *Promise
	if had {
		oldPromise = promise(o, c.from)
		key.old = *oldPromise
	}
	if has {
		newPromise = promise(n, c.to)
		key.new = *newPromise
	}
	g, known := c.groups[key]
	if !known {
		g = &Group{Stage: key.stage, Rule: key.rule, Old: oldPromise, New: newPromise, Flips: []Flip{}}
		c.groups[key] = g
	}
	return g
}

func promise(c Clock, p *Policy) *Promise {
	name := ""
	if cal, ok := p.Calendar(c.Calendar); ok {
		name = cal.Name()
	}
	return &Promise{TargetSeconds: c.Target.Seconds(), Calendar: name}
}

func (e *Effect) add(complaint string) {
	e.Count++
	if len(e.Examples) < examples && !slices.Contains(e.Examples, complaint) {
		e.Examples = append(e.Examples, complaint)
	}
}

func (g *Group) flip(from, to State) *Flip {
	for i := range g.Flips {
		if g.Flips[i].From == from && g.Flips[i].To == to {
			return &g.Flips[i]
		}
	}
	g.Flips = append(g.Flips, Flip{From: from, To: to})
	return &g.Flips[len(g.Flips)-1]
}

// Result lists the groups by stage, in the order in which a complaint passes them, the most changed first.
func (c *Comparison) Result() (Totals, []Group) {
	out := make([]Group, 0, len(c.groups))
	for _, g := range c.groups {
		slices.SortFunc(g.Flips, func(a, b Flip) int {
			return cmp.Or(-cmp.Compare(a.Count, b.Count), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
		})
		out = append(out, *g)
	}
	none := Promise{}
	value := func(p *Promise) Promise {
		if p == nil {
			return none
		}
		return *p
	}
	slices.SortFunc(out, func(a, b Group) int {
		ao, bo, an, bn := value(a.Old), value(b.Old), value(a.New), value(b.New)
		return cmp.Or(
			cmp.Compare(slices.Index(Stages(), a.Stage), slices.Index(Stages(), b.Stage)), -cmp.Compare(a.Changed.Count, b.Changed.Count),
			cmp.Compare(a.Rule, b.Rule), cmp.Compare(ao.TargetSeconds, bo.TargetSeconds), cmp.Compare(an.TargetSeconds, bn.TargetSeconds),
			cmp.Compare(ao.Calendar, bo.Calendar), cmp.Compare(an.Calendar, bn.Calendar),
		)
	})
	return c.total, out
}

// keys name the clocks of a complaint, in their order.
func keys(clocks []Clock) []clockKey {
	out := make([]clockKey, 0, len(clocks))
	seen := map[clockKey]int{}
	for _, c := range clocks {
		key := clockKey{stage: c.Stage, round: c.Round, department: c.Department, started: c.Started.UnixMilli()}
		n := seen[key]
		seen[key]++
		key.n = n
		out = append(out, key)
	}
	return out
}

func keyed(clocks []Clock) map[clockKey]Clock {
	out := make(map[clockKey]Clock, len(clocks))
	for i, key := range keys(clocks) {
		out[key] = clocks[i]
	}
	return out
}
