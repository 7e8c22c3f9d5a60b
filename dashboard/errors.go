package dashboard

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"wenguo/dashboard/sheet"
	"wenguo/transform"
)

// fieldError is a mistake in an address: it names the parameter and says in Chinese what to write instead.
type fieldError struct{ Field, Detail string }

func (e fieldError) Error() string { return e.Field + ": " + e.Detail }

func badField(field, detail string) error { return fieldError{field, detail} }

// errBusy says that too much is under way already.
var errBusy = errors.New("too many at once")

// notAcceptable says which types an address offers when none of the wanted is among them.
type notAcceptable struct{ offered []string }

func (e notAcceptable) Error() string { return "only " + strings.Join(e.offered, ", ") }

// wrongMethod says which methods an address takes.
type wrongMethod struct{ allowed string }

func (e wrongMethod) Error() string { return "only " + e.allowed }

// refusal is an answer that says by itself what it is.
type refusal struct {
	status                       int
	title, detail, field, remedy string
	// theirs are the decisions that stand in the way, by id; revision is the newest one.
	theirs   []string
	revision *string
}

func (r refusal) Error() string { return r.title + ": " + r.detail }

func (r refusal) problem() problem {
	return problem{
		Title: r.title, Status: r.status, Detail: r.detail, Field: r.field, Remedy: r.remedy, Decisions: r.theirs, Revision: r.revision,
	}
}

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
	// Decisions are those that stand in the way of a decision; Revision is the newest decision of all, what to send as seen
	// after having looked at them.
	Decisions []string `json:"decisions,omitempty"`
	Revision  *string  `json:"revision,omitempty"`
}

// problemOf is the one place that turns an error into HTTP. What it does not know is an internal error: the log has it,
// the reader does not.
func problemOf(err error) problem {
	var bad fieldError
	var form notAcceptable
	var method wrongMethod
	var refused refusal
	switch {
	case errors.As(err, &refused):
		return refused.problem()
	case errors.As(err, &form):
		return problem{
			Title: "没有这种格式", Status: http.StatusNotAcceptable, Detail: "这个地址可以回答 " + strings.Join(form.offered, "、") + "。", Field: "Accept",
			Remedy: "改正 Accept，或者不写。",
		}
	case errors.As(err, &method):
		return problem{
			Title: "方法不对", Status: http.StatusMethodNotAllowed, Detail: "这个地址只接受 " + method.allowed + "。", Field: "method",
			Remedy: "换用 " + method.allowed + "。",
		}
	case errors.Is(err, errBusy):
		return problem{
			Title: "同时进行的太多", Status: http.StatusTooManyRequests, Detail: "正在生成的回答或文件已达上限。", Remedy: "按 Retry-After 稍后重试。",
		}
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

// retryAfter is how many seconds somebody should wait who came to a full house.
const retryAfter = "2"

// problemTypes name the problems; they never change, so that programs may branch on them.
var problemTypes = map[int]string{ //nolint:gochecknoglobals // a constant table
	http.StatusBadRequest: "bad-parameter", http.StatusUnauthorized: "sign-in", http.StatusForbidden: "forbidden", http.StatusNotFound: "not-found",
	http.StatusMethodNotAllowed: "method-not-allowed", http.StatusNotAcceptable: "not-acceptable", http.StatusConflict: "conflict",
	http.StatusRequestEntityTooLarge: "too-large", http.StatusMisdirectedRequest: "misdirected", http.StatusUnprocessableEntity: "not-possible",
	http.StatusTooManyRequests: "too-many-requests", http.StatusServiceUnavailable: "not-ready", http.StatusUnsupportedMediaType: "unsupported-type", http.StatusGatewayTimeout: "timeout",
	statusClientClosed: "cancelled",
}

func problemType(status int) string {
	name, known := problemTypes[status]
	if !known {
		name = "internal"
	}
	return "urn:wenguo:problem:" + name
}

// problemAnswer is a problem as the document describes it; the events' address adds the faults of single events.
type problemAnswer struct {
	problem

	Errors []problemFault `json:"errors,omitempty"`
}

type problemFault struct {
	Index  int    `json:"index"`
	Class  string `json:"class"`
	Field  string `json:"field"`
	Reason string `json:"reason"`
}

// statusClientClosed is the status that proxies log for a request its sender gave up; nobody reads the answer.
const statusClientClosed = 499

// fail answers an error as the reader expects it: problem+json under /api and to programs, a page otherwise.
func (s *Server) fail(c *gin.Context, err error) {
	p := problemOf(err)
	p.Instance = sheet.Plain(c.Request.URL.Path)
	if p.Status == http.StatusTooManyRequests || p.Status == http.StatusServiceUnavailable {
		c.Header("Retry-After", retryAfter)
	}
	if p.Status >= http.StatusInternalServerError {
		s.log.Error("request failed", slog.String("path", c.FullPath()), slog.Int("status", p.Status), slog.Any("error", err))
	}
	if strings.HasPrefix(c.Request.URL.Path, "/api/") || !strings.Contains(c.GetHeader("Accept"), "text/html") {
		p.Title, p.Detail, p.Remedy = s.say(c, p.Title), s.say(c, p.Detail), s.say(c, p.Remedy)
		writeProblem(c, p)
		return
	}
	c.Abort()
	s.render(c, p.Status, "error", errorPage{frame: s.bareFrame(c, p.Title), Problem: p})
}

// writeProblem answers a problem and ends the request.
func writeProblem(c *gin.Context, p problem) {
	p.Type = problemType(p.Status)
	c.Abort()
	for _, h := range []string{"ETag", "Content-Disposition"} {
		c.Writer.Header().Del(h)
	}
	c.Header("Content-Type", "application/problem+json; charset=utf-8")
	c.Header("Cache-Control", "no-store")
	writeJSON(c, p.Status, p)
}

// errorPage is what templates/error.html shows.
type errorPage struct {
	frame

	Problem problem
}
