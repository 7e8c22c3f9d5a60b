package openapi

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/invopop/jsonschema"
)

// Place of a parameter.
type Place string

// Places.
const (
	Query  Place = "query"
	Path   Place = "path"
	Header Place = "header"
)

// Kind is what the text of a parameter means.
type Kind int

// Kinds. An instant is a date, which is its midnight in the organisation's zone, or an RFC 3339 instant.
const (
	Text Kind = iota
	Whole
	Date
	Instant
)

// Parameter of an operation.
type Parameter struct {
	Name string
	// In is Query when empty.
	In          Place
	Description string
	Kind        Kind
	// Values are the only ones allowed; any without.
	Values []string
	// Many allows several of them, at most Most.
	Many bool
	// Min and Max bound a whole number.
	Min, Max int
	// Required says that it may not be left out; a parameter of the path never may.
	Required bool
	// Example is a value that works.
	Example string
}

// Bounds of every parameter, so that a hostile address costs little: characters of one value and values of one name.
const (
	Longest = 256
	Most    = 50
)

// Instants lie between these years, both included; the store cannot hold others.
const (
	FirstYear = 1970
	LastYear  = 2199
)

func (p Parameter) in() Place {
	if p.In == "" {
		return Query
	}
	return p.In
}

// Check says in Chinese what is wrong with the values of the parameter and what to write instead; empty when nothing is.
func (p Parameter) Check(values []string) string {
	switch {
	case len(values) == 0 && p.Required:
		return "缺少这个参数：" + p.Description
	case len(values) > 1 && !p.Many:
		return "只能写一次"
	case len(values) > Most:
		return "最多选 " + strconv.Itoa(Most) + " 个值"
	}
	for _, v := range values {
		if fault := p.check(v); fault != "" {
			return fault
		}
	}
	return ""
}

func (p Parameter) check(v string) string {
	if !utf8.ValidString(v) || strings.ContainsRune(v, 0) || utf8.RuneCountInString(v) > Longest {
		return fmt.Sprintf("值要是 UTF-8，不超过 %d 个字，不含空字符", Longest)
	}
	if len(p.Values) > 0 {
		if !slices.Contains(p.Values, v) {
			return "没有“" + v + "”，可用 " + strings.Join(p.Values, "、")
		}
		return ""
	}
	switch p.Kind {
	case Whole:
		n, err := strconv.Atoi(v)
		if err != nil || n < p.Min || n > p.Max || strings.HasPrefix(v, "+") {
			return fmt.Sprintf("要是 %d 到 %d 的整数", p.Min, p.Max)
		}
	case Date, Instant:
		t, err := time.Parse(time.DateOnly, v)
		if err != nil && p.Kind == Instant {
			t, err = time.Parse(time.RFC3339, v)
		}
		if err != nil || t.Year() < FirstYear || t.Year() > LastYear {
			return fmt.Sprintf("要写成 2026-11-22%s 这样，年份在 %d 到 %d 之间", map[bool]string{true: " 或 2026-11-22T10:00:00+08:00"}[p.Kind == Instant], FirstYear, LastYear)
		}
	case Text:
	}
	return ""
}

// Schema of one value.
func (p Parameter) schema() *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "string"}
	switch {
	case len(p.Values) > 0:
		for _, v := range p.Values {
			s.Enum = append(s.Enum, v)
		}
		return s
	case p.Kind == Whole:
		return &jsonschema.Schema{Type: "integer", Minimum: jsonNumber(p.Min), Maximum: jsonNumber(p.Max)}
	case p.Kind == Date:
		s.Format, s.Pattern = "date", years
	case p.Kind == Instant:
		s.AnyOf = []*jsonschema.Schema{{Format: "date"}, {Format: "date-time"}}
		s.Pattern = years
	default:
		// A path holds no empty part and no separator, even escaped: proxies differ about those.
		s.MaxLength, s.Pattern = new(uint64(Longest)), `^[^\x00]*$`
		if p.In == Path {
			s.MinLength, s.Pattern = new(uint64(1)), `^[^\x00/\\]*[^\x00/\\.][^\x00/\\]*$`
		}
	}
	return s
}

// years is the pattern of FirstYear to LastYear.
const years = `^(19[7-9]\d|20\d\d|21\d\d)-`
