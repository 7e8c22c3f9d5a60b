package dashboard

import (
	"cmp"
	"net/url"
	"slices"

	"wenguo/transform"
	"wenguo/transform/kpi"
)

// mixUnit is what the table of mix and rate is rounded to: a hundredth of a percentage point.
const mixUnit = 0.0001

// mixView divides the change of the satisfaction rate.
type mixView struct {
	// Alone says that there is no whole period to compare with, Hidden that the reader wants none; Known that both have ratings.
	Alone, Hidden, Known bool
	// Against is what the period compared with is called.
	Against string
	Tabs    []mixTab
	Heading string
	Rows    []mixRow
	// Before, Now are the rates; the others hundredths of a percentage point with a sign.
	Before, Now, Change, Mix, Rate string
	Tone                           string
	Period                         string
	// BeforeN and NowN are the ratings.
	BeforeN, NowN string
}

type mixTab struct {
	Name, URL string
	Chosen    bool
}

type mixRow struct {
	Name                                    said
	BeforeN, BeforeRate, NowN, NowRate, URL string
	BeforeShare, NowShare                   string
	Mix, Rate, Sum                          string
	size                                    int64
}

func newMixView(v view, voice kpi.Voice, by kpi.Dimension, against earlierPeriod) mixView {
	out := mixView{Alone: voice.Before == nil, Heading: dimensionNames[by], Against: against.Name, Hidden: v.Against == againstNone}
	if !out.Alone {
		out.Period = periodText(named(periodCustom, against.Period))
	}
	for _, d := range mixDimensions {
		value := string(d)
		if d == mixDimensions[0] {
			value = ""
		}
		out.Tabs = append(out.Tabs, mixTab{"按" + dimensionNames[d], v.Set("by", value) + "#mix", d == by})
	}
	if out.Alone {
		return out
	}
	then, now := mixRatios(*voice.Before, by), mixRatios(voice.Now, by)
	d, known := kpi.Decompose(then, now)
	if out.Known = known; !known {
		return out
	}
	shown := d.Shown(mixUnit)
	out.Before, out.Now = percent(d.Before)+"%", percent(d.Now)+"%"
	out.Change, out.Mix, out.Rate = signed(shown.Change), signed(shown.Mix), signed(shown.Rate)
	out.Tone = changeTone(voice)
	all, allNow := voice.Before.All.N(), voice.Now.All.N()
	out.BeforeN, out.NowN = grouped(all), grouped(allNow)
	for i, e := range d.Effects {
		s := shown.Effects[i]
		row := mixRow{
			Name: saidValue(by, e.Value), BeforeN: grouped(e.Before.Denominator), NowN: grouped(e.Now.Denominator),
			BeforeRate: ratioText(e.Before), NowRate: ratioText(e.Now), BeforeShare: shareText(e.Before.Denominator, all), NowShare: shareText(e.Now.Denominator, allNow),
			Mix: signed(s.Mix), Rate: signed(s.Rate), Sum: signed(s.Mix + s.Rate),
			size: abs(s.Mix + s.Rate),
		}
		if e.Now.Denominator > 0 {
			row.URL = lists(v, kpi.Slice{by: {e.Value}}, url.Values{"scope": {string(transform.ScopeRated)}})
		}
		out.Rows = append(out.Rows, row)
	}
	slices.SortStableFunc(out.Rows, func(a, b mixRow) int { return cmp.Compare(b.size, a.size) })
	return out
}

// mixRatios are the satisfied by value; a category by the first level of its path, so that values do not overlap and a
// filter finds exactly them.
func mixRatios(h kpi.Heard, by kpi.Dimension) map[string]kpi.Ratio {
	if by != kpi.Category {
		return h.Ratios(kpi.Factor(by))
	}
	return kpi.Heard{By: map[kpi.Factor]map[string]kpi.Scores{kpi.Factor(by): h.Merged(kpi.Factor(by), kpi.Root)}}.Ratios(kpi.Factor(by))
}

// changeTone colours the change of the total only where chance would not bring it about.
func changeTone(voice kpi.Voice) string {
	value := func(r kpi.Ratio) kpi.Value { return kpi.Rate(r.Numerator, r.Denominator, 0, minimumShown, false) }
	e, _ := kpi.Lookup(kpiSatisfaction)
	switch kpi.Differ(e, value(voice.Now.All.Satisfied()), value(voice.Before.All.Satisfied())).Verdict {
	case kpi.Better:
		return "good"
	case kpi.Worse:
		return "bad"
	case kpi.Noise, kpi.TooFew, kpi.Unjudged:
	}
	return ""
}

func ratioText(r kpi.Ratio) string {
	if r.Denominator == 0 {
		return dash
	}
	return percent(float64(r.Numerator)/float64(r.Denominator)) + "%"
}

func shareText(n, all int64) string {
	if all == 0 {
		return dash
	}
	return percent(float64(n)/float64(all)) + "%"
}
