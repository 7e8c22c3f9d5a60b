package dashboard

import (
	"encoding/json"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"wenguo/transform/kpi"
)

// knownRequest is the body of POST /api/v1/known: what a customer said.
type knownRequest struct {
	Text string `json:"text"`
}

// apiKnown answers a few words of an address. What may be personal is refused there: addresses are written to logs.
func (s *Server) apiKnown(c *gin.Context) {
	v, err := parseView(c.Request.URL.Path, c.Request.URL.Query(), s.deps.Now().In(s.cfg.Zone), kpi.Freshness{}, []string{"text"}, true)
	if err != nil {
		s.fail(c, err)
		return
	}
	words := v.Own.Get("text")
	if utf8.RuneCountInString(words) > maxKnownWords || personal(words) {
		s.fail(c, badField("text", "地址里只放几个词，最多 40 个字，不含电话、姓名、单号；整段话请用 POST，放在 JSON 的 text 里"))
		return
	}
	s.answerKnown(c, words)
}

// apiKnownText answers a text in the body.
func (s *Server) apiKnownText(c *gin.Context) {
	if c.ContentType() != gin.MIMEJSON {
		s.fail(c, refusal{status: http.StatusUnsupportedMediaType, title: "不支持的内容类型", detail: "Content-Type 请用 application/json。"})
		return
	}
	var request knownRequest
	decoder := json.NewDecoder(c.Request.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&request); err != nil {
		if much := tooLarge(err); much != nil {
			s.fail(c, much)
			return
		}
		s.fail(c, badField("text", "请求体应为一个 JSON 对象，含 text"))
		return
	}
	s.answerKnown(c, strings.TrimSpace(request.Text))
}

func (s *Server) answerKnown(c *gin.Context, words string) {
	found, err := s.lookUp(c.Request.Context(), words)
	if err != nil {
		s.fail(c, err)
		return
	}
	writeJSON(c, http.StatusOK, found)
}
