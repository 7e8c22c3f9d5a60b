package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"wenguo/transform/text"
)

// MaxRunes bounds a query, in characters; what lies behind is not read.
const MaxRunes = 200

// Segmenter cuts a normalised text into its words.
type Segmenter interface {
	WordsOf(normal string) []string
}

// Term is one thing that a text says or must not say, normalised.
type Term struct {
	Text string
	// Whole asks for a word of the text; otherwise the characters must stand together anywhere in it.
	Whole bool
}

// Query is what a reader looks for. Without terms it finds nothing.
type Query struct {
	// Want must all occur in a text, Not none of them.
	Want, Not []Term
	// ID is the query as typed where it can be a complaint's number or the beginning of one.
	ID string
}

// Empty says that the query names nothing to look for.
func (q Query) Empty() bool { return len(q.Want) == 0 }

// Parse reads a query. Without a segmenter each piece between blanks is one term.
func Parse(raw string, segmenter Segmenter) Query {
	chunks := split(raw)
	var q Query
	for _, c := range chunks {
		var terms []Term
		if c.phrase {
			terms = termsOf([]string{plain(c.text)})
		} else {
			terms = termsOf(wordsOf(plain(c.text), segmenter))
		}
		if c.not {
			q.Not = add(q.Not, terms)
		} else {
			q.Want = add(q.Want, terms)
		}
	}
	if len(chunks) == 1 && !chunks[0].not && !chunks[0].phrase && isID(chunks[0].text) {
		q.ID = chunks[0].text
	}
	lonely(q.Want)
	lonely(q.Not)
	return q
}

// chunk is a piece of a query between blanks, or between quotes.
type chunk struct {
	text        string
	phrase, not bool
}

// split cuts a query at blanks and quotes. A quote without its partner is a blank.
func split(raw string) []chunk {
	raw = text.Clean(raw)
	if utf8.RuneCountInString(raw) > MaxRunes {
		raw = string([]rune(raw)[:MaxRunes])
	}
	var out []chunk
	for raw = strings.TrimSpace(raw); raw != ""; raw = strings.TrimSpace(raw) {
		var c chunk
		if r, size := utf8.DecodeRuneInString(raw); (r == '-' || r == '－') && len(raw) > size && !startsWithSpace(raw[size:]) {
			c.not, raw = true, raw[size:]
		}
		r, size := utf8.DecodeRuneInString(raw)
		if end := closing(r); end != 0 {
			if at := strings.IndexRune(raw[size:], end); at >= 0 {
				c.phrase, c.text = true, raw[size:size+at]
				raw = raw[size+at+utf8.RuneLen(end):]
				out = append(out, c)
				continue
			}
			raw = raw[size:]
			if raw == "" {
				break
			}
		}
		at := strings.IndexFunc(raw, func(r rune) bool { return unicode.IsSpace(r) || closing(r) != 0 && r != '\'' })
		if at < 0 {
			at = len(raw)
		}
		c.text, raw = raw[:at], raw[at:]
		if c.text != "" {
			out = append(out, c)
		}
	}
	return out
}

func startsWithSpace(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsSpace(r)
}

// closing is the quote that ends a phrase begun with r; 0 for what is no quote.
func closing(r rune) rune {
	switch r {
	case '"', '＂':
		return r
	case '“', '”':
		return '”'
	case '「':
		return '」'
	}
	return 0
}

// plain is a normalised text in which blanks are single and masked personal data is a blank.
func plain(s string) string {
	s = text.Normalize(s)
	for from := 0; ; {
		open := strings.Index(s[from:], "〔")
		if open < 0 {
			break
		}
		open += from
		end := strings.Index(s[open:], "〕")
		if end < 0 {
			break
		}
		s = s[:open] + " " + s[open+end+len("〕"):]
		from = open
	}
	return strings.Join(strings.Fields(s), " ")
}

func wordsOf(normal string, segmenter Segmenter) []string {
	if segmenter == nil || normal == "" {
		return []string{normal}
	}
	return slices.DeleteFunc(slices.Clone(segmenter.WordsOf(normal)), func(w string) bool { return strings.TrimSpace(w) == "" })
}

// termsOf turns words or a phrase into terms; what holds no letter, digit or Chinese character is left out.
func termsOf(words []string) []Term {
	var out []Term
	for _, w := range words {
		if w = strings.TrimSpace(w); !text.IsWord(w) {
			continue
		}
		// Particles say nothing when they stand beside other words.
		if len(words) > 1 && strings.Contains("的了吗呢吧啊呀嘛么", w) {
			continue
		}
		out = append(out, Term{Text: w, Whole: isLatin(w)})
	}
	return out
}

func add(to, terms []Term) []Term {
	for _, t := range terms {
		if !slices.Contains(to, t) {
			to = append(to, t)
		}
	}
	return to
}

// lonely makes single characters words where nothing longer stands beside them.
func lonely(terms []Term) {
	single := func(t Term) bool { return utf8.RuneCountInString(t.Text) == 1 }
	for _, t := range terms {
		if !single(t) {
			return
		}
	}
	for i := range terms {
		terms[i].Whole = true
	}
}

// isLatin says that a term is one run of Latin letters and digits.
func isLatin(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return !isAlnum(r) }) < 0
}

func isAlnum(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' }

// isID says that a piece can be a complaint's number: visible ASCII with a digit in it.
func isID(s string) bool {
	digit := false
	for _, r := range s {
		if r <= ' ' || r > '~' {
			return false
		}
		digit = digit || r >= '0' && r <= '9'
	}
	return digit
}
