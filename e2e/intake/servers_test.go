package intake_test

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"

	"wenguo/e2e/program"
	"wenguo/ingest/wire/wiretest"
)

const (
	busPassword   = "bus-pa55word-of-the-test"
	storePassword = "store-pa55word-of-the-test"
)

// TestTheWholeProgramSpeaksTLSAndLogsIn runs a program against a broker and a ClickHouse that want both; the engine behind
// the latter is that of another, embedded one.
func TestTheWholeProgramSpeaksTLSAndLogsIn(t *testing.T) {
	authority := wiretest.NewAuthority(t, "company authority")
	server := &tls.Config{Certificates: []tls.Certificate{authority.Issue(t, time.Hour, "127.0.0.1")}}
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.TLS(server), kfake.EnableSASL(), kfake.Superuser("SCRAM-SHA-512", "wenguo", busPassword))
	if err != nil {
		t.Fatal(err)
	}
	defer cluster.Close()
	behind := program.Start(t, t.TempDir(), nil)
	clickhouse := guarded(t, behind.ClickHouse, server.Clone())
	data := filepath.Join(t.TempDir(), "data")
	tokenFile := wiretest.SecretFile(t, "token-of-the-test-0123456789")
	config := func(kafkaPassword string) []string {
		path := filepath.Join(t.TempDir(), "wenguo.yaml")
		content := fmt.Sprintf(`kafka:
  brokers: [%s]
  tls: {enabled: true, ca_file: %s}
  sasl: {mechanism: scram-sha-512, user: wenguo, password_file: %s}
clickhouse: %s/behind_tls
clickhouse_access:
  user: wenguo
  tls: {enabled: true, ca_file: %s}
intake: {token_file: %s}
`, cluster.ListenAddrs()[0], authority.File, wiretest.SecretFile(t, kafkaPassword), clickhouse, authority.File, tokenFile)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return []string{"WENGUO_CONFIG=" + path, "WENGUO_CLICKHOUSE_ACCESS_PASSWORD=" + storePassword}
	}
	environ := config(busPassword)
	up := program.Start(t, data, environ)
	if status, answer := send(t, up.Listen, tokenFile, registered("C-1", "经加密连接")); status != http.StatusAccepted {
		t.Fatalf("%d %s", status, answer)
	}
	if got := fact(t, up.Listen, "C-1"); !strings.Contains(got, "经加密连接") {
		t.Errorf("C-1 is %s", got)
	}
	if checked := verify(t, data, environ...); checked.stored != 1 || !checked.OK {
		t.Errorf("the store: %+v", checked)
	}
	printed := program.Run(t, environ, "config", "--data", data)
	log := up.Log() + printed.Stdout + printed.Stderr
	if code, _ := up.Stop(t); code != 0 {
		t.Errorf("exit code %d: %s", code, up.Log())
	}
	wrong := program.Run(t, config("wrong-"+busPassword), "up", "--data", data, "--listen", "127.0.0.1:0", "--demo", "none")
	if want := `kafka refuses the login of user "wenguo"; check kafka.sasl.user and its password`; wrong.Code != 1 || !strings.Contains(wrong.LastLine(), want) {
		t.Errorf("a wrong password ended with %d: %s", wrong.Code, wrong.LastLine())
	}
	environ[1] = "WENGUO_CLICKHOUSE_ACCESS_PASSWORD=wrong-" + storePassword
	wrong = program.Run(t, environ, "up", "--data", data, "--listen", "127.0.0.1:0", "--demo", "none")
	if want := `clickhouse refuses the login of user "wenguo"; check clickhouse_access.user`; wrong.Code != 1 || !strings.Contains(wrong.LastLine(), want) {
		t.Errorf("a wrong password ended with %d: %s", wrong.Code, wrong.LastLine())
	}
	noSecrets(t, data, log+up.Log()+wrong.Stderr)
}

// guarded puts TLS and a login before an engine and gives the https address.
func guarded(t *testing.T, engine string, settings *tls.Config) string {
	t.Helper()
	target, err := url.Parse(engine)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(&url.URL{Scheme: "http", Host: target.Host}) }}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-ClickHouse-User") != "wenguo" || r.Header.Get("X-ClickHouse-Key") != storePassword {
			w.Header().Set("X-ClickHouse-Exception-Code", "516")
			http.Error(w, "Code: 516. DB::Exception: Authentication failed. (AUTHENTICATION_FAILED)", http.StatusForbidden)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	server.TLS = settings
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL
}

// noSecrets searches what was printed and every file of the data folder.
func noSecrets(t *testing.T, data, printed string) {
	t.Helper()
	texts := map[string]string{"the log": printed}
	err := filepath.WalkDir(data, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		texts[path] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for where, text := range texts {
		for _, secret := range []string{busPassword, storePassword, "token-of-the-test-0123456789"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds a secret", where)
			}
		}
	}
}
