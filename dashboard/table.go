package dashboard

import (
	"context"
	"fmt"
	"iter"

	"github.com/gin-gonic/gin"

	"wenguo/dashboard/sheet"
)

// table says how an answer becomes the rows of a file.
type table struct {
	// Name is that of the file and the sheet, in Chinese; columns carry their units.
	Name    string
	Columns []sheet.Column
	// rows are those of an answer.
	rows func(v view, answer any) (iter.Seq[[]any], error)
	// stream, where set, reads the whole list row by row instead of one answer; it is what a list with pages has.
	stream func(ctx context.Context, s *Server, c *gin.Context, v view, row func(...any) error) error
}

// tableOf is the table of an answer of a type. Each row has a cell for every column; see package sheet for their types.
func tableOf[T any](name string, columns []sheet.Column, rows func(view, T) iter.Seq[[]any]) *table {
	return &table{Name: name, Columns: columns, rows: func(v view, answer any) (iter.Seq[[]any], error) {
		typed, ok := answer.(T)
		if !ok {
			return nil, fmt.Errorf("table %s is made of a %T, the handler answers a %T", name, *new(T), answer)
		}
		return rows(v, typed), nil
	}}
}

// tableOfList is the table of a list that v.envelope made.
func tableOfList[T any](name string, columns []sheet.Column, row func(view, T) []any) *table {
	return tableOf(name, columns, func(v view, e envelope) iter.Seq[[]any] {
		return func(yield func([]any) bool) {
			items, _ := e.Items.([]T)
			for _, item := range items {
				if !yield(row(v, item)) {
					return
				}
			}
		}
	})
}

// streamed is the table of a list that is read whole, page by page or in one go.
func streamed(name string, columns []sheet.Column, stream func(context.Context, *Server, *gin.Context, view, func(...any) error) error) *table {
	return &table{Name: name, Columns: columns, stream: stream}
}

// columns are given in pairs of header and kind.
func textColumn(header string) sheet.Column { return sheet.Column{Header: header, Kind: sheet.Text} }

func countColumn(header string) sheet.Column { return sheet.Column{Header: header, Kind: sheet.Count} }

func numberColumn(header string) sheet.Column {
	return sheet.Column{Header: header, Kind: sheet.Number}
}

func shareColumn(header string) sheet.Column {
	return sheet.Column{Header: header + "（%）", Kind: sheet.Share}
}

func instantColumn(header string) sheet.Column {
	return sheet.Column{Header: header, Kind: sheet.Instant}
}
