package recurring_test

import (
	"cmp"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"wenguo/ingest/simulate"
	"wenguo/transform/issue"
)

// chance is a number below 100 that follows from an id.
func chance(id string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id))
	return h.Sum32() % 100
}

// sparse is a seventh of the default history, with all its issues.
func sparse(tb testing.TB) company {
	tb.Helper()
	return simulated(tb, func(day int) float64 { return simulate.Growth(day) / 7 })
}

// membersOf tells the issue of every message that is in one.
func membersOf(messages []issue.Message, issues []issue.Issue) map[string]string {
	out := map[string]string{}
	for _, is := range issues {
		for _, m := range is.Members {
			out[messages[m].ID] = is.ID
		}
	}
	return out
}

// again discovers and matches to what was known before; merged are the ids that others took over.
func again(tb testing.TB, messages []issue.Message, before map[string]string) (after map[string]string, merged map[string]bool) {
	tb.Helper()
	found := discover(tb, messages, issue.Options{Earlier: before})
	issues := issue.Match(before, messages, found.Issues)
	merged = map[string]bool{}
	for _, is := range issues {
		for _, id := range is.MergedFrom {
			merged[id] = true
		}
	}
	return membersOf(messages, issues), merged
}

// lost counts the assignments of before that changed, and the ids that are not there any more.
func lost(before, after map[string]string) (assignments int, ids map[string]bool) {
	there := map[string]bool{}
	for _, id := range after {
		there[id] = true
	}
	ids = map[string]bool{}
	for message, id := range before {
		if after[message] != id {
			assignments++
		}
		if !there[id] {
			ids[id] = true
		}
	}
	return assignments, ids
}

func TestOnePercentNewTextsMoveHardlyAny(t *testing.T) {
	all := sparse(t).messages
	before, _ := again(t, slices.DeleteFunc(slices.Clone(all), func(m issue.Message) bool { return chance(m.ID) == 0 }), nil)
	after, merged := again(t, all, before)
	moved, gone := lost(before, after)
	t.Logf("%d of %d assignments changed, %d ids were taken over", moved, len(before), len(gone))
	if float64(moved) > 0.01*float64(len(before)) {
		t.Errorf("%d of %d assignments changed", moved, len(before))
	}
	if !maps.Equal(gone, merged) || len(gone) > 3 {
		t.Errorf("%v are gone, %v of them taken over", gone, merged)
	}
	few, _ := again(t, slices.DeleteFunc(slices.Clone(all), func(m issue.Message) bool { return chance(m.ID) < 10 }), nil)
	many, merged := again(t, all, few)
	moved, gone = lost(few, many)
	t.Logf("%d of %d assignments changed by a tenth of new texts, %d ids were taken over", moved, len(few), len(gone))
	if float64(moved) > 0.05*float64(len(few)) || !maps.Equal(gone, merged) {
		t.Errorf("%d of %d assignments changed by a tenth of new texts; %v are gone, %v of them taken over", moved, len(few), gone, merged)
	}
	shuffled := slices.Clone(all)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	if got, _ := again(t, shuffled, before); !maps.Equal(got, after) {
		t.Error("another order of the messages gives other issues")
	}
}

// episodes are the messages of an issue before it was fixed and after it came back.
type episodes struct {
	name          string
	first, second []issue.Message
	// back is the first instant of the second.
	back issue.Message
}

// returned lists the true issues that were gone for six weeks or more, with at most one complaint a fortnight, and were
// there for two fortnights running before and after, with five and more: an outage of a day is none.
func (c company) returned() []episodes {
	const fortnight, fortnights = 14 * 24, 29
	start := c.messages[0].Time
	by := map[string][][]issue.Message{} // issue → fortnight → messages
	for _, m := range c.messages {
		name := c.world.Truth(m.ID)
		if by[name] == nil {
			by[name] = make([][]issue.Message, fortnights)
		}
		if bin := int(m.Time.Sub(start).Hours() / fortnight); bin >= 0 && bin < fortnights {
			by[name][bin] = append(by[name][bin], m)
		}
	}
	delete(by, "")
	var out []episodes
	for _, name := range slices.Sorted(maps.Keys(by)) {
		quiet, busy := 0, 0
		for bin, messages := range by[name] {
			switch {
			case len(messages) <= 1:
				quiet++
			case len(messages) >= 5 && quiet >= 3 && busy >= 2 && bin < 27 && len(by[name][bin+1]) >= 5:
				e := episodes{name: name, first: slices.Concat(by[name][:bin-quiet]...), second: slices.Concat(by[name][bin:]...)}
				e.back = slices.MinFunc(messages, func(a, b issue.Message) int { return a.Time.Compare(b.Time) })
				out = append(out, e)
				quiet, busy = 0, -100
			case len(messages) >= 5 && bin > 0 && len(by[name][bin-1]) >= 5:
				busy, quiet = busy+2, 0
			default:
				quiet = 0
			}
		}
	}
	return out
}

// mostly is the issue that holds most of the messages.
func mostly(of map[string]string, messages []issue.Message) string {
	count := map[string]int{}
	for _, m := range messages {
		if id := of[m.ID]; id != "" {
			count[id]++
		}
	}
	ids := slices.SortedFunc(maps.Keys(count), func(a, b string) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) })
	if len(ids) == 0 {
		return ""
	}
	return ids[0]
}

// follow cuts a history of a few returning issues and some of what belongs to none into five parts that are discovered
// one after the other, each with all before it.
func (c company) follow(tb testing.TB, chosen []episodes, others uint32) (ids []map[string]string, ends []issue.Message) {
	tb.Helper()
	names := map[string]bool{}
	for _, e := range chosen {
		names[e.name] = true
	}
	var messages []issue.Message
	for _, m := range c.messages {
		if name := c.world.Truth(m.ID); names[name] || name == "" && chance(m.ID) < others {
			messages = append(messages, m)
		}
	}
	slices.SortFunc(messages, func(a, b issue.Message) int { return a.Time.Compare(b.Time) })
	known := map[string]string{}
	for part := 1; part <= 5; part++ {
		seen := messages[:len(messages)*part/5]
		known, _ = again(tb, seen, known)
		ids, ends = append(ids, known), append(ends, seen[len(seen)-1])
	}
	return ids, ends
}

func TestWhatWasFixedAndReturnsKeepsItsID(t *testing.T) {
	c := simulated(t, simulate.Growth)
	chosen := c.returned()
	if len(chosen) < 6 {
		t.Fatalf("only %d issues return", len(chosen))
	}
	chosen = chosen[:6]
	runs, ends := c.follow(t, chosen, 6)
	judged := 0
	for _, e := range chosen {
		// The last run before it came back, if there was one since it was first seen.
		before := -1
		for k, end := range ends {
			if end.Time.Before(e.back.Time) {
				before = k
			}
		}
		if before < 0 {
			continue
		}
		was := mostly(runs[before], e.first)
		now, then := mostly(runs[4], e.second), mostly(runs[4], e.first)
		if was == "" {
			continue
		}
		judged++
		t.Logf("%s: %s, at the end %s, returned as %s", e.name, was, then, now)
		if was != now || was != then {
			t.Errorf("%s was %s, is %s, and returned as %s", e.name, was, then, now)
		}
	}
	if judged < 3 {
		t.Errorf("only %d could be judged", judged)
	}
}
