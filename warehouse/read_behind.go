package warehouse

import (
	"fmt"
	"slices"

	"wenguo/transform"
	"wenguo/transform/kpi"
)

// behind says which lines of page_matched.sql select the complaints that a part of a key figure counted, and the
// parameters these lines read. A complaint counted several times stands in the list once.
func behind(f transform.ComplaintFilter) (lines map[string]bool, terms values, err error) {
	e, known := kpi.Lookup(f.KPI)
	if !known {
		return nil, nil, fmt.Errorf("list the complaints behind %q: no such key figure", f.KPI)
	}
	part := f.Part
	if part == "" {
		part = transform.PartDenominator
	}
	if lines := behindParts[e.ID][part]; lines != nil {
		return needed(lines...), values{"behind": list(behindMarks[e.ID]), "without": list(nil)}, nil
	}
	marks, without := partMarks(e, part)
	if len(marks) == 0 {
		return nil, nil, fmt.Errorf("list the complaints behind %s of %s: it has no such part", part, f.KPI)
	}
	lines = needed("behind")
	lines["behind without"] = len(without) > 0
	for _, line := range behindCompared[e.ID][part] {
		lines[line] = true
	}
	return lines, values{"behind": list(marks), "without": list(without)}, nil
}

func needed(lines ...string) map[string]bool {
	needs := map[string]bool{}
	for _, line := range lines {
		needs[line] = true
	}
	return needs
}

// partMarks are the marks of a part, one of which a complaint must have, and those that it must not have.
func partMarks(e kpi.Entry, part string) (marks, without []string) {
	terms := e.Terms()
	numerator, denominator := markNames(terms["numerator"]), markNames(terms["denominator"])
	switch part {
	case transform.PartNumerator:
		return numerator, nil
	case transform.PartDenominator:
		return denominator, nil
	case transform.PartPending:
		if e.ID == "satisfaction" {
			return []string{kpi.MarkSilent}, nil
		}
		return markNames(terms["pending"]), nil
	case transform.PartOffered:
		return markNames(terms["offered"]), nil
	case transform.PartAnomalies:
		return markNames(terms["anomalous"]), nil
	case transform.PartMissed:
		rest := slices.DeleteFunc(slices.Clone(denominator), func(m string) bool { return slices.Contains(numerator, m) })
		if len(rest) == len(denominator) {
			return denominator, numerator
		}
		return rest, nil
	}
	return nil, nil
}

// markNames are the marks that a count adds; what it takes off is found by comparing complaints.
func markNames(terms []kpi.Term) []string {
	var names []string
	for _, t := range terms {
		if t.Times > 0 {
			names = append(names, t.Mark)
		}
	}
	return names
}

// behindCompared are further lines for figures that compare complaints.
var behindCompared = map[string]map[string][]string{ //nolint:gochecknoglobals // a constant table
	"first_contact": {transform.PartNumerator: {"behind contact"}},
}

// behindMarks are the marks that the lines of a figure need.
var behindMarks = map[string][]string{ //nolint:gochecknoglobals // a constant table
	"repeat": {kpi.MarkCounted}, "repeat_issue": {kpi.MarkCounted}, "issue_share": {kpi.MarkCounted}, "throughput": {kpi.MarkResolved},
	"first_contact": {kpi.MarkContactOne, kpi.MarkContactMore},
}

// behindParts are the lines for figures that are not sums of marks alone, by their part.
var behindParts = map[string]map[string][]string{ //nolint:gochecknoglobals // a constant table
	"repeat": {
		transform.PartNumerator: {"behind", "behind repeats"}, transform.PartMissed: {"behind", "behind no repeats"},
	},
	"repeat_issue": {
		transform.PartNumerator: {"behind", "behind issue repeats"}, transform.PartMissed: {"behind", "behind no issue repeats"},
		transform.PartDenominator: {"behind"},
	},
	"issue_share": {
		transform.PartNumerator: {"behind", "behind members"}, transform.PartMissed: {"behind", "behind no members"},
		transform.PartDenominator: {"behind"},
	},
	"first_contact": {transform.PartMissed: {"behind", "behind no contact"}},
	"first_response": {
		transform.PartNumerator: {"registered", "behind response", "behind replied"}, transform.PartDenominator: {"registered", "behind response"},
		transform.PartMissed:  {"registered", "behind response", "behind unreplied"},
		transform.PartPending: {"registered", "behind response", "behind waiting"},
	},
	"handling_time":   {transform.PartDenominator: {"resolved"}},
	"longest_silence": {transform.PartDenominator: {"registered"}},
	"throughput":      {transform.PartDenominator: {"behind"}},
	"backlog":         {transform.PartDenominator: {"open"}},
	"backlog_age":     {transform.PartDenominator: {"open"}},
	"sync_lag": {
		transform.PartDenominator: {"behind lags"}, transform.PartNumerator: {"behind short lags"}, transform.PartMissed: {"behind long lags"},
		transform.PartAnomalies: {"behind negative lags"},
	},
}
