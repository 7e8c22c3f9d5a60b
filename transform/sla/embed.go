package sla

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

//go:embed policy.schema.json
var schema []byte

// Schema is the JSON Schema of a policy, for editors and for producers of policies.
func Schema() []byte { return slices.Clone(schema) }

// Embed puts the iCalendar files that a policy names into its text, under files, so that what is kept of a policy needs
// nothing beside it and a changed file is a changed policy. read gets each name as it is written.
func Embed(text []byte, read func(name string) ([]byte, error)) ([]byte, error) {
	f, _, err := readPolicy(text)
	if err != nil {
		return nil, err
	}
	var names []word
	for _, c := range f.calendars {
		for _, h := range c.holidays {
			_, known := f.files[h.ical.text]
			if h.ical.line > 0 && !known && !slices.ContainsFunc(names, func(w word) bool { return w.text == h.ical.text }) {
				names = append(names, h.ical)
			}
		}
	}
	if len(names) == 0 {
		return text, nil
	}
	if len(f.files) > 0 {
		return nil, fmt.Errorf("policy: %w", Mistakes{{
			Line: names[0].line, What: fmt.Sprintf("iCalendar file %q that is not under files", names[0].text),
			Remedy: "put all of them there, or none",
		}})
	}
	var b strings.Builder
	b.Write(text)
	b.WriteString("\nfiles:\n")
	for _, name := range names {
		content, err := read(name.text)
		if err != nil {
			return nil, fmt.Errorf("policy: iCalendar file %q at line %d: %w", name.text, name.line, err)
		}
		if _, err := readICal(content, time.UTC); err != nil {
			return nil, fmt.Errorf("policy: iCalendar file %s: %w", name.text, err)
		}
		fmt.Fprintf(&b, "  %s: %s\n", quoted(name.text), quoted(string(content)))
	}
	return []byte(b.String()), nil
}

// quoted writes a text as JSON does, which is YAML too.
func quoted(s string) string {
	out, err := json.Marshal(s)
	if err != nil {
		return `""` // a string is always written
	}
	return string(out)
}
