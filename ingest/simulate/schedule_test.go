package simulate

import (
	"maps"
	"slices"
	"testing"
)

func TestAnIssueAlwaysSurges(t *testing.T) {
	w := world(t, config(11))
	for day := range 800 {
		rising := false
		today, before := w.plan.surges(day), w.plan.surges(day-5)
		for issue, share := range today {
			if w.plan.courses[issue].chronic {
				t.Fatalf("day %d: chronic issue %d surges", day, issue)
			}
			rising = rising || share > before[issue]
		}
		if !rising {
			t.Fatalf("day %d: no issue grows", day)
		}
	}
}

func TestIssuesSwellAreFixedAndComeBack(t *testing.T) {
	w := world(t, config(11))
	fixed, returned := 0, 0
	for i, c := range w.plan.courses {
		if c.chronic {
			continue
		}
		peak := 0.0
		for day := range 400 {
			peak = max(peak, w.plan.level(i, day))
		}
		up, down, again := false, false, false
		for day := range 400 {
			switch level := w.plan.level(i, day); {
			case level > .7*peak && down:
				again = true
			case level > .7*peak:
				up = true
			case up && level < .08*peak:
				down = true
			}
		}
		if down {
			fixed++
		}
		if again {
			returned++
		}
	}
	if n := len(w.plan.courses); fixed < n/3 {
		t.Errorf("only %d of %d issues are fixed within 400 days", fixed, n)
	}
	if returned < 2 {
		t.Errorf("%d issues come back within 400 days", returned)
	}
}

func TestSharesOfADayStayBelowTheirLimit(t *testing.T) {
	w := world(t, config(5))
	for day := range 500 {
		sum := 0.0
		for _, p := range w.plan.shares(day) {
			if p < 0 {
				t.Fatalf("day %d: negative share", day)
			}
			sum += p
		}
		if sum > recurringMost+1e-9 || sum < .15 {
			t.Fatalf("day %d: issues have %.2f of all", day, sum)
		}
	}
}

func TestSurgesMoveFromIssueToIssue(t *testing.T) {
	w := world(t, config(5))
	for k := range 60 {
		if w.plan.surging(k) == w.plan.surging(k+1) {
			t.Fatalf("surges %d and %d are of one issue", k, k+1)
		}
	}
	seen := map[int]bool{}
	for k := range 60 {
		seen[w.plan.surging(k)] = true
	}
	if len(seen) < 15 {
		t.Fatalf("60 surges touch only the issues %v", slices.Sorted(maps.Keys(seen)))
	}
}
