package dashboard_test

import (
	"context"
	"time"

	"wenguo/transform"
	"wenguo/transform/kpi"
	"wenguo/transform/quality"
)

// Quality implements dashboard.QualityReader.
func (s *sample) Quality(context.Context, kpi.Query) (quality.Report, error) {
	if err := s.fail("quality"); err != nil {
		return quality.Report{}, err
	}
	return quality.Report{
		Registered: 200, Anomalous: 3, Conflicting: 1, Provisional: 2,
		Anomalies: []quality.Count{{Name: transform.AnomalyClock + "resolve", Complaints: 2}, {Name: transform.AnomalyNegativeLag, Complaints: 1}},
		Missing:   []quality.Missing{{Dimension: kpi.Product, Complaints: 50}, {Dimension: kpi.Region}},
		Orphans:   quality.Orphans{Complaints: 4, Events: 9, OldestAt: sampleNow().Add(-3 * time.Hour), NewestAt: sampleNow()},
		Channels:  []kpi.ChannelSync{{Channel: "phone", LastAt: sampleNow().Add(-time.Minute), Arrived: 60, P50: 2 * time.Second, P95: 90 * time.Second}, {Channel: "web"}},
		Refused: []quality.Refused{{
			Reason:   quality.Reason{Class: "missing_field", Field: "event_id", Reason: "is missing: <b>send</b> one"},
			Messages: 7, FirstAt: sampleNow().Add(-time.Hour), LastAt: sampleNow().Add(-time.Minute),
		}},
	}, nil
}

func (s *sample) EachListed(ctx context.Context, f transform.ComplaintFilter, give func(transform.ComplaintRow) error) error {
	page, err := s.Complaints(ctx, f)
	for _, r := range page.Rows {
		if err := give(r); err != nil {
			return err
		}
	}
	return err
}
