package warehouse

import (
	"slices"
	"testing"
	"time"

	"wenguo/transform"
	"wenguo/transform/kpi"
)

// oftenCounted are figures that may count one complaint several times in a period.
var oftenCounted = []string{
	"confirm_on_time", "plan_on_time", "survey_on_time", "redo_on_time", "assist_on_time", "throughput", "reopen", "promise_kept",
	"handover_unnamed", "sync_lag",
}

// The list behind a number holds exactly what the number counted.
func TestListsBehindFiguresHoldWhatTheyCount(t *testing.T) {
	h := openHistory(t, 150)
	h.cluster(t)
	q := kpi.Query{From: historyStart, To: historyStart.AddDate(0, 0, 40), AsOf: historyStart.AddDate(0, 0, 75).Add(13 * time.Hour)}
	for _, q.AsOf = range []time.Time{q.AsOf, historyStart.AddDate(0, 0, 12).Add(7 * time.Hour)} {
		result, err := h.KPIs(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for id, v := range result.KPIs {
			counts := map[string]int64{transform.PartDenominator: v.N}
			entry, _ := kpi.Lookup(id)
			if entry.Unit == kpi.UnitRate || id == "first_response" || id == "sync_lag" {
				counts[transform.PartNumerator], counts[transform.PartPending] = v.Numerator, v.Pending
			}
			if entry.Unit == kpi.UnitRate || id == "first_response" || id == "sync_lag" {
				counts[transform.PartMissed] = v.Denominator - v.Numerator
			}
			if v.Anomalies != nil {
				counts[transform.PartAnomalies] = v.Anomalies.Numerator
			}
			for part, want := range counts {
				if id == "rectification" || id == "satisfaction" && part == transform.PartPending || part == transform.PartPending && want == 0 {
					continue
				}
				page, err := h.Complaints(t.Context(), transform.ComplaintFilter{
					Query: q, Scope: transform.ScopeKPI, KPI: id, Part: part, Limit: 5,
				})
				if err != nil {
					t.Errorf("%s of %s: %v", part, id, err)
					continue
				}
				often := slices.Contains(oftenCounted, id)
				if !often && page.Total != want || often && (page.Total > want || (page.Total == 0) != (want == 0)) {
					t.Errorf("%s of %s as of %s: %d complaints listed, %d counted", part, id, q.AsOf, page.Total, want)
				}
			}
		}
	}
}
