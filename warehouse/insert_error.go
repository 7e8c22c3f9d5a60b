package warehouse

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"regexp"
	"slices"
	"strconv"

	"github.com/ClickHouse/clickhouse-go/v2"

	"wenguo/ingest"
)

// permanentCodes are ClickHouse's errors that blame the rows: the same rows are refused again whenever they come. All
// others, memory, disk, too many parts, read-only replicas, unknown tables or columns, are of the moment or of the
// installation, and dead letters would not help.
var permanentCodes = []int32{ //nolint:gochecknoglobals // a constant list
	6,   // CANNOT_PARSE_TEXT
	26,  // CANNOT_PARSE_QUOTED_STRING
	27,  // CANNOT_PARSE_INPUT_ASSERTION_FAILED
	38,  // CANNOT_PARSE_DATE
	41,  // CANNOT_PARSE_DATETIME
	69,  // ARGUMENT_OUT_OF_BOUND
	70,  // CANNOT_CONVERT_TYPE
	72,  // CANNOT_PARSE_NUMBER
	117, // INCORRECT_DATA
	128, // TOO_LARGE_ARRAY_SIZE
	131, // TOO_LARGE_STRING_SIZE
	321, // VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
	349, // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
	376, // CANNOT_PARSE_UUID
	395, // FUNCTION_THROW_IF_VALUE_IS_NON_ZERO
	407, // DECIMAL_OVERFLOW
	467, // CANNOT_PARSE_BOOL
	469, // VIOLATED_CONSTRAINT
	691, // UNKNOWN_ELEMENT_OF_ENUM
}

// Codes of failures that no server has answered.
const (
	codeTimeout = "timeout"
	codeNetwork = "network"
	codeClient  = "client"
)

// insertError says of a failed insert of rows whether they are to blame.
func insertError(err error) *ingest.StoreError {
	failure := &ingest.StoreError{Code: codeClient, Field: ingest.FieldMessage, Err: err}
	var answered net.Error
	if exception, ok := errors.AsType[*clickhouse.Exception](err); ok {
		failure.Code = strconv.Itoa(int(exception.Code))
		failure.Permanent = slices.Contains(permanentCodes, exception.Code)
		failure.Field = columnIn(exception.Message)
	} else if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) || errors.Is(err, os.ErrDeadlineExceeded) {
		failure.Code = codeTimeout
	} else if errors.As(err, &answered) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		failure.Code = codeNetwork
	}
	return failure
}

// momentary is a failed insert that is tried again whatever the reason, because something of its block is stored already
// or the rows are our own words.
func momentary(err error) *ingest.StoreError {
	failure := insertError(err)
	failure.Permanent = false
	return failure
}

// columnPattern finds the column that ClickHouse blames.
var columnPattern = regexp.MustCompile("(?i)column:? [`'\"]?([a-z_]+)")

// blamable are the columns of an event that come from its sender.
var blamable = []string{"event_id", "complaint_id", "kind", "occurred_at", "source", "bus_time", "raw"} //nolint:gochecknoglobals // a constant list

// columnIn gives the column named in the server's sentence if it is one of ours; the sentence itself may quote the row.
func columnIn(sentence string) string {
	if m := columnPattern.FindStringSubmatch(sentence); m != nil && slices.Contains(blamable, m[1]) {
		return m[1]
	}
	return ingest.FieldMessage
}
