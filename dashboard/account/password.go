package account

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// Bounds of a password, in characters (ASVS 2.1.1 and 2.1.2), and of its hash.
const (
	passwordLeast = 12
	passwordMost  = 128
	saltBytes     = 16
	hashBytes     = 32
)

// ErrWeak says why a password is not taken.
type ErrWeak struct{ Why string }

func (e ErrWeak) Error() string { return e.Why }

// commonPasswords are beginnings of what people choose when twelve characters are asked; a list of leaked passwords is not
// shipped.
var commonPasswords = []string{ //nolint:gochecknoglobals // a constant list
	"password", "passw0rd", "p@ssw0rd", "p@ssword", "qwerty", "asdfgh", "zxcvbn", "1qaz2wsx", "iloveyou", "woaini", "administrator", "admin123",
	"letmein", "welcome", "wenguo", "changeme", "123456", "654321", "111111", "000000", "abc123", "5201314",
}

// fit says whether a password may be chosen. Composition is not asked for (ASVS 2.1.9); what everybody guesses first is
// refused.
func fit(password, login string) error {
	n := utf8.RuneCountInString(password)
	low := strings.ToLower(password)
	switch {
	case !utf8.ValidString(password) || strings.ContainsRune(password, 0):
		return ErrWeak{"密码含有不可用的字符"}
	case n < passwordLeast:
		return ErrWeak{fmt.Sprintf("密码至少 %d 个字符；可以用一句话，可以有空格", passwordLeast)}
	case n > passwordMost:
		return ErrWeak{fmt.Sprintf("密码最多 %d 个字符", passwordMost)}
	case login != "" && strings.Contains(low, strings.ToLower(login)):
		return ErrWeak{"密码里不要含有用户名"}
	case distinct(low) < 5:
		return ErrWeak{"密码里不同的字符太少"}
	}
	for _, common := range commonPasswords {
		if rest := strings.ReplaceAll(low, common, ""); utf8.RuneCountInString(rest) < 6 && rest != low {
			return ErrWeak{"这个密码太常见"}
		}
	}
	return nil
}

func distinct(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}

// hash is argon2id of a password in PHC form.
func (b *Book) hash(password string) (string, error) {
	salt := make([]byte, saltBytes)
	if _, err := io.ReadFull(b.random, salt); err != nil {
		return "", fmt.Errorf("draw a salt: %w", err)
	}
	c := b.cfg.Hash
	key := argon2.IDKey(norm.NFC.Bytes([]byte(password)), salt, c.Rounds, c.MemoryKiB, c.Threads, hashBytes)
	return fmt.Sprintf("%s$%s$%s", c.prefix(), base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key)), nil
}

func (c HashCost) prefix() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d", argon2.Version, c.MemoryKiB, c.Rounds, c.Threads)
}

// matches compares a password with a hash, in the time of the hash whatever the answer.
func matches(password, kept string) (bool, error) {
	parts := strings.Split(kept, "$")
	var version int
	var c HashCost
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, errors.New("read a password's hash: no argon2id")
	}
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return false, errors.New("read a password's hash: unknown version")
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.MemoryKiB, &c.Rounds, &c.Threads); err != nil {
		return false, fmt.Errorf("read a password's hash: %w", err)
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false, fmt.Errorf("read a password's hash: %w", err)
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || len(want) != hashBytes {
		return false, errors.New("read a password's hash: it is cut")
	}
	got := argon2.IDKey(norm.NFC.Bytes([]byte(password)), salt, c.Rounds, c.MemoryKiB, c.Threads, hashBytes)
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

// ErrBusy says that too many passwords are being checked.
var ErrBusy = errors.New("too many sign-ins at once")

// turn waits for a place to hash in.
func (b *Book) turn(ctx context.Context) (leave func(), err error) {
	select {
	case b.hashing <- struct{}{}:
		return func() { <-b.hashing }, nil
	case <-ctx.Done():
		return nil, ErrBusy
	}
}
