// Package deploy_test checks what ships beside the program.
package deploy_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

func text(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestTheCompositionIsWhole(t *testing.T) {
	type service struct {
		Image   string `yaml:"image"`
		Network string `yaml:"network_mode"`
		Ports   []any  `yaml:"ports"`
		Volumes []string
		Secrets []any
	}
	var file struct {
		Services map[string]service
		Volumes  map[string]any
		Secrets  map[string]struct{ File string }
	}
	if err := yaml.Unmarshal([]byte(text(t, "compose/compose.yml")), &file); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"kafka", "clickhouse", "prometheus", "alertmanager", "wenguo"} {
		s, ok := file.Services[name]
		if !ok {
			t.Errorf("there is no %s", name)
			continue
		}
		if len(s.Ports) > 0 || s.Network != "host" {
			t.Errorf("%s publishes ports: what asks nobody who he is belongs on loopback", name)
		}
		if name != "wenguo" && !regexp.MustCompile(`:v?\d+\.\d+`).MatchString(s.Image) {
			t.Errorf("%s is of no certain version: %s", name, s.Image)
		}
		for _, v := range s.Volumes {
			from, _, _ := strings.Cut(v, ":")
			if !strings.HasPrefix(from, ".") {
				if _, ok := file.Volumes[from]; !ok {
					t.Errorf("%s uses the volume %s, which there is not", name, from)
				}
				continue
			}
			if _, err := os.Stat(filepath.Join("compose", from)); err != nil {
				t.Errorf("%s mounts what is not there: %v", name, err)
			}
		}
	}
	for name, s := range file.Secrets {
		if !strings.HasPrefix(s.File, "./secrets/") {
			t.Errorf("the secret %s would be in the repository", name)
		}
	}
	for service, listens := range map[string][]string{
		"prometheus":   {"--web.listen-address=127.0.0.1:9090"},
		"alertmanager": {"--web.listen-address=127.0.0.1:9093", "--cluster.listen-address="},
	} {
		for _, words := range listens {
			if !strings.Contains(text(t, "compose/compose.yml"), words) {
				t.Errorf("%s does not listen on loopback alone", service)
			}
		}
	}
}

func TestTheServiceIsHardened(t *testing.T) {
	unit := text(t, "systemd/wenguo.service")
	for _, line := range []string{
		"NoNewPrivileges=yes", "CapabilityBoundingSet=", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes", "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
		"SystemCallFilter=@system-service", "StateDirectory=wenguo", "UMask=0077", "Restart=on-failure",
	} {
		if !strings.Contains(unit, "\n"+line+"\n") {
			t.Errorf("the unit lacks %s", line)
		}
	}
	// The text segmenter and the engine are native code that makes memory executable as it runs.
	if strings.Contains(unit, "MemoryDenyWriteExecute=yes") {
		t.Error("the engine compiles expressions as it runs")
	}
}
