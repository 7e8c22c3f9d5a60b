package dashboard

import (
	"context"
	"iter"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"wenguo/dashboard/sheet"
	"wenguo/transform"
	"wenguo/transform/improve"
	"wenguo/transform/issue"
	"wenguo/transform/kpi"
)

// actionItem is an improvement action for programs. Instants are UTC; absent means not said.
type actionItem struct {
	ID             string          `json:"id"`
	State          improve.State   `json:"state"`
	Title          string          `json:"title,omitempty"`
	Issue          string          `json:"issue,omitempty"`
	IssueName      string          `json:"issue_name,omitempty"`
	CauseGroup     string          `json:"cause_group,omitempty"`
	RootCause      string          `json:"root_cause,omitempty"`
	Containment    string          `json:"containment,omitempty"`
	Measure        string          `json:"measure,omitempty"`
	Prevention     string          `json:"prevention,omitempty"`
	ExpectedEffect string          `json:"expected_effect,omitempty"`
	Evidence       string          `json:"evidence,omitempty"`
	Department     string          `json:"department,omitempty"`
	Owner          string          `json:"owner,omitempty"`
	OpenedAt       time.Time       `json:"opened_at"`
	FirstDue       time.Time       `json:"first_due,omitzero"`
	DueAt          time.Time       `json:"due_at,omitzero"`
	Overdue        bool            `json:"overdue"`
	FirstDone      time.Time       `json:"first_done,omitzero"`
	Done           time.Time       `json:"done,omitzero"`
	Verdict        improve.Verdict `json:"verdict,omitempty"`
	VerifiedBy     string          `json:"verified_by,omitempty"`
	VerifiedWhy    string          `json:"verified_why,omitempty"`
	VerifiedAt     time.Time       `json:"verified_at,omitzero"`
	ClosedAt       time.Time       `json:"closed_at,omitzero"`
	ClosedWhy      string          `json:"closed_why,omitempty"`
	Reopened       int             `json:"reopened"`
	ReopenedAt     time.Time       `json:"reopened_at,omitzero"`
	ReopenedWhy    string          `json:"reopened_why,omitempty"`
}

func newActionItem(v view, a improve.Action, names map[string]issue.Named) actionItem {
	return actionItem{
		ID: a.ID, State: a.State, Title: a.Title, Issue: a.Issue, IssueName: names[a.Issue].Name, CauseGroup: a.CauseGroup, RootCause: a.RootCause,
		Containment: a.Containment, Measure: a.Measure, Prevention: a.Prevention, ExpectedEffect: a.ExpectedEffect, Evidence: a.Evidence,
		Department: a.Department, Owner: a.Owner, OpenedAt: a.OpenedAt, FirstDue: a.FirstDue, DueAt: a.DueAt, Overdue: a.Overdue(v.AsOf),
		FirstDone: a.FirstDone, Done: a.Done, Verdict: a.Verdict, VerifiedBy: a.VerifiedBy, VerifiedWhy: a.VerifiedWhy, VerifiedAt: a.VerifiedAt,
		ClosedAt: a.ClosedAt, ClosedWhy: a.ClosedWhy, Reopened: a.Reopened, ReopenedAt: a.ReopenedAt, ReopenedWhy: a.ReopenedWhy,
	}
}

// actionStep is one decision of an action.
type actionStep struct {
	EventID    string            `json:"event_id"`
	Kind       string            `json:"kind"`
	OccurredAt time.Time         `json:"occurred_at"`
	By         string            `json:"by,omitempty"`
	Department string            `json:"department,omitempty"`
	UndoneBy   string            `json:"undone_by,omitempty"`
	Says       map[string]string `json:"says"`
}

// actionAnswer is one action with its steps, in the order they count. Revision is the newest decision of all, what to send
// as data.seen.
type actionAnswer struct {
	actionItem

	AsOf     time.Time    `json:"as_of"`
	Steps    []actionStep `json:"steps"`
	Revision string       `json:"revision"`
}

