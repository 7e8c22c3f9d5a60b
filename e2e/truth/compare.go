package truth

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

// Rules are the rules of the instance: the kept policies and the key of its folder.
func Rules(t *testing.T, data string) transform.Rules {
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

// FoldInput makes the facts of the input into a database of their own on the same engine.
func FoldInput(t *testing.T, dsn string, in Input, rules transform.Rules) {
	t.Helper()
	store, err := warehouse.Open(t.Context(), strings.TrimSuffix(dsn, warehouse.DefaultDatabase)+expected, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	var facts []transform.Complaint
	for _, events := range in.Histories {
		fact, _ := transform.Fold(events, rules)
		facts = append(facts, fact)
	}
	for part := range slices.Chunk(facts, 2000) {
		if err := store.SaveFacts(t.Context(), part); err != nil {
			t.Fatal(err)
		}
	}
}

// Connect opens the warehouse for questions of the test's own.
func Connect(t *testing.T, dsn string) driver.Conn {
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

// CompareFacts finds facts that stand in one database only, whatever column differs.
func CompareFacts(t *testing.T, conn driver.Conn) {
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

// Missing is what CompareEvents found.
type Missing struct {
	// Lost events were acknowledged and are not stored; Few are stored less often than they were sent; Strange ones were never sent.
	Lost, Few, Strange int
}

// CompareEvents holds the identities in the store against those that were acknowledged.
func CompareEvents(t *testing.T, conn driver.Conn, in Input) (m Missing) {
	t.Helper()
	rows, err := conn.Query(t.Context(), identities)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	m.Lost = len(in.Copies)
	for rows.Next() {
		var id Identity
		var copies uint64
		if err := rows.Scan(&id.Complaint, &id.Event, &copies); err != nil {
			t.Fatal(err)
		}
		sent, known := in.Copies[id]
		if !known {
			m.Strange++
			continue
		}
		if copies < uint64(sent) { //nolint:gosec // a count
			m.Few++
		}
		m.Lost--
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if m != (Missing{}) {
		t.Errorf("of %d acknowledged events %d are not stored and %d less often than sent; %d stored ones were never sent", len(in.Copies), m.Lost, m.Few, m.Strange)
	}
	return m
}

// Sum adds up the ends of a topic's partitions.
func Sum(ends map[int]int64) (total int64) {
	for _, end := range ends {
		total += end
	}
	return total
}

// WaitForFacts returns when the facts cover everything below the ends.
func WaitForFacts(t *testing.T, dsn string, ends map[int]int64, log func() string) {
	t.Helper()
	store, err := warehouse.Open(t.Context(), dsn, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	began := time.Now()
	defer func() { t.Logf("facts cover everything after %.1f s more", time.Since(began).Seconds()) }()
	if err := store.WaitForFacts(ctx, ends); err != nil {
		t.Fatalf("%v\n%s", err, log())
	}
}
