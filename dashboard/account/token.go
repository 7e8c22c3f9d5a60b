package account

import (
	"context"
	"crypto/subtle"
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

// tokenPrefix begins every API token, so that one that leaked is recognised.
const tokenPrefix = "wg_"

// tokenMost is the longest life of a token.
const tokenMost = 366 * 24 * time.Hour

// Token is an API token without its secret.
type Token struct {
	ID, Name string
	Scopes   []Action
	// Used is the last day that it was used on, zero before.
	Made, Ends, Used time.Time
	Account          int64
	Login            string
}

// NewToken makes an API token of an account and gives its text, which nobody can read again. It may do what both its
// scopes and the account's role say, until it ends.
func (b *Book) NewToken(ctx context.Context, id int64, name string, scopes []Action, life time.Duration) (text string, t Token, err error) {
	name = strings.TrimSpace(name)
	switch {
	case name == "" || utf8.RuneCountInString(name) > nameMost || strings.ContainsFunc(name, unicode.IsControl):
		return "", t, fmt.Errorf("a token has a name of at most %d characters", nameMost)
	case life < time.Minute || life > tokenMost:
		return "", t, fmt.Errorf("a token lives a minute to a year, not %s", life)
	case len(scopes) == 0:
		return "", t, errors.New("a token has at least one scope")
	}
	a, err := b.ByID(ctx, id)
	if err != nil {
		return "", t, err
	}
	for _, s := range scopes {
		if !slices.Contains(TokenActions(), s) || !a.Role.May(s) {
			return "", t, fmt.Errorf("%s is no scope that a token of this account may have", s)
		}
	}
	key, err := b.secret()
	if err != nil {
		return "", t, err
	}
	secret, err := b.secret()
	if err != nil {
		return "", t, err
	}
	now := b.now()
	t = Token{ID: hashed(key)[:12], Name: name, Scopes: scopes, Made: now, Ends: now.Add(life), Account: id, Login: a.Login}
	listed, err := json.Marshal(scopes)
	if err != nil {
		return "", t, fmt.Errorf("write scopes: %w", err)
	}
	text = tokenPrefix + t.ID + "_" + secret
	_, err = b.exec(ctx, b.db, "token_add", t.ID, hashed(text), id, name, string(listed), millis(now), millis(t.Ends))
	return text, t, err
}

// Bearer is who a token's text stands for; ErrRefused when nobody.
func (b *Book) Bearer(ctx context.Context, text string) (Person, error) {
	id, _, _ := strings.Cut(strings.TrimPrefix(text, tokenPrefix), "_")
	p := Person{Token: id}
	var hash, scopes, departments string
	var ends, used int64
	err := b.db.QueryRowContext(ctx, b.sql["token_find"], id).Scan(&hash, &scopes, &ends, &used, &p.ID, &p.Login, &p.Name, &p.Role, &departments)
	if errors.Is(err, sql.ErrNoRows) {
		return Person{}, ErrRefused
	}
	if err != nil {
		return Person{}, fmt.Errorf("read token: %w", err)
	}
	now := b.now()
	if subtle.ConstantTimeCompare([]byte(hash), []byte(hashed(text))) != 1 || now.UnixMilli() >= ends {
		return Person{}, ErrRefused
	}
	if err := errors.Join(json.Unmarshal([]byte(scopes), &p.Scopes), json.Unmarshal([]byte(departments), &p.Departments)); err != nil {
		return Person{}, fmt.Errorf("read token: %w", err)
	}
	if day := now.Truncate(24 * time.Hour).UnixMilli(); used < day {
		if _, err := b.exec(ctx, b.db, "token_used", day, id); err != nil {
			return Person{}, err
		}
	}
	return p, nil
}

// Tokens are the tokens of an account, of all accounts for 0, the newest first.
func (b *Book) Tokens(ctx context.Context, id int64) ([]Token, error) {
	var out []Token
	err := b.each(ctx, b.db, "tokens", func(scan func(...any) error) error {
		var t Token
		var scopes string
		var made, ends, used int64
		if err := scan(&t.ID, &t.Name, &scopes, &made, &ends, &used, &t.Account, &t.Login); err != nil {
			return err
		}
		t.Made, t.Ends, t.Used = instant(made), instant(ends), instant(used)
		out = append(out, t)
		return json.Unmarshal([]byte(scopes), &out[len(out)-1].Scopes)
	}, id, id)
	return out, err
}

// EndToken ends a token of an account; of any account for 0. ErrUnknown without one.
func (b *Book) EndToken(ctx context.Context, token string, id int64) error {
	n, err := b.exec(ctx, b.db, "token_end", token, id, id)
	if err == nil && n == 0 {
		return ErrUnknown
	}
	return err
}

// owner is the account of a view: none while nobody has to sign in.
func owner(id int64) sql.NullInt64 { return sql.NullInt64{Int64: id, Valid: id != 0} }
