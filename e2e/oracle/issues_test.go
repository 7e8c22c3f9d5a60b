package oracle

import (
	_ "embed"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

//go:embed issue_members.sql
var insertMembers string

//go:embed registered.sql
var selectRegistered string

//go:embed issues.sql
var insertIssues string

//go:embed issue_runs.sql
var insertRuns string

// issueNames are few, so that one customer's complaints often share one.
var issueNames = []string{"i-1", "i-2", "i-3"}

// discover puts about half of the complaints into issues, as the job that reads texts would, in a run of its own.
func (b *bench) discover(t *testing.T, seed uint64, run uint64) map[string]string {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, run))
	issues := map[string]string{}
	for _, id := range slices.Sorted(maps.Keys(b.stored)) {
		if random.IntN(2) == 0 {
			issues[id] = issueNames[random.IntN(len(issueNames))]
		}
	}
	options, err := clickhouse.ParseDSN(b.dsn)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := clickhouse.Open(options)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	var members, found [][]any
	rows, err := conn.Query(t.Context(), selectRegistered)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var registered time.Time
		if err := rows.Scan(&id, &registered); err != nil {
			t.Fatal(err)
		}
		if name, inside := issues[id]; inside {
			members = append(members, []any{run, id, name, registered})
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for i, name := range issueNames {
		found = append(found, []any{run, name, fmt.Sprint("问题", i), []string{"词"}, []float64{1}, []string{}, []string{}})
	}
	published := [][]any{{run, time.UnixMilli(local("2026-10-01T00:00:00")).UTC(), uint64(len(issues))}}
	insert(t, conn, insertMembers, members)
	insert(t, conn, insertIssues, found)
	insert(t, conn, insertRuns, published)
	return issues
}

func insert(t *testing.T, conn driver.Conn, statement string, rows [][]any) {
	t.Helper()
	batch, err := conn.PrepareBatch(t.Context(), statement)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if err := batch.Append(row...); err != nil {
			t.Fatal(err)
		}
	}
	if err := batch.Send(); err != nil {
		t.Fatal(err)
	}
}
