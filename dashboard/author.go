package dashboard

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"wenguo/dashboard/account"
	"wenguo/ingest"
)

// authorCookie keeps who the reader said to be: without accounts, whoever decides gives a name once.
const authorCookie = "author"

// author is who decides: the account, where people sign in; else what the form says, which is kept, or what was kept. Nobody
// is assumed.
func (s *Server) author(c *gin.Context, form url.Values) (ingest.Actor, bool) {
	if p, known := account.From(c.Request.Context()); known {
		return personAuthor(p), true
	}
	if who := strings.TrimSpace(form.Get("who")); who != "" {
		a := newAuthor(who, strings.TrimSpace(form.Get("who_department")))
		raw, err := json.Marshal(a)
		if err != nil || short("who", "姓名", a.ID, maxNameRunes) != nil || short("who_department", "部门", a.Department, maxNameRunes) != nil {
			return ingest.Actor{}, false
		}
		http.SetCookie(c.Writer, &http.Cookie{
			Name: authorCookie, Value: base64.RawURLEncoding.EncodeToString(raw), Path: "/", MaxAge: 365 * 24 * 60 * 60, HttpOnly: true,
			SameSite: http.SameSiteLaxMode,
		})
		return a, true
	}
	return keptAuthor(c)
}

// keptAuthor is the account, or what the cookie says.
func keptAuthor(c *gin.Context) (ingest.Actor, bool) {
	if p, known := account.From(c.Request.Context()); known {
		return personAuthor(p), true
	}
	text, err := c.Cookie(authorCookie)
	if err != nil {
		return ingest.Actor{}, false
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return ingest.Actor{}, false
	}
	var kept ingest.Actor
	if json.Unmarshal(raw, &kept) != nil || strings.TrimSpace(kept.ID) == "" {
		return ingest.Actor{}, false
	}
	return newAuthor(kept.ID, kept.Department), true
}

// newAuthor gives a person the role that the contract has for people: of a department, or of the service.
func newAuthor(name, department string) ingest.Actor {
	if department == "" {
		return ingest.Actor{ID: name, Role: ingest.RoleAgent}
	}
	return ingest.Actor{ID: name, Department: department, Role: ingest.RoleDepartment}
}
