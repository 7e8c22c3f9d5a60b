package kpi

// A mark is one thing of a complaint that a key figure counts, at the instant whose period counts it. Facts carry their
// marks, so that every figure made of counts is a sum of marks, whether it is read from facts or from daily sums.

// Marks of a complaint as such, at its registration. MarkCounted leaves out the merged: it is what rates ÷ registered
// divide by.
const (
	MarkRegistered  = "registered"
	MarkCounted     = "counted"
	MarkEscalated   = "escalated"
	MarkSelfService = "self_service"
	MarkCompleted   = "completed"
	MarkLate        = "completion.late"
	MarkWaiting     = "completion.waiting"
	MarkMissed      = "missed"
	MarkUnanswered  = "missed.waiting"
	// MarkOverdue is an open complaint past its resolve clock's due.
	MarkOverdue = "overdue"
)

// Marks of rounds, at their beginning or end. The first beginning is the registration.
const (
	MarkReopened       = "reopened"
	MarkResolved       = "ended.resolved"
	MarkWithdrawn      = "ended.withdrawn"
	MarkMerged         = "ended.merged"
	MarkReturned       = "reopen.yes"
	MarkStood          = "reopen.no"
	MarkReopenYoung    = "reopen.young"
	MarkContactOne     = "contact.one"
	MarkContactMore    = "contact.more"
	MarkContactYoung   = "contact.young"
	MarkContactSpoiled = "contact.spoiled"
)

// Marks of the way through the departments.
const (
	MarkDispatched = "dispatched"
	MarkDeviated   = "deviated"
	MarkBounced    = "bounced"
	MarkNamed      = "handover.named"
	MarkUnnamed    = "handover.unnamed"
	MarkCovered    = "closed.covered"
	MarkUncovered  = "closed.uncovered"
)

// Marks of promises and of what customers say. A rating's mark ends with its score.
const (
	MarkKept        = "promise.kept"
	MarkBroken      = "promise.broken"
	MarkPromised    = "promise.pending"
	MarkRated       = "rated."
	MarkRatedFirst  = "rated_first."
	MarkSilent      = "survey.silent"
	MarkAnswered    = "survey.answered"
	MarkSatisfied   = "survey.satisfied"
	MarkRedone      = "low.redone"
	MarkLeft        = "low.left"
	MarkAccepted    = "verified.yes"
	MarkNotAccepted = "verified.no"
)

// Marks that only the comparison of complaints gives.
const (
	MarkRepeat = "repeat"
)

// Endings of a clock's marks, behind the stage.
const (
	ClockMet     = ".met"
	ClockLate    = ".late"
	ClockPending = ".pending"
	ClockAnomaly = ".anomaly"
)

// Term is a mark that a count adds up, so many times.
type Term struct {
	Mark  string
	Times int64
}

func once(marks ...string) []Term {
	terms := make([]Term, len(marks))
	for i, m := range marks {
		terms[i] = Term{m, 1}
	}
	return terms
}

func rated(prefix string, times func(score int64) int64) []Term {
	var terms []Term
	for score := range int64(6) {
		if n := times(score); score > 0 && n > 0 {
			terms = append(terms, Term{prefix + string(rune('0'+score)), n})
		}
	}
	return terms
}

func each(int64) int64    { return 1 }
func value(s int64) int64 { return s }
func good(s int64) int64 {
	if s >= 4 {
		return 1
	}
	return 0
}

// Terms are the counts of an entry by name, as Answer reads them, each with the marks it adds up; nil for an entry that
// is not made of marks alone.
func (e Entry) Terms() map[string][]Term {
	if e.Query == "on_time" {
		return map[string][]Term{
			"numerator": once(e.Stage + ClockMet), "denominator": once(e.Stage+ClockMet, e.Stage+ClockLate),
			"pending": once(e.Stage + ClockPending), "anomalous": once(e.Stage + ClockAnomaly), "registered": once(MarkCounted),
		}
	}
	switch e.ID {
	case "completion":
		return ratio(once(MarkCompleted), once(MarkCompleted, MarkLate, MarkWaiting), once(MarkWaiting))
	case "missed":
		return ratio(once(MarkMissed), once(MarkCounted), once(MarkUnanswered))
	case "escalation":
		return ratio(once(MarkEscalated), once(MarkCounted), nil)
	case "self_service":
		return ratio(once(MarkSelfService), once(MarkCounted), nil)
	case "repeat":
		return ratio(once(MarkRepeat), once(MarkCounted), nil)
	case "reopen":
		return ratio(once(MarkReturned), once(MarkReturned, MarkStood), once(MarkReopenYoung))
	case "first_contact":
		one := append(once(MarkContactOne), Term{MarkContactSpoiled, -1})
		return ratio(one, once(MarkContactOne, MarkContactMore), once(MarkContactYoung))
	case "deviation":
		return ratio(once(MarkDeviated), once(MarkDispatched), nil)
	case "bounce":
		return ratio(once(MarkBounced), once(MarkDispatched), nil)
	case "handover_unnamed":
		return ratio(once(MarkUnnamed), once(MarkNamed, MarkUnnamed), nil)
	case "step_coverage":
		return ratio(once(MarkCovered), once(MarkCovered, MarkUncovered), nil)
	case "promise_kept":
		return ratio(once(MarkKept), once(MarkKept, MarkBroken), once(MarkPromised))
	case "verified_ok":
		return ratio(once(MarkAccepted), once(MarkAccepted, MarkNotAccepted), nil)
	case "dissatisfied_redo":
		return ratio(once(MarkRedone), once(MarkRedone, MarkLeft), nil)
	case "satisfaction":
		return map[string][]Term{
			"numerator": rated(MarkRated, good), "denominator": rated(MarkRated, each), "sum": rated(MarkRated, value),
			"first_numerator": rated(MarkRatedFirst, good), "first_denominator": rated(MarkRatedFirst, each),
			"first_sum": rated(MarkRatedFirst, value), "offered": once(MarkSilent, MarkAnswered, MarkSatisfied),
			"answered": once(MarkAnswered, MarkSatisfied), "satisfied": once(MarkSatisfied),
		}
	}
	return nil
}

func ratio(numerator, denominator, pending []Term) map[string][]Term {
	return map[string][]Term{"numerator": numerator, "denominator": denominator, "pending": pending}
}

// Marks lists the marks that an entry adds up, none twice.
func (e Entry) Marks() []string {
	seen := map[string]bool{}
	var marks []string
	for _, terms := range e.Terms() {
		for _, t := range terms {
			if !seen[t.Mark] {
				seen[t.Mark] = true
				marks = append(marks, t.Mark)
			}
		}
	}
	return marks
}

// Counts adds up marks to an entry's counts.
func (e Entry) Counts(marks map[string]int64) Counts {
	c := Counts{}
	for name, terms := range e.Terms() {
		for _, t := range terms {
			c[name] += t.Times * marks[t.Mark]
		}
	}
	return c
}

// StripMarks are the terms of the reconciliation strip; Open is how a mark changes what is open.
var StripMarks = map[string]int64{ //nolint:gochecknoglobals // a constant table
	MarkRegistered: 1, MarkReopened: 1, MarkResolved: -1, MarkWithdrawn: -1, MarkMerged: -1,
}
