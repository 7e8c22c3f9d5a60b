package dashboard

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"wenguo/dashboard/account"
	"wenguo/transform/kpi"
)

// FrameReader is what every page's header and filters ask.
type FrameReader interface {
	// Freshness says how far the store is behind the bus.
	Freshness(ctx context.Context) (kpi.Freshness, error)
	// Choices lists the values each dimension but the recurring issue takes among the complaints registered in the period,
	// most frequent first; the query's slice is ignored, so that a filter does not hide its own alternatives.
	Choices(ctx context.Context, q kpi.Query) (map[kpi.Dimension][]kpi.Choice, error)
}

// frame is what every page shows around its content.
type frame struct {
	Title string
	// TitleData says that the title comes from the data and is no word of the product.
	TitleData bool
	// Nav is the path of the page in the navigation.
	Nav   string
	View  view
	Now   time.Time
	Fresh freshness
	Menus []menu
	// Scoped are chips that are no filters: what a list stands behind.
	Scoped []chip
	Chips  []chip
	Theme  string
	Lang   string
	// Words are what scripts say, in the reader's language; empty in Chinese, which they speak.
	Words   map[string]string
	Version string
	// CSRF is the token that every form of the page carries.
	CSRF string
	// Accounts says that everybody signs in, Person who has; nil at the door.
	Accounts bool
	Person   *account.Person
	// Refresh is the address of the part that renews itself; empty on pages that stand still.
	Refresh string
}

// freshness is the header's as-of line.
type freshness struct {
	kpi.Freshness

	Failed bool
	// Tone is good, warn or bad; Words say why.
	Tone, Words string
	AsOf        string
	Fixed       bool
	URL         string
	// Own says that the reader sees only the rows of departments, and no count of the whole store.
	Own bool
	// Marks are what the page was made of, to compare with those of the stream of changes.
	Marks string
}

// menu is one filter with its values.
type menu struct {
	Dimension kpi.Dimension
	Name      string
	Choices   []choice
	Chosen    int
}

type choice struct {
	Value, Label, Count string
	Chosen              bool
	// Data says that the label comes from the data and is no word of the product.
	Data bool
	// Depth indents a category's branches.
	Depth int
}

// chip is one filter value in force, with the address that removes it.
type chip struct {
	Name, Value, Remove string
	// Data says that the value comes from the data and is no word of the product.
	Data bool
}

// menuOrder are the filters offered on pages; owner and issue are reached through links.
var menuOrder = []kpi.Dimension{ //nolint:gochecknoglobals // a constant list
	kpi.Category, kpi.Priority, kpi.Channel, kpi.Department, kpi.Product, kpi.Region, kpi.Tier, kpi.Level, kpi.CauseGroup,
}

// maxChoices bounds a menu; the rest is reached by address.
const maxChoices = 60

// begin reads the address and the header of a page. own are the parameters that the page itself understands.
func (s *Server) begin(c *gin.Context, title, nav string, own ...string) (frame, error) {
	now := s.deps.Now().In(s.cfg.Zone)
	m, freshErr := s.live.moments.take(c.Request.Context())
	if freshErr != nil {
		s.log.Error("read freshness", slog.Any("error", freshErr))
		m = &moment{at: now}
	} else {
		c.Request = c.Request.WithContext(during(c.Request.Context(), m))
	}
	clock, now, fresh := now, m.at.In(s.cfg.Zone), m.fresh
	v, err := parseView(c.Request.URL.Path, c.Request.URL.Query(), now, fresh, own, false)
	if err != nil {
		return frame{}, err
	}
	f := s.bareFrame(c, title)
	v.Clock = clock
	f.Nav, f.View, f.Now = nav, v, v.AsOf
	f.Fresh = freshnessOf(fresh, freshErr, v, now)
	f.Fresh.Marks = m.marks
	f.Fresh.Own = f.Limited()
	f.Chips = chips(v)
	return f, nil
}

// bareFrame is a frame without data, for errors.
func (s *Server) bareFrame(c *gin.Context, title string) frame {
	now := s.deps.Now().In(s.cfg.Zone)
	theme, _ := c.Cookie("theme")
	if theme != "dark" && theme != "light" {
		theme = ""
	}
	p, _ := preset(period30d, now, time.Time{}, time.Time{})
	spoken := speaks(c)
	var words map[string]string
	if spoken == english {
		words = s.words
	}
	var person *account.Person
	if p, known := account.From(c.Request.Context()); known {
		person = &p
	}
	return frame{
		Accounts: s.deps.Accounts != nil, Person: person, Words: words, Title: title, Now: now, Theme: theme, Lang: spoken, Version: s.cfg.Version, CSRF: token(c),
		View: view{Path: c.Request.URL.Path, Period: p, AsOf: now, Own: url.Values{}},
	}
}

// Thresholds after which the header stops calling data fresh.
const (
	staleUnfolded = 5000
	staleFacts    = 2 * time.Minute
)

