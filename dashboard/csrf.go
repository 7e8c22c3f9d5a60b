package dashboard

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/gorilla/csrf"

	"wenguo/dashboard/account"
)

// csrfField is the hidden field of every form, csrfHeader what a script sends instead.
const (
	csrfField  = "csrf"
	csrfHeader = "X-CSRF-Token"
)

// forms guards every form: a request that changes something carries a token that belongs to the reader's session cookie,
// which another site neither knows nor can guess.
type forms struct {
	protect func(http.Handler) http.Handler
	cookie  string
}

// newForms signs session cookies with a key. The cookie is named after the key, because a browser sends the cookies of one
// host to all its ports, and two programs must not take each other's session away. Without a key one is made, which forgets
// all sessions at the end.
func newForms(key []byte, encrypted bool, refuse http.Handler) forms {
	if len(key) == 0 {
		key = make([]byte, sha256.Size)
		_, _ = rand.Read(key) // it never fails
	}
	sum := sha256.Sum256(key)
	f := forms{cookie: "session_" + hex.EncodeToString(sum[:4])}
	name := sha256.Sum256(append([]byte("csrf "), key...))
	f.protect = csrf.Protect(name[:], csrf.CookieName(f.cookie), csrf.FieldName(csrfField), csrf.RequestHeader(csrfHeader), csrf.Path("/"),
		csrf.MaxAge(0), csrf.HttpOnly(true), csrf.Secure(encrypted), csrf.SameSite(csrf.SameSiteLaxMode), csrf.ErrorHandler(refuse))
	return f
}

// refusedForm is the key of the gin context inside a request's context.
type refusedForm struct{}

// guarded lets a page's request pass with a session, and one that changes something only with the session's token.
func (s *Server) guarded(c *gin.Context) {
	if s.formed(c) {
		c.Next()
	}
}

// formed gives a request its session, and says whether it may go on; else it is answered.
func (s *Server) formed(c *gin.Context) bool {
	if err := s.tooLargeForm(c); err != nil {
		s.fail(c, err)
		return false
	}
	request := c.Request.WithContext(context.WithValue(c.Request.Context(), refusedForm{}, c))
	if !s.overTLS(c.Request) {
		request = csrf.PlaintextHTTPRequest(request)
	}
	passed := false
	s.forms.protect(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		passed, c.Request = true, r
	})).ServeHTTP(c.Writer, request)
	return passed
}

// visited gives a page outside of the routes its session: the error page has forms too.
func (s *Server) visited(c *gin.Context) {
	if c.Request.Method == http.MethodGet && !strings.HasPrefix(c.Request.URL.Path, "/api/") {
		s.guarded(c)
	}
}

// tooLargeForm reads a form, so that one beyond the limit is told apart from one without a token.
func (s *Server) tooLargeForm(c *gin.Context) error {
	if c.Request.Method != http.MethodPost || c.ContentType() != "application/x-www-form-urlencoded" {
		return nil
	}
	return tooLarge(c.Request.ParseForm())
}

// tooLarge is the refusal of a body beyond the limit, and nil for any other error: what cannot be read has no token.
func tooLarge(err error) error {
	if _, much := errors.AsType[*http.MaxBytesError](err); much {
		return refusal{status: http.StatusRequestEntityTooLarge, title: "提交的内容太大", detail: "一次最多提交 64 KB；请分几次提交。"}
	}
	return nil
}

// refuseForm answers a form without a token of its session.
func (s *Server) refuseForm() http.Handler {
	return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		c, ok := r.Context().Value(refusedForm{}).(*gin.Context)
		if !ok {
			return
		}
		c.Request = r
		s.log.Warn("form refused", slog.String("path", c.FullPath()), slog.Any("error", csrf.FailureReason(r)))
		s.fail(c, refusal{ //nolint:contextcheck // it is in the gin context
			status: http.StatusForbidden, title: "页面已过期", detail: "这个表单不是从当前会话的页面提交的，没有执行任何操作。",
			remedy: "回到原来的页面，刷新后重新提交。",
		})
	})
}

// ownSite refuses a script of another site. A program that is no browser has no session and passes; one that sends the
// session cookie sends its token too.
func (s *Server) ownSite(c *gin.Context) {
	if err := http.NewCrossOriginProtection().Check(c.Request); err != nil {
		s.fail(c, refusal{status: http.StatusForbidden, title: "不接受其他网站的请求", detail: "这个地址只接受本站页面和非浏览器程序的请求。"})
		return
	}
	_, err := c.Request.Cookie(s.forms.cookie)
	person, known := account.From(c.Request.Context())
	if err == nil || known && person.Token == "" {
		s.guarded(c)
		return
	}
	c.Next()
}

// token is the form token of a request's session.
func token(c *gin.Context) string { return csrf.Token(c.Request) }
