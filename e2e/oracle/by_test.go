package oracle

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"wenguo/transform/kpi"
)

// dimensions are asked for value by value. A region is left out: nearly every complaint has its own.
var dimensions = []kpi.Dimension{
	kpi.Category, kpi.Priority, kpi.Channel, kpi.Department, kpi.Owner, kpi.Tier, kpi.Product, kpi.Level, kpi.CauseGroup, kpi.Issue,
}

// compareBy asks for the figures of every value of a dimension at once. What is told of a value is what its slice
// would tell; a category is then its path alone, without the branch below it.
func (b *bench) compareBy(t *testing.T, j *judge, q kpi.Query, d kpi.Dimension, counted *tally) {
	t.Helper()
	q.Slice = nil
	got, err := b.store.KPIsBy(t.Context(), q, d)
	if err != nil {
		t.Errorf("by %s: %v", d, err)
		return
	}
	whole := j.ask(q)
	values := map[string]bool{}
	for _, s := range whole.in {
		values[s.value(d)] = true
	}
	for value := range got {
		values[value] = true
	}
	for _, value := range slices.Sorted(maps.Keys(values)) {
		part := *whole
		part.in = slices.DeleteFunc(slices.Clone(whole.in), func(s *told) bool { return s.value(d) != value })
		part.slice = kpi.Slice{d: {value}}
		for id, figure := range figures() {
			if id == "rectification" {
				continue // asked by slice; its actions are no complaints
			}
			v, known := got[value][id]
			want := figure(&part)
			if !known && want.N == 0 && want.Pending == 0 {
				continue // what counts nothing need not be told
			}
			found, n := differences(id, v, want)
			counted.numbers.Add(int64(n))
			if len(found) > 0 {
				t.Errorf("by %s, value %q, known %v: %s: %s", d, value, known, title(q), strings.Join(found, "; "))
			}
		}
	}
}
