package dashboard

import (
	"context"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
)

type headKey struct{}

// headOnly says that the request wants a header alone.
func headOnly(c *gin.Context) bool { return c.Request.Context().Value(headKey{}) != nil }

// answerHead lets every address that answers GET answer HEAD too, with the same header.
func answerHead(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodHead {
			next.ServeHTTP(w, r)
			return
		}
		r = r.WithContext(context.WithValue(r.Context(), headKey{}, true))
		r.Method = http.MethodGet
		next.ServeHTTP(bodiless{w}, r)
	})
}

// bodiless keeps the body back.
type bodiless struct{ http.ResponseWriter }

// Write takes everything and sends nothing.
func (b bodiless) Write(p []byte) (int, error) { return len(p), nil }

// Unwrap is the connection.
func (b bodiless) Unwrap() http.ResponseWriter { return b.ResponseWriter }

// wrongMethod names the methods that an address takes.
func (s *Server) wrongMethod(c *gin.Context) {
	allowed := c.Writer.Header().Get("Allow")
	if strings.Contains(allowed, http.MethodGet) {
		allowed += ", " + http.MethodHead
		c.Header("Allow", allowed)
	}
	s.fail(c, wrongMethod{allowed})
}
