package dashboard

import (
	"context"
	"fmt"
	"strconv"

	"github.com/gin-gonic/gin"

	"wenguo/transform/kpi"
)

// apiCompared is the period before, zero where the store does not wholly hold it.
func (s *Server) apiCompared(ctx context.Context, v view) (kpi.Period, error) {
	fresh, err := s.deps.Reader.Freshness(ctx)
	if err != nil {
		return kpi.Period{}, fmt.Errorf("read freshness: %w", err)
	}
	if !fresh.FirstRegisteredAt.IsZero() {
		v.First = midnight(fresh.FirstRegisteredAt.In(s.cfg.Zone))
	}
	return s.reference(v).Period, nil
}

// satisfactionAnswer is what /api/v1/satisfaction says.
type satisfactionAnswer struct {
	question
	// Scores are the last ratings of the period by score, 1 to 5; Before those of the period before, null where the store
	// does not hold it.
	Scores kpi.Scores  `json:"scores"`
	Before *kpi.Scores `json:"before"`
	// Satisfaction holds participation and non-response bounds in its more; Channels the same by channel.
	Satisfaction kpi.Value            `json:"satisfaction"`
	Channels     map[string]kpi.Value `json:"channels"`
	Poor         kpi.Value            `json:"poor"`
	// Surveyed is the share of the complaints resolved in the period that were offered a survey.
	Surveyed kpi.Value `json:"surveyed"`
}

func (s *Server) apiSatisfaction(c *gin.Context) {
	answer(s, c, nil, func(ctx context.Context, v view) (satisfactionAnswer, error) {
		r, q, a := s.deps.Reader, v.query(), satisfactionAnswer{question: v.question(), Channels: map[string]kpi.Value{}}
		before, err := s.apiCompared(ctx, v)
		if err != nil {
			return a, err
		}
		voice, err := r.Voice(ctx, q, before)
		if err != nil {
			return a, err
		}
		a.Scores = voice.Now.All
		if voice.Before != nil {
			a.Before = &voice.Before.All
		}
		poor := voice.Now.All.Poor()
		a.Poor = kpi.Rate(poor.Numerator, poor.Denominator, 0, minimumShown, false)
		figures, err := r.KPIs(ctx, q, kpiSatisfaction)
		if err != nil {
			return a, err
		}
		a.Satisfaction = figures.KPIs[kpiSatisfaction]
		channels, err := r.KPIsBy(ctx, q, kpi.Channel, kpiSatisfaction)
		for name, values := range channels {
			a.Channels[name] = values[kpiSatisfaction]
		}
		if err != nil {
			return a, err
		}
		journey, err := r.Coverage(ctx, q, kpi.Period{})
		for _, p := range journey.Coverage {
			if p.Milestone == kpi.Surveyed {
				a.Surveyed = p.Reached
			}
		}
		return a, err
	})
}

// driversAnswer is what /api/v1/satisfaction/drivers says, most dissatisfied in excess first.
type driversAnswer struct {
	question
	Overall kpi.Ratio    `json:"overall"`
	Items   []kpi.Driver `json:"items"`
}

func (s *Server) apiDrivers(c *gin.Context) {
	answer(s, c, nil, func(ctx context.Context, v view) (driversAnswer, error) {
		voice, err := s.deps.Reader.Voice(ctx, v.query(), kpi.Period{})
		return driversAnswer{v.question(), voice.Now.All.Satisfied(), list(kpi.Drive(branched(voice.Now), minimumShown))}, err
	})
}

// mixAnswer is what /api/v1/satisfaction/mix says. Decomposition is null where there is nothing to compare with.
type mixAnswer struct {
	question
	By            kpi.Dimension      `json:"by"`
	Decomposition *kpi.Decomposition `json:"decomposition"`
}

func (s *Server) apiMix(c *gin.Context) {
	answer(s, c, []string{"by"}, func(ctx context.Context, v view) (mixAnswer, error) {
		by, err := mixDimension(v)
		if err != nil {
			return mixAnswer{}, err
		}
		a := mixAnswer{question: v.question(), By: by}
		before, err := s.apiCompared(ctx, v)
		if err != nil {
			return a, err
		}
		voice, err := s.deps.Reader.Voice(ctx, v.query(), before)
		if err != nil || voice.Before == nil {
			return a, err
		}
		if d, known := kpi.Decompose(mixRatios(*voice.Before, by), mixRatios(voice.Now, by)); known {
			a.Decomposition = &d
		}
		return a, nil
	})
}

func (s *Server) apiLowScores(c *gin.Context) {
	answer(s, c, []string{"limit"}, func(ctx context.Context, v view) (envelope, error) {
		limit := pageRows
		if text := v.Own.Get("limit"); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil || n < 1 || n > maxPageRows {
				return envelope{}, badField("limit", "1 到 "+strconv.Itoa(maxPageRows)+" 行")
			}
			limit = n
		}
		rows, err := s.deps.Reader.LowScores(ctx, v.query(), limit)
		return v.envelope(rows), err
	})
}

// journeyAnswer is what /api/v1/lifecycle says.
type journeyAnswer struct {
	question
	kpi.Journey
}

func (s *Server) apiJourney(c *gin.Context) {
	answer(s, c, nil, func(ctx context.Context, v view) (journeyAnswer, error) {
		before, err := s.apiCompared(ctx, v)
		if err != nil {
			return journeyAnswer{}, err
		}
		j, err := s.deps.Reader.Journey(ctx, v.query(), before)
		j.Funnel, j.Coverage, j.Stays = list(j.Funnel), list(j.Coverage), list(j.Stays)
		return journeyAnswer{v.question(), j}, err
	})
}

func (s *Server) apiMoves(c *gin.Context) {
	answer(s, c, nil, func(ctx context.Context, v view) (envelope, error) {
		moves, err := s.deps.Reader.Moves(ctx, v.query())
		return v.envelope(moves), err
	})
}
