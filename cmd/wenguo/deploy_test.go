package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/spf13/pflag"
)

func TestTheConfigurationsThatShipAreRead(t *testing.T) {
	manifest, err := os.ReadFile("../../deploy/kubernetes/wenguo.yaml")
	if err != nil {
		t.Fatal(err)
	}
	inside := filepath.Join(t.TempDir(), "kubernetes.yaml")
	for document := range strings.SplitSeq(string(manifest), "\n---\n") {
		var found struct {
			Kind string
			Data map[string]string
		}
		if err := yaml.Unmarshal([]byte(document), &found); err != nil {
			t.Fatal(err)
		}
		if found.Kind == "ConfigMap" {
			if err := os.WriteFile(inside, []byte(found.Data["wenguo.yaml"]), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, file := range []string{"../../deploy/wenguo.example.yaml", "../../deploy/compose/wenguo.yaml", inside} {
		cfg, err := loadConfig(file, nil, pflag.NewFlagSet("", pflag.ContinueOnError))
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if strings.Contains(file, "example") {
			if len(cfg.Notify.Robots) != 3 || cfg.Alerts.SMTP == "" {
				t.Errorf("%s: not everything was read: %+v", file, cfg.Notify)
			}
			continue
		}
		if len(cfg.Kafka.Brokers) == 0 || cfg.ClickHouse == "" || cfg.Alerts.PrometheusURL == "" || cfg.ClickHouseAccess.PasswordFile == "" {
			t.Errorf("%s: not everything was read: %+v", file, cfg)
		}
	}
}

func TestARobotsKeyIsNeverPrinted(t *testing.T) {
	file := filepath.Join(t.TempDir(), "wenguo.yaml")
	text := "notify: {token: TOPSECRET-TOPSECRET, robots: [{name: a, kind: dingtalk, url: \"https://x.example/?access_token=TOPSECRET\", secret: TOPSECRET}]}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := loadConfig(file, nil, pflag.NewFlagSet("", pflag.ContinueOnError))
	if err != nil {
		t.Fatal(err)
	}
	shown, err := yaml.Marshal(cfg.masked())
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(shown), "TOPSECRET") || !strings.Contains(string(shown), "name: a") {
		t.Errorf("printed:\n%s", shown)
	}
}
