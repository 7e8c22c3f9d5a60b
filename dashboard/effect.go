package dashboard

import (
	"context"
	"errors"
	"strconv"
	"time"

	"wenguo/transform"
	"wenguo/transform/improve"
	"wenguo/transform/issue"
	"wenguo/transform/kpi"
)

// EffectReader is what the proof of an action's effect asks.
type EffectReader interface {
	// IssueWeeks are the whole weeks of the issue that an id leads to, from the one that holds since until asOf;
	// transform.ErrNotFound if there never was one of the id.
	IssueWeeks(ctx context.Context, id string, since, asOf time.Time) (improve.History, error)
}

// effectView is what templates/parts/effect.html shows: what the figures say of an action. People decide.
type effectView struct {
	Verdict, Tone, Reason, Since, Earliest, Looks, Confidence, Exposure, Done string
	// Counted says that there is something to show beside the reason.
	Counted       bool
	Before, After effectSide
	Comparisons   []effectRow
	Flags         []string
	Spread        string
	Chart         effectChart
	Weeks         []effectWeek
	// Differs says that people accepted something else; Returned that the issue came back since.
	Differs  bool
	Returned *effectReturn
	// Shifted says that complaints lie in another week than that of their registration, so that no list holds just them.
	Shifted, Delay string
	API            fileLinks
	JSON           string
}

// effectSide is one side of the comparison.
type effectSide struct{ From, To, Weeks, Complaints, URL, PerWeek, Exposure, Rate string }

// effectRow is one comparison.
type effectRow struct{ Name, Ratio, Range, Spread, Tone, Means string }

// effectWeek is one week of the table.
type effectWeek struct{ Start, Complaints, Exposure, Rate, Role string }

// effectReturn is a return in words.
type effectReturn struct{ Week, Ratio, Range, Now, Then string }

// proof is what the figures say of one action, from the store.
type proof struct {
	Action   improve.Action
	Evidence improve.Evidence
	Effect   improve.Effect
	Chart    improve.Chart
	History  improve.History
	Returned *improve.Return
}

// prove asks for the weeks of an action's issue and judges them.
func (s *Server) prove(ctx context.Context, a improve.Action, all []improve.Action, names map[string]issue.Named, asOf time.Time) (proof, error) {
	p := proof{Action: a}
	if a.Issue == "" {
		p.Effect = s.judge.Of(a, p.Evidence)
		return p, nil
	}
	var err error
	p.History, err = s.deps.Reader.IssueWeeks(ctx, a.Issue, a.Since(), asOf)
	if errors.Is(err, transform.ErrNotFound) { // people may name an issue that never was
		nobody := a
		nobody.Issue = ""
		p.Effect = s.judge.Of(nobody, p.Evidence)
		return p, nil
	}
	if err != nil {
		return p, err
	}
	leads := func(id string) string {
		if n := names[id]; n.Leads != "" {
			return n.Leads
		}
		return id
	}
	p.Evidence = a.Proof(p.History, all, leads, asOf)
	p.Effect = s.judge.Of(a, p.Evidence)
	p.Chart = improve.WeeksOf(p.Evidence, p.Effect)
	if r, back := s.judge.Returned(a, p.Evidence); back {
		p.Returned = &r
	}
	return p, nil
}

