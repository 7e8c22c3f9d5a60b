package tabular

import (
	"errors"
	"io"
	"iter"

	"wenguo/ingest"
)

// Cells is one row of a table as it stands there.
type Cells struct {
	// Number counts as in Row.
	Number int
	// Values are the cells by the name of their column; columns of one name give the last.
	Values map[string]string
	// Reject is why the row could not be read; it has no values then.
	Reject *ingest.Error
}

// Table reads a file's rows without making events of them, for who wants the texts alone.
type Table struct{ r *Reader }

// OpenTable opens CSV, a workbook, JSON lines or a JSON array, like Open.
func OpenTable(path string) (*Table, error) {
	r, err := openFile(path, func(r *Reader) error {
		_, err := r.begin("", true)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &Table{r}, nil
}

// Columns are the names in the header, or those of the first objects.
func (t *Table) Columns() []string { return t.r.table.columns() }

// Rows gives every row that has something in it. It ends early when the file cannot be read on: ask Err.
func (t *Table) Rows() iter.Seq[Cells] {
	return func(yield func(Cells) bool) {
		for {
			row, err := t.r.table.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				t.r.err = err
				return
			}
			if !yield(Cells{row.number, row.values, row.reject}) {
				return
			}
		}
	}
}

// Err is why Rows ended before the file did, nil when it did not.
func (t *Table) Err() error { return t.r.err }

// Close closes the file.
func (t *Table) Close() error { return t.r.Close() }
