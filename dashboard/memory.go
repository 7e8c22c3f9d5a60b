package dashboard

import (
	"context"
	"time"

	"wenguo/transform"
	"wenguo/transform/issue"
	"wenguo/transform/kpi"
	"wenguo/transform/quality"
)

// memory answers what many pages ask once for all readers of a moment (see moment). Everything else goes to the store.
type memory struct{ Reader }

// wording is a question without its instant, as the key of its answer.
type wording struct {
	Query  kpi.Query  `json:"q"`
	Before kpi.Period `json:"b"`
	More   any        `json:"m"`
}

func of(q kpi.Query, before kpi.Period, more ...any) wording {
	q.AsOf = time.Time{}
	return wording{q, before, more}
}

func at(q kpi.Query, t time.Time) kpi.Query {
	q.AsOf = t
	return q
}

func (m memory) KPIs(ctx context.Context, q kpi.Query, ids ...string) (kpi.Result, error) {
	return shared(ctx, q.AsOf, "kpis", of(q, kpi.Period{}, ids), func(ctx context.Context, t time.Time) (kpi.Result, error) {
		return m.Reader.KPIs(ctx, at(q, t), ids...)
	})
}

func (m memory) KPIsBy(ctx context.Context, q kpi.Query, by kpi.Dimension, ids ...string) (map[string]map[string]kpi.Value, error) {
	return shared(ctx, q.AsOf, "kpis by", of(q, kpi.Period{}, by, ids), func(ctx context.Context, t time.Time) (map[string]map[string]kpi.Value, error) {
		return m.Reader.KPIsBy(ctx, at(q, t), by, ids...)
	})
}

func (m memory) KPIsOf(ctx context.Context, q kpi.Query, periods []kpi.Period, ids ...string) ([]kpi.Result, error) {
	return shared(ctx, q.AsOf, "kpis of", of(q, kpi.Period{}, periods, ids), func(ctx context.Context, t time.Time) ([]kpi.Result, error) {
		return m.Reader.KPIsOf(ctx, at(q, t), periods, ids...)
	})
}

func (m memory) Choices(ctx context.Context, q kpi.Query) (map[kpi.Dimension][]kpi.Choice, error) {
	return shared(ctx, q.AsOf, "choices", of(q, kpi.Period{}), func(ctx context.Context, t time.Time) (map[kpi.Dimension][]kpi.Choice, error) {
		return m.Reader.Choices(ctx, at(q, t))
	})
}

func (m memory) ChoicesWithin(ctx context.Context, q kpi.Query) (map[kpi.Dimension][]kpi.Choice, error) {
	return shared(ctx, q.AsOf, "choices within", of(q, kpi.Period{}), func(ctx context.Context, t time.Time) (map[kpi.Dimension][]kpi.Choice, error) {
		return m.Reader.ChoicesWithin(ctx, at(q, t))
	})
}

func (m memory) Strip(ctx context.Context, q kpi.Query) (kpi.Strip, error) {
	return shared(ctx, q.AsOf, "strip", of(q, kpi.Period{}), func(ctx context.Context, t time.Time) (kpi.Strip, error) {
		return m.Reader.Strip(ctx, at(q, t))
	})
}

func (m memory) Flow(ctx context.Context, q kpi.Query, step kpi.Step) ([]kpi.FlowPoint, error) {
	return shared(ctx, q.AsOf, "flow", of(q, kpi.Period{}, step), func(ctx context.Context, t time.Time) ([]kpi.FlowPoint, error) {
		return m.Reader.Flow(ctx, at(q, t), step)
	})
}

func (m memory) Series(ctx context.Context, q kpi.Query, step kpi.Step, ids ...string) ([]kpi.Series, error) {
	return shared(ctx, q.AsOf, "series", of(q, kpi.Period{}, step, ids), func(ctx context.Context, t time.Time) ([]kpi.Series, error) {
		return m.Reader.Series(ctx, at(q, t), step, ids...)
	})
}

func (m memory) Departments(ctx context.Context, q kpi.Query) ([]kpi.DepartmentRow, error) {
	return shared(ctx, q.AsOf, "departments", of(q, kpi.Period{}), func(ctx context.Context, t time.Time) ([]kpi.DepartmentRow, error) {
		return m.Reader.Departments(ctx, at(q, t))
	})
}

