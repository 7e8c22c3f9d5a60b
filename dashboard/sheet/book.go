package sheet

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// Book is a spreadsheet of several tables, one a sheet, made to be printed: each begins with lines of its own, its header is
// repeated on every page, and its columns fit the width of A4. The same rows make the same bytes, whenever they are written.
type Book struct {
	x     *xlsxWriter
	names []string
	// heads is the number of the header's row, by sheet.
	heads map[string]int
	bold  map[Kind]int
	lead  int
	title int
}

// Leaf is one sheet of a book.
type Leaf struct {
	Name string
	// Title and Lead stand above the header; neither holds a formula.
	Title   string
	Lead    []string
	Columns []Column
	// Landscape turns the printed page.
	Landscape bool
}

// NewBook begins a book that is written to w when it is closed.
func NewBook(w io.Writer, zone *time.Location) (*Book, error) {
	x := &xlsxWriter{file: excelize.NewFile(), zone: zone, most: mostRows}
	x.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return &steadyZip{to: w} })
	b := &Book{x: x, heads: map[string]int{}, bold: map[Kind]int{}}
	border := []excelize.Border{{Type: "bottom", Color: "8A919C", Style: 1}, {Type: "top", Color: "8A919C", Style: 1}}
	for _, s := range []struct {
		to    *int
		style *excelize.Style
	}{
		{&x.heading, &excelize.Style{
			Font: &excelize.Font{Bold: true}, Border: border,
			Alignment: &excelize.Alignment{WrapText: true, Vertical: "center", Horizontal: "center"},
			Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"EDEFF2"}},
		}},
		{&b.title, &excelize.Style{Font: &excelize.Font{Bold: true, Size: 15}}},
		{&b.lead, &excelize.Style{Font: &excelize.Font{Color: "565E6A"}}},
	} {
		var err error
		if *s.to, err = x.file.NewStyle(s.style); err != nil {
			return nil, x.failed(err)
		}
	}
	return b, nil
}

// Leaf begins another sheet; names that are taken get a number.
func (b *Book) Leaf(l Leaf) error {
	if err := b.flush(); err != nil {
		return err
	}
	b.x.name, b.x.columns, b.x.styles, b.x.sheets = b.free(sheetName(l.Name)), l.Columns, nil, 0
	b.x.cells = make([]any, len(l.Columns))
	for _, c := range l.Columns {
		format := formats[c.Kind]
		align := &excelize.Alignment{Vertical: "top", WrapText: c.Kind == Text}
		id, err := b.x.file.NewStyle(&excelize.Style{CustomNumFmt: &format, Alignment: align})
		if err != nil {
			return b.x.failed(err)
		}
		b.x.styles = append(b.x.styles, id)
	}
	return b.begin(l)
}

// free is a name that no sheet has.
func (b *Book) free(name string) string {
	taken := func(s string) bool {
		return slices.ContainsFunc(b.names, func(n string) bool { return strings.EqualFold(n, s) })
	}
	for n, wanted := 2, name; taken(name); n++ {
		name = wanted + " " + strconv.Itoa(n)
	}
	return name
}

func (b *Book) begin(l Leaf) error {
	x := b.x
	var err error
	if len(b.names) == 0 {
		err = x.file.SetSheetName("Sheet1", x.name)
	} else {
		_, err = x.file.NewSheet(x.name)
	}
	if err != nil {
		return x.failed(err)
	}
	b.names = append(b.names, x.name)
	if err := b.layout(l); err != nil {
		return err
	}
	if x.stream, err = x.file.NewStreamWriter(x.name); err != nil {
		return x.failed(err)
	}
	for i, c := range x.columns {
		width := min(max(widths[c.Kind], 2.2*float64(len([]rune(c.Header)))), 40)
		if err := x.stream.SetColWidth(i+1, i+1, width); err != nil {
			return x.failed(err)
		}
	}
	head := len(l.Lead) + 1
	if l.Title != "" {
		head++
	}
	below := "A" + strconv.Itoa(head+1)
	if err := x.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: head, TopLeftCell: below, ActivePane: "bottomLeft"}); err != nil {
		return x.failed(err)
	}
	x.rows = 0
	if l.Title != "" {
		if err := b.line(b.title, l.Title); err != nil {
			return err
		}
	}
	for _, s := range l.Lead {
		if err := b.line(b.lead, s); err != nil {
			return err
		}
	}
	cells := make([]any, len(x.columns))
	for i, c := range x.columns {
		cells[i] = excelize.Cell{StyleID: x.heading, Value: clean(c.Header)}
	}
	x.rows++
	b.heads[x.name] = x.rows
	if err := x.stream.SetRow("A"+strconv.Itoa(x.rows), cells); err != nil {
		return x.failed(err)
	}
	return nil
}