func (s *Server) apiActions(c *gin.Context) {
	answer(s, c, []string{ownState, ownOverdue, ownPart}, func(ctx context.Context, v view) (envelope, error) {
		f, err := parseActions(v)
		if err != nil {
			return envelope{}, err
		}
		all, err := s.actionsOf(ctx, v, f)
		if err != nil {
			return envelope{}, err
		}
		names, err := s.deps.Reader.IssueNames(ctx)
		if err != nil {
			return envelope{}, err
		}
		var items []actionItem
		for _, a := range f.apply(v, all) {
			items = append(items, newActionItem(v, a, names))
		}
		e := v.envelope(items)
		e.Total = new(int64(len(items)))
		return e, nil
	})
}

func (s *Server) apiAction(c *gin.Context) {
	answer(s, c, nil, func(ctx context.Context, v view) (actionAnswer, error) {
		all, err := s.actionsOf(ctx, v, actionFilter{})
		if err != nil {
			return actionAnswer{}, err
		}
		i := slices.IndexFunc(all, func(a improve.Action) bool { return a.ID == c.Param("id") })
		if i < 0 {
			return actionAnswer{}, transform.ErrNotFound
		}
		names, err := s.deps.Reader.IssueNames(ctx)
		if err != nil {
			return actionAnswer{}, err
		}
		k, err := s.curation(ctx)
		if err != nil {
			return actionAnswer{}, err
		}
		out := actionAnswer{actionItem: newActionItem(v, all[i], names), AsOf: v.AsOf, Steps: []actionStep{}, Revision: k.Head()}
		for _, step := range all[i].Steps {
			out.Steps = append(out.Steps, actionStep{step.ID, string(step.Kind), step.At, step.By, step.Department, step.UndoneBy, step.Says})
		}
		return out, nil
	})
}

func actionTable() *table {
	columns := []sheet.Column{
		textColumn("整改编号"), textColumn("整改事项"), textColumn("状态"), textColumn("问题编号"), textColumn("复发问题"), textColumn("原因分类"), textColumn("根本原因"),
		textColumn("临时措施"), textColumn("纠正措施"), textColumn("预防措施"), textColumn("预期效果"), textColumn("佐证"), textColumn("责任部门"), textColumn("责任人"),
		instantColumn("登记"), instantColumn("原定期限"), instantColumn("期限"), textColumn("已逾期"), instantColumn("首次完成"), instantColumn("完成"),
		textColumn("验证结论"), textColumn("验证人"), textColumn("验证理由"), instantColumn("验证"), instantColumn("关闭"), countColumn("重启（次）"), textColumn("重启理由"),
	}
	return tableOf("整改", columns, func(_ view, e envelope) iter.Seq[[]any] {
		return func(yield func([]any) bool) {
			items, _ := e.Items.([]actionItem)
			for _, a := range items {
				late := ""
				if a.Overdue {
					late = "是"
				}
				if !yield([]any{
					a.ID, firstOf(a.Title, a.IssueName), actionStateNames[a.State], a.Issue, a.IssueName, valueIf(kpi.CauseGroup, a.CauseGroup), a.RootCause,
					a.Containment, a.Measure, a.Prevention, a.ExpectedEffect, a.Evidence, a.Department, a.Owner,
					a.OpenedAt, a.FirstDue, a.DueAt, late, a.FirstDone, a.Done,
					verdictNames[a.Verdict], a.VerifiedBy, a.VerifiedWhy, a.VerifiedAt, a.ClosedAt, a.Reopened, a.ReopenedWhy,
				}) {
					return
				}
			}
		}
	})
}

// ActionFiles are the files of the actions that a page shows.
func (v view) ActionFiles() fileLinks {
	return v.ListFiles("actions", "整改", ownState, ownOverdue, ownPart)
}
