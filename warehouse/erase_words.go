package warehouse

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// eraseWords takes back what issues show of the complaints' texts: a name or a keyword that one of them says and no other
// complaint of the issue does. The next discovery names the issue again.
func (s *Store) eraseWords(ctx context.Context, ids []string) error {
	p := values{"ids": list(ids)}
	texts, err := s.strings(with(ctx, p), "erase_words_texts")
	if err != nil {
		return fmt.Errorf("read texts to erase: %w", err)
	}
	issues, err := s.strings(with(ctx, p), "erase_words_issues")
	if err != nil || len(texts) == 0 || len(issues) == 0 {
		return wrapped("find issues of erased complaints", err)
	}
	p["issues"] = list(issues)
	known, err := s.strings(with(ctx, p), "erase_words_known")
	if err != nil {
		return fmt.Errorf("read names of issues: %w", err)
	}
	for i, t := range texts {
		texts[i] = letters(t)
	}
	said := map[string][]string{} // the spellings of each
	for _, word := range known {
		bare := letters(word)
		if bare != "" && slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(t, bare) }) {
			said[bare] = append(said[bare], word)
		}
	}
	if len(said) == 0 {
		return nil
	}
	bare := make([]string, 0, len(said))
	for word := range said {
		bare = append(bare, word)
	}
	slices.Sort(bare)
	p["words"] = list(bare)
	others, err := s.strings(with(ctx, p), "erase_words_others")
	if err != nil {
		return fmt.Errorf("look for names in other texts: %w", err)
	}
	var gone []string
	for _, word := range bare {
		if !slices.Contains(others, word) {
			gone = append(gone, said[word]...)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	p["words"] = list(gone)
	if err := s.mutate(ctx, "issues", "erase_words", p); err != nil {
		return err
	}
	return s.mutate(ctx, "issue_history", "erase_words_history", p)
}

// letters is a text without its spaces and punctuation, in lower case: names are cut out of texts across them.
func letters(t string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsSymbol(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, t)
}

func wrapped(doing string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}
