package intake

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"wenguo/ingest"
	"wenguo/ingest/wire"
)

// Config of the intake.
type Config struct {
	// Token is what producers send as "Authorization: Bearer …"; it stands here or in TokenFile, which may hold several, one
	// a line, so that a new one can be handed out before the old one ends.
	Token     wire.Secret `yaml:"token"`
	TokenFile string      `yaml:"token_file"`
	// MaxBytes and MaxEvents bound one request, after unpacking.
	MaxBytes  int64 `yaml:"max_bytes"`
	MaxEvents int   `yaml:"max_events"`
	// InFlightBytes bounds what all requests together hold that Kafka has not acknowledged.
	InFlightBytes int64 `yaml:"in_flight_bytes"`
	// AckTimeout is how long a request waits for Kafka before it is told that nothing is certain.
	AckTimeout time.Duration `yaml:"ack_timeout"`
}

// DefaultConfiguration names no token.
func DefaultConfiguration() Config {
	return Config{MaxBytes: 8 << 20, MaxEvents: 5000, InFlightBytes: 64 << 20, AckTimeout: 10 * time.Second}
}

// longestAck stays below the time in which the server must have written its answer.
const longestAck = 25 * time.Second

// Validate names the first setting that cannot work. It reads no file.
func (c Config) Validate() error {
	switch {
	case c.MaxBytes < ingest.MaxEventBytes:
		return fmt.Errorf("intake.max_bytes must be at least %d, the size of one event", ingest.MaxEventBytes)
	case c.MaxEvents < 1:
		return errors.New("intake.max_events must be at least 1")
	case c.InFlightBytes < c.MaxBytes:
		return errors.New("intake.in_flight_bytes must hold at least one request (intake.max_bytes)")
	case c.AckTimeout <= 0 || c.AckTimeout > longestAck:
		return fmt.Errorf("intake.ack_timeout must be positive and at most %s", longestAck)
	}
	return wire.CheckSecret("intake.token", c.Token, c.TokenFile)
}

// minToken is how many bytes a token must have, so that it cannot be guessed.
const minToken = 16

// tokens reads the tokens and keeps their hashes, which are compared instead.
func (c Config) tokens() ([][sha256.Size]byte, error) {
	text, err := wire.ReadSecret("intake.token", c.Token, c.TokenFile)
	if err != nil {
		return nil, fmt.Errorf("intake: %w", err)
	}
	var hashes [][sha256.Size]byte
	for line := range strings.SplitSeq(text, "\n") {
		token := strings.TrimSpace(line)
		if token == "" {
			continue
		}
		if len(token) < minToken {
			return nil, fmt.Errorf("intake.token has fewer than %d bytes: make one with `openssl rand -hex 32`", minToken)
		}
		hashes = append(hashes, sha256.Sum256([]byte(token)))
	}
	if len(hashes) == 0 {
		return nil, errors.New("intake.token is missing: without one nothing may be taken in over HTTP")
	}
	return hashes, nil
}
