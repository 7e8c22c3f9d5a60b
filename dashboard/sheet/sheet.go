package sheet

import (
	"fmt"
	"io"
	"time"
)

// Format of a file.
type Format string

// Formats; the name is also the ending of a file.
const (
	CSV  Format = "csv"
	XLSX Format = "xlsx"
)

// Media types.
const (
	MediaCSV  = "text/csv"
	MediaXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// Media is the type for Content-Type.
func (f Format) Media() string {
	if f == XLSX {
		return MediaXLSX
	}
	return MediaCSV + "; charset=utf-8"
}

// Kind of a column's cells.
type Kind int

// Kinds, and the Go types of their cells. Any cell may be nil, a nil pointer or the zero time: it stays empty, and is
// never 0.
const (
	// Text is a string.
	Text Kind = iota
	// Count is an int or an int64.
	Count
	// Number is a float64; the header names its unit.
	Number
	// Share is a float64 from 0 to 1, written in percent.
	Share
	// Instant is a time.Time, written in the organisation's zone.
	Instant
	// Day is a time.Time of which only the day in that zone is written.
	Day
)

// Column is a header, with the unit in it, and the kind of its cells.
type Column struct {
	Header string
	Kind   Kind
}

// Writer takes rows. Close completes the file; Discard lets go of one that is not to be completed.
type Writer interface {
	Row(cells ...any) error
	Close() error
	Discard()
}

// New begins a file. The name is that of the sheet.
func New(format Format, w io.Writer, zone *time.Location, name string, columns []Column) (Writer, error) {
	if format == XLSX {
		return newXLSX(w, zone, name, columns, mostRows)
	}
	return newCSV(w, zone, columns)
}

// value unwraps pointers; nil stands for a cell without value.
func value(cell any) any {
	switch v := cell.(type) {
	case nil:
		return nil
	case *float64:
		if v == nil {
			return nil
		}
		return *v
	case *int64:
		if v == nil {
			return nil
		}
		return *v
	case int:
		return int64(v)
	case time.Time:
		if v.IsZero() {
			return nil
		}
	}
	return cell
}

func mismatch(c Column, cell any) error { return fmt.Errorf("column %s holds a %T", c.Header, cell) }
