package engine

import (
	"fmt"
	"strconv"

	chproto "github.com/ClickHouse/ch-go/proto"
	"github.com/ClickHouse/clickhouse-go/v2/lib/column"
	"github.com/ClickHouse/clickhouse-go/v2/lib/proto"
)

// hello answers clickhouse-go's first question at the revision the client speaks.
func hello(version, clientRevision string) ([]byte, error) {
	revision, err := strconv.ParseUint(clientRevision, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("client_protocol_version: %w", err)
	}
	var block proto.Block
	for _, c := range [][2]string{{"displayName()", "String"}, {"version()", "String"}, {"revision()", "UInt32"}, {"timezone()", "String"}} {
		if err := block.AddColumn(c[0], column.Type(c[1])); err != nil {
			return nil, fmt.Errorf("describe engine: %w", err)
		}
	}
	if err := block.Append("wenguo", version, uint32(0), "UTC"); err != nil {
		return nil, fmt.Errorf("describe engine: %w", err)
	}
	var buffer chproto.Buffer
	if err := block.Encode(&buffer, revision); err != nil {
		return nil, fmt.Errorf("describe engine: %w", err)
	}
	return buffer.Buf, nil
}
