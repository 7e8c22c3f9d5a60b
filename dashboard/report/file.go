package report

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"wenguo/dashboard/sheet"
)

// Write writes a document in a format. It reads the document's tables, so a document is written once.
func (w *Writer) Write(ctx context.Context, out io.Writer, d *Document, f Format, b Browser) error {
	switch f {
	case HTML:
		return w.HTML(out, d)
	case PDF:
		return w.PDF(ctx, out, d, b)
	case XLSX:
		return XLSXFile(out, d)
	case CSV:
		return CSVFile(out, d)
	}
	return fmt.Errorf("write %s: no format %q", d.Name, f)
}

// CSVFile writes the one table of a document.
func CSVFile(out io.Writer, d *Document) error {
	var only *Table
	for _, b := range d.Blocks {
		if b.Table == nil {
			continue
		}
		if only != nil {
			return fmt.Errorf("write %s: it has several tables; take xlsx", d.Name)
		}
		only = b.Table
	}
	if only == nil {
		return fmt.Errorf("write %s: it has no table", d.Name)
	}
	places := only.on(InSheet)
	w, err := sheet.New(sheet.CSV, out, d.Zone, d.Title, only.sheetColumns(places))
	if err != nil {
		return fmt.Errorf("write %s: %w", d.Name, err)
	}
	for row := range only.Rows {
		if err := w.Row(pick(row, places)...); err != nil {
			return fmt.Errorf("write %s: %w", d.Name, err)
		}
	}
	if err := only.failed(); err != nil {
		return fmt.Errorf("write %s: %w", d.Name, err)
	}
	if only.Total != nil {
		if err := w.Row(pick(only.Total, places)...); err != nil {
			return fmt.Errorf("write %s: %w", d.Name, err)
		}
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("write %s: %w", d.Name, err)
	}
	return nil
}

func (t *Table) sheetColumns(places []int) []sheet.Column {
	out := make([]sheet.Column, len(places))
	for i, p := range places {
		out[i] = t.Columns[p].Column
	}
	return out
}

func pick(row []any, places []int) []any {
	out := make([]any, len(places))
	for i, p := range places {
		out[i] = row[p]
	}
	return out
}

// XLSXFile writes a document as a book: a sheet for each table, behind one with everything that is said in words. A paper
// that is one table is one sheet.
func XLSXFile(out io.Writer, d *Document) (err error) {
	book, err := sheet.NewBook(out, d.Zone)
	if err != nil {
		return fmt.Errorf("write %s: %w", d.Name, err)
	}
	defer func() {
		if err != nil {
			book.Discard()
		}
	}()
	lead := []string{
		d.Label + "　统计期 " + days(d.Period.Period.From, d.Period.Period.To),
		"数据截至 " + d.AsOf.In(d.Zone).Format("2006-01-02 15:04") + "　" + d.Standing,
	}
	tables := slices.DeleteFunc(slices.Clone(d.Blocks), func(b Block) bool { return b.Table == nil })
	if said := d.said(); len(said) > 0 && len(tables) != 1 {
		if err := writeSaid(book, d, lead, said); err != nil {
			return fmt.Errorf("write %s: %w", d.Name, err)
		}
	}
	for _, b := range tables {
		if err := writeTable(book, d, b, lead); err != nil {
			return fmt.Errorf("write %s: %w", d.Name, err)
		}
	}
	if err := book.Close(); err != nil {
		return fmt.Errorf("write %s: %w", d.Name, err)
	}
	return nil
}

// line is one line of what a document says in words.
type line struct{ section, name, value, basis string }

// said is everything of a document that is in no table.
func (d *Document) said() []line {
	var out []line
	section := ""
	for _, b := range d.Blocks {
		switch {
		case b.Minor != "":
			section = b.Minor
		case b.Heading != "":
			section = b.Heading
		}
		for _, s := range b.Text {
			out = append(out, line{section: section, value: s})
		}
		for _, f := range b.Facts {
			out = append(out, line{section, f.Name, f.Value, f.Basis})
		}
	}
	return out
}

func writeSaid(book *sheet.Book, d *Document, lead []string, said []line) error {
	columns := []sheet.Column{{Header: "部分"}, {Header: "项"}, {Header: "内容"}, {Header: "依据"}}
	if err := book.Leaf(sheet.Leaf{Name: "说明", Title: d.Title, Lead: lead, Columns: columns}); err != nil {
		return err
	}
	for _, l := range said {
		if err := book.Row(l.section, l.name, l.value, l.basis); err != nil {
			return err
		}
	}
	return nil
}

func writeTable(book *sheet.Book, d *Document, b Block, lead []string) error {
	places := b.Table.on(InSheet)
	name := b.Table.Name
	for _, s := range []string{b.Minor, b.Heading, d.Title} {
		if name == "" {
			name = s
		}
	}
	if at := strings.IndexRune(name, '、'); at > 0 {
		name = name[at+len("、"):]
	}
	title := d.Title
	if name != d.Title {
		title += "：" + name
	}
	leaf := sheet.Leaf{Name: name, Title: title, Lead: lead, Columns: b.Table.sheetColumns(places), Landscape: len(places) > 7}
	if err := book.Leaf(leaf); err != nil {
		return err
	}
	for row := range b.Table.Rows {
		if err := book.Row(pick(row, places)...); err != nil {
			return errors.Join(err, b.Table.failed())
		}
	}
	if err := b.Table.failed(); err != nil {
		return err
	}
	if b.Table.Total != nil {
		if err := book.Total(pick(b.Table.Total, places)...); err != nil {
			return err
		}
	}
	for _, s := range b.Notes {
		if err := book.Note(s); err != nil {
			return err
		}
	}
	return nil
}
