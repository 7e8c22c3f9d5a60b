package issue

import (
	"cmp"
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strings"
)

// Match gives every found issue an id: that of the earlier issue it shares most members with, or one derived from its
// earliest member. previous tells the issue each message belonged to.
// An earlier issue that fell apart lives on in its largest part; one that was taken over is named in MergedFrom.
func Match(previous map[string]string, messages []Message, found []Issue) []Issue {
	type overlap struct {
		id     string
		issue  int
		shared int
	}
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
	out := slices.Clone(found)
	taken := map[string]bool{}
	for k := range out {
		out[k].ID, out[k].MergedFrom = "", nil
	}
	for _, o := range all {
		if out[o.issue].ID == "" && !taken[o.id] {
			out[o.issue].ID, taken[o.id] = o.id, true
		}
	}
	for _, o := range all {
		if !taken[o.id] {
			out[o.issue].MergedFrom, taken[o.id] = append(out[o.issue].MergedFrom, o.id), true
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

// newID derives an id from the earliest member, so that the same discovery gives the same ids.
func newID(messages []Message, members []int, taken map[string]bool) string {
	first := slices.MinFunc(members, func(a, b int) int {
		return cmp.Or(messages[a].Time.Compare(messages[b].Time), cmp.Compare(messages[a].ID, messages[b].ID))
	})
	seed := messages[first].ID
	for {
		sum := sha256.Sum256([]byte(seed))
		id := "i-" + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:10]
		if !taken[id] {
			return id
		}
		seed += "+"
	}
}
