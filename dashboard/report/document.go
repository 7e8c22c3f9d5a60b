package report

import (
	"iter"
	"time"

	"wenguo/dashboard/sheet"
)

// Document is a paper before it is written: what it says, in the order it says it.
type Document struct {
	// Name is the paper's, Title what stands on it, Label its period in words.
	Name, Title, Label string
	Period             Period
	// AsOf is the instant that every number is as of; Zone is where days begin.
	AsOf time.Time
	Zone *time.Location
	// Standing says whether the figures are published, and what follows from it.
	Standing string
	// Landscape turns the page, for wide tables.
	Landscape bool
	Blocks    []Block
}

// Block is one piece of a document; whatever of it is set is shown in the order of the fields.
type Block struct {
	// Heading opens a section, Minor one within it. Numbers in front of headings belong to their text.
	Heading, Minor string
	Text           []string
	Facts          []Fact
	Chart          *Chart
	Table          *Table
	// Notes stand below in small type.
	Notes []string
	// NewPage begins a page.
	NewPage bool
}

// Fact is one named value: a line of a form, or a figure of a strip.
type Fact struct {
	Name, Value string
	// Basis is n and the interval in words.
	Basis string
	// Sign stands in front of a figure of a strip.
	Sign string
	// Long gives the value a line of its own.
	Long bool
}

// Place is where a column is shown.
type Place int

// Places.
const (
	Everywhere Place = iota
	// OnPaper is HTML and PDF, where several numbers stand in one cell.
	OnPaper
	// InSheet is XLSX and CSV, where every number has a cell of its own.
	InSheet
)

// Under says that a cell stands, small, below that of the column before where a table is printed.
type Under int

// What stands below.
const (
	Beside Under = iota
	Low
	High
	N
)

// Column of a table.
type Column struct {
	sheet.Column

	Place Place
	Under Under
	// Narrow keeps the cells of a column on one line.
	Narrow bool
}

// Table is read once: its rows may come from the store as they are written.
type Table struct {
	Name    string
	Columns []Column
	// Rows have a cell for each column, of the types of package sheet. Err is what stopped them.
	Rows iter.Seq[[]any]
	Err  func() error
	// Total is the last line, nil without one.
	Total []any
	// Whole keeps a short table on one page.
	Whole bool
	// Empty is said where there is no row.
	Empty string
}

// Chart is a picture of figures that a table of the same document holds.
type Chart struct {
	Title string
	Unit  string
	// Labels are those of the horizontal axis of lines, or the names of bars.
	Labels []string
	Lines  []Line
	// Bars are drawn lying, the first on top.
	Bars []Bar
	// Cut lets the axis begin above zero, and says so.
	Cut bool
	// Marked says that a line stands at the label of the number Mark, called MarkName.
	Marked   bool
	Mark     int
	MarkName string
}

// Line is a series; a nil value is a gap.
type Line struct {
	Name   string
	Values []*float64
}

// Bar is one row of a bar chart.
type Bar struct {
	Name  string
	Value float64
	Text  string
}

// rowsOf is a table's rows that are at hand.
func rowsOf(rows [][]any) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for _, r := range rows {
			if !yield(r) {
				return
			}
		}
	}
}

// failed is what stopped the rows.
func (t *Table) failed() error {
	if t.Err == nil {
		return nil
	}
	return t.Err()
}

func text(header string) Column {
	return Column{Column: sheet.Column{Header: header, Kind: sheet.Text}}
}

func narrow(header string) Column {
	return Column{Column: sheet.Column{Header: header, Kind: sheet.Text}, Narrow: true}
}

func count(header string) Column {
	return Column{Column: sheet.Column{Header: header, Kind: sheet.Count}}
}

func hours(header string) Column {
	return Column{Column: sheet.Column{Header: header, Kind: sheet.Number}}
}

func instant(header string) Column {
	return Column{Column: sheet.Column{Header: header, Kind: sheet.Instant}, Narrow: true}
}

func day(header string) Column {
	return Column{Column: sheet.Column{Header: header, Kind: sheet.Day}, Narrow: true}
}

// share is a rate with its interval and n.
func share(header string) []Column {
	of := func(name string, kind sheet.Kind, under Under) Column {
		return Column{Column: sheet.Column{Header: name, Kind: kind}, Under: under}
	}
	return []Column{
		of(header+"（%）", sheet.Share, Beside), of(header+" 95% 区间下限（%）", sheet.Share, Low),
		of(header+" 95% 区间上限（%）", sheet.Share, High), of(header+" n（件）", sheet.Count, N),
	}
}

// in puts a column where it belongs.
func (c Column) in(p Place) Column {
	c.Place = p
	return c
}

// on are the columns of a place, with their numbers.
func (t *Table) on(p Place) []int {
	var out []int
	for i, c := range t.Columns {
		if c.Place == Everywhere || c.Place == p {
			out = append(out, i)
		}
	}
	return out
}
