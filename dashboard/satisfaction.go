package dashboard

import (
	"context"
	"net/http"
	"slices"
	"sync"

	"github.com/gin-gonic/gin"

	"wenguo/transform"
	"wenguo/transform/kpi"
)

// SatisfactionReader is what the page of satisfaction asks beside key figures.
type SatisfactionReader interface {
	// Voice is what the last ratings of the period say, and of the period before; a zero period before is not asked.
	Voice(ctx context.Context, q kpi.Query, before kpi.Period) (kpi.Voice, error)
	// Coverage says in which share of the complaints resolved in either period each milestone was recorded.
	Coverage(ctx context.Context, q kpi.Query, before kpi.Period) (kpi.Journey, error)
	// LowScores are complaints with a score of 1 to 3 in the period that nobody took up again, oldest score first.
	LowScores(ctx context.Context, q kpi.Query, limit int) ([]transform.LowScore, error)
}

const (
	kpiRedo        = "dissatisfied_redo"
	kpiReopen      = "reopen"
	kpiRepeatIssue = "repeat_issue"
	kpiContact     = "first_contact"
	kpiVerified    = "verified_ok"
	kpiBounce      = "bounce"
)

// voiceKPIs are what the catalogue holds on the customer's voice.
var voiceKPIs = []string{kpiSatisfaction, kpiRedo, kpiVerified, kpiReopen, kpiRepeat} //nolint:gochecknoglobals // a constant list

// comparingKPIs are further ones that compare complaints with each other; for these the page asks no other period.
var comparingKPIs = []string{kpiContact, kpiRepeatIssue} //nolint:gochecknoglobals // a constant list

// shownLow is how many low scores the page shows; the list holds all.
const shownLow = 12

// satisfactionPage is what templates/satisfaction.html shows.
type satisfactionPage struct {
	frame

	// Empty says that nobody rated and nobody was asked in the period.
	Empty            bool
	DataFrom, DataTo string

	Cards   part[[]card]
	More    part[[]card]
	Scores  part[scoreBars]
	Bounds  part[boundsView]
	Drivers part[driversView]
	Mix     part[mixView]
	Low     part[lowView]
	Before  []fact
}

// voiceAsked are the answers that the page is made of.
type voiceAsked struct {
	result   part[kpi.Result]
	before   *before
	against  earlierPeriod
	series   part[[]kpi.Series]
	voice    part[kpi.Voice]
	coverage part[kpi.Journey]
	channels part[map[string]map[string]kpi.Value]
	low      part[[]transform.LowScore]
	further  part[kpi.Result]
}

func (s *Server) satisfaction(c *gin.Context) {
	f, err := s.begin(c, "满意度", "/satisfaction", "by")
	if err != nil {
		s.fail(c, err)
		return
	}
	by, err := mixDimension(f.View)
	if err != nil {
		s.fail(c, err)
		return
	}
	ctx, r, q := c.Request.Context(), s.deps.Reader, f.View.query()
	var wg sync.WaitGroup
	var choices part[map[kpi.Dimension][]kpi.Choice]
	var a voiceAsked
	a.against = s.reference(f.View)
	previous := a.against.Period
	ask(s, &wg, "filters", &choices, func() (map[kpi.Dimension][]kpi.Choice, error) { return r.Choices(ctx, q) })
	ask(s, &wg, "ratings", &a.voice, func() (kpi.Voice, error) { return r.Voice(ctx, q, previous) })
	ask(s, &wg, "survey coverage", &a.coverage, func() (kpi.Journey, error) { return r.Coverage(ctx, q, previous) })
	ask(s, &wg, "non-response", &a.channels, func() (map[string]map[string]kpi.Value, error) {
		return r.KPIsBy(ctx, q, kpi.Channel, kpiSatisfaction)
	})
	ask(s, &wg, "low scores", &a.low, func() ([]transform.LowScore, error) { return r.LowScores(ctx, q, shownLow) })
	ask(s, &wg, "figures that compare complaints", &a.further, func() (kpi.Result, error) {
		return r.KPIs(ctx, q, comparingKPIs...)
	})
	ask(s, &wg, "lines", &a.series, func() ([]kpi.Series, error) {
		return r.Series(ctx, q, f.View.step(), kpiSatisfaction, kpiRedo)
	})
	a.before = s.askFigures(ctx, &wg, f.View, &a.result, voiceKPIs...)
	wg.Wait()

	p := satisfactionPage{frame: f, Before: a.before.texts()}
	p.Menus = menus(f.View, choices.V)
	p.fill(&a, by)
	s.render(c, http.StatusOK, "satisfaction", p)
}

