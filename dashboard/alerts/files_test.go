package alerts

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"wenguo/transform/sla"
)

var update = flag.Bool("update", false, "write the files that ship and the golden ones")

func parsed(t *testing.T, text []byte) *sla.Policy {
	t.Helper()
	p, err := sla.ParsePolicy(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func made(t *testing.T, p *sla.Policy, o Options) map[string][]byte {
	t.Helper()
	files, err := Files(p, o)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// golden compares with the files of a folder, or writes them.
func golden(t *testing.T, dir string, files map[string][]byte) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if *update {
			if err := os.WriteFile(path, text, 0o644); err != nil { //nolint:gosec // files of the repository
				t.Fatal(err)
			}
		}
		kept, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(kept, text) {
			t.Errorf("%s is not what the policy makes; run `wenguo rules --out deploy/prometheus`, or the test with -update", path)
		}
	}
}

func TestWhatShipsIsMadeOfTheShippedPolicy(t *testing.T) {
	golden(t, "../../deploy/prometheus", made(t, parsed(t, sla.DefaultPolicy()), Options{}))
}

func TestAChangedPolicyChangesRulesAndRoutes(t *testing.T) {
	text, err := os.ReadFile("testdata/changed.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p := parsed(t, text)
	files := made(t, p, Options{Links: "https://wenguo.example.com/", Site: "10.0.0.7:8420", SMTP: "mail.example.com:25", From: "wenguo@example.com"})
	golden(t, "testdata/changed", files)
	shipped := made(t, parsed(t, sla.DefaultPolicy()), Options{})
	for name, c := range map[string]struct {
		file, has  string
		here, ship bool
	}{
		"the promise of arrival is a minute and a half":  {RulesFile, "> 90", true, false},
		"it was five minutes":                            {RulesFile, "> 300", false, true},
		"a source whose silence is a fault is watched":   {RulesFile, `channel=\"phone\"}) < time() - 1800`, true, false},
		"one that is no channel cannot be":               {RulesFile, "mainframe", false, false},
		"instants are in the other zone, with its steps": {RulesFile, "America/New_York", true, false},
		"the rates are the policy's":                     {RulesFile, "超时率更像 10%，而不是正常的 2%", true, false},
		"the owner is named":                             {RulesFile, "王芳、wang@example.com", true, false},
		"links lead to the site":                         {RulesFile, "page: https://wenguo.example.com/complaints?scope", true, false},
		"the owner's robot is told":                      {AlertmanagerFile, "http://10.0.0.7:8420/api/v1/notify/%E5%94%AE%E5%90%8E%E7%BE%A4", true, false},
		"and gets mail":                                  {AlertmanagerFile, "to: wang@example.com", true, false},
		"a person without address gets none":             {AlertmanagerFile, "to: 王芳", false, false},
		"quiet hours are the shop's":                     {AlertmanagerFile, "active_time_intervals: [shop]", true, false},
		"quiet hours were the office's":                  {AlertmanagerFile, "active_time_intervals: [working-hours]", false, true},
		"a day with hours of its own":                    {AlertmanagerFile, `end_time: "14:00"`, true, false},
		"a stage without a promise has no objective":     {OpenSLOFile, "dispatch-on-time", false, true},
		"prometheus asks where wenguo is":                {PrometheusFile, "10.0.0.7:8420", true, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := bytes.Contains(files[c.file], []byte(c.has)); got != c.here {
				t.Errorf("the changed %s has %q: %t", c.file, c.has, got)
			}
			if got := bytes.Contains(shipped[c.file], []byte(c.has)); got != c.ship {
				t.Errorf("the shipped %s has %q: %t", c.file, c.has, got)
			}
		})
	}
}
