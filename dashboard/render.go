package dashboard

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"wenguo/transform/kpi"
)

// loadPages parses one template set for each page: the layout, all parts and the page itself.
func (s *Server) loadPages() (map[string]*template.Template, error) {
	base, err := template.New("layout").Funcs(s.functions()).ParseFS(files, "templates/layout.html", "templates/parts/*.html")
	if err != nil {
		return nil, fmt.Errorf("parse templates: %w", err)
	}
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	pages := map[string]*template.Template{}
	for _, file := range names {
		page := strings.TrimSuffix(path.Base(file), ".html")
		set, err := base.Clone()
		if err == nil {
			_, err = set.ParseFS(files, file)
		}
		if err != nil {
			return nil, fmt.Errorf("parse template %s: %w", file, err)
		}
		pages[page] = set
	}
	return pages, nil
}

// functions are what templates may call.
func (s *Server) functions() template.FuncMap {
	return template.FuncMap{
		"asset":       s.assets.url,
		"periodText":  periodText,
		"periods":     func() []namedPeriod { return namedPeriods },
		"dayText":     func(t time.Time) string { return t.Format("2006 年 1 月 2 日") },
		"lastDayText": lastDayText,
		"comparisons": s.comparisons,
		"keep":        keep,
		"keepIn":      keepIn,
		"tools":       func(chart, csv string) chartTools { return chartTools{chart, csv} },
		"hours":       hourLabels,
		"dateOnly":    dateOrInstant,
		"instant":     func(t time.Time) string { return t.Format(time.RFC3339) },
		"localTime":   func(t time.Time) string { return t.In(s.cfg.Zone).Format("2006-01-02 15:04:05") },
		"lastDay":     func(p period) string { return p.To.Add(-time.Nanosecond).Format(time.DateOnly) },
		"list":        func(values ...string) []string { return values },
		"grouped":     grouped,
		"next":        func(i int) int { return i + 1 },
	}
}

// chartTools are the other forms of a chart: the table beside it, its figures as CSV, its picture.
type chartTools struct{ Chart, CSV string }

// comparisons are the choices that make sense here: a baseline only where one is declared.
func (s *Server) comparisons() []comparison {
	if from, to := s.deps.Reader.Baseline(); from.Before(to) {
		return comparisons
	}
	return slices.DeleteFunc(slices.Clone(comparisons), func(c comparison) bool { return c.Key == string(kpi.Baseline) })
}

// hourLabel is a column of the heat map; only every sixth is written.
type hourLabel struct {
	Hour  int
	Label bool
}

func hourLabels() []hourLabel {
	var out []hourLabel
	for h := range 24 {
		out = append(out, hourLabel{h, h%6 == 0})
	}
	return out
}

// render writes a whole page. It is rendered to memory first: a template that fails must not leave half a page.
func (s *Server) render(c *gin.Context, status int, page string, data any) {
	s.execute(c, status, s.pages[page], "layout", data)
}

// renderFragment writes one named template for htmx.
func (s *Server) renderFragment(c *gin.Context, fragment string, data any) {
	s.execute(c, http.StatusOK, s.pages["overview"], fragment, data)
}

func (s *Server) execute(c *gin.Context, status int, set *template.Template, block string, data any) {
	var buf bytes.Buffer
	if err := set.ExecuteTemplate(&buf, block, data); err != nil {
		s.log.Error("render page", slog.String("template", block), slog.Any("error", err))
		c.String(http.StatusInternalServerError, s.say(c, "页面没有生成出来，原因已记入服务日志。")+"\n")
		return
	}
	page := buf.Bytes()
	if speaks(c) == english {
		page = s.english.HTML(page)
	}
	c.Header("Cache-Control", "no-store")
	c.Data(status, "text/html; charset=utf-8", page)
}
