package account

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver
)

// File is the name of the book in the data folder.
const File = "accounts.db"

//go:embed sql/*.sql
var statements embed.FS

// schemas are the schema's files in the order they were added; each old file upgrades at Open.
var schemas = []string{"sql/001_accounts.sql"} //nolint:gochecknoglobals // a constant list

// Book is the file of accounts. It may be used by several goroutines, and by several processes at once.
type Book struct {
	cfg    Config
	db     *sql.DB
	sql    map[string]string
	now    func() time.Time
	random io.Reader
	// hashing bounds how many passwords are hashed at once: each takes its memory and a core.
	hashing chan struct{}
	// nobody is a hash that no password has, for names without account.
	nobody string
}

// hashesAtOnce bounds the hashing of passwords.
const hashesAtOnce = 2

// Open opens the book or makes it. now is the clock, random gives secrets: crypto/rand.Reader but in tests.
func Open(ctx context.Context, path string, cfg Config, now func() time.Time, random io.Reader) (*Book, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open accounts: %w", err)
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) // for its owner alone, before there is anything in it
	if err != nil {
		return nil, fmt.Errorf("open accounts: %w", err)
	}
	if err := file.Close(); err != nil {
		return nil, fmt.Errorf("open accounts: %w", err)
	}
	pragmas := url.Values{
		"_pragma": {"journal_mode(WAL)", "busy_timeout(5000)", "foreign_keys(1)", "synchronous(FULL)", "trusted_schema(0)"},
		"_txlock": {"immediate"},
	}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: path, RawQuery: pragmas.Encode()}).String())
	if err != nil {
		return nil, fmt.Errorf("open accounts: %w", err)
	}
	b := &Book{cfg: cfg, db: db, now: now, random: random, hashing: make(chan struct{}, hashesAtOnce)}
	if b.sql, err = named("sql/statements.sql"); err == nil {
		err = b.upgrade(ctx)
	}
	if err == nil {
		b.nobody, err = b.hash("")
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return b, nil
}

// Close ends the use of the file.
func (b *Book) Close() error {
	if err := b.db.Close(); err != nil {
		return fmt.Errorf("close accounts: %w", err)
	}
	return nil
}

// Config is what the book was opened with.
func (b *Book) Config() Config { return b.cfg }

// upgrade brings the file to the newest schema.
func (b *Book) upgrade(ctx context.Context) error {
	return b.change(ctx, func(tx *sql.Tx) error {
		var have int
		if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&have); err != nil {
			return fmt.Errorf("read the version of accounts: %w", err)
		}
		if have > len(schemas) {
			return fmt.Errorf("accounts were written by a newer wenguo (schema %d, this one knows %d)", have, len(schemas))
		}
		for i := have; i < len(schemas); i++ {
			text, err := statements.ReadFile(schemas[i])
			if err != nil {
				return fmt.Errorf("read %s: %w", schemas[i], err)
			}
			if _, err := tx.ExecContext(ctx, string(text)); err != nil {
				return fmt.Errorf("apply %s: %w", schemas[i], err)
			}
		}
		if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", len(schemas))); err != nil {
			return fmt.Errorf("keep the version of accounts: %w", err)
		}
		return nil
	})
}

// named reads statements that stand behind lines “-- name: x”.
func named(path string) (map[string]string, error) {
	text, err := statements.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	found := map[string]string{}
	for _, block := range strings.Split(string(text), "-- name: ")[1:] {
		name, statement, _ := strings.Cut(block, "\n")
		found[strings.TrimSpace(name)] = strings.TrimSpace(statement)
	}
	return found, nil
}

// runner is the database or a transaction.
type runner interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// exec runs a statement by name and says how many rows it changed.
func (b *Book) exec(ctx context.Context, on runner, name string, args ...any) (int64, error) {
	result, err := on.ExecContext(ctx, b.sql[name], args...)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", name, err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("%s: %w", name, err)
	}
	return n, nil
}

// each gives the rows of a query by name.
func (b *Book) each(ctx context.Context, on runner, name string, row func(scan func(...any) error) error, args ...any) error {
	rows, err := on.QueryContext(ctx, b.sql[name], args...)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// change runs do in a transaction that no other process writes beside.
func (b *Book) change(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := b.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := do(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// secretBytes is the length of what lets somebody in.
const secretBytes = 32

// secret is a new random secret in characters that stand in an address or a cookie.
func (b *Book) secret() (string, error) {
	raw := make([]byte, secretBytes)
	if _, err := io.ReadFull(b.random, raw); err != nil {
		return "", fmt.Errorf("draw a secret: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(raw), nil
}

// hashed is how a secret is kept. It needs no salt and no cost, because nobody guesses 256 random bits.
func hashed(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// millis is an instant as the file holds it; the zero instant is 0.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// Copy writes a consistent copy of the book into a new file, whoever else writes meanwhile.
func (b *Book) Copy(ctx context.Context, path string) error {
	_, err := b.exec(ctx, b.db, "copy", path)
	if err == nil {
		err = os.Chmod(path, 0o600)
	}
	if err != nil {
		return fmt.Errorf("copy accounts: %w", err)
	}
	return nil
}
