package dashboard

import (
	"context"
	"time"

	"github.com/gin-gonic/gin"

	"wenguo/transform"
	"wenguo/transform/kpi"
)

// dueAnswer is the board of open clocks as JSON.
type dueAnswer struct {
	AsOf     time.Time             `json:"as_of"`
	Slice    kpi.Slice             `json:"slice"`
	Counts   []transform.DueCount  `json:"counts"`
	Overdue  []transform.OpenClock `json:"overdue"`
	Upcoming []transform.OpenClock `json:"upcoming"`
	// NextOverdue and NextUpcoming continue the lists as late_after and next_after; empty at their ends.
	NextOverdue  string `json:"next_overdue,omitempty"`
	NextUpcoming string `json:"next_upcoming,omitempty"`
}

func (s *Server) apiDue(c *gin.Context) {
	answer(s, c, append([]string{"limit"}, timelinessOwn...), func(ctx context.Context, v view) (dueAnswer, error) {
		f, err := parseDue(v)
		if err != nil {
			return dueAnswer{}, err
		}
		b, err := s.deps.Reader.Due(ctx, f)
		a := dueAnswer{
			AsOf: v.AsOf, Slice: v.Slice, Counts: append([]transform.DueCount{}, b.Counts...),
			Overdue: append([]transform.OpenClock{}, b.Overdue...), Upcoming: append([]transform.OpenClock{}, b.Upcoming...),
		}
		if b.MoreOverdue {
			a.NextOverdue = encodeDue(b.Overdue[len(b.Overdue)-1].Cursor())
		}
		if b.MoreUpcoming {
			a.NextUpcoming = encodeDue(b.Upcoming[len(b.Upcoming)-1].Cursor())
		}
		return a, err
	})
}

// waitingAnswer are the curves of first replies as JSON; times are seconds.
type waitingAnswer struct {
	question

	Items []waitingCurve `json:"items"`
}

type waitingCurve struct {
	// Priority is empty for all complaints, Target 0 then.
	Priority string  `json:"priority,omitempty"`
	Target   float64 `json:"target_seconds,omitempty"`
	N        int64   `json:"n"`
	Replied  int64   `json:"replied"`
	Waiting  int64   `json:"waiting"`
	// Steps are pairs: after so many seconds such a share still waits.
	Steps [][2]float64 `json:"steps"`
}

func (s *Server) apiWaiting(c *gin.Context) {
	answer(s, c, nil, func(ctx context.Context, v view) (waitingAnswer, error) {
		w, err := s.deps.Reader.Survival(ctx, v.query())
		a := waitingAnswer{question: v.question()}
		for _, k := range append([]kpi.WaitingCurve{w.All}, w.ByPriority...) {
			one := waitingCurve{Priority: k.Priority, Target: k.Target.Seconds(), N: k.N, Replied: k.Replied, Waiting: k.Waiting, Steps: [][2]float64{}}
			for _, step := range k.Steps {
				one.Steps = append(one.Steps, [2]float64{float64(step.Time) / 1000, step.Share})
			}
			a.Items = append(a.Items, one)
		}
		return a, err
	})
}
