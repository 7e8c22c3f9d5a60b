package warehouse

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

//go:embed sql
var files embed.FS

// loadQueries reads sql/query/*.sql; a query's name is its file's.
func loadQueries() (map[string]string, error) {
	names, err := fs.Glob(files, "sql/query/*.sql")
	if err != nil {
		return nil, fmt.Errorf("list sql: %w", err)
	}
	queries := make(map[string]string, len(names))
	for _, name := range names {
		content, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read sql: %w", err)
		}
		queries[strings.TrimSuffix(path.Base(name), ".sql")] = string(content)
	}
	return queries, nil
}

// query gives the SQL of a file in sql/query. A missing one is a mistake in this package, so it cannot be ignored.
func (s *Store) query(name string) string {
	text, ok := s.queries[name]
	if !ok {
		panic("warehouse: no query " + name)
	}
	return text
}

// migrate applies the numbered schema files that the store has not seen. Files are append-only: a published one never
// changes, a change is a further file.
func (s *Store) migrate(ctx context.Context) error {
	if err := s.conn.Exec(ctx, s.query("schema_create")); err != nil {
		return fmt.Errorf("create schema table: %w", err)
	}
	var current uint32
	if err := s.conn.QueryRow(ctx, s.query("schema_current")).Scan(&current); err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	names, err := schemaFiles()
	if err != nil {
		return err
	}
	newest := uint32(0)
	for _, name := range names {
		version, err := schemaNumber(name)
		if err != nil {
			return err
		}
		newest = max(newest, version)
		if version <= current {
			continue
		}
		if err := s.apply(ctx, name, version); err != nil {
			return err
		}
	}
	if current > newest {
		return fmt.Errorf("the store has schema %d, this program knows %d; use the newer program", current, newest)
	}
	return nil
}

// schemaFiles are the names of the schema files, sorted by number.
func schemaFiles() ([]string, error) {
	names, err := fs.Glob(files, "sql/schema/*.sql")
	if err != nil {
		return nil, fmt.Errorf("list schema: %w", err)
	}
	return names, nil
}

func schemaNumber(name string) (uint32, error) {
	digits, _, _ := strings.Cut(path.Base(name), "_")
	number, err := strconv.ParseUint(digits, 10, 32)
	if err != nil {
		return 0, fmt.Errorf("schema file %s: its name must start with a number: %w", name, err)
	}
	return uint32(number), nil
}

func (s *Store) apply(ctx context.Context, name string, version uint32) error {
	content, err := files.ReadFile(name)
	if err != nil {
		return fmt.Errorf("read schema: %w", err)
	}
	for _, statement := range statements(string(content)) {
		if err := s.conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("schema %s: %w", path.Base(name), err)
		}
	}
	ctx = with(ctx, values{"version": number(version)})
	if err := s.conn.Exec(ctx, s.query("schema_applied")); err != nil {
		return fmt.Errorf("record schema %d: %w", version, err)
	}
	return nil
}

// statements splits a file at semicolons that end a line.
func statements(text string) []string {
	var out []string
	for part := range strings.SplitSeq(text, ";\n") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}
