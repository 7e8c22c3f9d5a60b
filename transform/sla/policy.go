package sla

import (
	_ "embed"
	"slices"
	"strings"
	"time"
)

//go:embed default-policy.yaml
var defaultPolicy []byte

// DefaultPolicy is the YAML of the shipped policy.
func DefaultPolicy() []byte { return slices.Clone(defaultPolicy) }

// Values are what rules match on: a complaint's values in force when a clock starts.
type Values struct {
	Priority   string
	Category   string
	Channel    string
	Tier       string
	Product    string
	Department string
}

// Target is the promise a rule gives.
type Target struct {
	Stage    Stage
	Rule     string
	Duration time.Duration
	Calendar *Calendar
	// Pauses says whether a pause stops the clock.
	Pauses bool
	// WarnAfter is the part of Duration after which the clock is at risk.
	WarnAfter time.Duration
}

// Policy is a checked policy. It is made once and then only read.
type Policy struct {
	Zone     *time.Location
	MinimumN int
	// Owners by department.
	Owners map[string]Owner
	// Heartbeats are sources whose silence is a fault, with the longest silence that is none.
	Heartbeats map[string]time.Duration
	Alerts     Alerts
	// Baseline is the declared period to compare with; zero without.
	BaselineFrom, BaselineTo time.Time

	rules     []rule
	calendars map[string]*Calendar
}

// Owner of a department: people, and robots to tell.
type Owner struct {
	People []string
	Robots []string
}

type rule struct {
	target Target
	match  map[string][]string
	line   int // in the file
}

// Target is the promise of a stage for these values; false when the policy promises nothing.
// A priority that is absent or unknown is normal.
func (p *Policy) Target(s Stage, v Values) (Target, bool) {
	if !slices.Contains(Priorities(), v.Priority) {
		v.Priority = normal
	}
	for _, r := range p.rules {
		if r.target.Stage == s && r.matches(v) {
			return r.target, true
		}
	}
	return Target{}, false
}

// Targets lists every promise of a stage, in the order in which the policy tries them.
func (p *Policy) Targets(s Stage) []Target {
	var out []Target
	for _, r := range p.rules {
		if r.target.Stage == s {
			out = append(out, r.target)
		}
	}
	return out
}

// Promise is what a stage promises to a complaint of which the priority and the kind of rule are known, and nothing else:
// the first rule of that kind that may match.
func (p *Policy) Promise(s Stage, priority, kind string) (Target, bool) {
	for _, r := range p.rules {
		wanted := r.match["priority"]
		if r.target.Stage == s && r.target.Rule == kind && (len(wanted) == 0 || slices.Contains(wanted, priority)) {
			return r.target, true
		}
	}
	return Target{}, false
}

func (r rule) matches(v Values) bool {
	for field, wanted := range r.match {
		ok := false
		for _, w := range wanted {
			ok = ok || w == v.field(field) || field == "category" && strings.HasPrefix(v.Category, w+"/")
		}
		if !ok {
			return false
		}
	}
	return true
}

func (v Values) field(name string) string {
	switch name {
	case "priority":
		return v.Priority
	case "category":
		return v.Category
	case "channel":
		return v.Channel
	case "tier":
		return v.Tier
	case "product":
		return v.Product
	default:
		return v.Department
	}
}

// Calendar finds a calendar by the id that clocks carry.
func (p *Policy) Calendar(id string) (*Calendar, bool) {
	for _, c := range p.calendars {
		if c.id == id {
			return c, true
		}
	}
	return nil, false
}

// Calendars lists the policy's calendars by name.
func (p *Policy) Calendars() []*Calendar {
	out := make([]*Calendar, 0, len(p.calendars))
	for _, c := range p.calendars {
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b *Calendar) int { return strings.Compare(a.id, b.id) })
	return out
}

// WorkingCalendar is the calendar of working hours: the first by id whose day is shorter than a whole one, and natural time
// without such a calendar. Working time of what has no promise is counted in it.
func (p *Policy) WorkingCalendar() *Calendar {
	for _, c := range p.Calendars() {
		if c.DayLength() < 24*time.Hour {
			return c
		}
	}
	return Natural("natural-days")
}

// ValidUntil is the earliest end of known holidays among the calendars; zero when none follows holidays.
func (p *Policy) ValidUntil() time.Time {
	var first time.Time
	for _, c := range p.calendars {
		if until := c.ValidUntil(); !until.IsZero() && (first.IsZero() || until.Before(first)) {
			first = until
		}
	}
	return first
}
