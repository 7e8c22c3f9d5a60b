package tabular

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"wenguo/ingest"
)

// headerRows is how many objects are looked at to learn a JSON table's columns.
const headerRows = 100

// jsonTable reads one object per line; objects inside are columns with dotted names, lists are joined with "/".
type jsonTable struct {
	in     *lines
	number int
	header []string
	ahead  []record
	// failed is why the rows ahead end early.
	failed error
}

func newJSONTable(in *lines) *jsonTable {
	t := &jsonTable{in: in}
	known := map[string]bool{}
	for range headerRows {
		row, err := t.read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.failed = err
			break
		}
		t.ahead = append(t.ahead, row)
		for _, name := range row.names {
			if !known[name] {
				known[name] = true
				t.header = append(t.header, name)
			}
		}
	}
	return t
}

func (t *jsonTable) columns() []string { return t.header }

func (t *jsonTable) next() (record, error) {
	if len(t.ahead) > 0 {
		row := t.ahead[0]
		t.ahead = t.ahead[1:]
		return row, nil
	}
	if t.failed != nil {
		return record{}, t.failed
	}
	return t.read()
}

func (t *jsonTable) read() (record, error) {
	for {
		line, err := t.in.next()
		t.number++
		if errors.Is(err, errLineTooLong) {
			return record{number: t.number, reject: rejected(ingest.ClassOversized, "row", "is longer than 4 MiB")}, nil
		}
		if err != nil {
			return record{}, err
		}
		if len(bytes.TrimSpace(line)) > 0 {
			return jsonRecord(t.number, line), nil
		}
	}
}

func jsonRecord(number int, text []byte) record {
	row := record{number: number, text: text, values: map[string]string{}}
	if !utf8.Valid(text) {
		row.reject = rejected(ingest.ClassInvalidUTF8, "row", "holds bytes that are no UTF-8: convert the file")
		return row
	}
	if err := row.object("", text); err != nil {
		row.reject = rejected(ingest.ClassNotJSON, "row", "is no JSON object: write one object per line")
	}
	return row
}

// object adds the members of a JSON object in their order.
func (r *record) object(prefix string, text []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if start, err := decoder.Token(); err != nil || start != json.Delim('{') {
		return errors.New("no object")
	}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return fmt.Errorf("read key: %w", err)
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return fmt.Errorf("read value: %w", err)
		}
		if err := r.member(prefix+fmt.Sprint(key), value); err != nil {
			return err
		}
	}
	if _, err := decoder.Token(); err != nil {
		return fmt.Errorf("read end: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("text after the object")
	}
	return nil
}

func (r *record) member(name string, value json.RawMessage) error {
	if value[0] == '{' {
		return r.object(name+".", value)
	}
	cell, err := scalar(value)
	if err != nil {
		return err
	}
	if _, repeated := r.values[name]; !repeated {
		r.names = append(r.names, name)
	}
	r.values[name] = cell
	return nil
}

// scalar writes a JSON value as a cell: null is empty, a list is a path.
func scalar(value json.RawMessage) (string, error) {
	switch value[0] {
	case '"':
		var text string
		if err := json.Unmarshal(value, &text); err != nil {
			return "", fmt.Errorf("read string: %w", err)
		}
		return text, nil
	case '[':
		var items []json.RawMessage
		if err := json.Unmarshal(value, &items); err != nil {
			return "", fmt.Errorf("read list: %w", err)
		}
		cells := make([]string, 0, len(items))
		for _, item := range items {
			cell, err := scalar(item)
			if err != nil {
				return "", err
			}
			cells = append(cells, cell)
		}
		return strings.Join(cells, "/"), nil
	case 'n':
		return "", nil
	default:
		return string(value), nil
	}
}

// unfold turns a JSON array into one object per line, so that arrays are read like the rest. It keeps no more than
// one element in memory.
type unfold struct {
	decoder *json.Decoder
	started bool
	rest    bytes.Buffer
}

// Read gives the lines; an array that is cut short gives io.ErrUnexpectedEOF after its last whole element.
func (u *unfold) Read(p []byte) (int, error) {
	for u.rest.Len() == 0 {
		if err := u.step(); err != nil {
			return 0, err
		}
	}
	return u.rest.Read(p) //nolint:wrapcheck // never fails on bytes that are there
}

func (u *unfold) step() error {
	if !u.started {
		u.started = true
		if _, err := u.decoder.Token(); err != nil {
			return fmt.Errorf("read JSON array: %w", err)
		}
	}
	if !u.decoder.More() {
		if _, err := u.decoder.Token(); err != nil {
			return fmt.Errorf("read JSON array: %w", io.ErrUnexpectedEOF)
		}
		return io.EOF
	}
	var item json.RawMessage
	if err := u.decoder.Decode(&item); err != nil {
		return fmt.Errorf("read JSON array: %w", err)
	}
	if err := json.Compact(&u.rest, item); err != nil {
		return fmt.Errorf("read JSON array: %w", err)
	}
	return u.rest.WriteByte('\n') //nolint:wrapcheck // always nil
}
