package warehouse

import (
	"maps"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"wenguo/transform"
	"wenguo/transform/search"
)

// mostTokens is how many tokens the engine takes at once; what is beyond is looked for in the texts.
const mostTokens = 48

// numbers is a value for {name:Array(UInt64)}.
func numbers(all []uint64) string {
	parts := make([]string, len(all))
	for i, n := range all {
		parts[i] = strconv.FormatUint(n, 10)
	}
	return "[" + strings.Join(parts, ",") + "]"
}

// tokens are the terms of one side of a query as search_matching.sql asks for them.
type tokens struct{ words, pairs, parts []string }

// tokensOf says how wanted terms are found: words by their own index, others by their pairs of characters, and by the text
// where pairs do not decide.
func tokensOf(terms []search.Term) tokens {
	var t tokens
	seen := map[string]bool{}
	for _, term := range terms {
		if term.Whole && len(t.words) < mostTokens {
			t.words = append(t.words, term.Text)
			continue
		}
		pairs := pairsOf(term.Text)
		for _, pair := range pairs {
			if !seen[pair] && len(t.pairs) < mostTokens {
				seen[pair] = true
				t.pairs = append(t.pairs, pair)
			}
		}
		if len(pairs) != 1 || !seen[pairs[0]] {
			t.parts = append(t.parts, term.Text)
		}
	}
	return t
}

// excluded is tokensOf for terms that must not occur: only one pair decides by itself.
func excluded(terms []search.Term) tokens {
	var t tokens
	for _, term := range terms {
		switch {
		case term.Whole && len(t.words) < mostTokens:
			t.words = append(t.words, term.Text)
		case !term.Whole && utf8.RuneCountInString(term.Text) == 2 && len(t.pairs) < mostTokens:
			t.pairs = append(t.pairs, term.Text)
		default:
			t.parts = append(t.parts, term.Text)
		}
	}
	return t
}

func pairsOf(term string) []string {
	runes := []rune(term)
	var out []string
	for i := range len(runes) - 1 {
		out = append(out, string(runes[i:i+2]))
	}
	return out
}

// found is a query over the texts: which lines of search_matching.sql it needs, and their parameters.
type found struct {
	query  search.Query
	needs  map[string]bool
	params values
}

// findBy prepares a query.
func findBy(q search.Query) found {
	want, not := tokensOf(q.Want), excluded(q.Not)
	return found{query: q, needs: map[string]bool{
		"words":      true,
		"want words": len(want.words) > 0, "want pairs": len(want.pairs) > 0, "want parts": len(want.parts) > 0,
		"not words": len(not.words) > 0, "not pairs": len(not.pairs) > 0, "not parts": len(not.parts) > 0,
	}, params: values{
		"want_words": list(want.words), "want_pairs": list(want.pairs), "want_parts": list(want.parts),
		"not_words": list(not.words), "not_pairs": list(not.pairs), "not_parts": list(not.parts),
	}}
}

// within narrows to registrations in [from, to), as far as they are set.
func (f found) within(from, to time.Time) found {
	g := f.clone()
	g.needs["search bounded"] = true
	g.params["search_from"], g.params["search_to"] = number(minusMS(to)+1), number(minusMS(from))
	return g
}

// minusMS is minus an instant's milliseconds, as rows are ordered.
func minusMS(t time.Time) int64 { return -t.UnixMilli() }

// behind narrows to what is listed after a row.
func (f found) behind(after listed) found {
	g := f.clone()
	g.needs["search after"] = true
	g.params["search_from"], g.params["search_after"] = number(after.before), text(after.complaintID)
	return g
}

// until narrows to what is listed up to a row.
func (f found) until(last listed) found {
	g := f.clone()
	g.needs["search last"] = true
	g.params["search_to"], g.params["search_last"] = number(last.before), text(last.complaintID)
	return g
}

func (f found) clone() found {
	return found{query: f.query, needs: maps.Clone(f.needs), params: maps.Clone(f.params)}
}

// with adds further parameters.
func (f found) with(more values) values {
	p := maps.Clone(f.params)
	maps.Copy(p, more)
	return p
}

// searching puts the query over the texts into a statement that names it.
func (s *Store) searching(statement string, needs map[string]bool) string {
	return strings.ReplaceAll(statement, "complaints_of_search", only(s.query("search_matching"), needs))
}

// plainly says that a list is all registrations of its period and nothing else, so that the texts alone answer it.
func plainly(f transform.ComplaintFilter) bool {
	return f.Scope == transform.ScopeRegistered && len(f.Slice) == 0 && len(f.States) == 0 && len(f.Scores) == 0 && !f.Overdue && f.Key == "" &&
		f.Milestone == "" && f.Spent == ""
}
