package account

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Account is one entry of the book, without its password.
type Account struct {
	Person

	Disabled bool
	// HasPassword says that somebody has set one; Foreign that the identity provider knows this person.
	HasPassword, Foreign bool
	Made, PasswordSet    time.Time

	password string
}

// Errors that callers tell apart.
var (
	ErrUnknown = errors.New("there is no such account")
	ErrTaken   = errors.New("there is an account of this name already")
	ErrLast    = errors.New("this is the last administrator: make another one first")
)

// Bounds of names.
const (
	loginMost = 60
	nameMost  = 60
)

// check says what is wrong with an account.
func (p Person) check() error {
	switch {
	case p.Login == "" || utf8.RuneCountInString(p.Login) > loginMost || strings.ContainsFunc(p.Login, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }):
		return fmt.Errorf("a login has 1 to %d characters and no space", loginMost)
	case utf8.RuneCountInString(p.Name) > nameMost || strings.ContainsFunc(p.Name, unicode.IsControl):
		return fmt.Errorf("a name has at most %d characters", nameMost)
	case !p.Role.May(Own):
		return fmt.Errorf("%q is no role", p.Role)
	case p.Role == Department && len(p.Departments) == 0:
		return errors.New("the role department needs at least one department: its rows are all that it sees")
	case p.Role != Department && len(p.Departments) > 0:
		return errors.New("only the role department is limited to departments; another role sees all rows")
	case slices.Contains(p.Departments, ""):
		return errors.New("a department has a name")
	}
	return nil
}

// Add makes an account. Without a password it can be entered by a one-time link alone.
func (b *Book) Add(ctx context.Context, p Person, password string) (Account, error) {
	return b.add(ctx, b.db, p, password, "")
}

func (b *Book) add(ctx context.Context, on runner, p Person, password, subject string) (Account, error) {
	if p.Name == "" {
		p.Name = p.Login
	}
	if err := p.check(); err != nil {
		return Account{}, err
	}
	hash, set := "", int64(0)
	if password != "" {
		if err := fit(password, p.Login); err != nil {
			return Account{}, err
		}
		var err error
		if hash, err = b.hash(password); err != nil {
			return Account{}, err
		}
		set = b.now().UnixMilli()
	}
	departments, err := json.Marshal(p.Departments)
	if err != nil {
		return Account{}, fmt.Errorf("write departments: %w", err)
	}
	err = on.QueryRowContext(ctx, b.sql["account_add"], p.Login, p.Name, p.Role, string(departments), hash, subject, b.now().UnixMilli(), set).Scan(&p.ID)
	if err != nil && strings.Contains(err.Error(), "UNIQUE constraint failed: accounts.login") {
		return Account{}, fmt.Errorf("%s: %w", p.Login, ErrTaken)
	}
	if err != nil {
		return Account{}, fmt.Errorf("add account: %w", err)
	}
	return Account{Person: p, HasPassword: hash != "", Foreign: subject != ""}, nil
}

// scanAccount reads a row of the accounts.
func scanAccount(scan func(...any) error) (Account, error) {
	var a Account
	var departments, subject string
	var made, set int64
	if err := scan(&a.ID, &a.Login, &a.Name, &a.Role, &departments, &a.password, &subject, &a.Disabled, &made, &set); err != nil {
		return a, err
	}
	a.HasPassword, a.Foreign, a.Made, a.PasswordSet = a.password != "", subject != "", instant(made), instant(set)
	if err := json.Unmarshal([]byte(departments), &a.Departments); err != nil {
		return a, fmt.Errorf("read departments: %w", err)
	}
	return a, nil
}

// one finds an account by a statement.
func (b *Book) one(ctx context.Context, on runner, name string, by any) (Account, error) {
	a, err := scanAccount(on.QueryRowContext(ctx, b.sql[name], by).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return Account{}, ErrUnknown
	}
	if err != nil {
		return Account{}, fmt.Errorf("%s: %w", name, err)
	}
	return a, nil
}

// ByLogin finds an account by the name that is typed to sign in; ErrUnknown without one.
func (b *Book) ByLogin(ctx context.Context, login string) (Account, error) {
	return b.one(ctx, b.db, "account_by_login", login)
}

// ByID finds an account; ErrUnknown without one.
func (b *Book) ByID(ctx context.Context, id int64) (Account, error) {
	return b.one(ctx, b.db, "account_by_id", id)
}

