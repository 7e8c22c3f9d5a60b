package language

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Attributes that a reader sees or hears.
var spoken = []string{"title", "aria-label", "aria-description", "placeholder", "alt", "label", "data-label"} //nolint:gochecknoglobals // a constant list

// Elements inside of a line; any other begins a new one, as does br.
var inline = []atom.Atom{ //nolint:gochecknoglobals // a constant list
	atom.A, atom.Abbr, atom.B, atom.Bdi, atom.Cite, atom.Code, atom.Data, atom.Em, atom.I, atom.Kbd, atom.Mark, atom.Q, atom.S, atom.Small,
	atom.Span, atom.Strong, atom.Sub, atom.Sup, atom.Time, atom.U, atom.Var,
}

// Elements without an end.
var void = []atom.Atom{ //nolint:gochecknoglobals // a constant list
	atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta, atom.Source, atom.Track, atom.Wbr,
}

// HTML is the English of a page, or of a piece of one. Elements with translate="no" keep their words and are marked as
// Chinese where they are; everything that is not a text or an attribute somebody reads stays byte for byte. The time is
// proportional to the page.
func (t *Translator) HTML(page []byte) []byte {
	w := walk{t: t, tokens: html.NewTokenizer(bytes.NewReader(page))}
	for w.tokens.Next() != html.ErrorToken {
		raw := string(w.tokens.Raw())
		token := w.tokens.Token()
		switch token.Type {
		case html.TextToken:
			w.text(raw, token.Data)
		case html.StartTagToken, html.SelfClosingTagToken:
			w.start(raw, token)
		case html.EndTagToken:
			w.end(raw, token.DataAtom)
		default:
			w.out = append(w.out, raw)
		}
	}
	return []byte(strings.Join(w.out, ""))
}

// walk goes through a page once.
type walk struct {
	t      *Translator
	tokens *html.Tokenizer
	out    []string
	// kept counts the open elements from the one marked translate="no" inwards; mark is where its lang would stand.
	kept, mark int
	// raw is the script or style that is open, verbatim that it is one whose strings are data.
	raw  string
	data bool
	// sense is the data-sense of the tag just before: which meaning its word has, where Chinese has one word for several.
	sense string
	// code counts open elements whose text is to be typed as it stands.
	code int
	// Of the line so far: its last text, whether that was translated, its last number, and where a space would go.
	before     string
	translated bool
	number     string
	gap        int
}

// place leaves room in the output for what is known later.
func (w *walk) place() int {
	w.out = append(w.out, "")
	return len(w.out) - 1
}

func (w *walk) start(raw string, token html.Token) {
	w.sense = attribute(token, "data-sense")
	if !slices.Contains(inline, token.DataAtom) && !svgPart(token) {
		w.before, w.number = "", ""
	}
	selfClosing := token.Type == html.SelfClosingTagToken || slices.Contains(void, token.DataAtom)
	no := slices.ContainsFunc(token.Attr, func(a html.Attribute) bool { return a.Key == "translate" && a.Val == "no" })
	switch {
	case token.DataAtom == atom.Script || token.DataAtom == atom.Style:
		w.raw, w.data = attribute(token, "type"), no || w.kept > 0
	case w.kept > 0:
		if !selfClosing {
			w.kept++
		}
	case no && !selfClosing:
		w.kept = 1
		if attribute(token, "lang") == "" {
			w.out = append(w.out, strings.TrimSuffix(raw, ">"))
			w.mark = w.place()
			w.out = append(w.out, ">")
			return
		}
	case !no:
		raw = w.attributes(raw, token)
	}
	if token.DataAtom == atom.Code || token.DataAtom == atom.Pre {
		w.code++
	}
	w.out = append(w.out, raw)
}

func (w *walk) end(raw string, tag atom.Atom) {
	w.raw, w.sense = "", ""
	if w.kept > 0 {
		w.kept--
	}
	if (tag == atom.Code || tag == atom.Pre) && w.code > 0 {
		w.code--
	}
	if !slices.Contains(inline, tag) && tag != atom.Svg && tag != 0 {
		w.before, w.number = "", ""
	}
	w.out = append(w.out, raw)
	w.gap = w.place()
}

// text writes a text and, where it joins another one of its line without a space, a space between.
func (w *walk) text(raw, data string) {
	english, changed := raw, false
	switch {
	case w.raw == "application/json":
		w.out = append(w.out, w.json(raw))
		return
	case w.raw != "":
		w.out = append(w.out, raw)
		return
	case w.kept > 0:
		if w.mark > 0 && strings.ContainsFunc(data, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			w.out[w.mark], w.mark = ` lang="zh-CN"`, 0
		}
	case w.code == 0 || Han(data):
		if text, _ := w.t.in(w.sense).text(data, &w.number); text != data {
			data, changed = text, true
			english = html.EscapeString(text)
		}
	}
	if strings.TrimSpace(data) == "—" && dateEnd.MatchString(w.before) {
		data, english, changed = " – ", " – ", true
	}
	if w.before != "" && (changed || w.translated) && touch(w.before, data) {
		w.out[w.gap] = " "
	}
	w.out = append(w.out, english)
	if number := digits.FindString(data); number != "" && !changed {
		w.number = strings.TrimSpace(data)
	}
	w.before, w.translated = data, changed
	w.gap = w.place()
}

// attributes writes a start tag anew where a reader would find Chinese in it.
func (w *walk) attributes(raw string, token html.Token) string {
	changed := false
	for i, a := range token.Attr {
		switch {
		case token.DataAtom == atom.Html && a.Key == "lang":
			token.Attr[i].Val, changed = "en", true
		case slices.Contains(spoken, a.Key):
			if english := w.t.Translate(a.Val); english != a.Val {
				token.Attr[i].Val, changed = english, true
			}
		}
	}
	if !changed {
		return raw
	}
	return token.String()
}

// dateEnd is the end of a date, after which a dash means until.
var dateEnd = regexp.MustCompile(`\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?: \d{4})?$`)

var jsonString = regexp.MustCompile(`"(?:[^"\\]|\\.)*"\s*:?`)

// json translates the values of a block of data that are phrases as a whole: names from the data stay.
func (w *walk) json(raw string) string {
	if w.data {
		return raw
	}
	return jsonString.ReplaceAllStringFunc(raw, func(quoted string) string {
		var text string
		if strings.HasSuffix(quoted, ":") || json.Unmarshal([]byte(quoted), &text) != nil {
			return quoted
		}
		if !Han(text) && len(values.FindString(text)) != len(text) {
			return quoted
		}
		var last string
		english, complete := w.t.text(text, &last)
		out, err := json.Marshal(english)
		if english == text || !complete || err != nil {
			return quoted
		}
		return string(out)
	})
}

func attribute(token html.Token, name string) string {
	for _, a := range token.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// svgPart says whether an element belongs to a drawing in a line of text.
func svgPart(token html.Token) bool { return token.DataAtom == atom.Svg || token.DataAtom == 0 }
