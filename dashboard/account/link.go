package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Link makes a one-time link's secret for an account that sets its password by it. Earlier links of the account end.
func (b *Book) Link(ctx context.Context, id int64) (string, error) {
	return b.link(ctx, sql.NullInt64{Int64: id, Valid: true})
}

// FirstLink makes the one-time link's secret by which the first administrator is made; empty when there is one already.
func (b *Book) FirstLink(ctx context.Context) (string, error) {
	has, err := b.HasAdministrator(ctx)
	if err != nil || has {
		return "", err
	}
	return b.link(ctx, sql.NullInt64{})
}

func (b *Book) link(ctx context.Context, id sql.NullInt64) (string, error) {
	secret, err := b.secret()
	if err != nil {
		return "", err
	}
	err = b.change(ctx, func(tx *sql.Tx) error {
		if _, err := b.exec(ctx, tx, "links_of", id, b.now().UnixMilli()); err != nil {
			return err
		}
		_, err := b.exec(ctx, tx, "link_add", hashed(secret), id, b.now().Add(b.cfg.LinkAge).UnixMilli())
		return err
	})
	return secret, err
}

// Invited is what a link is for: an account, or First, the first administrator.
type Invited struct {
	Account Account
	First   bool
}

// Invitation says what a link is for; ErrRefused when it is none, was used or has ended.
func (b *Book) Invitation(ctx context.Context, secret string) (Invited, error) {
	return b.invitation(ctx, b.db, secret)
}

func (b *Book) invitation(ctx context.Context, on runner, secret string) (Invited, error) {
	var id sql.NullInt64
	var ends int64
	err := on.QueryRowContext(ctx, b.sql["link_find"], hashed(secret)).Scan(&id, &ends)
	if errors.Is(err, sql.ErrNoRows) || err == nil && ends <= b.now().UnixMilli() {
		return Invited{}, ErrRefused
	}
	if err != nil {
		return Invited{}, fmt.Errorf("read link: %w", err)
	}
	if !id.Valid {
		n, err := b.administrators(ctx, on)
		if err != nil {
			return Invited{}, err
		}
		if n > 0 {
			return Invited{}, ErrRefused
		}
		return Invited{First: true}, nil
	}
	a, err := b.one(ctx, on, "account_by_id", id.Int64)
	if errors.Is(err, ErrUnknown) || err == nil && a.Disabled {
		return Invited{}, ErrRefused
	}
	return Invited{Account: a}, err
}

// Accept uses a link: it sets the password, makes the first administrator where the link is for that one (login and name
// are then those of the new account), and signs in.
func (b *Book) Accept(ctx context.Context, link, login, name, password string) (secret string, a Account, err error) {
	leave, err := b.turn(ctx)
	if err != nil {
		return "", a, err
	}
	defer leave()
	err = b.change(ctx, func(tx *sql.Tx) error {
		invited, err := b.invitation(ctx, tx, link)
		if err != nil {
			return err
		}
		a = invited.Account
		if invited.First {
			if password == "" {
				return fit("", login)
			}
			a, err = b.add(ctx, tx, Person{Login: login, Name: name, Role: Administrator}, password, "")
		} else {
			err = b.setPassword(ctx, tx, a.ID, password, "")
		}
		if err != nil {
			return err
		}
		if _, err := b.exec(ctx, tx, "link_use", hashed(link)); err != nil {
			return err
		}
		secret, err = b.begin(ctx, tx, a.ID, "link")
		return err
	})
	return secret, a, err
}
