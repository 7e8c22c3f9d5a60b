package sheet

import (
	"archive/zip"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// mostRows is how many rows a sheet of the format has, its header included.
const mostRows = 1_048_576

// xlsxWriter writes rows through a temporary file and packs it into w when it is closed; a full sheet is followed by
// another one.
type xlsxWriter struct {
	file    *excelize.File
	stream  *excelize.StreamWriter
	zone    *time.Location
	name    string
	columns []Column
	styles  []int
	heading int
	// sheets so far, rows of the last one, and the most that one has.
	sheets, rows, most int
	cells              []any
}

// formats of number, by kind; an empty one is general.
var formats = map[Kind]string{ //nolint:gochecknoglobals // a constant table
	Text: "@", Count: "#,##0", Number: "#,##0.00", Share: "0.0%", Instant: "yyyy-mm-dd hh:mm:ss", Day: "yyyy-mm-dd",
}

// widths of columns, in characters.
var widths = map[Kind]float64{Text: 18, Count: 12, Number: 14, Share: 12, Instant: 20, Day: 12} //nolint:gochecknoglobals // a constant table

func newXLSX(w io.Writer, zone *time.Location, name string, columns []Column, most int) (*xlsxWriter, error) {
	x := &xlsxWriter{file: excelize.NewFile(), zone: zone, name: sheetName(name), columns: columns, most: most, cells: make([]any, len(columns))}
	// The library would gather the whole file in memory; this packs it into w as it goes.
	x.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(w) })
	var err error
	x.heading, err = x.file.NewStyle(&excelize.Style{
		Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"},
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"EDEFF2"}},
	})
	if err != nil {
		return nil, x.failed(err)
	}
	for _, c := range columns {
		format := formats[c.Kind]
		id, err := x.file.NewStyle(&excelize.Style{CustomNumFmt: &format, Alignment: &excelize.Alignment{Vertical: "top"}})
		if err != nil {
			return nil, x.failed(err)
		}
		x.styles = append(x.styles, id)
	}
	return x, x.begin()
}

func (x *xlsxWriter) failed(err error) error {
	x.Discard()
	return fmt.Errorf("write xlsx: %w", err)
}

// begin starts a sheet with its header, which stays in sight.
func (x *xlsxWriter) begin() error {
	x.sheets++
	name := x.name
	var err error
	if x.sheets == 1 {
		err = x.file.SetSheetName("Sheet1", name)
	} else {
		name += " " + strconv.Itoa(x.sheets)
		_, err = x.file.NewSheet(name)
	}
	if err != nil {
		return x.failed(err)
	}
	if x.stream, err = x.file.NewStreamWriter(name); err != nil {
		return x.failed(err)
	}
	for i, c := range x.columns {
		if err := x.stream.SetColWidth(i+1, i+1, max(widths[c.Kind], float64(2*len([]rune(c.Header))))); err != nil {
			return x.failed(err)
		}
	}
	if err := x.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return x.failed(err)
	}
	head := make([]any, len(x.columns))
	for i, c := range x.columns {
		head[i] = excelize.Cell{StyleID: x.heading, Value: clean(c.Header)}
	}
	x.rows = 1
	if err := x.stream.SetRow("A1", head); err != nil {
		return x.failed(err)
	}
	return nil
}

// Row writes one line.
func (x *xlsxWriter) Row(cells ...any) error {
	if len(cells) != len(x.columns) {
		return x.failed(fmt.Errorf("%d cells for %d columns", len(cells), len(x.columns)))
	}
	if x.rows >= x.most {
		if err := x.stream.Flush(); err != nil {
			return x.failed(err)
		}
		if err := x.begin(); err != nil {
			return err
		}
	}
	for i, cell := range cells {
		v, err := x.value(x.columns[i], cell)
		if err != nil {
			return x.failed(err)
		}
		x.cells[i] = v
		if v != nil {
			x.cells[i] = excelize.Cell{StyleID: x.styles[i], Value: v}
		}
	}
	x.rows++
	if err := x.stream.SetRow("A"+strconv.Itoa(x.rows), x.cells); err != nil {
		return x.failed(err)
	}
	return nil
}

// value is a cell as the library takes it: a text is always a text there, whatever it begins with.
func (x *xlsxWriter) value(column Column, cell any) (any, error) {
	switch v := value(cell).(type) {
	case nil:
		return nil, nil //nolint:nilnil // an empty cell
	case string:
		if column.Kind == Text {
			return clean(v), nil
		}
	case int64:
		if column.Kind == Count {
			return v, nil
		}
	case float64:
		if column.Kind == Share || column.Kind == Number {
			return v, nil
		}
	case time.Time:
		if column.Kind == Instant || column.Kind == Day {
			return serial(v.In(x.zone), column.Kind == Day), nil
		}
	}
	return nil, mismatch(column, cell)
}

// serial is the number of days since the spreadsheet's beginning, by the clock on the wall.
func serial(t time.Time, whole bool) float64 {
	wall := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
	if whole {
		wall = wall.Truncate(24 * time.Hour)
	}
	return float64(wall.Unix()-time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).Unix()) / (24 * 60 * 60)
}

// Close packs the file.
func (x *xlsxWriter) Close() error {
	if err := x.stream.Flush(); err != nil {
		return x.failed(err)
	}
	if err := x.file.Write(io.Discard); err != nil { // goes where the zip writer leads
		return x.failed(err)
	}
	x.Discard()
	return nil
}

// Discard removes the temporary files.
func (x *xlsxWriter) Discard() { _ = x.file.Close() }

// sheetName is a name that a spreadsheet accepts, with room for a number behind it.
func sheetName(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\'`, r) {
			return -1
		}
		return r
	}, Plain(s))
	if s == "" {
		s = "表"
	}
	runes := []rune(s)
	return string(runes[:min(len(runes), 26)])
}
