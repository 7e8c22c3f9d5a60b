package search

import (
	"slices"
	"strings"
	"unicode"
)

// Version changes with what a Document holds of a text, so that an index made by another is made again.
const Version = 1

// Document is what is searched of a masked text.
type Document struct {
	// Body is the normalised title, a line break, and the normalised content. Masked personal data is left out.
	Body string
	// Words are the segmenter's words of it, and its runs of Latin letters and digits; each once, sorted.
	Words []string
}

// NewDocument makes the document of a masked title and content; one without any text is empty.
func NewDocument(title, content string, segmenter Segmenter) Document {
	title, content = plain(title), plain(content)
	if title == "" && content == "" {
		return Document{}
	}
	d := Document{Body: title + "\n" + content}
	for _, part := range []string{title, content} {
		if segmenter != nil && part != "" {
			d.Words = append(d.Words, segmenter.WordsOf(part)...)
		}
		d.Words = append(d.Words, strings.FieldsFunc(part, func(r rune) bool { return !isAlnum(r) })...)
	}
	for i := range d.Words {
		d.Words[i] = strings.Clone(d.Words[i])
	}
	slices.Sort(d.Words)
	d.Words = slices.Compact(d.Words)
	return d
}

// Matches says whether the document answers the query.
func (q Query) Matches(d Document) bool {
	if q.Empty() {
		return false
	}
	for _, t := range q.Want {
		if !t.in(d) {
			return false
		}
	}
	return !slices.ContainsFunc(q.Not, func(t Term) bool { return t.in(d) })
}

func (t Term) in(d Document) bool {
	if t.Whole {
		_, found := slices.BinarySearch(d.Words, t.Text)
		return found
	}
	return strings.Contains(d.Body, t.Text)
}

// InName says whether a short name, such as an issue's, holds every wanted term; blanks and punctuation do not count.
func (q Query) InName(name string) bool {
	bare := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsSymbol(r) {
				return -1
			}
			return r
		}, s)
	}
	name = bare(plain(name))
	for _, t := range q.Want {
		if !strings.Contains(name, bare(t.Text)) {
			return false
		}
	}
	return !q.Empty()
}
