package warehouse

import (
	"cmp"
	"reflect"
	"slices"
	"testing"
	"time"

	"wenguo/transform"
	"wenguo/transform/kpi"
)

func registeredIn(c transform.Complaint, q kpi.Query) bool {
	return !c.RegisteredAt.Before(q.From) && c.RegisteredAt.Before(q.To)
}

func TestChoices(t *testing.T) {
	h := openHistory(t, 300)
	for name, q := range map[string]kpi.Query{
		"everything":        {From: historyStart, To: h.end, AsOf: h.end.AddDate(1, 0, 0)},
		"a week, long ago":  {From: historyStart.AddDate(0, 0, 3), To: historyStart.AddDate(0, 0, 10), AsOf: historyStart.AddDate(0, 0, 9)},
		"a filter no obeys": {From: historyStart, To: h.end, AsOf: h.end, Slice: kpi.Slice{kpi.Channel: {"phone"}}},
	} {
		want := map[kpi.Dimension]map[string]int64{}
		for _, c := range h.facts(q.AsOf) {
			for _, d := range dimensions[:len(dimensions)-1] {
				if want[d] == nil {
					want[d] = map[string]int64{}
				}
				if registeredIn(c, q) {
					want[d][dimension(c, d, nil)]++
				}
			}
		}
		got, err := h.Choices(t.Context(), q)
		if err != nil {
			t.Fatal(name, err)
		}
		for _, d := range dimensions {
			var sorted []kpi.Choice
			for value, n := range want[d] {
				sorted = append(sorted, kpi.Choice{Value: value, Count: n})
			}
			slices.SortFunc(sorted, func(a, b kpi.Choice) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value)) })
			if !reflect.DeepEqual(got[d], sorted) {
				t.Errorf("%s: %s: got %v, want %v", name, d, got[d], sorted)
			}
		}
	}
}

func TestHeat(t *testing.T) {
	h := openHistory(t, 300)
	q := kpi.Query{From: historyStart, To: h.end, AsOf: h.end, Slice: kpi.Slice{kpi.Channel: {"phone", "web"}}}
	want := map[kpi.HeatCell]int64{}
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range h.facts(q.AsOf) {
		if channel := dimension(c, kpi.Channel, nil); registeredIn(c, q) && (channel == "phone" || channel == "web") {
			local := c.RegisteredAt.In(zone)
			want[kpi.HeatCell{Weekday: (int(local.Weekday())+6)%7 + 1, Hour: local.Hour()}]++
		}
	}
	cells, err := h.Heat(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	got := map[kpi.HeatCell]int64{}
	for _, c := range cells {
		got[kpi.HeatCell{Weekday: c.Weekday, Hour: c.Hour}] = c.Count
	}
	if len(got) < 20 || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
