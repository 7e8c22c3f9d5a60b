package issue

import (
	"cmp"
	"crypto/sha256"
	"encoding/base32"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"wenguo/transform/undo"
)

// Decision is what a person decided about issues and complaints; one of Merge, Split, Place, Rename, Mute, Own, Note, Reply,
// Act and Undo is set. The first three group complaints.
type Decision struct {
	ID, Subject string
	At          time.Time
	By          Author

	Merge  *Merge
	Split  *Split
	Place  *Place
	Rename *Rename
	Mute   *Mute
	Own    *Own
	Note   *Note
	Reply  *Reply
	Act    *Act
	// Undo names the ID of a decision that no longer holds.
	Undo string
	// Seen is the ID of the newest decision that the person knew of, empty where there was none; nil is not told.
	Seen *string

	// Held tells, by the id in the decision, what that led to when the decision was first read. Decisions name issues by
	// id, and what an id holds changes; what people saw does not.
	Held map[string]Held
}

// Merge makes issues one, which has the id Into.
type Merge struct {
	From []string
	Into string
}

// Split makes issues of groups of an issue's complaints.
type Split struct {
	Issue  string
	Groups [][]string
}

// Place puts a complaint into an issue, or with an empty one into none. Was is the issue it was in, where that is told.
type Place struct{ Complaint, Issue, Was string }

// Held is an issue as a decision found it. Of a merge and a split it has every complaint; where a single complaint is
// placed, those that stand for the issue.
type Held struct {
	// Issue is the id that the named one led to: it may have been taken over by another.
	Issue      string
	Complaints []string
}

// Issues are the ids that a decision names.
func (d Decision) Issues() []string {
	switch {
	case d.Merge != nil:
		return append(slices.Clone(d.Merge.From), d.Merge.Into)
	case d.Split != nil:
		return []string{d.Split.Issue}
	case d.Place != nil && d.Place.Issue != "":
		return []string{d.Place.Issue}
	}
	return nil
}

// Constrain folds decisions into what they ask for, in the order of their instants (of equal ones by id, then by subject),
// whatever order they are given in: where two contradict each other the later one holds. A decision that is undone, by a
// decision of any instant, does not count; an undoing that a later one undoes does not count either.
//
// A merge puts all members of the issues into one. A split puts each group into an issue of its own, apart from the others
// and from those in no group, which keep the id; where none is left, the first group keeps it. A placement puts one
// complaint into an issue, or into none.
func Constrain(decisions []Decision) Constraints {
	sorted := inOrder(decisions)
	undone := undo.Undoings{}
	for _, d := range sorted {
		undone.Take(d.ID, d.Undo)
	}
	f := decided{pins: map[string]Pin{}, apart: map[[2]string]bool{}, now: map[string]string{}}
	for _, d := range sorted {
		switch {
		case undone.By(d.ID) != "":
		case d.Merge != nil:
			f.merge(d)
		case d.Split != nil:
			f.split(d)
		case d.Place != nil:
			f.place(d)
		}
	}
	return Constraints{Pins: f.pins, Apart: slices.SortedFunc(maps.Keys(f.apart), func(a, b [2]string) int {
		return slices.Compare(a[:], b[:])
	})}
}

// inOrder sorts decisions as they count.
func inOrder(decisions []Decision) []Decision {
	return slices.SortedFunc(slices.Values(decisions), func(a, b Decision) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Subject, b.Subject))
	})
}

// decided are the constraints while decisions are folded.
type decided struct {
	pins  map[string]Pin
	apart map[[2]string]bool
	// now tells the id of an issue that a decision merged away.
	now map[string]string
}

// standing is the id that a named issue has by now.
func (f *decided) standing(d Decision, name string) string {
	if h, ok := d.Held[name]; ok && h.Issue != "" {
		name = h.Issue
	}
	for range len(f.now) {
		next, gone := f.now[name]
		if !gone {
			break
		}
		name = next
	}
	return name
}

// hold pins the complaints that nobody has put elsewhere.
func (f *decided) hold(d Decision, name, id string) {
	for _, complaint := range d.Held[name].Complaints {
		if _, pinned := f.pins[complaint]; !pinned {
			f.pins[complaint] = Pin{Issue: id, Core: id + " " + d.ID}
		}
	}
}

func (f *decided) merge(d Decision) {
	data := d.Merge
	into := f.standing(d, data.Into)
	for _, name := range append([]string{data.Into}, data.From...) {
		id := f.standing(d, name)
		f.hold(d, name, id)
		if id == into {
			continue
		}
		for complaint, pin := range f.pins {
			if pin.Issue == id {
				f.pins[complaint] = Pin{Issue: into, Core: pin.Core}
			}
		}
		for pair := range f.apart {
			if pair[0] == id || pair[1] == id {
				delete(f.apart, pair)
				other := pair[0]
				if other == id {
					other = pair[1]
				}
				f.part(into, other)
			}
		}
		f.now[id] = into
	}
}

func (f *decided) split(d Decision) {
	data := d.Split
	id := f.standing(d, data.Issue)
	listed := map[string]bool{}
	for _, group := range data.Groups {
		for _, complaint := range group {
			listed[complaint] = true
		}
	}
	left := slices.ContainsFunc(d.Held[data.Issue].Complaints, func(complaint string) bool {
		pin, pinned := f.pins[complaint]
		return !listed[complaint] && (!pinned || pin.Issue == id)
	})
	ids := []string{id}
	done := map[string]bool{}
	for k, group := range data.Groups {
		own := id
		if left || k > 0 {
			own = PartID(d.Subject, d.ID, k)
			ids = append(ids, own)
		}
		for _, complaint := range group {
			if !done[complaint] {
				done[complaint] = true
				f.pins[complaint] = Pin{Issue: own, Core: own}
			}
		}
	}
	f.hold(d, data.Issue, id)
	for i, a := range ids {
		for _, b := range ids[:i] {
			f.part(a, b)
		}
	}
}

func (f *decided) place(d Decision) {
	data := d.Place
	if data.Issue == "" {
		f.pins[data.Complaint] = Pin{}
		return
	}
	id := f.standing(d, data.Issue)
	f.hold(d, data.Issue, id)
	f.pins[data.Complaint] = Pin{Issue: id}
}

// part tells two issues apart.
func (f *decided) part(a, b string) {
	if a != b {
		f.apart[[2]string{min(a, b), max(a, b)}] = true
	}
}

// PartID is the id of a group, counted from 0, that a split makes an issue: it follows from the decision, so that it never
// changes.
func PartID(subject, decision string, group int) string {
	return idOf(subject + "/" + decision + "/" + strconv.Itoa(group))
}

// idOf is an id made from what an issue began with.
func idOf(seed string) string {
	sum := sha256.Sum256([]byte(seed))
	return "i-" + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:10]
}
