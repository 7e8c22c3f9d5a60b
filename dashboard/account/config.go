package account

import (
	"errors"
	"fmt"
	"time"
)

// Config says how people come in.
type Config struct {
	// Enabled asks everybody to sign in. Without it whoever reaches the loopback address may do everything.
	Enabled bool `yaml:"enabled"`
	// SessionIdle ends a session that nobody used for as long, SessionAge every session that is as old.
	SessionIdle time.Duration `yaml:"session_idle"`
	SessionAge  time.Duration `yaml:"session_age"`
	// LinkAge is how long a one-time link works.
	LinkAge time.Duration `yaml:"link_age"`
	// Hash is the cost of a password's hash.
	Hash HashCost `yaml:"hash"`
}

// HashCost are the parameters of argon2id (RFC 9106). Hashes of other parameters still work, and are renewed at the next
// sign-in.
type HashCost struct {
	// MemoryKiB is the memory of one hash, Rounds the passes over it, Threads the lanes.
	MemoryKiB uint32 `yaml:"memory_kib"`
	Rounds    uint32 `yaml:"rounds"`
	Threads   uint8  `yaml:"threads"`
}

// DefaultConfiguration follows OWASP: argon2id with 19 MiB and two passes, and a session that ends after 30 minutes of rest
// or 12 hours (ASVS 3.3.2, level 2).
func DefaultConfiguration() Config {
	return Config{
		SessionIdle: 30 * time.Minute, SessionAge: 12 * time.Hour, LinkAge: 24 * time.Hour,
		Hash: HashCost{MemoryKiB: 19 << 10, Rounds: 2, Threads: 1},
	}
}

// Validate says what is wrong.
func (c Config) Validate() error {
	if c.SessionIdle < time.Minute || c.SessionAge < c.SessionIdle {
		return fmt.Errorf("accounts.session_idle is %s and session_age %s: at least a minute of rest, and an age that is not shorter", c.SessionIdle, c.SessionAge)
	}
	if c.LinkAge < time.Minute {
		return errors.New("accounts.link_age is below a minute: nobody could open the link")
	}
	if c.Hash.MemoryKiB < 8 || c.Hash.Rounds < 1 || c.Hash.Threads < 1 {
		return errors.New("accounts.hash needs at least 8 KiB, one round and one thread")
	}
	return nil
}

// Weak says that hashes cost less than OWASP's least, which is for tests alone.
func (c Config) Weak() bool {
	least := DefaultConfiguration().Hash
	return uint64(c.Hash.MemoryKiB)*uint64(c.Hash.Rounds) < uint64(least.MemoryKiB)*uint64(least.Rounds)
}
