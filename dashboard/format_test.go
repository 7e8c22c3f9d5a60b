package dashboard

import (
	"testing"
	"time"

	"wenguo/transform"
	"wenguo/transform/kpi"
	"wenguo/transform/sla"
)

func TestFiguresAreWrittenAsPeopleReadThem(t *testing.T) {
	for want, got := range map[string]string{
		"1,234,567": grouped(1234567), "−1,000": grouped(-1000), "0": grouped(0),
		"99.9": percent(0.9996), "100.0": percent(1), "<0.1": percent(0.0001), "0.0": percent(0), "16.2": percent(0.1622),
		"42 秒": spanText(42), "42 分钟": spanText(42 * 60), "5.5 小时": spanText(5.5 * 3600), "3.0 天": spanText(3 * 86400),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestTargetIsMissedOnlyBeyondTheInterval(t *testing.T) {
	rate := func(v, low, high float64, state kpi.State) kpi.Value {
		return kpi.Value{Value: &v, Interval: &[2]float64{low, high}, N: 100, State: state}
	}
	for sentence, c := range map[string]struct {
		value kpi.Value
		tone  string
	}{
		"at the target it is met":                    {rate(.98, .95, .99, kpi.OK), "good"},
		"below, with the target inside the interval": {rate(.97, .94, .985, kpi.OK), "warn"},
		"below, with the whole interval below":       {rate(.90, .85, .94, kpi.OK), "bad"},
		"no colour below the minimum n":              {rate(.50, .20, .80, kpi.Insufficient), ""},
		"no colour while the cohort is immature":     {rate(.50, .20, .80, kpi.Immature), ""},
		"no colour without a value":                  {kpi.Value{State: kpi.NoData}, ""},
	} {
		t.Run(sentence, func(t *testing.T) {
			if tone, _ := define(kpiResolve).judge(c.value); tone != c.tone {
				t.Errorf("tone %q, want %q", tone, c.tone)
			}
		})
	}
}

func TestChangeIsColouredOnlyBeyondChance(t *testing.T) {
	for sentence, c := range map[string]struct {
		now, before int64
		arrow, tone string
	}{
		"ten more of twenty may be chance":    {30, 20, "▲", ""},
		"three times as many is not":          {60, 20, "▲", "bad"},
		"fifteen times as many":               {15, 1, "▲", "bad"},
		"a third is an improvement":           {20, 60, "▼", "good"},
		"the same is the same":                {20, 20, "＝", ""},
		"some after none is a rise from none": {3, 0, "▲", ""},
	} {
		t.Run(sentence, func(t *testing.T) {
			if d := countChange(c.now, c.before); d.Arrow != c.arrow || d.Tone != c.tone {
				t.Errorf("%+v", d)
			}
		})
	}
}

func TestGapInALineStaysAGap(t *testing.T) {
	one, two := 1.0, 2.0
	s := newSpark([]*float64{&one, &two, nil, &one, nil, &two, &one}, nil, false)
	moves := 0
	for _, r := range s.Line {
		if r == 'M' {
			moves++
		}
	}
	if moves != 3 || s.Dots == "" {
		t.Errorf("%d pieces, dots %q", moves, s.Dots)
	}
	if !newSpark([]*float64{nil, nil}, nil, false).Empty() {
		t.Error("a line without values is not empty")
	}
}

func TestCategoryBranchesSumWhatLiesBelow(t *testing.T) {
	got := branches([]kpi.Choice{{Value: "a/b/c", Count: 2}, {Value: "a/d", Count: 3}, {Value: "e", Count: 9}, {Value: "", Count: 1}})
	want := []kpi.Choice{{Value: "e", Count: 9}, {Value: "a", Count: 5}, {Value: "a/b", Count: 2}, {Value: "a/b/c", Count: 2}, {Value: "a/d", Count: 3}, {Value: "", Count: 1}}
	if len(got) != len(want) {
		t.Fatalf("%v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%d: %v, want %v", i, got[i], want[i])
		}
	}
}

func TestRibbonCoversTheWholeClock(t *testing.T) {
	start := time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC)
	run := sla.Run{Target: sla.Target{Stage: sla.Resolve, Duration: 24 * time.Hour, Calendar: sla.Natural("natural-days"), Pauses: true}, Started: start}
	for sentence, c := range map[string]struct {
		at       time.Duration
		kinds    []string
		headline string
	}{
		"what is left is drawn apart from what ran":   {6 * time.Hour, []string{"counting", "counting-left"}, "剩 18.0 小时"},
		"what came after the deadline is drawn as it": {30 * time.Hour, []string{"counting", "over"}, "已超期 6.0 小时"},
	} {
		t.Run(sentence, func(t *testing.T) {
			now := start.Add(c.at)
			card := newClockCard(transform.Complaint{}.ReadClock(run.Clock(), run.Target.Calendar, now), now)
			if len(card.Ribbon) != len(c.kinds) || card.Headline != c.headline {
				t.Fatalf("%+v", card)
			}
			for i, kind := range c.kinds {
				if card.Ribbon[i].Kind != kind {
					t.Errorf("part %d is %s", i, card.Ribbon[i].Kind)
				}
			}
		})
	}
}
