// Package grafana_test checks the dashboard: every expression parses, every metric is one that the program exports.
package grafana_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/prometheus/client_golang/prometheus"

	"wenguo/dashboard/metrics"
	"wenguo/dashboard/notify"
	"wenguo/ingest/kafka"
)

// expressions of the dashboard, by the title of their panel.
func expressions(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("wenguo.json")
	if err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(text, &dashboard); err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	for _, p := range dashboard.Panels {
		for _, target := range p.Targets {
			found[p.Title] = append(found[p.Title], target.Expr)
		}
		if len(found[p.Title]) == 0 {
			t.Errorf("the panel %q asks nothing", p.Title)
		}
	}
	if len(found) < 8 {
		t.Fatalf("only %d panels were read", len(found))
	}
	return found
}

func TestEveryExpressionOfTheDashboardParses(t *testing.T) {
	type rule struct {
		Record string `yaml:"record"`
		Expr   string `yaml:"expr"`
	}
	type group struct {
		Name  string `yaml:"name"`
		Rules []rule `yaml:"rules"`
	}
	g := group{Name: "panels"}
	for _, list := range expressions(t) {
		for _, e := range list {
			g.Rules = append(g.Rules, rule{fmt.Sprintf("panel:%d", len(g.Rules)), e})
		}
	}
	text, err := yaml.Marshal(map[string][]group{"groups": {g}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "panels.yml")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	tool, err := exec.LookPath("promtool")
	if err != nil {
		t.Fatal("promtool is missing; 'make deps-test' installs it")
	}
	if out, err := exec.CommandContext(t.Context(), tool, "check", "rules", file).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// catcher collects what is registered, whether it shows anything yet or not.
type catcher struct{ all []prometheus.Collector }

func (c *catcher) Register(one prometheus.Collector) error   { c.all = append(c.all, one); return nil }
func (c *catcher) MustRegister(some ...prometheus.Collector) { c.all = append(c.all, some...) }
func (c *catcher) Unregister(prometheus.Collector) bool      { return false }

func TestEveryMetricOfTheDashboardIsExported(t *testing.T) {
	var c catcher
	c.MustRegister(metrics.New(metrics.Config{}, nil, time.Now, slog.New(slog.DiscardHandler)))
	kafka.NewMetrics(&c)
	if _, err := notify.New(notify.Config{Token: "a-token-that-is-long-enough"}, notify.Deps{Now: time.Now, Log: slog.New(slog.DiscardHandler), Registry: &c, Zone: time.UTC}); err != nil {
		t.Fatal(err)
	}
	exported := map[string]bool{}
	for _, one := range c.all {
		descriptions := make(chan *prometheus.Desc, 200)
		one.Describe(descriptions)
		close(descriptions)
		for d := range descriptions {
			exported[strings.Split(d.String(), `"`)[1]] = true
		}
	}
	name := regexp.MustCompile(`\b(?:complaint|wenguo)_[a-z_]+`)
	for title, list := range expressions(t) {
		for _, e := range list {
			for _, m := range name.FindAllString(e, -1) {
				if !exported[m] {
					t.Errorf("the panel %q shows %s, which nobody exports", title, m)
				}
			}
		}
	}
}
