package oracle

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"wenguo/transform/kpi"
)

// shrink finds a region in which alone the figure still differs, and names its complaints: most have one of their own.
func (b *bench) shrink(t *testing.T, j *judge, query kpi.Query, id string) (lines []string, complaints []string) {
	t.Helper()
	seen := map[string]bool{}
	for _, s := range j.ask(query).in {
		seen[s.value(kpi.Region)] = true
	}
	ask := func(regions []string) []string {
		narrow := query
		narrow.Slice = maps.Clone(query.Slice)
		if narrow.Slice == nil {
			narrow.Slice = kpi.Slice{}
		}
		narrow.Slice[kpi.Region] = regions
		got, err := b.store.KPIs(t.Context(), narrow, id)
		if err != nil {
			t.Fatal(err)
		}
		found, _ := differences(id, got.KPIs[id], figures()[id](j.ask(narrow)))
		return found
	}
	regions := slices.Sorted(maps.Keys(seen))
	for len(regions) > 1 {
		half := len(regions) / 2
		switch {
		case len(ask(regions[:half])) > 0:
			regions = regions[:half]
		case len(ask(regions[half:])) > 0:
			regions = regions[half:]
		default:
			return []string{"no half of the regions differs alone"}, nil
		}
	}
	for _, s := range j.stories(query.AsOf.UnixMilli()) {
		if s.value(kpi.Region) == regions[0] {
			complaints = append(complaints, s.id)
		}
	}
	return ask(regions), complaints
}

// trace reports a difference by the complaint that makes it.
func (b *bench) trace(t *testing.T, j *judge, q kpi.Query, id string) {
	t.Helper()
	lines, who := b.shrink(t, j, q, id)
	t.Logf("%s comes from %v: %s", id, who[:min(len(who), 5)], strings.Join(lines, "; "))
	for _, s := range j.stories(q.AsOf.UnixMilli()) {
		if len(who) > 0 && s.id == who[0] {
			s.recount(t)
		}
	}
}

// recount writes a complaint's events down for whoever looks for the fault.
func (s *told) recount(t *testing.T) {
	t.Helper()
	for _, h := range s.everything() {
		t.Logf("    %s %-3s %-16s %-10s round %d open %v acts %v %+v", clockTime(h.at), h.id, h.kind, h.role, h.round+1, h.open, h.acts, h.data)
	}
	for _, c := range s.clocks {
		t.Logf("    clock %-11s from %s due %s %v", c.stage, clockTime(c.start), clockTime(c.due), c.verdict)
	}
}

func clockTime(ms instant) string {
	return at(ms + zoneOffset).Format("2006-01-02T15:04:05.000")
}
