package report

import (
	"bufio"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"iter"
	"time"
)

//go:embed templates
var files embed.FS

// Writer writes documents as HTML. New ones are made once.
type Writer struct {
	pages *template.Template
	style template.CSS
	hash  string
}

// NewWriter loads the templates.
func NewWriter() (*Writer, error) {
	pages, err := template.New("paper").ParseFS(files, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("parse papers: %w", err)
	}
	css, err := files.ReadFile("templates/paper.css")
	if err != nil {
		return nil, fmt.Errorf("read the papers' style: %w", err)
	}
	style := "\n" + string(css)
	sum := sha256.Sum256([]byte(style))
	return &Writer{pages, template.CSS(style), "sha256-" + base64.StdEncoding.EncodeToString(sum[:])}, nil //nolint:gosec // our own file
}

// Policy is the Content-Security-Policy of a paper: nothing is loaded, nothing runs, and only its own style applies.
func (w *Writer) Policy() string {
	return "default-src 'none'; style-src '" + w.hash + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

// paper is what templates/paper.html shows.
type paper struct {
	Doc        shownDocument
	Style      template.CSS
	StyleHash  string
	Days, AsOf string
}

type shownDocument struct {
	Title, Label, Standing string
	Landscape              bool
	Blocks                 []shownBlock
}

type shownBlock struct {
	Block

	Chart *shownChart
	Table *shownTable
}

type shownTable struct {
	Name, Empty string
	Heads       []string
	Rows        iter.Seq[[]cell]
	Total       []cell
	Whole       bool
	seen        bool
}

// None is asked behind the rows.
func (t *shownTable) None() bool { return !t.seen }

// HTML writes a document as one file that needs no other. It reads the document's tables.
func (w *Writer) HTML(out io.Writer, d *Document) error {
	p := paper{Style: w.style, StyleHash: w.hash, Days: days(d.Period.Period.From, d.Period.Period.To), AsOf: d.AsOf.In(d.Zone).Format("2006-01-02 15:04")}
	p.Doc = shownDocument{Title: d.Title, Label: d.Label, Standing: d.Standing, Landscape: d.Landscape}
	for _, b := range d.Blocks {
		shown := shownBlock{Block: b}
		if b.Chart != nil {
			shown.Chart = b.Chart.shown()
		}
		if b.Table != nil {
			shown.Table = b.Table.shown(d.Zone)
		}
		p.Doc.Blocks = append(p.Doc.Blocks, shown)
	}
	buffer := bufio.NewWriter(out)
	if err := w.pages.ExecuteTemplate(buffer, "paper", p); err != nil {
		return fmt.Errorf("write %s: %w", d.Name, err)
	}
	for _, b := range d.Blocks {
		if b.Table != nil {
			if err := b.Table.failed(); err != nil {
				return fmt.Errorf("write %s: %w", d.Name, err)
			}
		}
	}
	if err := buffer.Flush(); err != nil {
		return fmt.Errorf("write %s: %w", d.Name, err)
	}
	return nil
}

// days are the first and the last day of a period.
func days(from, to time.Time) string {
	return from.Format(time.DateOnly) + " 至 " + to.Add(-time.Nanosecond).Format(time.DateOnly)
}

func (t *Table) shown(zone *time.Location) *shownTable {
	out := &shownTable{Name: t.Name, Empty: t.Empty, Whole: t.Whole}
	if out.Empty == "" {
		out.Empty = "没有记录"
	}
	places := t.on(OnPaper)
	for _, i := range places {
		if c := t.Columns[i]; c.Under == Beside {
			out.Heads = append(out.Heads, c.Header)
		}
	}
	out.Rows = func(yield func([]cell) bool) {
		for row := range t.Rows {
			out.seen = true
			if !yield(t.cells(places, row, zone)) {
				return
			}
		}
	}
	if t.Total != nil {
		out.Total = t.cells(places, t.Total, zone)
	}
	return out
}
