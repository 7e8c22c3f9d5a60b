package sheet

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"
)

// csvWriter writes RFC 4180 with a byte order mark, without which spreadsheets take UTF-8 for something else.
type csvWriter struct {
	buffer  *bufio.Writer
	rows    *csv.Writer
	zone    *time.Location
	columns []Column
	record  []string
}

const bufferBytes = 64 << 10

func newCSV(w io.Writer, zone *time.Location, columns []Column) (*csvWriter, error) {
	c := &csvWriter{buffer: bufio.NewWriterSize(w, bufferBytes), zone: zone, columns: columns, record: make([]string, len(columns))}
	c.rows = csv.NewWriter(c.buffer)
	c.rows.UseCRLF = true
	if _, err := c.buffer.WriteString("\uFEFF"); err != nil {
		return nil, fmt.Errorf("write csv: %w", err)
	}
	for i, column := range columns {
		c.record[i] = defused(column.Header)
	}
	if err := c.rows.Write(c.record); err != nil {
		return nil, fmt.Errorf("write csv: %w", err)
	}
	return c, nil
}

// Row writes one line.
func (c *csvWriter) Row(cells ...any) error {
	if len(cells) != len(c.columns) {
		return fmt.Errorf("write csv: %d cells for %d columns", len(cells), len(c.columns))
	}
	for i, cell := range cells {
		text, err := c.text(c.columns[i], cell)
		if err != nil {
			return fmt.Errorf("write csv: %w", err)
		}
		c.record[i] = text
	}
	if err := c.rows.Write(c.record); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	return nil
}

func (c *csvWriter) text(column Column, cell any) (string, error) {
	switch v := value(cell).(type) {
	case nil:
		return "", nil
	case string:
		if column.Kind == Text {
			return defused(v), nil
		}
	case int64:
		if column.Kind == Count {
			return strconv.FormatInt(v, 10), nil
		}
	case float64:
		switch column.Kind {
		case Share:
			return strconv.FormatFloat(rounded(v*100), 'f', -1, 64), nil
		case Number:
			return strconv.FormatFloat(rounded(v), 'f', -1, 64), nil
		case Text, Count, Instant, Day:
		}
	case time.Time:
		switch column.Kind {
		case Instant:
			return v.In(c.zone).Format(time.DateTime), nil
		case Day:
			return v.In(c.zone).Format(time.DateOnly), nil
		case Text, Count, Number, Share:
		}
	}
	return "", mismatch(column, cell)
}

// rounded keeps four decimals: what a program would write beyond them is noise of binary fractions.
func rounded(f float64) float64 { return math.Round(f*1e4) / 1e4 }

// Close writes what is left.
func (c *csvWriter) Close() error {
	c.rows.Flush()
	if err := c.rows.Error(); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	if err := c.buffer.Flush(); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	return nil
}

// Discard has nothing to let go of.
func (c *csvWriter) Discard() {}
