package issue

import (
	"slices"
	"time"

	"wenguo/transform/undo"
)

// Author is who decided something.
type Author struct {
	ID         string `json:"id,omitempty"`
	Department string `json:"department,omitempty"`
	Role       string `json:"role,omitempty"`
}

// Rename gives an issue a name.
type Rename struct{ Issue, Name string }

// Mute takes an issue out of the stream.
type Mute struct{ Issue string }

// Own gives an issue to a department and a person; both empty take it back.
type Own struct{ Issue, Department, Owner string }

// Note is what a person wants to be known of an issue; an empty one takes it away.
type Note struct{ Issue, Note string }

// Reply is what is known of an issue and what customers are told: its cause, how to get along until it is mended, and the
// approved answer. Without all three it takes the reply back.
type Reply struct{ Issue, Cause, Workaround, Answer string }

// Act is a step of an improvement action, which package improve folds; here it is known for the log, and so that two people
// who decide about one action see each other. Issue is what the step says that the action is against.
type Act struct {
	Kind, Action, Issue string
	// Says are its fields as text, by their names.
	Says map[string]string
}

// Marks are what people said of one issue beside its grouping.
type Marks struct {
	Name       string `json:"name,omitempty"`
	Department string `json:"department,omitempty"`
	Owner      string `json:"owner,omitempty"`
	Note       string `json:"note,omitempty"`
	Muted      bool   `json:"muted,omitempty"`
	Cause      string `json:"cause,omitempty"`
	Workaround string `json:"workaround,omitempty"`
	Answer     string `json:"answer,omitempty"`
}

// Replied says whether anything is known of the issue that customers can be told.
func (m Marks) Replied() bool { return m.Cause != "" || m.Workaround != "" || m.Answer != "" }

// Facet is the part of an issue, of a complaint or of an improvement action that a decision is about. Decisions about different facets never
// contradict each other.
type Facet string

// Facets. FacetPlace is of a complaint, FacetAction of an improvement action, the others are of an issue.
const (
	FacetName   Facet = "name"
	FacetMute   Facet = "mute"
	FacetOwner  Facet = "owner"
	FacetNote   Facet = "note"
	FacetReply  Facet = "reply"
	FacetGroup  Facet = "group"
	FacetPlace  Facet = "place"
	FacetAction Facet = "action"
)

// Key is one facet of one issue, complaint or action.
type Key struct {
	Facet Facet
	ID    string
}

// Entry is one decision as the log shows it.
type Entry struct {
	Decision
	// Keys are what it changes; those of an undoing are those of what it undoes.
	Keys []Key
	// Before and After are the marks around it, as far as it is about them.
	Before, After Marks
	// UndoneBy is the undoing that takes it back today, empty while it holds.
	UndoneBy string
	// Over is a decision about the same that its author did not know of, empty when there was none or nobody told.
	Over string
}

// Curation is all that people decided about issues, in the order in which it counts.
type Curation struct {
	Log []Entry

	at     map[string]int
	latest map[Key][]int
	lists  map[Key][]Decision
	undone undo.Undoings
}

// Curate reads decisions in any order.
func Curate(decisions []Decision) Curation {
	c := Curation{at: map[string]int{}, latest: map[Key][]int{}, lists: map[Key][]Decision{}, undone: undo.Undoings{}}
	sorted := inOrder(decisions)
	byID := map[string][]Decision{}
	for _, d := range sorted {
		byID[d.ID] = append(byID[d.ID], d)
	}
	for _, d := range sorted {
		c.take(d, keysOf(d, byID, 0))
	}
	for i := range c.Log {
		c.Log[i].UndoneBy = c.undone.By(c.Log[i].ID)
	}
	return c
}

// With is the curation with further decisions; those that it holds are left out.
func (c Curation) With(more []Decision) Curation {
	var all []Decision
	for _, d := range more {
		if _, known := c.at[d.ID]; !known {
			all = append(all, d)
		}
	}
	if len(all) == 0 {
		return c
	}
	for _, e := range c.Log {
		all = append(all, e.Decision)
	}
	return Curate(all)
}

// take appends the next decision.
func (c *Curation) take(d Decision, keys []Key) {
	e := Entry{Decision: d, Keys: keys, Before: c.among(keys)}
	if d.Seen != nil {
		if since, known := c.Since(*d.Seen, keys); known && len(since) > 0 {
			e.Over = since[len(since)-1].ID
		}
	}
	c.undone.Take(d.ID, d.Undo)
	for _, k := range keys {
		if d.Undo == "" {
			c.lists[k] = append(c.lists[k], d)
		}
		c.latest[k] = append(c.latest[k], len(c.Log))
	}
	e.After = c.among(keys)
	if _, twice := c.at[d.ID]; !twice {
		c.at[d.ID] = len(c.Log)
	}
	c.Log = append(c.Log, e)
}

// maxUndoing bounds how far an undoing of undoings is followed to what it is about.
const maxUndoing = 1000

