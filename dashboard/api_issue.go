package dashboard

import (
	"context"
	"strconv"

	"github.com/gin-gonic/gin"

	"wenguo/transform"
	"wenguo/transform/issue"
)

func (s *Server) apiIssueLineage(c *gin.Context) {
	answer(s, c, nil, func(ctx context.Context, _ view) (issue.Lineage, error) {
		l, err := s.deps.Reader.IssueLineage(ctx, c.Param("id"))
		l.MergedFrom, l.SplitFrom, l.SplitInto, l.Changes = list(l.MergedFrom), list(l.SplitFrom), list(l.SplitInto), list(l.Changes)
		return l, err
	})
}

// Members of one answer.
const (
	memberRows    = 50
	maxMemberRows = maxPageRows
)

func (s *Server) apiIssueMembers(c *gin.Context) {
	answer(s, c, []string{"after", "limit"}, func(ctx context.Context, v view) (envelope, error) {
		var after transform.Cursor
		if text := v.Own.Get("after"); text != "" {
			var ok bool
			if after, ok = decodeCursor(text); !ok {
				return envelope{}, badField("after", "无法识别，请从上一页的 next 取得")
			}
		}
		limit := memberRows
		if text := v.Own.Get("limit"); text != "" {
			var err error
			if limit, err = strconv.Atoi(text); err != nil || limit < 1 || limit > maxMemberRows {
				return envelope{}, badField("limit", "可用 1 到 200")
			}
		}
		found, more, err := s.deps.Reader.IssueMembers(ctx, c.Param("id"), v.query(), after, limit)
		for i := range found {
			found[i].Words = list(found[i].Words)
		}
		e := v.envelope(found)
		if more {
			last := found[len(found)-1]
			e.Next = encodeCursor(transform.Cursor{RegisteredAt: last.RegisteredAt, ComplaintID: last.ComplaintID})
		}
		return e, err
	})
}

func (s *Server) apiWhy(c *gin.Context) {
	answer(s, c, nil, func(ctx context.Context, v view) (issue.Reason, error) {
		r, err := s.deps.Reader.Why(ctx, c.Param("id"), v.AsOf)
		r.Words = list(r.Words)
		return r, err
	})
}
