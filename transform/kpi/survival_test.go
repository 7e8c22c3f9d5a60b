package kpi_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"wenguo/transform/kpi"
)

func TestSurvivalOfCountsIsKaplanMeierOfTheList(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		times := rapid.SliceOfN(rapid.Int64Range(0, 30), 0, 120)
		events, censored := times.Draw(rt, "events"), times.Draw(rt, "censored")
		var waits []kpi.Waited
		for _, e := range events {
			waits = append(waits, kpi.Waited{Time: e, Replied: 1})
		}
		for _, c := range censored {
			waits = append(waits, kpi.Waited{Time: c, Censored: 1})
		}
		want, got := kpi.KaplanMeier(events, censored), kpi.SurvivalOf(waits)
		if len(got) != len(want) {
			rt.Fatalf("%d steps, want %d", len(got), len(want))
		}
		for i := range want {
			if got[i].Time != want[i].Time || math.Abs(got[i].Share-want[i].Share) > 1e-12 {
				rt.Fatalf("step %d is %v, want %v", i, got[i], want[i])
			}
		}
	})
}