// layout fits the sheet to A4 and names header rows that every page repeats.
func (b *Book) layout(l Leaf) error {
	x, a4, one, none, turned := b.x, 9, 1, 0, "portrait"
	if l.Landscape {
		turned = "landscape"
	}
	fit := true
	err := x.file.SetPageLayout(x.name, &excelize.PageLayoutOptions{Size: &a4, Orientation: &turned, FitToWidth: &one, FitToHeight: &none})
	if err == nil {
		err = x.file.SetSheetProps(x.name, &excelize.SheetPropsOptions{FitToPage: &fit})
	}
	if err == nil {
		err = x.file.SetHeaderFooter(x.name, &excelize.HeaderFooterOptions{OddFooter: "&C&P / &N"})
	}
	if err != nil {
		return x.failed(err)
	}
	return nil
}

// line writes one text into the first cell.
func (b *Book) line(style int, s string) error {
	b.x.rows++
	if err := b.x.stream.SetRow("A"+strconv.Itoa(b.x.rows), []any{excelize.Cell{StyleID: style, Value: clean(s)}}); err != nil {
		return b.x.failed(err)
	}
	return nil
}

// Row writes one line of the current table.
func (b *Book) Row(cells ...any) error {
	if b.x.rows >= b.x.most {
		return b.x.failed(fmt.Errorf("more than %d rows in one sheet", b.x.most))
	}
	return b.x.Row(cells...)
}

// Total writes a line in bold.
func (b *Book) Total(cells ...any) error {
	plain := slices.Clone(b.x.styles)
	defer func() { b.x.styles = plain }()
	for i, c := range b.x.columns {
		id, known := b.bold[c.Kind]
		if !known {
			format := formats[c.Kind]
			var err error
			id, err = b.x.file.NewStyle(&excelize.Style{
				CustomNumFmt: &format, Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{Vertical: "top"},
				Border: []excelize.Border{{Type: "top", Color: "8A919C", Style: 1}},
			})
			if err != nil {
				return b.x.failed(err)
			}
			b.bold[c.Kind] = id
		}
		b.x.styles[i] = id
	}
	return b.Row(cells...)
}

// Note writes a line of text below a table.
func (b *Book) Note(s string) error { return b.line(b.lead, s) }

func (b *Book) flush() error {
	if b.x.stream == nil {
		return nil
	}
	stream := b.x.stream
	b.x.stream = nil
	if err := stream.Flush(); err != nil {
		return b.x.failed(err)
	}
	return nil
}

// Close packs the book.
func (b *Book) Close() error {
	if err := b.flush(); err != nil {
		return err
	}
	for _, name := range b.names {
		row := strconv.Itoa(b.heads[name])
		if err := b.x.file.SetDefinedName(&excelize.DefinedName{
			Name: "_xlnm.Print_Titles", RefersTo: "'" + strings.ReplaceAll(name, "'", "''") + "'!$" + row + ":$" + row, Scope: name,
		}); err != nil {
			return b.x.failed(err)
		}
	}
	if err := b.x.file.Write(io.Discard); err != nil { // goes where the zip writer leads
		return b.x.failed(err)
	}
	b.x.Discard()
	return nil
}

// Discard removes the temporary files.
func (b *Book) Discard() { b.x.Discard() }
