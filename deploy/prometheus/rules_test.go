// Package prometheus_test checks the alert rules as files, with the tool that Prometheus itself ships.
package prometheus_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/goccy/go-yaml"
)

func TestTheRulesParseAndFireAtTheirBoundaries(t *testing.T) {
	tool, err := exec.LookPath("promtool")
	if err != nil {
		t.Fatal("promtool is missing; 'make deps-test' installs it")
	}
	for name, args := range map[string][]string{
		"the rules are well formed":            {"check", "rules", "--lint-fatal", "wenguo.rules.yml"},
		"so is what loads them":                {"check", "config", "--syntax-only", "prometheus.yml"},
		"another policy's rules hold too":      {"test", "rules", "../../dashboard/alerts/testdata/changed.test.yml"},
		"each fires on its second, not before": {"test", "rules", "promises.test.yml", "rates.test.yml", "health.test.yml"},
	} {
		t.Run(name, func(t *testing.T) {
			if out, err := exec.CommandContext(t.Context(), tool, args...).CombinedOutput(); err != nil {
				t.Errorf("promtool %v: %v\n%s", args, err, out)
			}
		})
	}
}

func TestEachAlertTellsAChineseReaderWhatToDo(t *testing.T) {
	var file struct {
		Groups []struct {
			Rules []struct {
				Alert       string
				Annotations map[string]string
				Labels      map[string]string
			}
		}
	}
	text, err := os.ReadFile("wenguo.rules.yml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	var tests []byte
	files, err := filepath.Glob("*.test.yml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		tests = append(tests, text...)
	}
	chinese := regexp.MustCompile(`\p{Han}`)
	alerts := 0
	for _, group := range file.Groups {
		for _, rule := range group.Rules {
			if rule.Alert == "" {
				continue
			}
			alerts++
			for _, key := range []string{"summary", "description"} {
				if !chinese.MatchString(rule.Annotations[key]) {
					t.Errorf("%s has no Chinese %s", rule.Alert, key)
				}
			}
			if rule.Labels["severity"] == "" || rule.Annotations["page"] == "" || rule.Annotations["owner"] == "" {
				t.Errorf("%s lacks a severity, an owner or a page to open", rule.Alert)
			}
			runbook, err := os.ReadFile(filepath.Join("..", "..", rule.Annotations["runbook"]))
			if err != nil {
				t.Errorf("%s: %v", rule.Alert, err)
			} else if !regexp.MustCompile(`^# ` + rule.Alert + `：`).Match(runbook) {
				t.Errorf("%s is not what %s is about", rule.Alert, rule.Annotations["runbook"])
			}
			if !regexp.MustCompile(`alertname: ` + rule.Alert + `\n\s+exp_alerts:\n`).Match(tests) {
				t.Errorf("no test sees %s fire", rule.Alert)
			}
		}
	}
	if alerts < 24 {
		t.Errorf("only %d alerts were read", alerts)
	}
}
