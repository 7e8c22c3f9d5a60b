package dashboard

import (
	"context"
	"errors"
	"iter"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"wenguo/dashboard/sheet"
	"wenguo/transform"
	"wenguo/transform/issue"
	"wenguo/transform/kpi"
)

// exportPage is how many rows of a list are read at once for a file.
const exportPage = 5000

// errStill ends the reading of a list that does not get on: a file would never end.
var errStill = errors.New("a list goes on and stays where it is")

func complaintTable() *table {
	columns := []sheet.Column{
		textColumn("投诉编号"), instantColumn("登记"), textColumn("标题"), textColumn("摘要"), textColumn("渠道"), textColumn("类别"), textColumn("优先级"),
		textColumn("产品"), textColumn("部门"), textColumn("负责人"), textColumn("状态"), instantColumn("结束"), textColumn("下一环节"), instantColumn("下一期限"),
		countColumn("超时环节（个）"), countColumn("重开（次）"), countColumn("评分（分）"), textColumn("问题编号"), textColumn("复发问题"),
	}
	return streamed("投诉", columns, func(ctx context.Context, s *Server, _ *gin.Context, v view, row func(...any) error) error {
		f, err := s.apiFilter(v)
		if err != nil {
			return err
		}
		return s.deps.Reader.EachListed(ctx, f, func(r transform.ComplaintRow) error {
			state, score := name(complaintStateNames, r.State), any(nil)
			if r.Paused {
				state = "挂起"
			}
			if r.Score > 0 {
				score = r.Score
			}
			return row(
				r.ComplaintID, r.RegisteredAt, r.Title, r.Excerpt, valueIf(kpi.Channel, r.Channel), r.Category, valueIf(kpi.Priority, r.Priority),
				r.Product, r.Department, r.Owner, state, r.EndedAt, name(stageNames, r.NextStage), r.NextDue,
				r.Breached, r.Reopened, score, r.IssueID, r.IssueName,
			)
		})
	})
}

// standingNames are the words for where a clock stands.
var standingNames = map[transform.Standing]string{ //nolint:gochecknoglobals // a constant table
	transform.StandingOverdue: "已超期", transform.StandingAtRisk: "即将到期", transform.StandingOK: "计时中", transform.StandingPaused: "挂起",
}

func dueTable() *table {
	columns := []sheet.Column{
		textColumn("投诉编号"), textColumn("标题"), textColumn("环节"), countColumn("轮次"), textColumn("状态"), instantColumn("开始"), instantColumn("期限"),
		numberColumn("剩余（小时，负数为已超）"), textColumn("暂定"), textColumn("优先级"), textColumn("类别"), textColumn("部门"), textColumn("负责人"), textColumn("协办部门"),
	}
	return streamed("在办时钟", columns, func(ctx context.Context, s *Server, _ *gin.Context, v view, row func(...any) error) error {
		f, err := parseDue(v)
		if err != nil {
			return err
		}
		f.Limit = exportPage
		write := func(c transform.OpenClock) error {
			left, guessed := any(c.Due.Sub(v.AsOf).Hours()), ""
			if c.Standing == transform.StandingPaused {
				left = nil
			}
			if c.Provisional {
				guessed = "是"
			}
			return row(
				c.ComplaintID, c.Title, name(stageNames, c.Stage), c.Round, name(standingNames, c.Standing), c.Started, c.Due, left, guessed,
				valueIf(kpi.Priority, c.Priority), c.Category, c.Department, c.Owner, c.Asked,
			)
		}
		return s.eachClock(ctx, f, write)
	})
}

// eachClock gives all overdue clocks, then all others, each by due instant.
func (s *Server) eachClock(ctx context.Context, f transform.DueFilter, give func(transform.OpenClock) error) error {
	for _, late := range []bool{true, false} {
		for more := true; more; {
			b, err := s.deps.Reader.Due(ctx, f)
			if err != nil {
				return err
			}
			clocks, after := b.Overdue, &f.OverdueAfter
			more = b.MoreOverdue
			if !late {
				clocks, after, more = b.Upcoming, &f.UpcomingAfter, b.MoreUpcoming
			}
			before := *after
			for _, c := range clocks {
				if err := give(c); err != nil {
					return err
				}
				*after = c.Cursor()
			}
			if more && *after == before {
				return errStill
			}
		}
	}
	return nil
}

func issueTable() *table {
	columns := []sheet.Column{
		textColumn("问题编号"), textColumn("名称"), textColumn("状态"), textColumn("关键词"), countColumn("投诉（件）"), countColumn("客户（人）"), countColumn("上期投诉（件）"),
		countColumn("在办（件）"), shareColumn("占本期登记"), countColumn("累计（件）"), instantColumn("首次"), instantColumn("最近"),
		shareColumn("满意率"), countColumn("评价（件）"), numberColumn("满意率差（百分点）"), textColumn("主要部门"),
	}
	return tableOf("复发问题", columns, func(_ view, a issuesAnswer) iter.Seq[[]any] {
		return func(yield func([]any) bool) {
			for _, i := range a.Items {
				if !yield(issueCells(i)) {
					return
				}
			}
		}
	})
}

func issueCells(i issue.Summary) []any {
	return []any{
		i.ID, i.Name, name(issueStateNames, i.State), strings.Join(i.Keywords, " "), i.Complaints, i.Customers, i.Previous, i.Open, i.Share, i.Total,
		i.FirstSeen, i.LastSeen, i.Satisfaction, i.Rated, inUnit(kpi.UnitRate, i.SatisfactionGap), i.Department,
	}
}

func memberTable() *table {
	columns := []sheet.Column{
		textColumn("投诉编号"), instantColumn("登记"), textColumn("标题"), textColumn("正文"), textColumn("共同的词"), shareColumn("占全部词的权重"),
		instantColumn("自动归入"), numberColumn("证据"),
	}
	return streamed("问题的投诉", columns, func(ctx context.Context, s *Server, c *gin.Context, v view, row func(...any) error) error {
		var after transform.Cursor
		for more := true; more; {
			found, next, err := s.deps.Reader.IssueMembers(ctx, c.Param("id"), v.query(), after, exportPage)
			if err != nil {
				return err
			}
			before := after
			for _, m := range found {
				words, evidence := make([]string, len(m.Words)), any(nil)
				for i, w := range m.Words {
					words[i] = w.Word
				}
				if m.AssignedAt != (time.Time{}) {
					evidence = m.Evidence
				}
				if err := row(m.ComplaintID, m.RegisteredAt, m.Title, m.Text, strings.Join(words, " "), m.Shared, m.AssignedAt, evidence); err != nil {
					return err
				}
				after = transform.Cursor{RegisteredAt: m.RegisteredAt, ComplaintID: m.ComplaintID}
			}
			if more = next; more && after == before {
				return errStill
			}
		}
		return nil
	})
}
