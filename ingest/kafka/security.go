package kafka

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"
	"time"

	kafkago "github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/sasl"
	"github.com/segmentio/kafka-go/sasl/plain"
	"github.com/segmentio/kafka-go/sasl/scram"

	"wenguo/ingest/wire"
)

// Mechanisms of SASL that SASL.Mechanism may name.
const (
	mechanismPlain       = "plain"
	mechanismScramSHA256 = "scram-sha-256"
	mechanismScramSHA512 = "scram-sha-512"
)

// tlsKey is where the TLS settings stand in the configuration, for errors.
const tlsKey = "kafka.tls"

// SASL is how this program says who it is.
type SASL struct {
	// Mechanism is plain, scram-sha-256 or scram-sha-512; empty for brokers that ask nobody.
	Mechanism string `yaml:"mechanism"`
	User      string `yaml:"user"`
	// Password stands here or in PasswordFile, which is read again for each new connection.
	Password     wire.Secret `yaml:"password"`
	PasswordFile string      `yaml:"password_file"`
}

func (s SASL) validate() error {
	switch s.Mechanism {
	case "":
		if s != (SASL{}) {
			return errors.New("kafka.sasl.mechanism is missing although other settings of kafka.sasl are given: use plain, scram-sha-256 or scram-sha-512")
		}
		return nil
	case mechanismPlain, mechanismScramSHA256, mechanismScramSHA512:
	default:
		return fmt.Errorf("kafka.sasl.mechanism is %q: use plain, scram-sha-256 or scram-sha-512", s.Mechanism)
	}
	if s.User == "" {
		return errors.New("kafka.sasl.user is missing")
	}
	if s.Password == "" && s.PasswordFile == "" {
		return errors.New("kafka.sasl.password_file is missing: name a file that holds the password, or set WENGUO_KAFKA_SASL_PASSWORD")
	}
	return wire.CheckSecret("kafka.sasl.password", s.Password, s.PasswordFile)
}

// validateSecurity refuses what would let others read or pretend.
func (c Config) validateSecurity() error {
	if err := c.TLS.Validate(tlsKey); err != nil {
		return err
	}
	if err := c.SASL.validate(); err != nil {
		return err
	}
	if c.SASL.Mechanism == mechanismPlain && !c.TLS.Enabled && slices.ContainsFunc(c.Brokers, abroad) {
		return errors.New("kafka.sasl.mechanism plain would send the password readable over the network: set kafka.tls.enabled, or use scram-sha-256")
	}
	return nil
}

// abroad says whether a broker's address leads out of this machine.
func abroad(broker string) bool {
	host, _, err := net.SplitHostPort(broker)
	if err != nil {
		host = broker
	}
	ip := net.ParseIP(host)
	return host != "localhost" && (ip == nil || !ip.IsLoopback())
}

// secured says whether connections need more than a dialled address.
func (c Config) secured() bool { return c.TLS.Enabled || c.SASL.Mechanism != "" }

// transport gives the client's and the producer's way to the brokers: with nothing to secure the library's shared one.
// The files are read for each new connection, so that renewed certificates and passwords need no restart.
func (c Config) transport() kafkago.RoundTripper {
	if !c.secured() {
		return nil
	}
	return &kafkago.Transport{Dial: c.dial, SASL: c.mechanism(), DialTimeout: dialTimeout}
}

// dialer gives the consumer group's way to the brokers.
func (c Config) dialer() *kafkago.Dialer {
	if !c.secured() {
		return nil
	}
	return &kafkago.Dialer{DialFunc: c.dial, SASLMechanism: c.mechanism(), Timeout: dialTimeout}
}

// dialTimeout bounds the making of a connection, with its handshake and login.
const dialTimeout = 10 * time.Second

