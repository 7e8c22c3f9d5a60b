package improve_test

import (
	"math"
	"slices"
	"testing"

	"wenguo/transform/improve"
)

func TestRanking(t *testing.T) {
	list := []improve.Burden{
		{Issue: "many", Customers: 40, Complaints: 40, Previous: 50, Dissatisfied: 2, Handling: 100},
		{Issue: "rising", Customers: 10, Complaints: 30, Previous: 10, Dissatisfied: 4, Handling: 400, Breached: 5},
		{Issue: "small", Customers: 4, Complaints: 4, Previous: 4},
		{Issue: "quiet"},
	}
	for name, tt := range map[string]struct {
		weights improve.Weights
		order   []string
		first   float64
	}{
		"only customers":     {improve.Weights{improve.ByCustomers: 5}, []string{"many", "rising", "small", "quiet"}, 1},
		"only the trend":     {improve.Weights{improve.ByTrend: 1}, []string{"rising", "many", "small", "quiet"}, 1},
		"as shipped":         {improve.DefaultWeights(), []string{"rising", "many", "small", "quiet"}, (3*.25 + 2 + 2 + 1 + 2) / 10},
		"without any weight": {improve.Weights{}, []string{"many", "rising", "small", "quiet"}, 0},
		"of equal scores that with more customers": {improve.Weights{improve.ByCustomers: 10, improve.ByHandling: 10}, []string{"many", "rising", "small", "quiet"}, .625},
	} {
		t.Run(name, func(t *testing.T) {
			var order []string
			got := improve.Rank(list, tt.weights)
			for _, r := range got {
				order = append(order, r.Issue)
			}
			if !slices.Equal(order, tt.order) || math.Abs(got[0].Score-tt.first) > 1e-12 {
				t.Errorf("%q, the first with %v; want %q with %v", order, got[0].Score, tt.order, tt.first)
			}
		})
	}
	if got := improve.Rank(list, improve.DefaultWeights()); got[1].Points[improve.ByTrend] != 0 {
		t.Error("a falling trend must add nothing")
	}
}
