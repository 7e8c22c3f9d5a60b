package notify

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"wenguo/ingest/wire"
)

// Kind is the maker of a robot.
type Kind string

// Kinds of robots.
const (
	DingTalk Kind = "dingtalk"
	Feishu   Kind = "feishu"
	WeCom    Kind = "wecom"
)

// Config of the robots.
type Config struct {
	// Token is what Alertmanager sends as "Authorization: Bearer …"; it stands here or in TokenFile.
	Token     wire.Secret `yaml:"token"`
	TokenFile string      `yaml:"token_file"`
	// PublicURL is where the people who read a card open the pages, such as https://wenguo.example.com; empty leaves the
	// address that the pages listen on, which is of use on that machine alone.
	PublicURL string `yaml:"public_url"`
	// Robots that can be told. A policy's owners name them.
	Robots []Robot `yaml:"robots"`
}

// Robot is one group chat. Its address holds its key, so it is a secret too; each secret stands here, in a file, or in an
// environment variable that is named.
type Robot struct {
	Name       string      `yaml:"name"`
	Kind       Kind        `yaml:"kind"`
	URL        wire.Secret `yaml:"url"`
	URLFile    string      `yaml:"url_file"`
	URLEnv     string      `yaml:"url_env"`
	Secret     wire.Secret `yaml:"secret"`
	SecretFile string      `yaml:"secret_file"`
	SecretEnv  string      `yaml:"secret_env"`
}

// Validate names the first setting that cannot work. It reads no file.
func (c Config) Validate() error {
	if err := wire.CheckSecret("notify.token", c.Token, c.TokenFile); err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	if c.PublicURL != "" {
		u, err := url.Parse(c.PublicURL)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil || u.RawQuery != "" {
			return errors.New("notify.public_url must be http(s)://host[:port][/path]")
		}
	}
	seen := map[string]bool{}
	for i, r := range c.Robots {
		switch {
		case r.Name == "" || len(r.Name) > 64 || strings.ContainsAny(r.Name, "/\\?#%\x00\n"):
			return fmt.Errorf("notify.robots[%d].name must be 1 to 64 bytes without / \\ ? # %%", i)
		case seen[r.Name]:
			return fmt.Errorf("notify.robots: there are two named %q", r.Name)
		case limits[r.Kind].body == 0:
			return fmt.Errorf("notify.robots: %q is of kind %q: use dingtalk, feishu or wecom", r.Name, r.Kind)
		case count(r.URL != "", r.URLFile != "", r.URLEnv != "") != 1:
			return fmt.Errorf("notify.robots: %q needs exactly one of url, url_file and url_env", r.Name)
		case count(r.Secret != "", r.SecretFile != "", r.SecretEnv != "") > 1:
			return fmt.Errorf("notify.robots: %q has more than one of secret, secret_file and secret_env", r.Name)
		case r.Kind == WeCom && count(r.Secret != "", r.SecretFile != "", r.SecretEnv != "") > 0:
			return fmt.Errorf("notify.robots: %q: a WeCom robot has no secret, its key is part of the url", r.Name)
		}
		seen[r.Name] = true
	}
	return nil
}

func count(facts ...bool) (n int) {
	for _, f := range facts {
		if f {
			n++
		}
	}
	return n
}

// secrets reads a robot's address and its signing key.
func (r Robot) secrets(env func(string) string) (address *url.URL, key string, err error) {
	text, err := secret("url", r.Name, r.URL, r.URLFile, r.URLEnv, env)
	if err != nil {
		return nil, "", err
	}
	if address, err = url.Parse(text); err != nil || address.Host == "" { // the error would repeat the address
		return nil, "", fmt.Errorf("notify: the address of robot %q is none", r.Name)
	}
	if address.Scheme != "https" && (address.Scheme != "http" || !loopback(address.Hostname())) {
		return nil, "", fmt.Errorf("notify: the address of robot %q must be https: it carries a key", r.Name)
	}
	if key, err = secret("secret", r.Name, r.Secret, r.SecretFile, r.SecretEnv, env); err != nil {
		return nil, "", err
	}
	return address, key, nil
}

func secret(what, robot string, inline wire.Secret, file, variable string, env func(string) string) (string, error) {
	if variable != "" {
		text := env(variable)
		if text == "" {
			return "", fmt.Errorf("notify: the environment variable %s, the %s of robot %q, is empty", variable, what, robot)
		}
		return text, nil
	}
	text, err := wire.ReadSecret(what, inline, file)
	if err != nil {
		return "", fmt.Errorf("notify: robot %q: %w", robot, err)
	}
	return strings.TrimSpace(text), nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
