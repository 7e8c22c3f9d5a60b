package privacy_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"wenguo/e2e/program"
)

// connect reaches the engine of the running program, over restarts.
func connect(t *testing.T, up *program.Up) driver.Conn {
	t.Helper()
	options, err := clickhouse.ParseDSN(up.ClickHouse)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := clickhouse.Open(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// names reads the rows of a query of one column.
func names(t *testing.T, conn driver.Conn, query string) (found []string) {
	t.Helper()
	rows, err := conn.Query(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		found = append(found, name)
	}
	return found
}

const tables = "SELECT name FROM system.tables WHERE database = 'wenguo' AND engine LIKE '%MergeTree' AND name NOT LIKE 'tallies_next%' ORDER BY name"

// lay makes the files of the engine readable as they are, and its replaced parts leave within seconds instead of minutes.
func lay(t *testing.T, conn driver.Conn) {
	t.Helper()
	columns := names(t, conn, `SELECT concat(table, ' MODIFY COLUMN ', name, ' CODEC(NONE)') FROM system.columns
		WHERE database = 'wenguo' AND table IN (SELECT name FROM system.tables WHERE database = 'wenguo' AND engine LIKE '%MergeTree')
		AND (table, name) IN (('events', 'raw'), ('complaints', 'title'), ('complaints', 'content'), ('complaints', 'customer_key'))`)
	if len(columns) != 4 {
		t.Fatalf("columns %v", columns)
	}
	for _, change := range columns {
		must(t, conn, "ALTER TABLE "+change)
	}
	for _, table := range names(t, conn, tables) {
		must(t, conn, "ALTER TABLE "+table+" MODIFY SETTING old_parts_lifetime = 1, cleanup_delay_period = 1, cleanup_delay_period_random_add = 0, max_cleanup_delay_period = 1")
	}
}

func must(t *testing.T, conn driver.Conn, statement string) {
	t.Helper()
	if err := conn.Exec(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// inTables lists the tables that show a value in any row.
func inTables(t *testing.T, conn driver.Conn, value string) (found []string) {
	t.Helper()
	ctx := clickhouse.Context(t.Context(), clickhouse.WithParameters(clickhouse.Parameters{"value": value}))
	for _, table := range names(t, conn, tables) {
		var n uint64
		if err := conn.QueryRow(ctx, "SELECT count() FROM `"+table+"` WHERE position(toString(tuple(*)), {value:String}) > 0").Scan(&n); err != nil {
			t.Fatalf("%s: %v", table, err)
		}
		if n > 0 {
			found = append(found, table)
		}
	}
	return found
}

// inFiles lists the files of the folder that hold a value, but for the topics' own copies, which end with their retention.
func inFiles(t *testing.T, data, value string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(data, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, os.ErrNotExist):
			return nil // a part that was just removed
		case err != nil:
			return err
		case entry.IsDir() && path == filepath.Join(data, "broker"):
			return fs.SkipDir
		case !entry.Type().IsRegular():
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		if bytes.Contains(content, []byte(value)) {
			name, _ := strings.CutPrefix(path, data)
			found = append(found, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// gone waits until the value has left all files.
func gone(t *testing.T, data, value string) {
	t.Helper()
	until, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		found := inFiles(t, data, value)
		if len(found) == 0 {
			return
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-until.Done():
			t.Fatalf("the value is still in %v", slices.Compact(found))
		}
	}
}

// secret is a value that no file holds by chance and that no masking takes for a number.
func secret(n int) string { return fmt.Sprintf("龘%c齉%c靐", '一'+rune(n*37), '爩'-rune(n)) }
