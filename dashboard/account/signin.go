package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// ErrRefused is the one answer to a sign-in that is not let in: it tells neither whether the account exists, nor whether it
// is locked, disabled or has another password.
var ErrRefused = errors.New("sign-in refused")

// Bounds of guessing: after so many failures in a row a name is locked, twice as long each time, for lockMost at most.
// Failures are forgotten after forgetAfter without any.
const (
	failuresFree = 5
	lockFirst    = time.Minute
	lockMost     = 15 * time.Minute
	forgetAfter  = 24 * time.Hour
)

// attemptKey is the name under which failures are counted. The name itself is not kept: people type passwords there.
func attemptKey(login string) string {
	return hashed("attempt " + strings.ToLower(strings.TrimSpace(login)))
}

// Tried says what a sign-in came to, for the audit log.
type Tried struct {
	Account Account
	// Known says that there is such an account; Locked that the name was locked, Now that this failure locked it.
	Known, Locked, Now bool
}

// SignIn checks name and password and gives the session's secret. Whatever the reason of a refusal, one hash is computed
// and the answer is ErrRefused.
func (b *Book) SignIn(ctx context.Context, login, password string) (secret string, tried Tried, err error) {
	leave, err := b.turn(ctx)
	if err != nil {
		return "", tried, err
	}
	defer leave()
	if len(password) > 4*passwordMost {
		password = password[:4*passwordMost]
	}
	a, err := b.ByLogin(ctx, strings.TrimSpace(login))
	if err != nil && !errors.Is(err, ErrUnknown) {
		return "", tried, err
	}
	tried.Account, tried.Known = a, err == nil
	kept := a.password
	if kept == "" {
		kept = b.nobody
	}
	right, err := matches(password, kept)
	if err != nil {
		return "", tried, err
	}
	right = right && tried.Known && !a.Disabled && a.password != ""
	err = b.change(ctx, func(tx *sql.Tx) error {
		locked, err := b.count(ctx, tx, login, right)
		tried.Locked, tried.Now = locked.before, locked.now
		if err != nil || !right || locked.before {
			return err
		}
		secret, err = b.begin(ctx, tx, a.ID, "password")
		return err
	})
	if err != nil {
		return "", tried, err
	}
	if secret == "" {
		return "", tried, ErrRefused
	}
	return secret, tried, b.renew(ctx, a, password)
}

// lock says whether a name was locked before an attempt, and whether the attempt locked it.
type lock struct{ before, now bool }

// count keeps an attempt. While a name is locked nothing is counted, so that nobody is locked out for longer by others.
func (b *Book) count(ctx context.Context, tx *sql.Tx, login string, right bool) (lock, error) {
	key, now := attemptKey(login), b.now()
	if _, err := b.exec(ctx, tx, "attempts_old", now.Add(-forgetAfter).UnixMilli()); err != nil {
		return lock{}, err
	}
	var failures int
	var until, last int64
	err := tx.QueryRowContext(ctx, b.sql["attempt_find"], key).Scan(&failures, &until, &last)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return lock{}, fmt.Errorf("read attempts: %w", err)
	}
	if until > now.UnixMilli() {
		return lock{before: true}, nil
	}
	if right {
		_, err := b.exec(ctx, tx, "attempt_clear", key)
		return lock{}, err
	}
	failures++
	locks := failures >= failuresFree
	until = 0
	if locks {
		wait := min(lockFirst<<min(failures-failuresFree, 10), lockMost)
		until = now.Add(wait).UnixMilli()
	}
	_, err = b.exec(ctx, tx, "attempt_set", key, failures, until, now.UnixMilli())
	return lock{now: locks}, err
}

// renew hashes a password again where the configured cost has changed since.
func (b *Book) renew(ctx context.Context, a Account, password string) error {
	if strings.HasPrefix(a.password, b.cfg.Hash.prefix()+"$") {
		return nil
	}
	hash, err := b.hash(password)
	if err != nil {
		return err
	}
	_, err = b.exec(ctx, b.db, "account_password", hash, millis(a.PasswordSet), a.ID)
	return err
}

// CheckPassword says whether it is the account's, for what must not be done by whoever finds an open browser.
func (b *Book) CheckPassword(ctx context.Context, id int64, password string) error {
	a, err := b.ByID(ctx, id)
	if err != nil {
		return err
	}
	leave, err := b.turn(ctx)
	if err != nil {
		return err
	}
	defer leave()
	kept := a.password
	if kept == "" {
		kept = b.nobody
	}
	right, err := matches(password, kept)
	if err != nil {
		return err
	}
	right = right && a.password != ""
	var held lock
	err = b.change(ctx, func(tx *sql.Tx) error { held, err = b.count(ctx, tx, a.Login, right); return err })
	if err != nil {
		return err
	}
	if !right || held.before {
		return ErrRefused
	}
	return nil
}
