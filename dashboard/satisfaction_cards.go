package dashboard

import (
	"net/url"
	"strconv"
	"strings"

	"wenguo/transform"
	"wenguo/transform/kpi"
)

// derived is a figure that stands beside those of the catalogue and is made of their terms.
type derived struct {
	ID, Name, Formula string
	Edges             []string
	Direction         kpi.Direction
}

var (
	derivedParticipation = derived{ //nolint:gochecknoglobals // a constant
		"participation", "参评率", "已答复的回访 ÷ 期内发出的回访", []string{"按发出的回访计，一件投诉重开后可以再次发出", "没有有效评分的答复也算已答"}, kpi.Higher,
	}
	derivedPoor = derived{ //nolint:gochecknoglobals // a constant
		"poor", "差评率", "1–2 分的 ÷ 有效评分的，按评分时间计；每件投诉只计最后一次有效评分", []string{"与满意率同一批评分；3 分既不满意也不算差评"}, kpi.Lower,
	}
	derivedCoverage = derived{ //nolint:gochecknoglobals // a constant
		"coverage", "回访覆盖率", "截至时刻发出过回访的 ÷ 期内办结的投诉（最后一次办结在期内）", []string{"任何一次回访都算，不论是否答复；刚办结的可能还没有发出"}, kpi.Higher,
	}
)

// newDerived writes a derived figure as a card; before is its value in the period compared with, which is called against; nil
// where it is not known.
func newDerived(d derived, value kpi.Value, against string, before *kpi.Value) card {
	def := definition{
		Entry:       kpi.Entry{ID: d.ID, Name: d.Name, Formula: d.Formula, Unit: kpi.UnitRate, Direction: d.Direction, MinimumN: minimumShown, Edges: d.Edges},
		LowerBetter: d.Direction == kpi.Lower,
		Aim:         map[bool]string{true: "越低越好", false: "越高越好"}[d.Direction == kpi.Lower],
	}
	c := card{ID: d.ID, Name: d.Name, Formula: d.Formula, Edges: d.Edges, Target: def.Aim, Number: dash}
	if value.Value != nil {
		c.Number, c.Unit = def.write(*value.Value)
	}
	c.State, c.StateHint = stateWords[value.State], stateHints[value.State]
	c.Basis = basis(def, value)
	c.Sample, c.Range, _ = strings.Cut(c.Basis, " · 95% 区间 ")
	if before != nil {
		c.Deltas = []delta{def.compare(against, value, *before)}
	}
	c.Facts = facts(def, value)
	for _, x := range c.Deltas {
		if !x.None {
			c.Facts = append(c.Facts, fact{"较" + x.Name, strings.TrimSpace(x.Arrow + " " + x.Text)})
		}
	}
	for _, e := range d.Edges {
		c.Facts = append(c.Facts, fact{"说明", e})
	}
	return c
}

// minimumShown is the n below which a derived figure is called insufficient in its explanation.
const minimumShown = 30

// voiceCards are the five headline figures.
func voiceCards(v view, r kpi.Result, a *voiceAsked) []card {
	lines := map[string]kpi.Series{}
	for _, s := range a.series.V {
		lines[s.KPI] = s
	}
	catalogued := func(id string) card {
		c := newCard(v, id, r.KPIs[id], a.before)
		if s, ok := lines[id]; ok {
			d := define(id)
			c.Spark, c.Signal = withSignals(d, newSpark(seriesValues(s.Points), c.goal, d.Unit != kpi.UnitRate), s, v.AsOf)
			c.Facts = append(c.Facts, fact{"走势", c.Signal.Hint})
		}
		return c
	}
	satisfied := r.KPIs[kpiSatisfaction]
	first := catalogued(kpiSatisfaction)
	first.Side = participationText(satisfied)
	redo := catalogued(kpiRedo)
	if left := redo.part(transform.PartMissed); left.Count != "" {
		redo.Side = "还有 " + left.Count + " 件低分没有再处置"
	}
	return []card{first, poorCard(v, a.voice, a.against.Name), participationCard(v, satisfied, a), coverageCard(v, a.coverage, a.against.Name), redo}
}

func poorCard(v view, voice part[kpi.Voice], against string) card {
	rate := func(s kpi.Scores) kpi.Value {
		poor := s.Poor()
		return kpi.Rate(poor.Numerator, poor.Denominator, 0, minimumShown, false)
	}
	var was *kpi.Value
	if voice.V.Before != nil {
		was = new(rate(voice.V.Before.All))
	}
	c := newDerived(derivedPoor, rate(voice.V.Now.All), against, was)
	c.Behind = lists(v, nil, url.Values{"scope": {string(transform.ScopeRated)}, "score": {"1", "2"}})
	c.Side = "1 分 " + grouped(voice.V.Now.All[0]) + " 件，2 分 " + grouped(voice.V.Now.All[1]) + " 件"
	return unknown(c, voice.Failed)
}

// unknown makes a card say that its figure could not be read, rather than 0.
func unknown(c card, failed bool) card {
	if failed {
		c.Number, c.Unit, c.Side, c.Basis, c.State, c.Behind = dash, "", "", "", "没有取到", ""
	}
	return c
}

