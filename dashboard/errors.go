package dashboard

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"wenguo/transform"
)

// fieldError is a mistake in an address: it names the parameter and says in Chinese what to write instead.
type fieldError struct{ Field, Detail string }

func (e fieldError) Error() string { return e.Field + ": " + e.Detail }

func badField(field, detail string) error { return fieldError{field, detail} }

// problem is RFC 9457's problem details; the page of an error shows the same.
type problem struct {
	Type     string `json:"type"`
	Title    string `json:"title"`
	Status   int    `json:"status"`
	Detail   string `json:"detail,omitempty"`
	Instance string `json:"instance,omitempty"`
	// Field names the parameter that is wrong.
	Field string `json:"field,omitempty"`
	// Remedy is what the reader can do.
	Remedy string `json:"remedy,omitempty"`
}

// problemOf is the one place that turns an error into HTTP. What it does not know is an internal error: the log has it,
// the reader does not.
func problemOf(err error) problem {
	var bad fieldError
	switch {
	case errors.As(err, &bad):
		return problem{
			Title: "地址里的条件读不懂", Status: http.StatusBadRequest, Field: bad.Field, Detail: bad.Detail,
			Remedy: "改正这个条件，或者从默认视图重新开始。",
		}
	case errors.Is(err, transform.ErrNotFound):
		return problem{
			Title: "没有找到", Status: http.StatusNotFound, Detail: "这个地址没有对应的内容：编号可能写错了，或者它还没有进入系统。",
			Remedy: "检查编号；刚登记的投诉通常几秒后可见。",
		}
	case errors.Is(err, context.DeadlineExceeded):
		return problem{
			Title: "查询超时", Status: http.StatusGatewayTimeout, Detail: "数据库没有在规定时间内答复。",
			Remedy: "缩短时间范围或减少筛选后重试；如果一直如此，请看 /readyz 和服务日志。",
		}
	case errors.Is(err, context.Canceled):
		return problem{Title: "请求已取消", Status: statusClientClosed, Detail: "浏览器中断了请求。"}
	}
	return problem{
		Title: "暂时取不到数据", Status: http.StatusInternalServerError, Detail: "数据库没有答复这个问题，原因已记入服务日志。",
		Remedy: "稍后重试；如果一直如此，请看 /readyz 和服务日志。",
	}
}

// statusClientClosed is the status that proxies log for a request its sender gave up; nobody reads the answer.
const statusClientClosed = 499

// fail answers an error as the reader expects it: problem+json under /api and to programs, a page otherwise.
func (s *Server) fail(c *gin.Context, err error) {
	p := problemOf(err)
	p.Type, p.Instance = "about:blank", c.Request.URL.Path
	if p.Status >= http.StatusInternalServerError {
		s.log.Error("request failed", slog.String("path", c.FullPath()), slog.Int("status", p.Status), slog.Any("error", err))
	}
	c.Abort()
	if strings.HasPrefix(c.Request.URL.Path, "/api/") || !strings.Contains(c.GetHeader("Accept"), "text/html") {
		c.Header("Content-Type", "application/problem+json; charset=utf-8")
		p.Title, p.Detail, p.Remedy = s.say(c, p.Title), s.say(c, p.Detail), s.say(c, p.Remedy)
		writeJSON(c, p.Status, p)
		return
	}
	s.render(c, p.Status, "error", errorPage{frame: s.bareFrame(c, p.Title), Problem: p})
}

// errorPage is what templates/error.html shows.
type errorPage struct {
	frame

	Problem problem
}
