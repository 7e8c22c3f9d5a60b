package sla

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// reader walks through a YAML document and gathers everything that is wrong with it, so that every mistake has its line
// and a misspelt key its suggestion.
type reader struct {
	mistakes Mistakes
	anchors  map[string]ast.Node
	// keys are those asked for, by the kind of object; the schema is held against them.
	keys map[string][]string
}

// word is a text of the document and its line; line 0 means that it was not given.
type word struct {
	text string
	line int
}

// number is a number of the document; line 0 means that it was not given.
type number struct {
	value float64
	line  int
}

// fields are the keys of an object and what reads their values.
type fields map[string]func(ast.Node)

// pair is a key and its value.
type pair struct {
	key   word
	value ast.Node
}

// openYAML parses a text of one document; nil without content.
func openYAML(text []byte) (ast.Node, *reader, error) {
	r := &reader{anchors: map[string]ast.Node{}, keys: map[string][]string{}}
	doc, err := parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey())
	if syntax, ok := errors.AsType[yaml.Error](err); ok {
		return nil, r, Mistakes{{Line: syntax.GetToken().Position.Line, What: "broken YAML", Remedy: syntax.GetMessage()}}
	}
	if err != nil {
		return nil, r, fmt.Errorf("read YAML: %w", err)
	}
	var body ast.Node
	for _, d := range doc.Docs {
		if d.Body == nil || d.Body.Type() == ast.CommentType {
			continue
		}
		if body != nil {
			r.wrong(line(d.Body), "keep one", "a second document")
			break
		}
		body = d.Body
		ast.Walk(r, d)
	}
	return body, r, nil
}

// Visit notes the anchors, for the aliases that name them.
func (r *reader) Visit(n ast.Node) ast.Visitor {
	if a, ok := n.(*ast.AnchorNode); ok {
		r.anchors[a.Name.GetToken().Value] = a.Value
	}
	return r
}

func (r *reader) wrong(line int, remedy, format string, args ...any) {
	r.mistakes = append(r.mistakes, Mistake{Line: line, What: fmt.Sprintf(format, args...), Remedy: remedy})
}

func line(n ast.Node) int { return n.GetToken().Position.Line }

// bare looks through anchors, aliases and tags. Aliases cannot go round in a circle for longer than it looks.
func (r *reader) bare(n ast.Node) ast.Node {
	for range 16 {
		switch v := n.(type) {
		case *ast.AnchorNode:
			n = v.Value
		case *ast.TagNode:
			n = v.Value
		case *ast.AliasNode:
			n = r.anchors[v.Value.GetToken().Value]
		default:
			return n
		}
	}
	return nil
}

// absent says that a key was written without a value.
func (r *reader) absent(n ast.Node) bool {
	b := r.bare(n)
	return b == nil || b.Type() == ast.NullType || b.Type() == ast.CommentType
}

// pairs are the keys and values of a mapping, those merged in with << where the mapping itself is silent.
func (r *reader) pairs(n ast.Node, what string, depth int) []pair {
	var values []*ast.MappingValueNode
	switch m := r.bare(n).(type) {
	case *ast.MappingNode:
		values = m.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{m}
	default:
		r.wrong(line(n), "write key: value", "%s is no mapping", what)
		return nil
	}
	own := map[string]int{}
	var out, merged []pair
	for _, v := range values {
		key := word{v.Key.GetToken().Value, line(v.Key)}
		if v.Key.Type() == ast.MergeKeyType {
			if depth < 16 {
				merged = append(merged, r.pairs(v.Value, what, depth+1)...)
			}
			continue
		}
		if first, twice := own[key.text]; twice {
			r.wrong(key.line, fmt.Sprintf("it stands at line %d already", first), "duplicate key %q", key.text)
			continue
		}
		own[key.text] = key.line
		out = append(out, pair{key, v.Value})
	}
	for _, p := range merged {
		if _, known := own[p.key.text]; !known {
			out = append(out, p)
		}
	}
	return out
}

// object reads a mapping whose keys are known.
func (r *reader) object(n ast.Node, kind string, f fields) {
	known := make([]string, 0, len(f))
	for key := range f {
		known = append(known, key)
	}
	r.keys[kind] = known
	for _, p := range r.pairs(n, kind, 0) {
		read, ok := f[p.key.text]
		switch {
		case !ok:
			r.wrong(p.key.line, remedy(p.key.text, known), "unknown key %q", p.key.text)
		case !r.absent(p.value):
			read(p.value)
		}
	}
}

// dict reads a mapping whose keys are free.
func (r *reader) dict(what string, each func(key word, value ast.Node)) func(ast.Node) {
	return func(n ast.Node) {
		for _, p := range r.pairs(n, what, 0) {
			each(p.key, p.value)
		}
	}
}

// list reads a sequence; one value alone is a list of one.
func (r *reader) list(each func(ast.Node)) func(ast.Node) {
	return func(n ast.Node) {
		values, ok := r.bare(n).(*ast.SequenceNode)
		if !ok {
			if !r.absent(n) {
				each(n)
			}
			return
		}
		for _, v := range values.Values {
			each(v)
		}
	}
}

func (r *reader) word(to *word, what string) func(ast.Node) {
	return func(n ast.Node) {
		switch v := r.bare(n).(type) {
		case *ast.StringNode:
			*to = word{v.Value, line(n)}
		case *ast.LiteralNode:
			*to = word{v.Value.Value, line(n)}
		case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
			*to = word{v.GetToken().Value, line(n)}
		default:
			r.wrong(line(n), "write one value", "%s is no text", what)
		}
	}
}

func (r *reader) words(to *[]word, what string) func(ast.Node) {
	return r.list(func(n ast.Node) {
		var w word
		r.word(&w, what)(n)
		if w.line > 0 {
			*to = append(*to, w)
		}
	})
}

func (r *reader) number(to *number, what string) func(ast.Node) {
	return func(n ast.Node) {
		var w word
		r.word(&w, what)(n)
		if w.line == 0 {
			return
		}
		v, err := strconv.ParseFloat(w.text, 64)
		if err != nil {
			r.wrong(w.line, "", "%s %q is no number", what, w.text)
			return
		}
		*to = number{v, w.line}
	}
}

func (r *reader) flag(to **bool, what string) func(ast.Node) {
	return func(n ast.Node) {
		b, ok := r.bare(n).(*ast.BoolNode)
		if !ok {
			r.wrong(line(n), "write true or false", "%s is neither true nor false", what)
			return
		}
		value := b.Value
		*to = &value
	}
}
