package dashboard

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
)

// Front is how the pages are reached from other machines.
type Front struct {
	// CertFile and KeyFile are a certificate with its chain and its key in PEM; the pages then speak TLS alone. Both are read
	// again when they change.
	CertFile string `yaml:"cert_file"`
	KeyFile  string `yaml:"key_file"`
	// TrustedProxies are addresses or networks (10.0.0.0/8) of proxies that end TLS before the pages: X-Forwarded-For and
	// X-Forwarded-Proto count from them alone.
	TrustedProxies []string `yaml:"trusted_proxies"`
	// PublicURL is where people open the pages; with it no other name of the host is answered. Signing in by an identity
	// provider needs it.
	PublicURL string `yaml:"public_url"`
}

// encrypted says that pages are only given over TLS, here or at a proxy.
func (f Front) encrypted() bool { return f.CertFile != "" || len(f.TrustedProxies) > 0 }

// Validate says what is wrong.
func (f Front) Validate() error {
	if (f.CertFile == "") != (f.KeyFile == "") {
		return errors.New("front.cert_file and front.key_file belong together")
	}
	if _, err := f.proxies(); err != nil {
		return err
	}
	if f.PublicURL == "" {
		return nil
	}
	u, err := url.Parse(f.PublicURL)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.Trim(u.Path, "/") != "" {
		return fmt.Errorf("front.public_url %q is not an address such as https://wenguo.example.com", f.PublicURL)
	}
	return nil
}

// proxies are the trusted networks.
func (f Front) proxies() ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, text := range f.TrustedProxies {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			one, oneErr := netip.ParseAddr(text)
			if oneErr != nil {
				return nil, fmt.Errorf("front.trusted_proxies: %q is neither an address nor a network such as 10.0.0.0/8", text)
			}
			p = netip.PrefixFrom(one, one.BitLen())
		}
		if p.Bits() == 0 {
			return nil, fmt.Errorf("front.trusted_proxies: %s trusts everybody: name the proxy's own address", text)
		}
		out = append(out, p)
	}
	return out, nil
}

// throughProxy says that a request came from a trusted proxy.
func (s *Server) throughProxy(r *http.Request) bool {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	for _, p := range s.proxies {
		if p.Contains(at.Addr().Unmap()) {
			return true
		}
	}
	return false
}

// overTLS says that a request travelled over TLS, up to here or up to a trusted proxy.
func (s *Server) overTLS(r *http.Request) bool {
	return r.TLS != nil || s.throughProxy(r) && strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
}

// transport lets browsers come back over TLS alone, and refuses what comes from another machine without it.
func (s *Server) transport(c *gin.Context) {
	if s.overTLS(c.Request) {
		c.Header("Strict-Transport-Security", "max-age=63072000")
		c.Next()
		return
	}
	host, _, err := net.SplitHostPort(c.Request.RemoteAddr)
	if s.cfg.Front.encrypted() && (err != nil || !loopback(host) || s.throughProxy(c.Request)) && c.FullPath() != "/healthz" {
		writeProblem(c, problem{
			Title: "Forbidden", Status: http.StatusForbidden, Detail: "open the pages over https, through the proxy that ends TLS for them",
		})
		return
	}
	c.Next()
}

// ownHost refuses names of the host that are not its own: a foreign page that rebinds its name to this address would
// otherwise read everything.
func (s *Server) ownHost(c *gin.Context) {
	host := c.Request.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.Trim(host, "[]")
	public, err := url.Parse(s.cfg.Front.PublicURL)
	switch {
	case loopback(host), err == nil && public.Host != "" && strings.EqualFold(host, public.Hostname()):
		c.Next()
		return
	case s.cfg.Front.PublicURL == "" && s.cfg.Front.encrypted(): // the certificate says who is here, and accounts who may
		c.Next()
		return
	}
	writeProblem(c, problem{
		Title: "Misdirected Request", Status: http.StatusMisdirectedRequest,
		Detail: "open the pages as http://127.0.0.1 or http://localhost, or by their public name",
	})
}

// certificate is that of the pages, read again when a file of it changes.
type certificate struct {
	front Front

	mu      sync.Mutex
	changed [2]time.Time
	have    *tls.Certificate
}

// get is for tls.Config. A renewal that cannot be read leaves the certificate before it in use.
func (k *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	var changed [2]time.Time
	for i, name := range []string{k.front.CertFile, k.front.KeyFile} {
		info, err := os.Stat(name)
		if err != nil {
			return k.or(fmt.Errorf("read certificate: %w", err))
		}
		changed[i] = info.ModTime()
	}
	if k.have != nil && changed == k.changed {
		return k.have, nil
	}
	pair, err := tls.LoadX509KeyPair(k.front.CertFile, k.front.KeyFile)
	if err != nil {
		return k.or(fmt.Errorf("read certificate: %w", err))
	}
	k.have, k.changed = &pair, changed
	return k.have, nil
}

// or is the certificate in use, or the error without one.
func (k *certificate) or(err error) (*tls.Certificate, error) {
	if k.have != nil {
		return k.have, nil
	}
	return nil, err
}

// wrapped is the listener with TLS where a certificate is configured.
func (f Front) wrapped(listener net.Listener) (net.Listener, error) {
	if f.CertFile == "" {
		return listener, nil
	}
	k := &certificate{front: f}
	if _, err := k.get(nil); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return tls.NewListener(listener, &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: k.get, NextProtos: []string{"h2", "http/1.1"}}), nil
}
