package main

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"time"

	"wenguo/transform/issue"
)

// longSet is letters with a reference: per message the issue it belongs to.
type longSet struct {
	messages []issue.Message
	// issues and templates name the members; ambiguous messages count neither way.
	issues, templates map[string][]int
	ambiguous         map[int]bool
}

// shortSet is one-liners; group is the reference issue of each, a name of its own where it is alone.
type shortSet struct {
	messages []issue.Message
	group    []string
}

type line struct {
	ID, User, Title, Text, Time, Date string
	Brand                             string
	Model                             string `json:"car_model"`
	Codes                             []string
	// Truth is the issue of a simulated text.
	Truth string
}

func (l line) message() (issue.Message, error) {
	m := issue.Message{ID: l.ID, User: l.User, Title: l.Title, Text: l.Text}
	for _, c := range []struct{ value, layout string }{{l.Time, time.DateTime}, {l.Date, time.DateOnly}} {
		if c.value != "" {
			at, err := time.Parse(c.layout, c.value)
			if err != nil {
				return m, fmt.Errorf("message %s: %w", l.ID, err)
			}
			m.Time = at
		}
	}
	return m, nil
}

func readLines(path string) ([]line, []issue.Message, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("read texts: %w", err)
	}
	defer file.Close()
	var rows []line
	var messages []issue.Message
	scanner := bufio.NewScanner(file)
	scanner.Buffer(nil, 16<<20)
	for scanner.Scan() {
		var l line
		if err := json.Unmarshal(scanner.Bytes(), &l); err != nil {
			return nil, nil, fmt.Errorf("%s: line %d: %w", path, len(rows)+1, err)
		}
		m, err := l.message()
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", path, err)
		}
		rows, messages = append(rows, l), append(messages, m)
	}
	return rows, messages, scanner.Err()
}

func readLong(texts, reference string) (longSet, error) {
	s := longSet{issues: map[string][]int{}, templates: map[string][]int{}, ambiguous: map[int]bool{}}
	var err error
	if _, s.messages, err = readLines(texts); err != nil {
		return s, err
	}
	at := map[string]int{}
	for i, m := range s.messages {
		at[m.ID] = i
	}
	file, err := os.Open(reference)
	if err != nil {
		return s, fmt.Errorf("read reference: %w", err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return s, fmt.Errorf("read reference: %w", err)
	}
	for _, r := range rows[1:] {
		i, ok := at[r[0]]
		switch {
		case !ok:
		case r[2] == "core":
			s.issues[r[1]] = append(s.issues[r[1]], i)
		case r[2] == "distractor":
			s.templates[r[1]] = append(s.templates[r[1]], i)
		default:
			s.ambiguous[i] = true
		}
	}
	return s, nil
}

func readShort(path string) (shortSet, error) {
	rows, messages, err := readLines(path)
	s := shortSet{messages: messages}
	for _, l := range rows {
		code := l.ID
		if len(l.Codes) > 0 {
			code = l.Codes[0]
		}
		s.group = append(s.group, fmt.Sprintf("%q %q %q", l.Brand, l.Model, code))
	}
	return s, err
}

// cut returns the messages that keep returns true for, in their order.
func cut(messages []issue.Message, keep func(i int) bool) []issue.Message {
	out := make([]issue.Message, 0, len(messages))
	for i, m := range messages {
		if keep(i) {
			out = append(out, m)
		}
	}
	return slices.Clip(out)
}
