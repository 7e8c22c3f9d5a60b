package dashboard_test

import (
	"context"
	"time"

	"wenguo/ingest"
	"wenguo/transform/kpi"
	"wenguo/transform/restate"
)

func (s *sample) Publications(context.Context) ([]restate.Publication, error) {
	return s.published, s.fail("publications")
}

func (s *sample) Known(context.Context) (map[int]int64, uint32, error) {
	return map[int]int64{0: 120, 1: 99}, 3, s.fail("known")
}

func (s *sample) Arrived(_ context.Context, p restate.Publication) ([]restate.Change, bool, error) {
	return []restate.Change{{
		ComplaintID: "C-2026-000123", Kinds: []ingest.Kind{ingest.KindReopened, ingest.KindCorrected}, ArrivedAt: p.At.Add(26 * time.Hour),
		Aspects: []restate.Aspect{restate.AspectEnds, "resolve", restate.AspectValues},
	}}, true, s.fail("arrived")
}

func (s *sample) Looks(context.Context, kpi.Query) ([]kpi.Look, error) {
	return []kpi.Look{
		{ID: kpi.LookReopen, Looked: 120, Found: 18, Other: 1300, OtherFound: 52, Cases: 18},
		{ID: kpi.LookPause, Looked: 41, Found: 41, Other: 60, OtherFound: 60, Cases: 39},
		{ID: kpi.LookBot, Looked: 12, Found: 1, Other: 1500, OtherFound: 20, Cases: 1},
		{ID: kpi.LookSurvey, Looked: 200, Found: 21, Other: 900, OtherFound: 95, Cases: 21},
		{ID: kpi.LookMass},
	}, s.fail("looks")
}

// samplePublished is one published month, of which figures differ today.
func samplePublished() []restate.Publication {
	asOf := time.Date(2026, 11, 5, 0, 0, 0, 0, zone)
	return []restate.Publication{{
		ID: "p-1", At: asOf.Add(9 * time.Hour), By: "王敏", Department: "质量部", From: "2026-10-01", To: "2026-11-01", AsOf: asOf, Revision: 2,
		Offsets: map[int]int64{0: 100, 1: 80},
		Figures: restate.Figures{KPIs: map[string]kpi.Value{
			"resolve_on_time": rate(1380, 1408, 188), "completion": rate(1, 2, 0), "satisfaction": rate(419, 498, 822),
		}, Strip: kpi.Strip{Registered: 1682}},
	}}
}
