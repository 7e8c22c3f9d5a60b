package issue

import (
	"cmp"
	"maps"
	"slices"
)

// Match gives every found issue an id: the one that people decided, else that of the earlier issue it shares most members
// with, else one derived from its earliest member. previous tells the issue each message belonged to.
// An earlier issue that fell apart lives on in its largest part; the others name it in SplitFrom. One that was taken over is
// named in MergedFrom of the issue with most of its members. So every earlier issue that has a member in some issue leads
// somewhere.
func Match(previous map[string]string, messages []Message, found []Issue) []Issue {
	all := overlaps(previous, messages, found)
	out := slices.Clone(found)
	taken := map[string]bool{}
	for k := range out {
		out[k].MergedFrom, out[k].SplitFrom = nil, nil
		if out[k].ID != "" {
			taken[out[k].ID] = true
		}
	}
	for _, o := range all {
		if out[o.issue].ID == "" && !taken[o.id] {
			out[o.issue].ID, taken[o.id] = o.id, true
		}
	}
	lives, known := maps.Clone(taken), map[string]bool{}
	for _, o := range all {
		known[o.id] = true
	}
	for _, o := range all {
		switch {
		case !taken[o.id]:
			out[o.issue].MergedFrom, taken[o.id] = append(out[o.issue].MergedFrom, o.id), true
		case !known[out[o.issue].ID] && lives[o.id] && o.shared > 1:
			out[o.issue].SplitFrom = append(out[o.issue].SplitFrom, o.id)
		}
	}
	for k := range out {
		if out[k].ID == "" {
			out[k].ID = newID(messages, out[k].Members, taken)
			taken[out[k].ID] = true
		}
	}
	return out
}

// overlap is how many members a found issue shares with an earlier one.
type overlap struct {
	id     string
	issue  int
	shared int
}

// overlaps are ordered by the members shared, most first.
func overlaps(previous map[string]string, messages []Message, found []Issue) []overlap {
	var all []overlap
	for k, is := range found {
		count := map[string]int{}
		for _, m := range is.Members {
			if id := previous[messages[m].ID]; id != "" {
				count[id]++
			}
		}
		for id, n := range count {
			all = append(all, overlap{id, k, n})
		}
	}
	slices.SortFunc(all, func(x, y overlap) int {
		return cmp.Or(cmp.Compare(y.shared, x.shared), cmp.Compare(x.id, y.id), cmp.Compare(x.issue, y.issue))
	})
	return all
}

// newID derives an id from the earliest member, so that the same discovery gives the same ids.
func newID(messages []Message, members []int, taken map[string]bool) string {
	first := slices.MinFunc(members, func(a, b int) int {
		return cmp.Or(messages[a].Time.Compare(messages[b].Time), cmp.Compare(messages[a].ID, messages[b].ID))
	})
	seed := messages[first].ID
	for {
		if id := idOf(seed); !taken[id] {
			return id
		}
		seed += "+"
	}
}
