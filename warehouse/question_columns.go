package warehouse

import (
	"slices"
	"strings"
)

// statement is facts_at.sql with a file behind it, reading only the columns that one of them names: a star makes the
// planner work through all columns at every level, which costs more than the answer.
func (s *Store) statement(facts, file string) string {
	columns := strings.Join(named(s.factNames(), facts+file), ", ")
	return strings.NewReplacer("* EXCEPT (asof_key, made_at)", columns, "*", columns).Replace(facts) + file
}

// factNames are the columns of a fact, as insert_facts.sql lists them.
func (s *Store) factNames() []string {
	_, list, _ := strings.Cut(s.query("insert_facts"), "(")
	list, _, _ = strings.Cut(list, ")")
	names := strings.Split(list, ",")
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	return names
}

// named keeps the columns that occur as a word of the statement.
func named(columns []string, statement string) []string {
	words := map[string]bool{}
	for word := range strings.FieldsFuncSeq(statement, func(r rune) bool {
		return r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9')
	}) {
		words[word] = true
	}
	return slices.DeleteFunc(slices.Clone(columns), func(name string) bool { return !words[name] })
}
