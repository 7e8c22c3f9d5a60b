package native_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"wenguo/warehouse/enginetest"
	"wenguo/warehouse/native"
)

var engines *enginetest.Engine

func TestMain(m *testing.M) {
	os.Exit(enginetest.Main(m, func(e *enginetest.Engine) { engines = e }))
}

func statement(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name+".sql"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(content))
}

// open gives the default database of the engine with an empty table.
func open(t *testing.T) (driver.Conn, *native.Client) {
	t.Helper()
	options, err := clickhouse.ParseDSN(engines.DSN())
	if err != nil {
		t.Fatal(err)
	}
	options.Auth.Database = "default"
	conn, err := clickhouse.Open(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	for _, name := range []string{"rows", "truncate"} {
		var exists *clickhouse.Exception
		if err := conn.Exec(t.Context(), statement(t, name)); err != nil && (!errors.As(err, &exists) || exists.Code != 57) {
			t.Fatal(err)
		}
	}
	client := native.NewClient(options)
	t.Cleanup(client.Close)
	return conn, client
}

// block holds n rows with at most 70,000 words.
func block(n int) *native.Block {
	text := func(i int) string { return fmt.Sprintf("\"\t%d'", i) }
	b := native.NewBlock(7, n, 0)
	b.Words("word", func(i int) string { return fmt.Sprintf("词%d", i%70_000) })
	b.Strings("text", text)
	b.Bytes("bytes", func(i int) []byte { return []byte(text(i)) })
	b.Numbers("number", func(i int) uint64 { return uint64(i) })
	b.Smalls("small", func(i int) uint32 { return uint32(i + 1) })
	b.Bools("flag", func(i int) bool { return i%2 == 1 })
	b.Instants("at", func(i int) time.Time { return time.UnixMilli(int64(i) * 1001) })
	return b
}

func TestABlockIsReadAsItWasWritten(t *testing.T) {
	for name, size := range map[string]struct{ rows, words int }{
		"with one row": {1, 1},
		"with as many words as one byte tells apart": {256, 256},
		"with more words than one byte tells apart":  {257, 257},
		"with as many words as two bytes tell apart": {65_536, 65_536},
		"with more words than two bytes tell apart":  {65_537, 65_537},
		"with more rows than words":                  {80_000, 70_000},
	} {
		t.Run(name, func(t *testing.T) {
			conn, client := open(t)
			if err := client.Insert(t.Context(), statement(t, "insert"), nil, block(size.rows)); err != nil {
				t.Fatal(err)
			}
			check(t, conn, size.rows, size.words)
		})
	}
}

func check(t *testing.T, conn driver.Conn, rows, words int) {
	t.Helper()
	var count, distinct, sound uint64
	if err := conn.QueryRow(t.Context(), statement(t, "check")).Scan(&count, &distinct, &sound); err != nil {
		t.Fatal(err)
	}
	if count != uint64(rows) || distinct != uint64(words) || sound != uint64(rows) {
		t.Errorf("%d rows, %d words, %d rows as written, want %d, %d and %d", count, distinct, sound, rows, words, rows)
	}
}

func TestARepeatedBlockChangesNothing(t *testing.T) {
	conn, client := open(t)
	for range 2 {
		settings := map[string]string{"insert_deduplication_token": "one", "insert_deduplicate": "1"}
		if err := client.Insert(t.Context(), statement(t, "insert"), settings, block(10)); err != nil {
			t.Fatal(err)
		}
	}
	check(t, conn, 10, 10)
}

func TestTheServersRefusalIsAnExceptionWithItsCode(t *testing.T) {
	_, client := open(t)
	wrong := native.NewBlock(1, 1, 0)
	wrong.Strings("number", func(int) string { return "none" })
	err := client.Insert(t.Context(), "INSERT INTO rows (number)", nil, wrong)
	if exception, ok := errors.AsType[*clickhouse.Exception](err); !ok || exception.Code == 0 {
		t.Errorf("want the server's exception, got %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	err = client.Insert(ended, statement(t, "insert"), nil, block(1))
	if !errors.Is(err, context.Canceled) || strings.Contains(err.Error(), "http://") {
		t.Errorf("want the context's end without the address, got %v", err)
	}
}
