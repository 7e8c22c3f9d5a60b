package issue_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"wenguo/transform/issue"
)

// holds are issues that decisions found: "i-1: a b" is what the id led to.
func holds(all ...string) map[string]issue.Held {
	out := map[string]issue.Held{}
	for _, one := range all {
		id, complaints, _ := strings.Cut(one, ": ")
		out[id] = issue.Held{Issue: id, Complaints: strings.Fields(complaints)}
	}
	return out
}

// written gives constraints in one line: complaints by issue, then the pairs told apart.
func written(c issue.Constraints) string {
	by := map[string][]string{}
	for _, complaint := range slices.Sorted(maps.Keys(c.Pins)) {
		id := c.Pins[complaint].Issue
		by[id] = append(by[id], complaint)
	}
	var out []string
	for _, id := range slices.Sorted(maps.Keys(by)) {
		out = append(out, id+":"+strings.Join(by[id], ","))
	}
	for _, pair := range c.Apart {
		out = append(out, pair[0]+"|"+pair[1])
	}
	return strings.Join(out, " ")
}

func named(id string, d issue.Decision) issue.Decision {
	d.ID = id
	return d
}

func TestConstrain(t *testing.T) {
	at := func(n int) time.Time { return time.Unix(int64(n), 0) }
	one, two, three := "i-1: a b", "i-2: c d", "i-3: e f"
	merge := func(n int, from, into string) issue.Decision {
		return issue.Decision{
			ID: fmt.Sprintf("d%d", n), At: at(n), Held: holds(one, two, three),
			Merge: &issue.Merge{From: strings.Fields(from), Into: into},
		}
	}
	place := func(n int, complaint, into string) issue.Decision {
		return issue.Decision{ID: fmt.Sprintf("d%d", n), At: at(n), Held: holds("i-1: a", "i-2: c", "i-3: e"), Place: &issue.Place{Complaint: complaint, Issue: into}}
	}
	split := func(n int, id string, groups ...string) issue.Decision {
		d := issue.Decision{ID: fmt.Sprintf("d%d", n), At: at(n), Held: holds(one, two, three), Split: &issue.Split{Issue: id}}
		for _, g := range groups {
			d.Split.Groups = append(d.Split.Groups, strings.Fields(g))
		}
		return d
	}
	undo := func(n int, id string) issue.Decision {
		return issue.Decision{ID: fmt.Sprintf("d%d", n), At: at(n), Undo: id}
	}
	part := func(n int) string {
		c := issue.Constrain([]issue.Decision{split(n, "i-1", "b")})
		return c.Pins["b"].Issue
	}
	for sentence, c := range map[string]struct {
		decisions []issue.Decision
		want      string
	}{
		"a merge":                                    {[]issue.Decision{merge(1, "i-2", "i-1")}, "i-1:a,b,c,d"},
		"a merge of three, named in any order":       {[]issue.Decision{merge(1, "i-3 i-2", "i-1")}, "i-1:a,b,c,d,e,f"},
		"one after the other":                        {[]issue.Decision{merge(1, "i-2", "i-1"), merge(2, "i-1", "i-3")}, "i-3:a,b,c,d,e,f"},
		"a name that is merged away means the other": {[]issue.Decision{merge(1, "i-2", "i-1"), place(2, "x", "i-2")}, "i-1:a,b,c,d,x"},
		"a placement holds the typical ones":         {[]issue.Decision{place(1, "x", "i-2")}, "i-2:c,x"},
		"a placement into none":                      {[]issue.Decision{merge(1, "i-2", "i-1"), place(2, "c", "")}, ":c i-1:a,b,d"},
		"the later placement counts":                 {[]issue.Decision{place(2, "x", "i-2"), place(1, "x", "i-3")}, "i-2:c,x i-3:e"},
		"later by its instant, not by its id": {
			[]issue.Decision{named("z", place(1, "x", "i-2")), named("a", place(2, "x", "i-3"))}, "i-2:c i-3:e,x",
		},
		"a placement outlives the merge of its old issue":  {[]issue.Decision{place(1, "c", "i-3"), merge(2, "i-2", "i-1")}, "i-1:a,b,d i-3:c,e"},
		"a split keeps the id for the rest":                {[]issue.Decision{split(1, "i-1", "b")}, "i-1:a " + part(1) + ":b " + part(1) + "|i-1"},
		"a split of all keeps the id for the first":        {[]issue.Decision{split(1, "i-1", "b a")}, "i-1:a,b"},
		"a merge of what was split tells them no more":     {[]issue.Decision{split(1, "i-1", "b"), merge(2, part(1), "i-1")}, "i-1:a,b"},
		"an undone split never was":                        {[]issue.Decision{undo(0, "d1"), split(1, "i-1", "b"), merge(2, "i-2", "i-1")}, "i-1:a,b,c,d"},
		"undoing a merge brings both back":                 {[]issue.Decision{merge(1, "i-2", "i-1"), undo(2, "d1")}, ""},
		"what a merge joins takes over what it is no part": {[]issue.Decision{split(1, "i-1", "b"), merge(2, "i-1", "i-2")}, "i-2:a,c,d " + part(1) + ":b " + part(1) + "|i-2"},
	} {
		t.Run(sentence, func(t *testing.T) {
			got := written(issue.Constrain(c.decisions))
			if sortedWords(got) != sortedWords(c.want) {
				t.Fatalf("got %q, want %q", got, c.want)
			}
			rapid.Check(t, func(rt *rapid.T) {
				shuffled := rapid.Permutation(c.decisions).Draw(rt, "decisions")
				if other := written(issue.Constrain(shuffled)); other != got {
					rt.Fatalf("in another order %q, want %q", other, got)
				}
			})
		})
	}
}

// sortedWords brings what written gives, and the pairs in it, into one order.
func sortedWords(s string) string {
	all := strings.Fields(s)
	for i, word := range all {
		if a, b, pair := strings.Cut(word, "|"); pair {
			all[i] = min(a, b) + "|" + max(a, b)
		}
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}