func (m memory) Heat(ctx context.Context, q kpi.Query) ([]kpi.HeatCell, error) {
	return shared(ctx, q.AsOf, "heat", of(q, kpi.Period{}), func(ctx context.Context, t time.Time) ([]kpi.HeatCell, error) {
		return m.Reader.Heat(ctx, at(q, t))
	})
}

func (m memory) Issues(ctx context.Context, q kpi.Query) (issue.List, error) {
	return shared(ctx, q.AsOf, "issues", of(q, kpi.Period{}), func(ctx context.Context, t time.Time) (issue.List, error) {
		return m.Reader.Issues(ctx, at(q, t))
	})
}

func (m memory) Issue(ctx context.Context, id string, q kpi.Query) (issue.Detail, error) {
	return shared(ctx, q.AsOf, "issue", of(q, kpi.Period{}, id), func(ctx context.Context, t time.Time) (issue.Detail, error) {
		return m.Reader.Issue(ctx, id, at(q, t))
	})
}

func (m memory) Survival(ctx context.Context, q kpi.Query) (kpi.Waits, error) {
	return shared(ctx, q.AsOf, "survival", of(q, kpi.Period{}), func(ctx context.Context, t time.Time) (kpi.Waits, error) {
		return m.Reader.Survival(ctx, at(q, t))
	})
}

func (m memory) Voice(ctx context.Context, q kpi.Query, before kpi.Period) (kpi.Voice, error) {
	return shared(ctx, q.AsOf, "voice", of(q, before), func(ctx context.Context, t time.Time) (kpi.Voice, error) {
		return m.Reader.Voice(ctx, at(q, t), before)
	})
}

func (m memory) Coverage(ctx context.Context, q kpi.Query, before kpi.Period) (kpi.Journey, error) {
	return shared(ctx, q.AsOf, "coverage", of(q, before), func(ctx context.Context, t time.Time) (kpi.Journey, error) {
		return m.Reader.Coverage(ctx, at(q, t), before)
	})
}

func (m memory) LowScores(ctx context.Context, q kpi.Query, limit int) ([]transform.LowScore, error) {
	return shared(ctx, q.AsOf, "low scores", of(q, kpi.Period{}, limit), func(ctx context.Context, t time.Time) ([]transform.LowScore, error) {
		return m.Reader.LowScores(ctx, at(q, t), limit)
	})
}

func (m memory) Journey(ctx context.Context, q kpi.Query, before kpi.Period) (kpi.Journey, error) {
	return shared(ctx, q.AsOf, "journey", of(q, before), func(ctx context.Context, t time.Time) (kpi.Journey, error) {
		return m.Reader.Journey(ctx, at(q, t), before)
	})
}

func (m memory) Moves(ctx context.Context, q kpi.Query) ([]kpi.Move, error) {
	return shared(ctx, q.AsOf, "moves", of(q, kpi.Period{}), func(ctx context.Context, t time.Time) ([]kpi.Move, error) {
		return m.Reader.Moves(ctx, at(q, t))
	})
}

func (m memory) Due(ctx context.Context, f transform.DueFilter) (transform.DueBoard, error) {
	key := f
	key.At = time.Time{}
	return shared(ctx, f.At, "due", key, func(ctx context.Context, t time.Time) (transform.DueBoard, error) {
		then := f
		then.At = t
		return m.Reader.Due(ctx, then)
	})
}

func (m memory) Complaints(ctx context.Context, f transform.ComplaintFilter) (transform.ComplaintPage, error) {
	key := f
	key.AsOf = time.Time{}
	return shared(ctx, f.AsOf, "complaints", key, func(ctx context.Context, t time.Time) (transform.ComplaintPage, error) {
		then := f
		then.AsOf = t
		return m.Reader.Complaints(ctx, then)
	})
}

func (m memory) Quality(ctx context.Context, q kpi.Query) (quality.Report, error) {
	return shared(ctx, q.AsOf, "quality", of(q, kpi.Period{}), func(ctx context.Context, t time.Time) (quality.Report, error) {
		return m.Reader.Quality(ctx, at(q, t))
	})
}

func (m memory) Curation(ctx context.Context) (issue.Curation, error) {
	return sharedNow(ctx, "curation", m.Reader.Curation)
}

func (m memory) IssueNames(ctx context.Context) (map[string]issue.Named, error) {
	return sharedNow(ctx, "names", m.Reader.IssueNames)
}
