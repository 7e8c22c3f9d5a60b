package issue

import "slices"

// undoings tell which decisions are undone, by ID. A decision is undone by an undoing of any instant; an undoing only by a
// later one, so that no two can undo each other. Decisions are taken in the order in which they count.
type undoings map[string][]string

// take learns of the next decision.
func (u undoings) take(d Decision) {
	if d.Undo == "" {
		return
	}
	delete(u, d.ID)
	if d.Undo != d.ID {
		u[d.Undo] = append(u[d.Undo], d.ID)
	}
}

// by is the undoing that takes a decision back, the last one of several; "" when the decision holds.
func (u undoings) by(id string) string {
	for _, undoing := range slices.Backward(u[id]) {
		if u.by(undoing) == "" {
			return undoing
		}
	}
	return ""
}
