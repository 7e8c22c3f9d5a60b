package dashboard

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"wenguo/transform/kpi"
)

// writeJSON sends a body with an entity tag; a client that has it already gets 304.
func writeJSON(c *gin.Context, status int, body any) {
	raw, err := json.Marshal(body)
	if err != nil {
		c.Status(http.StatusInternalServerError)
		return
	}
	kind := c.Writer.Header().Get("Content-Type")
	if kind == "" {
		kind = "application/json; charset=utf-8"
	}
	if status == http.StatusOK {
		sum := sha256.Sum256(raw)
		tag := `"` + hex.EncodeToString(sum[:8]) + `"`
		c.Header("ETag", tag)
		c.Header("Cache-Control", "no-cache")
		if c.GetHeader("If-None-Match") == tag {
			c.Status(http.StatusNotModified)
			return
		}
	}
	c.Data(status, kind, append(raw, '\n'))
}

// apiView reads an API address; an unknown parameter is an error, so that a misspelt filter is not silently ignored.
func (s *Server) apiView(c *gin.Context, own ...string) (view, error) {
	now := s.deps.Now().In(s.cfg.Zone)
	var fresh kpi.Freshness
	if c.Query("period") == periodAll {
		var err error
		if fresh, err = s.deps.Reader.Freshness(c.Request.Context()); err != nil {
			return view{}, fmt.Errorf("read freshness: %w", err)
		}
	}
	return parseView(c.Request.URL.Path, c.Request.URL.Query(), now, fresh, own, true)
}

// envelope says what a list was asked, so that an answer stands on its own.
type envelope struct {
	From  time.Time `json:"from"`
	To    time.Time `json:"to"`
	AsOf  time.Time `json:"as_of"`
	Slice kpi.Slice `json:"slice"`
	// Items are the rows; Total counts the whole list and Next continues it, where a list has pages.
	Items any    `json:"items"`
	Total *int64 `json:"total,omitempty"`
	Next  string `json:"next,omitempty"`
}

func (v view) envelope(items any) envelope {
	q := v.query()
	return envelope{From: q.From, To: q.To, AsOf: q.AsOf, Slice: q.Slice, Items: items}
}

// answer runs one read for an API address and writes what it gives.
func answer[T any](s *Server, c *gin.Context, own []string, read func(context.Context, view) (T, error)) {
	v, err := s.apiView(c, own...)
	if err != nil {
		s.fail(c, err)
		return
	}
	got, err := read(c.Request.Context(), v)
	if err != nil {
		s.fail(c, err)
		return
	}
	writeJSON(c, http.StatusOK, got)
}

// stripAnswer is the strip with what it was asked and whether it adds up.
type stripAnswer struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	AsOf time.Time `json:"as_of"`
	kpi.Strip
	Balanced bool `json:"balanced"`
}

func (s *Server) apiStrip(c *gin.Context) {
	answer(s, c, nil, func(ctx context.Context, v view) (stripAnswer, error) {
		k, err := s.deps.Reader.Strip(ctx, v.query())
		return stripAnswer{v.Period.From, v.Period.To, v.AsOf, k, k.Balanced()}, err
	})
}

// catalogued says whether every id names a key figure.
func catalogued(ids []string) error {
	for _, id := range ids {
		if _, ok := kpi.Lookup(id); !ok {
			return badField("id", "没有这个指标："+id)
		}
	}
	return nil
}

// stepOf reads step=, whose default follows from the length of the period.
func stepOf(v view) (kpi.Step, error) {
	step := kpi.Step(v.Own.Get("step"))
	if step == "" {
		return v.step(), nil
	}
	if !slices.Contains([]kpi.Step{kpi.Day, kpi.Week, kpi.Month}, step) {
		return "", badField("step", "可用 day、week、month")
	}
	if step == kpi.Day && v.Period.days() > 800 {
		return "", badField("step", "按日最多 800 天")
	}
	return step, nil
}

func (s *Server) apiSeries(c *gin.Context) {
	answer(s, c, []string{"id", "step"}, func(ctx context.Context, v view) (envelope, error) {
		ids := v.Own["id"]
		if len(ids) == 0 {
			ids = sparkKPIs
		}
		if err := catalogued(ids); err != nil {
			return envelope{}, err
		}
		step, err := stepOf(v)
		if err != nil {
			return envelope{}, err
		}
		got, err := s.deps.Reader.Series(ctx, v.query(), step, ids...)
		return v.envelope(got), err
	})
}

func (s *Server) apiFlow(c *gin.Context) {
	answer(s, c, []string{"step"}, func(ctx context.Context, v view) (envelope, error) {
		step, err := stepOf(v)
		if err != nil {
			return envelope{}, err
		}
		got, err := s.deps.Reader.Flow(ctx, v.query(), step)
		return v.envelope(got), err
	})
}

func (s *Server) apiDepartments(c *gin.Context) {
	answer(s, c, nil, func(ctx context.Context, v view) (envelope, error) {
		got, err := s.deps.Reader.Departments(ctx, v.query())
		return v.envelope(got), err
	})
}

func (s *Server) apiHeat(c *gin.Context) {
	answer(s, c, nil, func(ctx context.Context, v view) (envelope, error) {
		got, err := s.deps.Reader.Heat(ctx, v.query())
		return v.envelope(got), err
	})
}

func (s *Server) apiFreshness(c *gin.Context) {
	answer(s, c, nil, func(ctx context.Context, _ view) (kpi.Freshness, error) { return s.deps.Reader.Freshness(ctx) })
}

func (s *Server) apiIssues(c *gin.Context) {
	answer(s, c, nil, func(ctx context.Context, v view) (any, error) {
		got, err := s.deps.Reader.Issues(ctx, v.query())
		if err != nil {
			return nil, err
		}
		e := v.envelope(got.Issues)
		total := int64(len(got.Issues))
		e.Total = &total
		return struct {
			envelope
			Registered int64     `json:"registered"`
			Inside     int64     `json:"inside"`
			TrendStart time.Time `json:"trend_start"`
			TrendDays  int       `json:"trend_days"`
		}{e, got.Registered, got.Inside, got.TrendStart, got.TrendDays}, nil
	})
}

func (s *Server) apiIssue(c *gin.Context) {
	answer(s, c, nil, func(ctx context.Context, v view) (any, error) {
		return s.deps.Reader.Issue(ctx, c.Param("id"), v.query())
	})
}

func (s *Server) apiComplaints(c *gin.Context) {
	answer(s, c, complaintsOwn, func(ctx context.Context, v view) (envelope, error) {
		f, err := parseFilter(v)
		if err != nil {
			return envelope{}, err
		}
		page, err := s.deps.Reader.Complaints(ctx, f)
		e := v.envelope(page.Rows)
		e.Total, e.Next = &page.Total, encodeCursor(page.Next)
		return e, err
	})
}

func (s *Server) apiComplaint(c *gin.Context) {
	answer(s, c, nil, func(ctx context.Context, v view) (complaintAnswer, error) {
		d, err := s.deps.Reader.Complaint(ctx, c.Param("id"), v.AsOf)
		return newComplaintAnswer(d), err
	})
}
