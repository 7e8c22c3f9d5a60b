package dashboard_test

import (
	"context"
	"time"

	"wenguo/transform/improve"
	"wenguo/transform/kpi"
)

// IssueWeeks implements dashboard.EffectReader: an issue of about nine a week that fell to a third fourteen weeks ago, and
// came back two weeks ago where it is I-0006.
func (s *sample) IssueWeeks(_ context.Context, id string, since, asOf time.Time) (improve.History, error) {
	if s.noData {
		return improve.History{Issue: id, Exposure: improve.ByComplaints}, s.fail("weeks")
	}
	h := improve.History{Issue: id, Exposure: improve.ByComplaints, Delay: 36 * time.Hour}
	if id == "I-0003" {
		h.Shifted = 4
	}
	monday := time.Date(since.Year(), since.Month(), since.Day()-(int(since.Weekday())+6)%7, 0, 0, 0, 0, sampleNow().Location())
	for i := 0; !monday.AddDate(0, 0, 7).After(asOf); i++ {
		w := improve.Week{Start: monday, Complaints: int64(7 + i*7%5), Exposure: float64(180 + i*13%29)}
		if asOf.Sub(monday) < 14*7*24*time.Hour {
			w.Complaints = int64(2 + i%3)
		}
		if id == "I-0006" && asOf.Sub(monday) < 21*24*time.Hour {
			w.Complaints = 16
		}
		w.Registered, w.Texts = w.Complaints+int64(w.Exposure), w.Complaints+int64(w.Exposure)
		w.Channels = map[string]improve.Part{"phone": {Complaints: float64(w.Complaints), Exposure: w.Exposure}}
		h.Weeks = append(h.Weeks, w)
		monday = monday.AddDate(0, 0, 7)
	}
	return h, s.fail("weeks")
}

// Burdens implements dashboard.BurdenReader.
func (s *sample) Burdens(ctx context.Context, q kpi.Query) (improve.Burdens, error) {
	out := improve.Burdens{Issues: []improve.Burden{}, Causes: []improve.Finding{}}
	if s.noData {
		return out, s.fail("burdens")
	}
	list, err := s.Issues(ctx, q)
	for i, sum := range list.Issues {
		out.Issues = append(out.Issues, improve.Burden{
			Issue: sum.ID, Name: sum.Name, Complaints: sum.Complaints, Customers: sum.Customers, Previous: sum.Previous, Rated: sum.Rated,
			Dissatisfied: int64(5 * i), Handling: float64(90000 * (i + 1)), Handled: sum.Complaints / 2, Breached: int64(9 - i%9),
		})
	}
	out.Causes = []improve.Finding{
		{Group: "people", Department: "客服中心", Step: "acknowledge", Complaints: 14},
		{Group: "people", Department: "物流部", Complaints: 3},
		{Group: "process", Department: "物流部", Step: "resolve", Complaints: 9},
		{Group: "", Department: "", Complaints: 120},
		{Group: "product", Department: "", Step: "resolve", Complaints: 2},
	}
	if err == nil {
		err = s.fail("burdens")
	}
	return out, err
}
