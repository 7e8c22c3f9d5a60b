package engine

import (
	"regexp"
	"strconv"
)

// Exception is a failed statement as ClickHouse words it.
type Exception struct {
	Code int
	Text string
}

func (e *Exception) Error() string { return e.Text }

// codePattern finds the number at the head of ClickHouse's own wording.
var codePattern = regexp.MustCompile(`Code: (\d+)`)

// codeUnknown is ClickHouse's UNKNOWN_EXCEPTION, for texts without a number.
const codeUnknown = 1002

func parseException(text string) *Exception {
	code := codeUnknown
	if m := codePattern.FindStringSubmatch(text); m != nil {
		if n, err := strconv.Atoi(m[1]); err == nil {
			code = n
		}
	}
	return &Exception{Code: code, Text: text}
}
