package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"wenguo/ingest/tabular"
	"wenguo/transform/issue"
)

// messageColumns are the fields of a message: the column's own name, and the field of an import that means the same.
var messageColumns = []struct{ name, field string }{ //nolint:gochecknoglobals // a constant table
	{"id", "complaint_id"}, {"text", "content"}, {"title", "title"}, {"user", "customer.id"}, {"time", "registered_at"},
}

// readMessages reads a file of messages: CSV, a workbook, JSON lines or a JSON array.
func readMessages(path string) (messages []issue.Message, err error) {
	table, err := tabular.OpenTable(path)
	if err != nil {
		return nil, fmt.Errorf("read messages: %w", err)
	}
	defer func() { err = errors.Join(err, table.Close()) }()
	columns, err := findColumns(table.Columns())
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	rows := map[string]int{}
	for row := range table.Rows() {
		m, err := readMessage(row, columns)
		if err == nil && rows[m.ID] > 0 {
			err = fmt.Errorf("field %s: %q stands in row %d already", columns["id"], m.ID, rows[m.ID])
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: row %d: %w", path, row.Number, err)
		}
		rows[m.ID] = row.Number
		messages = append(messages, m)
	}
	if err := table.Err(); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return messages, nil
}

// findColumns tells the column of each field: the one of its own name, else one that import would take for it.
func findColumns(header []string) (map[string]string, error) {
	guessed := tabular.Guess(header)
	columns := map[string]string{}
	for _, c := range messageColumns {
		columns[c.name] = c.name
		if i := slices.IndexFunc(header, func(h string) bool { return strings.EqualFold(h, c.name) }); i >= 0 {
			columns[c.name] = header[i]
		} else if found := guessed[c.field]; len(found) > 0 {
			columns[c.name] = found[0]
		}
	}
	has := func(name string) bool { return slices.Contains(header, columns[name]) }
	for _, name := range []string{"id", "text"} {
		if !has(name) && !(name == "text" && has("title")) {
			return nil, fmt.Errorf("header: no column %s; the columns are %s", name, shortList(header, 20))
		}
	}
	return columns, nil
}

// shortList joins names, and says how many there are besides when they are too many to read.
func shortList(names []string, most int) string {
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

func readMessage(row tabular.Cells, columns map[string]string) (issue.Message, error) {
	if row.Reject != nil {
		return issue.Message{}, fmt.Errorf("%s", row.Reject.Reason)
	}
	get := func(name string) string { return row.Values[columns[name]] }
	m := issue.Message{ID: strings.TrimSpace(get("id")), User: strings.TrimSpace(get("user")), Title: get("title"), Text: get("text")}
	if m.ID == "" {
		return m, fmt.Errorf("field %s: is missing or empty", columns["id"])
	}
	if strings.TrimSpace(m.Text) == "" && strings.TrimSpace(m.Title) == "" {
		return m, fmt.Errorf("field %s: is missing or empty", columns["text"])
	}
	if at := strings.TrimSpace(get("time")); at != "" {
		var err error
		if m.Time, err = tabular.ParseInstant(at, china()); err != nil {
			return m, fmt.Errorf("field %s: %.40q %w", columns["time"], at, err)
		}
	}
	return m, nil
}

// china is the zone of times without one.
func china() *time.Location { return time.FixedZone("CST", 8*60*60) }
