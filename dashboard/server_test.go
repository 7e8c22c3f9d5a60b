package dashboard_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wenguo/dashboard"
)

func TestAddressBeyondLoopbackIsRefused(t *testing.T) {
	for listen, allowed := range map[string]bool{
		"127.0.0.1:0": true, "[::1]:0": true, "localhost:0": true, "127.0.0.5:9": true,
		"0.0.0.0:8420": false, ":8420": false, "192.168.1.4:8420": false, "[::]:8420": false, "example.com:80": false, "8420": false,
	} {
		cfg := dashboard.DefaultConfig()
		cfg.Listen = listen
		_, err := dashboard.New(cfg, dashboard.Deps{Reader: &sample{}, Now: sampleNow, Log: slog.New(slog.DiscardHandler)})
		if (err == nil) != allowed {
			t.Errorf("%s: %v", listen, err)
		}
		if err != nil && !strings.Contains(err.Error(), "127.0.0.1:8420") {
			t.Errorf("%s: no remedy in %q", listen, err)
		}
	}
}

// start runs a server until the test ends and returns its address.
func start(t *testing.T, listen string, deps dashboard.Deps) (addr string, stop func() error) {
	t.Helper()
	listening, done := make(chan string, 1), make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	cfg := dashboard.DefaultConfig()
	cfg.Listen = listen
	deps.Reader, deps.Now, deps.Log = &sample{}, sampleNow, slog.New(slog.DiscardHandler)
	deps.Listening = func(a string) { listening <- a }
	server, err := dashboard.New(cfg, deps)
	if err != nil {
		t.Fatal(err)
	}
	go func() { done <- server.Run(ctx) }()
	select {
	case addr = <-listening:
	case err := <-done:
		t.Fatal(err)
	}
	return addr, func() error { cancel(); return <-done }
}

func fetch(t *testing.T, url string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func TestServerAnswersAndStops(t *testing.T) {
	ready := errors.New("facts are being rebuilt")
	addr, stop := start(t, "127.0.0.1:0", dashboard.Deps{
		Ready:   func(context.Context) error { return ready },
		Metrics: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "up 1\n") }),
	})
	if code, body := fetch(t, "http://"+addr+"/healthz"); code != http.StatusOK || body != "ok\n" {
		t.Errorf("healthz %d %q", code, body)
	}
	if code, body := fetch(t, "http://"+addr+"/readyz"); code != http.StatusServiceUnavailable || !strings.Contains(body, "facts are being rebuilt") {
		t.Errorf("readyz %d %q", code, body)
	}
	if code, body := fetch(t, "http://"+addr+"/metrics"); code != http.StatusOK || body != "up 1\n" {
		t.Errorf("metrics %d %q", code, body)
	}
	if err := stop(); err != nil {
		t.Errorf("stopped with %v", err)
	}
}

func TestAddressInUseIsOneClearSentence(t *testing.T) {
	addr, stop := start(t, "127.0.0.1:0", dashboard.Deps{})
	cfg := dashboard.DefaultConfig()
	cfg.Listen = addr
	second, err := dashboard.New(cfg, dashboard.Deps{Reader: &sample{}, Now: sampleNow, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	err = second.Run(t.Context())
	if err == nil || !strings.Contains(err.Error(), addr) || !strings.Contains(err.Error(), "--listen") {
		t.Errorf("second server: %v", err)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestVendoredAssetsAreThePinnedOnes(t *testing.T) {
	sums, err := os.Open("static/vendor/SHA256SUMS")
	if err != nil {
		t.Fatal(err)
	}
	defer sums.Close()
	raw, err := os.ReadFile("../deploy/npm/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	var lock struct {
		Packages map[string]struct {
			Version string `json:"version"`
		} `json:"packages"`
	}
	if err := json.Unmarshal(raw, &lock); err != nil {
		t.Fatal(err)
	}
	files, versions := 0, 0
	for lines := bufio.NewScanner(sums); lines.Scan(); {
		f := strings.Fields(lines.Text())
		if f[0] == "#" {
			versions++
			if locked := lock.Packages["node_modules/"+f[1]].Version; locked != f[2] {
				t.Errorf("%s %s is vendored, the lock file pins %q: run deploy/npm/assets.sh", f[1], f[2], locked)
			}
			continue
		}
		files++
		body, err := os.ReadFile(filepath.Join("static/vendor", f[1]))
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(body); hex.EncodeToString(sum[:]) != f[0] {
			t.Errorf("%s was changed after it was copied", f[1])
		}
	}
	if files != 2 || versions != 2 {
		t.Errorf("%d files and %d versions listed", files, versions)
	}
}
