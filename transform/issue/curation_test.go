package issue_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"wenguo/transform/issue"
)

// anyDecision draws a decision about few issues, so that they get in each other's way; those before it may be undone.
func anyDecision(rt *rapid.T, n int, before []issue.Decision) issue.Decision {
	id := func(label string) string { return rapid.SampledFrom([]string{"i-1", "i-2", "i-3"}).Draw(rt, label) }
	word := func() string { return rapid.SampledFrom([]string{"甲", "乙", "丙"}).Draw(rt, "word") }
	d := issue.Decision{
		ID: fmt.Sprintf("d%d", n), At: time.Unix(int64(rapid.IntRange(1, 9).Draw(rt, "at")), 0),
		Held: holds("i-1: a b", "i-2: c d", "i-3: e f"),
	}
	kinds := 6
	if len(before) > 0 {
		kinds = 8
	}
	switch rapid.IntRange(0, kinds-1).Draw(rt, "kind") {
	case 0:
		d.Rename = &issue.Rename{Issue: id("issue"), Name: word()}
	case 1:
		d.Own = &issue.Own{Issue: id("issue"), Department: word(), Owner: word()}
	case 2:
		d.Mute = &issue.Mute{Issue: id("issue")}
	case 3:
		d.Merge = &issue.Merge{From: []string{id("from")}, Into: id("into")}
	case 4:
		d.Split = &issue.Split{Issue: id("issue"), Groups: [][]string{{rapid.SampledFrom([]string{"a", "c", "e"}).Draw(rt, "complaint")}}}
	case 5:
		d.Place = &issue.Place{Complaint: rapid.SampledFrom([]string{"a", "c", "x"}).Draw(rt, "complaint"), Issue: id("issue")}
	default:
		d.Undo = rapid.SampledFrom(before).Draw(rt, "undone").ID
	}
	return d
}

func drawDecisions(rt *rapid.T) []issue.Decision {
	var all []issue.Decision
	for n := range rapid.IntRange(0, 14).Draw(rt, "decisions") {
		all = append(all, anyDecision(rt, n, all))
	}
	return all
}

// state is all that decisions make of the issues.
func state(all []issue.Decision) string {
	c := issue.Curate(all)
	marks := map[string]issue.Marks{}
	for _, id := range []string{"i-1", "i-2", "i-3"} {
		marks[id] = c.Marks(id)
	}
	return fmt.Sprint(marks, c.MergedInto(), written(issue.Constrain(all)))
}

func TestAllUndoneIsAsIfNothingWasDecided(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		all := drawDecisions(rt)
		for n := range 40 {
			holding := slices.DeleteFunc(slices.Clone(issue.Curate(all).Log), func(e issue.Entry) bool { return e.UndoneBy != "" || e.Undo != "" })
			if len(holding) == 0 {
				break
			}
			target := rapid.SampledFrom(holding).Draw(rt, "next undone")
			all = append(all, issue.Decision{ID: fmt.Sprintf("u%d", n), At: time.Unix(int64(100+n), 0), Undo: target.ID})
		}
		if got, want := state(all), state(nil); got != want {
			rt.Fatalf("all undone, there is %s, want %s", got, want)
		}
	})
}

func TestUndoingAnUndoingIsAsIfNeitherWasDecided(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		all := drawDecisions(rt)
		holding := slices.DeleteFunc(slices.Clone(issue.Curate(all).Log), func(e issue.Entry) bool { return e.UndoneBy != "" })
		if len(holding) == 0 {
			return
		}
		target := rapid.SampledFrom(holding).Draw(rt, "target")
		both := append(slices.Clone(all), issue.Decision{ID: "u1", At: time.Unix(100, 0), Undo: target.ID},
			issue.Decision{ID: "u2", At: time.Unix(101, 0), Undo: "u1"})
		if got, want := state(both), state(all); got != want {
			rt.Fatalf("undone and restored, there is %s, want %s", got, want)
		}
	})
}

func TestDecisionsFoldTheSameInAnyOrderAndOneByOne(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		all := drawDecisions(rt)
		want := fmt.Sprint(issue.Curate(all).Log)
		if got := fmt.Sprint(issue.Curate(rapid.Permutation(all).Draw(rt, "order")).Log); got != want {
			rt.Fatalf("in another order the log is\n%s, want\n%s", got, want)
		}
		c := issue.Curate(nil)
		for _, d := range all {
			c = c.With([]issue.Decision{d})
		}
		if got := fmt.Sprint(c.Log); got != want {
			rt.Fatalf("one by one the log is\n%s, want\n%s", got, want)
		}
	})
}

func TestTheLogTellsWhatWasAndWhatBecameOfIt(t *testing.T) {
	at := func(n int) time.Time { return time.Unix(int64(n), 0) }
	seen := func(id string) *string { return &id }
	c := issue.Curate([]issue.Decision{
		{ID: "d1", At: at(1), Rename: &issue.Rename{Issue: "i-1", Name: "甲"}, Seen: seen("")},
		{ID: "d2", At: at(2), Rename: &issue.Rename{Issue: "i-1", Name: "乙"}, Seen: seen("")},
		{ID: "d3", At: at(3), Rename: &issue.Rename{Issue: "i-2", Name: "丙"}, Seen: seen("")},
		{ID: "d4", At: at(4), Undo: "d2", Seen: seen("d3")},
		{ID: "d5", At: at(5), Rename: &issue.Rename{Issue: "i-1", Name: "丁"}, Seen: seen("d4")},
	})
	got := map[string][4]string{}
	for _, e := range c.Log {
		got[e.ID] = [4]string{e.Before.Name, e.After.Name, e.UndoneBy, e.Over}
	}
	want := map[string][4]string{
		"d1": {"", "甲", "", ""}, "d2": {"甲", "乙", "d4", "d1"}, "d3": {"", "丙", "", ""}, "d4": {"乙", "甲", "", ""}, "d5": {"甲", "丁", "", ""},
	}
	if !maps.Equal(got, want) {
		t.Errorf("the log is %v, want %v", got, want)
	}
	if on := c.Dependents("d1"); len(on) != 1 || on[0].ID != "d5" {
		t.Errorf("on d1 build %v", on)
	}
	if c.Head() != "d5" || c.Marks("i-1").Name != "丁" {
		t.Errorf("head %s, name %s", c.Head(), c.Marks("i-1").Name)
	}
}
