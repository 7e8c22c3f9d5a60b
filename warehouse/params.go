package warehouse

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// values are the named parameters of a statement; {name:Type} in the SQL reads them. ClickHouse parses a parameter like
// a field of a tab-separated file, so text must be escaped before it is sent: text, list and instant do that.
type values = clickhouse.Parameters

// with gives the statement of ctx its parameters.
func with(ctx context.Context, v values) context.Context {
	return clickhouse.Context(ctx, clickhouse.WithParameters(v))
}

// text is a value for {name:String}.
func text(s string) string {
	return strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`, "\x00", `\0`).Replace(s)
}

// list is a value for {name:Array(String)}.
func list(items []string) string {
	var b strings.Builder
	b.WriteByte('[')
	for i, item := range items {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\'')
		b.WriteString(strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\t", `\t`, "\n", `\n`, "\x00", `\0`).Replace(item))
		b.WriteByte('\'')
	}
	b.WriteByte(']')
	return b.String()
}

// instant is a value for {name:DateTime64(3, 'UTC')}.
func instant(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05.000") }

// number is a value for the integer types.
func number[T int | int64 | uint32 | uint64](n T) string { return strconv.FormatInt(int64(n), 10) }
