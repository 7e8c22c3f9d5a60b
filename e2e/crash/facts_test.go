package crash_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"wenguo/transform"
	"wenguo/transform/sla"
	"wenguo/transform/text"
	"wenguo/warehouse"
)

//go:embed differences.sql
var differences string

//go:embed identities.sql
var identities string

//go:embed rows.sql
var rowCount string

// expected is the database of the facts that the test itself makes.
const expected = "expected"

// rulesOf are the rules of the instance: the kept policies and the key of its folder.
func rulesOf(t *testing.T, data string) transform.Rules {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(data, "policies", "*.yaml"))
	if err != nil || len(names) != 1 {
		t.Fatalf("%d kept policies, want 1: %v", len(names), err)
	}
	content, err := os.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	policy, err := sla.ParsePolicy(content)
	if err != nil {
		t.Fatal(err)
	}
	key, err := os.ReadFile(filepath.Join(data, "key"))
	if err != nil {
		t.Fatal(err)
	}
	return transform.Rules{
		Revision: 1, History: []transform.Applied{{Revision: 1, Policy: policy}}, Mask: text.Mask,
		CustomerKey: func(identity string) string {
			sum := hmac.New(sha256.New, key)
			sum.Write([]byte(identity))
			return hex.EncodeToString(sum.Sum(nil)[:12])
		},
	}
}

// foldInput makes the facts of the input into a database of their own on the same engine.
func foldInput(t *testing.T, dsn string, in input, rules transform.Rules) {
	t.Helper()
	store, err := warehouse.Open(t.Context(), strings.TrimSuffix(dsn, warehouse.DefaultDatabase)+expected, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	var facts []transform.Complaint
	for _, events := range in.histories {
		fact, _ := transform.Fold(events, rules)
		facts = append(facts, fact)
	}
	for part := range slices.Chunk(facts, 2000) {
		if err := store.SaveFacts(t.Context(), part); err != nil {
			t.Fatal(err)
		}
	}
}

func connect(t *testing.T, dsn string) driver.Conn {
	t.Helper()
	options, err := clickhouse.ParseDSN(dsn)
	if err != nil {
		t.Fatal(err)
	}
	options.ReadTimeout = 5 * time.Minute
	conn, err := clickhouse.Open(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// compareFacts finds facts that stand in one database only, whatever column differs.
func compareFacts(t *testing.T, conn driver.Conn) {
	t.Helper()
	for _, table := range []string{"complaints", "orphans"} {
		var count uint64
		if err := conn.QueryRow(named(t, "database", expected, "table", table), rowCount).Scan(&count); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d rows", table, count)
		if count == 0 {
			t.Errorf("no %s to compare", table)
		}
		for _, order := range [][2]string{{warehouse.DefaultDatabase, expected}, {expected, warehouse.DefaultDatabase}} {
			var some []string
			ctx := named(t, "left", order[0], "right", order[1], "table", table)
			if err := conn.QueryRow(ctx, differences).Scan(&count, &some); err != nil {
				t.Fatal(err)
			}
			if count > 0 {
				t.Errorf("%d rows of %s stand in %s and not in %s: %v", count, table, order[0], order[1], some)
			}
		}
	}
}

func named(t *testing.T, pairs ...string) context.Context {
	t.Helper()
	values := clickhouse.Parameters{}
	for pair := range slices.Chunk(pairs, 2) {
		values[pair[0]] = pair[1]
	}
	return clickhouse.Context(t.Context(), clickhouse.WithParameters(values))
}

// compareEvents holds the identities in the store against those that were acknowledged.
func compareEvents(t *testing.T, conn driver.Conn, in input) {
	t.Helper()
	rows, err := conn.Query(t.Context(), identities)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	missing, strange, few := len(in.copies), 0, 0
	for rows.Next() {
		var id identity
		var copies uint64
		if err := rows.Scan(&id.complaint, &id.event, &copies); err != nil {
			t.Fatal(err)
		}
		sent, known := in.copies[id]
		switch {
		case !known:
			strange++
			continue
		case int(copies) < sent:
			few++
		}
		missing--
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if missing+strange+few > 0 {
		t.Errorf("of %d acknowledged events %d are not stored and %d less often than sent; %d stored ones were never sent", len(in.copies), missing, few, strange)
	}
}

func sum(ends map[int]int64) (total int64) {
	for _, end := range ends {
		total += end
	}
	return total
}