// dial connects to a broker, in TLS when that is on.
func (c Config) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err != nil || !c.TLS.Enabled {
		return conn, err //nolint:wrapcheck // the library names the address
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("broker address: %w", err), conn.Close())
	}
	settings, err := c.TLS.Client(tlsKey, host)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	secure := &tlsConn{tls.Client(conn, settings), "kafka broker " + address}
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = conn.Close() // the handshake's error says why
		if errors.Is(err, io.EOF) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, syscall.ECONNRESET) {
			return nil, fmt.Errorf("%s gives no answer in TLS; use the port of its TLS listener: %w", secure.who, err)
		}
		return nil, wire.Explain(err, secure.who, tlsKey)
	}
	return secure, nil
}

// tlsConn explains what a broker objects to after the handshake: that is when it looks at the client's certificate.
type tlsConn struct {
	*tls.Conn
	who string
}

// Read reads from the broker.
func (c *tlsConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	return n, wire.Explain(err, c.who, tlsKey)
}

// mechanism is nil for brokers that ask nobody.
func (c Config) mechanism() sasl.Mechanism {
	if c.SASL.Mechanism == "" {
		return nil
	}
	return login{c.SASL}
}

// login is a mechanism that reads the password when it is needed.
type login struct{ SASL }

// Name is the mechanism's name on the wire.
func (l login) Name() string { return strings.ToUpper(l.Mechanism) }

// Start begins one connection's login.
func (l login) Start(ctx context.Context) (sasl.StateMachine, []byte, error) {
	password, err := wire.ReadSecret("kafka.sasl.password", l.Password, l.PasswordFile)
	if err != nil {
		return nil, nil, &wire.Refusal{Sentence: "cannot log in to kafka", Err: err}
	}
	var m sasl.Mechanism
	switch l.Mechanism {
	case mechanismScramSHA256:
		m, err = scram.Mechanism(scram.SHA256, l.User, password)
	case mechanismScramSHA512:
		m, err = scram.Mechanism(scram.SHA512, l.User, password)
	default:
		m = plain.Mechanism{Username: l.User, Password: password}
	}
	if err != nil {
		return nil, nil, &wire.Refusal{Sentence: "cannot log in to kafka: user or password holds signs that SCRAM does not allow", Err: err}
	}
	return m.Start(ctx) //nolint:wrapcheck // passes through to the library that asked
}

// explain names the remedy when a broker refuses the login; other errors pass as they are.
func (c Config) explain(err error) error {
	switch {
	case errors.Is(err, kafkago.SASLAuthenticationFailed):
		return &wire.Refusal{Sentence: fmt.Sprintf("kafka refuses the login of user %q; check kafka.sasl.user and its password", c.SASL.User), Err: err}
	case errors.Is(err, kafkago.UnsupportedSASLMechanism):
		return &wire.Refusal{Sentence: fmt.Sprintf("kafka does not offer kafka.sasl.mechanism %s on this listener; use one that it offers", c.SASL.Mechanism), Err: err}
	}
	return err
}

// probe makes one connection with its handshake and login, because the client's own errors do not say what failed there.
// It is content when any broker answers, and needs none when there is nothing to secure.
func (c Config) probe(ctx context.Context) error {
	if !c.secured() {
		return nil
	}
	var all error
	for _, broker := range c.Brokers {
		err := c.greet(ctx, broker)
		if err == nil {
			return nil
		}
		all = errors.Join(all, c.explain(err))
	}
	return all
}

// greet connects to a broker and asks the first question; only its answer says that the client's certificate will do.
func (c Config) greet(ctx context.Context, broker string) error {
	conn, err := c.dialer().DialContext(ctx, "tcp", broker)
	if err != nil {
		return fmt.Errorf("connect to %s: %w", broker, err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(dialTimeout)); err != nil {
		return fmt.Errorf("connect to %s: %w", broker, err)
	}
	if _, err := conn.ApiVersions(); err != nil {
		return fmt.Errorf("ask %s: %w", broker, err)
	}
	return nil
}

// release gives up the idle connections of a transport that is not the library's shared one.
func release(t kafkago.RoundTripper) {
	if own, ok := t.(*kafkago.Transport); ok && own != nil {
		own.CloseIdleConnections()
	}
}
