package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// View is a saved view: the address of a page with its period and filters.
type View struct {
	ID            int64
	Name, Address string
	Shared        bool
	// Mine says that the asker saved it, By names who did.
	Mine bool
	By   string
}

// Bounds of saved views.
const (
	viewsMost   = 100
	addressMost = 4000
)

// SaveView keeps the address of a page under a name; id is 0 while nobody has to sign in.
func (b *Book) SaveView(ctx context.Context, id int64, name, address string, shared bool) error {
	name = strings.TrimSpace(name)
	switch {
	case name == "" || utf8.RuneCountInString(name) > nameMost || strings.ContainsFunc(name, unicode.IsControl):
		return fmt.Errorf("a view has a name of at most %d characters", nameMost)
	case !strings.HasPrefix(address, "/") || strings.HasPrefix(address, "//") || len(address) > addressMost || strings.ContainsFunc(address, unicode.IsControl) || strings.Contains(address, `\`):
		return errors.New("a view is the address of a page of this site")
	}
	return b.change(ctx, func(tx *sql.Tx) error {
		var n int
		if err := tx.QueryRowContext(ctx, b.sql["views_count"], owner(id)).Scan(&n); err != nil {
			return fmt.Errorf("count views: %w", err)
		}
		if n >= viewsMost {
			return fmt.Errorf("there are %d views already: end some first", n)
		}
		_, err := b.exec(ctx, tx, "view_add", owner(id), name, address, shared, b.now().UnixMilli())
		return err
	})
}

// Views are those of an account and the shared ones.
func (b *Book) Views(ctx context.Context, id int64) ([]View, error) {
	var out []View
	err := b.each(ctx, b.db, "views", func(scan func(...any) error) error {
		var v View
		var by sql.NullInt64
		err := scan(&v.ID, &by, &v.Name, &v.Address, &v.Shared, &v.By)
		v.Mine = by == owner(id)
		out = append(out, v)
		return err
	}, owner(id))
	return out, err
}

// EndView ends a view of an account, with any also one of others. ErrUnknown without one.
func (b *Book) EndView(ctx context.Context, view, id int64, others bool) error {
	n, err := b.exec(ctx, b.db, "view_end", view, owner(id), others)
	if err == nil && n == 0 {
		return ErrUnknown
	}
	return err
}