// keysOf are what a decision changes.
func keysOf(d Decision, byID map[string][]Decision, depth int) []Key {
	switch {
	case d.Merge != nil:
		keys := []Key{{FacetGroup, d.Merge.Into}}
		for _, from := range d.Merge.From {
			keys = append(keys, Key{FacetGroup, from})
		}
		return keys
	case d.Split != nil:
		return []Key{{FacetGroup, d.Split.Issue}}
	case d.Place != nil:
		return []Key{{FacetPlace, d.Place.Complaint}}
	case d.Rename != nil:
		return []Key{{FacetName, d.Rename.Issue}}
	case d.Mute != nil:
		return []Key{{FacetMute, d.Mute.Issue}}
	case d.Own != nil:
		return []Key{{FacetOwner, d.Own.Issue}}
	case d.Note != nil:
		return []Key{{FacetNote, d.Note.Issue}}
	case d.Reply != nil:
		return []Key{{FacetReply, d.Reply.Issue}}
	case d.Act != nil:
		return []Key{{FacetAction, d.Act.Action}}
	case d.Undo != "" && depth < maxUndoing:
		var keys []Key
		for _, target := range byID[d.Undo] {
			if target.ID != d.ID {
				keys = append(keys, keysOf(target, byID, depth+1)...)
			}
		}
		return keys
	}
	return nil
}

// among are the marks that the keys are about, each facet of the first key that has it.
func (c *Curation) among(keys []Key) Marks {
	var m Marks
	for _, k := range slices.Backward(keys) {
		c.mark(&m, k)
	}
	return m
}

// mark fills one facet.
func (c *Curation) mark(m *Marks, k Key) {
	d, held := c.holding(k)
	switch {
	case !held:
	case d.Rename != nil:
		m.Name = d.Rename.Name
	case d.Mute != nil:
		m.Muted = true
	case d.Own != nil:
		m.Department, m.Owner = d.Own.Department, d.Own.Owner
	case d.Note != nil:
		m.Note = d.Note.Note
	case d.Reply != nil:
		m.Cause, m.Workaround, m.Answer = d.Reply.Cause, d.Reply.Workaround, d.Reply.Answer
	}
}

// holding is the last decision about a key that is not undone.
func (c *Curation) holding(k Key) (Decision, bool) {
	for _, d := range slices.Backward(c.lists[k]) {
		if c.undone.By(d.ID) == "" {
			return d, true
		}
	}
	return Decision{}, false
}

// Marks are what holds of an issue.
func (c Curation) Marks(id string) Marks {
	var m Marks
	for _, f := range []Facet{FacetName, FacetMute, FacetOwner, FacetNote, FacetReply} {
		c.mark(&m, Key{f, id})
	}
	return m
}

// Mutes are the decisions that keep an issue out of the stream.
func (c Curation) Mutes(id string) []string {
	var out []string
	for _, d := range c.lists[Key{FacetMute, id}] {
		if c.undone.By(d.ID) == "" {
			out = append(out, d.ID)
		}
	}
	return out
}

// Holding is the decision that says what holds of a facet today.
func (c Curation) Holding(k Key) (Entry, bool) {
	d, ok := c.holding(k)
	if !ok {
		return Entry{}, false
	}
	return c.Entry(d.ID)
}

// Head is the ID of the newest decision, empty without any: what a reader of this knows of.
func (c Curation) Head() string {
	if len(c.Log) == 0 {
		return ""
	}
	return c.Log[len(c.Log)-1].ID
}

// Entry finds a decision.
func (c Curation) Entry(id string) (Entry, bool) {
	i, ok := c.at[id]
	if !ok {
		return Entry{}, false
	}
	return c.Log[i], true
}

// Since are the decisions about any of the keys that came after one, after all when it is empty; false when there is no
// such one.
func (c Curation) Since(seen string, keys []Key) ([]Entry, bool) {
	from := -1
	if seen != "" {
		var ok bool
		if from, ok = c.at[seen]; !ok {
			return nil, false
		}
	}
	var found []int
	for _, k := range keys {
		for _, i := range slices.Backward(c.latest[k]) {
			if i <= from {
				break
			}
			found = append(found, i)
		}
	}
	slices.Sort(found)
	out := []Entry{}
	for _, i := range slices.Compact(found) {
		out = append(out, c.Log[i])
	}
	return out, true
}

// KeysOf are what a new decision would change.
func (c Curation) KeysOf(d Decision) []Key {
	byID := map[string][]Decision{}
	for _, e := range c.Log {
		byID[e.ID] = append(byID[e.ID], e.Decision)
	}
	return keysOf(d, byID, 0)
}

// Dependents are the later decisions that hold and build on one: about the same facet of the same thing, or about an issue
// that a split made.
func (c Curation) Dependents(id string) []Entry {
	at, ok := c.at[id]
	if !ok {
		return nil
	}
	e := c.Log[at]
	made := map[string]bool{}
	if e.Split != nil {
		for k := range e.Split.Groups {
			made[PartID(e.Subject, e.ID, k)] = true
		}
	}
	var out []Entry
	for _, later := range c.Log[at+1:] {
		if later.Undo != "" || later.UndoneBy != "" {
			continue
		}
		onMade := later.Place != nil && made[later.Place.Issue]
		shares := slices.ContainsFunc(later.Keys, func(k Key) bool { return made[k.ID] || slices.Contains(e.Keys, k) })
		if shares || onMade {
			out = append(out, later)
		}
	}
	return out
}

// MergedInto tells which issue a person put an issue into, while that holds.
func (c Curation) MergedInto() map[string]string {
	into := map[string]string{}
	for _, e := range c.Log {
		if e.Merge == nil || e.UndoneBy != "" {
			continue
		}
		for _, from := range e.Merge.From {
			into[from] = e.Merge.Into
		}
	}
	return into
}

// When is the instant of a decision, zero when there is none of the ID.
func (c Curation) When(id string) time.Time {
	e, _ := c.Entry(id)
	return e.At
}
