package sla

import (
	"fmt"
	"slices"
	"strings"
)

// Doubts are what is allowed in a policy but hardly meant: a rule that never counts, a stage or a complaint without a
// promise, a calendar that nobody uses. Line 0 means that no single line is to blame.
func (p *Policy) Doubts() Mistakes {
	var out Mistakes
	used := map[*Calendar]bool{}
	for i, r := range p.rules {
		used[r.target.Calendar] = true
		if by, never := p.covered(i); never {
			out = append(out, Mistake{
				Line: r.line, What: fmt.Sprintf("%s rule that never counts", r.target.Stage),
				Remedy: by + " all it could match: put it further up, or drop it",
			})
		}
	}
	for _, s := range Stages() {
		last := slices.IndexFunc(p.rules, func(r rule) bool { return r.target.Stage == s && len(r.match) == 0 })
		some := slices.ContainsFunc(p.rules, func(r rule) bool { return r.target.Stage == s })
		switch {
		case !some:
			out = append(out, Mistake{What: fmt.Sprintf("no rule for stage %s", s), Remedy: "it has no clock"})
		case last < 0:
			out = append(out, Mistake{
				What:   fmt.Sprintf("no rule without match for stage %s", s),
				Remedy: "complaints that none of its rules matches have no clock",
			})
		}
	}
	for _, c := range p.Calendars() {
		if !used[c] && c != p.Alerts.Quiet {
			out = append(out, Mistake{What: fmt.Sprintf("calendar %q that no rule uses", c.Name())})
		}
	}
	return out.sorted()
}

// covered says whether the rules before rule k take everything it matches, and which.
func (p *Policy) covered(k int) (by string, never bool) {
	r := p.rules[k]
	var before []rule
	for _, b := range p.rules[:k] {
		if b.target.Stage == r.target.Stage {
			before = append(before, b)
		}
	}
	taken := map[int]bool{}
	for _, v := range r.least() {
		first := slices.IndexFunc(before, func(b rule) bool { return b.matches(v) })
		if first < 0 {
			return "", false
		}
		taken[before[first].line] = true
	}
	var lines []string
	for _, b := range before {
		if taken[b.line] {
			lines = append(lines, fmt.Sprint(b.line))
		}
	}
	if len(lines) == 1 {
		return "the rule at line " + lines[0] + " takes", true
	}
	return "the rules at lines " + strings.Join(lines, ", ") + " together take", true
}

// least are the complaints that the rule matches and as few others as possible: each of its own values, and a value that
// no rule names where it asks for none. Only priorities are a closed list. If others take all of these, they take all.
func (r rule) least() []Values {
	out := []Values{{}}
	for _, field := range []string{"priority", "category", "channel", "tier", "product", "department"} {
		list := r.match[field]
		switch {
		case len(list) > 0:
		case field == "priority":
			list = Priorities()
		default:
			list = []string{"\x00"}
		}
		var more []Values
		for _, v := range out {
			for _, value := range list {
				more = append(more, v.with(field, value))
			}
		}
		out = more
	}
	return out
}

func (v Values) with(field, value string) Values {
	switch field {
	case "priority":
		v.Priority = value
	case "category":
		v.Category = value
	case "channel":
		v.Channel = value
	case "tier":
		v.Tier = value
	case "product":
		v.Product = value
	default:
		v.Department = value
	}
	return v
}
