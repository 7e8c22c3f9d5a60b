package wire

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
)

// TLS says how a server's certificate is checked, and which certificate is shown to it.
type TLS struct {
	// Enabled turns TLS on; nothing else may be set without it.
	Enabled bool `yaml:"enabled"`
	// CAFile holds the authorities (PEM) that may have signed the server's certificate; empty takes the system's.
	CAFile string `yaml:"ca_file"`
	// CertFile and KeyFile are the certificate (PEM) that is shown to a server which asks for one.
	CertFile string `yaml:"cert_file"`
	KeyFile  string `yaml:"key_file"`
	// ServerName is the name the server's certificate must have, where it is not the host that is dialled.
	ServerName string `yaml:"server_name"`
}

// Validate names the first setting that cannot work, below key in the configuration. It reads no file.
func (t TLS) Validate(key string) error {
	switch {
	case !t.Enabled && t != TLS{}:
		return fmt.Errorf("%s.enabled is false although other settings of %s are given: set it to true, or the connection would be readable", key, key)
	case (t.CertFile == "") != (t.KeyFile == ""):
		return fmt.Errorf("%s.cert_file and %s.key_file belong together: give both or none", key, key)
	}
	return nil
}

// Client reads the files and gives what a client needs that dials host; without a host the dialler fills it in.
func (t TLS) Client(key, host string) (*tls.Config, error) {
	cfg := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: host}
	if t.ServerName != "" {
		cfg.ServerName = t.ServerName
	}
	if t.CAFile != "" {
		content, err := os.ReadFile(t.CAFile)
		if err != nil {
			return nil, &Refusal{"cannot read " + key + ".ca_file", err}
		}
		cfg.RootCAs = x509.NewCertPool()
		if !cfg.RootCAs.AppendCertsFromPEM(content) {
			return nil, &Refusal{key + ".ca_file", errors.New(t.CAFile + " holds no PEM certificate")}
		}
	}
	if t.CertFile != "" {
		pair, err := tls.LoadX509KeyPair(t.CertFile, t.KeyFile)
		if err != nil {
			return nil, &Refusal{"cannot use " + key + ".cert_file with " + key + ".key_file", err}
		}
		cfg.Certificates = []tls.Certificate{pair}
	}
	return cfg, nil
}
