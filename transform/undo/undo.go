// Package undo tells which decisions people took back: the one rule for issues and for improvement actions.
package undo

import "slices"

// Undoings tell which decisions are undone, by id. A decision is undone by an undoing of any instant; an undoing only by a
// later one, so that no two can undo each other. Decisions are taken in the order in which they count.
type Undoings map[string][]string

// Take learns of the next decision, which undoes another, or with an empty one nothing.
func (u Undoings) Take(id, undoes string) {
	if undoes == "" {
		return
	}
	delete(u, id)
	if undoes != id {
		u[undoes] = append(u[undoes], id)
	}
}

// By is the undoing that takes a decision back, the last one of several; "" when the decision holds.
func (u Undoings) By(id string) string {
	for _, undoing := range slices.Backward(u[id]) {
		if u.By(undoing) == "" {
			return undoing
		}
	}
	return ""
}
