package warehouse

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"wenguo/transform/kpi"
)

// tornConn breaks off the answer to one question after some rows.
type tornConn struct {
	driver.Conn

	statement string
	after     int
}

func (c tornConn) Query(ctx context.Context, query string, args ...any) (driver.Rows, error) {
	rows, err := c.Conn.Query(ctx, query, args...)
	if err == nil && strings.Contains(query, c.statement) {
		rows = &tornRows{rows, c.after}
	}
	return rows, err
}

type tornRows struct {
	driver.Rows

	left int
}

var errTorn = errors.New("the connection broke")

func (r *tornRows) Next() bool { r.left--; return r.left >= 0 && r.Rows.Next() }

func (r *tornRows) Err() error { return errTorn }

// A reader may go away, or the connection break, in the middle of the sums. What was read of them must answer nothing.
func TestSumsReadHalfAreReadAgain(t *testing.T) {
	h := openHistory(t, 200)
	if err := h.TallyAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	q := kpi.Query{From: historyStart, To: historyStart.AddDate(0, 0, 40), AsOf: historyStart.AddDate(2, 0, 0)}
	h.factsOnly = true
	want, err := h.Strip(t.Context(), q)
	if err != nil || want.Registered < 100 {
		t.Fatalf("%+v, %v", want, err)
	}
	h.factsOnly = false
	whole := h.conn
	for _, rows := range []int{0, 1, 50, 200, 500, 1000, 1500} {
		h.heldSums = heldSums{}
		h.conn = tornConn{whole, "The versions come with them", rows}
		if got, err := h.Strip(t.Context(), q); !errors.Is(err, errTorn) {
			t.Errorf("after %d rows: %+v, %v", rows, got, err)
		}
		if kept := h.heldSums.of[""]; len(kept) > 0 {
			t.Errorf("after %d rows %d months were kept", rows, len(kept))
		}
		h.conn = whole
		if got, err := h.Strip(t.Context(), q); err != nil || got != want {
			t.Errorf("again after %d rows: %+v, want %+v, %v", rows, got, want, err)
		}
	}
}
