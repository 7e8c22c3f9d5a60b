package wire

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Refusal is a connection that will not come about before somebody changes a setting or a certificate: trying again is of
// no use.
type Refusal struct {
	// Sentence says who is refused and what to do.
	Sentence string
	Err      error
}

// Error gives the sentence and its cause.
func (r *Refusal) Error() string { return r.Sentence + ": " + r.Err.Error() }

// Unwrap gives the cause.
func (r *Refusal) Unwrap() error { return r.Err }

// Explain turns an error of a TLS connection to who into a Refusal that names the remedy; key is where the TLS settings
// stand in the configuration. Other errors pass as they are.
func Explain(err error, who, key string) error {
	if _, done := errors.AsType[*Refusal](err); err == nil || done {
		return err
	}
	refuse := func(format string, args ...any) error {
		return &Refusal{who + ": " + fmt.Sprintf(format, args...), err}
	}
	if unknown, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		signer := ""
		if unknown.Cert != nil {
			signer = " (" + unknown.Cert.Issuer.String() + ")"
		}
		return refuse("its certificate is signed by an authority%s that is not trusted here; set %s.ca_file to that authority's certificate", signer, key)
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		return refuse("its certificate is valid from %s to %s only; renew it there, and check this machine's clock",
			invalid.Cert.NotBefore.UTC().Format(time.RFC3339), invalid.Cert.NotAfter.UTC().Format(time.RFC3339))
	}
	if other, ok := errors.AsType[x509.HostnameError](err); ok {
		return refuse("its certificate is for %s and not for %s; dial it by a name of the certificate, or set %s.server_name to one",
			names(other.Certificate), other.Host, key)
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return refuse("it does not speak TLS on this port; use the port of its TLS listener")
	}
	if text := err.Error(); strings.Contains(text, "remote error: tls:") {
		if strings.Contains(text, "certificate") { // missing, unknown, bad, expired: all of them are ours
			return refuse("it refuses this client's certificate; set %s.cert_file and %s.key_file to one that it accepts", key, key)
		}
		return refuse("it refuses the TLS connection; TLS 1.2 or later is needed on both sides")
	}
	return err
}

// names lists whom a certificate is for.
func names(c *x509.Certificate) string {
	all := append([]string{}, c.DNSNames...)
	for _, ip := range c.IPAddresses {
		all = append(all, ip.String())
	}
	if len(all) == 0 {
		return "no host at all"
	}
	return strings.Join(all, ", ")
}
