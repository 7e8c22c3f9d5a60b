package sla

import (
	"slices"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// Stages lists the stages in the order in which a complaint passes them.
func Stages() []Stage {
	return []Stage{Acknowledge, Dispatch, Confirm, Plan, Resolve, Survey, Redo, Assist, Sync}
}

// StageMeant proposes the stage behind a misspelt one, or lists them.
func StageMeant(given string) string { return remedy(given, stageNames()) }

func stageNames() []string {
	var names []string
	for _, s := range Stages() {
		names = append(names, string(s))
	}
	return names
}

// Priorities lists the priorities that rules can tell apart; any other one is normal.
func Priorities() []string { return []string{"urgent", "high", normal, "low"} }

const normal = "normal"

// fileRule is a rule as it is written.
type fileRule struct {
	line                          int
	stage, rule, target, calendar word
	match                         map[string][]word
	pauses                        *bool
	warnAfter                     number
}

func (r *reader) rule(n ast.Node) fileRule {
	f := fileRule{line: line(n), match: map[string][]word{}}
	values := func(field string) func(ast.Node) {
		return func(n ast.Node) {
			var list []word
			r.words(&list, field)(n)
			if len(list) == 0 {
				r.wrong(line(n), "name a value, or drop the key", "%s that matches nothing", field)
			}
			f.match[field] = list
		}
	}
	r.object(n, "rule", fields{
		"stage": r.word(&f.stage, "stage"), "rule": r.word(&f.rule, "rule"), "target": r.word(&f.target, "target"),
		"calendar": r.word(&f.calendar, "calendar"), "pauses": r.flag(&f.pauses, "pauses"),
		"warn_after": r.number(&f.warnAfter, "warn_after"),
		"match": func(n ast.Node) {
			r.object(n, "match", fields{
				"priority": values("priority"), "category": values("category"), "channel": values("channel"),
				"tier": values("tier"), "product": values("product"), "department": values("department"),
			})
		},
	})
	if f.stage.line == 0 {
		f.stage.line = f.line
	}
	// Where a rule begins differs by how it is written; its stage is what a reader looks for.
	f.line = f.stage.line
	return f
}

// oneOf says whether a word is one of the allowed; a missing one is a mistake too.
func (r *reader) oneOf(w word, at int, what string, allowed []string) bool {
	switch {
	case w.text == "" && w.line <= at:
		r.wrong(at, remedy("", allowed), "rule without %s", what)
		return false
	case !slices.Contains(allowed, w.text):
		r.wrong(w.line, remedy(w.text, allowed), "unknown %s %q", what, w.text)
		return false
	}
	return true
}

func (f fileRule) check(r *reader, calendars map[string]*Calendar, warn float64) (rule, bool) {
	var names []string
	for name := range calendars {
		names = append(names, name)
	}
	ok := r.oneOf(f.stage, f.line, "stage", stageNames())
	if f.rule.line > 0 {
		ok = r.oneOf(f.rule, f.line, "rule", []string{RuleDefault, RuleOutage}) && ok
	}
	for _, p := range f.match["priority"] {
		ok = r.oneOf(p, f.line, "priority", Priorities()) && ok
	}
	ok = r.oneOf(f.calendar, f.line, "calendar", names) && ok
	cal := calendars[f.calendar.text]
	if f.target.line == 0 {
		r.wrong(f.line, "add one such as target: 2h", "rule without target")
		return rule{}, false
	}
	day := 24 * time.Hour // of a calendar that is wrong itself
	if cal != nil {
		day = cal.DayLength()
	}
	d := r.duration(f.target, "target", day)
	warn = r.share(f.warnAfter, warn)
	if !ok || cal == nil {
		return rule{}, false
	}
	t := Target{
		Stage: Stage(f.stage.text), Rule: RuleDefault, Duration: d, Calendar: cal,
		Pauses: f.pauses == nil || *f.pauses, WarnAfter: time.Duration(warn * float64(d)).Truncate(time.Millisecond),
	}
	if f.rule.line > 0 {
		t.Rule = f.rule.text
	}
	made := rule{target: t, line: f.line, match: map[string][]string{}}
	for field, list := range f.match {
		for _, w := range list {
			made.match[field] = append(made.match[field], w.text)
		}
	}
	return made, true
}
