package transform

import (
	"slices"
	"time"

	"wenguo/transform/sla"
)

// Rules are what the fold needs beside the events. They are made once and then only read.
type Rules struct {
	// Revision rises when the content of the policy or of a calendar changes; it leads a fact's version.
	Revision uint32
	// History lists the policies in the order in which they came into force; it must not be empty. The first also holds
	// for everything before it.
	History []Applied
	// Mask hides what identifies a person in a free text.
	Mask func(string) string
	// CustomerKey turns a customer's identity into a key that tells nothing.
	CustomerKey func(string) string
}

// Applied is a policy and the instant from which it was in force.
type Applied struct {
	From     time.Time
	Revision uint32
	Policy   *sla.Policy
}

// At is the policy in force at an instant: a clock keeps the one it started under.
func (r Rules) At(t time.Time) Applied {
	in := r.History[0]
	for _, a := range r.History[1:] {
		if a.From.After(t) {
			break
		}
		in = a
	}
	return in
}

// Current is the newest policy: reporting uses its zone and its minimum n.
func (r Rules) Current() *sla.Policy { return r.History[len(r.History)-1].Policy }

// Calendar finds the calendar a clock carries, in whichever policy it stood; nil when none has it.
func (r Rules) Calendar(id string) *sla.Calendar {
	for _, a := range slices.Backward(r.History) {
		if c, ok := a.Policy.Calendar(id); ok {
			return c
		}
	}
	return nil
}

// Calendars lists every calendar that a clock may carry.
func (r Rules) Calendars() []*sla.Calendar {
	var out []*sla.Calendar
	seen := map[string]bool{}
	for _, a := range r.History {
		for _, c := range a.Policy.Calendars() {
			if !seen[c.ID()] {
				seen[c.ID()] = true
				out = append(out, c)
			}
		}
	}
	return out
}
