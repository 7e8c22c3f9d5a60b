package tabular

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"wenguo/ingest"
)

// Format of a file.
type Format string

// Formats.
const (
	FormatEvents Format = "events"
	FormatJSON   Format = "json"
	FormatCSV    Format = "csv"
	// FormatWorkbook is XLSX.
	FormatWorkbook Format = "workbook"
)

// Row is what one row of the file became: messages, or why it was refused.
type Row struct {
	// Number counts as the file's editor does: lines of JSON from 1, records of CSV with the header as 1.
	Number   int
	Messages []ingest.Message
	Reject   *ingest.Error
}

// table gives the rows of a table and io.EOF after the last.
type table interface {
	columns() []string
	next() (record, error)
}

// Reader reads one file. It is for one goroutine; Offset may be asked from others.
type Reader struct {
	// NotAfter refuses messages whose time lies later, which a broker would refuse with their whole batch; zero refuses none.
	NotAfter time.Time

	file    *os.File
	size    int64
	read    atomic.Int64
	format  Format
	mapping *Mapping
	guessed bool
	table   table
	events  *eventLines
	maker   *maker
	err     error
}

// Open finds out the file's format and encoding, and with a nil mapping, or one without columns, the columns' meanings.
func Open(path string, mapping *Mapping) (*Reader, error) {
	return openFile(path, func(r *Reader) error {
		named := ""
		if mapping != nil {
			if err := mapping.check(); err != nil {
				return err
			}
			named = mapping.Encoding
		}
		encoding, err := r.begin(named, false)
		if err != nil || r.format == FormatEvents {
			return err
		}
		return r.mean(path, mapping, encoding)
	})
}

func openFile(path string, begin func(*Reader) error) (*Reader, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open table: %w", err)
	}
	r := &Reader{file: file}
	if err := begin(r); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", filepath.Base(path), err), r.Close())
	}
	return r, nil
}

// begin finds out format and encoding, unless the encoding is named, and reads the header. Lines of events are taken for
// a table when that is wanted.
func (r *Reader) begin(encoding string, asTable bool) (found string, err error) {
	info, err := r.file.Stat()
	if err != nil {
		return "", fmt.Errorf("look at file: %w", err)
	}
	if info.IsDir() {
		return "", errors.New("is a folder: name a file")
	}
	r.size = info.Size()
	raw := bufio.NewReaderSize(&counter{from: r.file, read: &r.read}, probeBytes)
	head, err := raw.Peek(probeBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read file: %w", err)
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		book, err := newWorkbookTable(r.file, r.size)
		if err != nil {
			return "", err
		}
		r.format, r.table = FormatWorkbook, book
		r.read.Store(r.size)
		return encodingUTF8, nil
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		return "", errors.New("is a workbook of the old form (.xls) or locked with a password: save it as .xlsx without one, or as CSV")
	}
	if encoding == "" {
		encoding = detect(head)
	}
	text := bufio.NewReaderSize(decoded(raw, encoding), probeBytes)
	return encoding, r.formatOf(text, asTable)
}

// formatOf looks at how the text begins.
func (r *Reader) formatOf(text *bufio.Reader, asTable bool) error {
	head, err := text.Peek(probeBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read file: %w", err)
	}
	begin := bytes.TrimLeft(head, " \t\r\n")
	var in io.Reader = text
	switch {
	case len(begin) == 0:
		return errors.New("is empty")
	case begin[0] == '[':
		in = &unfold{decoder: json.NewDecoder(text)}
		buffered := bufio.NewReaderSize(in, probeBytes)
		begin, err = buffered.ReadSlice('\n')
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
			return fmt.Errorf("read JSON array: %w", err)
		}
		in = io.MultiReader(bytes.NewReader(bytes.Clone(begin)), buffered)
	case begin[0] != '{':
		r.format = FormatCSV
		r.table, err = newCSVTable(newLines(in))
		return err
	}
	if !asTable && isEvents(begin) {
		r.format, r.events = FormatEvents, &eventLines{in: newLines(in)}
		return nil
	}
	r.format = FormatJSON
	r.table = newJSONTable(newLines(in))
	return nil
}