// earlierPeriod is what ratings and milestones are compared with; a zero period is nothing.
type earlierPeriod struct {
	Name   string
	Period kpi.Period
}

// reference is the period that the address compares with, the one before unless it names another; zero where it names none,
// where the store does not wholly hold it, and where it reaches into the view's own.
func (s *Server) reference(v view) earlierPeriod {
	want := kpi.Reference(v.Against)
	if want == "" {
		want = kpi.Previous
	}
	from, to := s.deps.Reader.Baseline()
	p, declared := v.Period.span().References(kpi.Period{From: from, To: to}, s.cfg.Zone)[want]
	if !declared || !v.holds(named(periodCustom, p)) || p.To.After(v.Period.From) {
		return earlierPeriod{}
	}
	for _, r := range references {
		if r.of == want {
			return earlierPeriod{r.name, p}
		}
	}
	return earlierPeriod{}
}

func (p *satisfactionPage) fill(a *voiceAsked, by kpi.Dimension) {
	v := p.View
	satisfied := a.result.V.KPIs[kpiSatisfaction]
	p.Empty = !a.result.Failed && satisfied.N == 0 && satisfied.More["participation"].N == 0 && !a.voice.Failed && a.voice.V.Now.All.N() == 0
	p.DataFrom, p.DataTo = p.dataDays()
	p.Cards = convert(a.result, func(r kpi.Result) []card { return voiceCards(v, r, a) })
	p.More = convert(a.result, func(r kpi.Result) []card {
		var out []card
		for _, id := range []string{kpiVerified, kpiContact, kpiReopen, kpiRepeat, kpiRepeatIssue} {
			value, known := r.KPIs[id]
			if !known {
				value, known = a.further.V.KPIs[id]
			}
			if known {
				out = append(out, newCard(v, id, value, a.before))
			}
		}
		return out
	})
	p.Scores = convert(a.voice, func(voice kpi.Voice) scoreBars { return newScoreBars(v, voice.Now.All, satisfied) })
	p.Bounds = convert(a.result, func(kpi.Result) boundsView { return newBounds(v, satisfied, a.channels.V) })
	p.Drivers = convert(a.voice, func(voice kpi.Voice) driversView { return newDrivers(v, voice.Now, voice.Issues) })
	p.Mix = convert(a.voice, func(voice kpi.Voice) mixView { return newMixView(v, voice, by, a.against) })
	p.Low = convert(a.low, func(rows []transform.LowScore) lowView { return newLow(v, rows, a.result.V.KPIs[kpiRedo]) })
}

// dataDays are the days of the first and last registration, empty without any.
func (f frame) dataDays() (from, to string) {
	if f.Fresh.FirstRegisteredAt.IsZero() {
		return "", ""
	}
	return dateOrInstant(midnight(f.Fresh.FirstRegisteredAt.In(f.Now.Location()))), dateOrInstant(midnight(f.Fresh.LastRegisteredAt.In(f.Now.Location())))
}

// mixDimensions are those by which a change may be divided, in the order of the page.
var mixDimensions = []kpi.Dimension{kpi.Department, kpi.Category, kpi.Channel} //nolint:gochecknoglobals // a constant list

// mixDimension reads by=.
func mixDimension(v view) (kpi.Dimension, error) {
	by := kpi.Dimension(v.Own.Get("by"))
	if by == "" {
		return kpi.Department, nil
	}
	if !slices.Contains(mixDimensions, by) {
		return "", badField("by", "可用 department、category、channel")
	}
	return by, nil
}
