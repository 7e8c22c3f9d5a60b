package language

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"wenguo/transform/kpi"
)

// lines of the catalogue: Chinese, a tab, English; sorted, one phrase each. A line that begins with # is a comment.
//
//go:embed en.tsv
var lines string

// Translator turns Chinese phrases into English ones. It is read only and safe for concurrent use.
type Translator struct {
	// phrases by their key: the Chinese with {} for every number, date and quotation. In the English {} stands for the next
	// of them and {2} for the second; [s] and [is|are] agree with the number before.
	phrases map[string]string
	// verbatim are the definitions of the key figures, whose numbers are part of the sentence.
	verbatim map[string]string
	// longest is the number of fragments in the longest phrase that begins with a fragment.
	longest map[string]int
	// sense is the meaning that words have at the moment; a phrase of a sense is written sense|phrase.
	sense string
	seen  func(key string, known bool)
}

// New reads the embedded catalogue and the definitions of the key figures, which have English of their own.
func New() (*Translator, error) {
	t := &Translator{phrases: map[string]string{}, verbatim: map[string]string{}, longest: map[string]int{}, seen: func(string, bool) {}}
	for i, line := range strings.Split(strings.TrimSpace(lines), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		chinese, english, ok := strings.Cut(line, "\t")
		if !ok || chinese == "" || strings.Contains(english, "\t") {
			return nil, fmt.Errorf("read catalogue: line %d is not Chinese, a tab, English", i+1)
		}
		if _, twice := t.phrases[chinese]; twice {
			return nil, fmt.Errorf("read catalogue: line %d repeats %q", i+1, chinese)
		}
		t.phrases[chinese] = english
		t.begins(chinese)
	}
	for _, c := range kpi.General {
		t.define(c.Rule, c.English)
	}
	for _, e := range kpi.Catalogue {
		t.define(e.Name, e.English)
		t.define(e.Formula, e.FormulaEnglish)
		for i, edge := range e.Edges {
			t.define(edge, e.EdgesEnglish[i])
		}
		for _, f := range e.Beside {
			t.define(f.Name, f.English)
		}
	}
	return t, nil
}

// define takes over a definition, which the catalogue may still put better.
func (t *Translator) define(chinese, english string) {
	chinese = strings.TrimRight(chinese, "。")
	t.verbatim[chinese] = capital(strings.TrimRight(english, "."))
	key, _ := t.holes(chinese)
	t.begins(key)
}

// begins remembers how far to look from the first fragment of a phrase.
func (t *Translator) begins(key string) {
	if fragments, _ := split(key); len(fragments) > 0 {
		t.longest[fragments[0]] = max(t.longest[fragments[0]], len(fragments))
	}
}

// Traced is the same translator that tells of every phrase it meets, and whether it knows it: for tests of completeness.
func (t *Translator) Traced(seen func(key string, known bool)) *Translator {
	traced := *t
	traced.seen = seen
	return &traced
}

// in is the translator for words of a sense.
func (t *Translator) in(sense string) *Translator {
	if sense == "" {
		return t
	}
	meant := *t
	meant.sense = sense
	return &meant
}

// Keys are the catalogue's phrases, sorted.
func (t *Translator) Keys() []string { return slices.Sorted(maps.Keys(t.phrases)) }

// Phrase is the English of one phrase of the catalogue with its marks, for scripts that fill them themselves.
func (t *Translator) Phrase(key string) (english string, known bool) {
	english, known = t.phrases[key]
	return english, known
}

// phrase finds the English of a run of fragments: by the catalogue, or word for word by a definition.
func (t *Translator) phrase(key, original string) (english string, literal, known bool) {
	if t.sense != "" {
		if english, known = t.phrases[t.sense+"|"+key]; known {
			t.seen(t.sense+"|"+key, true)
			return english, false, true
		}
	}
	if english, known = t.phrases[key]; known {
		return english, false, true
	}
	english, known = t.verbatim[original]
	return english, true, known
}
