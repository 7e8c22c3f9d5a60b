package report

import (
	"errors"

	"wenguo/transform"
	"wenguo/transform/kpi"
)

var errEnough = errors.New("no further row is wanted")

// record is one row a complaint that was registered in the period, read as it is written.
func (w work) record(d *Document) error {
	strip, err := w.Reader.Strip(w.ctx, w.q)
	if err != nil {
		return err
	}
	d.Landscape = true
	table := &Table{
		Columns: []Column{
			count("序号"), narrow("投诉编号").in(InSheet), instant("登记时间"), text("投诉内容").in(OnPaper), text("标题").in(InSheet), text("内容摘要").in(InSheet),
			narrow("渠道"), text("类别"), text("产品").in(InSheet), narrow("优先级"), text("部门"), narrow("经办人"), narrow("状态"),
			instant("结束时间"), hours("处理时长（小时）"), count("超时环节（个）"), count("重开（次）"), count("评分（分）"), text("复发问题"),
		},
		Empty: "统计期内没有登记的投诉",
	}
	var failed error
	n := 0
	table.Err = func() error { return failed }
	table.Rows = func(yield func([]any) bool) {
		n, failed = 0, nil
		f := transform.ComplaintFilter{Query: w.q, Scope: transform.ScopeRegistered}
		err := w.Reader.EachListed(w.ctx, f, func(r transform.ComplaintRow) error {
			n++
			if !yield(w.recorded(n, r)) {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			failed = err
		}
	}
	d.Blocks = []Block{{
		Text:  []string{"统计期内登记 " + grouped(strip.Registered) + " 件，新登记的在前。状态、时长与评分都按截至时刻。"},
		Table: table, Notes: []string{"处理时长：登记到最后一次办结，自然时间；未办结的不计。超时环节：截至时刻已过期限的环节，无论是否已补办。"},
	}}
	return nil
}

func (w work) recorded(n int, r transform.ComplaintRow) []any {
	title, excerpt := plain(r.Title), plain(r.Excerpt)
	what := title
	if what == "" {
		what = excerpt
	}
	var took any
	if r.State == transform.Resolved && !r.EndedAt.Before(r.RegisteredAt) {
		took = r.EndedAt.Sub(r.RegisteredAt).Hours()
	}
	var score any
	if r.Score > 0 {
		score = r.Score
	}
	state := w.Words.State(r.State)
	if r.Paused {
		state = "挂起"
	}
	return []any{
		n, r.ComplaintID, r.RegisteredAt, r.ComplaintID + "\n" + what, title, excerpt,
		w.Words.Value(kpi.Channel, r.Channel), w.Words.Value(kpi.Category, r.Category), r.Product, w.Words.Value(kpi.Priority, r.Priority),
		w.Words.Value(kpi.Department, r.Department), r.Owner, state, r.EndedAt, took, r.Breached, r.Reopened, score, r.IssueName,
	}
}
