package warehouse

import (
	"context"
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"wenguo/ingest/wire"
	"wenguo/ingest/wire/wiretest"
)

const (
	serverUser     = "wenguo"
	serverPassword = "渡口-pa55"
)

// secureServer puts the engine behind TLS and a login, as a ClickHouse server is; its answer to a wrong login is the
// server's own. It gives the https address.
func secureServer(t *testing.T, settings *tls.Config) string {
	t.Helper()
	engine, err := url.Parse(engines.DSN())
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(&url.URL{Scheme: engine.Scheme, Host: engine.Host})
		r.Out.Header.Del("X-ClickHouse-User")
		r.Out.Header.Del("X-ClickHouse-Key")
	}}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-ClickHouse-User") != serverUser || r.Header.Get("X-ClickHouse-Key") != serverPassword {
			w.Header().Set("X-ClickHouse-Exception-Code", "516")
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, "Code: 516. DB::Exception: "+r.Header.Get("X-ClickHouse-User")+": Authentication failed: password is incorrect, or there is no user with such name. (AUTHENTICATION_FAILED)\n")
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	server.TLS = settings
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL + engine.Path
}

func TestAServerBehindTLSAndALoginIsUsed(t *testing.T) {
	authority := wiretest.NewAuthority(t, "good authority")
	settings := &tls.Config{
		Certificates: []tls.Certificate{authority.Issue(t, time.Hour, "127.0.0.1")},
		ClientAuth:   tls.RequireAndVerifyClientCert, ClientCAs: authority.Pool,
	}
	dsn := secureServer(t, settings)
	access := Access{User: serverUser, PasswordFile: wiretest.SecretFile(t, serverPassword), TLS: wire.TLS{Enabled: true, CAFile: authority.File}}
	access.TLS.CertFile, access.TLS.KeyFile = wiretest.Files(t, authority.Issue(t, time.Hour))
	for sentence, address := range map[string]string{
		"the access says all":                     dsn,
		"the address wants TLS too":               dsn + "?secure=true",
		"the access goes before the address":      strings.Replace(dsn, "https://", "https://somebody:else@", 1),
		"the login may stand in the address only": strings.Replace(dsn, "https://", "https://"+serverUser+":"+url.PathEscape(serverPassword)+"@", 1),
	} {
		t.Run(sentence, func(t *testing.T) {
			access := access
			if strings.Contains(sentence, "only") {
				access.User, access.PasswordFile = "", ""
			}
			store, err := OpenWith(t.Context(), address, access, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer store.Close()
			if checks, err := store.Verify(t.Context(), "complaints.events"); err != nil || len(checks) != 0 {
				t.Fatalf("%v, %v", checks, err)
			}
		})
	}
}

func TestAServerThatIsNotBelievedIsRefusedWithTheRemedy(t *testing.T) {
	authority, other := wiretest.NewAuthority(t, "good authority"), wiretest.NewAuthority(t, "another authority")
	good := authority.Issue(t, time.Hour, "127.0.0.1")
	for sentence, c := range map[string]struct {
		server tls.Certificate
		demand bool
		change func(*Access)
		want   string
		login  bool
	}{
		"an authority that is not ours":  {server: good, change: func(a *Access) { a.TLS.CAFile = other.File }, want: "set clickhouse_access.tls.ca_file to that authority's certificate"},
		"only the system's authorities":  {server: good, change: func(a *Access) { a.TLS.CAFile = "" }, want: "set clickhouse_access.tls.ca_file"},
		"an expired certificate":         {server: authority.Issue(t, -time.Hour, "127.0.0.1"), change: func(*Access) {}, want: "only; renew it there"},
		"a certificate of another host":  {server: authority.Issue(t, time.Hour, "db.example"), change: func(*Access) {}, want: "its certificate is for db.example and not for 127.0.0.1"},
		"a server name it does not have": {server: good, change: func(a *Access) { a.TLS.ServerName = "db.example" }, want: "set clickhouse_access.tls.server_name to one"},
		"no certificate of ours":         {server: good, demand: true, change: func(*Access) {}, want: "set clickhouse_access.tls.cert_file and"},
		"a wrong password":               {server: good, login: true, change: func(a *Access) { a.PasswordFile, a.Password = "", "wrong-pa55" }, want: `clickhouse refuses the login of user "wenguo"; check clickhouse_access.user`},
		"a password file that is gone":   {server: good, login: true, change: func(a *Access) { a.PasswordFile += ".gone" }, want: "clickhouse_access.password_file: open"},
	} {
		t.Run(sentence, func(t *testing.T) {
			settings := &tls.Config{Certificates: []tls.Certificate{c.server}}
			if c.demand {
				settings.ClientAuth, settings.ClientCAs = tls.RequireAndVerifyClientCert, authority.Pool
			}
			dsn := secureServer(t, settings)
			access := Access{User: serverUser, PasswordFile: wiretest.SecretFile(t, serverPassword), TLS: wire.TLS{Enabled: true, CAFile: authority.File}}
			c.change(&access)
			addresses := []string{dsn}
			if !c.login && !c.demand { // the native protocol shakes hands in the same way; there is no server to log in at
				addresses = append(addresses, strings.Replace(dsn, "https://", "clickhouse://", 1))
			}
			for _, address := range addresses {
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				store, err := OpenWith(ctx, address, access, nil)
				cancel()
				if err == nil {
					_ = store.Close()
				}
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("%s: got %v\nwant %s", address, err, c.want)
				} else if strings.Contains(err.Error(), "pa55") {
					t.Errorf("the error shows the password: %v", err)
				}
			}
		})
	}
}

func TestAnAddressThatWouldLetOthersReadIsRefused(t *testing.T) {
	for sentence, c := range map[string]struct {
		dsn    string
		access Access
		want   string
	}{
		"verification switched off":         {"https://u:geheim@127.0.0.1:1/x?secure=true&skip_verify=true", Access{}, "skip_verify would believe any server"},
		"verification off, native protocol": {"clickhouse://u:geheim@127.0.0.1:1/x?skip_verify&secure", Access{}, "skip_verify would believe any server"},
		"TLS wanted, address without":       {"http://u:geheim@127.0.0.1:1/x", Access{TLS: wire.TLS{Enabled: true}}, "write https://"},
		"an address that is none":           {"http://u:geheim@127.0.0.1:port/x", Access{}, "clickhouse address"},
	} {
		t.Run(sentence, func(t *testing.T) {
			_, err := OpenWith(t.Context(), c.dsn, c.access, nil)
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "geheim") {
				t.Fatalf("got %v, want %s", err, c.want)
			}
		})
	}
	for want, access := range map[string]Access{
		"tls.enabled is false": {TLS: wire.TLS{ServerName: "x"}},
		"user is missing":      {Password: "x"},
		"both set":             {User: "u", Password: "x", PasswordFile: "y"},
	} {
		if err := access.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestAPortThatSpeaksNoTLSIsNamed(t *testing.T) {
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	_, port, _ := net.SplitHostPort(plain.Listener.Addr().String())
	_, err := OpenWith(t.Context(), "clickhouse://127.0.0.1:"+port+"/x", Access{TLS: wire.TLS{Enabled: true}}, nil)
	if err == nil || !strings.Contains(err.Error(), "does not speak TLS on this port") {
		t.Fatalf("got %v", err)
	}
}