// isEvents decides by the first lines, so that one broken line does not turn events into a table.
func isEvents(head []byte) bool {
	for i, line := range bytes.SplitN(head, []byte{'\n'}, headerRows) {
		if i < headerRows-1 && looksLikeEvent(line) {
			return true
		}
	}
	return false
}

// mean settles what the columns mean.
func (r *Reader) mean(path string, mapping *Mapping, encoding string) error {
	settled := Mapping{}
	if mapping != nil {
		settled = *mapping
	}
	if len(settled.Columns) == 0 {
		r.guessed = true
		settled.Columns = Guess(r.table.columns())
	}
	if settled.Source == "" {
		settled.Source = strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	}
	if settled.Channel == "" {
		settled.Channel = DefaultChannel
	}
	if settled.Zone == "" {
		settled.Zone = DefaultZone
	}
	settled.Encoding = encoding
	r.mapping = &settled
	for name, columns := range settled.Columns {
		for _, column := range columns {
			if !slices.Contains(r.table.columns(), column) {
				return fmt.Errorf("the mapping's column %q of %s is not in the file: it has %s", column, name, strings.Join(r.table.columns(), ", "))
			}
		}
	}
	if len(settled.Columns[fRegisteredAt]) == 0 {
		return fmt.Errorf("no column gives %s: name it in a mapping file; the columns are %s", fRegisteredAt, strings.Join(r.table.columns(), ", "))
	}
	if len(settled.Columns[fTitle]) == 0 && len(settled.Columns[fContent]) == 0 {
		return fmt.Errorf("no column gives %s or %s: name one in a mapping file; the columns are %s", fTitle, fContent, strings.Join(r.table.columns(), ", "))
	}
	var err error
	r.maker, err = newMaker(r.mapping, encoding != encodingUTF8)
	return err
}

// Rows gives every row that has something in it. It ends early when the file cannot be read on: ask Err.
func (r *Reader) Rows() iter.Seq[Row] {
	return func(yield func(Row) bool) {
		for {
			row, err := r.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				r.err = err
				return
			}
			if !yield(row) {
				return
			}
		}
	}
}

func (r *Reader) next() (Row, error) {
	var row Row
	if r.events != nil {
		var err error
		if row, err = r.events.row(); err != nil {
			return Row{}, err
		}
	} else {
		raw, err := r.table.next()
		if err != nil {
			return Row{}, err
		}
		row.Number = raw.number
		row.Messages, row.Reject = r.maker.messages(raw)
	}
	for _, m := range row.Messages {
		if !r.NotAfter.IsZero() && m.Time.After(r.NotAfter) {
			return Row{Number: row.Number, Reject: rejected(ingest.ClassTimeOutOfRange, "time", "lies in the future: check the date's form and the zone")}, nil
		}
	}
	return row, nil
}

// Err is why Rows ended before the file did, nil when it did not.
func (r *Reader) Err() error { return r.err }

// Close closes the file.
func (r *Reader) Close() error {
	var err error
	if closer, ok := r.table.(interface{ close() error }); ok {
		err = closer.close()
	}
	if err = errors.Join(err, r.file.Close()); err != nil {
		return fmt.Errorf("close table: %w", err)
	}
	return nil
}

// Format of the file.
func (r *Reader) Format() Format { return r.format }

// Mapping in force, with its defaults filled in; nil for events.
func (r *Reader) Mapping() *Mapping { return r.mapping }

// Guessed says that the mapping comes from the header alone.
func (r *Reader) Guessed() bool { return r.guessed }

// Unused lists the columns that no field takes, in the file's order.
func (r *Reader) Unused() []string {
	if r.table == nil {
		return nil
	}
	var unused []string
	for _, name := range r.table.columns() {
		used := false
		for _, columns := range r.mapping.Columns {
			used = used || slices.Contains(columns, name)
		}
		if !used {
			unused = append(unused, name)
		}
	}
	return unused
}

// Size of the file in bytes.
func (r *Reader) Size() int64 { return r.size }

// Offset is how many bytes of the file were read.
func (r *Reader) Offset() int64 { return r.read.Load() }

type counter struct {
	from io.Reader
	read *atomic.Int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.read.Add(int64(n))
	return n, err //nolint:wrapcheck // a reader passes its source's errors on
}
