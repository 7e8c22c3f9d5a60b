package quality

import (
	"slices"
	"time"
)

// Partition is what the store holds of one partition of the bus, and whether that is everything once.
type Partition struct {
	Partition int   `json:"partition"`
	From      int64 `json:"from"`
	To        int64 `json:"to"`
	Blocks    int   `json:"blocks"`
	Stored    int64 `json:"stored"`
	Refused   int64 `json:"refused"`
	// Duplicates are rows beyond one a message; Unaccounted are offsets of [From, To) that no row stands for.
	Duplicates  int64 `json:"duplicates"`
	Unaccounted int64 `json:"unaccounted"`
	// Faults are sentences about blocks that overlap, leave a gap or hold offsets that are not theirs.
	Faults []string `json:"faults,omitempty"`
}

// OK says whether every message below To is in the store once.
func (p Partition) OK() bool { return p.Duplicates == 0 && p.Unaccounted == 0 && len(p.Faults) == 0 }

// Facts compares the facts with the events they are made from.
type Facts struct {
	// Complaints have events, Facts have a row, with or without a registration.
	Complaints int64 `json:"complaints"`
	Facts      int64 `json:"facts"`
	// Behind counts facts whose version lacks stored events.
	Behind int64 `json:"behind"`
}

// OK says whether there is a complete fact for each complaint.
func (f Facts) OK() bool { return f.Complaints == f.Facts && f.Behind == 0 }

// Sums compares the daily sums with the facts they are made from.
type Sums struct {
	// Months of registrations are summed up; Wrong are those whose sums are not those of their facts.
	Months int64 `json:"months"`
	Wrong  int64 `json:"wrong"`
	// Behind are such months while the worker is not done: it remembers events only after their sums, and sums that stand
	// there twice answer nothing until it has made them again.
	Behind int64 `json:"behind"`
}

// OK says whether every sum is right.
func (s Sums) OK() bool { return s.Wrong == 0 }

// Verification is one look at the whole store.
type Verification struct {
	// Partitions are those of the events' topic, Decisions those of the decisions'.
	Partitions []Partition `json:"partitions"`
	Decisions  []Partition `json:"decisions"`
	Facts      Facts       `json:"facts"`
	Sums       Sums        `json:"sums"`
	// At is when the look began, Took how long it was.
	At   time.Time     `json:"at,omitzero"`
	Took time.Duration `json:"-"`
}

// Exact says whether every message and every complaint was found once. Facts that are behind are work under way, not a fault
// of the store; Complete asks for them too.
func (v Verification) Exact() bool {
	fault := func(p Partition) bool { return !p.OK() }
	return v.Sums.OK() && !slices.ContainsFunc(v.Partitions, fault) && !slices.ContainsFunc(v.Decisions, fault)
}

// Complete says whether the store is exact and every complaint has a fact of all its events.
func (v Verification) Complete() bool { return v.Exact() && v.Facts.OK() }
