package warehouse

import "wenguo/transform"

// journeyColumns are what complaints came to, what their time was spent on, and when what they are about happened.
func journeyColumns(facts []fact) []any {
	milestones := func(f *fact) []transform.Reached { return f.Milestones }
	spent := func(f *fact) []transform.Spent { return f.Spent }
	return []any{
		nested(facts, milestones, func(r transform.Reached) string { return string(r.Milestone) }),
		nested(facts, milestones, func(r transform.Reached) int64 { return ms(r.At) }),
		nested(facts, spent, func(s transform.Spent) string { return string(s.On) }),
		nested(facts, spent, func(s transform.Spent) int64 { return s.Took.Milliseconds() }),
		nested(facts, spent, func(s transform.Spent) int64 { return s.Worked.Milliseconds() }),
		column(facts, func(f *fact) int64 { return ms(f.IncidentAt) }),
	}
}
