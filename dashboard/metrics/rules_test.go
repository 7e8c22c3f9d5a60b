package metrics

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

func TestEveryMetricInTheRulesIsShownWithItsLabels(t *testing.T) {
	files, err := filepath.Glob("../../deploy/prometheus/*.yml")
	if err != nil || len(files) == 0 {
		t.Fatal("no rules", err)
	}
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(refreshed(t, sample()))
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	labels := map[string][]string{}
	for _, f := range families {
		for _, l := range f.GetMetric()[0].GetLabel() {
			labels[f.GetName()] = append(labels[f.GetName()], l.GetName())
		}
		if labels[f.GetName()] == nil {
			labels[f.GetName()] = []string{}
		}
	}
	used := 0
	for _, file := range files {
		for _, m := range mentioned(t, file) {
			used++
			if strings.HasPrefix(m.name, "wenguo_ingest_") {
				continue // the consumer's own
			}
			shown, ok := labels[m.name]
			if !ok {
				t.Errorf("%s names %s, which nobody exports", filepath.Base(file), m.name)
			}
			for _, l := range m.labels {
				if !slices.Contains(shown, l) {
					t.Errorf("%s asks %s for the label %s, it has %v", filepath.Base(file), m.name, l, shown)
				}
			}
		}
	}
	if used < 10 {
		t.Errorf("only %d metrics are named", used)
	}
}

type mention struct {
	name   string
	labels []string
}

// mentioned finds the metrics a file of rules or their tests names, and the labels it selects by.
func mentioned(t *testing.T, file string) []mention {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var found []mention
	for _, m := range regexp.MustCompile(`\b((?:complaint|wenguo)_[a-z_]+)(?:\{([^}]*)\})?`).FindAllStringSubmatch(string(text), -1) {
		one := mention{name: m[1]}
		for _, l := range regexp.MustCompile(`([a-z_]+)\s*(?:=|!=|=~|!~)`).FindAllStringSubmatch(m[2], -1) {
			one.labels = append(one.labels, l[1])
		}
		found = append(found, one)
	}
	return found
}