func participationCard(v view, satisfied kpi.Value, a *voiceAsked) card {
	var was *kpi.Value
	if then, ok := a.before.value(a.against.Name, kpiSatisfaction); ok {
		was = new(then.More["participation"])
	}
	now := satisfied.More["participation"]
	if now.State == "" {
		now.State = kpi.NoData
	}
	c := newDerived(derivedParticipation, now, a.against.Name, was)
	if now.N > 0 {
		c.Behind = behind(v, kpiSatisfaction, transform.PartOffered)
	}
	c.Side = "还有 " + grouped(satisfied.Pending) + " 份没有答复"
	return c
}

func coverageCard(v view, j part[kpi.Journey], against string) card {
	find := func(passages []kpi.Passage) *kpi.Value {
		for _, p := range passages {
			if p.Milestone == kpi.Surveyed {
				return &p.Reached
			}
		}
		return nil
	}
	now := kpi.Value{State: kpi.NoData}
	if found := find(j.V.Coverage); found != nil {
		now = *found
	}
	c := newDerived(derivedCoverage, now, against, find(j.V.CoverageBefore))
	own := url.Values{"scope": {string(transform.ScopeResolved)}, "step": {string(kpi.Surveyed)}}
	c.Behind = lists(v, nil, own)
	c.Side = "没有回访 " + grouped(now.N-now.Numerator) + " 件"
	return unknown(c, j.Failed)
}

// scoreBars are the last ratings by score, the best first.
type scoreBars struct {
	Rows    []scoreBar
	N, Mean string
	URL     string
	// First is the rate of first ratings, which are a figure of their own; FirstBasis its n and interval.
	First, FirstBasis string
}

// scoreBar has a width of 0 to 100, the share.
type scoreBar struct {
	Score, Count, Share, Width, URL string
	// Tone is bad for 1 and 2, warn for 3.
	Tone string
}

func newScoreBars(v view, s kpi.Scores, satisfied kpi.Value) scoreBars {
	out := scoreBars{N: grouped(s.N()), Mean: dash, URL: lists(v, nil, url.Values{"scope": {string(transform.ScopeRated)}})}
	if satisfied.Mean != nil {
		out.Mean = strconv.FormatFloat(*satisfied.Mean, 'f', 2, 64)
	}
	if first := satisfied.More["first"]; first.Value != nil {
		out.First, out.FirstBasis = percent(*first.Value)+"%", basis(coverageEntry, first)
	}
	for score := 5; score >= 1 && s.N() > 0; score-- {
		n := s[score-1]
		share := float64(n) / float64(s.N())
		out.Rows = append(out.Rows, scoreBar{
			Score: strconv.Itoa(score), Count: grouped(n), Share: percent(share) + "%", Width: num(share * 100),
			URL:  lists(v, nil, url.Values{"scope": {string(transform.ScopeRated)}, "score": {strconv.Itoa(score)}}),
			Tone: map[bool]string{true: "bad"}[score <= 2],
		})
	}
	return out
}

// boundsView says how far the silent could move the rate, of all and by channel.
type boundsView struct {
	All      boundsRow
	Channels []boundsRow
}

// boundsRow is one range; places are 0 to 100.
type boundsRow struct {
	Name said
	// Offered, Answered and Silent are surveys.
	Offered, Answered, Participation, Silent string
	// Reported is the rate among those that rated, with its interval; Low and High are what it could be.
	Reported              figure
	Low, High, Spread     string
	LowX, SpreadX, RateX  string
	SilentURL, OfferedURL string
}

func newBounds(v view, all kpi.Value, channels map[string]map[string]kpi.Value) boundsView {
	out := boundsView{All: newBoundsRow(v, said{Text: "全部渠道"}, all)}
	for _, value := range byOffered(channels) {
		w := v
		w.Slice = sliceWith(v.Slice, kpi.Channel, value)
		out.Channels = append(out.Channels, newBoundsRow(w, saidValue(kpi.Channel, value), channels[value][kpiSatisfaction]))
	}
	return out
}

func newBoundsRow(v view, name said, value kpi.Value) boundsRow {
	part, bounds := value.More["participation"], value.More["non_response"]
	row := boundsRow{
		Name: name, Offered: grouped(part.N), Answered: grouped(part.Numerator), Participation: dash, Silent: grouped(value.Pending),
		Reported: newFigure(kpiSatisfaction, value), Low: dash, High: dash, Spread: dash,
	}
	row.Reported.Tone = ""
	if part.N > 0 {
		row.OfferedURL = behind(v, kpiSatisfaction, transform.PartOffered)
	}
	if value.N > 0 {
		row.Reported.URL = behind(v, kpiSatisfaction, transform.PartDenominator)
		row.RateX = num(*value.Value * 100)
	}
	if part.Value != nil {
		row.Participation = percent(*part.Value) + "%"
	}
	if value.Pending > 0 {
		row.SilentURL = behind(v, kpiSatisfaction, transform.PartPending)
	}
	if i := bounds.Interval; i != nil && bounds.N > 0 {
		row.Low, row.High, row.Spread = percent(i[0])+"%", percent(i[1])+"%", num((i[1]-i[0])*100)
		row.LowX, row.SpreadX = num(i[0]*100), num((i[1]-i[0])*100)
	}
	return row
}