// All are all accounts by login.
func (b *Book) All(ctx context.Context) ([]Account, error) {
	var out []Account
	err := b.each(ctx, b.db, "accounts", func(scan func(...any) error) error {
		a, err := scanAccount(scan)
		out = append(out, a)
		return err
	})
	return out, err
}

// Change sets name, role, departments and whether the account is disabled, and ends its sessions, so that a right that was
// taken is gone at once. Tokens follow the role by themselves. The last administrator stays one.
func (b *Book) Change(ctx context.Context, id int64, p Person, disabled bool) error {
	return b.change(ctx, func(tx *sql.Tx) error {
		was, err := b.one(ctx, tx, "account_by_id", id)
		if err != nil {
			return err
		}
		p.ID, p.Login = id, was.Login
		if p.Name == "" {
			p.Name = was.Name
		}
		if err := p.check(); err != nil {
			return err
		}
		if was.Role == Administrator && !was.Disabled && (p.Role != Administrator || disabled) {
			n, err := b.administrators(ctx, tx)
			if err != nil {
				return err
			}
			if n == 1 {
				return ErrLast
			}
		}
		departments, err := json.Marshal(p.Departments)
		if err != nil {
			return fmt.Errorf("write departments: %w", err)
		}
		if _, err := b.exec(ctx, tx, "account_change", p.Name, p.Role, string(departments), disabled, id); err != nil {
			return err
		}
		_, err = b.exec(ctx, tx, "sessions_end", id, "")
		return err
	})
}

func (b *Book) administrators(ctx context.Context, on runner) (int, error) {
	var n int
	if err := on.QueryRowContext(ctx, b.sql["administrators"], Administrator).Scan(&n); err != nil {
		return 0, fmt.Errorf("count administrators: %w", err)
	}
	return n, nil
}

// HasAdministrator says whether anybody can make accounts.
func (b *Book) HasAdministrator(ctx context.Context) (bool, error) {
	n, err := b.administrators(ctx, b.db)
	return n > 0, err
}

// SetPassword sets a password and ends every session but one, the hash of which is kept; empty ends all.
func (b *Book) SetPassword(ctx context.Context, id int64, password, keep string) error {
	leave, err := b.turn(ctx)
	if err != nil {
		return err
	}
	defer leave()
	return b.change(ctx, func(tx *sql.Tx) error { return b.setPassword(ctx, tx, id, password, keep) })
}

func (b *Book) setPassword(ctx context.Context, tx *sql.Tx, id int64, password, keep string) error {
	a, err := b.one(ctx, tx, "account_by_id", id)
	if err != nil {
		return err
	}
	if err := fit(password, a.Login); err != nil {
		return err
	}
	hash, err := b.hash(password)
	if err != nil {
		return err
	}
	if _, err := b.exec(ctx, tx, "account_password", hash, b.now().UnixMilli(), id); err != nil {
		return err
	}
	if _, err := b.exec(ctx, tx, "attempt_clear", attemptKey(a.Login)); err != nil {
		return err
	}
	_, err = b.exec(ctx, tx, "sessions_end", id, keep)
	return err
}

// Foreign is the account of somebody whom the identity provider knows by a subject; it is made at the first sign-in, and
// follows what the provider says at each. ErrTaken when a local account has the login: nobody takes it over. ErrRefused when
// the account was disabled here.
func (b *Book) Foreign(ctx context.Context, p Person, subject string) (Account, error) {
	var a Account
	err := b.change(ctx, func(tx *sql.Tx) error {
		var err error
		a, err = b.one(ctx, tx, "account_by_subject", subject)
		if errors.Is(err, ErrUnknown) {
			a, err = b.add(ctx, tx, p, "", subject)
			return err
		}
		if err != nil {
			return err
		}
		if a.Disabled {
			return ErrRefused
		}
		p.ID, p.Login = a.ID, a.Login
		if p.Name == "" {
			p.Name = a.Name
		}
		if p.Role == a.Role && p.Name == a.Name && slices.Equal(p.Departments, a.Departments) {
			return nil
		}
		if err := p.check(); err != nil {
			return err
		}
		departments, err := json.Marshal(p.Departments)
		if err != nil {
			return fmt.Errorf("write departments: %w", err)
		}
		if _, err := b.exec(ctx, tx, "account_change", p.Name, p.Role, string(departments), false, p.ID); err != nil {
			return err
		}
		_, err = b.exec(ctx, tx, "sessions_end", p.ID, "") // they hold the rights of before
		a.Person = p
		return err
	})
	return a, err
}
