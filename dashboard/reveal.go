package dashboard

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"wenguo/dashboard/account"
	"wenguo/transform"
)

// OriginalReader gives what a complaint says of its customer.
type OriginalReader interface {
	// Original is a complaint's text and customer, unmasked; transform.ErrNotFound without one.
	Original(ctx context.Context, id string) (transform.Original, error)
}

// reveal shows one complaint unmasked to somebody who may see it and asked to. It is posted, so that no address, history or
// link shows it again, and stands in the audit log before it is shown.
func (s *Server) reveal(c *gin.Context) {
	if s.deps.Accounts == nil {
		s.fail(c, refusal{
			status: http.StatusForbidden, title: "没有开启账户", detail: "不知道是谁在看，就不能显示原文。", remedy: "用 --accounts 开启账户后登录。",
		})
		return
	}
	f, err := s.begin(c, "投诉", "/complaints", "done", "late")
	if err != nil {
		s.fail(c, err)
		return
	}
	ctx, id := c.Request.Context(), c.Param("id")
	d, err := s.deps.Reader.Complaint(ctx, id, f.View.AsOf)
	var o transform.Original
	if err == nil {
		o, err = s.deps.Reader.Original(ctx, id)
	}
	if err == nil {
		err = s.note(ctx, noteReveal, d.Fact.ID, clipped(c.PostForm("why")))
	}
	if err != nil {
		s.fail(c, err)
		return
	}
	p := newComplaintPage(f, d)
	p.Original = &o
	p.Curate = s.curatingPage(c, f.View, d.IssueID)
	s.render(c, http.StatusOK, "complaint", p)
}

// MayReveal says that the reader may ask for the text unmasked. Without accounts nobody is known who could have asked, so
// nobody may.
func (p complaintPage) MayReveal() bool { return p.Accounts && p.frame.May(string(account.Reveal)) }

// RevealURL is where the reader asks.
func (p complaintPage) RevealURL() string { return p.View.To("/complaints/" + pathEscape(p.ID)) }
