package dashboard_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"wenguo/dashboard"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func TestNobodyCanStartWideOpen(t *testing.T) {
	cert := dashboard.Front{CertFile: "a", KeyFile: "b"}
	proxy := dashboard.Front{TrustedProxies: []string{"10.0.0.1"}}
	for name, c := range map[string]struct {
		listen   string
		accounts bool
		front    dashboard.Front
		fault    string
	}{
		"beyond loopback without accounts":           {"0.0.0.0:8420", false, dashboard.Front{}, "--accounts"},
		"beyond loopback with accounts, no TLS":      {"0.0.0.0:8420", true, dashboard.Front{}, "front.cert_file"},
		"beyond loopback with accounts and TLS":      {"0.0.0.0:8420", true, cert, ""},
		"beyond loopback with accounts, a proxy":     {"[::]:8420", true, proxy, ""},
		"a certificate without accounts":             {"127.0.0.1:8420", false, cert, "--accounts"},
		"a certificate without key":                  {"0.0.0.0:8420", true, dashboard.Front{CertFile: "a"}, "belong together"},
		"everybody is a trusted proxy":               {"0.0.0.0:8420", true, dashboard.Front{TrustedProxies: []string{"0.0.0.0/0"}}, "trusts everybody"},
		"a proxy that is no address":                 {"0.0.0.0:8420", true, dashboard.Front{TrustedProxies: []string{"proxy"}}, "neither an address"},
		"a public address with a path":               {"127.0.0.1:8420", true, dashboard.Front{PublicURL: "https://example.com/wenguo"}, "public_url"},
		"loopback with accounts, nothing in between": {"127.0.0.1:8420", true, dashboard.Front{}, ""},
	} {
		cfg := dashboard.DefaultConfig()
		cfg.Listen, cfg.Accounts, cfg.Front = c.listen, c.accounts, c.front
		err := cfg.Validate()
		if (err == nil) != (c.fault == "") || err != nil && !strings.Contains(err.Error(), c.fault) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOnlyATrustedProxySaysHowARequestTravelled(t *testing.T) {
	h := settle(t, func(c *dashboard.Config, _ *dashboard.Deps) {
		c.Front = dashboard.Front{TrustedProxies: []string{"10.0.0.0/8"}, PublicURL: "https://wenguo.example.com"}
	})
	for name, c := range map[string]struct {
		remote, proto, host string
		code                int
		strict              bool
	}{
		"through the proxy over https":         {"10.1.2.3:4000", "https", "wenguo.example.com", http.StatusOK, true},
		"through the proxy over http":          {"10.1.2.3:4000", "http", "wenguo.example.com", http.StatusForbidden, false},
		"somebody else who says https":         {"192.0.2.7:4000", "https", "wenguo.example.com", http.StatusForbidden, false},
		"this machine, past the proxy":         {"127.0.0.1:4000", "", "127.0.0.1:8420", http.StatusOK, false},
		"through the proxy under another name": {"10.1.2.3:4000", "https", "evil.example.com", http.StatusMisdirectedRequest, false},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+c.host+"/sign-in", nil)
		r.RemoteAddr = c.remote
		r.Header.Set("X-Forwarded-Proto", c.proto)
		r.Header.Set("Accept", "text/html")
		w := httptest.NewRecorder()
		h.handler.ServeHTTP(w, r)
		if w.Code != c.code || (w.Header().Get("Strict-Transport-Security") != "") != c.strict {
			t.Errorf("%s: %d, strict %q", name, w.Code, w.Header().Get("Strict-Transport-Security"))
		}
		for _, cookie := range w.Result().Cookies() {
			if strings.HasPrefix(cookie.Name, "session_") && !cookie.Secure {
				t.Errorf("%s: cookie %s travels without TLS", name, cookie.Name)
			}
		}
	}
	if h.server.Cookie() != "__Host-wenguo" {
		t.Errorf("the session's cookie is %s", h.server.Cookie())
	}
}

func TestOnlyATrustedProxySaysWhoAsks(t *testing.T) {
	h := settle(t, func(c *dashboard.Config, _ *dashboard.Deps) {
		c.Front = dashboard.Front{TrustedProxies: []string{"10.0.0.1"}}
	})
	for remote, want := range map[string]string{"10.0.0.1:1": "203.0.113.9", "127.0.0.1:1": "127.0.0.1"} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, site+"/settings/audit.csv", nil)
		r.RemoteAddr = remote
		r.Header.Set("X-Forwarded-Proto", "https")
		r.Header.Set("X-Forwarded-For", "203.0.113.9")
		r.AddCookie(&http.Cookie{Name: h.server.Cookie(), Value: h.secrets["administrator"]})
		w := httptest.NewRecorder()
		h.handler.ServeHTTP(w, r)
		if lines := strings.Split(w.Body.String(), "\n"); w.Code != http.StatusOK || !strings.Contains(lines[1], ","+want+",") {
			t.Errorf("from %s: %d %s", remote, w.Code, w.Body)
		}
	}
}

// writeCertificate writes a certificate of a serial number for 127.0.0.1.
func writeCertificate(t *testing.T, dir string, serial int64) (certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "wenguo"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, about, about, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for name, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "PRIVATE KEY", Bytes: raw}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		at := time.Now().Add(time.Duration(serial) * time.Minute)
		if err := os.Chtimes(name, at, at); err != nil {
			t.Fatal(err)
		}
	}
	return certFile, keyFile
}

func TestPagesSpeakTLSAndTakeARenewedCertificate(t *testing.T) {
	h := settle(t, nil)
	dir := t.TempDir()
	cfg := dashboard.DefaultConfig()
	cfg.Listen, cfg.Accounts = "127.0.0.1:0", true
	cfg.Front.CertFile, cfg.Front.KeyFile = writeCertificate(t, dir, 1)
	listening := make(chan string, 1)
	server, err := dashboard.New(cfg, dashboard.Deps{
		Reader: &sample{}, Now: sampleNow, Log: slog.New(slog.DiscardHandler), Accounts: h.book, Listening: func(a string) { listening <- a },
	})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- server.Run(t.Context()) }()
	address := <-listening
	serial := func() int64 {
		dialer := tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}} //nolint:gosec // the serial number is looked at
		conn, err := dialer.DialContext(t.Context(), "tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		return conn.(*tls.Conn).ConnectionState().PeerCertificates[0].SerialNumber.Int64() //nolint:forcetypeassert // of a tls.Dialer
	}
	if n := serial(); n != 1 {
		t.Errorf("serial %d", n)
	}
	writeCertificate(t, dir, 2)
	if n := serial(); n != 2 {
		t.Errorf("after the renewal: serial %d", n)
	}
	if err := os.WriteFile(cfg.Front.KeyFile, []byte("broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	if n := serial(); n != 2 {
		t.Errorf("after a broken renewal: serial %d", n)
	}
}
