package metrics

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"wenguo/ingest/kafka"
)

// catalogue gathers the metrics that a registry is told of, by name, with their labels.
type catalogue map[string][]string

func (c catalogue) Register(collector prometheus.Collector) error {
	descriptions := make(chan *prometheus.Desc)
	go func() { collector.Describe(descriptions); close(descriptions) }()
	for d := range descriptions {
		found := regexp.MustCompile(`fqName: "([^"]+)".*variableLabels: \{([^}]*)\}`).FindStringSubmatch(d.String())
		c[found[1]] = strings.FieldsFunc(found[2], func(r rune) bool { return r == ',' })
	}
	return nil
}

func (c catalogue) MustRegister(collectors ...prometheus.Collector) {
	for _, one := range collectors {
		_ = c.Register(one)
	}
}

func (c catalogue) Unregister(prometheus.Collector) bool { return false }

func TestEveryMetricInARuleOrAPanelIsExportedWithItsLabels(t *testing.T) {
	known := catalogue{}
	known.MustRegister(refreshed(t, sample()))
	kafka.NewMetrics(known)
	used := 0
	for _, pattern := range []string{"../../deploy/prometheus/*.yml", "../alerts/testdata/*/*.yml", "../../deploy/grafana/*.json"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			for _, m := range mentioned(t, file) {
				used++
				name := m.name
				for _, suffix := range []string{"_bucket", "_sum", "_count"} {
					if base, cut := strings.CutSuffix(name, suffix); cut && known[name] == nil {
						name = base
					}
				}
				shown, ok := known[name]
				if !ok && elsewhere(name) {
					continue
				}
				if !ok {
					t.Errorf("%s names %s, which nobody exports", filepath.Base(file), m.name)
				}
				for _, l := range m.labels {
					if !slices.Contains(slices.Concat(shown, []string{"instance", "job", "le"}), l) {
						t.Errorf("%s asks %s for the label %s, it has %v", filepath.Base(file), m.name, l, shown)
					}
				}
			}
		}
	}
	if used < 60 {
		t.Errorf("only %d metrics are named", used)
	}
}

// elsewhere says whether a metric is one of the command's own, which are registered where it starts its stages.
func elsewhere(name string) bool {
	files, _ := filepath.Glob("../../cmd/wenguo/*.go")
	more, _ := filepath.Glob("../../*/*/*.go")
	for _, file := range slices.Concat(files, more) {
		text, err := os.ReadFile(file)
		if err == nil && !strings.HasSuffix(file, "_test.go") && strings.Contains(string(text), `"`+name+`"`) {
			return true
		}
	}
	return false
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
		for _, l := range regexp.MustCompile(`([a-z_]+)\s*(?:=~|!=|!~|=)\s*\\?["%]`).FindAllStringSubmatch(m[2], -1) {
			one.labels = append(one.labels, l[1])
		}
		found = append(found, one)
	}
	return found
}
