package prometheus_test

import (
	"os/exec"
	"strings"
	"testing"
)

// routed asks amtool which receiver labels lead to.
func routed(t *testing.T, file string, labels ...string) string {
	t.Helper()
	tool, err := exec.LookPath("amtool")
	if err != nil {
		t.Fatal("amtool is missing; 'make deps-test' installs it")
	}
	args := append([]string{"config", "routes", "test", "--config.file=" + file}, labels...)
	out, err := exec.CommandContext(t.Context(), tool, args...).Output() // it warns beside
	if err != nil {
		t.Fatalf("amtool %v: %v", args, err)
	}
	return strings.TrimSpace(string(out))
}

func TestAlertsAreRoutedToWhoAnswersForThem(t *testing.T) {
	const changed = "../../dashboard/alerts/testdata/changed/alertmanager.yml"
	for name, c := range map[string]struct {
		file   string
		labels []string
		want   string
	}{
		"the watchdog wakes nobody":            {"alertmanager.yml", []string{"alertname=Watchdog"}, "nobody"},
		"without owners all go to one":         {"alertmanager.yml", []string{"alertname=ComplaintSLAOverdue", "department=网络部"}, "on-call"},
		"what can wait goes there too":         {"alertmanager.yml", []string{"alertname=ComplaintMissRateHigh", "waits=true"}, "on-call"},
		"an owner gets the department's":       {changed, []string{"alertname=ComplaintSLAOverdue", "department=售后 部"}, "售后 部"},
		"an outage too":                        {changed, []string{"alertname=ComplaintCaseSLABreached", "department=售后 部", "rule=outage"}, "售后 部"},
		"what can wait too":                    {changed, []string{"alertname=ComplaintSLABudgetSpent", "department=售后 部", "waits=true"}, "售后 部"},
		"another department has no owner":      {changed, []string{"alertname=ComplaintSLAOverdue", "department=网络部"}, "on-call"},
		"an owner that nobody can tell":        {changed, []string{"alertname=ComplaintSLAOverdue", "department=法务"}, "on-call"},
		"the machinery has no department":      {changed, []string{"alertname=ComplaintSLAEngineStale"}, "on-call"},
		"an outage without department":         {changed, []string{"alertname=ComplaintCaseSLABreached", "rule=outage"}, "on-call"},
		"a name that looks like an expression": {changed, []string{"alertname=ComplaintSLAOverdue", `department="a\"b{{.}}"`}, `a"b{{.}}`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := routed(t, c.file, c.labels...); got != c.want {
				t.Errorf("%v are told to %q, want %q", c.labels, got, c.want)
			}
		})
	}
}

func TestTheConfigurationsAreAlertmanagers(t *testing.T) {
	for _, file := range []string{"alertmanager.yml", "../../dashboard/alerts/testdata/changed/alertmanager.yml"} {
		out, err := exec.CommandContext(t.Context(), "amtool", "check-config", file).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", file, err, out)
		}
	}
}
