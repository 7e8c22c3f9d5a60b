package notify_test

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"wenguo/dashboard/notify"
)

func TestWhatCannotWorkIsRefusedWithItsName(t *testing.T) {
	file := filepath.Join(t.TempDir(), "url")
	if err := os.WriteFile(file, []byte("https://oapi.dingtalk.com/robot/send?access_token=TOPSECRET\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	good := notify.Robot{Name: "a", Kind: notify.DingTalk, URLFile: file, SecretEnv: "SIGN"}
	for sentence, c := range map[string]struct {
		change func(*notify.Config)
		want   string
	}{
		"a robot of secrets elsewhere":  {func(*notify.Config) {}, ""},
		"a short token":                 {func(c *notify.Config) { c.Token = "short" }, "16 bytes"},
		"two tokens":                    {func(c *notify.Config) { c.TokenFile = file }, "both set"},
		"two of a name":                 {func(c *notify.Config) { c.Robots = append(c.Robots, good) }, `two named "a"`},
		"an unknown maker":              {func(c *notify.Config) { c.Robots[0].Kind = "slack" }, "dingtalk, feishu or wecom"},
		"no address":                    {func(c *notify.Config) { c.Robots[0].URLFile = "" }, "exactly one of url"},
		"two addresses":                 {func(c *notify.Config) { c.Robots[0].URL = "https://x" }, "exactly one of url"},
		"a secret for WeCom":            {func(c *notify.Config) { c.Robots[0].Kind = notify.WeCom }, "has no secret"},
		"an address without encryption": {func(c *notify.Config) { c.Robots[0].URLFile, c.Robots[0].URL = "", "http://oapi.example.com/TOPSECRET" }, "must be https"},
		"what is no address":            {func(c *notify.Config) { c.Robots[0].URLFile, c.Robots[0].URL = "", "https://\x7fTOPSECRET" }, "is none"},
		"an empty variable":             {func(c *notify.Config) { c.Robots[0].SecretEnv = "NONE" }, "NONE"},
		"a missing file":                {func(c *notify.Config) { c.Robots[0].URLFile = "/nowhere" }, "/nowhere"},
		"a name that is a path":         {func(c *notify.Config) { c.Robots[0].Name = "a/b" }, "name"},
		"a public address with a key":   {func(c *notify.Config) { c.PublicURL = "https://u:p@x" }, "public_url"},
	} {
		t.Run(sentence, func(t *testing.T) {
			cfg := notify.Config{Token: token, Robots: []notify.Robot{good}}
			c.change(&cfg)
			_, err := notify.New(cfg, notify.Deps{
				Now: time.Now, Log: slog.New(slog.DiscardHandler), Registry: prometheus.NewRegistry(), Zone: zone,
				Env: func(name string) string { return map[string]string{"SIGN": secret}[name] },
			})
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
			if strings.Contains(fmt.Sprint(err), "TOPSECRET") || strings.Contains(fmt.Sprintf("%+v", cfg), "TOPSECRET") && c.want != "" {
				t.Errorf("the key is told: %v", err)
			}
		})
	}
}
