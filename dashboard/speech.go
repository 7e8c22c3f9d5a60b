package dashboard

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
	bcp "golang.org/x/text/language"

	"wenguo/dashboard/language"
	"wenguo/dashboard/sheet"
)

// Languages that a reader can choose; the names are the values of the cookie.
const (
	chinese = "zh"
	english = "en"
)

// languages are matched with what a browser asks for: Chinese where it asks for neither.
var languages = bcp.NewMatcher([]bcp.Tag{bcp.Chinese, bcp.English}) //nolint:gochecknoglobals // a constant table

// languageOf is the reader's language: the one chosen, else the one that the browser prefers.
func languageOf(c *gin.Context) string {
	if chosen, err := c.Cookie("lang"); err == nil && (chosen == chinese || chosen == english) {
		return chosen
	}
	if _, i := bcp.MatchStrings(languages, c.GetHeader("Accept-Language")); i == 1 {
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

// headers are a file's name and columns in the reader's language.
func (s *Server) headers(c *gin.Context, t *table) (name string, columns []sheet.Column) {
	columns = slices.Clone(t.Columns)
	for i := range columns {
		columns[i].Header = s.say(c, columns[i].Header)
	}
	return s.say(c, t.Name), columns
}

// spokenByScripts are the phrases in a script: what it hands to say.
var spokenByScripts = regexp.MustCompile(`\bsay\("([^"]+)"`)

// words collects what the scripts say, with its English; a phrase without English is a fault of the build.
func (a assets) words(english *language.Translator) (map[string]string, error) {
	words := map[string]string{}
	for name, f := range a.byName {
		if !strings.HasSuffix(name, ".js") || strings.HasPrefix(name, "vendor/") {
			continue
		}
		for _, m := range spokenByScripts.FindAllSubmatch(f.body, -1) {
			phrase := string(m[1])
			translated, known := english.Phrase(phrase)
			if !known {
				return nil, fmt.Errorf("script %s says %q, which en.tsv lacks", name, phrase)
			}
			words[phrase] = translated
		}
	}
	return words, nil
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
