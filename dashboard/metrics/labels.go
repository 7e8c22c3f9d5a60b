package metrics

import (
	"slices"
	"strings"

	"wenguo/ingest"
	"wenguo/transform/kpi"
	"wenguo/transform/sla"
)

// longestLabel is the number of characters shown of a name that people gave.
const longestLabel = 64

var stages = []string{ //nolint:gochecknoglobals // a constant list
	string(sla.Acknowledge), string(sla.Dispatch), string(sla.Confirm), string(sla.Plan), string(sla.Resolve), string(sla.Survey),
	string(sla.Redo), string(sla.Assist), string(sla.Sync),
}

// bounded keeps a key's stage, priority and rule within what they can be. A priority that is absent or unknown has the
// targets of a normal one, so it is counted there.
func bounded(key kpi.TimerKey) kpi.TimerKey {
	key.Stage = among(key.Stage, stages, kpi.Other)
	key.Priority = among(key.Priority, ingest.Priorities, "normal")
	key.Rule = among(key.Rule, []string{sla.RuleDefault, sla.RuleOutage}, sla.RuleDefault)
	return key
}

func among(value string, list []string, otherwise string) string {
	if slices.Contains(list, value) {
		return value
	}
	return otherwise
}

// departments are those that are shown by name. A name that was let in stays.
type departments struct {
	most   int
	listed []string
}

// admit takes the owners of the policy, else the most frequent departments as long as there is room.
func (d *departments) admit(scope kpi.TimerScope) {
	if len(scope.Owners) > 0 {
		d.listed = scope.Owners
		return
	}
	for _, name := range scope.Departments {
		if len(d.listed) < d.most && name != "" && !slices.Contains(d.listed, name) {
			d.listed = append(d.listed, name)
		}
	}
}

// label is what a department is shown as.
func (d *departments) label(name string) string {
	if name == "" || slices.Contains(d.listed, name) {
		return clean(name)
	}
	return kpi.Other
}

// labels lists what any department is shown as.
func (d *departments) labels() []string {
	labels := []string{"", kpi.Other}
	for _, name := range d.listed {
		labels = append(labels, clean(name))
	}
	return labels
}

// clean makes a name fit for a label: valid UTF-8 of a bounded length.
func clean(name string) string {
	runes := []rune(strings.ToValidUTF8(name, "\uFFFD"))
	return string(runes[:min(len(runes), longestLabel)])
}
