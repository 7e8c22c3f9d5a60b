package warehouse

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2"

	"wenguo/ingest/wire"
)

// accessKey is where the access stands in the configuration, for errors.
const accessKey = "clickhouse_access"

// Access is how a ClickHouse server is spoken to, beside its address; the embedded engine needs none.
type Access struct {
	// User and the password (here or in PasswordFile) go before what the address says.
	User         string      `yaml:"user"`
	Password     wire.Secret `yaml:"password"`
	PasswordFile string      `yaml:"password_file"`
	// TLS of every connection. An address with secure=true is TLS as well.
	TLS wire.TLS `yaml:"tls"`
}

// Validate names the first setting that cannot work. It reads no file.
func (a Access) Validate() error {
	if err := a.TLS.Validate(accessKey + ".tls"); err != nil {
		return err
	}
	if a.User == "" && (a.Password != "" || a.PasswordFile != "") {
		return errors.New(accessKey + ".user is missing although there is a password")
	}
	return wire.CheckSecret(accessKey+".password", a.Password, a.PasswordFile)
}

// options reads the address and adds the access.
func (a Access) options(dsn string) (*clickhouse.Options, error) {
	if strings.HasPrefix(dsn, "https://") && !strings.Contains(dsn, "secure=") {
		dsn += map[bool]string{true: "&", false: "?"}[strings.Contains(dsn, "?")] + "secure=true"
	}
	options, err := clickhouse.ParseDSN(dsn)
	if parse, ok := errors.AsType[*url.Error](err); ok {
		err = parse.Err // without the address, which may hold a password
	}
	if err != nil {
		return nil, fmt.Errorf("clickhouse address: %w", err)
	}
	if options.TLS != nil && options.TLS.InsecureSkipVerify {
		return nil, errors.New("clickhouse address: skip_verify would believe any server; leave it out and set " +
			accessKey + ".tls.ca_file to the authority that signed the server's certificate")
	}
	if err := a.secure(options, dsn); err != nil {
		return nil, err
	}
	if a.User != "" {
		options.Auth.Username = a.User
		if options.Auth.Password, err = wire.ReadSecret(accessKey+".password", a.Password, a.PasswordFile); err != nil {
			return nil, &wire.Refusal{Sentence: "cannot log in to clickhouse", Err: err}
		}
	}
	return options, nil
}

// secure settles TLS: what the address wants and what the access adds.
func (a Access) secure(options *clickhouse.Options, dsn string) error {
	if a.TLS.Enabled && strings.HasPrefix(dsn, "http://") {
		return errors.New("clickhouse address: it begins with http:// although " + accessKey + ".tls is enabled; write https:// and the port of ClickHouse's TLS listener (8443)")
	}
	if !a.TLS.Enabled && options.TLS == nil {
		return nil
	}
	named := ""
	if options.TLS != nil {
		named = options.TLS.ServerName
	}
	settings, err := a.TLS.Client(accessKey+".tls", named)
	if err != nil {
		return fmt.Errorf("clickhouse: %w", err)
	}
	options.TLS = settings
	return nil
}

// loginCodes are ClickHouse's errors of somebody who may not come in: unknown user, wrong or missing password,
// authentication failed.
var loginCodes = []int32{192, 193, 194, 516} //nolint:gochecknoglobals // a constant list

// explain names the remedy when the server is not believed, or does not believe us.
func explain(err error, options *clickhouse.Options) error {
	if exception, ok := errors.AsType[*clickhouse.Exception](err); ok && slices.Contains(loginCodes, exception.Code) {
		return &wire.Refusal{
			Sentence: fmt.Sprintf("clickhouse refuses the login of user %q; check %s.user and its password_file", options.Auth.Username, accessKey),
			Err:      fmt.Errorf("code %d", exception.Code),
		}
	}
	return wire.Explain(withoutAddress(err), "clickhouse "+strings.Join(options.Addr, ","), accessKey+".tls")
}