func newEffect(v view, p proof) effectView {
	e := p.Effect
	out := effectView{
		Verdict: effectNames[e.Verdict], Tone: effectTones[e.Verdict], Reason: effectReasons[e.Reason], Since: day(e.Since, v.AsOf),
		Earliest: day(e.Earliest, v.AsOf), Looks: strconv.Itoa(e.Looks) + " / " + strconv.Itoa(e.Horizon-improve.DefaultRules().First+1),
		Confidence: percent(e.Confidence) + "%", Exposure: exposureNames[e.Exposure], Done: day(p.Evidence.DoneAt, v.AsOf), Counted: len(p.Evidence.Weeks) > 0,
		Differs: p.Action.Verdict != "" && p.Action.Verdict != e.Verdict,
		API:     v.Files("actions/"+pathEscape(p.Action.ID)+"/effect", "逐周的数"), JSON: v.API("actions/" + pathEscape(p.Action.ID) + "/effect"),
	}
	exact := p.History.Shifted == 0
	out.Before, out.After = newSide(v, p, e.Before, exact), newSide(v, p, e.After, exact)
	if !exact {
		out.Shifted, out.Delay = grouped(p.History.Shifted), daysText(p.History.Delay)
	}
	for _, c := range e.Comparisons {
		out.Comparisons = append(out.Comparisons, newComparison(c))
	}
	for _, f := range e.Flags {
		out.Flags = append(out.Flags, effectFlags[f])
	}
	if e.Dispersion > 1 || e.Correlation > 0 {
		out.Spread = decimal(e.Dispersion, 1)
	}
	if r := p.Returned; r != nil {
		c := newComparison(r.Ratio)
		out.Returned = &effectReturn{
			Week: day(r.Week, v.AsOf), Ratio: c.Ratio, Range: c.Range, Now: perWeek(r.Now), Then: perWeek(r.Then),
		}
	}
	out.Chart = newEffectChart(p, v.AsOf)
	for i, w := range p.Evidence.Weeks {
		row := effectWeek{Start: day(w.Start, v.AsOf), Complaints: grouped(w.Complaints), Exposure: grouped(int64(w.Exposure)), Rate: dash}
		if w.Exposure > 0 {
			row.Rate = perHundred(float64(w.Complaints) / w.Exposure)
		}
		if i < len(e.Roles) {
			row.Role = weekRoleNames[e.Roles[i]]
		}
		out.Weeks = append(out.Weeks, row)
	}
	return out
}

func newSide(v view, p proof, w improve.Window, exact bool) effectSide {
	out := effectSide{
		From: day(w.From, v.AsOf), To: day(w.To.AddDate(0, 0, -1), v.AsOf), Weeks: strconv.Itoa(w.Weeks), Complaints: grouped(w.Complaints),
		PerWeek: perWeek(w), Exposure: grouped(int64(w.Exposure)), Rate: dash,
	}
	if rate := w.Rate(); rate != nil {
		out.Rate = perHundred(*rate)
	}
	if exact && w.Weeks > 0 && contiguous(p, w) {
		zone := v.AsOf.Location()
		out.URL = view{AsOf: v.AsOf, Fixed: v.Fixed}.With("/complaints", "from", w.From.In(zone).Format(time.DateOnly), "to", w.To.In(zone).Format(time.DateOnly), string(kpi.Issue), p.History.Issue)
	}
	return out
}

// contiguous says whether the weeks of a window are all weeks between its ends, so that a period names them.
func contiguous(p proof, w improve.Window) bool {
	n := 0
	for _, week := range p.Evidence.Weeks {
		if !week.Start.Before(w.From) && week.Start.Before(w.To) {
			n++
		}
	}
	return n == w.Weeks
}

func newComparison(c improve.Comparison) effectRow {
	out := effectRow{Name: basisNames[c.Basis], Ratio: dash, Spread: decimal(c.Dispersion, 2)}
	if c.Ratio != nil {
		out.Ratio = decimal(*c.Ratio, 2)
	}
	high := "∞"
	if c.High != nil {
		high = decimal(*c.High, 2)
	}
	out.Range = decimal(c.Low, 2) + "–" + high
	switch {
	case c.High != nil && *c.High < 1:
		out.Tone, out.Means = "good", "少了"
	case c.Low > 1:
		out.Tone, out.Means = "bad", "多了"
	case c.Low > improve.DefaultRules().Worthwhile:
		out.Tone, out.Means = "bad", "没有少到三分之一"
	default:
		out.Means = "还分不清"
	}
	return out
}

// perHundred is a rate per hundred of the exposure.
func perHundred(rate float64) string { return decimal(rate*100, 2) }

func perWeek(w improve.Window) string {
	if w.Weeks == 0 {
		return dash
	}
	return decimal(float64(w.Complaints)/float64(w.Weeks), 1)
}

func decimal(f float64, digits int) string { return strconv.FormatFloat(f, 'f', digits, 64) }

func daysText(d time.Duration) string { return decimal(d.Hours()/24, 1) }
