package warehouse

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// quietConn keeps the address of a failed request out of its error: over HTTP the address carries the parameters, and
// those may be what somebody searched for, a name or a number. Errors end in logs.
type quietConn struct{ driver.Conn }

// Query asks for rows.
func (c quietConn) Query(ctx context.Context, query string, args ...any) (driver.Rows, error) {
	rows, err := c.Conn.Query(ctx, query, args...)
	return rows, withoutAddress(err)
}

// QueryRow asks for one row; its error comes with Scan.
func (c quietConn) QueryRow(ctx context.Context, query string, args ...any) driver.Row {
	return quietRow{c.Conn.QueryRow(ctx, query, args...)}
}

// Exec runs a statement without an answer.
func (c quietConn) Exec(ctx context.Context, query string, args ...any) error {
	return withoutAddress(c.Conn.Exec(ctx, query, args...))
}

type quietRow struct{ driver.Row }

// Scan reads the row's columns.
func (r quietRow) Scan(dest ...any) error { return withoutAddress(r.Row.Scan(dest...)) }

func withoutAddress(err error) error {
	if request, ok := errors.AsType[*url.Error](err); ok {
		return fmt.Errorf("ask clickhouse: %w", request.Err)
	}
	return err
}

// Err is what went wrong so far.
func (r quietRow) Err() error { return withoutAddress(r.Row.Err()) }
