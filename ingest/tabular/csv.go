package tabular

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"wenguo/ingest"
)

// maxRecordBytes bounds the lines that a quote may hold together: beyond, the quote was a slip of the pen.
const maxRecordBytes = ingest.MaxEventBytes

// csvTable reads records one by one and survives broken quotes: it gives up the line at fault, not the rest.
type csvTable struct {
	in     *lines
	comma  rune
	header []string
	number int
}

func newCSVTable(in *lines) (*csvTable, error) {
	t := &csvTable{in: in, number: 1}
	for {
		line, err := in.next()
		if errors.Is(err, io.EOF) {
			return nil, errors.New("the file has no header line")
		}
		if err != nil {
			return nil, err
		}
		if len(bytes.TrimSpace(line)) == 0 {
			t.number++
			continue
		}
		t.comma = separator(line)
		header, err := t.split(line, true)
		if err != nil {
			return nil, fmt.Errorf("read header: %w", err)
		}
		for i := range header {
			header[i] = strings.TrimSpace(header[i])
		}
		t.header = header
		return t, nil
	}
}

// separator is the sign that stands most often in the header.
func separator(line []byte) rune {
	best, most := ',', 0
	for _, sign := range ",\t;|" {
		if n := bytes.Count(line, []byte(string(sign))); n > most {
			best, most = sign, n
		}
	}
	return best
}

func (t *csvTable) columns() []string { return t.header }

func (t *csvTable) next() (record, error) {
	for {
		t.number++
		line, err := t.in.next()
		if errors.Is(err, errLineTooLong) {
			return record{number: t.number, reject: rejected(ingest.ClassOversized, "row", "is longer than 4 MiB")}, nil
		}
		if err != nil {
			return record{}, err
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		return t.record(line)
	}
}

func (t *csvTable) record(first []byte) (record, error) {
	whole, taken, err := t.gather(first)
	if err != nil {
		return record{}, err
	}
	cells, err := t.split(whole, false)
	if err == nil && len(cells) == len(t.header) {
		return t.fill(whole, cells), nil
	}
	t.in.unread(taken)
	cells, err = t.split(first, true)
	if err == nil && len(cells) == len(t.header) {
		return t.fill(first, cells), nil
	}
	reason := fmt.Sprintf("has %d columns where the header has %d: check separators and quotes", len(cells), len(t.header))
	if err != nil {
		reason = "has quotes that do not close: double the quotes inside a quoted cell"
	}
	return record{number: t.number, reject: rejected(ingest.ClassInvalidValue, "row", reason)}, nil
}

// gather adds the following lines while a quote is open, and says which it took; nil stands for one that is too long.
func (t *csvTable) gather(first []byte) (whole []byte, taken [][]byte, err error) {
	whole = bytes.Clone(first)
	open := bytes.Count(first, []byte{'"'})%2 == 1
	for open && len(whole) <= maxRecordBytes {
		line, err := t.in.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if errors.Is(err, errLineTooLong) {
			return whole, append(taken, nil), nil
		}
		if err != nil {
			return nil, nil, err
		}
		taken = append(taken, line)
		whole = append(append(whole, '\n'), line...)
		open = open != (bytes.Count(line, []byte{'"'})%2 == 1)
	}
	return whole, taken, nil
}

func (t *csvTable) split(text []byte, lazy bool) ([]string, error) {
	reader := csv.NewReader(bytes.NewReader(text))
	reader.Comma, reader.LazyQuotes, reader.FieldsPerRecord = t.comma, lazy, -1
	cells, err := reader.Read()
	if err != nil {
		return nil, fmt.Errorf("split record: %w", err)
	}
	if _, err := reader.Read(); !errors.Is(err, io.EOF) {
		return nil, errors.New("split record: more than one")
	}
	return cells, nil
}

func (t *csvTable) fill(text []byte, cells []string) record {
	values := make(map[string]string, len(cells))
	for i, name := range t.header {
		values[name] = cells[i]
	}
	return record{number: t.number, text: text, values: values}
}
