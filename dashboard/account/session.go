package account

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// seenEvery is how exactly the last use of a session is kept.
const seenEvery = 20 * time.Second

// begin makes a session. Its secret is new at each sign-in, so that nobody knows it from before (session fixation).
func (b *Book) begin(ctx context.Context, tx *sql.Tx, id int64, way string) (string, error) {
	now := b.now()
	if _, err := b.exec(ctx, tx, "sessions_old", now.Add(-b.cfg.SessionAge).UnixMilli(), now.Add(-b.cfg.SessionIdle).UnixMilli()); err != nil {
		return "", err
	}
	secret, err := b.secret()
	if err != nil {
		return "", err
	}
	_, err = b.exec(ctx, tx, "session_add", hashed(secret), id, now.UnixMilli(), now.UnixMilli(), way)
	return secret, err
}

// Begin makes a session for somebody whom the identity provider knows.
func (b *Book) Begin(ctx context.Context, id int64, way string) (secret string, err error) {
	err = b.change(ctx, func(tx *sql.Tx) error { secret, err = b.begin(ctx, tx, id, way); return err })
	return secret, err
}

// Session is who holds a secret; ErrRefused when nobody does any more. Use says that a person did something, which keeps
// the session alive; a page that renews itself does not.
func (b *Book) Session(ctx context.Context, secret string, use bool) (Person, error) {
	p := Person{Session: hashed(secret)}
	var made, seen int64
	var departments string
	err := b.db.QueryRowContext(ctx, b.sql["session_find"], p.Session).Scan(&made, &seen, &p.ID, &p.Login, &p.Name, &p.Role, &departments)
	if errors.Is(err, sql.ErrNoRows) {
		return Person{}, ErrRefused
	}
	if err != nil {
		return Person{}, fmt.Errorf("read session: %w", err)
	}
	if err := json.Unmarshal([]byte(departments), &p.Departments); err != nil {
		return Person{}, fmt.Errorf("read departments: %w", err)
	}
	now := b.now()
	if now.Sub(instant(seen)) >= b.cfg.SessionIdle || now.Sub(instant(made)) >= b.cfg.SessionAge {
		_, err := b.exec(ctx, b.db, "session_end", p.Session)
		return Person{}, errors.Join(ErrRefused, err)
	}
	if use && now.Sub(instant(seen)) >= min(seenEvery, b.cfg.SessionIdle/4) {
		if _, err := b.exec(ctx, b.db, "session_seen", now.UnixMilli(), p.Session); err != nil {
			return Person{}, err
		}
	}
	return p, nil
}

// OpenSession is one session of an account.
type OpenSession struct {
	Hash       string
	Made, Seen time.Time
	Way        string
}

// Sessions are the sessions of an account that have not ended, the last used first.
func (b *Book) Sessions(ctx context.Context, id int64) ([]OpenSession, error) {
	var out []OpenSession
	now := b.now()
	err := b.each(ctx, b.db, "sessions_of", func(scan func(...any) error) error {
		var s OpenSession
		var made, seen int64
		err := scan(&s.Hash, &made, &seen, &s.Way)
		s.Made, s.Seen = instant(made), instant(seen)
		if now.Sub(s.Seen) < b.cfg.SessionIdle && now.Sub(s.Made) < b.cfg.SessionAge {
			out = append(out, s)
		}
		return err
	}, id)
	return out, err
}

// End ends one session, by its hash.
func (b *Book) End(ctx context.Context, hash string) error {
	_, err := b.exec(ctx, b.db, "session_end", hash)
	return err
}

// EndAll ends the sessions of an account, but the one whose hash is kept, and says how many.
func (b *Book) EndAll(ctx context.Context, id int64, keep string) (int64, error) {
	return b.exec(ctx, b.db, "sessions_end", id, keep)
}
