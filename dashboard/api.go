package dashboard

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"wenguo/transform/issue"
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
		if fresh(c, tag) {
			c.Status(http.StatusNotModified)
			return
		}
	}
	c.Data(status, kind, append(raw, '\n'))
}

// fresh says whether the client has the content of the tag already.
func fresh(c *gin.Context, tag string) bool {
	for one := range strings.SplitSeq(c.GetHeader("If-None-Match"), ",") {
		if one = strings.TrimPrefix(strings.TrimSpace(one), "W/"); one == tag || one == "*" {
			return true
		}
	}
	return false
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

// question is what an answer answers: the period, half-open, the instant it is answered as of, the filters.
type question struct {
	From  time.Time `json:"from"`
	To    time.Time `json:"to"`
	AsOf  time.Time `json:"as_of"`
	Slice kpi.Slice `json:"slice"`
}

func (v view) question() question {
	q := v.query()
	return question{From: q.From, To: q.To, AsOf: q.AsOf, Slice: q.Slice}
}

// envelope says what a list was asked, so that an answer stands on its own.
type envelope struct {
	question

	// Items are the rows; Total counts the whole list and Next continues it, where a list has pages.
	Items any    `json:"items"`
	Total *int64 `json:"total,omitempty"`
	Next  string `json:"next,omitempty"`
	// AtLeast says that there are more than Total, and nobody counted them.
	AtLeast bool `json:"at_least,omitempty"`
}

// envelope puts rows into the answer; a list without any is empty and never null.
func (v view) envelope(items any) envelope {
	if rows := reflect.ValueOf(items); rows.Kind() == reflect.Slice && rows.IsNil() {
		items = reflect.MakeSlice(rows.Type(), 0, 0).Interface()
	}
	return envelope{question: v.question(), Items: items}
}

// answer runs one read for an API address and writes what it gives.
func answer[T any](s *Server, c *gin.Context, own []string, read func(context.Context, view) (T, error)) {
	v, err := s.apiView(c, own...)
	if err != nil {
		s.fail(c, err)
		return
	}
	if c.Value(formatKey) != nil {
		s.download(c, v, func(ctx context.Context) (any, error) { return read(ctx, v) })
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
	question
	kpi.Strip

	Balanced bool `json:"balanced"`
}

func (s *Server) apiStrip(c *gin.Context) {
	answer(s, c, nil, func(ctx context.Context, v view) (stripAnswer, error) {
		k, err := s.deps.Reader.Strip(ctx, v.query())
		return stripAnswer{v.question(), k, k.Balanced()}, err
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
		for i := range got {
			got[i].Points = list(got[i].Points)
		}
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
	answer(s, c, []string{"state"}, func(ctx context.Context, v view) (issuesAnswer, error) {
		got, err := s.deps.Reader.Issues(ctx, v.query())
		if err != nil {
			return issuesAnswer{}, err
		}
		a := issuesAnswer{
			listOf:     listOf[issue.Summary]{question: v.question(), Items: []issue.Summary{}},
			Registered: got.Registered, Inside: got.Inside, TrendStart: got.TrendStart, TrendDays: got.TrendDays, DiscoveredAt: got.DiscoveredAt,
		}
		states := v.Own["state"]
		for _, i := range got.Issues {
			if len(states) == 0 || slices.Contains(states, string(i.State)) {
				a.Items = append(a.Items, wholeSummary(i))
			}
		}
		a.Total = new(int64(len(a.Items)))
		return a, nil
	})
}

// list is the rows themselves, and never null without any.
func list[T any](rows []T) []T {
	if rows == nil {
		return []T{}
	}
	return rows
}

func wholeSummary(i issue.Summary) issue.Summary {
	i.Keywords, i.Trend = list(i.Keywords), list(i.Trend)
	return i
}

// issuesAnswer is the issue stream as JSON.
type issuesAnswer struct {
	listOf[issue.Summary]

	// Registered are all complaints of the period and slice, Inside those of them in some issue.
	Registered int64 `json:"registered"`
	Inside     int64 `json:"inside"`
	// TrendStart and TrendDays place the points of every trend.
	TrendStart time.Time `json:"trend_start"`
	TrendDays  int       `json:"trend_days"`
	// DiscoveredAt is missing before the first discovery.
	DiscoveredAt time.Time `json:"discovered_at,omitzero"`
}

func (s *Server) apiIssue(c *gin.Context) {
	answer(s, c, nil, func(ctx context.Context, v view) (issue.Detail, error) {
		d, err := s.deps.Reader.Issue(ctx, c.Param("id"), v.query())
		d.Summary = wholeSummary(d.Summary)
		d.Words, d.Representatives, d.Where = list(d.Words), list(d.Representatives), list(d.Where)
		for i := range d.Where {
			d.Where[i].Counts = list(d.Where[i].Counts)
		}
		return d, err
	})
}

func (s *Server) apiComplaints(c *gin.Context) {
	answer(s, c, complaintsOwn, func(ctx context.Context, v view) (envelope, error) {
		f, err := s.apiFilter(v)
		if err != nil {
			return envelope{}, err
		}
		page, err := s.deps.Reader.Complaints(ctx, f)
		e := v.envelope(page.Rows)
		e.Total, e.Next, e.AtLeast = &page.Total, encodeCursor(page.Next), page.AtLeast
		return e, err
	})
}

func (s *Server) apiComplaint(c *gin.Context) {
	answer(s, c, nil, func(ctx context.Context, v view) (complaintAnswer, error) {
		d, err := s.deps.Reader.Complaint(ctx, c.Param("id"), v.AsOf)
		return newComplaintAnswer(d), err
	})
}
