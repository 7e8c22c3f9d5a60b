package kpi_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"wenguo/transform/kpi"
)

func TestTheCatalogueIsComplete(t *testing.T) {
	ids, names := map[string]bool{}, map[string]bool{}
	for _, e := range kpi.Catalogue {
		if ids[e.ID] || names[e.Name] || names[e.English] {
			t.Errorf("%s stands twice", e.ID)
		}
		ids[e.ID], names[e.Name], names[e.English] = true, true, true
		if e.Name == "" || e.English == "" || e.Formula == "" || e.FormulaEnglish == "" || len(e.Edges) == 0 {
			t.Errorf("%s lacks a part", e.ID)
		}
		if marks := e.Terms() != nil; marks == (e.Query != "") && e.Query != "on_time" {
			t.Errorf("%s is made of marks %v and of the query %q", e.ID, marks, e.Query)
		}
		if len(e.Edges) != len(e.EdgesEnglish) {
			t.Errorf("%s has %d edge rules in Chinese and %d in English", e.ID, len(e.Edges), len(e.EdgesEnglish))
		}
		if !e.Target.None && e.Target.Value == 0 {
			t.Errorf("%s has a target of 0", e.ID)
		}
		if (e.Unit == kpi.UnitCount) != (e.MinimumN == 0) {
			t.Errorf("%s has the minimum n %d", e.ID, e.MinimumN)
		}
	}
	if len(ids) != 33 {
		t.Errorf("%d entries", len(ids))
	}
}

// Chinese is what the product shows: no word of the code in it, no half-width comma; English has no Chinese.
func TestBothLanguagesAreThemselves(t *testing.T) {
	word, han := regexp.MustCompile(`[A-Za-z_]{3,}`), regexp.MustCompile(`\p{Han}`)
	known := []string{"Kaplan", "Meier", "Wilson", "Newcombe", "XmR", "Kitagawa"}
	check := func(id, chinese, english string) {
		for _, w := range word.FindAllString(chinese, -1) {
			if !slices.Contains(known, w) {
				t.Errorf("%s: %q in %q", id, w, chinese)
			}
		}
		if strings.ContainsAny(chinese, ",;()") || !han.MatchString(chinese) && chinese != "P50" && chinese != "P90" && chinese != "P95" {
			t.Errorf("%s: %q", id, chinese)
		}
		if english == "" || han.MatchString(english) {
			t.Errorf("%s: %q", id, english)
		}
	}
	for _, e := range kpi.Catalogue {
		check(e.ID, e.Name, e.English)
		check(e.ID, e.Formula, e.FormulaEnglish)
		for i, edge := range e.Edges {
			check(e.ID, edge, e.EdgesEnglish[i])
		}
		for _, f := range e.Beside {
			check(e.ID, f.Name, f.English)
		}
	}
	for _, c := range kpi.General {
		check(c.Name, c.Rule, c.English)
	}
	for _, m := range kpi.Metrics {
		check(m.Name, m.Meaning, m.English)
	}
}

// What an answer puts beside its value is described, and what is described is answered.
func TestWhatStandsBesideAValueIsDescribed(t *testing.T) {
	counts := kpi.Counts{}
	for _, name := range []string{
		"n", "numerator", "denominator", "pending", "offered", "answered", "satisfied", "first_numerator", "first_denominator", "sum", "first_sum",
		"anomalous", "registered", "effective", "verified", "within", "negative", "resolved", "closing", "p50", "p90", "p95",
	} {
		counts[name] = 40
	}
	for _, e := range kpi.Catalogue {
		v := kpi.Answer(e, counts, map[string][]int64{"replied": slices.Repeat([]int64{7}, 40)}, 30, false)
		got := map[string]bool{
			"p50": v.P50 != nil, "p90": v.P90 != nil, "p95": v.P95 != nil, "mean": v.Mean != nil,
			"distribution": v.Distribution != nil, "anomalies": v.Anomalies != nil,
		}
		for name := range v.More {
			got["more."+name] = true
		}
		for _, f := range e.Beside {
			if !got[f.Key] {
				t.Errorf("%s describes %s and does not answer it", e.ID, f.Key)
			}
			delete(got, f.Key)
		}
		maps.DeleteFunc(got, func(_ string, there bool) bool { return !there })
		for key := range got {
			t.Errorf("%s answers %s and does not describe it", e.ID, key)
		}
	}
}

func TestAims(t *testing.T) {
	for id, want := range map[string][2]string{
		"response_on_time":  {"≥ 98%", "≥ 98%"},
		"missed":            {"≤ 1%", "≤ 1%"},
		"dissatisfied_redo": {"100%", "100%"},
		"handling_time":     {"≤ 3 天", "≤ 3 d"},
		"sync_lag":          {"≤ 5 分钟", "≤ 5 min"},
		"satisfaction":      {"较基准期 +30%", "+30 % on baseline"},
		"repeat":            {"较基准期 −25%", "−25 % on baseline"},
		"first_response":    {"较基准期 −50%，并在时限之内", "−50 % on baseline, and within the acknowledge target"},
		"assist_on_time":    {"协办用时较基准期 −60%", "−60 % on baseline of time"},
		"first_contact":     {"越高越好", "higher is better"},
		"backlog":           {"越低越好", "lower is better"},
	} {
		e, ok := kpi.Lookup(id)
		if !ok || e.Aim() != want[0] || e.AimEnglish() != want[1] {
			t.Errorf("%s: %q and %q, want %q", id, e.Aim(), e.AimEnglish(), want)
		}
	}
}

func TestExportedSeriesNameKeyFigures(t *testing.T) {
	for _, m := range kpi.Metrics {
		for value, id := range m.Of {
			if _, ok := kpi.Lookup(id); !ok && id != "" {
				t.Errorf("%s with %s=%q names %q", m.Name, m.Label, value, id)
			}
			if (m.Label == "") != (value == "") {
				t.Errorf("%s: label %q with value %q", m.Name, m.Label, value)
			}
		}
	}
	if m, ok := kpi.LookupMetric("complaint_sla_window_timers"); !ok || m.Of["resolve"] != "resolve_on_time" || len(m.Of) != 9 {
		t.Errorf("%+v", m)
	}
	if _, ok := kpi.LookupMetric("complaint_sla_windows"); ok {
		t.Error("a series that nobody exports is found")
	}
}
