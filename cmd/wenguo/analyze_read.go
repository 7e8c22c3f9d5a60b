package main

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"wenguo/transform/issue"
)

// readMessages reads a file of messages: JSON lines when its first character is {, else CSV with a header.
func readMessages(path string) ([]issue.Message, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read messages: %w", err)
	}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	if !utf8.Valid(raw) {
		if raw, err = simplifiedchinese.GB18030.NewDecoder().Bytes(raw); err != nil {
			return nil, fmt.Errorf("read %s as GB 18030: %w", path, err)
		}
	}
	read := readCSVMessages
	if head := bytes.TrimSpace(raw); len(head) > 0 && head[0] == '{' {
		read = readJSONMessages
	}
	messages, err := read(raw)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	seen := map[string]bool{}
	for i, m := range messages {
		if seen[m.ID] {
			return nil, fmt.Errorf("read %s: message %d: field id: %q occurs twice", path, i+1, m.ID)
		}
		seen[m.ID] = true
	}
	return messages, nil
}

func readJSONMessages(raw []byte) ([]issue.Message, error) {
	var out []issue.Message
	lines := bufio.NewReader(bytes.NewReader(raw))
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			m, perr := parseJSONMessage(line)
			if perr != nil {
				return nil, fmt.Errorf("row %d: %w", n, perr)
			}
			out = append(out, m)
		}
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("row %d: %w", n, err)
		}
	}
}

func parseJSONMessage(line []byte) (issue.Message, error) {
	var row map[string]json.RawMessage
	if err := json.Unmarshal(line, &row); err != nil {
		return issue.Message{}, fmt.Errorf("not a JSON object: %w", err)
	}
	var fault error
	get := func(field string) string {
		raw, ok := row[field]
		if !ok || string(raw) == "null" {
			return ""
		}
		var s string
		if raw[0] != '"' && raw[0] != '{' && raw[0] != '[' {
			return string(raw)
		}
		if err := json.Unmarshal(raw, &s); err != nil && fault == nil {
			fault = fmt.Errorf("field %s: want a text: %w", field, err)
		}
		return s
	}
	m, err := message(get)
	return m, errors.Join(fault, err)
}

func readCSVMessages(raw []byte) ([]issue.Message, error) {
	r := csv.NewReader(bytes.NewReader(raw))
	if header, _, _ := bytes.Cut(raw, []byte("\n")); bytes.Count(header, []byte("\t")) > bytes.Count(header, []byte(",")) {
		r.Comma = '\t'
	}
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("the file is empty")
	}
	if err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	for i := range header {
		header[i] = strings.ToLower(strings.TrimSpace(header[i]))
	}
	for _, field := range []string{"id", "text"} {
		if !slices.Contains(header, field) {
			return nil, fmt.Errorf("header: no column %s; the columns are %s", field, strings.Join(header, ", "))
		}
	}
	var out []issue.Message
	for n := 2; ; n++ {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("row %d: %w", n, err)
		}
		m, err := message(func(field string) string {
			if i := slices.Index(header, field); i >= 0 {
				return row[i]
			}
			return ""
		})
		if err != nil {
			return nil, fmt.Errorf("row %d: %w", n, err)
		}
		out = append(out, m)
	}
}

// message builds a message from named fields; time may be called date.
func message(get func(field string) string) (issue.Message, error) {
	m := issue.Message{ID: strings.TrimSpace(get("id")), User: strings.TrimSpace(get("user")), Title: get("title"), Text: get("text")}
	if m.ID == "" {
		return m, errors.New("field id: is missing or empty")
	}
	if strings.TrimSpace(m.Text) == "" && strings.TrimSpace(m.Title) == "" {
		return m, errors.New("field text: is missing or empty")
	}
	for _, field := range []string{"time", "date"} {
		value := strings.TrimSpace(get(field))
		if value == "" {
			continue
		}
		t, err := parseTime(value)
		if err != nil {
			return m, fmt.Errorf("field %s: %w", field, err)
		}
		m.Time = t
		break
	}
	return m, nil
}

// parseTime reads the usual spellings; a time without a zone is China Standard Time.
func parseTime(s string) (time.Time, error) {
	china := time.FixedZone("CST", 8*60*60)
	for _, layout := range []string{
		time.RFC3339, time.DateTime, "2006-01-02 15:04", time.DateOnly, "2006-01-02T15:04:05",
		"2006/1/2 15:04:05", "2006/1/2 15:04", "2006/1/2", "2006年1月2日 15:04:05", "2006年1月2日",
	} {
		if t, err := time.ParseInLocation(layout, s, china); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no date or time, such as 2026-01-31 18:05:00", s)
}