func freshnessOf(k kpi.Freshness, err error, v view, now time.Time) freshness {
	f := freshness{Freshness: k, AsOf: v.AsOf.Format("2006-01-02 15:04:05"), Fixed: v.Fixed, URL: v.With("/fragments/freshness")}
	behind := k.LastArrivedAt.Sub(k.LastFactAt)
	switch {
	case err != nil:
		f.Failed, f.Tone, f.Words = true, "bad", "取不到数据新鲜度"
	case k.Events == 0:
		f.Tone, f.Words = "warn", "还没有收到事件"
	case k.Unfolded > staleUnfolded || (k.Unfolded > 0 && behind > staleFacts):
		f.Tone, f.Words = "warn", "正在追赶，还有 "+grouped(k.Unfolded)+" 条事件未计入"
	default:
		f.Tone, f.Words = "good", "最近事件 "+ago(k.LastEventAt, now)
	}
	return f
}

func chips(v view) []chip {
	var out []chip
	for _, d := range dimensions {
		for _, value := range v.Slice[d] {
			out = append(out, chip{Name: dimensionNames[d], Value: valueName(d, value), Remove: v.Without(d, value), Data: fromData(d, value)})
		}
	}
	return out
}

// menus turns the values in use into filters. A value in force stays visible though nothing has it in this period.
func menus(v view, choices map[kpi.Dimension][]kpi.Choice) []menu {
	var out []menu
	for _, d := range menuOrder {
		m := menu{Dimension: d, Name: dimensionNames[d], Chosen: len(v.Slice[d])}
		values := choices[d]
		if d == kpi.Category {
			values = branches(values)
		}
		seen := map[string]bool{}
		for _, c := range values[:min(len(values), maxChoices)] {
			seen[c.Value] = true
			m.Choices = append(m.Choices, newChoice(v, d, c.Value, grouped(c.Count)))
		}
		for _, value := range v.Slice[d] {
			if !seen[value] {
				m.Choices = append(m.Choices, newChoice(v, d, value, "0"))
			}
		}
		if len(m.Choices) > 0 {
			out = append(out, m)
		}
	}
	return out
}

func newChoice(v view, d kpi.Dimension, value, count string) choice {
	c := choice{Value: value, Label: valueName(d, value), Count: count, Chosen: v.Has(d, value), Data: fromData(d, value)}
	if d == kpi.Category && value != "" {
		parts := strings.Split(value, "/")
		c.Depth, c.Label = len(parts)-1, parts[len(parts)-1]
	}
	return c
}

// branches adds every branch above the category paths, with the sum below it, in order of the tree.
func branches(paths []kpi.Choice) []kpi.Choice {
	sums := map[string]int64{}
	for _, p := range paths {
		sums[p.Value] += p.Count
		for i := strings.LastIndexByte(p.Value, '/'); i > 0; i = strings.LastIndexByte(p.Value[:i], '/') {
			sums[p.Value[:i]] += p.Count
		}
	}
	out := make([]kpi.Choice, 0, len(sums))
	for value, n := range sums {
		out = append(out, kpi.Choice{Value: value, Count: n})
	}
	top := func(c kpi.Choice) int64 { root, _, _ := strings.Cut(c.Value, "/"); return sums[root] }
	slices.SortFunc(out, func(a, b kpi.Choice) int {
		ra, _, _ := strings.Cut(a.Value, "/")
		rb, _, _ := strings.Cut(b.Value, "/")
		if ra != rb {
			return cmp.Or(cmp.Compare(top(b), top(a)), cmp.Compare(ra, rb))
		}
		return cmp.Compare(a.Value, b.Value)
	})
	return out
}

// part is a piece of a page that may fail on its own: the rest of the page stays.
type part[T any] struct {
	V      T
	Failed bool
	Words  string
}

// ask fills a part in a goroutine of the group. A panic in it is a failure of the part.
func ask[T any](s *Server, wg *sync.WaitGroup, what string, to *part[T], read func() (T, error)) {
	wg.Go(func() {
		defer func() {
			if p := recover(); p != nil {
				s.partFailed(what, fmt.Errorf("panic: %v", p))
				to.Failed, to.Words = true, problemOf(nil).Detail
			}
		}()
		v, err := read()
		if err != nil {
			s.partFailed(what, err)
			to.Failed, to.Words = true, problemOf(err).Detail
			return
		}
		to.V = v
	})
}

func (s *Server) partFailed(what string, err error) {
	s.log.Error("part of a page failed", slog.String("part", what), slog.Any("error", err))
}

// theme keeps the reader's choice of light or dark in a cookie, so that pages come in the right colours at once.
func (s *Server) theme(c *gin.Context) {
	set := c.PostForm("theme")
	age := yearSeconds
	if set != "dark" && set != "light" {
		set, age = "", -1
	}
	http.SetCookie(c.Writer, &http.Cookie{
		Name: "theme", Value: set, Path: "/", MaxAge: age, HttpOnly: true, SameSite: http.SameSiteStrictMode,
	})
	c.Redirect(http.StatusSeeOther, backPath(c))
}

// freshnessFragment renews the header's line.
func (s *Server) freshnessFragment(c *gin.Context) {
	f, err := s.begin(c, "", "", anything...)
	if err != nil {
		s.fail(c, err)
		return
	}
	s.renderFragment(c, "freshness", f)
}

// anything are all parameters that pages understand: the fragments take any page's address.
var anything = []string{"q", "scope", "state", "stage", "verdict", "score", "overdue", "after", "shown", "kpi", "part", "late_after", "next_after", "replayed", "cut", "by", "with", "step", "reached", "spent", "moved_from", "moved_to", "bounced", "done", "kind", "members", "of", "look"} //nolint:gochecknoglobals // a constant list
