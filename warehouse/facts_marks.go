package warehouse

import (
	"math"

	"wenguo/transform"
)

// markColumns are the marks of facts, and the span of instants at which they count: a mark that waits for the end of a
// pause may count at any.
func markColumns(facts []fact) []any {
	all := make([][]transform.Mark, len(facts))
	first, last := make([]int64, len(facts)), make([]int64, len(facts))
	for i := range facts {
		if facts[i].deleted {
			continue
		}
		all[i] = facts[i].Marks()
		first[i], last[i] = markSpan(all[i])
	}
	texts := func(value func(transform.Mark) string) [][]string { return marked(all, value) }
	instants := func(value func(transform.Mark) int64) [][]int64 { return marked(all, value) }
	return []any{
		texts(func(m transform.Mark) string { return m.What }),
		texts(func(m transform.Mark) string { return m.Before }),
		instants(func(m transform.Mark) int64 { return ms(m.Decides) }),
		instants(func(m transform.Mark) int64 { return ms(m.At) }),
		instants(func(m transform.Mark) int64 { return ms(m.After) }),
		instants(func(m transform.Mark) int64 { return ms(m.Until) }),
		texts(func(m transform.Mark) string { return m.Calendar }),
		instants(func(m transform.Mark) int64 { return m.Left.Milliseconds() }),
		first, last,
	}
}

func markSpan(marks []transform.Mark) (first, last int64) {
	first, last = math.MaxInt64, math.MinInt64
	for _, m := range marks {
		first, last = min(first, ms(m.At)), max(last, ms(m.At))
		if m.Calendar != "" {
			last = math.MaxInt64
		}
	}
	return first, last
}

func marked[T any](all [][]transform.Mark, value func(transform.Mark) T) [][]T {
	out := make([][]T, len(all))
	for i, marks := range all {
		out[i] = make([]T, len(marks))
		for j, m := range marks {
			out[i][j] = value(m)
		}
	}
	return out
}
