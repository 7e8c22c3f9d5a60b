package dashboard_test

import (
	"context"
	"time"

	"wenguo/transform"
	"wenguo/transform/kpi"
)

// Voice implements dashboard.SatisfactionReader.
func (s *sample) Voice(_ context.Context, _ kpi.Query, before kpi.Period) (kpi.Voice, error) {
	if s.noData {
		return kpi.Voice{}, s.fail("voice")
	}
	product := "会员中心"
	if s.title != "" {
		product = s.title
	}
	v := kpi.Voice{Issues: map[string]string{"I-0001": "会员中心验证码收不到"}, Now: kpi.Heard{
		All: kpi.Scores{40, 27, 30, 161, 240},
		By: map[kpi.Factor]map[string]kpi.Scores{
			kpi.FactorReply:            {"late": {30, 17, 10, 21, 20}, "met": {10, 10, 20, 140, 220}},
			kpi.FactorReopened:         {"yes": {4, 2, 1, 1, 0}, "no": {36, 25, 29, 160, 240}},
			kpi.Factor(kpi.Department): {"物流部": {30, 20, 20, 80, 50}, "支付部": {10, 7, 10, 81, 190}},
			kpi.Factor(kpi.Category):   {"物流/延误": {20, 15, 10, 60, 40}, "物流/丢件": {10, 5, 10, 20, 10}, "支付/退款": {10, 7, 10, 81, 190}},
			kpi.Factor(kpi.Channel):    {"app": {30, 20, 20, 100, 140}, "phone": {10, 7, 10, 61, 100}},
			kpi.Factor(kpi.Product):    {product: {20, 20, 20, 20, 20}, "": {20, 7, 10, 141, 220}},
			kpi.Factor(kpi.Issue):      {"I-0001": {20, 20, 10, 20, 10}, "": {20, 7, 20, 141, 230}},
		},
	}}
	if !before.From.IsZero() {
		v.Before = &kpi.Heard{All: kpi.Scores{20, 20, 20, 200, 240}, By: map[kpi.Factor]map[string]kpi.Scores{
			kpi.Factor(kpi.Department): {"物流部": {10, 10, 10, 50, 20}, "支付部": {10, 10, 10, 150, 220}},
			kpi.Factor(kpi.Category):   {"物流/延误": {10, 10, 10, 50, 20}, "支付/退款": {10, 10, 10, 150, 220}},
			kpi.Factor(kpi.Channel):    {"app": {20, 20, 20, 200, 240}},
		}}
	}
	return v, s.fail("voice")
}

// passages are milestones so many complaints of a hundred came to.
func passages(n int64, reached ...int64) []kpi.Passage {
	out := make([]kpi.Passage, len(kpi.Milestones))
	for i, m := range kpi.Milestones {
		out[i] = kpi.Passage{Milestone: m, Reached: kpi.Rate(reached[i], n, 0, 30, false)}
		if reached[i] > 0 {
			out[i].Median, out[i].P90 = new(3600*float64(i)), new(7200*float64(i))
		}
	}
	return out
}

func (s *sample) Coverage(ctx context.Context, q kpi.Query, before kpi.Period) (kpi.Journey, error) {
	return s.Journey(ctx, q, before)
}

func (s *sample) LowScores(context.Context, kpi.Query, int) ([]transform.LowScore, error) {
	title := "等了三天没有人回电话"
	if s.title != "" {
		title = s.title
	}
	rows := []transform.LowScore{
		{ComplaintID: "C-2026-000123", Title: title, Category: "物流/延误", Department: "物流部", Owner: "t07", State: transform.Resolved, RatedAt: sampleNow().Add(-80 * time.Hour), Score: 1},
		{ComplaintID: "C-2026-000124", Excerpt: "只有正文", RatedAt: sampleNow().Add(-3 * time.Hour), Score: 3},
	}
	if s.noData {
		rows = nil
	}
	return rows, s.fail("low scores")
}

// Journey implements dashboard.JourneyReader.
func (s *sample) Journey(_ context.Context, _ kpi.Query, before kpi.Period) (kpi.Journey, error) {
	if s.noData {
		return kpi.Journey{Funnel: passages(0, make([]int64, 8)...), Coverage: passages(0, make([]int64, 8)...)}, s.fail("journey")
	}
	j := kpi.Journey{
		Funnel: passages(1682, 1682, 1640, 1600, 1500, 1400, 1200, 1100, 0), Coverage: passages(1422, 1422, 1420, 1410, 1400, 1390, 1422, 1300, 0),
		Plans: kpi.Rejections{
			All: kpi.Ratio{Numerator: 40, Denominator: 900}, ByDepartment: map[string]kpi.Ratio{"物流部": {Numerator: 31, Denominator: 400}},
			ByCategory: map[string]kpi.Ratio{"物流/延误": {Numerator: 20, Denominator: 300}, "物流/丢件": {Numerator: 11, Denominator: 90}},
		},
	}
	counted := map[kpi.Spending]kpi.Stay{
		kpi.SpentConfirm: {On: kpi.SpentConfirm, N: 1400, Median: 3600, P90: 20000, Total: 9e6, WorkedMedian: 1800, WorkedP90: 9000, WorkedTotal: 4e6},
		kpi.SpentResolve: {On: kpi.SpentResolve, N: 1422, Median: 90000, P90: 400000, Total: 21e6, WorkedMedian: 30000, WorkedP90: 90000, WorkedTotal: 7e6},
		kpi.SpentClosing: {On: kpi.SpentClosing, N: 1200, Median: 90000, P90: 400000, Total: 21e6, WorkedMedian: 30000, WorkedP90: 90000, WorkedTotal: 7e6},
	}
	j.Stays = kpi.Stays(counted)
	slow := counted[kpi.SpentConfirm]
	slow.Median, slow.N = 9000, 300
	j.Departments = map[string][]kpi.Stay{"物流部": kpi.Stays(map[kpi.Spending]kpi.Stay{kpi.SpentConfirm: slow, kpi.SpentResolve: counted[kpi.SpentResolve]})}
	if !before.From.IsZero() {
		j.CoverageBefore = passages(1300, 1300, 1290, 1280, 1290, 1200, 1300, 900, 0)
	}
	return j, s.fail("journey")
}

func (s *sample) Moves(context.Context, kpi.Query) ([]kpi.Move, error) {
	sender := "物流部"
	if s.title != "" {
		sender = s.title
	}
	moves := []kpi.Move{
		{From: sender, To: "支付部", Transfers: 44, Bounces: 12, Complaints: 40, Bounced: 11},
		{From: "支付部", To: sender, Transfers: 9, Complaints: 9},
		{From: "", To: "支付部", Transfers: 2, Complaints: 2},
	}
	if s.noData {
		moves = nil
	}
	return moves, s.fail("moves")
}
