package issue_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"wenguo/transform/issue"
)

func TestMatch(t *testing.T) {
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	var messages []issue.Message
	for i, id := range strings.Fields("a b c d e f g h") {
		messages = append(messages, issue.Message{ID: id, Time: day.AddDate(0, 0, i)})
	}
	of := func(groups ...string) []issue.Issue {
		var out []issue.Issue
		for _, g := range groups {
			var is issue.Issue
			for id := range strings.FieldsSeq(g) {
				is.Members = append(is.Members, slices.IndexFunc(messages, func(m issue.Message) bool { return m.ID == id }))
			}
			out = append(out, is)
		}
		return out
	}
	fresh := func(group string) string { return issue.Match(nil, messages, of(group))[0].ID }
	for sentence, c := range map[string]struct {
		previous map[string]string
		found    []issue.Issue
		ids      []string
		merged   []string
	}{
		"a new issue is named after its earliest member": {nil, of("c a b"), []string{fresh("a d")}, []string{""}},
		"an issue keeps its id when it grows and shrinks": {
			map[string]string{"a": "i-1", "b": "i-1", "c": "i-1"},
			of("b c d e"),
			[]string{"i-1"},
			[]string{""},
		},
		"the largest part of what fell apart keeps the id": {
			map[string]string{"a": "i-1", "b": "i-1", "c": "i-1", "d": "i-1", "e": "i-1"},
			of("a b", "c d e"),
			[]string{fresh("a"), "i-1"},
			[]string{"", ""},
		},
		"what was joined keeps the larger one's id and names the other": {
			map[string]string{"a": "i-1", "b": "i-1", "c": "i-2", "d": "i-2", "e": "i-2"},
			of("a b c d e"),
			[]string{"i-2"},
			[]string{"i-1"},
		},
		"a member that wandered takes no id along": {
			map[string]string{"a": "i-1", "b": "i-1", "c": "i-1", "d": "i-2", "e": "i-2"},
			of("a b", "c d e"),
			[]string{"i-1", "i-2"},
			[]string{"", ""},
		},
		"an id that is taken is not given again": {
			map[string]string{"b": fresh("a"), "c": fresh("a")},
			of("a d", "b c"),
			[]string{"another", fresh("a")},
			[]string{"", ""},
		},
	} {
		t.Run(sentence, func(t *testing.T) {
			got := issue.Match(c.previous, messages, c.found)
			for k, is := range got {
				want := c.ids[k]
				if want == "another" {
					if is.ID == "" || is.ID == c.ids[1] {
						t.Errorf("issue %d has id %q", k, is.ID)
					}
					continue
				}
				if is.ID != want || strings.Join(is.MergedFrom, " ") != c.merged[k] {
					t.Errorf("issue %d: got %q from %q, want %q from %q", k, is.ID, is.MergedFrom, want, c.merged[k])
				}
			}
		})
	}
}

func TestMatchTellsWhatWasSplit(t *testing.T) {
	var messages []issue.Message
	previous := map[string]string{}
	for i, id := range strings.Fields("a b c d e f g h") {
		messages = append(messages, issue.Message{ID: id, Time: time.Unix(int64(i), 0)})
		previous[id] = "i-1"
	}
	previous["h"] = "i-2"
	for sentence, c := range map[string]struct {
		found []issue.Issue
		// id:from of each, an id being "new" where it was none before.
		want string
	}{
		"a part that broke off":                    {[]issue.Issue{{Members: []int{0, 1, 2, 3}}, {Members: []int{4, 5, 6}}}, "i-1: new:i-1"},
		"one member makes no part":                 {[]issue.Issue{{Members: []int{0, 1, 2, 3, 4, 5}}, {Members: []int{6}}}, "i-1: new:"},
		"people name the part":                     {[]issue.Issue{{Members: []int{0, 1, 2, 3}}, {ID: "i-9", Members: []int{4, 5}}}, "i-1: i-9:i-1"},
		"people name the smaller part as it was":   {[]issue.Issue{{Members: []int{0, 1, 2, 3}}, {ID: "i-1", Members: []int{4, 5}}}, "new:i-1 i-1:"},
		"an issue that goes on is no part":         {[]issue.Issue{{Members: []int{0, 1, 2, 3}}, {ID: "i-2", Members: []int{4, 5, 7}}}, "i-1: i-2:"},
		"what is gone altogether is no whole":      {[]issue.Issue{{ID: "i-9", Members: []int{0, 1, 2, 3}}}, "i-9:"},
		"an id that people gave is not given away": {[]issue.Issue{{ID: "i-2", Members: []int{0, 1, 2, 3}}, {Members: []int{4, 7}}}, "i-2: i-1:"},
	} {
		t.Run(sentence, func(t *testing.T) {
			var got []string
			for _, is := range issue.Match(previous, messages, c.found) {
				id := is.ID
				if !slices.Contains([]string{"i-1", "i-2", "i-9"}, id) {
					id = "new"
				}
				got = append(got, id+":"+strings.Join(is.SplitFrom, ","))
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
