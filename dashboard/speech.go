package dashboard

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"golang.org/x/text/language"
)

// Languages that a reader can choose; the names are the values of the cookie.
const (
	chinese = "zh"
	english = "en"
)

// languages are matched with what a browser asks for: Chinese where it asks for neither.
var languages = language.NewMatcher([]language.Tag{language.Chinese, language.English}) //nolint:gochecknoglobals // a constant table

// languageOf is the reader's language: the one chosen, else the one that the browser prefers.
func languageOf(c *gin.Context) string {
	if chosen, err := c.Cookie("lang"); err == nil && (chosen == chinese || chosen == english) {
		return chosen
	}
	if _, i := language.MatchStrings(languages, c.GetHeader("Accept-Language")); i == 1 {
		return english
	}
	return chinese
}

// speaks is the reader's language, and tells caches what the answer depends on.
func speaks(c *gin.Context) string {
	spoken := languageOf(c)
	h := c.Writer.Header()
	if !strings.Contains(strings.Join(h.Values("Vary"), ","), "Accept-Language") {
		h.Add("Vary", "Cookie, Accept-Language")
	}
	h.Set("Content-Language", map[string]string{chinese: "zh-CN", english: "en"}[spoken])
	return spoken
}

// say is a text of the product in the reader's language, for answers that are no pages.
func (s *Server) say(c *gin.Context, text string) string {
	if speaks(c) == english {
		return s.english.Translate(text)
	}
	return text
}

// language keeps the reader's choice in a cookie; it works without a script.
func (s *Server) language(c *gin.Context) {
	set := c.PostForm("lang")
	if set != english {
		set = chinese
	}
	http.SetCookie(c.Writer, &http.Cookie{
		Name: "lang", Value: set, Path: "/", MaxAge: yearSeconds, HttpOnly: true, SameSite: http.SameSiteStrictMode,
	})
	c.Redirect(http.StatusSeeOther, backPath(c))
}

// yearSeconds is how long a reader's choice is kept.
const yearSeconds = 365 * 24 * 60 * 60

// backPath is where a form leads back to: a path of this server, never another one.
func backPath(c *gin.Context) string {
	back := c.PostForm("back")
	if !strings.HasPrefix(back, "/") || strings.HasPrefix(back, "//") || strings.ContainsAny(back, "\\\r\n") {
		return "/"
	}
	return back
}
